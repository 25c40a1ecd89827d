-- What a round meant for conversations; of new ones only where another round follows, because they count once.
INSERT INTO outcome
SELECT conversation_id, run.round, verdict FROM revision CROSS JOIN run WHERE verdict IN ('updated', 'older')
UNION ALL
SELECT s.conversation_id, s.round, 'inserted'
FROM stage AS s JOIN run USING (round)
WHERE s.conversation_id IN (SELECT conversation_id FROM stage JOIN run ON stage.round > run.round)
  AND NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)
