-- Records that say nothing but that a conversation was deleted leave the stage. The deletion is kept even where nothing else is
-- known of the conversation: an older export that still has it may be loaded later. Returns how many records these were.
WITH gone AS (
  DELETE FROM stage WHERE state = 'deleted' RETURNING conversation_id, updated_at
),
kept AS (
  INSERT INTO ttr_data.deletion (conversation_id, deleted_at, load_id)
  SELECT conversation_id, coalesce(min(updated_at), run.started_at), run.load_id
  FROM gone CROSS JOIN run
  GROUP BY conversation_id, run.started_at, run.load_id
  ON CONFLICT DO NOTHING
)
SELECT count(*) FROM gone
