-- $1 what the parts together are called in the summary: load or database
INSERT INTO summary
WITH member AS (
  SELECT 'all' AS dimension, NULL COLLATE "C" AS key, * FROM part
  UNION ALL
  SELECT 'assignee', assignee, * FROM part
  UNION ALL
  SELECT 'tag', t.tag COLLATE "C", part.* FROM part CROSS JOIN LATERAL unnest(part.tags) AS t (tag)
),
merged AS (
  SELECT dimension,
         key,
         sum(total_closed)::bigint AS total_closed,
         ttr.merge(resolution) AS resolution,
         sum(within_24h) AS within_24h,
         sum(total)::bigint AS total,
         (sum(messages) / nullif(sum(message_count), 0))::double precision AS avg_messages,
         sum(sla_breaches)::bigint AS sla_breaches
  FROM member
  GROUP BY dimension, key
),
figure AS (
  SELECT dimension,
         key,
         total_closed,
         q.resolution[1] / 3600 AS median_hours,
         q.resolution[2] / 3600 AS p95_hours,
         (within_24h / nullif(ttr.value_count(m.resolution), 0))::double precision AS pct_within_24h,
         total,
         avg_messages,
         sla_breaches
  FROM merged AS m
  CROSS JOIN LATERAL (SELECT ttr.quantile(m.resolution, ARRAY[0.5, 0.95]) OFFSET 0) AS q (resolution)
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
