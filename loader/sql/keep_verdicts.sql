-- What a round meant for conversations; of new ones only where they are named more than once, because they count once.
INSERT INTO outcome
SELECT conversation_id, run.round, verdict FROM revision CROSS JOIN run WHERE verdict IN ('updated', 'older')
UNION ALL
SELECT s.conversation_id, s.round, 'inserted'
FROM stage AS s JOIN repeated USING (conversation_id) JOIN run USING (round)
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)
