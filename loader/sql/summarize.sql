-- $1 what the scope is called in the summary: load or database
INSERT INTO summary
WITH member AS (
  SELECT 'all' AS dimension, NULL AS key, * FROM scope
  UNION ALL
  SELECT 'assignee', assignee, * FROM scope
  UNION ALL
  SELECT 'tag', t.tag, scope.* FROM scope CROSS JOIN LATERAL unnest(scope.tags) AS t (tag)
),
figure AS (
  SELECT dimension,
         key COLLATE "C" AS key,
         count(*) FILTER (WHERE is_closed) AS total_closed,
         (ttr.quantile(resolution_seconds, ARRAY[0.5, 0.95]))[1] / 3600 AS median_hours,
         (ttr.quantile(resolution_seconds, ARRAY[0.5, 0.95]))[2] / 3600 AS p95_hours,
         avg((resolution_seconds <= 86400)::integer)::double precision AS pct_within_24h,
         count(*) AS total,
         avg(message_count) FILTER (WHERE is_closed)::double precision AS avg_messages,
         count(*) FILTER (WHERE is_breach) AS sla_breaches
  FROM member
  GROUP BY dimension, key COLLATE "C"
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
