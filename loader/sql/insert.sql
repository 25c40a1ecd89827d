INSERT INTO ttr_data.conversation
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by,
   tags, message_count, reopen_count, attributes, event_total, open_intervals, updated_at, exported_at, carried, load_id)
SELECT s.conversation_id, s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id,
       s.assignee_email, s.closed_by, s.tags, s.message_count, s.reopen_count, coalesce(s.attributes, '{}'), t.event_total,
       CASE WHEN coalesce(t.event_total, 0) <= t.event_count THEN t.open_intervals END, s.updated_at, f.exported_at, h.carried, run.load_id
FROM stage AS s
JOIN shape AS h USING (shape)
JOIN file AS f USING (file)
JOIN run USING (round)
LEFT JOIN timeline AS t USING (conversation_id)
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)
