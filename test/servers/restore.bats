#!/usr/bin/env bats
# What an older release of PostgreSQL has loaded and dumped, restored in $NEW. $ARCHIVE has the dump and what the views showed there
# (test/servers/upgrade.bats).

bats_require_minimum_version 1.5.0
load support

setup_file() {
	make_servers_folder
	server start new "$NEW"
	cp "$ARCHIVE"/* .
	PGDATABASE=postgres on new sql 'CREATE ROLE ttr_reader'
	echo "# restored in PostgreSQL $(PGDATABASE=postgres on new sql 'SHOW server_version')" >&3
}

teardown_file() {
	server stop new "$NEW"
	rm -rf "$SERVERS"
}

@test "a dump of an older server: every view is as before, without a refresh, after one, and after the next load" {
	on new createdb facts
	on new pg_restore --dbname=facts --jobs=2 --exit-on-error archive
	on new shows before
	on new ttr-load --refresh
	on new shows before
	on new load_next
	on new shows after
}
