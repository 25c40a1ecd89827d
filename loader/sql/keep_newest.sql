-- After the last round each conversation stands in the stage once, by its newest record.
DELETE FROM stage
USING repeated JOIN stage AS later USING (conversation_id)
WHERE later.conversation_id = stage.conversation_id
  AND later.round > stage.round
