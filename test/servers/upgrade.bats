#!/usr/bin/env bats
# From one release of PostgreSQL to another: what $OLD has loaded goes on in $NEW. The statements of logical replication are those of
# doc/upgrade.md.

bats_require_minimum_version 1.5.0
load support

setup_file() {
	make_servers_folder
	server start old "$OLD" wal_level=logical
	server start new "$NEW"
	make_exports "$OLD"
	on old createdb facts
	on old load_first
	on old published_columns >columns
	on old published columns >before
	on old createdb --template=facts reference
	PGDATABASE=reference on old load_next
	PGDATABASE=reference on old published columns >after
	run cmp -s before after
	equals "$status" 1
	# For test/servers/restore.bats.
	mkdir -p "$ARCHIVE"
	on old pg_dump --format=custom --file="$ARCHIVE/archive" facts
	cp columns before after next.csv "$ARCHIVE"
	echo "# PostgreSQL $(on old sql 'SHOW server_version') to $(PGDATABASE=postgres on new sql 'SHOW server_version')" >&3
}

teardown_file() {
	server stop old "$OLD"
	server stop new "$NEW"
	rm -rf "$SERVERS"
}

# The N-th statement block of doc/upgrade.md that begins so, of the old or the new server: statements new 2
statements() {
	awk -v server="-- on the $1 server" -v wanted="$2" '
		/^```/ { inside = 0 }
		inside && found == wanted { print }
		$0 == server { inside = 1; found++ }' "$CHECKOUTS/$NEW/doc/upgrade.md"
}

run_statements() {
	statements "$1" "$2" | sed "s/host=[^']*/host=${SERVERS//\//\\/}\/old port=5439 dbname=$PGDATABASE user=postgres/" >statements.sql
	[ -s statements.sql ]
	on "$1" psql -XqAt -v ON_ERROR_STOP=1 -f statements.sql
}

# Until the new server has applied what the old one has written.
caught_up() {
	local end
	end=$(on old sql 'SELECT pg_current_wal_lsn()')
	on old wait_for "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical' AND confirmed_flush_lsn >= '$end'" 1
}

@test "logical replication: the first refresh has every view, and later ones follow what the marks name" {
	export PGDATABASE=replicated
	on old createdb --template=facts replicated
	on new createdb replicated
	on new ttr-load --init
	run_statements old 1
	run_statements new 1
	on new wait_for "SELECT count(*) FILTER (WHERE srsubstate = 'r') = 14 AND count(*) = 14 FROM pg_subscription_rel" t
	run_statements new 2
	on new shows before

	on old load_next
	caught_up
	# Some days are marked, not everything.
	equals "$(on new sql 'SELECT days_marked BETWEEN 1 AND 4, is_fresh FROM ttr.freshness')" 't|f'
	equals "$(on new sql 'SELECT ttr_data.is_everything_marked()')" f
	on new ttr-load --refresh
	on new shows after
}

@test "logical replication: settings, policies, names, forgotten customers and removed facts follow too" {
	export PGDATABASE=replicated
	on old sql "UPDATE ttr_data.setting SET target_seconds = 3600;
	            UPDATE ttr_data.calendar SET weekly = 'mon-sat 08:00-18:00';
	            DELETE FROM ttr_data.sla_policy;
	            INSERT INTO ttr_data.sla_policy (name, target_seconds) VALUES ('all', 7200);
	            UPDATE ttr_data.teammate SET email = NULL, name = 'Lee', name_version = now();
	            DELETE FROM ttr_data.conversation WHERE conversation_id = 'new';
	            SELECT ttr.forget((SELECT min(user_id) FROM ttr_data.conversation))"
	on old ttr-load --refresh
	on old published columns >changed
	caught_up
	on new ttr-load --refresh
	on new shows changed
	equals "$(on new sql 'SELECT count(*) FROM ttr_data.forgotten_user')" 1
}

@test "logical replication: after the move the next load on the new server goes on as on the old one" {
	export PGDATABASE=replicated
	run_statements new 3
	export_csv later.csv '7,u,2025-07-02T08:00:00Z,2025-07-02T10:00:00Z,closed,ann@example.com'
	on old ttr-load --quiet --exported-at=2025-07-04T00:00:00Z later.csv
	on old published columns >later
	on new ttr-load --quiet --exported-at=2025-07-04T00:00:00Z later.csv
	on new shows later
	on new dropdb replicated
	on old dropdb replicated
}

# Last: a server that was upgraded is not the one before.
@test "pg_upgrade: every view is as before, without a refresh, after one, and after the next load" {
	server stop old "$OLD"
	server stop new "$NEW"
	rm -rf "$SERVERS/new/data"
	as_postgres "$SERVERS/new/bin/initdb" --pgdata="$SERVERS/new/data" --username=postgres --auth=trust --encoding=UTF8 \
		--locale=C.UTF-8 >initdb.log
	cp -p "$SERVERS/old/data/postgresql.conf" "$SERVERS/new/data/postgresql.conf"
	sed -i "s|$SERVERS/old|$SERVERS/new|" "$SERVERS/new/data/postgresql.conf"
	as_postgres "$SERVERS/new/bin/pg_upgrade" --old-bindir="$SERVERS/old/bin" --new-bindir="$SERVERS/new/bin" \
		--old-datadir="$SERVERS/old/data" --new-datadir="$SERVERS/new/data" --username=postgres --socketdir=/tmp >pg_upgrade.log ||
		{ cat pg_upgrade.log; return 1; }
	server restart new "$NEW"
	server restart old "$OLD"
	equals "$(on new sql 'SHOW server_version_num' | cut -c 1-2)" "$NEW"
	on new shows before
	on new ttr-load --refresh
	on new shows before
	on new load_next
	on new shows after
}

as_postgres() {
	(cd "$SERVERS/new" && setpriv --reuid=postgres --regid="$(id -g postgres)" --init-groups -- "$@")
}
