#!/usr/bin/env bats
# DROP EXTENSION ttr CASCADE takes everything that calls a function of the extension. --init, or the next load, makes it again.

bats_require_minimum_version 1.5.0
load support

readonly data=$CHECKOUT/test/data/intercom

clerk=
teardown() {
	no_timeline_begins_elsewhere
	[ -z "$clerk" ] || sql "DROP OWNED BY $clerk, ${clerk}_reader CASCADE; DROP ROLE $clerk, ${clerk}_reader"
	dropdb --force "$PGDATABASE"
}

# Facts of every kind, and settings that the figures go by.
sample() {
	export_csv a.csv +tags,plan '1,ann,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,vip,gold' \
		'2,bob,2025-05-01T08:00:00Z,,open,b@x,,silver' 'nonsense'
	export_csv b.csv '1,ann,2025-05-01T08:00:00Z,2025-05-01T11:00:00Z,closed,a@x'
	echo '{"admins":[{"type":"admin","id":"8811001","name":"Lee","email":"lee@example.com"}]}' >admins.json
	echo '{"tags":[{"type":"tag","id":"17","name":"vip"}]}' >tags.json
	echo '{"id":"9","object":"conversation","deleted":true}' >gone.json
	ttr-load --init
	sql "UPDATE ttr_data.setting SET target_seconds = 7200, attributes = '{plan}', reporting_time_zone = 'Europe/Berlin'"
	for files in "--admins=admins.json --tags=tags.json a.csv $data/conversation.json gone.json" b.csv; do
		ttr-load --json --max-rejects=1 $files >summary 2>messages
	done
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00'); UPDATE ttr_data.setting SET calendar = 'office';
	     INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('vip', '{vip}', 3600, 'office');
	     SELECT ttr.forget('bob'); SELECT ttr.refresh()" >/dev/null
}

# Every row of every table, but for marks, and for when scripts were applied and the figures refreshed.
everything() {
	local table
	for table in $(sql "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'ttr_data'::regnamespace AND relkind IN ('r', 'm') ORDER BY relname"); do
		[ "$table" != ttr_data.mark ] || continue
		echo "$table $(sql "SELECT count(*), md5(string_agg(r, chr(10) ORDER BY r)) FROM (SELECT (to_jsonb(t) - '{applied_at,refreshed_at}'::text[])::text AS r FROM $table AS t) AS t")"
	done
	sql "SELECT c.relname, c.relkind, pg_get_viewdef(c.oid) FROM pg_class AS c WHERE relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) ORDER BY 1, 2"
	sql "SELECT p.oid::regprocedure::text, (SELECT array_agg(a ORDER BY a::text) FROM unnest(proacl) AS a) FROM pg_proc AS p WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) ORDER BY 1"
	sql "SELECT oid::regclass::text, (SELECT array_agg(a ORDER BY a::text) FROM unnest(relacl) AS a) FROM pg_class WHERE relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) ORDER BY 1"
}

@test "what DROP EXTENSION took comes back with --init: facts, figures, and who may read and load" {
	sample
	clerk="${PGDATABASE}_clerk"
	sql "CREATE ROLE $clerk LOGIN; CREATE ROLE ${clerk}_reader LOGIN; SELECT ttr.grant_load('$clerk'), ttr.grant_read('${clerk}_reader')" >/dev/null
	everything >before
	for table in load statement conversation deletion event teammate tag reject calendar sla_policy forgotten_user forgotten_conversation; do
		equals "$table: $(sql "SELECT count(*) > 0 FROM ttr_data.$table")" "$table: t"
	done
	sql 'SET client_min_messages = error; DROP EXTENSION ttr CASCADE'
	run sql 'SELECT total_closed FROM ttr.overall'
	contains "$output" 'does not exist'

	run --separate-stderr ttr-load --refresh
	equals "$status" 1
	contains "$stderr" 'DROP EXTENSION took a part of the schema'
	run --separate-stderr ttr-load --init
	equals "$status" 0
	contains "$stderr" 'the schema is made again, because DROP EXTENSION took a part of it; the facts stand'
	everything | diff before -
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
	equals "$(sql "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'ttr%' ORDER BY 1")" $'ttr\nttr_data'
	psql -XqAt -U "${clerk}_reader" -c 'SELECT total_closed FROM ttr.overall' >/dev/null
	run_load -U "$clerk" b.csv
	equals "$status" 0
	equals "$(sql 'SELECT max(load_id) FROM ttr_data.load')" 3
	run --separate-stderr ttr-load --init
	equals "$status$stderr" 0
}

@test "a load makes it again, too; and where the extension is there again already" {
	sample
	everything >before
	sql 'SET client_min_messages = error; DROP EXTENSION ttr CASCADE; CREATE EXTENSION ttr'
	run_load b.csv
	equals "$status" 0
	sql 'DELETE FROM ttr_data.load WHERE load_id = (SELECT max(load_id) FROM ttr_data.load)'
	everything | diff before -
}

@test "views and tables that somebody else made there are not lost: they are named, and nothing is done" {
	sample
	sql "CREATE VIEW public.mine AS SELECT count(*) FROM ttr_data.conversation; CREATE TABLE ttr_data.notes (); CREATE VIEW ttr.later AS SELECT 1 AS one;
	     SET client_min_messages = error; DROP EXTENSION ttr CASCADE"
	for options in --init b.csv; do
		run --separate-stderr ttr-load $options
		equals "$status" 3
		contains "$stderr" 'objects that ttr did not make are in the way: table ttr_data.notes, view public.mine, view ttr.later'
		contains "$stderr" 'Then run: ttr-load --init'
	done
	sql 'DROP VIEW public.mine, ttr.later; ALTER TABLE ttr_data.notes SET SCHEMA public'
	ttr-load --init
	equals "$(sql 'SELECT * FROM ttr.check()')$(sql 'SELECT total_closed > 0 FROM ttr.overall')" t
}

@test "a role that may load and does not own the schema gets a hint to its owner" {
	sample
	clerk="${PGDATABASE}_clerk"
	sql "CREATE ROLE $clerk LOGIN; CREATE ROLE ${clerk}_reader; SELECT ttr.grant_load('$clerk');
	     SET client_min_messages = error; DROP EXTENSION ttr CASCADE; CREATE EXTENSION ttr" >/dev/null
	run --separate-stderr ttr-load -U "$clerk" b.csv
	equals "$status" 3
	contains "$stderr" 'DROP EXTENSION took a part of the schema. Its owner makes it again: ttr-load --init'
	ttr-load --init
	run_load -U "$clerk" b.csv
	equals "$status" 0
}
