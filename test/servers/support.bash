# What the tests of several servers share. $CHECKOUTS/MAJOR is a checkout of ttr for that release of PostgreSQL (test/upgrade_server).

load ../loader/support

teardown() {
	:
}

# server COMMAND NAME MAJOR [SETTING=VALUE]...: as test/cluster, in the folder of that name.
server() {
	local command=$1 name=$2 major=$3
	shift 3
	# Descriptor 3 is how bats hears its tests.
	PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config \
		"$CHECKOUTS/$major/test/cluster" "$command" "$SERVERS/$name" "$@" 3>&-
}

# on SERVER COMMAND...: with the programs of that server.
on() {
	local server=$1
	shift
	PGHOST=$SERVERS/$server PATH="$SERVERS/$server/local/bin:$SERVERS/$server/bin:$PATH" "$@"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

make_servers_folder() {
	SERVERS=$(mktemp -d /tmp/ttr-servers.XXXXXX)
	chmod 755 "$SERVERS"
	export SERVERS PGPORT=5439 PGUSER=postgres PGDATABASE=facts
	cd "$BATS_FILE_TMPDIR"
}

# What is loaded before the upgrade, and what is loaded after it.
make_exports() {
	cp "$CHECKOUTS/$1/test/data/may-2025.csv" "$CHECKOUTS/$1/test/data/intercom/conversation.json" .
	export_csv next.csv 'new,u,2025-06-30T08:00:00Z,2025-07-01T10:00:00Z,closed,ann@example.com' \
		"$(awk -F , '/,open,/ { print $1; exit }' may-2025.csv),u,2025-05-31T08:00:00Z,2025-07-01T11:00:00Z,closed,ann@example.com"
}

load_first() {
	ttr-load --quiet --exported-at=2025-07-01T00:00:00Z may-2025.csv conversation.json
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
	     UPDATE ttr_data.setting SET calendar = 'office', target_seconds = 14400, reporting_time_zone = 'Europe/Berlin';
	     INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('vip', '{vip}', 3600, 'office')"
	ttr-load --refresh
}

load_next() {
	ttr-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
}

# Every view as the file has it, and as it follows from the facts.
shows() {
	published columns | diff "$1" -
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
}
