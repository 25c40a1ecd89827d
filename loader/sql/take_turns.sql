-- The records of a conversation that are left are merged in the order of their versions, one a round.
ALTER TABLE stage ADD COLUMN round integer NOT NULL DEFAULT 1;
UPDATE stage
SET round = ranked.round
FROM (
  SELECT record,
         row_number() OVER (PARTITION BY conversation_id ORDER BY coalesce(s.updated_at, file.exported_at), record) AS round
  FROM stage AS s JOIN repeated USING (conversation_id) JOIN file USING (file)
) AS ranked
WHERE ranked.record = stage.record
  AND ranked.round > 1;
ANALYZE stage (round);
CREATE TEMPORARY TABLE outcome (
  conversation_id text COLLATE "C" NOT NULL,
  round           integer NOT NULL,
  verdict         text NOT NULL
) ON COMMIT DROP
