-- Content and version of what changed; a confirmed conversation keeps the load that wrote its facts.
UPDATE ttr_data.conversation AS c
SET user_id = r.user_id,
    state = r.state,
    started_at = r.started_at,
    first_response_at = r.first_response_at,
    resolved_at = r.resolved_at,
    assignee_id = r.assignee_id,
    assignee_email = r.assignee_email,
    closed_by = r.closed_by,
    tags = r.tags,
    message_count = r.message_count,
    reopen_count = r.reopen_count,
    attributes = r.attributes,
    event_total = r.event_total,
    open_intervals = r.open_intervals,
    updated_at = r.updated_at,
    exported_at = r.exported_at,
    carried = r.carried,
    versions = r.versions,
    told = r.told,
    load_id = CASE r.verdict WHEN 'updated' THEN r.load_id ELSE c.load_id END
FROM revision AS r
WHERE c.conversation_id = r.conversation_id
  AND (r.verdict <> 'older' OR (c.carried, c.versions, c.told) IS DISTINCT FROM (r.carried, r.versions, r.told))
