-- The events of all staged records, each once, by the newest record that has it; no event is ever taken away. A newer record
-- that repeats an event only raises its version, so that a record dated in between is seen as older; this is not counted.
WITH staged AS (
  SELECT DISTINCT ON (s.conversation_id, e.event_id)
         s.conversation_id, e.*, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.event_id, s.event_at, s.event_type, s.event_state, s.event_before, s.event_author, s.event_reply,
                            s.event_part, s.event_assignee, s.event_team, s.event_tags)
    AS e (event_id, at, type, state, state_before, author, is_reply, is_part, assignee_id, team_id, tags)
  WHERE s.event_id IS NOT NULL
  ORDER BY s.conversation_id, e.event_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
),
confirmed AS (
  UPDATE ttr_data.event AS e
  SET version = s.version
  FROM staged AS s
  WHERE (e.conversation_id, e.event_id) = (s.conversation_id, s.event_id)
    AND e.version < s.version
    AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
        IS NOT DISTINCT FROM (s.at, s.type, s.state, s.state_before, s.author, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags)
)
INSERT INTO ttr_data.event AS known
  (conversation_id, event_id, at, type, state, state_before, author, is_reply, is_part, assignee_id, team_id, tags, version,
   load_id)
SELECT s.*, run.load_id
FROM staged AS s
CROSS JOIN run
LEFT JOIN ttr_data.event AS e USING (conversation_id, event_id)
WHERE e.event_id IS NULL
   OR (e.version <= s.version
       AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
           IS DISTINCT FROM (s.at, s.type, s.state, s.state_before, s.author, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags))
ON CONFLICT (conversation_id, event_id) DO UPDATE
SET at = excluded.at, type = excluded.type, state = excluded.state, state_before = excluded.state_before, author = excluded.author,
    is_reply = excluded.is_reply, is_part = excluded.is_part, assignee_id = excluded.assignee_id, team_id = excluded.team_id, tags = excluded.tags,
    version = excluded.version, load_id = excluded.load_id
