-- The conversations that this run named, as they stand after the merge.
INSERT INTO scope
SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_breach, c.message_count
FROM ttr_data.counted AS c
JOIN stage USING (conversation_id)
