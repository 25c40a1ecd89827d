-- And those that it did not name: together they are the database.
INSERT INTO scope
SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_breach, c.message_count
FROM ttr_data.counted AS c
WHERE NOT EXISTS (SELECT FROM stage WHERE stage.conversation_id = c.conversation_id)
