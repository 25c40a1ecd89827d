-- The page: what dashboards/page/ shows, as one JSON document.
--
-- ttr.page() gathers what the published views have, with the rights of its caller, so that the page and the dashboards cannot differ.
-- Views that it needs are published here for everybody: the settings, and the dimensions.
--
-- Each part of the page is a function, which is called once. It names relations by identity (BEGIN ATOMIC), so that a reader without
-- rights on schema ttr_data can call ttr.page().

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

CREATE VIEW ttr.dimensions AS
SELECT name COLLATE "default" AS dimension, path
FROM ttr_data.dimension;
COMMENT ON VIEW ttr.dimensions IS 'The custom dimensions of ttr.by_dimension.';
COMMENT ON COLUMN ttr.dimensions.dimension IS 'Name of the dimension.';
COMMENT ON COLUMN ttr.dimensions.path IS 'The attribute: its name, a path such as custom_attributes.plan, or closed_by.';

-- Durations in lists are rounded to a third of a second: it keeps the page small. Those of overall are not rounded.
CREATE FUNCTION ttr_data.rounded(hours double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(hours::numeric, 4);
COMMENT ON FUNCTION ttr_data.rounded IS 'Hours as the lists of the page have them.';

CREATE FUNCTION ttr_data.clock_text(at timestamptz, zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(at AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI');
COMMENT ON FUNCTION ttr_data.clock_text IS 'A time by the clock of a zone, to the minute.';

-- A mistyped year must not stretch the scale of time: a list ends with the day of the export, and has weeks of ten years, months of twenty.
CREATE FUNCTION ttr_data.page_days(data_as_of timestamptz, zone text, as_of_day date) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH shown AS MATERIALIZED (
    SELECT max(d.day) - 90 AS first_day, max(d.day) AS last_day
    FROM ttr.daily AS d
    WHERE d.total_closed > 0 AND d.day <= page_days.as_of_day
  )
  SELECT coalesce(json_agg(p ORDER BY p.day), '[]')
  FROM (
    SELECT d.day,
           d.total_closed,
           ttr_data.rounded(d.median_hours) AS median_hours,
           ttr_data.rounded(d.p95_hours) AS p95_hours,
           d.share_within_24h,
           r.total_closed AS rolling_closed,
           ttr_data.rounded(r.median_hours) AS rolling_median_hours,
           ttr_data.rounded(r.p95_hours) AS rolling_p95_hours,
           d.is_covered,
           coalesce(r.is_covered, false) AS rolling_is_covered,
           (d.day + 1)::timestamp AT TIME ZONE page_days.zone <= page_days.data_as_of AS is_complete
    FROM shown AS s
    JOIN ttr.daily AS d ON d.day BETWEEN s.first_day AND s.last_day
    -- Subqueries have one value, by which the view leaves out all other days before it merges any.
    LEFT JOIN ttr.rolling_7d AS r
      ON r.day = d.day AND r.day BETWEEN (SELECT first_day FROM shown) AND (SELECT last_day FROM shown)
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_days IS 'The page''s last 91 days, each with the figures of the seven days up to it.';

CREATE FUNCTION ttr_data.page_weeks(data_as_of timestamptz, zone text, as_of_day date) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(json_agg(p ORDER BY p.week), '[]')
  FROM (
    SELECT w.week,
           w.total_closed,
           ttr_data.rounded(w.median_hours) AS median_hours,
           ttr_data.rounded(w.p95_hours) AS p95_hours,
           w.share_within_24h,
           w.is_covered,
           (w.week + 7)::timestamp AT TIME ZONE page_weeks.zone <= page_weeks.data_as_of AS is_complete
    FROM (SELECT max(week) AS week FROM ttr.weekly WHERE total_closed > 0 AND week <= page_weeks.as_of_day) AS last
    JOIN ttr.weekly AS w ON w.week BETWEEN last.week - 10 * 365 AND last.week
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_weeks IS 'The page''s figures by week.';

CREATE FUNCTION ttr_data.page_months(data_as_of timestamptz, zone text, as_of_day date) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(json_agg(p ORDER BY p.month), '[]')
  FROM (
    SELECT m.month,
           m.total_closed,
           ttr_data.rounded(m.median_hours) AS median_hours,
           ttr_data.rounded(m.p95_hours) AS p95_hours,
           m.share_within_24h,
           m.is_covered,
           (m.month + interval '1 month') AT TIME ZONE page_months.zone <= page_months.data_as_of AS is_complete
    FROM (SELECT max(month) AS month FROM ttr.monthly WHERE total_closed > 0 AND month <= page_months.as_of_day) AS last
    JOIN ttr.monthly AS m ON m.month > last.month - interval '20 years' AND m.month <= last.month
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_months IS 'The page''s figures by month.';

CREATE FUNCTION ttr_data.page_cohorts(data_as_of timestamptz, zone text, as_of_day date) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(json_agg(p ORDER BY p.week), '[]')
  FROM (
    SELECT c.week, c.total_started, h.shares, h.is_complete
    FROM ttr.cohorts AS c
    CROSS JOIN LATERAL (
      SELECT json_agg(share ORDER BY hours) AS shares,
             json_agg((c.week + 7)::timestamp AT TIME ZONE page_cohorts.zone + hours * interval '1 hour' <= page_cohorts.data_as_of
                      ORDER BY hours) AS is_complete
      FROM (VALUES (1, c.share_within_1h), (4, c.share_within_4h), (24, c.share_within_24h), (72, c.share_within_3d),
                   (168, c.share_within_7d)) AS h (hours, share)
    ) AS h
    WHERE c.week <= page_cohorts.as_of_day
    ORDER BY c.week DESC
    LIMIT 521
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_cohorts IS
  'The page''s cohorts by week of start: shares within 1, 4, 24, 72 and 168 hours, and whether the export is late enough for each.';

-- The week in which the export was taken is not over. Who may read the views need not be allowed to ask: then the page does without.
CREATE FUNCTION ttr_data.page_compared(as_of_day date) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  week constant date := date_trunc('week', as_of_day::timestamp)::date - 7;
BEGIN
  IF NOT has_function_privilege('ttr.compared(text[], text, date, date, text, text, double precision)', 'EXECUTE') THEN
    RETURN '[]';
  END IF;
  RETURN (
    SELECT coalesce(json_agg(p ORDER BY p.compared_with, p.figure), '[]')
    FROM (SELECT c.period AS week, c.compared_with, c.figure, c.value, c.earlier_value, c.change
          FROM ttr.compared(from_day => week, to_day => week) AS c) AS p
  );
END
$$;
COMMENT ON FUNCTION ttr_data.page_compared IS 'The page''s last whole week beside the one before and that of a year before.';

-- An export that was taken long after its last conversation is no reason to draw a level that only stays. Until when anything changed is
-- asked of the counts alone. Subqueries have one value, by which the view is read by its index.
CREATE FUNCTION ttr_data.page_backlog(zone text, as_of_day date) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH shown AS MATERIALIZED (
    SELECT max(b.day) AS last_day
    FROM ttr.backlog AS b
    WHERE b.opened + b.reopened + b.closed > 0 AND b.day <= page_backlog.as_of_day
  )
  SELECT coalesce(json_agg(p ORDER BY p.day), '[]')
  FROM (
    SELECT b.day,
           b.total_open,
           b.total_snoozed,
           b.past_target,
           ttr_data.rounded(b.median_age_hours) AS median_age_hours,
           b.opened,
           b.reopened,
           b.closed,
           b.is_covered,
           CASE WHEN b.ends_at < ttr_data.begin_of(b.day + 1, page_backlog.zone)
                THEN ttr_data.clock_text(b.ends_at, page_backlog.zone)
           END AS cut_at
    FROM ttr.backlog AS b
    WHERE b.day BETWEEN (SELECT last_day - 90 FROM shown) AND (SELECT last_day FROM shown)
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_backlog IS 
  'The page''s backlog: 91 days up to the last one on which it changed. cut_at is when the newest export was taken, where that was before '
  'the day''s end.';

-- A dimension that was listed after the last refresh has no values yet.
CREATE FUNCTION ttr_data.page_dimensions() RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(json_agg(json_build_object('dimension', d.dimension, 'path', d.path, 'total_values', v.total, 'by_value', v.list)
                           ORDER BY d.dimension), '[]')
  FROM ttr.dimensions AS d
  CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM ttr.by_dimension AS b WHERE b.dimension = d.dimension),
           (SELECT coalesce(json_agg(p ORDER BY p.total_closed DESC, p.value), '[]')
            FROM (SELECT b.value, b.total_closed, ttr_data.rounded(b.median_hours) AS median_hours,
                         ttr_data.rounded(b.p95_hours) AS p95_hours, b.share_within_24h, b.sla_breaches
                  FROM ttr.by_dimension AS b
                  WHERE b.dimension = d.dimension
                  ORDER BY b.total_closed DESC, b.value
                  LIMIT 1000) AS p)
  ) AS v (total, list);
END;
COMMENT ON FUNCTION ttr_data.page_dimensions IS 'The page''s figures by the values of each custom dimension.';

-- As long as everything is fresh, those older than four weeks are counted as all less the younger ones, whatever their number.
CREATE FUNCTION ttr_data.page_open_ages(data_as_of timestamptz, is_fresh boolean) RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH young AS MATERIALIZED (
    SELECT CASE WHEN o.age_hours > 672 THEN 672 WHEN o.age_hours > 336 THEN 336 WHEN o.age_hours > 168 THEN 168
                WHEN o.age_hours > 72 THEN 72 WHEN o.age_hours > 24 THEN 24 ELSE 0 END AS above_hours,
           count(*) FILTER (WHERE o.state = 'open') AS total_open,
           count(*) FILTER (WHERE o.state = 'snoozed') AS total_snoozed,
           count(*) FILTER (WHERE o.is_past_target) AS past_target
    FROM ttr.open_conversations AS o
    WHERE o.started_at BETWEEN (SELECT coalesce(CASE WHEN page_open_ages.is_fresh THEN page_open_ages.data_as_of - interval '672 hours' END,
                                                '-infinity')) AND 'infinity'
          OR o.started_at IS NULL
    GROUP BY 1
  ),
  older AS (
    SELECT 672 AS above_hours,
           o.total_open - coalesce(sum(y.total_open), 0) AS total_open,
           o.total_snoozed - coalesce(sum(y.total_snoozed), 0) AS total_snoozed,
           o.open_past_target - coalesce(sum(y.past_target), 0) AS past_target
    FROM ttr.overall AS o
    LEFT JOIN young AS y ON true
    WHERE page_open_ages.is_fresh
    GROUP BY o.total_open, o.total_snoozed, o.open_past_target
  )
  SELECT json_agg(p ORDER BY p.above_hours)
  FROM (
    SELECT a.above_hours,
           a.up_to_hours,
           coalesce(sum(n.total_open), 0) AS total_open,
           coalesce(sum(n.total_snoozed), 0) AS total_snoozed,
           coalesce(sum(n.past_target), 0) AS past_target
    FROM (VALUES (0, 24), (24, 72), (72, 168), (168, 336), (336, 672), (672, NULL)) AS a (above_hours, up_to_hours)
    LEFT JOIN (SELECT * FROM young UNION ALL SELECT * FROM older) AS n USING (above_hours)
    GROUP BY a.above_hours, a.up_to_hours
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_open_ages IS 'The page''s open and snoozed conversations by age.';

-- Elapsed time is never less than the time to resolution: a conversation that took less than the 20th of some is not among the slowest.
-- An index has those that took longer than a day. It is read from its end; where it has too few, everything is read.
CREATE FUNCTION ttr_data.page_slowest() RETURNS json
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH slow_limit AS MATERIALIZED (
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
  )
  SELECT coalesce(json_agg(p ORDER BY p.resolution_hours DESC, p.conversation_id), '[]')
  FROM (
    SELECT conversation_id, assignee, tags, resolution_hours, resolved_on
    FROM slow
    ORDER BY resolution_seconds DESC, conversation_id
    LIMIT 20
  ) AS p;
END;
COMMENT ON FUNCTION ttr_data.page_slowest IS 'The page''s 20 slowest conversations.';

-- Members have the names of the views' columns. Times are texts by the clock of the reporting time zone.
CREATE FUNCTION ttr.page() RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off  -- compiling some fifty small queries takes seconds
BEGIN ATOMIC
  SELECT json_build_object(
    'database', current_database(),
    'time_zone', b.zone,
    'data_as_of', ttr_data.clock_text(b.data_as_of, b.zone),
    'refreshed_at', ttr_data.clock_text(b.refreshed_at, b.zone),
    'is_fresh', b.is_fresh,
    'target_hours', b.target_hours,
    'overall', (SELECT to_json(o) FROM ttr.overall AS o),
    'rolling_days', 7,
    'daily', ttr_data.page_days(b.data_as_of, b.zone, b.as_of_day),
    'weekly', ttr_data.page_weeks(b.data_as_of, b.zone, b.as_of_day),
    'compared', ttr_data.page_compared(b.as_of_day),
    'monthly', ttr_data.page_months(b.data_as_of, b.zone, b.as_of_day),
    'distribution', (SELECT json_agg(d ORDER BY d.step)
                     FROM (SELECT step, time_to_resolution, above_hours, up_to_hours, total_closed, cumulative_share
                           FROM ttr.distribution_of_resolution) AS d),
    'by_assignee', (SELECT coalesce(json_agg(a ORDER BY a.total_closed DESC, a.assignee), '[]')
                    FROM (SELECT assignee, total_closed, ttr_data.rounded(median_hours) AS median_hours,
                                 ttr_data.rounded(p95_hours) AS p95_hours, share_within_24h, sla_breaches
                          FROM ttr.by_assignee
                          ORDER BY total_closed DESC, assignee
                          LIMIT 1000) AS a),
    'total_assignees', (SELECT count(*) FROM ttr.by_assignee),
    'by_tag', (SELECT coalesce(json_agg(t ORDER BY t.total_closed DESC, t.tag), '[]')
               FROM (SELECT tag, total_closed, ttr_data.rounded(median_hours) AS median_hours,
                            ttr_data.rounded(p95_hours) AS p95_hours, share_within_24h, sla_breaches
                     FROM ttr.by_tag
                     ORDER BY total_closed DESC, tag
                     LIMIT 1000) AS t),
    'total_tags', (SELECT count(*) FROM ttr.by_tag),
    'dimensions', ttr_data.page_dimensions(),
    'weekday_hour', (SELECT json_agg(h ORDER BY h.weekday, h.hour)
                     FROM (SELECT weekday, hour, total_closed, ttr_data.rounded(median_hours) AS median_hours
                           FROM ttr.by_weekday_hour) AS h),
    'cohort_hours', json_build_array(1, 4, 24, 72, 168),
    'cohorts', ttr_data.page_cohorts(b.data_as_of, b.zone, b.as_of_day),
    'backlog', ttr_data.page_backlog(b.zone, b.as_of_day),
    'open_ages', ttr_data.page_open_ages(b.data_as_of, b.is_fresh),
    'slowest', ttr_data.page_slowest(),
    'quality', (SELECT coalesce(json_agg(q ORDER BY q.total DESC, q.problem), '[]')
                FROM (SELECT problem, detail, count(*) AS total FROM ttr.data_quality GROUP BY problem, detail) AS q),
    'loads', (SELECT coalesce(json_agg(l ORDER BY l.load_id DESC), '[]')
              FROM (SELECT load_id, ttr_data.clock_text(finished_at, b.zone) AS finished_at, files, read, rejected
                    FROM ttr.load_history ORDER BY load_id DESC LIMIT 5) AS l)
  )
  FROM (
    SELECT s.reporting_time_zone AS zone,
           s.target_hours,
           f.data_as_of,
           f.refreshed_at,
           f.is_fresh,
           coalesce((f.data_as_of AT TIME ZONE s.reporting_time_zone)::date, 'infinity') AS as_of_day
    FROM ttr.settings AS s
    CROSS JOIN ttr.freshness AS f
    OFFSET 0  -- each is read once
  ) AS b;
END;
COMMENT ON FUNCTION ttr.page IS 'What ttr-load --html shows, as JSON: the published figures at one glance.';
