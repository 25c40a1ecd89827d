-- The events of all staged records, each once, by the newest record that tells it; what is known already is left alone, and
-- no event is ever taken away. Two that are alike in all but their version are the same.
WITH told AS (
  SELECT DISTINCT ON (s.conversation_id, e.event_id)
         s.conversation_id, e.event_id, e.at, e.type, e.state, e.author, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.event_id, s.event_at, s.event_type, s.event_state, s.event_author)
    AS e (event_id, at, type, state, author)
  WHERE s.event_id IS NOT NULL
  ORDER BY s.conversation_id, e.event_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
)
INSERT INTO ttr_data.event AS known (conversation_id, event_id, at, type, state, author, version, load_id)
SELECT told.*, run.load_id
FROM told
CROSS JOIN run
LEFT JOIN ttr_data.event AS e USING (conversation_id, event_id)
WHERE e.event_id IS NULL
   OR (e.version <= told.version AND (e.at, e.type, e.state, e.author) IS DISTINCT FROM (told.at, told.type, told.state, told.author))
ON CONFLICT (conversation_id, event_id) DO UPDATE
SET at = excluded.at, type = excluded.type, state = excluded.state, author = excluded.author, version = excluded.version,
    load_id = excluded.load_id
