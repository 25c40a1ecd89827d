-- SLA: how each conversation stands towards its target, which ones miss it, and how often a policy is kept.

-- A row for each conversation and each further promise that applies to it, by the time that counts towards its target:
--
--   first_response   from the start to the first response; not where it was closed without one
--   next_response    the longest single wait of the customer: one late reply breaks the promise, and the first late one is due first
--   waiting          all waits of the customer together
--   close            from the start to the close that still holds, snoozed or not
--
-- Waits are known where messages are. promised_intervals is NULL where there is nothing to count.
CREATE VIEW ttr_data.promised AS
SELECT c.*,
       q.metric AS promised_metric,
       f.name AS promised_policy,
       f.calendar AS promised_calendar,
       f.working_time AS promised_working_time,
       f.covered AS promised_covered,
       f.target_seconds AS promised_target_seconds,
       w.promised_intervals,
       CASE WHEN q.metric <> 'next_response' THEN w.promised_intervals
            WHEN ttr_data.has_running_end(w.promised_intervals)
            THEN (SELECT tstzmultirange(i) FROM unnest(w.promised_intervals) AS i WHERE upper_inf(i) OR upper(i) = 'infinity')
       END AS running_intervals,
       CASE WHEN q.metric = 'first_response' THEN c.first_response_at WHEN c.is_closed THEN c.resolved_at END AS promised_end,
       CASE WHEN f.calendar IS NULL AND q.metric = 'next_response' THEN ttr.longest_seconds(w.promised_intervals, c.runs_to)
            WHEN f.calendar IS NULL THEN ttr.open_seconds(w.promised_intervals, c.runs_to)
            WHEN q.metric = 'next_response' AND w.promised_intervals IS NOT NULL
            THEN (SELECT CASE WHEN count(*) = count(b.seconds) THEN coalesce(max(b.seconds), 0) END
                  FROM unnest(w.promised_intervals) AS i
                  CROSS JOIN LATERAL (SELECT ttr.business_seconds(tstzmultirange(i), f.working_time, c.runs_to, f.covered)) AS b (seconds))
            ELSE ttr.business_seconds(w.promised_intervals, f.working_time, c.runs_to, f.covered)
       END AS promised_seconds
FROM ttr_data.counted AS c
CROSS JOIN (SELECT DISTINCT metric FROM ttr_data.sla_policy WHERE metric <> 'resolution') AS q
JOIN ttr_data.promise AS f
  ON f.name = (SELECT y.name
               FROM ttr_data.promise AS y
               WHERE y.metric = q.metric
                 AND (y.tags IS NULL OR (y.first_tag = ANY (c.tags) AND y.tags <@ c.tags))
                 AND (y.assignee IS NULL OR y.assignee = ttr.lower_case(c.assignee))
                 AND (y.attributes IS NULL OR c.attributes @> y.attributes)
               LIMIT 1)
CROSS JOIN LATERAL (
  SELECT CASE WHEN q.metric = 'first_response'
              THEN CASE WHEN c.first_response_at >= c.started_at
                             OR (c.first_response_at IS NULL AND c.state <> 'closed' AND c.started_at IS NOT NULL)
                        THEN tstzmultirange(tstzrange(c.started_at, c.first_response_at))
                   END
              WHEN c.state = 'closed' AND NOT c.is_closed THEN NULL
              WHEN q.metric IN ('next_response', 'waiting') THEN c.counted_waits
              WHEN c.started_at IS NOT NULL THEN tstzmultirange(tstzrange(c.started_at, CASE WHEN c.is_closed THEN c.resolved_at END))
         END
) AS w (promised_intervals);
COMMENT ON VIEW ttr_data.promised IS
  'Every conversation with all that is counted of it, once for each further promise, and how it stands towards that.';

-- A row for each conversation and target. A first response ends when it is given, every other promise at the resolution.
CREATE VIEW ttr_data.standing AS
SELECT 'resolution' AS metric,
       coalesce(sla_policy, '') AS policy,
       sla_calendar AS calendar,
       target_seconds,
       conversation_id,
       user_id,
       state,
       assignee,
       array_to_string(tags, '; ') AS tags,
       started_at,
       due_at,
       CASE WHEN is_closed THEN resolved_at END AS ended_at,
       sla_seconds AS seconds,
       coalesce(elapsed_seconds, age_seconds) AS elapsed_seconds
FROM ttr_data.counted
WHERE is_closed OR state <> 'closed'
UNION ALL
SELECT promised_metric,
       promised_policy,
       promised_calendar,
       promised_target_seconds,
       conversation_id,
       user_id,
       state,
       assignee,
       array_to_string(tags, '; '),
       started_at,
       CASE WHEN promised_metric = 'next_response'
            THEN (SELECT min(ttr.open_due_at(tstzmultirange(i), promised_target_seconds, promised_working_time, promised_covered))
                  FROM unnest(promised_intervals) AS i)
            ELSE ttr.open_due_at(promised_intervals, promised_target_seconds, promised_working_time, promised_covered)
       END,
       promised_end,
       promised_seconds,
       ttr.elapsed_seconds(started_at, coalesce(promised_end, data_as_of))
FROM ttr_data.promised
WHERE EXISTS (SELECT FROM ttr_data.sla_policy WHERE metric <> 'resolution')  -- usually there is none, and the facts are not read again
  AND promised_intervals IS NOT NULL;
COMMENT ON VIEW ttr_data.standing IS 'How each conversation stands towards each of its targets.';

-- No clock runs faster than the wall clock: what took at most the smallest target by the wall clock is left out early.
CREATE VIEW ttr.sla_breaches AS
SELECT metric,
       nullif(policy, '') AS policy,
       conversation_id,
       user_id,
       state,
       assignee,
       tags,
       started_at,
       due_at,
       ended_at,
       ended_at IS NULL AS is_running,
       target_seconds,
       seconds,
       seconds - target_seconds AS late_seconds,
       (seconds - target_seconds) / 3600 AS late_hours
FROM ttr_data.standing
WHERE seconds > target_seconds
  AND (elapsed_seconds <= (SELECT least(s.target_seconds, (SELECT min(target_seconds) FROM ttr_data.sla_policy))
                           FROM ttr_data.setting AS s)) IS NOT TRUE;
COMMENT ON VIEW ttr.sla_breaches IS 'Conversations that took more than their target, and open ones that have already, live from the facts.';

CREATE VIEW ttr.open_conversations AS
SELECT conversation_id,
       user_id,
       state,
       assignee,
       array_to_string(tags, '; ') AS tags,
       started_at,
       data_as_of,
       age_seconds,
       age_seconds / 3600 AS age_hours,
       business_age_seconds,
       business_age_seconds / 3600 AS business_age_hours,
       sla_policy,
       target_seconds,
       sla_seconds,
       due_at,
       target_seconds - sla_seconds AS left_seconds,
       (target_seconds - sla_seconds) / 3600 AS left_hours,
       sla_seconds > target_seconds AS is_past_target
FROM ttr_data.counted
WHERE state <> 'closed';
COMMENT ON VIEW ttr.open_conversations IS 'Conversations that are open or snoozed, with their age and the time left at the newest export.';
COMMENT ON COLUMN ttr.open_conversations.state IS 'open or snoozed.';
