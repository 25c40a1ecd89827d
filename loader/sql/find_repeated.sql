-- The conversations that the run names more than once: few exports have any.
INSERT INTO repeated
SELECT conversation_id FROM stage GROUP BY conversation_id HAVING count(*) > 1
