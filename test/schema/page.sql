-- What ttr.page() gathers: the published figures, and what is not over yet.
BEGIN;
SELECT plan(19);

\ir facts.psql

SELECT is(ttr.page() -> 'overall' ->> 'median_hours', NULL, 'before the first refresh there is no figure');
SELECT ttr.refresh();
SELECT is(
  (SELECT string_agg(key, ' ' ORDER BY key) FROM json_each(ttr.page()) WHERE json_typeof(value) = 'array' AND json_array_length(value) = 0),
  'backlog by_assignee by_tag cohorts compared daily dimensions monthly quality slowest weekly',
  'without conversations lists are empty, and not missing');

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

-- The backlog of a day by brute force. Its newest day ends at the newest export: what is closed later on that day has left it, and
-- a target that ends later is not exceeded yet.
CREATE TEMPORARY VIEW shown AS
SELECT day.*
FROM page
CROSS JOIN json_to_recordset(page -> 'backlog') AS day (day date, total_open bigint, total_snoozed bigint, past_target bigint,
  median_age_hours double precision, opened bigint, reopened bigint, closed bigint, is_covered boolean, cut_at text);
CREATE TEMPORARY VIEW expected AS
SELECT d.day, count(*) FILTER (WHERE c.runs AND c.state <> 'snoozed') AS total_open,
       count(*) FILTER (WHERE c.runs AND c.state = 'snoozed') AS total_snoozed,
       count(*) FILTER (WHERE c.runs AND c.started_at + interval '24 hours' < d.ends_at) AS past_target,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.ends_at - c.started_at) / 3600)
              FILTER (WHERE c.runs))::numeric, 4)::double precision AS median_age_hours,
       count(*) FILTER (WHERE c.started_at::date = d.day) AS opened,
       count(*) FILTER (WHERE c.resolved_at::date = d.day) AS closed
FROM (SELECT day::date, least(day + interval '1 day', l.exported_at)
      FROM ttr_data.load AS l
      CROSS JOIN generate_series('2025-01-01'::timestamp, l.exported_at, '1 day') AS day) AS d (day, ends_at)
CROSS JOIN LATERAL (
  SELECT *, started_at::date <= d.day AND coalesce(resolved_at::date, 'infinity') > d.day AS runs FROM ttr_data.conversation
) AS c
GROUP BY d.day, d.ends_at;

SELECT results_eq('SELECT day, total_open, total_snoozed, past_target, median_age_hours, opened, closed FROM shown',
                  'SELECT * FROM expected WHERE day >= ''2025-05-01''', 'the backlog of each day is what was not closed at its end');
SELECT results_eq('SELECT day, cut_at FROM shown WHERE cut_at IS NOT NULL', $$VALUES ('2025-05-10'::date, '2025-05-10 00:00')$$,
                  'a day that was not over is marked');
SELECT results_eq('SELECT day, is_covered FROM shown', 'SELECT day, is_covered FROM ttr.backlog ORDER BY day',
                  'and so are the days of which the exports have only a part');

-- What began half a year before, and an export that is taken when nothing has changed for long.
SELECT pg_temp.add('old', 'snoozed', '2025-01-01 12:00+00', NULL, attributes => '{"custom_attributes": {"plan": "gold"}}');
UPDATE ttr_data.load SET exported_at = '2025-09-01 00:00+00';
INSERT INTO ttr_data.dimension VALUES ('plan', 'custom_attributes.plan'), ('channel', 'source.type');
TRUNCATE page;
INSERT INTO page SELECT ttr.page();
SELECT results_eq(
  $$SELECT dimension ->> 'dimension', dimension ->> 'path', dimension ->> 'total_values', dimension ->> 'by_value'
    FROM page, json_array_elements(page -> 'dimensions') AS dimension$$,
  $$VALUES ('channel', 'source.type', '0', '[]'), ('plan', 'custom_attributes.plan', '0', '[]')$$,
  'a dimension is named before the refresh that it needs');
SELECT pg_temp.add('plan ' || n, 'closed', '2025-05-02 08:00+00', '2025-05-02 08:00+00'::timestamptz + n * interval '10 minutes',
                   attributes => jsonb_build_object('custom_attributes', jsonb_build_object('plan', '<' || n % 7 || '>'),
                                                    'source', jsonb_build_object('type', n)))
FROM generate_series(1, 1001) AS n;
SELECT ttr.refresh();
TRUNCATE page;
INSERT INTO page SELECT ttr.page();
SELECT results_eq('SELECT min(day), max(day), count(*) FROM shown', 'VALUES (''2025-02-09''::date, ''2025-05-10''::date, 91::bigint)',
                  'the days are the last ones until a change, however late the export');
SELECT results_eq('SELECT day, total_open, total_snoozed, past_target, median_age_hours, opened, closed FROM shown',
                  'SELECT * FROM expected WHERE day BETWEEN ''2025-02-09'' AND ''2025-05-10''', 'with all that began before them');

CREATE TEMPORARY VIEW shown_value AS
SELECT dimension ->> 'dimension' AS dimension, value.*
FROM page
CROSS JOIN json_array_elements(page -> 'dimensions') AS dimension
CROSS JOIN json_to_recordset(dimension -> 'by_value') AS value (value text, total_closed bigint, median_hours double precision,
  p95_hours double precision, share_within_24h double precision, sla_breaches bigint);
SELECT results_eq(
  $$SELECT value, total_closed, median_hours, p95_hours, share_within_24h, sla_breaches FROM shown_value WHERE dimension = 'plan'$$,
  $$SELECT f.attributes #>> '{custom_attributes,plan}' AS plan, count(*) FILTER (WHERE c.is_closed) AS total_closed,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolution_hours) FILTER (WHERE c.is_closed)::numeric, 4)::double precision,
           round(percentile_cont(0.95) WITHIN GROUP (ORDER BY c.resolution_hours) FILTER (WHERE c.is_closed)::numeric, 4)::double precision,
           (avg((c.resolution_seconds <= 86400)::integer) FILTER (WHERE c.is_closed))::double precision,
           count(*) FILTER (WHERE c.is_breach)
    FROM ttr.conversations AS c
    JOIN ttr_data.conversation AS f USING (conversation_id)
    GROUP BY plan
    ORDER BY total_closed DESC, plan$$,
  'each value of a dimension has its figures, and so have the conversations without one');
SELECT results_eq(
  $$SELECT dimension ->> 'dimension', (dimension ->> 'total_values')::integer, json_array_length(dimension -> 'by_value')
    FROM page, json_array_elements(page -> 'dimensions') AS dimension$$,
  $$VALUES ('channel', 1002, 1000), ('plan', 9, 9)$$, 'of many values those with the most closed conversations are listed');
SELECT cmp_ok((SELECT length(page ->> 'backlog') FROM page), '<', 20000, 'the days of the backlog take few bytes');

SELECT * FROM finish();
ROLLBACK;
