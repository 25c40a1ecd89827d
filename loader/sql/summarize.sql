-- $1 what the parts together are called in the summary: load or database
INSERT INTO summary
WITH figure AS (
  SELECT m.dimension, m.key, f.total_closed, f.median_hours, f.p95_hours, f.share_within_24h AS pct_within_24h, m.total, f.avg_messages,
         f.sla_breaches
  FROM (
    SELECT dimension,
           nullif(key, '') AS key,
           sum(total)::bigint AS total,
           sum(total_closed)::bigint AS total_closed,
           ttr.merge(resolution) AS resolution,
           sum(messages)::bigint AS messages,
           sum(messages_known)::bigint AS messages_known,
           sum(sla_breaches)::bigint AS sla_breaches
    FROM part
    GROUP BY dimension, key
  ) AS m
  CROSS JOIN LATERAL ttr_data.figures_of(
    ROW(m.total, NULL, NULL, NULL, m.total_closed, m.resolution, NULL, NULL, NULL, NULL, NULL, m.sla_breaches, m.messages, m.messages_known,
        NULL, NULL)::ttr_data.measures) AS f
),
assignee AS (
  SELECT key AS assignee, total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches
  FROM figure
  WHERE dimension = 'assignee'
  ORDER BY total_closed DESC, key
),
tag AS (
  SELECT key AS tag, total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches
  FROM figure
  WHERE dimension = 'tag'
  ORDER BY total_closed DESC, key
)
SELECT $1,
       coalesce(f.total_closed, 0),
       f.median_hours,
       f.p95_hours,
       f.pct_within_24h,
       coalesce(f.total, 0),
       f.avg_messages,
       coalesce(f.sla_breaches, 0),
       coalesce((SELECT json_agg(a) FROM assignee AS a), '[]'),
       coalesce((SELECT json_agg(t) FROM tag AS t), '[]')
FROM (VALUES ('all')) AS the (dimension)
LEFT JOIN figure AS f USING (dimension)
