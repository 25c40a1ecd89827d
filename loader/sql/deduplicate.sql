-- One winner a conversation: the newest version, and among equals the last one read. Few exports repeat a conversation;
-- the sort sees only those that do.
DELETE FROM stage
USING (
  SELECT record,
         row_number() OVER (PARTITION BY conversation_id
                            ORDER BY coalesce(stage.updated_at, file.exported_at) DESC, record DESC) AS place
  FROM stage JOIN file USING (file)
  WHERE conversation_id IN (SELECT conversation_id FROM stage GROUP BY conversation_id HAVING count(*) > 1)
) AS ranked
WHERE ranked.record = stage.record
  AND ranked.place > 1
