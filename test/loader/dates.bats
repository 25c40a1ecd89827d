#!/usr/bin/env bats
# The dates of exports, where they are the version of the facts: they stand in the ledger, for all rows of a load at once. A newer export that
# repeats most of a load gets there without a row being written, and what is dated in between is older than that.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# So many that the ledger is worth it: of fewer repeated records each row gets its own date.
readonly rows=12000

setup_file() {
	export EXPORT=$BATS_FILE_TMPDIR/export.csv
	"$CHECKOUT/build/generate" --rows=$rows >"$EXPORT"
}

# Loads a file as taken on that day of July: load_of_day DAY FILE
load_of_day() {
	run --separate-stderr ttr-load --json=brief --no-refresh --exported-at="2025-07-0$1T00:00:00Z" "$2"
	equals "$status" 0
}

counts() {
	field '.load | [.inserted, .updated, .unchanged, .older]'
}

# How many conversations are of which day: "1|4000 3|8000".
days() {
	sql "SELECT extract(day FROM exported_at), count(*) FROM ttr.conversations GROUP BY 1 ORDER BY 1" | paste -sd' '
}

# A row that is written gets another xmin.
rows_written() {
	sql "SELECT md5(string_agg((xmin, ctid)::text, ' ' ORDER BY conversation_id)) FROM ttr_data.conversation"
}

confirmed() {
	sql "SELECT load_id, extract(day FROM confirmed_at) FROM ttr_data.load ORDER BY load_id" | paste -sd' '
}

@test "a newer export that repeats everything is noted once, in the ledger, and no row is written" {
	load_of_day 1 "$EXPORT"
	before=$(rows_written)
	load_of_day 3 "$EXPORT"
	equals "$(counts)" "[0,0,$rows,0]"
	equals "$(days)" "3|$rows"
	equals "$(confirmed)" '1|3 2|'
	equals "$(rows_written)" "$before"
}

@test "an export that is dated in between, and loaded later, is older" {
	load_of_day 1 "$EXPORT"
	load_of_day 3 "$EXPORT"
	sed -E '2,11s/,[0-9]+,([0-9]+)\r?$/,777,\1/' "$EXPORT" >between.csv
	equals "$(grep -c ',777,' between.csv)" 10
	load_of_day 2 between.csv
	equals "$(counts)" "[0,0,0,$rows]"
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation WHERE message_count = 777')" 0
	equals "$(days)" "3|$rows"
}

@test "of a load that an export repeats for the most part, the rest keeps its date" {
	load_of_day 1 "$EXPORT"
	head -n 10001 "$EXPORT" >most.csv
	load_of_day 3 most.csv
	equals "$(counts)" '[0,0,10000,0]'
	equals "$(confirmed)" '1|3 2|'
	equals "$(days)" '1|2000 3|10000'
	load_of_day 2 "$EXPORT"
	equals "$(counts)" '[0,0,2000,10000]'
	equals "$(days)" '2|2000 3|10000'
}

@test "of few repeated records each gets the date of its own" {
	load_of_day 1 "$EXPORT"
	head -n 3001 "$EXPORT" >few.csv
	load_of_day 3 few.csv
	equals "$(counts)" '[0,0,3000,0]'
	equals "$(confirmed)" '1| 2|'
	equals "$(days)" '1|9000 3|3000'
	load_of_day 4 "$EXPORT"
	equals "$(counts)" "[0,0,$rows,0]"
	equals "$(days)" "4|$rows"
}

@test "what changes in a newer export belongs to its load, and the rest of the older load is confirmed" {
	load_of_day 1 "$EXPORT"
	sed -E '2,101s/,[0-9]+,([0-9]+)\r?$/,777,\1/' "$EXPORT" >later.csv
	load_of_day 3 later.csv
	equals "$(counts)" "[0,100,11900,0]"
	equals "$(confirmed)" '1|3 2|'
	equals "$(sql 'SELECT load_id, count(*) FROM ttr_data.conversation GROUP BY 1 ORDER BY 1' | paste -sd' ')" '1|11900 2|100'
	equals "$(days)" "3|$rows"
	load_of_day 2 "$EXPORT"
	equals "$(counts)" "[0,0,0,$rows]"
}

@test "a statement that a newer export repeats gets its date" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	printf '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"snoozed","plan":"gold"}\n' >b.json
	export_csv between.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	load_of_day 1 a.csv
	load_of_day 2 b.json
	equals "$(sql 'SELECT count(*) FROM ttr_data.statement')" 2
	load_of_day 4 b.json
	equals "$(counts)" '[0,0,1,0]'
	load_of_day 3 between.csv
	equals "$(sql 'SELECT state FROM ttr_data.conversation')" snoozed
	load_of_day 5 between.csv
	equals "$(sql 'SELECT state FROM ttr_data.conversation')" closed
}

@test "the ledger row of a load whose facts stand cannot be removed, the others can" {
	one_row a.csv
	load_of_day 1 a.csv
	load_of_day 1 a.csv
	sql 'DELETE FROM ttr_data.load WHERE load_id = 2'
	run sql 'DELETE FROM ttr_data.load'
	contains "$output" 'the ledger row of a load whose facts stand cannot be removed'
	equals "$(sql 'SELECT load_id FROM ttr_data.load')" 1
}
