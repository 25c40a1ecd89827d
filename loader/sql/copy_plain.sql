COPY stage ( -- the columns before the timeline, for records that tell neither of one nor of teammates
  record, file, shape, naive, conversation_id, user_id, state, started_at, first_response_at, resolved_at, updated_at,
  assignee_id, assignee_email, closed_by, tags, message_count, reopen_count, attributes
) FROM STDIN (FORMAT binary)
