-- The summary for a terminal, as text: of each block the first lines. The last two columns are for the order only.
WITH line AS (
  SELECT 1 AS block,
         CASE scope WHEN 'load' THEN 1 ELSE 2 END::bigint AS place,
         'scope' AS heading,
         CASE scope WHEN 'load' THEN 'this load' ELSE 'database' END AS name,
         total, total_closed, median_hours, p95_hours, pct_within_24h, sla_breaches
  FROM summary
  UNION ALL
  SELECT b.block,
         e.place,
         b.heading,
         coalesce(r.assignee, r.tag, '(nobody)'),
         r.total, r.total_closed, r.median_hours, r.p95_hours, r.pct_within_24h, r.sla_breaches
  FROM summary
  CROSS JOIN LATERAL (VALUES (2, 'assignee', by_assignee), (3, 'tag', by_tag)) AS b (block, heading, figures)
  CROSS JOIN LATERAL json_array_elements(b.figures) WITH ORDINALITY AS e (figure, place)
  CROSS JOIN LATERAL json_to_record(e.figure) AS r (
    assignee text, tag text, total bigint, total_closed bigint, median_hours double precision, p95_hours double precision,
    pct_within_24h double precision, sla_breaches bigint)
  WHERE scope = 'load'
),
counted AS (
  SELECT line.*, count(*) OVER (PARTITION BY block) - 12 AS hidden FROM line
)
SELECT heading,
       name,
       to_char(total, 'FM999,999,999,990') AS conversations,
       to_char(total_closed, 'FM999,999,999,990') AS closed,
       coalesce(to_char(median_hours, 'FM999,999,990.00'), '-') AS "median h",
       coalesce(to_char(p95_hours, 'FM999,999,990.00'), '-') AS "p95 h",
       coalesce(to_char(pct_within_24h * 100, 'FM990.0') || ' %', '-') AS "within 24 h",
       to_char(sla_breaches, 'FM999,999,999,990') AS breaches,
       block,
       place
FROM counted
WHERE place <= 12
UNION ALL
SELECT DISTINCT heading, format('and %s more', hidden), '', '', '', '', '', '', block, 13::bigint
FROM counted
WHERE hidden > 0
ORDER BY block, place
