-- Of the records of a conversation all are superfluous that say nothing of which newer ones do not speak too; among equal
-- versions the last one read is the newest. Where all of them guess the start, the earliest guess is needed.
WITH ranked AS (
  SELECT s.record, s.conversation_id, s.started_at, s.attributes, shape.carried,
         row_number() OVER (PARTITION BY s.conversation_id
                            ORDER BY coalesce(s.updated_at, file.exported_at) DESC, s.record DESC) AS place
  FROM stage AS s JOIN repeated USING (conversation_id) JOIN file USING (file) JOIN shape USING (shape)
),
covered AS (
  SELECT record, place, carried,
         bit_or(carried) OVER (PARTITION BY conversation_id ORDER BY place
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer_carried,
         bit_or(carried) OVER (PARTITION BY conversation_id) & 2 = 0
         AND first_value(record) OVER (PARTITION BY conversation_id ORDER BY started_at, place) = record AS is_first_guess
  FROM ranked
),
-- Of each attribute the newest record that names it.
naming AS (
  SELECT DISTINCT ON (r.conversation_id, n.name) r.record
  FROM ranked AS r CROSS JOIN LATERAL jsonb_object_keys(r.attributes) AS n (name)
  ORDER BY r.conversation_id, n.name, r.place
)
DELETE FROM stage
USING covered
WHERE covered.record = stage.record
  AND covered.place > 1
  AND covered.carried & ~covered.newer_carried = 0
  AND NOT covered.is_first_guess
  AND NOT EXISTS (SELECT FROM naming WHERE naming.record = covered.record)
