INSERT INTO ttr_data.conversation
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by,
   tags, message_count, reopen_count, attributes, event_total, open_intervals, updated_at, exported_at, carried, versions, told,
   load_id)
SELECT s.conversation_id, s.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, s.assignee_id,
       s.assignee_email, n.closed_by, s.tags, s.message_count, n.reopen_count, coalesce(s.attributes, '{}'), t.event_total,
       n.open_intervals, s.updated_at, f.exported_at, h.carried,
       CASE WHEN t.event_total_version <> version.staged THEN jsonb_build_object('event_total', t.event_total_version) END,
       n.told, run.load_id
FROM stage AS s
JOIN shape AS h USING (shape)
JOIN file AS f USING (file)
JOIN run USING (round)
LEFT JOIN timeline AS t USING (conversation_id)
CROSS JOIN LATERAL (SELECT coalesce(s.updated_at, f.exported_at) AS staged) AS version
CROSS JOIN LATERAL pg_temp.settle(s.state, CASE WHEN h.state THEN version.staged END, s.started_at, h.started_at,
                                  s.first_response_at, s.resolved_at, s.closed_by, s.resolved_at, s.reopen_count,
                                  t.event_total, t) AS n
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)
