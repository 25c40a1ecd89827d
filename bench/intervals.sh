# Intervals: open_intervals() against range_agg(), to which the intervals are handed ready-made; business_seconds() against plain
# subtraction in the same scan, and against the operators of ranges.
. bench/support.sh

conversations=${CONVERSATIONS:-200000}
rows=${ROWS:-1000000}
few=${FEW:-5000}
export PGOPTIONS='-c max_parallel_workers_per_gather=0 -c work_mem=256MB -c search_path=ttr,public'

psql -Xq <<SQL
CREATE EXTENSION IF NOT EXISTS ttr;
SELECT setseed(0.5) \g /dev/null
-- Five events a conversation, in the order of their times over all of them: opened, answered, snoozed, woken and closed.
CREATE TABLE life AS
  SELECT g, timestamptz '2025-01-01 00:00+00' + random() * interval '300 days' AS t
  FROM generate_series(1, $conversations) AS g;
CREATE TABLE event AS
  SELECT g AS conversation, t + i * interval '40 minutes' AS at, (ARRAY['open', 'open', 'snoozed', 'open', 'closed'])[i] AS state
  FROM life, generate_series(1, 5) AS i ORDER BY at;
CREATE TABLE shuffled_event AS SELECT * FROM event ORDER BY random();
CREATE TABLE open_range AS
  SELECT g AS conversation, tstzrange(t + i * interval '40 minutes', t + (i / 2 + 3) * interval '40 minutes') AS range
  FROM life, (VALUES (1), (4)) AS v (i) ORDER BY t + i * interval '40 minutes';
-- Conversations of one to four intervals over 15 years, and a calendar of as many, stored apart from its row.
CREATE TABLE conversation AS
  SELECT i, t AS started_at, upper(intervals) AS resolved_at, intervals AS open_intervals
  FROM (SELECT i, timestamptz '2015-01-05 00:00+00' + random() * interval '5400 days' AS t, random() AS r
        FROM generate_series(1, $rows) AS i) AS start,
       LATERAL (SELECT range_agg(tstzrange(t + k * (1 + r) * interval '13 hours', t + (k * (1 + r) * 13 + 6 * r) * interval '1 hour'))
                FROM generate_series(0, i % 4) AS k) AS life (intervals);
CREATE TABLE few AS SELECT * FROM conversation WHERE i <= $few;
CREATE TABLE calendar AS
  SELECT business_calendar('mon-fri 09:00-12:30,13:30-18:00', 'Europe/Berlin', '2015-01-01', '2030-01-01',
                           '2015-12-25; 2020-12-24..2020-12-26') AS calendar,
         tstzrange(timestamp '2015-01-01' AT TIME ZONE 'Europe/Berlin', timestamp '2030-01-01' AT TIME ZONE 'Europe/Berlin') AS covered;
SQL
psql -Xq -c 'VACUUM ANALYZE'

echo
echo "# intervals: medians of $RUNS runs"

set_options -c max_parallel_workers_per_gather=0 -c work_mem=1GB
title "$((conversations * 5)) events of $conversations conversations, serial (a work_mem of 1 GB keeps both from setting groups aside)"
measure "SELECT count(r) FROM (SELECT range_agg(range) AS r FROM open_range GROUP BY conversation) AS s" \
	"SELECT count(r) FROM (SELECT open_intervals(at, state) AS r FROM event GROUP BY conversation) AS s" \
	"SELECT count(r) FROM (SELECT open_intervals(at, state) AS r FROM shuffled_event GROUP BY conversation) AS s"
ratio 'open_intervals() takes so many times what range_agg() takes' '<= 2' "${milliseconds[1]}" "${milliseconds[0]}"
ratio 'in random order it takes so many times what it takes in order' 'nothing, for comparison' "${milliseconds[2]}" "${milliseconds[1]}"

title "$rows conversations, a calendar of $(psql -XqAt -c 'SELECT count(*) FROM calendar, unnest(calendar)') openings in a table, serial"
measure "SELECT sum(extract(epoch FROM resolved_at - started_at)) FROM conversation" \
	"SELECT sum(open_seconds(open_intervals)) FROM conversation" \
	"SELECT sum(business_seconds(open_intervals, calendar)) FROM conversation, calendar" \
	"SELECT sum(business_seconds(open_intervals, calendar, NULL, covered)) FROM conversation, calendar" \
	"SELECT count(business_due_at(started_at, 28800, calendar)) FROM conversation, calendar"
awk -v rows="$rows" -v all="${milliseconds[*]}" 'BEGIN {
	split(all, ms, " ")
	split("open_seconds()|business_seconds()|business_seconds(), covered given|business_due_at()", name, "|")
	for (i = 1; i <= 4; i++)
		printf "%-62s %5.2f   (wanted: %s)\n", name[i] " beyond subtraction, us a conversation", (ms[i + 1] - ms[1]) * 1000 / rows,
			i == 2 ? "<= 0.3" : "nothing, for comparison"
}'

title "$few conversations, the same calendar, serial"
measure "SELECT sum(business_seconds(open_intervals, calendar)) FROM few, calendar" \
	"SELECT sum((SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM unnest(open_intervals * calendar) AS r)) FROM few, calendar"
ratio 'operators and unnest() take so many times what business_seconds() takes' '>= 30' "${milliseconds[1]}" "${milliseconds[0]}"
