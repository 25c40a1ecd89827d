-- What is counted: one row a conversation, derived live from the facts. Every figure starts here.
--
--   counted at all          unless the vendor deleted it
--   counted as closed       state = 'closed' and resolved_at >= started_at, which must be known
--   counted_intervals       when it was open, up to resolved_at: its timeline where that is known and agrees with the
--                           state, else the span from its start; while it goes on, with a running end
--   has_timeline            whether that is its timeline
--   elapsed_seconds         resolved_at - started_at
--   open_seconds            length of the timeline, where it is counted
--   resolution_seconds      open_seconds where there is one, else elapsed_seconds; basis names it
--   business_seconds        of counted_intervals in the calendar of the settings
--   sla_seconds             what counts towards the target, by the clock of the policy that applies: up to resolved_at, or to the
--                           newest export while the conversation goes on, never to now()
--   due_at                  when that reaches the target, if nothing changes; NULL where it was closed or snoozed before
--   age_seconds             from its start to the newest export, while it goes on
--   open_since              while it is open, or snoozed without a timeline: since when it would have been open without a break. Its time
--                           to resolution so far is the newest export less this
--   paused_seconds          while it is snoozed and has a timeline: its time to resolution so far, which does not grow
--   counted_waits           waiting_intervals, where the timeline counts
--   runs_to                 until when a running wait counts: resolved_at, or the newest export
--   waiting_seconds         how long the customer waited for the team, from each message to the next reply or close: up to resolved_at,
--                           or to the newest export. NULL where the timeline does not count, or messages are not known
--   longest_wait_seconds    the longest single wait
--   next_response_seconds   each wait that a reply ended; NULL as waiting_seconds
--   backlog_changes         the days on which it enters the backlog (what is not closed), leaves it, is snoozed in it, and exceeds its
--                           target in it. Without a timeline its present state holds for its whole span. NULL where the start is
--                           unknown, or where it is closed at no known later time
--   late_from               after this instant more than the target counts, as long as it is not closed
--   backlog_since           its start. NULL where it is closed on the day of its start: it is in the backlog at no day's end
--
-- A query that reads few of the columns pays for these alone: teammates, policies and calendars are joined by unique keys, so that
-- the planner drops the join where nothing of it is read. What is the same for all rows is a scalar subquery, and computed once;
-- where there are no policies, none is looked for. The planner copies an expression to each place that reads it, and PostgreSQL
-- computes each copy: hence ttr.elapsed_seconds() and its like, one call in place of several operators.

-- An empty timeline has no upper end: it was never open.
CREATE FUNCTION ttr_data.has_running_end(intervals tstzmultirange) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(upper_inf(intervals) OR upper(intervals) = 'infinity', false);
COMMENT ON FUNCTION ttr_data.has_running_end IS 'Whether a conversation with these open intervals is still open.';

CREATE VIEW ttr_data.counted AS
SELECT c.*,
       n.assignee,
       k.is_closed,
       CASE WHEN k.is_closed THEN ttr.local_day(c.resolved_at, s.reporting_time_zone) END AS resolved_on,
       t.has_timeline,
       t.counted_intervals,
       coalesce(r.open_seconds, r.elapsed_seconds) AS resolution_seconds,
       CASE WHEN k.is_closed THEN CASE WHEN t.has_timeline THEN 'timeline' ELSE 'span' END END AS basis,
       r.elapsed_seconds,
       r.open_seconds,
       CASE WHEN k.is_closed
            THEN ttr.business_seconds(t.counted_intervals, s.working_time, NULL, s.covered)
       END AS business_seconds,
       p.name AS sla_policy,
       coalesce(p.target_seconds, s.target_seconds) AS target_seconds,
       p.calendar AS sla_calendar,
       w.working_time AS sla_working_time,
       w.covered AS sla_covered,
       l.sla_seconds,
       ttr.open_due_at(t.counted_intervals, coalesce(p.target_seconds, s.target_seconds), w.working_time, w.covered) AS due_at,
       CASE WHEN k.is_closed THEN l.sla_seconds > coalesce(p.target_seconds, s.target_seconds) END AS is_breach,
       ttr.elapsed_seconds(c.started_at, c.first_response_at) AS first_response_seconds,
       CASE WHEN s.has_policies
            THEN (SELECT y.name
                  FROM ttr_data.promise AS y
                  WHERE y.metric = 'first_response'
                    AND (y.tags IS NULL OR (y.first_tag = ANY (c.tags) AND y.tags <@ c.tags))
                    AND (y.assignee IS NULL OR y.assignee = ttr.lower_case(n.assignee))
                    AND (y.attributes IS NULL OR c.attributes @> y.attributes)
                  LIMIT 1)
       END AS first_response_policy,
       CASE WHEN c.state <> 'closed' THEN ttr.elapsed_seconds(c.started_at, a.data_as_of) END AS age_seconds,
       CASE WHEN c.state <> 'closed' AND a.data_as_of >= c.started_at
            THEN ttr.business_seconds(tstzmultirange(tstzrange(c.started_at, a.data_as_of)), s.working_time, NULL, s.covered)
       END AS business_age_seconds,
       CASE WHEN c.state <> 'closed' THEN CASE WHEN m.has_timeline THEN ttr.open_since(c.open_intervals) ELSE c.started_at END END
         AS open_since,
       CASE WHEN c.state <> 'closed' AND m.has_timeline THEN ttr.open_seconds(c.open_intervals) END AS paused_seconds,
       x.counted_waits,
       x.runs_to,
       ttr.open_seconds(x.counted_waits, x.runs_to) AS waiting_seconds,
       ttr.business_seconds(x.counted_waits, s.working_time, x.runs_to, s.covered) AS waiting_business_seconds,
       ttr.longest_seconds(x.counted_waits, x.runs_to) AS longest_wait_seconds,
       CASE WHEN m.has_timeline THEN ttr.each_seconds(c.answered_waits) END AS next_response_seconds,
       CASE WHEN k.is_closed OR c.state <> 'closed'
            THEN ttr.backlog_changes(c.started_at, CASE WHEN k.is_closed THEN c.resolved_at END,
                                     CASE WHEN t.has_timeline THEN t.counted_intervals + b.snoozed END, b.snoozed,
                                     e.late_from, s.reporting_time_zone)
       END AS backlog_changes,
       CASE WHEN (k.is_closed AND ttr.local_day(c.started_at, s.reporting_time_zone) = ttr.local_day(c.resolved_at, s.reporting_time_zone))
                 IS NOT TRUE
            THEN c.started_at
       END AS backlog_since,
       e.late_from,
       a.data_as_of,
       coalesce(c.exported_at, d.confirmed_at, d.exported_at) AS confirmed_at
FROM ttr_data.conversation AS c
LEFT JOIN ttr_data.load AS d ON d.load_id = c.load_id
CROSS JOIN LATERAL (
  SELECT (SELECT reporting_time_zone FROM ttr_data.setting) AS reporting_time_zone,
         (SELECT target_seconds FROM ttr_data.setting) AS target_seconds,
         (SELECT working_time FROM ttr_data.calendar WHERE name = (SELECT calendar FROM ttr_data.setting)) AS working_time,
         (SELECT covered FROM ttr_data.calendar WHERE name = (SELECT calendar FROM ttr_data.setting)) AS covered,
         (SELECT EXISTS (SELECT FROM ttr_data.sla_policy)) AS has_policies
) AS s
CROSS JOIN LATERAL (SELECT (SELECT max(exported_at) FROM ttr_data.load) AS data_as_of) AS a
LEFT JOIN ttr_data.teammate AS o ON o.teammate_id = c.assignee_id
CROSS JOIN LATERAL (
  SELECT coalesce(ttr.lower_case(nullif(c.assignee_email, '')), ttr.lower_case(nullif(o.email, '')), nullif(o.name, ''),
                  nullif(c.assignee_id, ''))
) AS n (assignee)
CROSS JOIN LATERAL (
  SELECT c.state = 'closed' AND coalesce(c.resolved_at >= c.started_at, false)
) AS k (is_closed)
CROSS JOIN LATERAL (
  SELECT c.open_intervals IS NOT NULL
         AND ttr_data.has_running_end(c.open_intervals) = (c.state = 'open')
         AND (k.is_closed OR c.state <> 'closed')
) AS m (has_timeline)
CROSS JOIN LATERAL (
  SELECT m.has_timeline,
         CASE WHEN m.has_timeline AND k.is_closed
              THEN c.open_intervals * tstzmultirange(tstzrange(NULL, c.resolved_at))
              WHEN m.has_timeline THEN c.open_intervals
              WHEN k.is_closed THEN tstzmultirange(tstzrange(c.started_at, c.resolved_at))
              WHEN c.state <> 'closed' AND c.started_at IS NOT NULL THEN tstzmultirange(tstzrange(c.started_at, NULL))
         END AS counted_intervals
) AS t
-- Rows that were written by hand may lack the snooze that they are in.
CROSS JOIN LATERAL (
  SELECT CASE WHEN NOT m.has_timeline
              THEN CASE WHEN c.state = 'snoozed' AND c.started_at IS NOT NULL THEN tstzmultirange(tstzrange(c.started_at, NULL)) END
              WHEN c.state = 'snoozed' AND NOT ttr_data.has_running_end(c.snoozed_intervals)
              THEN coalesce(c.snoozed_intervals, '{}') + tstzmultirange(tstzrange(coalesce(upper(c.open_intervals), c.started_at), NULL))
              ELSE coalesce(c.snoozed_intervals, '{}')
         END AS snoozed
) AS b
-- A close ends every wait, so that none needs to be cut off.
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.waiting_intervals IS NOT NULL AND m.has_timeline THEN c.waiting_intervals END AS counted_waits,
         CASE WHEN k.is_closed THEN c.resolved_at ELSE a.data_as_of END AS runs_to
) AS x
-- A conversation that does not count as closed has neither: from start to an earlier resolution no time elapsed.
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.state = 'closed' THEN ttr.elapsed_seconds(c.started_at, c.resolved_at) END AS elapsed_seconds,
         CASE WHEN t.has_timeline AND k.is_closed THEN ttr.open_seconds(t.counted_intervals) END AS open_seconds
) AS r
-- The name of the policy is found by its conditions, and its row by the name: the planner drops both where neither is read.
LEFT JOIN (ttr_data.sla_policy AS p LEFT JOIN ttr_data.calendar AS w ON w.name = p.calendar)
  ON p.name = CASE WHEN s.has_policies
                   THEN (SELECT y.name
                         FROM ttr_data.promise AS y
                         WHERE y.metric = 'resolution'
                           AND (y.tags IS NULL OR (y.first_tag = ANY (c.tags) AND y.tags <@ c.tags))
                           AND (y.assignee IS NULL OR y.assignee = ttr.lower_case(n.assignee))  -- an identifier may be in upper case
                           AND (y.attributes IS NULL OR c.attributes @> y.attributes)
                         LIMIT 1)
              END
CROSS JOIN LATERAL (
  SELECT CASE WHEN p.calendar IS NOT NULL
              THEN ttr.business_seconds(t.counted_intervals, w.working_time, a.data_as_of, w.covered)
              WHEN c.state = 'closed' THEN coalesce(r.open_seconds, r.elapsed_seconds)
              ELSE ttr.open_seconds(t.counted_intervals, a.data_as_of)
         END AS sla_seconds
) AS l
-- After the last instant at which no more than the target counts: at the end of working time a target may be reached, and not exceeded.
-- Most conversations have no timeline and no calendar, and a plain sum is quicker.
CROSS JOIN LATERAL (
  SELECT CASE WHEN p.calendar IS NULL AND NOT t.has_timeline
              THEN CASE WHEN (r.elapsed_seconds <= coalesce(p.target_seconds, s.target_seconds)) IS NOT TRUE
                        THEN c.started_at + coalesce(p.target_seconds, s.target_seconds) * interval '1 second'
                   END
              WHEN NOT k.is_closed OR l.sla_seconds > coalesce(p.target_seconds, s.target_seconds)
              THEN ttr.open_due_at(t.counted_intervals, (floor(coalesce(p.target_seconds, s.target_seconds) * 1e6) + 1) / 1e6,
                                   w.working_time, w.covered) - interval '1 microsecond'
         END AS late_from
) AS e
WHERE c.deleted_at IS NULL;
COMMENT ON VIEW ttr_data.counted IS
  'Every conversation that was not deleted, with all that is counted of it; people read it through ttr.conversations.';

-- No arrays and no jsonb here: Metabase and Grafana cannot filter by them.
CREATE VIEW ttr.conversations AS
SELECT conversation_id,
       user_id,
       state,
       assignee,
       array_to_string(tags, '; ') AS tags,
       started_at,
       first_response_at,
       resolved_at,
       resolved_on,
       is_closed,
       resolution_seconds,
       resolution_seconds / 3600 AS resolution_hours,
       basis,
       elapsed_seconds,
       open_seconds,
       business_seconds,
       sla_policy,
       target_seconds,
       sla_seconds,
       due_at,
       is_breach,
       first_response_seconds,
       first_response_policy,
       age_seconds,
       waiting_seconds,
       waiting_seconds / 3600 AS waiting_hours,
       waiting_business_seconds,
       longest_wait_seconds,
       1 - waiting_seconds / nullif(coalesce(elapsed_seconds, age_seconds), 0) AS customer_time_ratio,
       message_count,
       reopen_count,
       updated_at,
       confirmed_at AS exported_at,
       load_id
FROM ttr_data.counted;

COMMENT ON VIEW ttr.conversations IS 'Every conversation with its time to resolution, live from the facts.';
COMMENT ON COLUMN ttr.conversations.exported_at IS 'When the export that these facts come from was taken.';

CREATE VIEW ttr.load_history AS
SELECT l.load_id,
       l.started_at,
       l.finished_at,
       date_part('epoch', l.finished_at - l.started_at) AS seconds,
       l.loaded_by,
       l.loader_version,
       l.exported_at,
       (SELECT string_agg(f ->> 'name', ', ' ORDER BY place)
        FROM jsonb_array_elements(l.files) WITH ORDINALITY AS e (f, place)) AS files,
       l.bytes,
       l.read,
       l.inserted,
       l.updated,
       l.unchanged,
       l.older,
       l.duplicate,
       l.rejected,
       l.ignored,
       l.deleted,
       l.events,
       l.naive_timestamps,
       l.placeholders,
       (l.summary ->> 'total_closed')::bigint AS total_closed,
       (l.summary ->> 'median_hours')::double precision AS median_hours,
       (l.summary ->> 'p95_hours')::double precision AS p95_hours
FROM ttr_data.load AS l;

COMMENT ON VIEW ttr.load_history IS 'Every load that was committed, with what it read and did.';
COMMENT ON COLUMN ttr.load_history.started_at IS 'When it started.';
COMMENT ON COLUMN ttr.load_history.seconds IS 'Seconds from start to finish.';
COMMENT ON COLUMN ttr.load_history.files IS 'Names of the files.';
COMMENT ON COLUMN ttr.load_history.total_closed IS
  'Closed conversations among those that the load named; NULL where ttr-load ended before the summary was known.';
