-- The events of all staged records, each once, by the newest record that tells it; no event is ever taken away. A start that
-- the record only guesses is older than any that is told, and of guesses the earliest counts. Of an event that a newer record tells just so only the version is
-- written, so that a record in between, loaded later, is recognised as older; it is not counted.
WITH told AS (
  SELECT DISTINCT ON (s.conversation_id, e.event_id)
         s.conversation_id, e.event_id, e.at, e.type, e.state, e.state_before, e.author, e.is_reply, v.version
  FROM stage AS s
  JOIN file USING (file)
  JOIN shape USING (shape)
  CROSS JOIN LATERAL unnest(s.event_id, s.event_at, s.event_type, s.event_state, s.event_before, s.event_author, s.event_reply)
    AS e (event_id, at, type, state, state_before, author, is_reply)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN e.event_id = '' AND NOT shape.started_at THEN '-infinity'
                ELSE coalesce(s.updated_at, file.exported_at)
           END AS version
  ) AS v
  WHERE s.event_id IS NOT NULL
  ORDER BY s.conversation_id, e.event_id, v.version DESC, CASE WHEN v.version = '-infinity' THEN e.at END, s.record DESC
),
confirmed AS (
  UPDATE ttr_data.event AS e
  SET version = told.version
  FROM told
  WHERE (e.conversation_id, e.event_id) = (told.conversation_id, told.event_id)
    AND e.version < told.version
    AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply)
        IS NOT DISTINCT FROM (told.at, told.type, told.state, told.state_before, told.author, told.is_reply)
)
INSERT INTO ttr_data.event AS known (conversation_id, event_id, at, type, state, state_before, author, is_reply, version, load_id)
SELECT told.*, run.load_id
FROM told
CROSS JOIN run
LEFT JOIN ttr_data.event AS e USING (conversation_id, event_id)
WHERE e.event_id IS NULL
   OR (e.version <= told.version
       AND (told.version > '-infinity' OR told.at < e.at)
       AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply)
           IS DISTINCT FROM (told.at, told.type, told.state, told.state_before, told.author, told.is_reply))
ON CONFLICT (conversation_id, event_id) DO UPDATE
SET at = excluded.at, type = excluded.type, state = excluded.state, state_before = excluded.state_before, author = excluded.author,
    is_reply = excluded.is_reply, version = excluded.version, load_id = excluded.load_id
