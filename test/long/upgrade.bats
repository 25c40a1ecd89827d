#!/usr/bin/env bats
# From one release to the next, with a database that is in use: new files, ALTER EXTENSION ttr UPDATE by the database's owner, the next
# load. Every view stays as it was.
#
# The previous release is the newest tag, and the next one this checkout. While this checkout has the version of the tag, or nothing is
# released, this checkout is the previous one, and the next one a copy with another version and a script more of each kind.

bats_require_minimum_version 1.5.0
load ../loader/support

# Descriptor 3 is how bats hears its tests: a server that inherits it keeps bats waiting for ever.
setup_file() {
	# The server of all tests, whose pg_config knows no headers.
	build_path=${PATH/"$CLUSTER/local/bin:$CLUSTER/bin:"/}
	CLUSTER=$(mktemp -d /tmp/ttr-upgrade.XXXXXX)
	export CLUSTER PGHOST=$CLUSTER
	cd "$BATS_FILE_TMPDIR"
	find_releases
	PATH=$build_path make -s -C "$previous" all
	"$previous/test/cluster" start "$CLUSTER" 3>&-
	cp "$CLUSTER/local/bin/ttr-load" previous-load
	PATH=$build_path make -s -C "$next" all
	cp "$next/build/ttr-load" next-load
	make_exports

	psql -Xq -d postgres -c 'CREATE ROLE owner LOGIN CREATEROLE' -c 'CREATE ROLE metabase LOGIN'
	createdb --owner=owner loaded
	export PGDATABASE=loaded PGUSER=owner
	load_first ./previous-load
	published_columns >columns
	published columns >before
	every_view_has_rows
	ledger >before.ledger

	./next-load --exported-at=2025-07-02T00:00:00Z next.csv >output 2>without_files && code=0 || code=$?
	echo "$code" >>without_files
	published columns | cmp - before
	PATH=$build_path make -s -C "$next" install PG_CONFIG="$CLUSTER/bin/pg_config" PREFIX="$CLUSTER/local" >install.log
	# What the next release alone makes of the same exports, one after the other.
	PGUSER=postgres createdb --owner=owner fresh
	PGDATABASE=fresh load_first ./next-load
	PGDATABASE=fresh ./next-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
	PGDATABASE=fresh published columns >after
}

teardown_file() {
	"$CHECKOUT/test/cluster" stop "$CLUSTER"
	rm -rf "$CLUSTER"
}

# Each test upgrades a copy of its own.
setup() {
	cd "$BATS_FILE_TMPDIR"
	export PGDATABASE="upgrade_$BATS_TEST_NUMBER"
	PGUSER=postgres createdb --owner=owner --template=loaded "$PGDATABASE"
}

teardown() {
	:
}

version_of() {
	sed -n "s/^default_version = '\(.*\)'/\1/p" "$1/ttr.control"
}

find_releases() {
	local tag
	tag=$(git -C "$CHECKOUT" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || tag=
	if [ -n "$tag" ] && [ "$tag" != "v$(version_of "$CHECKOUT")" ]; then
		previous=$PWD/previous next=$CHECKOUT
		git -c advice.detachedHead=false clone --quiet --branch "$tag" "$CHECKOUT" "$previous"
	else
		previous=$CHECKOUT next=$PWD/next
		make_next
	fi
	echo "# from $(version_of "$previous")${tag:+, tagged,} to $(version_of "$next")" >&3
}

# A function of C in the extension: only a superuser may create one, but the extension is trusted. In the schema what uses the function.
make_next() {
	local from to script
	from=$(version_of "$previous")
	to=$(awk -F . '{ print $1 "." $2 + 1 "." 0 }' <<<"$from")
	mkdir "$next"
	(cd "$previous" && git ls-files -z | xargs -0 cp --parents --target-directory="$next")
	sed -i "s/^default_version = .*/default_version = '$to'/" "$next/ttr.control"
	cat >"$next/sql/ttr--$from--$to.sql" <<-'SQL'
		CREATE FUNCTION seconds_between(from_at timestamptz, to_at timestamptz) RETURNS double precision
		  AS 'MODULE_PATHNAME', 'ttr_elapsed_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
		COMMENT ON FUNCTION seconds_between(timestamptz, timestamptz) IS 'Seconds from one instant to a later one.';
	SQL
	script=$(cd "$previous/sql/schema" && ls | tail -n 1)
	cat >"$next/sql/schema/$(printf '%03d' $((10#${script%%_*} + 1)))_waits.sql" <<-'SQL'
		ALTER TABLE ttr_data.setting ADD COLUMN patience interval NOT NULL DEFAULT '1 day';
		COMMENT ON COLUMN ttr_data.setting.patience IS 'How long a customer waits gladly.';
		CREATE VIEW ttr.waits AS
		SELECT conversation_id, ttr.seconds_between(started_at, resolved_at) AS seconds FROM ttr_data.conversation;
		COMMENT ON VIEW ttr.waits IS 'How long each customer waited.';
		COMMENT ON COLUMN ttr.waits.seconds IS 'Seconds from the start to the close.';
	SQL
}

# The sample, a timeline, and one that breaks off: of the next export one conversation is new, and one is closed meanwhile.
make_exports() {
	cp "$CHECKOUT/test/data/may-2025.csv" "$CHECKOUT/test/data/intercom/conversation.json" .
	export_csv next.csv 'new,u,2025-06-30T08:00:00Z,2025-07-01T10:00:00Z,closed,ann@example.com' \
		"$(awk -F , '/,open,/ { print $1; exit }' may-2025.csv),u,2025-05-31T08:00:00Z,2025-07-01T11:00:00Z,closed,ann@example.com"
}

load_first() {
	"$1" --quiet --exported-at=2025-07-01T00:00:00Z may-2025.csv conversation.json
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
	     UPDATE ttr_data.setting SET calendar = 'office', target_seconds = 14400, reporting_time_zone = 'Europe/Berlin';
	     INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('vip', '{vip}', 3600, 'office');
	     SELECT ttr.grant_read('metabase')"
	"$1" --refresh
}

every_view_has_rows() {
	local view
	for view in $(cut -d '|' -f 1 columns); do
		grep -q "^$view|" before || { echo "nothing to compare in $view"; return 1; }
	done
}

# Whatever columns a later release adds.
ledger() {
	sql 'SELECT load_id, started_at, finished_at, loaded_by, loader_version, exported_at, files, read, inserted, total_closed, p95_hours
	     FROM ttr.load_history WHERE load_id = 1'
}

update_extension() {
	equals "$(sql 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')" f
	sql 'ALTER EXTENSION ttr UPDATE'
}

upgrade() {
	update_extension
	./next-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
}

# The version of the extension and the number of the newest schema script.
versions() {
	sql 'SELECT extension_version, schema_version FROM ttr.freshness'
}

@test "the next program finds neither its extension nor its files: it says where to install them, and changes nothing" {
	contains "$(<without_files)" "the extension ttr in \"loaded\" has version "
	contains "$(<without_files)" 'Run there, in ttr'"'"'s source: make install. Then the owner of the extension runs: ALTER EXTENSION ttr UPDATE'
	equals "$(tail -n 1 without_files)" 1
}

@test "new files alone: every view is as before, and the previous program goes on loading" {
	published columns | diff before -
	./previous-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
	published columns | diff after -
}

@test "the next program refuses the extension of before, with the statement that updates it" {
	before=$(versions)
	run --separate-stderr ./next-load next.csv
	equals "$status" 1
	contains "$stderr" 'The owner of the extension runs: ALTER EXTENSION ttr UPDATE'
	equals "$(versions)" "$before"
	published columns | diff before -
}

@test "the extension alone is new: every view is as before, and the previous program goes on loading" {
	update_extension
	published columns | diff before -
	sql 'SELECT ttr.refresh()'
	published columns | diff before -
	./previous-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
	published columns | diff after -
}

@test "updated by the database's owner: the next program applies its scripts, and every view and the ledger are as before" {
	update_extension
	./next-load --init
	published columns | diff before -
	ledger | diff before.ledger -
	./next-load --refresh
	published columns | diff before -
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
	./next-load --quiet --exported-at=2025-07-01T00:00:00Z may-2025.csv conversation.json
	published columns | diff before -
}

@test "the next load of an upgraded database makes of it what the next release alone would have made" {
	upgrade
	published columns | diff after -
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
	equals "$(versions)" "$(PGDATABASE=fresh versions)"
}

@test "an upgraded database has the same objects, rights and comments as a new one" {
	upgrade
	PGUSER=postgres pg_dump --schema-only "$PGDATABASE" | grep -v '^\\' >upgraded.sql
	PGUSER=postgres pg_dump --schema-only fresh | grep -v '^\\' | diff - upgraded.sql
	sql '\dx+ ttr' >upgraded.objects
	PGDATABASE=fresh sql '\dx+ ttr' | diff - upgraded.objects
}

@test "a load that fails leaves the schema as it was" {
	update_extension
	before=$(versions)
	printf '%s\n' nonsense >bad.csv
	run --separate-stderr ./next-load bad.csv
	equals "$status" 1
	export_csv bad.csv 'x,u,yesterday,,open,'
	run --separate-stderr ./next-load --max-rejects=0 bad.csv
	equals "$status" 3
	equals "$(versions)" "$before"
	published columns | diff before -
}

@test "the previous program refuses the next schema, and changes nothing" {
	upgrade
	newest=$(sql 'SELECT max(version) FROM ttr_data.schema_version')
	[ "$newest" -gt "$(psql -XqAt -d loaded -c 'SELECT max(version) FROM ttr_data.schema_version')" ] || return 0
	for arguments in may-2025.csv --init --refresh; do
		run --separate-stderr ./previous-load $arguments
		equals "$status" 1
		contains "$stderr" "the schema in \"$PGDATABASE\" has version $newest, and this ttr-load knows versions up to "
		contains "$stderr" 'Install the ttr-load that belongs to the newer schema.'
	done
	published columns | diff after -
}

@test "a reader reads every view of the next release, without another grant" {
	upgrade
	for view in $(sql "SELECT viewname FROM pg_views WHERE schemaname = 'ttr'"); do
		psql -XqAt -v ON_ERROR_STOP=1 -U metabase -c "SELECT count(*) FROM ttr.$view" >/dev/null
	done
}
