#!/usr/bin/env bats
# Every clock change of every zone: a time without an offset is the instant that PostgreSQL makes of it. zdump tells when
# clocks change, PostgreSQL by how much.

bats_require_minimum_version 1.5.0
load ../loader/support

readonly first_year=1970 last_year=2037

setup_file() {
	export PGDATABASE=long_time_zones
	createdb
	cd "$BATS_FILE_TMPDIR"
	ttr-load --init
	find_changes
	choose_local_times
	sql "CREATE TABLE result (zone text, changes bigint, rows bigint, wrong text, naive bigint, ambiguous bigint, expected_ambiguous bigint)"
	for zone in $(sql 'SELECT DISTINCT zone FROM local ORDER BY zone'); do
		load_zone "$zone"
	done
}

teardown_file() {
	dropdb --force long_time_zones
}

# The tests read what was loaded before the first of them.
setup() {
	export PGDATABASE=long_time_zones
}

teardown() {
	:
}

# The zones by their IANA names: what the directories posix and right and three further files repeat is left out, and so are zones
# whose names the server takes for an offset, which ttr-load refuses.
find_changes() {
	sql "CREATE TABLE zone AS SELECT name FROM pg_timezone_names
	     WHERE name !~ '^(posix|right)/' AND name NOT IN ('Factory', 'localtime', 'posixrules')
	       AND NOT ttr_data.is_abbreviation(name)"
	sql 'SELECT name FROM zone' | xargs zdump -V -c "$first_year,$((last_year + 1))" |
		awk '$7 == "UT" { print $1 "\t" $3 " " $4 " " $6 " " $5 " UTC" }' >changes
	sql "CREATE TABLE seen (zone text, at timestamptz); COPY seen FROM STDIN" <changes
	# Of the two seconds that zdump prints around a change, the later one; and only where the offset changes.
	sql "CREATE TABLE change AS
	     SELECT zone, at, before, after, (at AT TIME ZONE 'UTC') + least(before, after) AS doubtful_from,
	            (at AT TIME ZONE 'UTC') + greatest(before, after) AS doubtful_to
	     FROM seen
	     CROSS JOIN LATERAL (SELECT (at - interval '1 second') AT TIME ZONE zone - (at - interval '1 second') AT TIME ZONE 'UTC' AS before,
	                                at AT TIME ZONE zone - at AT TIME ZONE 'UTC' AS after) AS offsets
	     WHERE before <> after"
	sql "CREATE INDEX ON change (zone)"
}

# What the clock shows at each change, by the old offset and by the new one, and around both; the middle of what is skipped or
# repeated; and for the zones without a change two times at least.
choose_local_times() {
	sql "CREATE TABLE local AS
	     SELECT row_number() OVER () AS id, zone, started, resolved
	     FROM (SELECT zone, doubtful_from + shift AS started, doubtful_to + shift AS resolved
	           FROM change, unnest('{-30 minutes,-1 second,0,1 second,30 minutes}'::interval[]) AS shift
	           UNION ALL
	           SELECT zone, doubtful_from + (doubtful_to - doubtful_from) / 2, doubtful_from + (doubtful_to - doubtful_from) / 2 FROM change
	           UNION ALL
	           SELECT name, '$first_year-01-01', '$last_year-12-31 23:59:59' FROM zone) AS chosen"
	sql "CREATE INDEX ON local (zone)"
}

load_zone() {
	local zone=$1 naive ambiguous
	sql "TRUNCATE ttr_data.conversation"
	{
		echo "$columns,started_text,resolved_text"
		sql "SELECT concat_ws(',', id, 'u', started, resolved, 'closed', 'a@x', started, resolved)
		     FROM (SELECT id, to_char(started, format) AS started, to_char(resolved, format) AS resolved
		           FROM local, (VALUES ('YYYY-MM-DD\"T\"HH24:MI:SS.US')) AS written (format)
		           WHERE zone = '$zone') AS line"
	} >naive.csv
	ttr-load --json --no-refresh --timezone="$zone" --exported-at=2025-01-01T00:00:00Z naive.csv >summary 2>messages ||
		{ cat messages; return 1; }
	read -r naive ambiguous < <(jq -r '.load | "\(.naive_timestamps) \(.ambiguous_timestamps)"' summary)
	sql "INSERT INTO result
	     SELECT '$zone',
	            (SELECT count(*) FROM change WHERE zone = '$zone'),
	            (SELECT count(*) FROM ttr_data.conversation),
	            (SELECT string_agg(text || ' => ' || stored, ', ')
	             FROM ttr_data.conversation
	             CROSS JOIN LATERAL (VALUES (attributes ->> 'started_text', started_at), (attributes ->> 'resolved_text', resolved_at)) AS time (text, stored)
	             WHERE stored IS DISTINCT FROM text::timestamp AT TIME ZONE '$zone'),
	            $naive, $ambiguous,
	            (SELECT count(*)
	             FROM local
	             CROSS JOIN LATERAL (VALUES (started), (resolved)) AS time (shown)
	             WHERE zone = '$zone' AND EXISTS (SELECT FROM change WHERE change.zone = '$zone' AND shown >= doubtful_from AND shown < doubtful_to))"
}

@test "all zones and their clock changes are tried" {
	read -r zones changes rows <<<"$(sql "SELECT count(*), sum(changes), sum(rows) FROM result" | tr '|' ' ')"
	echo "# $zones zones, $changes clock changes, $((2 * rows)) local times" >&3
	equals "$zones" "$(sql 'SELECT count(*) FROM zone')"
	[ "$zones" -gt 300 ]
	[ "$changes" -gt 20000 ]
	equals "$rows" "$(sql 'SELECT count(*) FROM local')"
	# Gaps and overlaps of an hour, of half an hour, of a day, and of no round number of minutes.
	equals "$(sql "SELECT bool_or(after - before = '1 hour'), bool_or(before - after = '1 hour'), bool_or(after - before = '30 minutes'),
	                      bool_or(after - before = '24 hours'), bool_or(extract(second FROM after - before) <> 0) FROM change")" 't|t|t|t|t'
}

@test "every local time is the instant that AT TIME ZONE makes of it" {
	equals "$(sql 'SELECT zone, left(wrong, 1000) FROM result WHERE wrong IS NOT NULL LIMIT 10')" ''
}

@test "every local time is counted" {
	equals "$(sql 'SELECT zone, naive, 2 * rows FROM result WHERE naive <> 2 * rows LIMIT 10')" ''
}

@test "those that a change skips or repeats are counted, and no others" {
	equals "$(sql 'SELECT zone, ambiguous, expected_ambiguous FROM result WHERE ambiguous <> expected_ambiguous LIMIT 50')" ''
}
