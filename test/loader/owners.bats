#!/usr/bin/env bats
# Whose schemas are trusted: who may CREATE in a database cannot prepare what a superuser then runs.

bats_require_minimum_version 1.5.0
load support

# A login of this test's own, which may create what it likes in the database.
setup() {
	PGDATABASE="loader_owners_$BATS_TEST_NUMBER"
	export PGDATABASE
	createdb
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	mallory="${PGDATABASE}_mallory"
	sql "CREATE ROLE $mallory LOGIN; GRANT CREATE ON DATABASE $PGDATABASE TO $mallory"
	one_row a.csv
}

teardown() {
	dropdb --force "$PGDATABASE"
	dropuser "$mallory"
}

as_mallory() {
	psql -XqAt -v ON_ERROR_STOP=1 -U "$mallory" -c "$1"
}

# Code of mallory's that leaves a trace of whoever runs it.
prepare_trap() {
	as_mallory "CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO PUBLIC;
	            CREATE TABLE trap.caught (who text); GRANT INSERT ON trap.caught TO PUBLIC;
	            CREATE FUNCTION trap.spring() RETURNS integer LANGUAGE plpgsql AS
	              \$\$BEGIN INSERT INTO trap.caught VALUES (current_user); RETURN 18; END\$\$"
}

nobody_is_caught() {
	equals "$(sql 'SELECT count(*) FROM trap.caught')" 0
}

@test "a view schema_version that calls a function of an attacker's is not read by a superuser" {
	prepare_trap
	as_mallory "CREATE SCHEMA ttr_data; GRANT USAGE ON SCHEMA ttr_data TO PUBLIC;
	            CREATE VIEW ttr_data.schema_version AS SELECT trap.spring() AS version; GRANT SELECT ON ttr_data.schema_version TO PUBLIC"
	sql 'SELECT * FROM ttr_data.schema_version; DELETE FROM trap.caught' >/dev/null # it would have worked
	for options in --init a.csv --refresh '--follow -'; do
		run --separate-stderr ttr-load $options <<<'{"conversation_id":"2","started_at":"2025-05-01T08:00:00Z","state":"open"}'
		equals "$options: $status" "$options: 3"
		contains "$stderr" "the schema ttr_data belongs to the role $mallory"
		contains "$stderr" "If not, look what is in it, and then: DROP SCHEMA ttr_data CASCADE"
	done
	ttr-load --print-sql >schema.sql
	run psql -Xq -v ON_ERROR_STOP=1 -f schema.sql
	contains "$output" "the schema ttr_data belongs to the role $mallory"
	nobody_is_caught
	sql 'DROP SCHEMA ttr_data CASCADE'
	run_load a.csv
	equals "$status" 0
}

@test "a schema ttr with an overload of ours, and an extension that an attacker made, are refused" {
	prepare_trap
	as_mallory 'CREATE SCHEMA ttr'
	run --separate-stderr ttr-load --init
	equals "$status" 3
	contains "$stderr" "the schema ttr belongs to the role $mallory"
	as_mallory 'DROP SCHEMA ttr; CREATE EXTENSION ttr' # which is trusted: whoever may CREATE makes it
	run --separate-stderr ttr-load --init
	equals "$status" 3
	contains "$stderr" "the schema ttr belongs to the role $mallory"
	sql 'ALTER SCHEMA ttr OWNER TO postgres'
	run --separate-stderr ttr-load --init
	equals "$status" 3
	contains "$stderr" "the extension ttr belongs to the role $mallory"
	contains "$stderr" 'DROP EXTENSION ttr CASCADE'
	nobody_is_caught
}

@test "an object of any kind that somebody else put into a schema of ours is refused before it is called" {
	ttr-load --init
	prepare_trap
	sql "GRANT CREATE, USAGE ON SCHEMA ttr, ttr_data TO $mallory; GRANT SELECT ON ttr_data.setting TO $mallory"
	while IFS='|' read -r make name; do
		as_mallory "$make"
		for options in --init a.csv --refresh; do
			run --separate-stderr ttr-load $options
			equals "$make: $options: $status" "$make: $options: 3"
			contains "$stderr" "the $name belongs to the role $mallory"
		done
		sql "DROP $name"
	done <<-'SQL'
		CREATE FUNCTION ttr.quantile(ttr.distribution, numeric) RETURNS double precision LANGUAGE sql AS 'SELECT trap.spring()::float8'|function ttr.quantile(ttr.distribution,numeric)
		CREATE OPERATOR ttr_data.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq)|operator ttr_data.=(pg_catalog.text,pg_catalog.text)
		CREATE VIEW ttr.mine AS SELECT 1 AS one|view ttr.mine
		CREATE TABLE ttr_data.mine ()|table ttr_data.mine
		CREATE DOMAIN ttr_data.text AS pg_catalog.text|type ttr_data.text
	SQL
	nobody_is_caught
	run_load a.csv
	equals "$status" 0
}

@test "trusted are the owner of the database, members of that role, superusers and oneself" {
	run --separate-stderr ttr-load -U "$mallory" --init # oneself
	equals "$status" 0
	run --separate-stderr ttr-load a.csv
	equals "$status" 3
	sql "ALTER DATABASE $PGDATABASE OWNER TO $mallory"
	run_load a.csv
	equals "$status" 0
	sql "ALTER DATABASE $PGDATABASE OWNER TO postgres; CREATE ROLE ${mallory}_group; ALTER DATABASE $PGDATABASE OWNER TO ${mallory}_group"
	run --separate-stderr ttr-load a.csv
	equals "$status" 3
	contains "$stderr" "REASSIGN OWNED BY $mallory TO ${mallory}_group"
	sql "GRANT ${mallory}_group TO $mallory"
	run_load a.csv
	equals "$status" 0
	sql "ALTER DATABASE $PGDATABASE OWNER TO postgres; DROP ROLE ${mallory}_group"
	run --separate-stderr ttr-load a.csv
	equals "$status" 3
	sql "REASSIGN OWNED BY $mallory TO postgres" # as the hint says
	run_load a.csv
	equals "$status" 0
	sql 'ALTER SCHEMA ttr_data OWNER TO pg_database_owner' # whoever that is
	run_load a.csv
	equals "$status" 0
}
