-- Of the conversations that the run named: how many have no start in any export.
SELECT count(*)
FROM stage
JOIN ttr_data.conversation AS c USING (conversation_id)
WHERE c.started_at IS NULL AND c.deleted_at IS NULL
