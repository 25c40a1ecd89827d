#!/usr/bin/env bats
# Where the group of readers comes from, on a server of this file's own: roles belong to all databases of a server.

bats_require_minimum_version 1.5.0
load support

# Descriptor 3 is how bats hears its tests: a server that inherits it keeps bats waiting for ever.
cluster() {
	"$CHECKOUT/test/cluster" "$1" "$CLUSTER" 3>&-
}

setup_file() {
	CLUSTER=$(mktemp -d /tmp/ttr-group.XXXXXX)
	export CLUSTER PGHOST=$CLUSTER PGDATABASE=support
	cluster start
}

teardown_file() {
	cluster stop
	rm -rf "$CLUSTER"
}

setup() {
	createdb
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	local database
	for database in support second restored; do
		dropdb --if-exists --force "$database" 2>/dev/null
	done
	psql -Xq -d postgres -c 'SET client_min_messages = error; DROP ROLE IF EXISTS reader, owner, ttr_reader'
}

groups() {
	sql "SELECT rolname, rolcanlogin, shobj_description(oid, 'pg_authid') <> '' FROM pg_roles WHERE rolname = 'ttr_reader'"
}

total_read_in() {
	psql -XqAt -U reader -d "$1" -c 'SELECT total FROM ttr.overall'
}

@test "who may create roles creates the group, once for all databases" {
	sql 'CREATE ROLE owner LOGIN CREATEROLE; ALTER DATABASE support OWNER TO owner'
	createdb -O owner second
	ttr-load -U owner --init
	equals "$(groups)" 'ttr_reader|f|t'
	ttr-load -U owner -d second --init
	psql -Xq -U owner -c 'CREATE ROLE reader LOGIN IN ROLE ttr_reader'
	equals "$(total_read_in support) $(total_read_in second)" '0 0'
}

@test "who may not is told how it is done, and gets the schema" {
	sql 'CREATE ROLE owner LOGIN; ALTER DATABASE support OWNER TO owner'
	ttr-load --print-sql | psql -Xq -v ON_ERROR_STOP=1 -U owner 2>messages
	contains "$(cat messages)" 'the role ttr_reader is not created: permission denied to create role'
	contains "$(cat messages)" "SELECT ttr.grant_read('ttr_reader')"
	equals "$(groups)" ''
	sql 'CREATE ROLE ttr_reader; CREATE ROLE reader LOGIN IN ROLE ttr_reader'
	psql -Xq -U owner -c "SELECT ttr.grant_read('ttr_reader')" >/dev/null
	equals "$(total_read_in support)" 0
}

@test "ttr-load passes on that the group is not created, when it makes the schema and not again" {
	sql 'CREATE ROLE owner LOGIN; ALTER DATABASE support OWNER TO owner'
	one_row a.csv
	for options in --init a.csv; do
		run --separate-stderr ttr-load --json -U owner $options
		equals "$status" 0
		contains "$stderr" 'ttr-load: warning: the role ttr_reader is not created: permission denied to create role'
		contains "$stderr" "ttr-load: hint: A reader needs no group: SELECT ttr.grant_read('metabase')"
		run --separate-stderr ttr-load --json -U owner $options
		equals "$status$stderr" 0
		dropdb support
		createdb -O owner support
	done
	run --separate-stderr ttr-load -q -U owner a.csv
	equals "$status$stderr" 0
}

@test "a group that somebody prepared gets no rights by itself: one that can log in, or whose administrator is nobody we trust" {
	sql 'CREATE ROLE owner LOGIN; ALTER DATABASE support OWNER TO owner; CREATE ROLE reader LOGIN; CREATE ROLE ttr_reader LOGIN'
	ttr-load -U owner --init 2>messages
	contains "$(cat messages)" 'ttr-load: warning: the role ttr_reader is there already and gets no rights: it can log in'
	contains "$(cat messages)" "SELECT ttr.grant_read('ttr_reader')"
	dropdb support
	createdb -O owner support
	sql 'ALTER ROLE ttr_reader NOLOGIN; GRANT ttr_reader TO reader WITH ADMIN OPTION'
	ttr-load -U owner --init 2>messages
	contains "$(cat messages)" 'gets no rights: reader may add members to it'
	run total_read_in support
	contains "$output" 'permission denied for schema ttr'
	psql -Xq -U owner -c "SELECT ttr.grant_read('ttr_reader')" >/dev/null # whoever owns the schema decides
	equals "$(total_read_in support)" 0
	sql 'REVOKE ttr_reader FROM reader; GRANT ttr_reader TO owner WITH ADMIN OPTION'
	createdb -O owner second
	ttr-load -U owner -d second --init 2>messages
	equals "$(cat messages)" ''
}

@test "what the README says to type installs and lets others read, from no role and no database" {
	dropdb support
	sed -n '/^## Installing it/,/^## /p' "$CHECKOUT/README.md" >installing
	# Server's superuser and everybody else: here no sudo is needed, and the login's name is another one.
	sed -n "s/^sudo -u postgres //p; s/^\(ttr-load\|psql\) /PGUSER=\$USER &/p" installing | sed 's/ --pwprompt//' >commands
	equals "$(grep -c 'createuser\|createdb' commands)" 3
	equals "$(grep -c 'ttr-load\|psql' commands)" 2
	one_row export.csv
	USER=owner bash -euc '. ./commands' >summary
	equals "$(groups)" ''
	equals "$(psql -XqAt -U metabase -c 'SELECT total_closed FROM ttr.overall')" 1
	dropdb support
	psql -Xq -d postgres -c 'DROP ROLE metabase'
}

@test "where a superuser made the extension, the owner of the tables says which right is missing, and goes on" {
	sql 'CREATE ROLE owner LOGIN CREATEROLE; GRANT CREATE ON DATABASE support TO owner; CREATE EXTENSION ttr; GRANT CREATE, USAGE ON SCHEMA ttr TO owner'
	ttr-load --print-sql | psql -Xq -v ON_ERROR_STOP=1 -U owner 2>messages
	contains "$(cat messages)" 'the role ttr_reader cannot read the views yet: permission denied to grant the use of schema ttr'
	run psql -Xq -U owner -c "SELECT ttr.grant_read('ttr_reader')"
	contains "$output" 'GRANT USAGE ON SCHEMA ttr TO owner WITH GRANT OPTION'
	sql 'GRANT USAGE ON SCHEMA ttr TO owner WITH GRANT OPTION; CREATE ROLE reader LOGIN IN ROLE ttr_reader'
	psql -Xq -U owner -c "SELECT ttr.grant_read('ttr_reader')" >/dev/null
	equals "$(total_read_in support)" 0
}

@test "a dump is restored where the roles are not known, all but its grants" {
	ttr-load --json "$CHECKOUT/test/data/intercom/conversation.json" >summary
	pg_dump support >dump.sql
	sql "DROP OWNED BY ttr_reader; DROP ROLE ttr_reader"
	createdb restored
	psql -Xq -d restored -f dump.sql >/dev/null 2>messages
	equals "$(grep ERROR messages | grep -vc 'role "ttr_reader" does not exist')" 0
	grep -q ERROR messages
	PGDATABASE=restored ttr-load --refresh
	equals "$(psql -XqAt -d restored -c 'SELECT total_closed FROM ttr.overall')" 1
	equals "$(psql -XqAt -d restored -c 'CREATE ROLE reader LOGIN' -c "SELECT ttr.grant_read('reader')")$(total_read_in restored)" 1
}
