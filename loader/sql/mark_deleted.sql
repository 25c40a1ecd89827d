-- Conversations of which a deletion is known leave the figures, whichever of the two was loaded first.
UPDATE ttr_data.conversation AS c
SET deleted_at = d.deleted_at
FROM ttr_data.deletion AS d
CROSS JOIN run
WHERE EXISTS (SELECT FROM ttr_data.deletion)
  AND d.conversation_id = c.conversation_id
  AND c.deleted_at IS NULL
  AND (d.load_id = run.load_id OR d.conversation_id IN (SELECT conversation_id FROM stage))
