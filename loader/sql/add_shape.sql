-- $1 number of the shape, $2 the fields that it carries
INSERT INTO shape
SELECT $1::smallint, 'user_id' = ANY (f), 'started_at' = ANY (f), 'first_response_at' = ANY (f), 'resolved_at' = ANY (f),
       'assignee_id' = ANY (f) OR 'assignee_email' = ANY (f), 'closed_by' = ANY (f), 'tags' = ANY (f),
       'message_count' = ANY (f), 'reopen_count' = ANY (f), 'attributes' = ANY (f), 'state' = ANY (f)
FROM (SELECT $2::text[]) AS carried (f)
