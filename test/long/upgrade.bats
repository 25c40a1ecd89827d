#!/usr/bin/env bats
# From one release of ttr to the next, in one database and with one server: the files first, then the extension, then the schema, and
# everything goes on meanwhile, as doc/upgrade.md says.
#
# The earlier release is the newest tag. Where this version has no release before it, the next one is made of it, with what a release
# may bring: a function, and a column with a view of it.

bats_require_minimum_version 1.5.0
load ../servers/support

version_of() {
	sed -n "s/^default_version = '\(.*\)'/\1/p" "$CHECKOUTS/$1/ttr.control"
}

# checkout NAME [TAG]: this one as it stands, or as it was.
checkout() {
	mkdir "$CHECKOUTS/$1"
	if [ -n "${2:-}" ]; then
		git -C "$CHECKOUT" archive "$2"
	else
		git -C "$CHECKOUT" ls-files -z | tar -C "$CHECKOUT" --null -T - -c
	fi | tar -C "$CHECKOUTS/$1" -x
}

make_a_next_release() {
	local version number
	version=$(version_of earlier)
	number=$(ls "$CHECKOUTS/next/sql/schema" | tail -n 1 | cut -c 1-3)
	number=$(printf %03d $((10#$number + 1)))
	cd "$CHECKOUTS/next"
	sed -i "s/^default_version = .*/default_version = '99.0.0'/" ttr.control
	cat >"sql/ttr--$version--99.0.0.sql" <<-'SQL'
		CREATE FUNCTION ttr.hours(seconds double precision) RETURNS double precision
		LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN seconds / 3600;
	SQL
	cat >"sql/schema/${number}_hours.sql" <<-'SQL'
		ALTER TABLE ttr_data.conversation ADD COLUMN remark text;
		CREATE VIEW ttr_data.hours_of_closed AS SELECT ttr.hours(total_closed) AS hours FROM ttr.overall;
	SQL
	cd "$BATS_FILE_TMPDIR"
}

# As somebody would who has neither the settings of the make that runs the tests nor the programs of the server that they run on.
outside() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u EXTVERSION -u FIRSTVERSION -u PG_MAJOR \
		PATH="${PATH/"$CLUSTER/local/bin:$CLUSTER/bin:"/}" "$@"
}

# A release's programs and files take the place of those before.
install_release() {
	{
		outside make -s -C "$CHECKOUTS/$1" all &&
			outside make -s -C "$CHECKOUTS/$1" install PG_CONFIG="$(readlink -f "$SERVERS/server/bin")/pg_config" PREFIX="$SERVERS/$1"
	} >"$1.log" 2>&1 || { cat "$1.log"; return 1; }
}

# with RELEASE COMMAND...: its ttr-load.
with() {
	local release=$1
	shift
	PATH="$SERVERS/$release/bin:$PATH" "$@"
}

setup_file() {
	make_servers_folder
	export CHECKOUTS=$BATS_FILE_TMPDIR PGHOST=$SERVERS/server tag
	tag=$(git -C "$CHECKOUT" describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || tag=
	checkout earlier "$tag"
	checkout next
	[ "$(version_of next)" != "$(version_of earlier)" ] || make_a_next_release
	outside "$CHECKOUTS/earlier/test/cluster" start "$PGHOST" 3>&-
	install_release earlier
	make_exports earlier
	createdb facts
	with earlier load_first
	published_columns >columns
	published columns >before
	createdb --template=facts reference
	PGDATABASE=reference with earlier load_next
	PGDATABASE=reference published columns >after
	run cmp -s before after
	equals "$status" 1
	for database in without_update failing stranger; do
		createdb --template=facts "$database"
	done
	install_release next
	echo "# ttr $(version_of earlier) to $(version_of next)" >&3
}

teardown_file() {
	"$CHECKOUTS/earlier/test/cluster" stop "$PGHOST"
	rm -rf "$SERVERS"
}

# In the database that the test names.
versions() {
	sql 'SELECT extension_version FROM ttr.freshness'
	sql 'SELECT max(version) FROM ttr_data.schema_version'
}

@test "the new files under the old extension: figures stand, the old program goes on, the new one says what to do" {
	export PGDATABASE=without_update
	shows before
	run --separate-stderr with next ttr-load next.csv
	equals "$status" 1
	contains "$stderr" "has version $(version_of earlier), and this ttr-load needs $(version_of next) or newer"
	contains "$stderr" 'The owner of the extension runs: ALTER EXTENSION ttr UPDATE'
	shows before
	with earlier load_next
	shows after
}

@test "the new extension under the old schema: figures stand, and the old program goes on" {
	export PGDATABASE=without_update
	sql 'ALTER EXTENSION ttr UPDATE'
	shows after
	with earlier ttr-load --quiet --exported-at=2025-07-02T00:00:00Z next.csv
	with earlier ttr-load --refresh
	shows after
}

@test "a load that fails leaves the old schema" {
	export PGDATABASE=failing
	sql 'ALTER EXTENSION ttr UPDATE'
	before=$(versions)
	{ cat next.csv; echo 'nonsense'; } >bad.csv
	run --separate-stderr with next ttr-load --max-rejects=0 --exported-at=2025-07-02T00:00:00Z bad.csv
	equals "$status" 3
	equals "$(versions)" "$before"
	shows before
}

@test "the next load upgrades the schema in its transaction, and its figures are those of the old program" {
	sql 'ALTER EXTENSION ttr UPDATE'
	shows before
	with next load_next
	shows after
	equals "$(sql 'SELECT extension_version FROM ttr.freshness')" "$(version_of next)"
	run --separate-stderr with earlier ttr-load next.csv
	[ "$status" -eq 1 ] || [ "$(ls "$CHECKOUTS/earlier/sql/schema" | tail -n 1)" == "$(ls "$CHECKOUTS/next/sql/schema" | tail -n 1)" ]
}

# What an installation consists of: each object of the extension, each relation's columns, each function.
anatomy() {
	{
		sql "SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
		     WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'ttr')"
		sql "SELECT c.oid::regclass, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_class AS c, pg_attribute AS a
		     WHERE c.relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
		sql "SELECT oid::regprocedure, md5(prosrc), proconfig, prosecdef, proacl FROM pg_proc
		     WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace)"
	} | LC_ALL=C sort
}

@test "an upgraded database is what a new one is" {
	PGDATABASE=facts anatomy >upgraded
	createdb fresh
	PGDATABASE=fresh with next load_first
	PGDATABASE=fresh with next load_next
	PGDATABASE=fresh anatomy >fresh
	diff upgraded fresh
	PGDATABASE=fresh published columns | diff after -
}
