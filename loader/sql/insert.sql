INSERT INTO ttr_data.conversation
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by,
   tags, message_count, reopen_count, attributes, updated_at, exported_at, load_id)
SELECT s.conversation_id, s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id,
       s.assignee_email, s.closed_by, s.tags, s.message_count, s.reopen_count, coalesce(jsonb_strip_nulls(s.attributes), '{}'),
       s.updated_at, f.exported_at, run.load_id
FROM stage AS s
JOIN file AS f USING (file)
CROSS JOIN run
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)
