-- SLA: how each conversation stands towards its target, which ones miss it, and how often a policy is kept.

-- What is counted, and the promise for the first response. unanswered is the time without one: NULL where nothing was promised,
-- and where the conversation was closed without one.
CREATE VIEW ttr_data.promised AS
SELECT c.*,
       f.name AS response_policy,
       f.calendar AS response_calendar,
       f.working_time AS response_working_time,
       f.covered AS response_covered,
       f.target_seconds AS response_target_seconds,
       w.unanswered,
       CASE WHEN f.name IS NULL THEN NULL
            WHEN f.calendar IS NULL THEN ttr.open_seconds(w.unanswered, c.data_as_of)
            ELSE ttr.business_seconds(w.unanswered, f.working_time, c.data_as_of, f.covered)
       END AS response_sla_seconds
FROM ttr_data.counted AS c
LEFT JOIN ttr_data.promise AS f ON f.name = c.first_response_policy
CROSS JOIN LATERAL (
  SELECT CASE WHEN f.name IS NOT NULL
                   AND (c.first_response_at >= c.started_at
                        OR (c.first_response_at IS NULL AND c.state <> 'closed' AND c.started_at IS NOT NULL))
              THEN tstzmultirange(tstzrange(c.started_at, c.first_response_at))
         END
) AS w (unanswered);
COMMENT ON VIEW ttr_data.promised IS 'Every conversation with all that is counted of it, and how it stands towards its first response.';

-- A row for each conversation and each target that it has: one for its resolution, and one for its first response where a policy
-- promises one. It has ended when it was resolved, or answered.
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
SELECT 'first_response',
       response_policy,
       response_calendar,
       response_target_seconds,
       conversation_id,
       user_id,
       state,
       assignee,
       array_to_string(tags, '; '),
       started_at,
       ttr.open_due_at(unanswered, response_target_seconds, response_working_time, response_covered),
       first_response_at,
       response_sla_seconds,
       ttr.elapsed_seconds(started_at, coalesce(first_response_at, data_as_of))
FROM ttr_data.promised
WHERE EXISTS (SELECT FROM ttr_data.sla_policy WHERE metric = 'first_response')  -- usually there is none, and the facts are not read again
  AND unanswered IS NOT NULL;
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
