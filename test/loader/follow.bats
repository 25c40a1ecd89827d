#!/usr/bin/env bats
# --follow: an endless stream is loaded batch by batch, each batch a load of its own.

bats_require_minimum_version 1.5.0
load support

record() {
	printf '{"conversation_id":"%s","started_at":1767603600,"resolved_at":1767607200,"state":"closed","updated_at":%s}\n' "$1" "${2:-1767607200}"
}

# Starts to follow a pipe, whose other end is descriptor 7.
begin() {
	ttr-load --init
	mkfifo pipe
	env --default-signal=INT ttr-load --json --follow "$@" - <pipe >summaries 2>messages 7>&- &
	loader=$!
	exec 7>pipe
}

# Closes the pipe and waits.
end() {
	exec 7>&-
	wait "$loader" && code=0 || code=$?
}

teardown() {
	exec 7>&-
	[ -z "${loader:-}" ] || kill -KILL "$loader" 2>/dev/null || true
	no_timeline_begins_elsewhere
	dropdb --force "$PGDATABASE"
}

loads() {
	sql "SELECT string_agg(read::text, ' ' ORDER BY load_id) FROM ttr_data.load"
}

@test "a batch is committed and refreshed so many seconds after its first record, while the stream goes on" {
	begin --every=0.5
	record 1 >&7
	record 2 >&7
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 2
	wait_for 'SELECT total_closed FROM ttr.overall' 2
	record 3 >&7
	wait_for 'SELECT total_closed FROM ttr.overall' 3
	kill -0 "$loader"
	end
	equals "$code" 0
	equals "$(jq -sc 'map(.load.inserted)' summaries)" '[2,1]'
}

@test "or when so many records are in it" {
	begin --every=3600 --batch=2
	for id in 1 2 3 4 5; do record $id >&7; done
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 4
	end
	equals "$code" 0
	equals "$(loads)" '2 2 1'
}

@test "no transaction is open while nothing comes" {
	begin --every=0.2
	wait_for "SELECT string_agg(state, ' ') FROM pg_stat_activity WHERE application_name = 'ttr-load' AND datname = current_database()" idle
	sleep 0.5
	equals "$(sql "SELECT state FROM pg_stat_activity WHERE application_name = 'ttr-load' AND datname = current_database()")" idle
	record 1 >&7
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 1
	wait_for "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
	          WHERE locktype = 'advisory' AND datname = current_database()" 0
	end
}

@test "a record may come in pieces, over the end of a batch" {
	begin --every=0.3
	record 1 >&7
	record 2 | head -c 40 >&7
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 1
	record 2 | tail -c +41 >&7
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 2
	end
	equals "$code" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.reject')" 0
}

@test "a signal finishes the batch, and ends the program well" {
	for signal in INT TERM HUP; do
		rm -f pipe
		begin --every=3600
		record "$signal" >&7
		wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
		kill -$signal "$loader"
		wait "$loader" && code=0 || code=$?
		exec 7>&-
		equals "$code" 0
		equals "$(sql "SELECT total_closed FROM ttr.overall, ttr_data.conversation WHERE conversation_id = '$signal'" | head -c 1 | wc -c)" 1
	done
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 3
}

# Whoever holds a lock and sleeps.
let_go() {
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'" >/dev/null
}

@test "a second signal rolls the batch back" {
	begin --every=3600
	record 1 >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
	psql -Xq -c "BEGIN; LOCK TABLE ttr_data.conversation; SELECT pg_sleep(600)" >/dev/null 2>&1 &
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.conversation'::regclass AND mode = 'AccessExclusiveLock' AND granted" 1
	kill -INT "$loader"
	sleep 0.5
	kill -INT "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" 130
	let_go
	wait
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 0
}

@test "a connection lost during the refresh does not end the stream" {
	run_load --init
	# The first refresh alone ends its session; the server stays.
	sql "CREATE SEQUENCE public.refreshes;
	     CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE sql AS
	     'SELECT pg_terminate_backend(pg_backend_pid()) WHERE nextval(''public.refreshes'') = 1'"
	for id in 1 2 3; do record $id; done >stream
	run_load --follow --batch=2 - <stream
	equals "$status" 0
	contains "$stderr" 'the figures are published once more'
	equals "$(sql 'SELECT count(*), (SELECT last_value FROM public.refreshes) FROM ttr_data.conversation')" '3|3'
}

@test "a signal while nothing comes ends the program" {
	begin
	sleep 0.2
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" 0
}

@test "a signal while nobody has opened the pipe ends the program" {
	ttr-load --init
	mkfifo pipe
	ttr-load --json --follow pipe >summaries 2>messages 7>&- &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ttr-load'" 1
	sleep 0.2
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" 0
	equals "$(cat messages)" ''
}

@test "a bad line is rejected in its batch, and the stream goes on" {
	begin --every=0.3 --rejects=rejects.csv
	{ record 1; echo 'not JSON'; } >&7
	wait_for 'SELECT count(*) FROM ttr_data.reject' 1
	# That a record lacks its end is seen when another one starts.
	{ echo '{"conversation_id":'; record 2; record 3; } >&7
	wait_for 'SELECT count(*) FROM ttr_data.reject' 2
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 3
	end
	equals "$code" 4
	equals "$(cut -d, -f 2,5 rejects.csv)" $'line,reason\n2,bad_json\n3,bad_json'
}

@test "a signal ends it after the batch in hand, which takes all that was read ahead" {
	ttr-load --init
	for id in {1..500}; do record $id; done >records
	psql -Xq -c "BEGIN; LOCK TABLE ttr_data.conversation; SELECT pg_sleep(600)" >/dev/null 2>&1 &
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.conversation'::regclass AND mode = 'AccessExclusiveLock' AND granted" 1
	ttr-load --json --follow --batch=1 - <records >summaries 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.conversation'::regclass AND NOT granted" 1
	kill -TERM "$loader"
	let_go
	wait "$loader" && code=0 || code=$?
	equals "$code" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 500
	# The first batch was full when the signal came, so that the rest is one of its own.
	equals "$(loads)" '1 499'
}

@test "a record that has begun when a signal comes is waited for" {
	begin --every=3600
	{ record 1; record 2 | head -c 40; } >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
	kill -TERM "$loader"
	sleep 0.1
	record 2 | tail -c +41 >&7
	wait "$loader" && code=0 || code=$?
	equals "$code" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 2
}

@test "a record that has no end soon is left, with a sentence, and is no bad one, though its writer ends first" {
	for ended in never before after; do
		rm -f pipe
		begin --every=3600
		{ record $ended; record 2 | head -c 40; } >&7
		wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
		[ $ended != before ] || { exec 7>&-; sleep 0.1; }
		kill -TERM "$loader"
		[ $ended != after ] || { sleep 0.1; exec 7>&-; }
		wait "$loader" && code=0 || code=$?
		exec 7>&-
		equals "$code" 0
		contains "$(cat messages)" 'stopped within a record: its first 40 bytes were read, and are not loaded'
		equals "$(sql "SELECT count(*) FROM ttr_data.conversation WHERE conversation_id = '$ended'")" 1
		equals "$(sql 'SELECT count(*) FROM ttr_data.reject')" 0
	done
}

@test "a stream that ends within a record, and without a signal, has a bad one" {
	begin --every=3600
	{ record 1; record 2 | head -c 40; } >&7
	end
	equals "$code" 4
	equals "$(rejects)" '2|bad_json|'
}

@test "webhooks add to what is known" {
	begin --every=0.3
	jq -c . "$CHECKOUT/test/data/intercom/conversation.json" >&7
	wait_for 'SELECT count(*) FROM ttr_data.conversation' 1
	jq -c '.data.item.updated_at += 5 | .data.item.tags.tags[0].name = "new"' "$CHECKOUT/test/data/intercom/webhook.json" >&7
	wait_for "SELECT count(*) FROM ttr_data.conversation WHERE tags = '{new}' AND first_response_at IS NOT NULL" 1
	end
	equals "$code" 0
}

@test "--follow takes one stream of JSON, and no report" {
	for arguments in '--follow' '--follow a b' '--follow --report=r.csv -' '--follow --dry-run -' '--follow --format=csv -' \
		'--follow --every=0 -' '--follow --every=x -' '--follow --batch=0 -' '--follow --batch=1x -'; do
		run --separate-stderr ttr-load $arguments </dev/null
		equals "$status" 1
	done
}
