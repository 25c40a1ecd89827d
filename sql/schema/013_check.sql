-- ttr.check(): whether what is published follows from the facts.
--
--   checked_...         the rows of the published views, counted from the facts
--   published_figures   the same rows as people read them
--
-- For the former nothing reads a rollup or calls an aggregate of the extension, so that an error on one side cannot hide on the other.

CREATE VIEW ttr_data.checked_conversation AS
SELECT c.*, k.view, k.key
FROM (
  SELECT counted.*,
         CASE WHEN counted.is_closed THEN counted.first_response_seconds END AS response_seconds,
         CASE WHEN counted.is_closed THEN counted.waiting_seconds END AS waited_seconds,
         coalesce(counted.assignee, '') AS name,
         to_char(counted.resolved_on, 'YYYY-MM-DD') AS day,
         to_char(counted.started_at AT TIME ZONE s.reporting_time_zone, 'ID HH24') AS started_hour
  FROM ttr_data.counted
  CROSS JOIN ttr_data.setting AS s
  OFFSET 0  -- once, and not for each key
) AS c
CROSS JOIN LATERAL (
  VALUES ('overall', ''), ('by_assignee', c.name)
  UNION ALL
  SELECT DISTINCT 'by_tag', tag FROM unnest(c.tags) AS tag
  UNION ALL
  SELECT p.view, p.key
  FROM (VALUES ('daily', c.day),
               ('daily_by_assignee', c.day || ' ' || c.name),
               ('weekly', to_char(date_trunc('week', c.resolved_on::timestamp), 'YYYY-MM-DD')),
               ('monthly', to_char(date_trunc('month', c.resolved_on::timestamp), 'YYYY-MM-DD')),
               ('by_weekday_hour', c.started_hour)) AS p (view, key)
  WHERE c.is_closed
  UNION ALL
  SELECT DISTINCT 'daily_by_tag', c.day || ' ' || tag FROM unnest(c.tags) AS tag WHERE c.is_closed
  UNION ALL
  SELECT p.view, p.key
  FROM ttr_data.dimension AS d
  CROSS JOIN LATERAL (
    SELECT CASE d.path WHEN 'closed_by' THEN c.closed_by ELSE ttr_data.dimension_value(c.attributes, d.path) END
  ) AS v (value)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN d.path = 'team_assignee_id'
                THEN coalesce((SELECT nullif(left(t.name, 200), '') FROM ttr_data.team AS t WHERE t.team_id = v.value),
                              nullif(v.value, '0'), '')
                ELSE coalesce(v.value, '')
           END
  ) AS a (value)
  CROSS JOIN LATERAL (VALUES ('by_dimension', d.name || ' ' || a.value, true),
                             ('daily_by_dimension', c.day || ' ' || d.name || ' ' || a.value, c.is_closed)) AS p (view, key, is_there)
  WHERE p.is_there
) AS k (view, key);
COMMENT ON VIEW ttr_data.checked_conversation IS 'Each conversation under every key of the published views that it belongs to.';

CREATE VIEW ttr_data.checked_figures AS
SELECT m.view, m.key, jsonb_build_object(
    'total_closed', count(*) FILTER (WHERE m.is_closed),
    'median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.resolution_seconds) / 3600,
    'p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.resolution_seconds) / 3600,
    'mean_hours', avg(m.resolution_seconds) / 3600,
    'median_seconds', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.resolution_seconds),
    'p95_seconds', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.resolution_seconds),
    'mean_seconds', avg(m.resolution_seconds),
    'share_within_24h', avg((m.resolution_seconds <= 86400)::integer),
    'sla_met_ratio', avg((NOT m.is_breach)::integer),
    'sla_breaches', count(*) FILTER (WHERE m.is_breach),
    'avg_messages', avg(m.message_count) FILTER (WHERE m.is_closed),
    'reopened_ratio', avg((m.reopen_count > 0)::integer) FILTER (WHERE m.is_closed),
    'timeline_ratio', avg((m.basis = 'timeline')::integer),
    'elapsed_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.elapsed_seconds) / 3600,
    'elapsed_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.elapsed_seconds) / 3600,
    'business_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.business_seconds) / 3600,
    'business_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.business_seconds) / 3600,
    'first_response_count', count(m.response_seconds),
    'first_response_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.response_seconds) / 3600,
    'first_response_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.response_seconds) / 3600,
    'waiting_count', count(m.waited_seconds),
    'waiting_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.waited_seconds) / 3600,
    'waiting_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.waited_seconds) / 3600,
    'longest_wait_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.longest_wait_seconds) FILTER (WHERE m.is_closed) / 3600,
    'longest_wait_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY m.longest_wait_seconds) FILTER (WHERE m.is_closed) / 3600,
    'customer_time_ratio', 1 - sum(m.waited_seconds) / nullif(sum(m.elapsed_seconds) FILTER (WHERE m.waited_seconds IS NOT NULL), 0))
    || CASE WHEN m.view = 'overall' THEN jsonb_build_object(
         'total', count(*),
         'total_open', count(*) FILTER (WHERE m.state = 'open'),
         'total_snoozed', count(*) FILTER (WHERE m.state = 'snoozed'),
         'open_median_age_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY m.age_seconds) / 3600,
         'open_past_target', count(*) FILTER (WHERE m.state <> 'closed' AND m.sla_seconds > m.target_seconds)) ELSE '{}' END AS figures
FROM ttr_data.checked_conversation AS m
GROUP BY m.view, m.key;
COMMENT ON VIEW ttr_data.checked_figures IS 'The figures of the views that have all of them, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.checked_responses AS
SELECT m.view, m.key, jsonb_build_object(
  'next_response_count', count(n.seconds),
  'next_response_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY n.seconds) / 3600,
  'next_response_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY n.seconds) / 3600) AS figures
FROM ttr_data.checked_conversation AS m
LEFT JOIN LATERAL unnest(m.next_response_seconds) AS n (seconds) ON m.is_closed
GROUP BY m.view, m.key;
COMMENT ON VIEW ttr_data.checked_responses IS 'The figures of single replies, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.checked_other_figures AS
SELECT 'rolling_24h' AS view, extract(epoch FROM c.hour + n.hours * interval '1 hour')::text AS key, jsonb_build_object(
  'total_closed', count(*),
  'median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolution_seconds) / 3600,
  'p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY c.resolution_seconds) / 3600,
  'median_seconds', percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolution_seconds),
  'p95_seconds', percentile_cont(0.95) WITHIN GROUP (ORDER BY c.resolution_seconds)) AS figures
FROM (SELECT date_trunc('hour', resolved_at, 'UTC') AS hour, resolution_seconds FROM ttr_data.counted WHERE is_closed OFFSET 0) AS c
CROSS JOIN generate_series(1, 24) AS n (hours)
GROUP BY c.hour + n.hours * interval '1 hour'
UNION ALL
SELECT 'cohorts', to_char(date_trunc('week', c.started_at AT TIME ZONE s.reporting_time_zone), 'YYYY-MM-DD'), jsonb_build_object(
  'total_started', count(*),
  'share_within_1h', (count(*) FILTER (WHERE c.resolution_seconds <= 3600))::double precision / count(*),
  'share_within_4h', (count(*) FILTER (WHERE c.resolution_seconds <= 14400))::double precision / count(*),
  'share_within_24h', (count(*) FILTER (WHERE c.resolution_seconds <= 86400))::double precision / count(*),
  'share_within_3d', (count(*) FILTER (WHERE c.resolution_seconds <= 259200))::double precision / count(*),
  'share_within_7d', (count(*) FILTER (WHERE c.resolution_seconds <= 604800))::double precision / count(*),
  'total_running', count(*) FILTER (WHERE c.state <> 'closed'))
FROM ttr_data.counted AS c
CROSS JOIN ttr_data.setting AS s
WHERE c.started_at IS NOT NULL
GROUP BY 2
UNION ALL
SELECT 'sla', concat_ws(' ', t.metric, t.policy), jsonb_build_object(
  'total_ended', count(*) FILTER (WHERE t.ended_at IS NOT NULL AND t.seconds IS NOT NULL),
  'sla_met_ratio', avg((t.seconds <= t.target_seconds)::integer) FILTER (WHERE t.ended_at IS NOT NULL),
  'sla_breaches', count(*) FILTER (WHERE t.ended_at IS NOT NULL AND t.seconds > t.target_seconds),
  'median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds) FILTER (WHERE t.ended_at IS NOT NULL) / 3600,
  'p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY t.seconds) FILTER (WHERE t.ended_at IS NOT NULL) / 3600,
  'total_running', count(*) FILTER (WHERE t.ended_at IS NULL),
  'running_past_target', count(*) FILTER (WHERE t.ended_at IS NULL AND t.seconds > t.target_seconds))
FROM ttr_data.standing AS t
GROUP BY t.metric, t.policy
UNION ALL
SELECT 'distribution_of_resolution', b.step::text, jsonb_build_object(
  'total_closed', count(*) FILTER (WHERE c.resolution_seconds > b.above_hours * 3600 OR b.step = 1),
  'cumulative_share', count(*)::double precision / nullif(o.total_closed, 0))
FROM ttr.distribution_of_resolution AS b
CROSS JOIN (SELECT count(*) FROM ttr_data.counted WHERE is_closed) AS o (total_closed)
JOIN (SELECT resolution_seconds FROM ttr_data.counted OFFSET 0) AS c ON c.resolution_seconds <= coalesce(b.up_to_hours * 3600, 'infinity')
GROUP BY b.step, o.total_closed;
COMMENT ON VIEW ttr_data.checked_other_figures IS 'The figures of the other views, by PostgreSQL''s own functions.';

-- At each age at which some ended, the product-limit estimator multiplies by the share of those at risk that did not. What opens after
-- the newest export has an age below 0.
CREATE VIEW ttr_data.checked_survival AS
WITH seen AS MATERIALIZED (
  SELECT k.view, k.key, c.seconds, c.is_closed
  FROM (
    SELECT is_closed,
           coalesce(resolution_seconds, paused_seconds, date_part('epoch', data_as_of) - date_part('epoch', open_since)) AS seconds,
           to_char(date_trunc('week', started_at AT TIME ZONE s.reporting_time_zone), 'YYYY-MM-DD') AS week
    FROM ttr_data.counted
    CROSS JOIN ttr_data.setting AS s
    WHERE data_as_of IS NOT NULL
    OFFSET 0
  ) AS c
  CROSS JOIN LATERAL (VALUES ('overall', ''), ('cohorts', c.week)) AS k (view, key)
  WHERE c.seconds IS NOT NULL
),
step AS (
  SELECT view, key, seconds, count(*) FILTER (WHERE is_closed) AS endings,
         sum(count(*)) OVER (PARTITION BY view, key ORDER BY seconds DESC) AS at_risk
  FROM seen
  GROUP BY view, key, seconds
),
curve AS (
  SELECT view, key, seconds,
         1 - exp(sum(CASE WHEN endings < at_risk THEN ln(1 - endings / at_risk::double precision) ELSE '-infinity' END) OVER w) AS ended
  FROM step
  WINDOW w AS (PARTITION BY view, key ORDER BY seconds)
)
SELECT view, key, jsonb_build_object(
    'started_median_hours', min(seconds) FILTER (WHERE ended >= 0.5 - 1e-12) / 3600,
    'started_p95_hours', min(seconds) FILTER (WHERE ended >= 0.95 - 1e-12) / 3600)
  || CASE WHEN view = 'overall' THEN jsonb_build_object(
       'started_share_within_24h',
       CASE WHEN max(seconds) >= 86400 OR max(ended) = 1 THEN coalesce(max(ended) FILTER (WHERE seconds <= 86400), 0) END) ELSE '{}' END
  AS figures
FROM curve
WHERE key IS NOT NULL
GROUP BY view, key;
COMMENT ON VIEW ttr_data.checked_survival IS 'The figures of all that started, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.checked_due AS
WITH due AS MATERIALIZED (
  SELECT t.metric, t.policy, d.day, t.ended_at IS NOT NULL AND t.seconds <= t.target_seconds AS is_met
  FROM ttr_data.standing AS t
  JOIN ttr_data.conversation AS c USING (conversation_id)
  LEFT JOIN ttr_data.calendar AS k ON k.name = t.calendar
  CROSS JOIN ttr_data.setting AS s
  CROSS JOIN LATERAL (SELECT (SELECT max(exported_at) FROM ttr_data.load) AS data_as_of) AS a
  CROSS JOIN LATERAL (
    SELECT (ttr_data.placed_at(c.started_at, c.resolved_at, c.exported_at) AT TIME ZONE s.reporting_time_zone)::date AS day
  ) AS d
  CROSS JOIN LATERAL (SELECT (d.day + 1)::timestamp AT TIME ZONE s.reporting_time_zone AS ends_at) AS e
  WHERE t.metric NOT IN ('next_response', 'waiting')
    AND (t.ended_at IS NULL OR t.seconds IS NOT NULL)
    AND CASE WHEN e.ends_at > a.data_as_of THEN false
             WHEN t.calendar IS NULL THEN date_part('epoch', a.data_as_of - e.ends_at) >= t.target_seconds
             ELSE ttr.business_seconds(tstzmultirange(tstzrange(greatest(e.ends_at, lower(k.covered)),
                                                                greatest(a.data_as_of, lower(k.covered)))),
                                       k.working_time, NULL, k.covered) >= t.target_seconds
        END
)
SELECT k.view, k.key, jsonb_build_object('total_due', count(*), 'due_met_ratio', avg(is_met::integer)) AS figures
FROM due AS d
CROSS JOIN LATERAL (
  VALUES ('sla', concat_ws(' ', d.metric, d.policy))
  UNION ALL
  SELECT * FROM (VALUES ('overall', ''), ('cohorts', to_char(date_trunc('week', d.day::timestamp), 'YYYY-MM-DD'))) AS v
  WHERE d.metric = 'resolution'
) AS k (view, key)
GROUP BY k.view, k.key;
COMMENT ON VIEW ttr_data.checked_due IS 'How many that had the time were resolved within their target, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.checked_backlog AS
WITH conversation AS MATERIALIZED (
  SELECT c.started_at, CASE WHEN c.is_closed THEN c.resolved_at END AS closed_at, c.counted_intervals, z.snoozed, c.target_seconds,
         c.sla_calendar IS NOT NULL AS has_calendar, c.sla_working_time, c.sla_covered, s.reporting_time_zone AS zone,
         CASE WHEN c.has_timeline THEN c.counted_intervals + z.snoozed
              ELSE tstzmultirange(tstzrange(c.started_at, CASE WHEN c.is_closed THEN c.resolved_at END))
         END AS unresolved
  FROM ttr_data.counted AS c
  CROSS JOIN ttr_data.setting AS s
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.has_timeline THEN coalesce(c.snoozed_intervals, '{}') ELSE '{}' END
           + CASE WHEN c.state = 'snoozed' AND (c.has_timeline AND ttr_data.has_running_end(c.snoozed_intervals)) IS NOT TRUE
                  THEN tstzmultirange(tstzrange(coalesce(CASE WHEN c.has_timeline THEN upper(c.open_intervals) END, c.started_at), NULL))
                  ELSE '{}' END
  ) AS z (snoozed)
  WHERE c.started_at IS NOT NULL AND (c.is_closed OR c.state <> 'closed')
),
-- One that is closed as it starts, or as it is opened again last, has no stretch of time there: from is to.
stretch AS MATERIALIZED (
  SELECT c.*, row_number() OVER (PARTITION BY c.number ORDER BY b.begins_at, b.ends_at) = 1 AS is_first,
         (b.begins_at AT TIME ZONE c.zone)::date AS begin_day, (b.ends_at AT TIME ZONE c.zone)::date AS end_day
  FROM (SELECT *, row_number() OVER () AS number FROM conversation) AS c
  CROSS JOIN LATERAL (
    SELECT lower(u), upper(u) FROM unnest(c.unresolved) AS u
    UNION ALL
    SELECT c.started_at, c.started_at WHERE (lower(c.unresolved) <= c.started_at) IS NOT TRUE
    UNION ALL
    SELECT c.closed_at, c.closed_at WHERE c.closed_at > coalesce(upper(c.unresolved), c.started_at)
  ) AS b (begins_at, ends_at)
),
newest AS MATERIALIZED (
  SELECT (data_as_of AT TIME ZONE reporting_time_zone)::date AS day, data_as_of
  FROM (SELECT max(exported_at) AS data_as_of FROM ttr_data.load) AS l
  CROSS JOIN ttr_data.setting
),
change AS (
  SELECT begin_day AS day, is_first::integer AS opened, (NOT is_first)::integer AS reopened, 0 AS closed, 0 AS snoozed FROM stretch
  UNION ALL
  SELECT end_day, 0, 0, 1, 0 FROM stretch WHERE end_day IS NOT NULL
  UNION ALL
  SELECT (e.at AT TIME ZONE c.zone)::date, 0, 0, 0, e.change
  FROM conversation AS c
  CROSS JOIN LATERAL unnest(c.snoozed) AS z (snooze)
  CROSS JOIN LATERAL (VALUES (lower(z.snooze), 1), (upper(z.snooze), -1)) AS e (at, change)
  WHERE e.at IS NOT NULL
  UNION ALL
  SELECT day, 0, 0, 0, 0 FROM ttr.backlog
),
summed AS (
  SELECT day, sum(opened) AS opened, sum(reopened) AS reopened, sum(closed) AS closed,
         sum(sum(opened + reopened - closed)) OVER (ORDER BY day) AS total_running,
         sum(sum(snoozed)) OVER (ORDER BY day) AS total_snoozed
  FROM change
  GROUP BY day
),
-- On the last day of each month, and on the newest one: every day would read everything.
aged AS (
  SELECT d.day,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', e.ends_at) - date_part('epoch', s.started_at)) / 3600 AS median,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY date_part('epoch', e.ends_at) - date_part('epoch', s.started_at)) / 3600 AS p95,
         count(*) FILTER (WHERE q.seconds > s.target_seconds) AS past_target
  FROM (SELECT b.day, newest.day = b.day FROM ttr.backlog AS b CROSS JOIN newest) AS d (day, is_newest)
  CROSS JOIN LATERAL (
    SELECT b.day_ends_at, CASE WHEN d.is_newest THEN (SELECT data_as_of FROM newest) ELSE b.day_ends_at END AS ends_at
    FROM (SELECT ttr_data.begin_of(d.day + 1, (SELECT reporting_time_zone FROM ttr_data.setting))) AS b (day_ends_at)
    OFFSET 0
  ) AS e
  JOIN stretch AS s ON s.begin_day <= d.day AND (s.end_day > d.day OR s.end_day IS NULL)
  -- What goes on counts until the newest export, and what has ended until the end of the day.
  CROSS JOIN LATERAL (
    SELECT s.counted_intervals * tstzmultirange(tstzrange(NULL, CASE WHEN ttr_data.has_running_end(s.counted_intervals) THEN e.ends_at
                                                                     ELSE e.day_ends_at END))
    OFFSET 0
  ) AS i (counted)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.has_calendar THEN ttr.business_seconds(i.counted, s.sla_working_time, NULL, s.sla_covered)
                ELSE ttr.open_seconds(i.counted) END
  ) AS q (seconds)
  WHERE d.is_newest OR extract(day FROM d.day + 1) = 1
  GROUP BY d.day
)
SELECT 'backlog' AS view, s.day::text AS key,
       jsonb_build_object('opened', s.opened, 'reopened', s.reopened, 'closed', s.closed, 'total_running', s.total_running,
                          'total_snoozed', s.total_snoozed)
       || CASE WHEN a.day IS NULL THEN '{}'
               ELSE jsonb_build_object('median_age_hours', greatest(a.median, 0), 'p95_age_hours', greatest(a.p95, 0),
                                       'past_target', a.past_target) END AS figures
FROM summed AS s
JOIN newest ON s.day <= newest.day
LEFT JOIN aged AS a ON a.day = s.day;
COMMENT ON VIEW ttr_data.checked_backlog IS 'The backlog of every day, by PostgreSQL''s own functions.';

-- Each overlap of an assignment with the time that the conversation was open. What no assignment overlaps is nobody's.
CREATE VIEW ttr_data.checked_handler AS
SELECT c.conversation_id, c.resolved_on, coalesce(c.closed_by, '') AS closed_by, c.started_at,
       h.handler_type, coalesce(
         CASE h.handler_type WHEN 'teammate' THEN coalesce(lower(nullif(t.email, '')), nullif(t.name, '')) ELSE nullif(m.name, '') END,
         h.handler_id) AS handler,
       h.assignment_count, h.handoff_count, h.reply_count, h.close_count, h.first_close_at,
       h.has_last_close AND h.last_close_at = c.resolved_at AS has_resolved,
       h.first_assigned_at, h.answered_waits,
       ttr_data.rating(c.attributes) AS rating,
       CASE WHEN h.assigned_intervals <> '{}' THEN coalesce(o.seconds, 0) END AS held_seconds,
       CASE WHEN h.assigned_intervals <> '{}'
            THEN ttr.business_seconds(h.assigned_intervals * c.counted_intervals, k.working_time, NULL, k.covered)
       END AS held_business_seconds,
       (SELECT sum(extract(epoch FROM upper(b) - lower(b))) FROM unnest(c.counted_intervals) AS b) AS open_seconds
FROM ttr_data.counted AS c
LEFT JOIN ttr_data.handling AS h USING (conversation_id)
LEFT JOIN ttr_data.teammate AS t ON t.teammate_id = h.handler_id
LEFT JOIN ttr_data.team AS m ON m.team_id = h.handler_id
LEFT JOIN ttr_data.calendar AS k ON k.name = (SELECT calendar FROM ttr_data.setting)
CROSS JOIN LATERAL (
  SELECT sum(extract(epoch FROM e.ends_at - e.begins_at))
  FROM unnest(h.assigned_intervals) AS a
  CROSS JOIN unnest(c.counted_intervals) AS b
  CROSS JOIN LATERAL (SELECT greatest(lower(a), lower(b)), least(upper(a), upper(b))) AS e (begins_at, ends_at)
  WHERE e.begins_at < e.ends_at
) AS o (seconds)
WHERE c.is_closed AND c.has_timeline;
COMMENT ON VIEW ttr_data.checked_handler IS
  'Each handler of each conversation that counts as closed, without rollups and without aggregates of the extension.';

CREATE VIEW ttr_data.checked_handling AS
SELECT 'by_' || h.handler_type AS view, h.handler AS key, jsonb_build_object(
    'total', count(*),
    'held_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY h.held_seconds) / 3600,
    'held_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY h.held_seconds) / 3600,
    'held_hours', sum(h.held_seconds) / 3600,
    'held_business_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY h.held_business_seconds) / 3600,
    'held_business_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY h.held_business_seconds) / 3600,
    'assignments', sum(h.assignment_count),
    'handoffs', sum(h.handoff_count))
  || CASE h.handler_type WHEN 'teammate' THEN jsonb_build_object(
    'total_closed', count(*) FILTER (WHERE h.has_resolved),
    'reopened_ratio', count(*) FILTER (WHERE h.close_count > CASE WHEN h.has_resolved THEN 1 ELSE 0 END)
                      / nullif(count(*) FILTER (WHERE h.close_count > 0), 0)::double precision,
    'replies', sum(h.reply_count),
    'next_response_count', sum(w.count),
    'rated', count(h.rating) FILTER (WHERE h.has_resolved),
    'avg_rating', avg(h.rating) FILTER (WHERE h.has_resolved)) ELSE '{}' END AS figures
FROM ttr_data.checked_handler AS h
CROSS JOIN LATERAL (SELECT count(*) FROM unnest(h.answered_waits)) AS w (count)
WHERE h.handler_type IN ('teammate', 'team')
GROUP BY h.handler_type, h.handler
UNION ALL
SELECT 'by_teammate', h.handler, jsonb_build_object(
  'next_response_median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY s.seconds) / 3600,
  'next_response_p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY s.seconds) / 3600)
FROM ttr_data.checked_handler AS h
LEFT JOIN LATERAL unnest(h.answered_waits) AS w (wait) ON true
CROSS JOIN LATERAL (SELECT extract(epoch FROM upper(w.wait) - lower(w.wait))) AS s (seconds)
WHERE h.handler_type = 'teammate'
GROUP BY h.handler;
COMMENT ON VIEW ttr_data.checked_handling IS 'The figures of handlers, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.checked_clocks AS
WITH clocked AS MATERIALIZED (
  SELECT h.conversation_id, h.closed_by,
         extract(epoch FROM min(greatest(h.first_assigned_at, h.started_at)) FILTER (WHERE h.first_assigned_at IS NOT NULL) - h.started_at)
           AS to_assignment,
         extract(epoch FROM min(h.first_close_at) - h.started_at) AS to_close,
         extract(epoch FROM min(h.first_close_at) FILTER (WHERE h.handler_type = 'teammate') - h.started_at) AS to_teammate_close,
         sum(h.held_seconds) FILTER (WHERE h.handler_type = 'teammate') AS handling,
         round(sum(h.held_business_seconds) FILTER (WHERE h.handler_type = 'teammate')::numeric, 6) AS handling_business,
         coalesce(h.open_seconds, 0) - coalesce(sum(h.held_seconds) FILTER (WHERE h.handler_type = 'teammate'), 0) AS unassigned
  FROM ttr_data.checked_handler AS h
  GROUP BY h.conversation_id, h.closed_by, h.started_at, h.open_seconds
)
SELECT v.view, k.clock || v.closer AS key, jsonb_build_object(
  'total', count(*),
  'median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY k.seconds) / 3600,
  'p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY k.seconds) / 3600,
  'mean_hours', avg(k.seconds) / 3600) AS figures
FROM clocked AS c
CROSS JOIN LATERAL (VALUES ('clocks', ''), ('clocks_by_closer', ' ' || c.closed_by)) AS v (view, closer)
CROSS JOIN LATERAL (VALUES ('first_assignment', c.to_assignment), ('first_close', c.to_close),
                           ('first_teammate_close', c.to_teammate_close), ('handling', c.handling),
                           ('handling_business', c.handling_business), ('unassigned', c.unassigned)) AS k (clock, seconds)
WHERE k.seconds IS NOT NULL
  AND EXISTS (SELECT FROM ttr_data.handling)  -- where nobody handled anything there are no clocks
GROUP BY v.view, k.clock || v.closer;
COMMENT ON VIEW ttr_data.checked_clocks IS 'The figures of the clocks that follow from handlers, by PostgreSQL''s own functions.';

-- From the seventh day on.
CREATE VIEW ttr_data.checked_rolling_7d AS
WITH resolved AS MATERIALIZED (
  SELECT resolved_on AS day, resolution_seconds FROM ttr_data.counted WHERE is_closed
),
range AS (
  SELECT min(day) AS first,
         min(day) FILTER (WHERE day BETWEEN current_date - 50 * 365 AND current_date + 365) AS first_likely,
         max(day) FILTER (WHERE day BETWEEN current_date - 50 * 365 AND current_date + 365) AS last_likely
  FROM resolved
)
SELECT 'rolling_7d' AS view, to_char(r.day + n.days, 'YYYY-MM-DD') AS key, jsonb_build_object(
  'total_closed', count(*),
  'median_hours', percentile_cont(0.5) WITHIN GROUP (ORDER BY r.resolution_seconds) / 3600,
  'p95_hours', percentile_cont(0.95) WITHIN GROUP (ORDER BY r.resolution_seconds) / 3600,
  'median_seconds', percentile_cont(0.5) WITHIN GROUP (ORDER BY r.resolution_seconds),
  'p95_seconds', percentile_cont(0.95) WITHIN GROUP (ORDER BY r.resolution_seconds)) AS figures
FROM resolved AS r
CROSS JOIN range
CROSS JOIN generate_series(0, 6) AS n (days)
WHERE r.day + n.days >= range.first + 6
  AND (r.day + n.days BETWEEN range.first_likely AND range.last_likely OR r.day + n.days IN (SELECT day FROM resolved))
GROUP BY r.day + n.days;
COMMENT ON VIEW ttr_data.checked_rolling_7d IS 'The figures of ttr.rolling_7d, by PostgreSQL''s own functions.';

-- Of the quarters of an hour around midnight, a day begins with the first that has its date while the moment before has an earlier one.
CREATE VIEW ttr_data.checked_beginning AS
WITH beginning AS MATERIALIZED (
  SELECT d.day, date_part('epoch', coalesce(min(q.at) FILTER (WHERE (q.at AT TIME ZONE s.reporting_time_zone)::date = d.day
                                            AND ((q.at - interval '1 microsecond') AT TIME ZONE s.reporting_time_zone)::date < d.day),
                                            min(m.midnight))) AS begins_at
  FROM (SELECT day FROM ttr.daily UNION SELECT week FROM ttr.weekly UNION SELECT month FROM ttr.monthly
        UNION SELECT week FROM ttr.cohorts) AS d
  CROSS JOIN ttr_data.setting AS s
  CROSS JOIN LATERAL (SELECT d.day::timestamp AT TIME ZONE s.reporting_time_zone AS midnight) AS m
  CROSS JOIN LATERAL (SELECT m.midnight + n * interval '15 minutes' AS at FROM generate_series(-12, 12) AS n) AS q
  GROUP BY d.day
)
SELECT p.view, p.key, jsonb_build_object('begins_at', b.begins_at) AS figures
FROM (
  SELECT 'daily' AS view, to_char(day, 'YYYY-MM-DD') AS key, day FROM ttr.daily
  UNION ALL SELECT 'daily_by_assignee', to_char(day, 'YYYY-MM-DD ') || coalesce(assignee, ''), day FROM ttr.daily_by_assignee
  UNION ALL SELECT 'daily_by_tag', to_char(day, 'YYYY-MM-DD ') || tag, day FROM ttr.daily_by_tag
  UNION ALL SELECT 'daily_by_dimension', concat(to_char(day, 'YYYY-MM-DD '), dimension, ' ', value), day FROM ttr.daily_by_dimension
  UNION ALL SELECT 'rolling_7d', to_char(day, 'YYYY-MM-DD'), day FROM ttr.rolling_7d
  UNION ALL SELECT 'weekly', to_char(week, 'YYYY-MM-DD'), week FROM ttr.weekly
  UNION ALL SELECT 'monthly', to_char(month, 'YYYY-MM-DD'), month FROM ttr.monthly
  UNION ALL SELECT 'cohorts', to_char(week, 'YYYY-MM-DD'), week FROM ttr.cohorts
) AS p
JOIN beginning AS b USING (day);
COMMENT ON VIEW ttr_data.checked_beginning IS 'When the published days, weeks and months begin, by PostgreSQL''s own functions.';

CREATE VIEW ttr_data.published_figures AS
SELECT view, key, figures || CASE WHEN begins_at IS NULL THEN '{}' ELSE jsonb_build_object('begins_at', date_part('epoch', begins_at)) END
       AS figures
FROM (
  SELECT 'overall' AS view, '' AS key, NULL::timestamptz AS begins_at, to_jsonb(v) AS figures FROM ttr.overall AS v
  UNION ALL SELECT 'by_assignee', coalesce(v.assignee, ''), NULL, to_jsonb(v) FROM ttr.by_assignee AS v
  UNION ALL SELECT 'by_tag', v.tag, NULL, to_jsonb(v) FROM ttr.by_tag AS v
  UNION ALL SELECT 'by_dimension', concat(v.dimension, ' ', v.value), NULL, to_jsonb(v) FROM ttr.by_dimension AS v
  UNION ALL SELECT 'daily_by_dimension', concat(to_char(v.day, 'YYYY-MM-DD '), v.dimension, ' ', v.value), v.begins_at, to_jsonb(v)
            FROM ttr.daily_by_dimension AS v
  UNION ALL SELECT 'daily', to_char(v.day, 'YYYY-MM-DD'), v.begins_at, to_jsonb(v) FROM ttr.daily AS v
  UNION ALL SELECT 'daily_by_assignee', to_char(v.day, 'YYYY-MM-DD ') || coalesce(v.assignee, ''), v.begins_at, to_jsonb(v)
            FROM ttr.daily_by_assignee AS v
  UNION ALL SELECT 'daily_by_tag', to_char(v.day, 'YYYY-MM-DD ') || v.tag, v.begins_at, to_jsonb(v) FROM ttr.daily_by_tag AS v
  UNION ALL SELECT 'weekly', to_char(v.week, 'YYYY-MM-DD'), v.begins_at, to_jsonb(v) FROM ttr.weekly AS v
  UNION ALL SELECT 'monthly', to_char(v.month, 'YYYY-MM-DD'), v.begins_at, to_jsonb(v) FROM ttr.monthly AS v
  UNION ALL SELECT 'by_weekday_hour', v.weekday || to_char(v.hour, ' FM00'), NULL, to_jsonb(v) FROM ttr.by_weekday_hour AS v
  UNION ALL SELECT 'rolling_24h', extract(epoch FROM v.ends_at)::text, NULL, to_jsonb(v) FROM ttr.rolling_24h AS v
  UNION ALL SELECT 'rolling_7d', to_char(v.day, 'YYYY-MM-DD'), v.begins_at, to_jsonb(v) FROM ttr.rolling_7d AS v
  UNION ALL SELECT 'cohorts', to_char(v.week, 'YYYY-MM-DD'), v.begins_at, to_jsonb(v) FROM ttr.cohorts AS v
  UNION ALL SELECT 'backlog', v.day::text, NULL, to_jsonb(v) FROM ttr.backlog AS v
  UNION ALL SELECT 'by_teammate', coalesce(v.teammate, ''), NULL, to_jsonb(v) FROM ttr.by_teammate AS v
  UNION ALL SELECT 'by_team', v.team, NULL, to_jsonb(v) FROM ttr.by_team AS v
  UNION ALL SELECT 'clocks', v.clock, NULL, to_jsonb(v) FROM ttr.clocks AS v
  UNION ALL SELECT 'clocks_by_closer', concat(v.clock, ' ', v.closed_by), NULL, to_jsonb(v) FROM ttr.clocks_by_closer AS v
  UNION ALL SELECT 'sla', v.metric || ' ' || coalesce(v.policy, ''), NULL, to_jsonb(v) FROM ttr.sla AS v
  UNION ALL SELECT 'distribution_of_resolution', v.step::text, NULL, to_jsonb(v) FROM ttr.distribution_of_resolution AS v
) AS p;
COMMENT ON VIEW ttr_data.published_figures IS 'Every row that is published with figures, as JSON; begins_at in seconds since 1970.';

CREATE FUNCTION ttr.check(OUT view text, OUT key text, OUT figure text, OUT published text, OUT from_facts text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off SET extra_float_digits = 1
AS $$
  SELECT view, key, f.figure, p.figures ->> f.figure, e.figures ->> f.figure
  FROM (TABLE ttr_data.checked_figures UNION ALL TABLE ttr_data.checked_responses UNION ALL TABLE ttr_data.checked_other_figures
        UNION ALL TABLE ttr_data.checked_survival UNION ALL TABLE ttr_data.checked_due UNION ALL TABLE ttr_data.checked_backlog
        UNION ALL TABLE ttr_data.checked_handling UNION ALL TABLE ttr_data.checked_clocks
        UNION ALL TABLE ttr_data.checked_rolling_7d UNION ALL TABLE ttr_data.checked_beginning) AS e
  FULL JOIN ttr_data.published_figures AS p USING (view, key)
  -- Without conversations a row of counts of 0 is right.
  CROSS JOIN LATERAL jsonb_object_keys(coalesce(e.figures, p.figures)) AS f (figure)
  CROSS JOIN LATERAL (
    SELECT (p.figures ->> f.figure)::double precision,
           CASE WHEN e.figures IS NOT NULL THEN (e.figures ->> f.figure)::double precision ELSE 0 END
    WHERE e.figures IS NOT NULL OR f.figure LIKE 'total\_%'
  ) AS value (published, expected)
  WHERE value.published IS DISTINCT FROM value.expected
    AND NOT coalesce(f.figure ~ '^(mean|avg|share|started_share|open_median)|(share|ratio|age_hours|held_hours)$'
                     AND abs(value.published - value.expected) <= 1e-9 * greatest(abs(value.expected), 1), false)
$$;
REVOKE EXECUTE ON FUNCTION ttr.check() FROM PUBLIC;  -- it reads everything
COMMENT ON FUNCTION ttr.check IS
  'Recomputes every published figure from the facts, by PostgreSQL''s own functions, and returns those that differ: none after a refresh.';
