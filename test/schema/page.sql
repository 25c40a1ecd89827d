-- What ttr.page() gathers: the published figures, and what is not over yet.
BEGIN;
SELECT plan(10);

\ir facts.psql

SELECT is(ttr.page() -> 'overall' ->> 'median_hours', NULL, 'before the first refresh there is no figure');
SELECT ttr.refresh();
SELECT is(
  (SELECT string_agg(key, ' ' ORDER BY key) FROM json_each(ttr.page()) WHERE json_typeof(value) = 'array' AND json_array_length(value) = 0),
  'by_assignee by_tag cohorts compared daily monthly quality slowest weekly', 'without conversations lists are empty, and not missing');

-- The newest export is of Saturday 10 May 2025, 00:00 UTC. A conversation a day of 1, 2, ... 9 hours from Thursday 1 May on; the
-- last one is resolved after the export.
SELECT pg_temp.add('c' || n, 'closed', '2025-04-30 20:00+00'::timestamptz + n * interval '1 day',
                   '2025-04-30 20:00+00'::timestamptz + n * interval '1 day' + n * interval '1 hour', 'ann@x', '{"<b>"}')
FROM generate_series(1, 9) AS n;
SELECT pg_temp.add('open', 'open', '2025-05-08 23:00+00', NULL, 'ann@x');
SELECT pg_temp.add('mistyped', 'closed', '2025-05-01 00:00+00', '2099-05-01 00:00+00');
SELECT ttr.refresh();
CREATE TEMPORARY TABLE page AS SELECT ttr.page() AS page;

SELECT results_eq(
  $$SELECT (page -> 'overall' ->> 'median_hours')::double precision FROM page$$, 'SELECT median_hours FROM ttr.overall',
  'the figures are those of the published views');
SELECT results_eq(
  $$SELECT max(day ->> 'day') FROM page, json_array_elements(page -> 'daily') AS day$$, $$VALUES ('2025-05-10')$$,
  'a mistyped year does not stretch the days');
SELECT results_eq(
  $$SELECT week ->> 'week', (week ->> 'is_complete')::boolean FROM page, json_array_elements(page -> 'weekly') AS week ORDER BY 1$$,
  $$VALUES ('2025-04-28', true), ('2025-05-05', false)$$, 'a week that was not over at the newest export is marked');
SELECT results_eq(
  $$SELECT month ->> 'month', (month ->> 'total_closed')::bigint, (month ->> 'is_complete')::boolean
    FROM page, json_array_elements(page -> 'monthly') AS month$$,
  $$VALUES ('2025-05-01', 9::bigint, false)$$, 'and so is a month');
SELECT results_eq(
  $$SELECT cohort ->> 'week', (cohort -> 'is_complete')::text FROM page, json_array_elements(page -> 'cohorts') AS cohort ORDER BY 1$$,
  $$VALUES ('2025-04-28', '[true, true, true, true, false]'), ('2025-05-05', '[false, false, false, false, false]')$$,
  'a share is complete when all of the week had that long');
SELECT results_eq(
  $$SELECT sum((age ->> 'total_open')::integer), sum((age ->> 'past_target')::integer)
    FROM page, json_array_elements(page -> 'open_ages') AS age WHERE age ->> 'above_hours' = '24'$$,
  'VALUES (1::bigint, 1::bigint)', 'an age of 25 hours is above a day, and past the target');
SELECT results_eq(
  'SELECT day, total_closed, median_seconds, p95_seconds FROM ttr.rolling_7d WHERE day < ''2026-01-01'' ORDER BY day',
  $$SELECT d::date, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution_seconds),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY resolution_seconds)
    FROM generate_series('2025-05-07'::timestamp, '2025-05-10', '1 day') AS d
    JOIN ttr.conversations ON is_closed AND resolved_on BETWEEN d::date - 6 AND d::date
    GROUP BY d ORDER BY d$$,
  'seven days are those up to each day, from the first that has seven');
SELECT results_eq(
  $$SELECT quality ->> 'problem', (quality ->> 'total')::integer FROM page, json_array_elements(page -> 'quality') AS quality$$,
  $$VALUES ('resolved_after_export', 2)$$, 'what is doubtful is counted by problem');

SELECT * FROM finish();
ROLLBACK;
