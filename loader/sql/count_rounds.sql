-- How many records a conversation has at most.
SELECT coalesce(max(round), 1) FROM stage JOIN repeated USING (conversation_id)
