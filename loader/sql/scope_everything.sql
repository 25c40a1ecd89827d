-- The run named every conversation that there is: none needs to be looked up.
INSERT INTO scope
SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_breach, c.message_count
FROM ttr_data.counted AS c
