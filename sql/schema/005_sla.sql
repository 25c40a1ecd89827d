-- SLA: how each conversation stands towards its target, which ones miss it, and how often a policy is kept.

-- A row for each conversation and each target that it has: one for its resolution, and one for its first response where a
-- policy says so. It has ended when it was resolved, or answered.
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
       sla_seconds AS seconds
FROM ttr_data.counted
WHERE is_closed OR state <> 'closed'
UNION ALL
SELECT 'first_response',
       c.first_response_policy,
       f.calendar,
       f.target_seconds,
       c.conversation_id,
       c.user_id,
       c.state,
       c.assignee,
       array_to_string(c.tags, '; '),
       c.started_at,
       ttr.open_due_at(w.unanswered, f.target_seconds, f.working_time, f.covered),
       c.first_response_at,
       CASE WHEN f.calendar IS NULL THEN ttr.open_seconds(w.unanswered, c.data_as_of)
            ELSE ttr.business_seconds(w.unanswered, f.working_time, c.data_as_of, f.covered)
       END
FROM ttr_data.counted AS c
JOIN ttr_data.promise AS f ON f.name = c.first_response_policy
CROSS JOIN LATERAL (SELECT tstzmultirange(tstzrange(c.started_at, c.first_response_at))) AS w (unanswered)
WHERE EXISTS (SELECT FROM ttr_data.sla_policy WHERE metric = 'first_response')  -- asked once: usually there is none, and the facts are not read again
  AND (c.first_response_at >= c.started_at OR (c.first_response_at IS NULL AND c.state <> 'closed'));
COMMENT ON VIEW ttr_data.standing IS 'How each conversation stands towards each of its targets.';

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
WHERE seconds > target_seconds;
COMMENT ON VIEW ttr.sla_breaches IS 'Conversations that took more than their target, and open ones that have already, live from the facts.';
COMMENT ON COLUMN ttr.sla_breaches.metric IS 'What the target is for: resolution or first_response.';
COMMENT ON COLUMN ttr.sla_breaches.policy IS 'SLA policy that applies; NULL for the target of the settings.';
COMMENT ON COLUMN ttr.sla_breaches.conversation_id IS 'Identifier in the exporting system.';
COMMENT ON COLUMN ttr.sla_breaches.user_id IS 'The customer''s identifier.';
COMMENT ON COLUMN ttr.sla_breaches.state IS 'open, snoozed or closed.';
COMMENT ON COLUMN ttr.sla_breaches.assignee IS 'The assignee''s e-mail address in lower case, else the name, else the identifier; NULL for nobody.';
COMMENT ON COLUMN ttr.sla_breaches.tags IS 'The tags, separated by semicolons.';
COMMENT ON COLUMN ttr.sla_breaches.started_at IS 'When the customer first wrote.';
COMMENT ON COLUMN ttr.sla_breaches.due_at IS 'When the target was reached, by the clock of the policy.';
COMMENT ON COLUMN ttr.sla_breaches.ended_at IS 'When it was resolved, or answered; NULL while it goes on.';
COMMENT ON COLUMN ttr.sla_breaches.is_running IS 'Whether it goes on, and gets later.';
COMMENT ON COLUMN ttr.sla_breaches.target_seconds IS 'What was promised, in seconds.';
COMMENT ON COLUMN ttr.sla_breaches.seconds IS 'What it took, in seconds by the clock of the policy; so far, at the time of the newest export, of one that goes on.';
COMMENT ON COLUMN ttr.sla_breaches.late_seconds IS 'How much more that is, in seconds.';
COMMENT ON COLUMN ttr.sla_breaches.late_hours IS 'The same in hours.';

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
COMMENT ON VIEW ttr.open_conversations IS 'Conversations that are open or snoozed, with their age and the time left, at the time of the newest export.';
COMMENT ON COLUMN ttr.open_conversations.conversation_id IS 'Identifier in the exporting system.';
COMMENT ON COLUMN ttr.open_conversations.user_id IS 'The customer''s identifier.';
COMMENT ON COLUMN ttr.open_conversations.state IS 'open or snoozed.';
COMMENT ON COLUMN ttr.open_conversations.assignee IS 'The assignee''s e-mail address in lower case, else the name, else the identifier; NULL for nobody.';
COMMENT ON COLUMN ttr.open_conversations.tags IS 'The tags, separated by semicolons.';
COMMENT ON COLUMN ttr.open_conversations.started_at IS 'When the customer first wrote.';
COMMENT ON COLUMN ttr.open_conversations.data_as_of IS 'When the newest export was taken: ages and times left are those of then.';
COMMENT ON COLUMN ttr.open_conversations.age_seconds IS 'Seconds since the start by the clock on the wall.';
COMMENT ON COLUMN ttr.open_conversations.age_hours IS 'The same in hours.';
COMMENT ON COLUMN ttr.open_conversations.business_age_seconds IS 'Seconds of them that lie within business hours, by the calendar of the settings; NULL without one.';
COMMENT ON COLUMN ttr.open_conversations.business_age_hours IS 'The same in hours.';
COMMENT ON COLUMN ttr.open_conversations.sla_policy IS 'SLA policy that applies to the resolution; NULL for the target of the settings.';
COMMENT ON COLUMN ttr.open_conversations.target_seconds IS 'Time to resolution that is promised, in seconds.';
COMMENT ON COLUMN ttr.open_conversations.sla_seconds IS 'What counts towards the target so far, by the clock of the policy: without snoozed time where the timeline is known.';
COMMENT ON COLUMN ttr.open_conversations.due_at IS 'When the target is reached if it stays open; NULL while it is snoozed with time left.';
COMMENT ON COLUMN ttr.open_conversations.left_seconds IS 'Seconds left by the clock of the policy; negative once the target is missed.';
COMMENT ON COLUMN ttr.open_conversations.left_hours IS 'The same in hours.';
COMMENT ON COLUMN ttr.open_conversations.is_past_target IS 'Whether the target is missed already.';

-- A policy has its row before it applies to anything.
CREATE MATERIALIZED VIEW ttr_data.sla_figures AS
WITH figure AS (
  SELECT metric,
         policy,
         count(*) FILTER (WHERE ended_at IS NOT NULL AND seconds IS NOT NULL) AS total_ended,
         avg((seconds <= target_seconds)::integer) FILTER (WHERE ended_at IS NOT NULL)::double precision AS sla_met_ratio,
         count(*) FILTER (WHERE ended_at IS NOT NULL AND seconds > target_seconds) AS sla_breaches,
         ttr.quantile(seconds, ARRAY[0.5, 0.95]) FILTER (WHERE ended_at IS NOT NULL) AS quantiles,
         count(*) FILTER (WHERE ended_at IS NULL) AS total_running,
         count(*) FILTER (WHERE ended_at IS NULL AND seconds > target_seconds) AS running_past_target
  FROM ttr_data.standing
  GROUP BY metric, policy
)
SELECT metric,
       policy,
       p.calendar,
       p.target_seconds,
       coalesce(total_ended, 0) AS total_ended,
       sla_met_ratio,
       coalesce(sla_breaches, 0) AS sla_breaches,
       quantiles[1] / 3600 AS median_hours,
       quantiles[2] / 3600 AS p95_hours,
       coalesce(total_running, 0) AS total_running,
       coalesce(running_past_target, 0) AS running_past_target
FROM (
  SELECT metric, name AS policy, calendar, target_seconds FROM ttr_data.sla_policy
  UNION ALL
  SELECT 'resolution', '', NULL, target_seconds FROM ttr_data.setting
) AS p
LEFT JOIN figure USING (metric, policy);
CREATE UNIQUE INDEX sla_figures_key ON ttr_data.sla_figures (metric, policy);
COMMENT ON MATERIALIZED VIEW ttr_data.sla_figures IS 'The figures by SLA policy; policy '''' for the target of the settings.';

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
       running_past_target
FROM ttr_data.sla_figures;
COMMENT ON VIEW ttr.sla IS 'How often each SLA policy is kept, over the conversations that it applies to.';
COMMENT ON COLUMN ttr.sla.metric IS 'What the target is for: resolution or first_response.';
COMMENT ON COLUMN ttr.sla.policy IS 'The SLA policy; NULL for the target of the settings, where no policy applies.';
COMMENT ON COLUMN ttr.sla.calendar IS 'Calendar whose working time counts; NULL for the clock on the wall.';
COMMENT ON COLUMN ttr.sla.target_seconds IS 'What is promised, in seconds.';
COMMENT ON COLUMN ttr.sla.target_hours IS 'The same in hours.';
COMMENT ON COLUMN ttr.sla.total_ended IS 'Conversations that were resolved, or answered, in a time that is known. The population of the figures.';
COMMENT ON COLUMN ttr.sla.sla_met_ratio IS 'Share of them that took at most the target, from 0 to 1.';
COMMENT ON COLUMN ttr.sla.sla_breaches IS 'Those that took more.';
COMMENT ON COLUMN ttr.sla.median_hours IS 'Median of what they took, in hours by the clock of the policy.';
COMMENT ON COLUMN ttr.sla.p95_hours IS '95th percentile of the same.';
COMMENT ON COLUMN ttr.sla.total_running IS 'Conversations that go on, or wait for an answer.';
COMMENT ON COLUMN ttr.sla.running_past_target IS 'Those of them for which more than the target counts already.';
