#!/usr/bin/env bats
# The figures follow the facts, whoever writes at the same time and whatever is killed or restored.

bats_require_minimum_version 1.5.0
load support

# What differs from the facts; right after a refresh nothing.
differences() {
	sql "SELECT view, key, figure, published, from_facts FROM ttr.check() LIMIT 5"
}

total_closed() {
	sql 'SELECT total_closed FROM ttr.overall'
}

add() {
	printf "INSERT INTO ttr_data.conversation (conversation_id, state, started_at, resolved_at, assignee_email, exported_at, load_id)
	        VALUES ('%s', 'closed', '2025-05-20 08:00Z', '2025-05-20 09:00Z', 'ann@x', '2025-06-01', 1);" "$1"
}

@test "two writers of the same hours wait for nobody, and each is in the figures once it has committed" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	mkfifo writer
	psql -XqAt <writer &
	exec 7>writer
	echo "BEGIN; $(add first)" >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'INSERT INTO ttr_data.conv%'" 1
	sql "SET lock_timeout = '100ms'; $(add second)"
	run timeout 20 ttr-load --refresh
	equals "$status" 0
	equals "$(total_closed)" 820
	echo "COMMIT;" >&7
	exec 7>&-
	wait
	ttr-load --refresh
	equals "$(total_closed)" 821
	equals "$(differences)" ''
}

# A session that is in the midst of a transaction: it runs what is written to descriptor 7.
begin() {
	mkfifo session
	psql -XqAt <session &
	exec 7>session
	echo "BEGIN; $1" >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()" 1
}

commit() {
	echo 'COMMIT;' >&7
	exec 7>&-
	wait
}

@test "who writes while the first refresh would make its triggers is not kept waiting, and nothing of it is lost" {
	ttr-load --init
	sql "$(add earlier)"
	begin "$(add first)"
	run timeout 20 ttr-load --refresh
	equals "$status" 0
	equals "$(total_closed) $(sql 'SELECT is_fresh FROM ttr.freshness')" '1 f'
	sql "$(add 'without a mark')"
	commit
	ttr-load --refresh
	equals "$(total_closed) $(sql 'SELECT is_fresh FROM ttr.freshness')" '3 t'
	sql "$(add marked)"
	equals "$(sql 'SELECT hour FROM ttr_data.mark GROUP BY hour ORDER BY hour')" $'2025-05-20 08:00:00+00\n2025-05-20 09:00:00+00'
	ttr-load --refresh
	equals "$(total_closed)$(differences)" 4
}

@test "a refresh in a transaction of one snapshot leaves everything marked that it may not have seen" {
	ttr-load --init
	begin "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1;"
	sql "$(add unseen)"
	echo 'SELECT ttr.refresh();' >&7
	commit
	equals "$(total_closed) $(sql 'SELECT is_fresh FROM ttr.freshness')" '0 f'
	ttr-load --refresh
	equals "$(total_closed) $(sql 'SELECT is_fresh FROM ttr.freshness')" '1 t'
}

@test "of two sessions that would build the indexes one does, and neither waits for the other" {
	ttr-load --init
	sql "$(add one)"
	begin 'SELECT ttr_data.index_facts();'
	run timeout 20 ttr-load --refresh
	equals "$status" 0
	commit
	equals "$(sql "SELECT count(*) FROM pg_indexes WHERE schemaname = 'ttr_data' AND tablename = 'conversation'")" 6
	equals "$(total_closed)" 1
}

@test "while two write and one refreshes, nothing is forgotten and nothing counts twice" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	for writer in 1 2; do
		for i in {1..60}; do
			add "$writer-$i"
			echo "UPDATE ttr_data.conversation SET resolved_at = resolved_at + interval '5 hours', assignee_email = 'w$writer@x'
			      WHERE conversation_id = '$writer-$((i / 2 + 1))';
			      DELETE FROM ttr_data.conversation WHERE conversation_id = '$writer-$((i - 20))';"
		done | psql -Xq -v ON_ERROR_STOP=1 &
	done
	for i in {1..15}; do
		ttr-load --refresh
		equals "$(sql 'SELECT o.total_closed = d.total AND o.total_closed = a.total FROM ttr.overall AS o,
		               (SELECT sum(total_closed) AS total FROM ttr.daily) AS d, (SELECT sum(total_closed) AS total FROM ttr.by_assignee) AS a')" t
	done
	wait
	ttr-load --refresh
	equals "$(differences)" ''
	equals "$(total_closed)" $((819 + 40))
}

@test "a reader in a loop never waits for a lock, and never sees a set that is half refreshed" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	{
		echo "SET lock_timeout = '100ms';"
		for i in {1..40}; do
			echo "SELECT count(*) FROM (SELECT total_closed FROM ttr.overall
			      UNION SELECT sum(total_closed) FROM ttr.daily UNION SELECT sum(total_closed) FROM ttr.by_assignee
			      UNION SELECT sum(total_closed) FROM ttr.weekly UNION SELECT sum(total_closed) FROM ttr.monthly
			      UNION SELECT sum(total_closed) FROM ttr.by_weekday_hour UNION SELECT sum(total_ended) FROM ttr.sla
			      UNION SELECT sum(total_closed) / 24 FROM ttr.rolling_24h
			      UNION SELECT sum(total_closed) FROM ttr.distribution_of_resolution) AS one;"
		done
	} >reads.sql
	until [ -e done ]; do psql -XqAt -v ON_ERROR_STOP=1 -f reads.sql; done >seen 2>&1 &
	reader=$!
	for i in {1..20}; do
		"$CHECKOUT/build/generate" --rows=100 --seed="$i" --start-id=$((i * 1000000)) >more.csv
		ttr-load more.csv >/dev/null
	done
	touch done
	wait "$reader"
	[ "$(wc -l <seen)" -ge 40 ]
	equals "$(sort -u seen)" 1
}

@test "killed between its COMMIT and its refresh: the next refresh takes what was marked" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	mkfifo holder
	psql -XqAt <holder &
	exec 7>holder
	echo "BEGIN; LOCK TABLE ttr_data.daily_rollup IN SHARE MODE; SELECT 1;" >&7
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.daily_rollup'::regclass AND mode = 'ShareLock' AND granted" 1
	one_row a.csv
	ttr-load --json a.csv >summary 2>messages &
	loader=$!
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.daily_rollup'::regclass AND NOT granted" 1
	kill -KILL "$loader"
	sql "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'ttr_data.daily_rollup'::regclass AND NOT granted" >/dev/null
	exec 7>&-
	wait || true
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1001
	equals "$(total_closed)" 819
	equals "$(sql 'SELECT is_fresh FROM ttr.freshness')" f
	ttr-load --refresh
	equals "$(total_closed)" 820
	equals "$(differences)" ''
}

@test "a load that names what is known already recomputes nothing" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	before=$(sql 'SELECT refreshed_at FROM ttr.freshness')
	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$(sql 'SELECT refreshed_at FROM ttr.freshness')" "$before"
}

@test "restored as a whole, or first the schema and then the data: the figures are there, and follow" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00'); UPDATE ttr_data.setting SET calendar = 'office'"
	sql "$(add 'not refreshed yet')"
	for way in whole parts silently; do
		copy="${PGDATABASE}_$way"
		createdb "$copy"
		case $way in
			whole) pg_dump | PGDATABASE=$copy psql -Xq -v ON_ERROR_STOP=1 >/dev/null ;;
			parts) { pg_dump --schema-only && pg_dump --data-only; } | PGDATABASE=$copy psql -Xq -v ON_ERROR_STOP=1 >/dev/null ;;
			silently) { pg_dump --schema-only && pg_dump --data-only --disable-triggers; } | PGDATABASE=$copy psql -Xq -v ON_ERROR_STOP=1 >/dev/null ;;
		esac
		PGDATABASE=$copy ttr-load --refresh
		equals "$way: $(PGDATABASE=$copy total_closed) $(PGDATABASE=$copy differences)" "$way: 820 "
		PGDATABASE=$copy sql "$(add 'after it')"
		PGDATABASE=$copy ttr-load --refresh
		equals "$way: $(PGDATABASE=$copy total_closed) $(PGDATABASE=$copy differences)" "$way: 821 "
		dropdb "$copy"
	done
}

@test "a zone that is changed while a refresh waits is in its figures as a whole, or in those of the next" {
	ttr-load --init
	sql "$(add one)
	     INSERT INTO ttr_data.calendar (name, weekly, from_day, to_day) VALUES ('office', 'mon-fri 09:00-17:00', '2026-01-01', '2027-01-01')"
	mkfifo holder
	psql -XqAt <holder &
	exec 7>holder
	echo "BEGIN; LOCK TABLE ttr_data.calendar;" >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%LOCK TABLE ttr_data.calendar%'" 1
	ttr-load --refresh &
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()" 1
	sql "UPDATE ttr_data.setting SET reporting_time_zone = 'Asia/Kolkata'"
	echo "COMMIT;" >&7
	exec 7>&-
	wait
	ttr-load --refresh
	equals "$(sql 'SELECT day, begins_at FROM ttr.daily')" '2025-05-20|2025-05-19 18:30:00+00'
}

@test "a refresh that the server ends for a deadlock, as beside REINDEX, is done once more" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	sql "$(add 'to be seen')"
	mkfifo holder
	psql -XqAt -v ON_ERROR_STOP=1 <holder >/dev/null &
	exec 7>holder
	# As REINDEX does: first the table, against writers; then what readers hold.
	echo "SET deadlock_timeout = '1min'; BEGIN; LOCK TABLE ttr_data.daily_rollup IN SHARE MODE;" >&7
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.daily_rollup'::regclass AND mode = 'ShareLock' AND granted" 1
	PGOPTIONS='-c deadlock_timeout=3s' ttr-load --refresh 7>&- &
	refresher=$!
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.daily_rollup'::regclass AND NOT granted" 1
	echo "LOCK TABLE ttr_data.refreshed; COMMIT;" >&7
	exec 7>&-
	wait "$refresher"
	equals "$(total_closed)" 820
	equals "$(differences)" ''
	wait_for 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()' 1
}

@test "with names in quotes everywhere, as a database may be set, loads and refreshes go on" {
	sql "ALTER DATABASE $PGDATABASE SET quote_all_identifiers = on"
	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$status" 0
	sql "$(add 'by hand')"
	sql 'SELECT ttr.refresh()'
	equals "$(total_closed) $(differences)" '820 '
}
