#!/usr/bin/env bats
# Kill -9, of the loader or of the server, at random moments of a load: the facts are as before it or as after it, and running
# the load again ends where an undisturbed one ends. The server is one of its own. KILLS is how often in all, 500 by default:
#
#   make check-long KILLS=10000

bats_require_minimum_version 1.5.0
load ../loader/support

# Of each of the three tests.
readonly kills=$(((${KILLS:-500} + 2) / 3))

# The load that is killed.
readonly load=(ttr-load --json after.csv after.json)

# Descriptor 3 is how bats hears its tests: a server that inherits it keeps bats waiting for ever.
cluster() {
	"$CHECKOUT/test/cluster" "$1" "$CLUSTER" "${@:2}" 3>&-
}

setup_file() {
	CLUSTER=$(mktemp -d /tmp/ttr-kill.XXXXXX)
	export CLUSTER PGHOST=$CLUSTER
	# Its locks are none that a load left.
	cluster start autovacuum=off
	cd "$BATS_FILE_TMPDIR"
	make_exports

	export PGDATABASE=before
	createdb
	ttr-load --json before.csv before.json >/dev/null
	facts_of_the_database >before.facts
	ledger >before.ledger

	# The usual duration is that of the slowest of three undisturbed loads, so that kills reach its end.
	local run
	for run in 1 2 3; do
		dropdb --if-exists after
		createdb --template=before after
		PGDATABASE=after clean_load >>durations
	done
	sort -n durations | tail -n 1 >duration
	export PGDATABASE=after
	facts_of_the_database >after.facts
	ledger >after.ledger
	views >after.views
	cmp -s before.facts after.facts && return 1
	[ "$(wc -l <after.ledger)" -gt "$(wc -l <before.ledger)" ]
}

teardown_file() {
	cluster stop
	rm -rf "$CLUSTER"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

teardown() {
	:
}

# The second export closes many conversations of the first, brings new ones, and has one record that is rejected.
make_exports() {
	local generate="$CHECKOUT/build/generate"
	"$generate" --rows=4000 --seed=1 --closed=0.4 >before.csv
	{
		"$generate" --rows=4000 --seed=1 --closed=0.9
		"$generate" --rows=2500 --seed=2 --from=2025-06-01 --start-id=215480000000001 | tail -n +2
	} >after.csv
	conversations 0 1500 3 >before.json
	{
		conversations 300 2000 8
		echo '{"type":"conversation","id":null}'
	} >after.json
}

# Intercom's conversations: those numbered from $1 up to $2, with the first $3 parts of the sample's timeline.
conversations() {
	jq -c --argjson from "$1" --argjson to "$2" --argjson parts "$3" '
		. as $sample
		| range($from; $to) as $number
		| $sample
		| .id = "\(300000 + $number)"
		| .conversation_parts |= (.conversation_parts |= .[:$parts] | .total_count = $parts)
		| .conversation_parts.conversation_parts[-1] as $last
		| .state = $last.state
		| .open = ($last.state == "open")
		| .updated_at = $last.created_at
		| .admin_assignee_id = 8811001 + $number % 20
		| (.. | objects | select(.type? == "admin" and has("email"))) |= (.id = "\(8811001 + $number % 20)" | .name = "Lee \($parts)")
		| walk(if type == "number" and . > 1700000000 and . < 1800000000 then . + $number * 60 else . end)
	' "$CHECKOUT/test/data/intercom/conversation.json"
}

# Says how many seconds it took.
clean_load() {
	local begin=$EPOCHREALTIME code=0
	"${load[@]}" >/dev/null 2>messages || code=$?
	equals "$code" 4
	awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", end - begin }'
}

# All that exports tell, but for the numbers of the loads: those that a killed load took are not given again.
facts_of_the_database() {
	local table
	for table in conversation event teammate; do
		sql "SELECT '$table', count(*), md5(string_agg(fact, E'\n' ORDER BY fact COLLATE \"C\"))
		     FROM ttr_data.$table AS t, LATERAL (SELECT (to_jsonb(t) - 'load_id')::text AS fact) AS f"
	done
}

# What people see, but for what is listed by load.
views() {
	local view
	for view in $(sql "SELECT viewname FROM pg_views WHERE schemaname = 'ttr' AND viewname NOT IN ('load_history', 'freshness', 'rejects') ORDER BY 1"); do
		sql "SELECT '$view', count(*), md5(string_agg(line, E'\n' ORDER BY line COLLATE \"C\"))
		     FROM (SELECT (to_jsonb(v) - 'load_id')::text AS line FROM ttr.$view AS v) AS lines"
	done
}

# A line a load, with the number of rejected records that are kept from it.
ledger() {
	sql "SELECT read, inserted, updated, unchanged, rejected, events, (SELECT count(*) FROM ttr_data.reject WHERE reject.load_id = load.load_id)
	     FROM ttr_data.load ORDER BY load_id"
}

# The same moments in every run of this test, as shares of the duration of a load.
random_moments() {
	awk -v seed="$1" -v kills="$kills" 'BEGIN {
		srand(seed)
		for (i = 1; i <= kills; i++)
			printf "%.4f\n", rand()
	}'
}

# Of the load before: whatever else the machine does meets both.
delay_of() {
	awk -v moment="$1" -v duration="$(<duration)" 'BEGIN { printf "%.3f\n", moment * duration }'
}

# keep_duration BEGIN: how long a whole load took that began then.
keep_duration() {
	awk -v begin="$1" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", end - begin }' >duration
}

kill_loader() {
	# It may be done by now.
	kill -KILL "$loader" 2>/dev/null || true
	wait "$loader" 2>/dev/null && code=0 || code=$?
	# Its backend learns of it when it next speaks to its client.
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()" 0
}

kill_server() {
	local processes
	# All of them at once; then what was started in between. None may still write when the server starts again.
	while mapfile -t processes < <(server_processes) && [ ${#processes[@]} -gt 0 ]; do
		kill -KILL "${processes[@]}" 2>/dev/null || true
		sleep 0.01
	done
	# They name a process that is gone, but that nobody may have waited for.
	rm "$CLUSTER/data/postmaster.pid" "$CLUSTER"/.s.PGSQL.*.lock
	cluster restart
	# The loader looks its load up if COMMIT was under way.
	wait "$loader" && code=0 || code=$?
}

# All of PostgreSQL's processes work in the data directory.
server_processes() {
	find /proc/[0-9]*/cwd -maxdepth 0 -lname "$CLUSTER/data" 2>/dev/null | cut -d / -f 3
}

# Loads the second export into a copy of the database that has the first one, and kills after the delay. Sets outcome to before
# or after.
load_and_kill() {
	local victim=$1 delay=$2
	export PGDATABASE=killed
	dropdb --if-exists killed
	createdb --template=before killed
	# PostgreSQL 15 and later log a copied sequence as it stands, not the numbers ahead that it holds for logged: after a crash
	# it would give one twice. A checkpoint makes it log them.
	sql CHECKPOINT
	"${load[@]}" >summary 2>messages &
	loader=$!
	sleep "$delay"
	"kill_$victim"

	facts_of_the_database >facts
	for outcome in before after neither; do
		cmp -s facts $outcome.facts && break
	done
	[ $outcome != neither ] || { echo "killed after $delay s: half of a load"; cat messages; return 1; }
	ledger | diff $outcome.ledger -
	nothing_is_left
}

nothing_is_left() {
	equals "$(sql "SELECT locktype, relation::regclass FROM pg_locks WHERE pid <> pg_backend_pid() OR locktype = 'advisory'")" ''
	equals "$(sql "SELECT oid::regclass FROM pg_class WHERE relpersistence = 't'")" ''
	equals "$(find "$CLUSTER/data/base" \( -path '*/pgsql_tmp/*' -o -name 't[0-9]*_[0-9]*' \) -type f)" ''
}

load_again() {
	local begin=$EPOCHREALTIME
	code=0
	"${load[@]}" >summary 2>messages || code=$?
	[ "$outcome" == after ] || keep_duration "$begin"
	equals "$code" 4 || { cat messages; return 1; }
	facts_of_the_database | diff after.facts -
	views | diff after.views -
	nothing_is_left
}

# Both outcomes must have been met, or the moments were none of a load.
met_both() {
	echo "# $kills kills of the $1: $before ended before the load, $after after it" >&3
	[ "$before" -ge 5 ]
	[ "$after" -ge 5 ]
}

@test "a loader killed at random moments: the facts are as before or as after, and running again ends in the clean run's state" {
	local before=0 after=0 moment
	for moment in $(random_moments 1); do
		load_and_kill loader "$(delay_of "$moment")"
		((++$outcome))
		load_again
	done
	met_both loader
}

@test "a server killed at random moments: the facts are as before or as after, and running again ends in the clean run's state" {
	local before=0 after=0 delay moment
	for moment in $(random_moments 2); do
		delay=$(delay_of "$moment")
		load_and_kill server "$delay"
		((++$outcome))
		# The loader knows, or says that it does not.
		case $outcome,$code in
			before,2 | after,4 | after,5) ;;
			after,2) contains "$(<messages)" 'Running it again is safe' ;;
			*) echo "killed after $delay s, $outcome, exit code $code"; cat messages; return 1 ;;
		esac
		load_again
	done
	met_both server
}

# Into an empty database: the run names everything, and its report is written after the commit.
readonly load_everything=(ttr-load --json --report=report.csv after.csv)

load_undisturbed() {
	"${load_everything[@]}" >summary 2>messages
	jq 'del(.load)' summary >summary.json
}

@test "a loader killed while it loads everything: a report is whole and of facts that stand, and running again writes it" {
	local moment begin before=0 after=0 reported=0
	dropdb --if-exists empty
	createdb empty
	PGDATABASE=empty ttr-load --quiet --init
	export PGDATABASE=killed
	dropdb --if-exists killed
	createdb --template=empty killed
	begin=$EPOCHREALTIME
	load_undisturbed
	keep_duration "$begin"
	mv report.csv whole.csv
	mv summary.json whole.json

	for moment in $(random_moments 3); do
		dropdb killed
		createdb --template=empty killed
		"${load_everything[@]}" >summary 2>messages &
		loader=$!
		sleep "$(delay_of "$moment")"
		kill_loader
		[ "$(sql 'SELECT count(*) FROM ttr_data.conversation')" == 0 ] && outcome=before || outcome=after
		((++$outcome))
		if [ -e report.csv ]; then
			equals "$outcome" after
			cmp report.csv whole.csv
			((++reported))
		fi
		nothing_is_left

		begin=$EPOCHREALTIME
		load_undisturbed
		[ "$outcome" == after ] || keep_duration "$begin"
		cmp report.csv whole.csv
		cmp summary.json whole.json
		rm report.csv*
	done
	echo "# $before ended before the commit, $after after it, $reported of these with a report" >&3
	[ "$before" -ge 5 ]
	[ "$after" -ge 5 ]
}
