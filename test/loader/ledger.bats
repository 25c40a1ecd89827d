#!/usr/bin/env bats
# The ledger: what a role that may load cannot write into it, and the number of a load in a copied database.

bats_require_minimum_version 1.5.0
load support

teardown() {
	sql "DROP OWNED BY $clerk CASCADE; DROP ROLE $clerk"
	dropdb --force "$PGDATABASE"
}

begin() {
	one_row a.csv
	ttr-load --json a.csv >summary
	clerk="${PGDATABASE}_clerk"
	sql "CREATE ROLE $clerk LOGIN; SELECT ttr.grant_load('$clerk')" >/dev/null
}

as_clerk() {
	psql -XqAt -v ON_ERROR_STOP=1 -U "$clerk" -c "$1"
}

# A row of the ledger as a loader may write it, but for one column.
forge() {
	local -A row=([load_id]="currval('ttr_data.load_load_id_seq')" [started_at]='now()' [finished_at]='now()' [loader_version]="'0'" [files]="'[]'"
		[bytes]=0 [read]=0 [inserted]=0 [updated]=0 [unchanged]=0 [older]=0 [duplicate]=0 [rejected]=0 [naive_timestamps]=0)
	row[$1]=$2
	local IFS=,
	as_clerk "SELECT ttr_data.next_load_id(); INSERT INTO ttr_data.load (${!row[*]}) VALUES (${row[*]})"
}

reads_the_history() {
	sql 'SELECT * FROM ttr.load_history; SELECT ttr.page(); SELECT ttr.refresh()' >/dev/null
}

@test "a loader writes the row of its own load, and cannot break the history or forge a row of it" {
	begin
	while IFS='|' read -r column value message; do
		run forge "$column" "$value"
		[ "$status" -ne 0 ] || { echo "written: $column = $value"; return 1; }
		contains "$output" "$message"
	done <<-'FORGED'
		files|'{}'::jsonb|load_files_check
		files|'"a.csv"'::jsonb|load_files_check
		loaded_by|'postgres'|permission denied for table load
		summary|'{"total_closed": -1}'|load_summary_has_figures
		exported_at|'294000-01-01'|still to come
		exported_at|now() + interval '2 hours'|still to come
		exported_at|'-infinity'|load_times
		confirmed_at|now()|permission denied for table load
		started_at|'-infinity'|load_times
		started_at|'4714-11-24 00:00+00 BC'|load_times
		finished_at|'infinity'|still to come
		finished_at|'4714-11-24 00:00+00 BC'|load_times
		bytes|-1|load_check
		load_id|1|is not that of this session
		load_id|9223372036854775807|is not that of this session
	FORGED
	run forge exported_at "'2025-06-01'"
	equals "$status" 0
	equals "$(sql "SELECT loaded_by FROM ttr_data.load ORDER BY load_id DESC LIMIT 1")" "$clerk"
	reads_the_history
	one_row b.csv
	run_load -U "$clerk" --exported-at=2026-01-01T00:00:00Z b.csv
	equals "$status" 0
}

@test "a loader writes the summary of a load once, and one that the history can show" {
	begin
	run as_clerk "UPDATE ttr_data.load SET summary = '{\"total_closed\": 5}' WHERE load_id = 1"
	contains "$output" 'the summary of load 1 stands'
	run_load --no-refresh -U "$clerk" a.csv
	sql 'ALTER TABLE ttr_data.load DISABLE TRIGGER check_load; UPDATE ttr_data.load SET summary = NULL; ALTER TABLE ttr_data.load ENABLE TRIGGER check_load'
	for summary in '{"total_closed": "x"}' '{"total_closed": 1e400}' '{"total_closed": 1.5}' '{"median_hours": 1e400}' '{"p95_hours": {}}' \
		'{"total_closed": -1}' '{"a": "\u0000", "total_closed": 1}'; do
		run as_clerk "UPDATE ttr_data.load SET summary = '$summary'"
		[ "$status" -ne 0 ] || { echo "written: $summary"; return 1; }
	done
	for summary in '[]' '"x"' 'null' '{}' '{"total_closed": 3, "median_hours": 1e-300, "p95_hours": null}'; do
		as_clerk "BEGIN; UPDATE ttr_data.load SET summary = '$summary'; SELECT * FROM ttr.load_history; ROLLBACK" >/dev/null
	done
}

@test "the newest date of a load cannot be set into the future" {
	begin
	run as_clerk "UPDATE ttr_data.load SET confirmed_at = '2999-01-01'"
	contains "$output" 'still to come'
	run sql "UPDATE ttr_data.load SET exported_at = '2999-01-01'"
	contains "$output" 'still to come'
}

@test "attributes that are no object, written by hand, do not keep the conversation from being loaded" {
	begin
	export_csv changed.csv +plan '1,u,2025-05-01T08:00:00Z,2025-05-01T12:00:00Z,closed,a@x,gold'
	for attributes in '[]' 1 '"x"' null; do
		as_clerk "UPDATE ttr_data.conversation SET fingerprint = NULL, attributes = '$attributes'"
		run_load -U "$clerk" changed.csv
		equals "$status" 0
		known 'resolved_at, attributes' '2025-05-01 12:00:00+00|{"plan": "gold"}'
	done
}

@test "in a copy of the rows without the place of the sequence, loads go on with new numbers" {
	begin
	sql "INSERT INTO ttr_data.load (load_id, started_at, finished_at, loader_version, files, bytes, read, inserted, updated, unchanged, older,
	                                duplicate, rejected, naive_timestamps)
	     VALUES (41, now(), now(), '0', '[]', 0, 0, 0, 0, 0, 0, 0, 0, 0); ALTER SEQUENCE ttr_data.load_load_id_seq RESTART"
	run_load -U "$clerk" a.csv
	equals "$status" 0
	equals "$(sql 'SELECT max(load_id) FROM ttr_data.load')" 42
	run_load a.csv
	equals "$(sql 'SELECT max(load_id) FROM ttr_data.load')" 43
}
