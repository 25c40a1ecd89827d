-- The page: what dashboards/page/ shows, as one JSON document.
--
-- ttr.page() only gathers what the published views say, with the rights of whoever calls it, so that the page and the
-- dashboards cannot differ. Two things that it needs are published here for everybody: what the figures go by, and the
-- week up to each day.

CREATE VIEW ttr.settings AS
SELECT reporting_time_zone,
       target_seconds / 3600 AS target_hours,
       target_seconds,
       calendar,
       array_to_string(attributes, ', ') AS attributes
FROM ttr_data.setting;
COMMENT ON VIEW ttr.settings IS 'What the figures go by, in one row.';
COMMENT ON COLUMN ttr.settings.target_hours IS 'Time to resolution that is promised where no SLA policy applies, in hours.';
COMMENT ON COLUMN ttr.settings.calendar IS 'Calendar of the figures in business hours; NULL for none.';
COMMENT ON COLUMN ttr.settings.attributes IS 'Attributes by which ttr.figures() divides, separated by commas.';

-- Seven days hold each weekday once: the rhythm of the week does not show, and a change does within days. The first one is
-- the first that has seven days.
CREATE VIEW ttr.rolling_7d AS
SELECT d.day,
       d.begins_at,
       coalesce(w.total_closed, 0) AS total_closed,
       ttr.quantile(w.resolution, 0.5) / 3600 AS median_hours,
       ttr.quantile(w.resolution, 0.95) / 3600 AS p95_hours,
       ttr.quantile(w.resolution, 0.5) AS median_seconds,
       ttr.quantile(w.resolution, 0.95) AS p95_seconds
FROM ttr_data.day AS d
CROSS JOIN LATERAL (
  SELECT sum(r.total_closed)::bigint AS total_closed, ttr_data.both(ttr.merge(r.span), ttr.merge(r.timeline)) AS resolution
  FROM ttr_data.daily_rollup AS r
  WHERE r.dimension = 'all' AND r.day BETWEEN d.day - 6 AND d.day
) AS w
WHERE d.day >= (SELECT min(day) + 6 FROM ttr_data.day);
COMMENT ON VIEW ttr.rolling_7d IS 'The figures of the seven days up to each day, from the distributions of those days.';
COMMENT ON COLUMN ttr.rolling_7d.day IS 'The last of the seven days, in the reporting time zone.';

-- Members carry the names of the views' columns. Durations of lists are rounded to a third of a second, for the sake of the
-- page's size; those of overall are as they are. Times are texts by the clock of the reporting time zone.
CREATE FUNCTION ttr.page() RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off  -- compiling some fifty small queries takes seconds
AS $$
WITH basis AS MATERIALIZED (
  SELECT s.reporting_time_zone AS zone,
         s.target_hours,
         f.data_as_of,
         f.refreshed_at,
         f.is_fresh,
         coalesce((f.data_as_of AT TIME ZONE s.reporting_time_zone)::date, 'infinity') AS as_of_day
  FROM ttr.settings AS s
  CROSS JOIN ttr.freshness AS f
),
-- A mistyped year must not stretch the scale of time: nothing after the export, of weeks ten years, of months twenty.
shown AS MATERIALIZED (
  SELECT max(d.day) - 90 AS first_day, max(d.day) AS last_day
  FROM basis AS b
  JOIN ttr.daily AS d ON d.total_closed > 0 AND d.day <= b.as_of_day
),
day AS (
  SELECT d.day,
         d.total_closed,
         round(d.median_hours::numeric, 4) AS median_hours,
         round(d.p95_hours::numeric, 4) AS p95_hours,
         d.share_within_24h,
         r.total_closed AS rolling_closed,
         round(r.median_hours::numeric, 4) AS rolling_median_hours,
         round(r.p95_hours::numeric, 4) AS rolling_p95_hours,
         (d.day + 1)::timestamp AT TIME ZONE b.zone <= b.data_as_of AS is_complete
  FROM basis AS b
  CROSS JOIN shown AS s
  JOIN ttr.daily AS d ON d.day BETWEEN s.first_day AND s.last_day
  -- Subqueries have one value, by which the view leaves out all other days before it merges any.
  LEFT JOIN ttr.rolling_7d AS r
    ON r.day = d.day AND r.day BETWEEN (SELECT first_day FROM shown) AND (SELECT last_day FROM shown)
),
week AS (
  SELECT w.week,
         w.total_closed,
         round(w.median_hours::numeric, 4) AS median_hours,
         round(w.p95_hours::numeric, 4) AS p95_hours,
         w.share_within_24h,
         (w.week + 7)::timestamp AT TIME ZONE b.zone <= b.data_as_of AS is_complete
  FROM basis AS b
  CROSS JOIN LATERAL (SELECT max(week) AS week FROM ttr.weekly WHERE total_closed > 0 AND week <= b.as_of_day) AS last
  JOIN ttr.weekly AS w ON w.week BETWEEN last.week - 10 * 365 AND last.week
),
month AS (
  SELECT m.month,
         m.total_closed,
         round(m.median_hours::numeric, 4) AS median_hours,
         round(m.p95_hours::numeric, 4) AS p95_hours,
         m.share_within_24h,
         (m.month + interval '1 month') AT TIME ZONE b.zone <= b.data_as_of AS is_complete
  FROM basis AS b
  CROSS JOIN LATERAL (SELECT max(month) AS month FROM ttr.monthly WHERE total_closed > 0 AND month <= b.as_of_day) AS last
  JOIN ttr.monthly AS m ON m.month > last.month - interval '20 years' AND m.month <= last.month
),
assignee AS (
  SELECT assignee, total_closed, round(median_hours::numeric, 4) AS median_hours, round(p95_hours::numeric, 4) AS p95_hours,
         share_within_24h, sla_breaches
  FROM ttr.by_assignee
  ORDER BY total_closed DESC, assignee
  LIMIT 1000
),
tag AS (
  SELECT tag, total_closed, round(median_hours::numeric, 4) AS median_hours, round(p95_hours::numeric, 4) AS p95_hours,
         share_within_24h, sla_breaches
  FROM ttr.by_tag
  ORDER BY total_closed DESC, tag
  LIMIT 1000
),
weekday_hour AS (
  SELECT weekday, hour, total_closed, round(median_hours::numeric, 4) AS median_hours
  FROM ttr.by_weekday_hour
  ORDER BY weekday, hour
),
cohort AS (
  SELECT c.week, c.total_started, h.shares, h.is_complete
  FROM basis AS b
  JOIN ttr.cohorts AS c ON c.week <= b.as_of_day
  CROSS JOIN LATERAL (
    SELECT json_agg(share ORDER BY hours) AS shares,
           json_agg((c.week + 7)::timestamp AT TIME ZONE b.zone + hours * interval '1 hour' <= b.data_as_of ORDER BY hours) AS is_complete
    FROM (VALUES (1, c.share_within_1h), (4, c.share_within_4h), (24, c.share_within_24h), (72, c.share_within_3d),
                 (168, c.share_within_7d)) AS h (hours, share)
  ) AS h
  ORDER BY c.week DESC
  LIMIT 521
),
-- As long as everything is fresh, all that are older than four weeks are the others less the younger ones, whatever their number.
age_limit AS MATERIALIZED (
  SELECT coalesce(CASE WHEN is_fresh THEN data_as_of - interval '672 hours' END, '-infinity') AS started_from
  FROM basis
),
young AS MATERIALIZED (
  SELECT CASE WHEN o.age_hours > 672 THEN 672 WHEN o.age_hours > 336 THEN 336 WHEN o.age_hours > 168 THEN 168
              WHEN o.age_hours > 72 THEN 72 WHEN o.age_hours > 24 THEN 24 ELSE 0 END AS above_hours,
         count(*) FILTER (WHERE o.state = 'open') AS total_open,
         count(*) FILTER (WHERE o.state = 'snoozed') AS total_snoozed,
         count(*) FILTER (WHERE o.is_past_target) AS past_target
  FROM ttr.open_conversations AS o
  WHERE o.started_at BETWEEN (SELECT started_from FROM age_limit) AND 'infinity' OR o.started_at IS NULL
  GROUP BY 1
),
older AS (
  SELECT 672 AS above_hours,
         o.total_open - coalesce(sum(y.total_open), 0) AS total_open,
         o.total_snoozed - coalesce(sum(y.total_snoozed), 0) AS total_snoozed,
         o.open_past_target - coalesce(sum(y.past_target), 0) AS past_target
  FROM ttr.overall AS o
  LEFT JOIN young AS y ON true
  WHERE (SELECT is_fresh FROM basis)
  GROUP BY o.total_open, o.total_snoozed, o.open_past_target
),
age AS (
  SELECT a.above_hours,
         a.up_to_hours,
         coalesce(sum(n.total_open), 0) AS total_open,
         coalesce(sum(n.total_snoozed), 0) AS total_snoozed,
         coalesce(sum(n.past_target), 0) AS past_target
  FROM (VALUES (0, 24), (24, 72), (72, 168), (168, 336), (336, 672), (672, NULL)) AS a (above_hours, up_to_hours)
  LEFT JOIN (TABLE young UNION ALL TABLE older) AS n USING (above_hours)
  GROUP BY a.above_hours, a.up_to_hours
),
-- Elapsed time is never less than the time to resolution: what took less than the 20th of some does is not among the slowest. What took
-- longer than a day has an index, which is read from its end; where that has too few, everything is read.
slow_limit AS MATERIALIZED (
  SELECT CASE WHEN count(*) = 20 THEN min(resolution_seconds) ELSE 0 END AS elapsed_seconds
  FROM (
    SELECT resolution_seconds
    FROM (SELECT resolution_seconds FROM ttr.conversations WHERE is_closed AND elapsed_seconds > 86400
          ORDER BY elapsed_seconds DESC LIMIT 1000) AS long
    ORDER BY resolution_seconds DESC
    LIMIT 20
  ) AS n
),
slow AS (
  SELECT conversation_id, assignee, tags, resolution_seconds, resolution_hours, resolved_on
  FROM ttr.conversations
  WHERE is_closed
    AND elapsed_seconds > 86400
    AND elapsed_seconds BETWEEN (SELECT elapsed_seconds FROM slow_limit) AND 'infinity'  -- to the planner a few, as they are
    AND (SELECT elapsed_seconds > 86400 FROM slow_limit)
  UNION ALL
  SELECT conversation_id, assignee, tags, resolution_seconds, resolution_hours, resolved_on
  FROM ttr.conversations
  WHERE is_closed
    AND elapsed_seconds >= (SELECT elapsed_seconds FROM slow_limit)
    AND (SELECT elapsed_seconds <= 86400 FROM slow_limit)
),
slowest AS (
  SELECT conversation_id, assignee, tags, resolution_hours, resolved_on
  FROM slow
  ORDER BY resolution_seconds DESC, conversation_id
  LIMIT 20
),
quality AS (
  SELECT problem, detail, count(*) AS total
  FROM ttr.data_quality
  GROUP BY problem, detail
),
load AS (
  SELECT l.load_id, to_char(l.finished_at AT TIME ZONE b.zone, 'YYYY-MM-DD HH24:MI') AS finished_at, l.files, l.read, l.rejected
  FROM ttr.load_history AS l
  CROSS JOIN basis AS b
  ORDER BY l.load_id DESC
  LIMIT 5
)
SELECT json_build_object(
  'database', current_database(),
  'time_zone', b.zone,
  'data_as_of', to_char(b.data_as_of AT TIME ZONE b.zone, 'YYYY-MM-DD HH24:MI'),
  'refreshed_at', to_char(b.refreshed_at AT TIME ZONE b.zone, 'YYYY-MM-DD HH24:MI'),
  'is_fresh', b.is_fresh,
  'target_hours', b.target_hours,
  'overall', (SELECT to_json(o) FROM ttr.overall AS o),
  'rolling_days', 7,
  'daily', (SELECT coalesce(json_agg(d ORDER BY d.day), '[]') FROM day AS d),
  'weekly', (SELECT coalesce(json_agg(w ORDER BY w.week), '[]') FROM week AS w),
  'monthly', (SELECT coalesce(json_agg(m ORDER BY m.month), '[]') FROM month AS m),
  'distribution', (SELECT json_agg(n ORDER BY n.step)
                   FROM (SELECT step, time_to_resolution, above_hours, up_to_hours, total_closed, cumulative_share
                         FROM ttr.distribution_of_resolution) AS n),
  'by_assignee', (SELECT coalesce(json_agg(a ORDER BY a.total_closed DESC, a.assignee), '[]') FROM assignee AS a),
  'total_assignees', (SELECT count(*) FROM ttr.by_assignee),
  'by_tag', (SELECT coalesce(json_agg(t ORDER BY t.total_closed DESC, t.tag), '[]') FROM tag AS t),
  'total_tags', (SELECT count(*) FROM ttr.by_tag),
  'weekday_hour', (SELECT json_agg(h ORDER BY h.weekday, h.hour) FROM weekday_hour AS h),
  'cohort_hours', json_build_array(1, 4, 24, 72, 168),
  'cohorts', (SELECT coalesce(json_agg(c ORDER BY c.week), '[]') FROM cohort AS c),
  'open_ages', (SELECT json_agg(a ORDER BY a.above_hours) FROM age AS a),
  'slowest', (SELECT coalesce(json_agg(s ORDER BY s.resolution_hours DESC, s.conversation_id), '[]') FROM slowest AS s),
  'quality', (SELECT coalesce(json_agg(q ORDER BY q.total DESC, q.problem), '[]') FROM quality AS q),
  'loads', (SELECT coalesce(json_agg(l ORDER BY l.load_id DESC), '[]') FROM load AS l)
)
FROM basis AS b
$$;
COMMENT ON FUNCTION ttr.page() IS 'What ttr-load --html shows, as JSON: the published figures at one glance.';
