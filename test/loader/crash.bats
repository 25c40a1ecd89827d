#!/usr/bin/env bats
# What would disturb every other test: a server that crashes, lacks files, or is told to wait for ever. So these tests have
# a server of their own.

bats_require_minimum_version 1.5.0
load support

# Descriptor 3 is how bats hears its tests: a server that inherits it keeps bats waiting for ever.
cluster() {
	"$CHECKOUT/test/cluster" "$1" "$CLUSTER" "${@:2}" 3>&- 7>&-
}

setup_file() {
	CLUSTER=$(mktemp -d /tmp/ttr-crash.XXXXXX)
	export CLUSTER PGHOST=$CLUSTER
	cluster start
}

teardown_file() {
	cluster stop
	rm -rf "$CLUSTER"
}

@test "where the extension's files are missing, it says on which machine to install them" {
	one_row a.csv
	control=$(echo "$CLUSTER"/share/postgresql/*/extension/ttr.control)
	mv "$control" .
	run_load a.csv
	mv ttr.control "$control"
	equals "$status" 3
	contains "$stderr" 'missing on the server'
	contains "$stderr" 'make install'
}

@test "a server that crashes while reading: exit code 2, nothing changed, and the next run loads" {
	begin_endless_load
	cluster restart immediate
	# (It may be gone before all is written; what counts is how it ended.)
	yes '2,u,2025-05-01T08:00:00Z,,open,a@x' | head -n 100000 >&7 || true
	end_endless_load
	equals "$code" 2
	equals "$(facts)" none
	one_row a.csv
	run_load a.csv
	equals "$(field .load.inserted)" 1
}

@test "a connection lost during COMMIT, the commit done: the ledger tells, and the run goes on" {
	one_row a.csv
	run_load --init
	# A commit is done here first, and then waits for a standby that is not there.
	sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
	sql "SELECT pg_reload_conf()" >/dev/null
	ttr-load --json a.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'ttr-load'" 1
	sql "ALTER SYSTEM RESET synchronous_standby_names"
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ttr-load'" >/dev/null
	sql "SELECT pg_reload_conf()" >/dev/null
	wait "$loader" && code=0 || code=$?
	contains "$(cat messages)" 'lost the connection during COMMIT; looking up what became of it'
	equals "$code" 0
	equals "$(jq .total_closed summary)" 1
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 1
}

@test "a connection lost for good during COMMIT: it says that it cannot know, and that running again is safe" {
	one_row a.csv
	run_load --init
	sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
	sql "SELECT pg_reload_conf()" >/dev/null
	ttr-load --json a.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'ttr-load'" 1
	sql "ALTER SYSTEM RESET synchronous_standby_names"
	cluster stop immediate
	wait "$loader" && code=0 || code=$?
	cluster restart
	equals "$code" 2
	contains "$(cat messages)" 'Running it again is safe'
	run_load a.csv
	equals "$(field '.load | [.inserted, .unchanged]')" '[0,1]'
}

# A record of a stream: its number, or one that is rejected.
streamed() {
	if (($1 % 10 == 0)); then
		echo "bad $1"
	else
		printf '{"conversation_id":"%s","started_at":1767603600,"resolved_at":1767607200,"state":"closed","updated_at":1767607200}\n' "$1"
	fi
}

@test "--follow outlives restarts of the server, whatever it is doing: every record is loaded, and none twice" {
	run_load --init
	mkfifo pipe
	ttr-load --json --follow --every=0.2 --batch=7 --rejects=rejects.csv - <pipe >summaries 2>messages 7>&- &
	loader=$!
	exec 7>pipe
	for mode in fast immediate fast immediate; do
		for number in {1..50}; do
			streamed $((++sent)) >&7
			sleep 0.01
		done
		cluster restart $mode
	done
	streamed $((++sent)) >&7
	wait_for "SELECT count(*) FROM ttr_data.conversation" 181
	wait_for "SELECT total_closed FROM ttr.overall" 181
	exec 7>&-
	wait "$loader" && code=0 || code=$?
	equals "$code" 4
	equals "$(sql 'SELECT sum(read), sum(inserted), sum(rejected) FROM ttr_data.load')" '201|181|20'
	equals "$(sql 'SELECT count(*), count(DISTINCT convert_from(raw, $$UTF8$$)) FROM ttr_data.reject')" '20|20'
	equals "$(grep -c bad_json rejects.csv)" 20
}

@test "--follow waits for a server that is away for longer, and a signal ends the wait" {
	run_load --init
	mkfifo pipe
	ttr-load --json --follow --every=0.2 - <pipe >summaries 2>messages 7>&- &
	loader=$!
	exec 7>pipe
	streamed 1 >&7
	wait_for "SELECT total_closed FROM ttr.overall" 1
	cluster stop immediate
	streamed 2 >&7
	sleep 5
	contains "$(cat messages)" 'the server does not answer yet'
	cluster restart
	wait_for "SELECT count(*) FROM ttr_data.conversation" 2
	contains "$(cat messages)" 'the server answers again: '
	cluster stop immediate
	streamed 3 >&7
	sleep 1
	kill -TERM "$loader"
	wait "$loader" && code=0 || code=$?
	exec 7>&-
	cluster restart
	equals "$code" 143
	contains "$(cat messages)" 'the last batch is not loaded'
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 2
}
