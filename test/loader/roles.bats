#!/usr/bin/env bats
# Who may read, and who may load. (reader_group.bats: where the group of readers comes from.)

bats_require_minimum_version 1.5.0
load support

readonly data=$CHECKOUT/test/data/intercom

# A login of this test's own; the databases of the server share their roles.
clerk=
teardown() {
	no_timeline_begins_elsewhere
	[ -z "$clerk" ] || sql "DROP OWNED BY \"$clerk\" CASCADE; DROP ROLE \"$clerk\""
	dropdb --force "$PGDATABASE"
}

login() {
	clerk="${PGDATABASE}_${1:-clerk}"
	sql "CREATE ROLE \"$clerk\" LOGIN ${2:-}"
}

as_clerk() {
	psql -XqAt -v ON_ERROR_STOP=1 -U "$clerk" -c "$1"
}

# Everything that people and tools can see in schema ttr: whether each view can be read to its end.
reads_all_views() {
	local views view
	views=$(sql "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'ttr'::regnamespace AND relkind IN ('v', 'm', 'r')")
	[ "$(wc -l <<<"$views")" -gt 8 ]
	for view in $views; do
		as_clerk "SELECT * FROM $view" >/dev/null
	done
}

# Nothing of schema ttr_data: no table, no view, no function.
reads_no_facts() {
	local facts table
	facts=$(sql "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'ttr_data'::regnamespace AND relkind IN ('v', 'm', 'r')")
	[ "$(wc -l <<<"$facts")" -gt 10 ]
	for table in $facts; do
		run as_clerk "SELECT * FROM $table"
		contains "$output" 'permission denied for schema ttr_data'
	done
	equals "$(sql "SELECT count(*) FROM pg_class WHERE relnamespace = 'ttr_data'::regnamespace AND has_table_privilege('$clerk', oid, 'SELECT')")" 0
}

sample() {
	export_csv a.csv +tags,plan '1,ann,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,vip,gold' \
		'2,bob,2025-05-01T08:00:00Z,,open,b@x,,silver'
	sql "CREATE EXTENSION IF NOT EXISTS ttr"
	ttr-load --json "$@" a.csv "$data/conversation.json" >summary
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00'); UPDATE ttr_data.setting SET calendar = 'office';
	     INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('vip', '{vip}', 3600, 'office');
	     INSERT INTO ttr_data.sla_policy (name, metric, target_seconds) VALUES ('answer', 'first_response', 3600); SELECT ttr.refresh()"
}

# --- readers

@test "a login that is only a member of ttr_reader reads every published view, and no facts" {
	sample
	login reader 'IN ROLE ttr_reader'
	reads_all_views
	equals "$(as_clerk 'SELECT total_closed FROM ttr.overall')" 2
	reads_no_facts
	run as_clerk 'SELECT ttr.refresh()'
	contains "$output" 'permission denied for function refresh'
	run as_clerk "SELECT ttr.forget('ann')"
	contains "$output" 'permission denied for function forget'
}

@test "of attributes a reader sees those that the owner lists, and nothing of what people wrote" {
	sample
	export_csv b.csv +title,notes '3,ann,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,written title,written notes'
	jq -c '.id = "4" | .title = "written title" | .conversation_rating = {rating: 1, remark: "written remark"}
	       | .custom_attributes = {plan: "gold", wish: "written wish"}' "$data/conversation.json" >c.json
	ttr-load --json b.csv c.json >summary
	login reader 'IN ROLE ttr_reader'
	for attribute in title notes conversation_rating conversation_rating.remark custom_attributes custom_attributes.wish; do
		run as_clerk "SELECT * FROM ttr.figures('{$attribute}')"
		contains "$output" "figures are not divided by \"$attribute\""
	done
	sql "UPDATE ttr_data.setting SET attributes = '{custom_attributes.plan,conversation_rating.rating}'"
	ttr-load --json c.json >summary
	equals "$(as_clerk "SELECT attribute, total_closed FROM ttr.figures('{custom_attributes.plan}') WHERE attribute IS NOT NULL")" 'gold|1'
	equals "$(as_clerk "SELECT attribute, total_closed FROM ttr.figures('{conversation_rating.rating}') WHERE attribute = '1'")" '1|1'
	for relation in $(sql "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v'") \
		"ttr.figures('{assignee,tag,closed_by}', 'day')" 'ttr.rolling()' 'ttr.slowest(0)' 'ttr.summary()' 'ttr.page()'; do
		as_clerk "SELECT * FROM $relation"
	done >seen
	contains "$(cat seen)" a@x
	run grep written seen
	equals "$output" ''
}

@test "a role that was granted to read does the same, whatever its name" {
	sample
	login 'Metabase & Co'
	sql "SELECT ttr.grant_read('\"$clerk\"')"
	reads_all_views
	reads_no_facts
}

@test "a view that comes later can be read, too" {
	sample
	login reader 'IN ROLE ttr_reader'
	sql "CREATE VIEW ttr.later AS SELECT count(*) AS conversations FROM ttr_data.conversation"
	equals "$(as_clerk 'SELECT conversations FROM ttr.later')" 3
}

@test "granting again changes nothing" {
	sample
	login
	sql "SELECT ttr.grant_read('$clerk'), ttr.grant_load('$clerk')"
	rights="SELECT 'relation', oid, relacl FROM pg_class UNION ALL SELECT 'schema', oid, nspacl FROM pg_namespace
	        UNION ALL SELECT 'function', oid, proacl FROM pg_proc UNION ALL SELECT 'default', oid, defaclacl FROM pg_default_acl ORDER BY 1, 2"
	sql "$rights" >before
	sql "SELECT ttr.grant_read('$clerk'), ttr.grant_load('$clerk')"
	sql "$rights" | diff before -
}

@test "what was granted can be taken back as the manual says" {
	sample
	login
	sql "SELECT ttr.grant_read('$clerk')"
	sed -n '/^ALTER DEFAULT PRIVILEGES/,/^REVOKE USAGE/p' "$CHECKOUT/doc/roles.md" | sed "s/\bmetabase\b/$clerk/" >revoke.sql
	equals "$(grep -c REVOKE revoke.sql)" 4
	psql -Xq -v ON_ERROR_STOP=1 -f revoke.sql
	equals "$(sql "SELECT has_schema_privilege('$clerk', 'ttr', 'USAGE'), has_table_privilege('$clerk', 'ttr.overall', 'SELECT')")" 'f|f'
	sql "DROP ROLE $clerk"
	clerk=
}

@test "a role that is not there, and one who owns nothing, are refused" {
	sample
	run sql "SELECT ttr.grant_read('nonesuch')"
	contains "$output" 'role "nonesuch" does not exist'
	login reader 'IN ROLE ttr_reader'
	for grant in grant_read grant_load; do
		run as_clerk "SELECT ttr.$grant('$clerk')"
		[ "$status" -ne 0 ]
		contains "$output" 'permission denied'
	done
}

# --- loaders

@test "a role that was granted to load loads all there is, refreshes, and creates nothing" {
	ttr-load --init
	login
	sql "REVOKE TEMPORARY ON DATABASE $PGDATABASE FROM PUBLIC; SELECT ttr.grant_load('$clerk')"
	one_row a.csv
	echo '1,u,2025-05-01T08:00:00Z,2025-05-01T11:00:00Z,closed,a@x' >>a.csv
	echo nonsense >>a.csv
	echo '{"admins":[{"type":"admin","id":"8811001","name":"Lee","email":"lee@example.com"}]}' >admins.json
	run_load -U "$clerk" --admins=admins.json --report=report.csv --html=page.html a.csv "$data/conversation.json"
	equals "$status" 4
	equals "$(field '[.load.inserted, .load.rejected, .total_closed]')" '[2,1,2]'
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 2
	contains "$(cat page.html)" '"total_closed":2,'
	echo '1,u,2025-05-01T08:00:00Z,2025-05-01T12:00:00Z,closed,a@x' >>a.csv
	run_load -U "$clerk" --exported-at=2026-02-01T00:00:00Z a.csv
	equals "$(field .load.updated)" 1
	run_load -U "$clerk" --refresh --html=page.html
	equals "$status$stderr" 0
	run as_clerk 'CREATE TABLE ttr_data.mine ()'
	contains "$output" 'permission denied for schema ttr_data'
	run as_clerk 'TRUNCATE ttr_data.conversation'
	contains "$output" 'permission denied for table conversation'
	equals "$(sql "SELECT count(*) FROM pg_class WHERE relowner = '$clerk'::regrole")" 0
}

@test "a loader that may not read what the page shows gets an error before anything is loaded or refreshed" {
	sample
	login
	sql "SELECT ttr.grant_load('\"$clerk\"')" >/dev/null
	one_row a.csv
	echo old >page.html
	for right in 'SELECT ON ttr.daily' 'EXECUTE ON FUNCTION ttr.page()'; do
		sql "REVOKE $right FROM \"$clerk\", PUBLIC"
		for options in a.csv '--no-refresh a.csv' --refresh; do
			run_load -U "$clerk" --html=page.html $options
			equals "$status" 1
			contains "$stderr" "the role \"$clerk\" may not read ttr."
			contains "$stderr" "SELECT ttr.grant_load('$clerk')"
		done
		sql "SELECT ttr.grant_load('\"$clerk\"')" >/dev/null
	done
	equals "$(cat page.html*)$(sql 'SELECT count(*) FROM ttr_data.load')" old1
	run_load -U "$clerk" --html=page.html a.csv
	equals "$status" 0
}

@test "who may not let a role stage anything does not make half a loader of it" {
	ttr-load --init
	login
	sql "CREATE ROLE \"$clerk.owner\"; GRANT USAGE ON SCHEMA ttr TO \"$clerk.owner\" WITH GRANT OPTION;
	     REVOKE TEMPORARY ON DATABASE $PGDATABASE FROM PUBLIC"
	run sql "SET ROLE \"$clerk.owner\"; SELECT ttr.grant_load('$clerk')"
	sql "DROP OWNED BY \"$clerk.owner\"; DROP ROLE \"$clerk.owner\""
	[ "$status" -ne 0 ]
	contains "$output" 'permission denied to grant temporary tables in database'
	contains "$output" "GRANT TEMPORARY ON DATABASE $PGDATABASE TO"
}

@test "a loader follows a stream, and keeps forgotten what was forgotten" {
	sample
	sql "SELECT ttr.forget('cust-77')" >/dev/null
	login
	sql "SELECT ttr.grant_load('$clerk')"
	jq -c '.updated_at += 60' "$data/conversation.json" | ttr-load --json -U "$clerk" --follow --every=1 - >summary
	equals "$(sql "SELECT user_id IS NULL, attributes FROM ttr_data.conversation WHERE conversation_id = '215470000123456'")" 't|{}'
}

@test "a loader cannot have the schema's own functions run code with their owner's rights" {
	ttr-load --init
	login
	sql "SELECT ttr.grant_load('$clerk')"
	run as_clerk "
		CREATE TYPE pg_temp.bait AS (at timestamptz);
		CREATE FUNCTION pg_temp.take(pg_temp.bait) RETURNS timestamptz LANGUAGE plpgsql AS
		  'BEGIN RAISE WARNING ''with the rights of %'', current_user; RETURN now(); END';
		CREATE CAST (pg_temp.bait AS timestamptz) WITH FUNCTION pg_temp.take(pg_temp.bait) AS IMPLICIT;
		CREATE TEMPORARY TABLE hook (started_at pg_temp.bait, resolved_at timestamptz);
		CREATE TRIGGER mark AFTER INSERT ON hook REFERENCING NEW TABLE AS changed
		  FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
		INSERT INTO hook VALUES (ROW(now()), now())"
	contains "$output" 'permission denied for function ttr_data.mark_conversations'
	# Nor do others that come later.
	equals "$(sql "SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc
	               WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) AND prosecdef AND has_function_privilege('public', oid, 'EXECUTE')")" ''
}
