#!/usr/bin/env bats
# What follows the commit: the figures, the summary and the report of everything, and what is said when one of them fails.

bats_require_minimum_version 1.5.0
load support

# A refresh that never ends by itself, and the way back.
hold_refresh() {
	sql "SELECT pg_get_functiondef('ttr.refresh()'::regprocedure)" >refresh.sql
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(60)'"
}

let_refresh_go() {
	psql -Xq -v ON_ERROR_STOP=1 -f refresh.sql
}

refresh_is_held() {
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" 1
}

# A load of one row that is committed, and waits for its refresh.
begin_held_load() {
	one_row a.csv
	run_load --init
	hold_refresh
	ttr-load --json --report=report.csv a.csv >summary 2>messages &
	loader=$!
	refresh_is_held
}

# A role that may load, and have so many connections at a time.
begin_clerk() {
	clerk=${PGDATABASE}_clerk
	sql "CREATE ROLE $clerk LOGIN CONNECTION LIMIT $1; SELECT ttr.grant_load('$clerk')" >/dev/null
}

end_clerk() {
	sql "DROP OWNED BY $clerk CASCADE; DROP ROLE $clerk"
}

# Of each load: whether its summary is complete.
summaries() {
	sql "SELECT load_id, summary -> 'database' IS NOT NULL FROM ttr_data.load ORDER BY load_id"
}

@test "the report is the same, written beside the refresh or before the commit, of all or of a part" {
	"$CHECKOUT/build/generate" --rows=2000 >all.csv
	run_load --verbose --report=beside.csv all.csv
	equals "$status" 0
	[[ $stderr != *'no second connection'* ]]
	run_load --no-refresh --report=before.csv all.csv
	cmp beside.csv before.csv
	head -n 500 all.csv >part.csv
	run_load --report=part_report.csv part.csv
	equals "$(wc -l <part_report.csv)" "$(field '.total_closed + 1')"
	equals "$(comm -23 <(sort part_report.csv) <(sort beside.csv))" ''
}

@test "the summary is the same after the refresh, without one, and in the ledger, of all and of a part" {
	"$CHECKOUT/build/generate" --rows=2000 >all.csv
	head -n 500 all.csv >part.csv
	for export in all.csv part.csv; do
		run_load $export
		equals "$(sql 'SELECT summary FROM ttr_data.load ORDER BY load_id DESC LIMIT 1')" "$output"
		after=$(field 'del(.load)')
		run_load --no-refresh $export
		equals "$(sql 'SELECT summary FROM ttr_data.load ORDER BY load_id DESC LIMIT 1')" "$output"
		equals "$(field 'del(.load)')" "$after"
	done
}

@test "a report that cannot be written after the commit: loaded, exit code 5, and the rest is done" {
	one_row a.csv
	run_load --report=/dev/full a.csv
	equals "$status" 5
	contains "$stderr" 'could not write the report "/dev/full": No space left on device'
	contains "$stderr" 'To get the report, load the same again.'
	contains "$stderr" 'load 1 is committed'
	equals "$(field .total_closed)$(sql 'SELECT total_closed FROM ttr.overall')" 11
	equals "$(summaries)" '1|t'
}

@test "a report that cannot be written before the commit: nothing is loaded" {
	one_row a.csv
	run_load --no-refresh --report=/dev/full a.csv
	equals "$status" 1
	equals "$output$(facts)" none
}

@test "where the server has no second connection, the report is written after the refresh" {
	"$CHECKOUT/build/generate" --rows=300 >a.csv
	run_load --init
	begin_clerk 1
	run_load -U "$clerk" --verbose --report=report.csv a.csv
	end_clerk
	equals "$status" 0
	contains "$stderr" 'no second connection'
	equals "$(wc -l <report.csv)" "$(field '.total_closed + 1')"
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" "$(field .total_closed)"
}

@test "the second connection builds the indexes of many facts, whoever loads" {
	"$CHECKOUT/build/generate" --rows=10000 >a.csv
	run_load --init
	begin_clerk 2
	# This refresh leaves them to it.
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE sql AS ''"
	run_load -U "$clerk" --report=report.csv a.csv
	end_clerk
	equals "$status" 0
	equals "$(sql "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index
	               WHERE indrelid = 'ttr_data.conversation'::regclass AND NOT indisprimary")" \
		"$(printf 'ttr_data.conversation_%s ' doubtful placed_at resolved_at running slow | sed 's/ $//')"
}

@test "a refresh that fails: the report is written, and the summary is computed from the facts" {
	one_row a.csv
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'no'; END \$\$"
	run_load --report=report.csv a.csv
	equals "$status" 5
	equals "$(field '[.total_closed, .database.total_closed]')" '[1,1]'
	equals "$(sql 'SELECT summary FROM ttr_data.load')" "$output"
	equals "$(wc -l <report.csv)" 2
}

@test "kill -9 after the commit: the facts stand, a report is whole, and running again gives the rest" {
	begin_held_load
	kill -KILL "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code$(<summary)" 137
	[ ! -e report.csv ] || equals "$(wc -l <report.csv)" 2
	# The server goes on until it has an answer for somebody who is gone.
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" >/dev/null
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1
	equals "$(summaries)" '1|f'
	equals "$(sql 'SELECT total_closed IS NULL FROM ttr.load_history')" t
	let_refresh_go
	run_load --report=report.csv a.csv
	equals "$status" 0
	equals "$(field '[.total_closed, .load.unchanged]')" '[1,1]'
	equals "$(wc -l <report.csv)" 2
	equals "$(summaries)" $'1|f\n2|t'
}

@test "a signal after the commit cancels the refresh, and says what is done" {
	begin_held_load
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" 143
	contains "$(cat messages)" 'load 1 is committed; the figures may be those of before'
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" 0
}

@test "until all of it is done no other load begins, and afterwards one may" {
	one_row a.csv
	run_load --init
	hold_refresh
	ttr-load --json a.csv >summary 2>messages &
	loader=$!
	refresh_is_held
	run_load a.csv
	equals "$status" 6
	sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()" >/dev/null
	wait "$loader" && code=0 || code=$?
	equals "$code" 5
	let_refresh_go
	# A stream that is followed keeps its connection, but not the lock.
	mkfifo pipe
	ttr-load --json --follow --batch=1 - <pipe >summary 2>messages &
	loader=$!
	exec 7>pipe
	echo '{"conversation_id":"2","started_at":"2025-05-01T08:00:00Z","state":"open"}' >&7
	wait_for "SELECT total FROM ttr.overall" 2
	wait_for "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())" 0
	run_load a.csv
	equals "$status" 0
	end_endless_load
	equals "$code" 0
}
