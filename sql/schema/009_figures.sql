-- Figures: medians, percentiles, shares and counts, as people read them. Each is defined once, over the measures of a rollup. Daily, weekly
-- and monthly views make them of rollups, the others take them from materialized views over all years. Percentiles do not add up: no
-- figure of a row follows from the figures of others.

-- A mistyped year has its own day, but does not stretch the range of days.
CREATE VIEW ttr_data.day AS
WITH resolved AS (
  SELECT day, day BETWEEN current_date - 50 * 365 AND current_date + 365 AS is_likely
  FROM ttr_data.daily_rollup
  WHERE dimension = 'all' AND total_closed > 0
)
SELECT d.day,
       ttr_data.begin_of(d.day, r.reporting_time_zone) AS begins_at,
       ttr_data.begin_of(d.day + 1, r.reporting_time_zone) AS ends_at,
       d.day <@ r.covered_days AS is_covered
FROM (
  SELECT first + n AS day
  FROM (SELECT min(day), max(day) FROM resolved WHERE is_likely) AS likely (first, last)
  CROSS JOIN LATERAL generate_series(0, last - first) AS n
  UNION ALL
  SELECT day FROM resolved WHERE NOT is_likely
) AS d
CROSS JOIN ttr_data.refreshed AS r;
COMMENT ON VIEW ttr_data.day IS 'Every day from the first resolution to the last one, whether anything was resolved on it or not.';

CREATE VIEW ttr_data.week AS
SELECT week, ttr_data.begin_of(week, reporting_time_zone) AS begins_at, daterange(week, week + 7) <@ covered_days AS is_covered
FROM (SELECT DISTINCT day - (extract(isodow FROM day)::integer - 1) AS week FROM ttr_data.day) AS w
CROSS JOIN ttr_data.refreshed;
COMMENT ON VIEW ttr_data.week IS 'Every week from that of the first resolution to that of the last one.';

CREATE VIEW ttr_data.month AS
SELECT month,
       ttr_data.begin_of(month, reporting_time_zone) AS begins_at,
       daterange(month, (month + interval '1 month')::date) <@ covered_days AS is_covered
FROM (SELECT DISTINCT day - (extract(day FROM day)::integer - 1) AS month FROM ttr_data.day) AS m
CROSS JOIN ttr_data.refreshed;
COMMENT ON VIEW ttr_data.month IS 'Every month from that of the first resolution to that of the last one.';

-- Each figure, as an expression over measures. Counts are never NULL: 0 where there is nothing to count.
CREATE VIEW ttr_data.figure AS
SELECT row_number() OVER () AS place, name, expression,
       CASE WHEN expression LIKE 'coalesce%' THEN 'bigint' ELSE 'double precision' END AS type
FROM (VALUES
  ('total_closed', 'coalesce(total_closed, 0)'),
  ('median_hours', 'ttr.quantile(ttr_data.both(span, timeline), 0.5) / 3600'),
  ('p95_hours', 'ttr.quantile(ttr_data.both(span, timeline), 0.95) / 3600'),
  ('mean_hours', 'ttr.mean(ttr_data.both(span, timeline)) / 3600'),
  ('median_seconds', 'ttr.quantile(ttr_data.both(span, timeline), 0.5)'),
  ('p95_seconds', 'ttr.quantile(ttr_data.both(span, timeline), 0.95)'),
  ('mean_seconds', 'ttr.mean(ttr_data.both(span, timeline))'),
  ('share_within_24h', 'ttr.share_within(ttr_data.both(span, timeline), 86400)'),
  ('sla_met_ratio', '(sla_met::numeric / nullif(sla_met + sla_breaches, 0))::double precision'),
  ('sla_breaches', 'coalesce(sla_breaches, 0)'),
  ('avg_messages', '(messages::numeric / nullif(messages_known, 0))::double precision'),
  ('reopened_ratio', '(reopened::numeric / nullif(reopened_known, 0))::double precision'),
  ('timeline_ratio', '(coalesce(ttr.value_count(timeline), 0)::numeric / nullif(total_closed, 0))::double precision'),
  ('elapsed_median_hours', 'ttr.quantile(ttr_data.both(span, timeline_span), 0.5) / 3600'),
  ('elapsed_p95_hours', 'ttr.quantile(ttr_data.both(span, timeline_span), 0.95) / 3600'),
  ('business_median_hours', 'ttr.quantile(business, 0.5) / 3600'),
  ('business_p95_hours', 'ttr.quantile(business, 0.95) / 3600'),
  ('first_response_count', 'coalesce(ttr.value_count(first_response), 0)'),
  ('first_response_median_hours', 'ttr.quantile(first_response, 0.5) / 3600'),
  ('first_response_p95_hours', 'ttr.quantile(first_response, 0.95) / 3600'),
  ('waiting_count', 'coalesce(ttr.value_count(waiting), 0)'),
  ('waiting_median_hours', 'ttr.quantile(waiting, 0.5) / 3600'),
  ('waiting_p95_hours', 'ttr.quantile(waiting, 0.95) / 3600'),
  ('longest_wait_median_hours', 'ttr.quantile(longest_wait, 0.5) / 3600'),
  ('longest_wait_p95_hours', 'ttr.quantile(longest_wait, 0.95) / 3600'),
  ('customer_time_ratio', '1 - ttr.total(waiting) / nullif(ttr.total(waiting_span), 0)'),
  ('next_response_count', 'coalesce(ttr.value_count(next_response), 0)'),
  ('next_response_median_hours', 'ttr.quantile(next_response, 0.5) / 3600'),
  ('next_response_p95_hours', 'ttr.quantile(next_response, 0.95) / 3600')
) AS f (name, expression);
COMMENT ON VIEW ttr_data.figure IS 'The figures: name, definition and type.';

-- A period in which nothing was resolved has no row of measures, and counts of 0.
CREATE VIEW ttr_data.figure_list AS
SELECT string_agg(format('%s AS %I', expression, name), ', ' ORDER BY place) AS definitions,
       string_agg(format(CASE type WHEN 'bigint' THEN 'coalesce(%1$I, 0) AS %1$I' ELSE '%1$I' END, name), ', ' ORDER BY place) AS names,
       string_agg(format('%I %s', name, type), ', ' ORDER BY place) AS columns
FROM ttr_data.figure;
COMMENT ON VIEW ttr_data.figure_list IS 'All figures as lists for statements: with definitions, by name, and with types.';

DO $generate$
BEGIN
  EXECUTE (SELECT format('CREATE FUNCTION ttr_data.figures_of(measures ttr_data.measures) RETURNS TABLE (%s)
                          LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
                          BEGIN ATOMIC SELECT %s FROM (SELECT (figures_of.measures).*) AS m; END', columns, definitions)
           FROM ttr_data.figure_list);
END
$generate$;
COMMENT ON FUNCTION ttr_data.figures_of IS 'The figures that follow from measures; NULL measures have counts of 0.';

-- Counted from the start without a break, a target is over for all that started on the days before this one. An export may be dated before
-- all days that a calendar covers.
CREATE FUNCTION ttr_data.due_before(target_seconds double precision, working_time tstzmultirange, covered tstzrange, as_of timestamptz,
                                    zone text) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
  SELECT ttr.local_day(CASE WHEN working_time IS NULL THEN as_of - make_interval(secs => target_seconds)
                            WHEN w.seconds >= target_seconds
                            -- The last instant from which on there is so much working time, not the first one before a weekend.
                            THEN ttr.business_due_at(lower(covered), w.seconds - target_seconds + 0.000001, working_time, covered)
                                 - interval '1 microsecond'
                       END, zone)
  FROM (
    SELECT ttr.business_seconds(tstzmultirange(tstzrange(lower(covered), greatest(as_of, lower(covered)))), working_time, NULL, covered)
    OFFSET 0
  ) AS w (seconds)
);
COMMENT ON FUNCTION ttr_data.due_before IS
  'First day of start that is not due: on it, or later, a conversation had less than the target until the newest export, by the clock of '
  'the policy. NULL where no day is due.';

-- A policy has its row before it applies to anything.
CREATE MATERIALIZED VIEW ttr_data.sla AS
SELECT p.metric,
       p.policy,
       p.calendar,
       p.target_seconds,
       coalesce(ttr.value_count(m.seconds), 0) AS total_ended,
       1 - m.sla_breaches / nullif(ttr.value_count(m.seconds)::double precision, 0) AS sla_met_ratio,
       coalesce(m.sla_breaches, 0) AS sla_breaches,
       ttr.quantile(m.seconds, 0.5) / 3600 AS median_hours,
       ttr.quantile(m.seconds, 0.95) / 3600 AS p95_hours,
       coalesce(m.running, 0) AS total_running,
       coalesce((ttr.histogram(m.past_from, ARRAY[coalesce(date_part('epoch', f.data_as_of), '-infinity')]))[1], 0) AS running_past_target,
       b.due_before,
       coalesce(d.ended + d.running, 0) AS total_due,
       coalesce(d.ended - d.sla_breaches, 0) AS total_due_met
FROM (
  SELECT metric, name AS policy, calendar, target_seconds FROM ttr_data.sla_policy
  UNION ALL
  SELECT 'resolution', '', NULL, target_seconds FROM ttr_data.setting
) AS p
LEFT JOIN (
  SELECT metric, policy, ttr.merge(seconds) AS seconds, sum(sla_breaches)::bigint AS sla_breaches, sum(running)::bigint AS running,
         ttr.merge(past_from) AS past_from
  FROM ttr_data.monthly_sla_rollup
  GROUP BY metric, policy
) AS m USING (metric, policy)
LEFT JOIN ttr_data.refreshed AS f ON true
LEFT JOIN ttr_data.calendar AS k ON k.name = p.calendar
-- Waits do not run from the start: no day is known by which such a target is over.
CROSS JOIN LATERAL (
  SELECT CASE WHEN p.metric NOT IN ('next_response', 'waiting')
              THEN ttr_data.due_before(p.target_seconds, k.working_time, k.covered, f.data_as_of, f.reporting_time_zone)
         END
  OFFSET 0
) AS b (due_before)
CROSS JOIN LATERAL (
  SELECT sum(coalesce(ttr.value_count(r.seconds), 0))::bigint AS ended,
         sum(r.sla_breaches)::bigint AS sla_breaches,
         sum(r.running)::bigint AS running
  FROM (
    SELECT seconds, sla_breaches, running
    FROM ttr_data.monthly_sla_rollup
    WHERE metric = p.metric AND policy = p.policy AND month < date_trunc('month', b.due_before::timestamp)
    UNION ALL
    SELECT seconds, sla_breaches, running
    FROM ttr_data.sla_rollup
    WHERE metric = p.metric AND policy = p.policy AND day >= date_trunc('month', b.due_before::timestamp) AND day < b.due_before
  ) AS r
) AS d;
CREATE UNIQUE INDEX sla_key ON ttr_data.sla (metric, policy);
COMMENT ON MATERIALIZED VIEW ttr_data.sla IS 'The figures by SLA policy; policy '''' for the target of the settings.';

-- A mean reads all values, other figures a few: of all years there is one for both units.
DO $generate$
DECLARE
  mean        constant text := 'ttr.mean(ttr_data.both(span, timeline))';
  totals      constant text := '(SELECT *, ' || mean || ' AS mean FROM ttr_data.total_rollup WHERE dimension = %L OFFSET 0)';
  custom      constant text := replace(totals, 'dimension = %L', 'ttr_data.is_custom(dimension)');
  definitions constant text := (SELECT replace(l.definitions, mean, 'mean') FROM ttr_data.figure_list AS l);
  dimension   text;
BEGIN
  EXECUTE format($sql$
    CREATE MATERIALIZED VIEW ttr_data.overall AS
    SELECT true AS only_row,
           %s,
           coalesce(total, 0) AS total,
           coalesce(total_open, 0) AS total_open,
           coalesce(total_snoozed, 0) AS total_snoozed,
           ttr.survival_quantile(a.ended, a.unfinished, 0.5) / 3600 AS started_median_hours,
           ttr.survival_quantile(a.ended, a.unfinished, 0.95) / 3600 AS started_p95_hours,
           1 - ttr.survival(a.ended, a.unfinished, 86400) AS started_share_within_24h,
           d.total_due,
           d.total_due_met / nullif(d.total_due, 0)::double precision AS due_met_ratio,
           (f.as_of - ttr.quantile(running_since,
                                   CASE WHEN a.running = a.started THEN 0.5
                                        WHEN a.started > 0 THEN 0.5 * (a.started - 1) / (a.running - 1)::double precision
                                   END)) / 3600 AS open_median_age_hours,
           (SELECT coalesce((ttr.histogram(ttr.merge(past_from), ARRAY[coalesce(f.as_of, '-infinity')]))[1], 0)
            FROM ttr_data.monthly_sla_rollup
            WHERE metric = 'resolution') AS open_past_target,
           ttr.histogram(ttr_data.both(span, timeline),
                         ARRAY[900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 259200, 604800, 1209600, 2592000]) AS histogram,
           f.refreshed_at
    FROM (VALUES ('all')) AS the (dimension)
    LEFT JOIN %s AS e USING (dimension)
    LEFT JOIN (SELECT date_part('epoch', data_as_of) AS as_of, refreshed_at FROM ttr_data.refreshed) AS f ON true
    -- What started after the newest export has no age yet, and without an export nothing has.
    CROSS JOIN LATERAL (
      SELECT ttr.value_count(running_since) AS running,
             (ttr.histogram(running_since, ARRAY[coalesce(f.as_of, '-infinity')]))[1] AS started,
             CASE WHEN f.as_of IS NOT NULL THEN ttr_data.both(span, timeline) END AS ended,
             ttr_data.unfinished(open_since, paused, f.as_of) AS unfinished
      OFFSET 0
    ) AS a
    CROSS JOIN (
      SELECT coalesce(sum(total_due), 0)::bigint AS total_due, sum(total_due_met)::bigint AS total_due_met
      FROM ttr_data.sla
      WHERE metric = 'resolution'
    ) AS d
  $sql$, definitions, format(totals, 'all'));
  FOREACH dimension IN ARRAY ARRAY['assignee', 'tag'] LOOP
    EXECUTE format('CREATE MATERIALIZED VIEW ttr_data.by_%1$s AS SELECT key, %2$s FROM %3$s AS e;
                    CREATE UNIQUE INDEX by_%1$s_key ON ttr_data.by_%1$s (key);
                    COMMENT ON MATERIALIZED VIEW ttr_data.by_%1$s IS ''What ttr.by_%1$s shows.''',
                   dimension, definitions, format(totals, dimension));
  END LOOP;
  EXECUTE format('CREATE MATERIALIZED VIEW ttr_data.by_dimension AS SELECT dimension, key, %s FROM %s AS e', definitions, custom);
END
$generate$;
CREATE UNIQUE INDEX overall_key ON ttr_data.overall (only_row);
CREATE UNIQUE INDEX by_dimension_key ON ttr_data.by_dimension (dimension, key);
COMMENT ON MATERIALIZED VIEW ttr_data.by_dimension IS 'What ttr.by_dimension shows.';
COMMENT ON MATERIALIZED VIEW ttr_data.overall IS 'What ttr.overall shows, and the counts of ttr.distribution_of_resolution.';

DO $generate$
DECLARE
  -- name, meaning, key columns, their rows
  views constant text[] := ARRAY[
    ['by_assignee', 'The figures by assignee.', 'nullif(key, '''') COLLATE "default" AS assignee', 'ttr_data.by_assignee'],
    ['by_tag', 'The figures by tag; a conversation counts under each of its tags.', 'key COLLATE "default" AS tag', 'ttr_data.by_tag'],
    ['by_dimension', 'The figures by each value of each dimension that ttr_data.dimension lists.',
     'dimension COLLATE "default" AS dimension, nullif(key, '''') COLLATE "default" AS value', 'ttr_data.by_dimension'],
    ['daily', 'The figures by day of resolution, for every day from the first to the last.', 'p.day, p.begins_at, p.is_covered',
     'ttr_data.day AS p LEFT JOIN ttr_data.daily_rollup AS r ON r.dimension = ''all'' AND r.day = p.day'],
    ['daily_by_assignee', 'The figures by day of resolution and assignee.',
     'p.day, p.begins_at, nullif(r.key, '''') COLLATE "default" AS assignee',
     'ttr_data.day AS p JOIN ttr_data.daily_rollup AS r ON r.dimension = ''assignee'' AND r.day = p.day AND r.total_closed > 0'],
    ['daily_by_tag', 'The figures by day of resolution and tag.', 'p.day, p.begins_at, r.key COLLATE "default" AS tag',
     'ttr_data.day AS p JOIN ttr_data.daily_rollup AS r ON r.dimension = ''tag'' AND r.day = p.day AND r.total_closed > 0'],
    ['daily_by_dimension', 'The figures by day of resolution and each value of each dimension that ttr_data.dimension lists.',
     'p.day, p.begins_at, r.dimension COLLATE "default" AS dimension, nullif(r.key, '''') COLLATE "default" AS value',
     'ttr_data.day AS p
      JOIN ttr_data.daily_rollup AS r ON ttr_data.is_custom(r.dimension) AND r.day = p.day AND r.total_closed > 0'],
    ['weekly', 'The figures by week of resolution, for every week from the first to the last.', 'p.week, p.begins_at, p.is_covered',
     'ttr_data.week AS p LEFT JOIN ttr_data.weekly_rollup AS r ON r.week = p.week'],
    ['monthly', 'The figures by month of resolution, for every month from the first to the last.', 'p.month, p.begins_at, p.is_covered',
     'ttr_data.month AS p LEFT JOIN ttr_data.monthly_rollup AS r ON r.dimension = ''all'' AND r.month = p.month'],
    ['by_weekday_hour', 'The figures by weekday and hour of the start.', 'd.weekday, h.hour',
     'generate_series(1, 7) AS d (weekday) CROSS JOIN generate_series(0, 23) AS h (hour)
      LEFT JOIN ttr_data.weekday_rollup AS r ON r.weekday = d.weekday AND r.hour = h.hour']
  ];
  list constant ttr_data.figure_list := (SELECT l FROM ttr_data.figure_list AS l);
  item text[];
BEGIN
  FOREACH item SLICE 1 IN ARRAY views LOOP
    EXECUTE format('CREATE VIEW ttr.%I AS SELECT %s, %s FROM %s', item[1], item[3],
                   CASE WHEN item[4] LIKE '%\_rollup%' THEN list.definitions ELSE list.names END, item[4]);
    EXECUTE format('COMMENT ON VIEW ttr.%I IS %L', item[1], item[2]);
  END LOOP;
  EXECUTE format('CREATE VIEW ttr.overall AS SELECT %s, total, total_open, total_snoozed, started_median_hours, started_p95_hours,
                         started_share_within_24h, total_due, due_met_ratio, open_median_age_hours, open_past_target
                  FROM ttr_data.overall', list.names);
END
$generate$;
COMMENT ON COLUMN ttr.by_dimension.dimension IS 'Name of the dimension, as ttr_data.dimension lists it.';
COMMENT ON COLUMN ttr.daily_by_dimension.dimension IS 'Name of the dimension, as ttr_data.dimension lists it.';
COMMENT ON COLUMN ttr.by_dimension.value IS 'The value of the attribute; NULL for conversations without one.';
COMMENT ON COLUMN ttr.daily_by_dimension.value IS 'The value of the attribute; NULL for conversations without one.';
COMMENT ON VIEW ttr.overall IS 'The figures over all conversations, in one row.';

CREATE VIEW ttr.sla AS
SELECT metric,
       nullif(policy, '') AS policy,
       calendar,
       target_seconds,
       target_seconds / 3600 AS target_hours,
       total_ended,
       sla_met_ratio,
       sla_breaches,
       median_hours,
       p95_hours,
       total_running,
       running_past_target,
       total_due,
       total_due_met / nullif(total_due, 0)::double precision AS due_met_ratio
FROM ttr_data.sla;
COMMENT ON VIEW ttr.sla IS 'How often each SLA policy is kept, over the conversations that it applies to.';
COMMENT ON COLUMN ttr.sla.sla_met_ratio IS 'Share of them that took at most the target, from 0 to 1.';
COMMENT ON COLUMN ttr.sla.sla_breaches IS 'Those that took more.';
COMMENT ON COLUMN ttr.sla.median_hours IS 'Median of what they took, in hours by the clock of the policy.';
COMMENT ON COLUMN ttr.sla.p95_hours IS '95th percentile of the same.';

CREATE VIEW ttr.cohorts AS
SELECT c.week,
       ttr_data.begin_of(c.week, f.reporting_time_zone) AS begins_at,
       c.total AS total_started,
       h.resolved[1] / c.total AS share_within_1h,
       (h.resolved[1] + h.resolved[2]) / c.total AS share_within_4h,
       (h.resolved[1] + h.resolved[2] + h.resolved[3]) / c.total AS share_within_24h,
       (h.resolved[1] + h.resolved[2] + h.resolved[3] + h.resolved[4]) / c.total AS share_within_3d,
       (h.resolved[1] + h.resolved[2] + h.resolved[3] + h.resolved[4] + h.resolved[5]) / c.total AS share_within_7d,
       c.total_open + c.total_snoozed AS total_running,
       ttr.survival_quantile(h.ended, h.unfinished, 0.5) / 3600 AS started_median_hours,
       ttr.survival_quantile(h.ended, h.unfinished, 0.95) / 3600 AS started_p95_hours,
       coalesce(d.total_due, 0) AS total_due,
       d.total_due_met / nullif(d.total_due, 0)::double precision AS due_met_ratio,
       coalesce(f.data_as_of >= (c.week + 14)::timestamp AT TIME ZONE f.reporting_time_zone, false) AS is_complete
FROM ttr_data.cohort_rollup AS c
CROSS JOIN ttr_data.refreshed AS f
CROSS JOIN LATERAL (
  SELECT coalesce(ttr.histogram(ttr_data.both(c.span, c.timeline), ARRAY[3600, 14400, 86400, 259200, 604800]),
                  '{0,0,0,0,0}')::double precision[],
         CASE WHEN f.data_as_of IS NOT NULL THEN ttr_data.both(c.span, c.timeline) END,
         ttr_data.unfinished(c.open_since, c.paused, date_part('epoch', f.data_as_of))
  OFFSET 0  -- once for all columns
) AS h (resolved, ended, unfinished)
LEFT JOIN (
  SELECT date_trunc('week', r.day::timestamp)::date AS week,
         sum(coalesce(ttr.value_count(r.seconds), 0) + r.running)::bigint AS total_due,
         sum(coalesce(ttr.value_count(r.seconds), 0) - r.sla_breaches)::bigint AS total_due_met
  FROM ttr_data.sla_rollup AS r
  JOIN ttr_data.sla AS p USING (metric, policy)
  WHERE r.metric = 'resolution' AND r.day < p.due_before
  GROUP BY 1
) AS d USING (week);
COMMENT ON VIEW ttr.cohorts IS 'What became of the conversations that started in a week.';
COMMENT ON COLUMN ttr.cohorts.share_within_24h IS 'Share of at most 24 hours.';

CREATE VIEW ttr.rolling_24h AS
SELECT ends_at,
       coalesce(r.total_closed, 0) AS total_closed,
       r.median_seconds / 3600 AS median_hours,
       r.p95_seconds / 3600 AS p95_hours,
       r.median_seconds,
       r.p95_seconds
FROM (
  SELECT DISTINCT h.ends_at
  FROM ttr_data.day AS d
  CROSS JOIN LATERAL generate_series(date_trunc('hour', d.begins_at, 'UTC') + interval '1 hour', d.ends_at, interval '1 hour')
    AS h (ends_at)
) AS p
FULL JOIN ttr_data.rolling_24h AS r USING (ends_at);
COMMENT ON VIEW ttr.rolling_24h IS 'The figures of the 24 hours that end at each hour, from the first day of a resolution to the last one.';

-- Seven days have each weekday once: they hide the rhythm of the week, and show a change within days. The first row is that of the
-- seventh day.
CREATE VIEW ttr.rolling_7d AS
SELECT d.day,
       d.begins_at,
       daterange(d.day - 6, d.day + 1) <@ (SELECT covered_days FROM ttr_data.refreshed) AS is_covered,
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

CREATE VIEW ttr.distribution_of_resolution AS
SELECT b.step,
       b.label AS time_to_resolution,
       lag(b.up_to_hours, 1, 0) OVER (ORDER BY b.step) AS above_hours,
       nullif(b.up_to_hours, 'infinity') AS up_to_hours,
       coalesce(n.count, 0) AS total_closed,
       n.count / nullif(o.total_closed::double precision, 0) AS share,
       sum(n.count) OVER (ORDER BY b.step) / nullif(o.total_closed::double precision, 0) AS cumulative_share
FROM (VALUES
  (1, 'up to 15 minutes', 0.25::double precision), (2, '15 to 30 minutes', 0.5), (3, '30 minutes to 1 hour', 1), (4, '1 to 2 hours', 2),
  (5, '2 to 4 hours', 4), (6, '4 to 8 hours', 8), (7, '8 to 12 hours', 12), (8, '12 to 24 hours', 24), (9, '1 to 2 days', 48),
  (10, '2 to 3 days', 72), (11, '3 to 7 days', 168), (12, '7 to 14 days', 336), (13, '14 to 30 days', 720),
  (14, 'more than 30 days', 'infinity')
) AS b (step, label, up_to_hours)
LEFT JOIN (
  ttr_data.overall AS o
  CROSS JOIN LATERAL unnest(o.histogram) WITH ORDINALITY AS n (count, step)
) USING (step);

COMMENT ON VIEW ttr.distribution_of_resolution IS 'How many closed conversations took how long.';
COMMENT ON COLUMN ttr.distribution_of_resolution.total_closed IS 'Closed conversations that took so long.';

CREATE VIEW ttr.conversation_tags AS
SELECT c.conversation_id,
       t.tag,
       c.state,
       c.assignee,
       c.started_at,
       c.resolved_at,
       c.resolved_on,
       c.is_closed,
       c.resolution_seconds,
       c.resolution_seconds / 3600 AS resolution_hours,
       c.is_breach
FROM ttr_data.counted AS c
CROSS JOIN LATERAL unnest(c.tags) AS t (tag);
COMMENT ON VIEW ttr.conversation_tags IS 'A row for each tag of each conversation, live from the facts.';
