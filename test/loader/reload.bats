#!/usr/bin/env bats
# The way of a record: the first load of an export goes straight into the facts; of a later export only what differs is staged, and
# the loader says how many records that spared. From the 10,001st record on it compares, so the exports have some more.

bats_require_minimum_version 1.5.0
load support

readonly rows=12000

# The same export for all tests: so many conversations in ascending order.
setup_file() {
	export EXPORT=$BATS_FILE_TMPDIR/export.csv
	"$CHECKOUT/build/generate" --rows=$rows >"$EXPORT"
}

# Loads without a refresh, and shows which way the records went.
load_export() {
	run --separate-stderr ttr-load --json --verbose --no-refresh "$@"
	equals "$status" 0
}

straight() {
	sed -n 's/^ttr-load: written straight into the facts: \([0-9]*\) records/\1/p' <<<"$stderr"
}

# Records and ranges: "2000 1".
known_already() {
	sed -n 's/^ttr-load: in the facts already, and not staged: \([0-9]*\) records; ranges of identifiers: \([0-9]*\)/\1 \2/p' <<<"$stderr"
}

counts() {
	field '.load | [.read, .inserted, .updated, .unchanged, .duplicate]'
}

# Everything that is known of all conversations, but for the load that wrote it: LOADED BY
all_facts() {
	sql "SELECT md5(string_agg(c::text, E'\n' ORDER BY conversation_id))
	     FROM (SELECT (to_jsonb(c) - 'load_id') FROM ttr_data.conversation AS c) AS c (c), LATERAL (SELECT c ->> 'conversation_id') AS i (conversation_id)"
}

# Line N of the export, counted without the header: edit N SCRIPT
edit() {
	sed -i "$(($1 + 1))$2" "${3:-day.csv}"
}

# --- the first load

@test "a first load goes straight into the facts, and they are those that the stage would make" {
	load_export "$EXPORT"
	equals "$(straight)" $rows
	equals "$(counts)" "[$rows,$rows,0,0,0]"
	straight_facts=$(all_facts)
	straight_views=$(sql "SELECT md5(string_agg(c::text, '' ORDER BY conversation_id)) FROM ttr.conversations AS c")

	# Of two files nothing goes straight.
	dropdb "$PGDATABASE" && createdb "$PGDATABASE"
	head -1 "$EXPORT" >empty.csv
	load_export "$EXPORT" empty.csv
	equals "$(straight)" ''
	equals "$(all_facts)" "$straight_facts"
	equals "$(sql "SELECT md5(string_agg(c::text, '' ORDER BY conversation_id)) FROM ttr.conversations AS c")" "$straight_views"
}

@test "attributes go straight, too, and records without any keep an empty object" {
	printf '%s\n' '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open"}' \
		'{"conversation_id":"2","started_at":"2025-05-01T08:00:00Z","state":"open","plan":"gold"}' \
		'{"conversation_id":"3","started_at":"2025-05-01T08:00:00Z","state":"open"}' >a.jsonl
	load_export a.jsonl
	equals "$(straight)" 3
	known 'conversation_id, attributes, fingerprint IS NOT NULL' $'1|{}|t\n2|{"plan": "gold"}|t\n3|{}|t'
}

@test "what needs more than its own record is staged, with all that follows" {
	jq -c . "$CHECKOUT/test/data/intercom/conversation.json" >timeline.jsonl
	open() { printf '{"conversation_id":"%s","started_at":"2025-05-01T08:00:00Z","state":"open"}\n' "$1"; }
	{ open 1 && open 2 && cat timeline.jsonl && open 9; } >a.jsonl
	load_export a.jsonl
	equals "$(straight)" 2
	equals "$(counts)" '[4,4,0,0,0]'

	dropdb "$PGDATABASE" && createdb "$PGDATABASE"
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x' '2,u,2025-05-01T08:00:00,2025-05-01T10:00:00,closed,a@x'
	load_export --timezone=Europe/Berlin b.csv
	equals "$(straight)" 1
	known started_at $'2025-05-01 08:00:00+00\n2025-05-01 06:00:00+00'
}

@test "a conversation that comes again out of order counts once, by its newest record" {
	export_csv a.csv +updated_at '1,u,2025-05-01T08:00:00Z,,open,a@x,2025-05-01T09:00:00Z' \
		'2,u,2025-05-01T08:00:00Z,,open,b@x,2025-05-01T12:00:00Z' \
		'1,u,2025-05-01T08:00:00Z,,open,c@x,2025-05-01T10:00:00Z' '2,u,2025-05-01T08:00:00Z,,open,d@x,2025-05-01T11:00:00Z' \
		'3,u,2025-05-01T08:00:00Z,,open,e@x,2025-05-01T10:00:00Z'
	load_export a.csv
	equals "$(counts)" '[5,3,0,0,2]'
	known 'conversation_id, assignee_email' $'1|c@x\n2|b@x\n3|e@x'
}

@test "where a policy on rows guards the facts, a first load is staged" {
	ttr-load --init
	sql "CREATE ROLE \"${PGDATABASE}_guarded\" LOGIN; GRANT CREATE ON DATABASE \"$PGDATABASE\" TO \"${PGDATABASE}_guarded\";
	     SELECT ttr.grant_load('${PGDATABASE}_guarded'); ALTER TABLE ttr_data.conversation ENABLE ROW LEVEL SECURITY;
	     CREATE POLICY everything ON ttr_data.conversation USING (true)"
	load_export -U "${PGDATABASE}_guarded" "$EXPORT"
	equals "$(straight)" ''
	equals "$(counts)" "[$rows,$rows,0,0,0]"
	sql "DROP OWNED BY \"${PGDATABASE}_guarded\" CASCADE; DROP ROLE \"${PGDATABASE}_guarded\""
}

@test "a dry run that goes straight keeps nothing" {
	load_export --dry-run "$EXPORT"
	equals "$(straight)" $rows
	equals "$(facts)" none
}

# --- a later export

@test "of the same export nothing more is staged, once it compares" {
	load_export "$EXPORT"
	before=$(sql "SELECT md5(string_agg(c::text || xmin::text, '' ORDER BY conversation_id)) FROM ttr_data.conversation AS c")
	load_export "$EXPORT"
	equals "$(known_already)" '1999 1'
	equals "$(counts)" "[$rows,0,0,$rows,0]"
	equals "$(field .total)" $rows
	equals "$(sql "SELECT md5(string_agg(c::text || xmin::text, '' ORDER BY conversation_id)) FROM ttr_data.conversation AS c")" "$before"
	load_export --dry-run "$EXPORT"
	equals "$(known_already)" '1999 1'
	equals "$(counts)" "[$rows,0,0,$rows,0]"
}

@test "a record that differs in one byte is found; what is missing and what is new do not hide the rest" {
	load_export "$EXPORT"
	cp "$EXPORT" day.csv
	edit 10500 's/cust-/Cust-/'
	edit 10800 's/,\([a-z.]*\)@payfern/,x\1@payfern/'
	edit 11000 's/^\([0-9]*\),/\1+,/'
	edit 11500 d
	load_export --exported-at=2025-08-01T00:00:00Z day.csv
	# The conversation of line 11,000 has another identifier now: the export does not name the old one any more.
	equals "$(known_already)" '1995 3'
	equals "$(counts)" "[$((rows - 1)),1,2,$((rows - 4)),0]"
	equals "$(field .total)" $((rows - 1))
	equals "$(field .database.total)" $((rows + 1))
	equals "$(sql "SELECT count(*) FROM ttr_data.conversation WHERE user_id LIKE 'Cust-%' OR assignee_email LIKE 'x%' OR conversation_id LIKE '%+'")" 3
}

@test "an export in another order is compared as a whole" {
	load_export "$EXPORT"
	{ head -1 "$EXPORT" && tail -n +2 "$EXPORT" | tac; } >down.csv
	load_export down.csv
	equals "$(known_already)" ''
	equals "$(counts)" "[$rows,0,0,$rows,0]"

	# Where the order ends late, what was known before stays so.
	{ cat "$EXPORT" && sed -n 5000p "$EXPORT" | sed 's/cust-/Cust-/'; } >again.csv
	load_export again.csv
	equals "$(known_already)" '1999 1'
	equals "$(counts)" "[$((rows + 1)),0,1,$((rows - 1)),1]"
}

@test "timelines are spared where they have a version of their own" {
	for i in $(seq -w 1 10005); do
		printf '{"conversation_id":"%s","started_at":"2025-05-01T08:00:00Z","state":"open"}\n' "$i"
	done >a.jsonl
	jq -c '.id = "20001"' "$CHECKOUT/test/data/intercom/conversation.json" >>a.jsonl
	load_export a.jsonl
	events=$(sql 'SELECT count(*) FROM ttr_data.event')
	[ "$events" -gt 0 ]
	load_export a.jsonl
	equals "$(known_already)" '5 1'
	equals "$(counts)" '[10006,0,0,10006,0]'
	equals "$(sql 'SELECT count(*) FROM ttr_data.event')" "$events"
}

@test "local times are compared by the server" {
	sed 's/Z,/,/g' "$EXPORT" >local.csv
	load_export local.csv
	equals "$(straight)" $rows
	load_export local.csv
	equals "$(known_already)" '1999 1'
	load_export --timezone=Europe/Berlin --exported-at=2025-08-01T00:00:00Z local.csv
	equals "$(known_already)" ''
	equals "$(counts)" "[$rows,0,$rows,0,0]"
}

# --- the second connection

@test "a second connection that is refused, or lost on the way, only means that more is staged" {
	"$CHECKOUT/build/generate" --rows=40000 >large.csv
	load_export large.csv
	mkfifo pipe
	ttr-load --json --verbose --no-refresh - <pipe >summary 2>messages &
	loader=$!
	exec 7>pipe
	head -n 11000 large.csv >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%' AND wait_event = 'ClientWrite'" 1
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%'" >/dev/null
	tail -n +11001 large.csv >&7
	end_endless_load
	equals "$code" 0
	stderr=$(cat messages) output=$(cat summary)
	[ "$(known_already | cut -d' ' -f1)" -lt 30000 ]
	equals "$(counts)" '[40000,0,0,40000,0]'
	equals "$(field .total)" 40000

	sql "CREATE ROLE \"${PGDATABASE}_lonely\" LOGIN CONNECTION LIMIT 1; GRANT CREATE ON DATABASE \"$PGDATABASE\" TO \"${PGDATABASE}_lonely\";
	     SELECT ttr.grant_load('${PGDATABASE}_lonely')"
	load_export -U "${PGDATABASE}_lonely" "$EXPORT"
	equals "$(known_already)" ''
	contains "$stderr" 'too many connections for role'
	equals "$(field .load.read)" $rows
	sql "DROP OWNED BY \"${PGDATABASE}_lonely\" CASCADE; DROP ROLE \"${PGDATABASE}_lonely\""
}

@test "Ctrl-C ends a load that compares, and both of its connections" {
	load_export "$EXPORT"
	sql "BEGIN; UPDATE ttr_data.conversation SET user_id = 'x' WHERE conversation_id = (SELECT max(conversation_id) FROM ttr_data.conversation); COMMIT"
	mkfifo pipe
	env --default-signal=INT ttr-load --json --no-refresh - <pipe >summary 2>messages &
	loader=$!
	exec 7>pipe
	head -n 10500 "$EXPORT" >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%'" 1
	kill -INT "$loader"
	end_endless_load
	equals "$code" 130
	contains "$(cat messages)" 'nothing is loaded'
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ttr-load'" 0
}
