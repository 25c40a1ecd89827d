-- The conversations that the run names more than once: few exports have any. What follows looks at these alone.
CREATE TEMPORARY TABLE repeated ON COMMIT DROP AS
SELECT conversation_id FROM stage GROUP BY conversation_id HAVING count(*) > 1
