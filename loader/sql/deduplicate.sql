-- Of the records of a conversation all are superfluous that say nothing of which the newest does not speak too; among equal
-- versions the last one read is the newest.
DELETE FROM stage
USING (
  SELECT record, place, carried, names, first_value(carried) OVER newest AS newest_carried, first_value(names) OVER newest AS newest_names
  FROM (
    SELECT s.record, s.conversation_id, shape.carried, ARRAY(SELECT jsonb_object_keys(s.attributes)) AS names,
           row_number() OVER (PARTITION BY s.conversation_id
                              ORDER BY coalesce(s.updated_at, file.exported_at) DESC, s.record DESC) AS place
    FROM stage AS s JOIN repeated USING (conversation_id) JOIN file USING (file) JOIN shape USING (shape)
  ) AS named
  WINDOW newest AS (PARTITION BY conversation_id ORDER BY place)
) AS ranked
WHERE ranked.record = stage.record
  AND ranked.place > 1
  AND ranked.carried & ~ranked.newest_carried = 0
  AND ranked.names <@ ranked.newest_names
