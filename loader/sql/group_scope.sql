-- What is scoped is moved into the parts. Those of one assignee with the same tags are measured once, and what is measured of
-- all, of an assignee and of a tag is merged from there.
WITH alike AS MATERIALIZED (
  SELECT coalesce(assignee, '') COLLATE "C" AS assignee,
         tags,
         count(*) AS total,
         count(*) FILTER (WHERE is_closed) AS total_closed,
         ttr.distribution(resolution_seconds) AS resolution,
         coalesce(sum(message_count) FILTER (WHERE is_closed), 0) AS messages,
         count(message_count) FILTER (WHERE is_closed) AS messages_known,
         count(*) FILTER (WHERE is_breach) AS sla_breaches
  FROM scope
  GROUP BY 1, 2
)
INSERT INTO part
SELECT k.dimension, k.key, a.total, a.total_closed, a.resolution, a.messages, a.messages_known, a.sla_breaches
FROM alike AS a
CROSS JOIN LATERAL (
  SELECT 'all', ''
  UNION ALL
  SELECT 'assignee', a.assignee
  UNION ALL
  SELECT 'tag', t.tag FROM unnest(a.tags) AS t (tag)
) AS k (dimension, key);
TRUNCATE scope
