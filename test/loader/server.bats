#!/usr/bin/env bats
# The server's side: it is not there, it refuses, it goes away, somebody else is loading; and signals.

bats_require_minimum_version 1.5.0
load support

@test "no server: exit code 2, and libpq's reason" {
	one_row a.csv
	PGHOST=/nowhere run_load a.csv
	equals "$status" 2
	contains "$stderr" 'connection to server on socket "/nowhere/.s.PGSQL.5439" failed'
	contains "$stderr" 'Is the server running'
}

@test "no such database: exit code 2, its name, and the command that makes it" {
	one_row a.csv
	run_load -d nonesuch a.csv
	equals "$status" 2
	contains "$stderr" 'database "nonesuch" does not exist'
	contains "$stderr" "sudo -u postgres createdb --host=$PGHOST --port=5439 --owner=postgres --encoding=UTF8 --template=template0 nonesuch"
}

@test "no such role: exit code 2, its name, and the command that makes it" {
	one_row a.csv
	run_load -U nonesuch a.csv
	equals "$status" 2
	contains "$stderr" 'role "nonesuch" does not exist'
	contains "$stderr" "sudo -u postgres createuser --host=$PGHOST --port=5439 --login nonesuch"
}

@test "the command for a missing role or database works, whatever the name" {
	one_row a.csv
	name="$PGDATABASE it's \$HOME"
	for missing in role database; do
		run_load -U "$name" -d "$name" a.csv
		equals "$status" 2
		contains "$stderr" "$missing \"$name\" does not exist"
		command=$(sed -n 's/.*sudo -u postgres //p' <<<"$stderr")
		sh -c "$command"
	done
	run_load -U "$name" -d "$name" a.csv
	dropdb "$name"
	dropuser "$name"
	equals "$status" 0
}

@test "a database that is not UTF8 is refused, with the command that makes one" {
	one_row a.csv
	createdb --encoding=LATIN1 --locale=C --template=template0 "${PGDATABASE}_latin1"
	run_load -d "${PGDATABASE}_latin1" a.csv
	dropdb "${PGDATABASE}_latin1"
	equals "$status" 1
	contains "$stderr" 'is encoded in LATIN1, not in UTF8'
	contains "$stderr" "ENCODING 'UTF8'"
}

# A login of this test's own that may do nothing, and whose name needs quotes.
clerk() {
	clerk="$PGDATABASE Clerk"
	sql "CREATE ROLE \"$clerk\" LOGIN"
}

# The statements of the last hint, run by a superuser.
obey_hint() {
	psql -Xq -v ON_ERROR_STOP=1 -c "$(grep -oE '(GRANT|SELECT) .*' <<<"$stderr")" >/dev/null
}

drop_clerk() {
	sql "DROP OWNED BY \"$clerk\" CASCADE; DROP ROLE \"$clerk\""
}

@test "a role that may not create the extension gets the statement by which it may, and then loads" {
	one_row a.csv
	clerk
	run_load -U "$clerk" a.csv
	equals "$status" 3
	contains "$stderr" 'permission denied for database'
	contains "$stderr" "hint: The owner of the database, or a superuser, runs: GRANT CREATE ON DATABASE \"$PGDATABASE\" TO \"$clerk\""
	obey_hint
	run_load -U "$clerk" a.csv
	drop_clerk
	equals "$status" 0
}

@test "where a superuser made the extension, the role gets the statements by which it may make the tables, and then loads" {
	one_row a.csv
	sql 'CREATE EXTENSION ttr'
	clerk
	run_load -U "$clerk" a.csv
	equals "$status" 3
	contains "$stderr" 'permission denied for database'
	contains "$stderr" "hint: A superuser runs in \"$PGDATABASE\": GRANT CREATE ON DATABASE"
	obey_hint
	run_load -U "$clerk" a.csv
	drop_clerk
	equals "$status" 0
}

@test "a role without a right on the tables gets the statement by which it may load, whatever it asks for" {
	one_row a.csv
	ttr-load --init
	clerk
	for rights in 'SELECT' "SELECT ttr.grant_read('\"$clerk\"')" "GRANT USAGE ON SCHEMA ttr, ttr_data TO \"$clerk\"" \
		"SELECT ttr.grant_load('\"$clerk\"'); REVOKE INSERT ON ttr_data.conversation FROM \"$clerk\""; do
		sql "$rights" >/dev/null
		for options in a.csv '--refresh --html=page.html' '--follow -'; do
			[[ $rights != *REVOKE* || $options != --refresh* ]] || continue
			run --separate-stderr ttr-load -U "$clerk" $options <<<'{"conversation_id":"2","started_at":"2025-05-01T08:00:00Z","state":"open"}'
			equals "$status" 3
			contains "$stderr" 'permission denied for'
			equals "$(grep hint: <<<"$stderr")" "ttr-load: hint: The owner of the schema lets the role load: SELECT ttr.grant_load('\"$clerk\"')"
		done
	done
	obey_hint
	run_load -U "$clerk" a.csv
	drop_clerk
	equals "$status" 0
}

@test "a loader that meets an older schema names its owner, who upgrades it" {
	one_row a.csv
	ttr-load --init
	clerk
	sql "SELECT ttr.grant_load('\"$clerk\"'); DELETE FROM ttr_data.schema_version WHERE version = (SELECT max(version) FROM ttr_data.schema_version)" >/dev/null
	run_load -U "$clerk" a.csv
	drop_clerk
	equals "$status" 3
	contains "$stderr" 'hint: The schema is older than this ttr-load. Its owner upgrades it: ttr-load --init'
}

@test "whoever owns the database can load, without being a superuser" {
	one_row a.csv
	sql "CREATE ROLE ${PGDATABASE}_owner LOGIN; ALTER DATABASE $PGDATABASE OWNER TO ${PGDATABASE}_owner"
	run_load -U "${PGDATABASE}_owner" a.csv
	sql "ALTER DATABASE $PGDATABASE OWNER TO postgres; REASSIGN OWNED BY ${PGDATABASE}_owner TO postgres;
	     DROP OWNED BY ${PGDATABASE}_owner; DROP ROLE ${PGDATABASE}_owner"
	equals "$status" 0
	equals "$(field .total_closed)" 1
}

@test "while another load is running, a second one ends with exit code 6 and changes nothing" {
	one_row a.csv
	run_load --init
	begin_endless_load
	run_load a.csv
	equals "$status" 6
	contains "$stderr" 'another load or refresh is running'
	end_endless_load
	equals "$code" 0
	equals "$(sql 'SELECT state FROM ttr_data.conversation')" open
}

@test "Ctrl-C while reading rolls everything back and ends by the signal" {
	begin_endless_load --report=report.csv
	kill -INT "$loader"
	end_endless_load
	equals "$code" 130
	contains "$(cat messages)" 'stopped by a signal: nothing is loaded'
	equals "$(facts)$(cat summary)" none
	equals "$(echo report.csv*)" 'report.csv*'
}

@test "SIGTERM while the server works cancels the statement and rolls back" {
	run_load --init
	"$CHECKOUT/build/generate" --rows=20000 >many.csv
	# A lock that the merge has to wait for, held by somebody else.
	psql -Xq -c "BEGIN" -c "LOCK ttr_data.conversation IN EXCLUSIVE MODE" -c "SELECT pg_sleep(60)" >/dev/null &
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.conversation'::regclass AND mode = 'ExclusiveLock'" 1
	ttr-load many.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'ttr-load' AND datname = current_database()" 1
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND datname = current_database()"
	equals "$code" 143
	contains "$(cat messages)" 'nothing is loaded'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 0
}

@test "kill -9 of the loader leaves the facts as they were and no lock behind" {
	begin_endless_load
	kill -KILL "$loader"
	end_endless_load
	equals "$code" 137
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ttr-load'" 0
	equals "$(facts)" none
	one_row a.csv
	run_load a.csv
	equals "$status" 0
}

@test "the server going away while reading: exit code 2, nothing changed" {
	begin_endless_load
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ttr-load'" >/dev/null
	# More than the socket's buffers hold, so that the loader meets the closed connection.
	# (It may be gone before all is written; what counts is how it ended.)
	yes '2,u,2025-05-01T08:00:00Z,,open,a@x' | head -n 100000 >&7 || true
	end_endless_load
	equals "$code" 2
	contains "$(cat messages)" 'lost the connection'
	equals "$(facts)" none
}

@test "the server going away during the merge: exit code 2, nothing changed" {
	run_load --init
	"$CHECKOUT/build/generate" --rows=20000 >many.csv
	psql -Xq -c "BEGIN" -c "LOCK ttr_data.conversation IN EXCLUSIVE MODE" -c "SELECT pg_sleep(60)" >/dev/null &
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.conversation'::regclass AND mode = 'ExclusiveLock'" 1
	ttr-load many.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'ttr-load' AND datname = current_database()" 1
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()" >/dev/null
	wait "$loader" && code=0 || code=$?
	equals "$code" 2
	contains "$(cat messages)" 'lost the connection'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 0
}

@test "a connection lost during COMMIT, before it is done: the ledger tells that the load is not there" {
	one_row a.csv
	run_load --init
	# A deferred trigger, which runs as the commit begins, ends the session.
	sql "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END \$\$;
	     CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON ttr_data.load DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hang_up()"
	run_load a.csv
	equals "$status" 2
	contains "$stderr" 'lost the connection during COMMIT'
	contains "$stderr" 'the COMMIT did not take place: nothing changed'
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 0
}

@test "an error of the server in the middle rolls back with exit code 3 and the server's words" {
	one_row a.csv
	run_load --init
	sql "ALTER TABLE ttr_data.conversation ADD CONSTRAINT nothing_ever CHECK (false)"
	run_load a.csv
	equals "$status" 3
	contains "$stderr" 'violates check constraint "nothing_ever"'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 0
}

@test "settings of the database or the role do not change what a load means" {
	export_csv a.csv '1,u,2025-05-01 08:00:00,2025-05-02T08:00:00.123456Z,closed,a@x'
	run_load --init
	sql "ALTER DATABASE $PGDATABASE SET timezone = 'Asia/Kolkata'; ALTER DATABASE $PGDATABASE SET datestyle = 'SQL, DMY';
	     ALTER DATABASE $PGDATABASE SET extra_float_digits = -5; ALTER DATABASE $PGDATABASE SET search_path = nowhere;
	     ALTER DATABASE $PGDATABASE SET default_transaction_read_only = on; ALTER DATABASE $PGDATABASE SET intervalstyle = 'iso_8601'"
	run_load --report=report.csv a.csv
	equals "$status" 0
	equals "$(tail -n 1 report.csv)" '1,u,2025-05-01T08:00:00+00:00,2025-05-02T08:00:00.123456+00:00,86400.123456,a@x,'
}

@test "a connection lost during the refresh: loaded, exit code 5" {
	one_row a.csv
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE sql AS 'SELECT pg_terminate_backend(pg_backend_pid())'"
	run_load a.csv
	equals "$status" 5
	contains "$stderr" 'the published figures are those of before'
	contains "$stderr" 'load 1 is committed'
	equals "$(field .total_closed)" 1
}

@test "a signal during the refresh: it says that the load is committed" {
	one_row a.csv
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(60)'"
	ttr-load --json a.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" 1
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" 143
	contains "$(cat messages)" 'load 1 is committed; the figures may be those of before'
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1
}

@test "nohup's SIGHUP stays ignored" {
	mkfifo pipe
	nohup ttr-load --json - <pipe >summary 2>messages &
	loader=$!
	exec 7>pipe
	printf '%s\n' "$columns" '1,u,2025-05-01T08:00:00Z,,open,a@x' >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
	kill -HUP "$loader"
	end_endless_load
	equals "$code" 0
}
