#!/usr/bin/env bats
# A program, a schema and an extension of different releases: what does not go together is refused before anything is written.

bats_require_minimum_version 1.5.0
load support

setup() {
	PGDATABASE="loader_releases_$BATS_TEST_NUMBER"
	export PGDATABASE
	createdb
	cd "$BATS_TEST_TMPDIR"
	one_row a.csv
	ttr-load --init
}

later_schema() {
	sql "INSERT INTO ttr_data.schema_version (version, name) VALUES (900, 'later')"
}

# As if the newest script had not been applied.
earlier_schema() {
	sql 'DELETE FROM ttr_data.schema_version WHERE version = (SELECT max(version) FROM ttr_data.schema_version)'
}

extension_of() {
	sql "UPDATE pg_extension SET extversion = '$1' WHERE extname = 'ttr'"
}

@test "a schema of a newer release is refused by a load, --init, --refresh and --html alike" {
	later_schema
	for arguments in a.csv --init --refresh '--refresh --html=page.html'; do
		run --separate-stderr ttr-load $arguments
		equals "$status" 1
		contains "$stderr" "the schema in \"$PGDATABASE\" has version 900, and this ttr-load knows versions up to "
		contains "$stderr" 'Install the ttr-load that belongs to the newer schema.'
	done
	equals "$(facts)" none
	[ ! -e page.html ]
}

@test "a schema of an older release is not refreshed by a newer program: whoever may upgrade it learns how" {
	earlier_schema
	run --separate-stderr ttr-load --refresh
	equals "$status" 1
	contains "$stderr" "the schema in \"$PGDATABASE\" has version "
	contains "$stderr" 'Its owner upgrades it: ttr-load --init'
}

@test "a loader that is not the owner leaves the upgrade to the owner" {
	login_of_loader=${PGDATABASE}_loader
	sql "CREATE ROLE $login_of_loader LOGIN; SELECT ttr.grant_load('$login_of_loader')" >/dev/null
	earlier_schema
	run --separate-stderr ttr-load -U "$login_of_loader" a.csv
	sql "DROP OWNED BY $login_of_loader CASCADE; DROP ROLE $login_of_loader"
	equals "$status" 3
	contains "$stderr" 'Its owner upgrades it: ttr-load --init'
	equals "$(facts)" none
}

@test "an extension of an older release is refused, with the statement that updates it" {
	version=$(sql "SELECT extversion FROM pg_extension WHERE extname = 'ttr'")
	extension_of 0.0.9
	for arguments in a.csv --init; do
		run --separate-stderr ttr-load $arguments
		equals "$status" 1
		contains "$stderr" "the extension ttr in \"$PGDATABASE\" has version 0.0.9, and this ttr-load needs $version or newer"
		contains "$stderr" 'The owner of the extension runs: ALTER EXTENSION ttr UPDATE'
	done
	equals "$(facts)" none
}

@test "versions are compared as numbers, and a newer extension serves an older program" {
	extension_of 0.10.0
	run --separate-stderr ttr-load --json a.csv
	equals "$status" 0
	extension_of 0.0.10
	run --separate-stderr ttr-load --json a.csv
	equals "$status" 1
}
