-- What the staged records mean for the conversations that are known: a row for each that is not simply unchanged, with
-- all its fields as they will be.
--
--   older       a lower version than the known one, which stays
--   updated     the facts differ
--   confirmed   the same facts by a higher version: only the version is written, so that a version in between, loaded
--               later, is recognised as older
CREATE TEMPORARY TABLE revision ON COMMIT DROP AS
SELECT v.verdict, s.conversation_id, s.updated_at, f.exported_at, run.load_id, n.*
FROM stage AS s
JOIN ttr_data.conversation AS c USING (conversation_id)
JOIN shape AS h USING (shape)
JOIN file AS f USING (file)
CROSS JOIN run
CROSS JOIN LATERAL (
  SELECT CASE WHEN h.user_id THEN s.user_id ELSE c.user_id END AS user_id,
         s.state,
         CASE WHEN h.started_at THEN s.started_at ELSE c.started_at END AS started_at,
         CASE WHEN h.first_response_at THEN s.first_response_at ELSE c.first_response_at END AS first_response_at,
         CASE WHEN h.resolved_at THEN s.resolved_at ELSE c.resolved_at END AS resolved_at,
         CASE WHEN h.assignee_id THEN s.assignee_id ELSE c.assignee_id END AS assignee_id,
         CASE WHEN h.assignee_email THEN s.assignee_email
              WHEN h.assignee_id AND s.assignee_id IS DISTINCT FROM c.assignee_id THEN NULL -- somebody else's address is not known
              ELSE c.assignee_email END AS assignee_email,
         CASE WHEN h.closed_by THEN s.closed_by ELSE c.closed_by END AS closed_by,
         CASE WHEN h.tags THEN s.tags ELSE c.tags END AS tags,
         CASE WHEN h.message_count THEN s.message_count ELSE c.message_count END AS message_count,
         CASE WHEN h.reopen_count THEN s.reopen_count ELSE c.reopen_count END AS reopen_count,
         CASE WHEN h.attributes THEN jsonb_strip_nulls(c.attributes || s.attributes) ELSE c.attributes END AS attributes
) AS n
CROSS JOIN LATERAL (
  SELECT coalesce(s.updated_at, f.exported_at) AS staged, coalesce(c.updated_at, c.exported_at) AS known
) AS version
CROSS JOIN LATERAL (
  SELECT CASE
           WHEN version.staged < version.known THEN 'older'
           WHEN (c.user_id, c.state, c.started_at, c.first_response_at, c.resolved_at, c.assignee_id, c.assignee_email,
                 c.closed_by, c.tags, c.message_count, c.reopen_count, c.attributes)
                IS DISTINCT FROM
                (n.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, n.assignee_id, n.assignee_email,
                 n.closed_by, n.tags, n.message_count, n.reopen_count, n.attributes) THEN 'updated'
           WHEN version.staged > version.known THEN 'confirmed'
         END AS verdict
) AS v
WHERE v.verdict IS NOT NULL
