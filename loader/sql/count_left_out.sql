-- Of the conversations that the run named, those that are in no time to resolution though they are closed, or have no known start:
-- how many lack the start, the close, or were closed before they started.
SELECT count(*) FILTER (WHERE c.started_at IS NULL),
       count(*) FILTER (WHERE c.started_at IS NOT NULL AND c.resolved_at IS NULL),
       count(*) FILTER (WHERE c.resolved_at < c.started_at)
FROM stage
JOIN ttr_data.conversation AS c USING (conversation_id)
WHERE c.deleted_at IS NULL
  AND (c.started_at IS NULL OR (c.state = 'closed' AND (c.resolved_at >= c.started_at) IS NOT TRUE))
