-- Groups of all sizes from 0 to 100,000 rows, spread evenly over the powers of ten: each size takes another way through the
-- kernel, and all give what percentile_cont() gives.
BEGIN;
SELECT plan(3);

SELECT setseed(0.25) \g /dev/null
CREATE TEMP TABLE sized AS
  SELECT g, random() AS p, CASE g WHEN 1 THEN 0 WHEN 2 THEN 100000 ELSE floor(exp(random() * ln(100001)))::int - 1 END AS size
  FROM generate_series(1, 240) AS g;
CREATE TEMP TABLE sized_value AS
  SELECT g, p, round(exp(9.57 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) AS x
  FROM sized, generate_series(1, size);
ANALYZE sized_value;

SELECT cmp_ok((SELECT count(*) FROM sized WHERE size > 1000), '>', 50::bigint, 'many of the sizes are beyond 1,000');

SELECT is_empty($$
  SELECT g FROM sized_value GROUP BY g, p
  HAVING ROW(ttr.p95() WITHIN GROUP (ORDER BY x), ttr.percentile(p) WITHIN GROUP (ORDER BY x DESC)) IS DISTINCT FROM
         ROW(percentile_cont(0.95) WITHIN GROUP (ORDER BY x), percentile_cont(p) WITHIN GROUP (ORDER BY x DESC)) $$,
  'ordered-set aggregates, every size');

SELECT is_empty($$
  SELECT g
  FROM (SELECT g, ttr.median(x) AS median, ttr.quantile(x, ARRAY[0, 0.01, 0.95, 1]) AS several
        FROM sized LEFT JOIN sized_value USING (g) GROUP BY g) AS ours
  JOIN (SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median,
               percentile_cont(ARRAY[0, 0.01, 0.95, 1]) WITHIN GROUP (ORDER BY x) AS several
        FROM sized LEFT JOIN sized_value USING (g) GROUP BY g) AS core USING (g)
  WHERE ROW(ours.median, ours.several) IS DISTINCT FROM ROW(core.median, core.several) $$,
  'plain aggregates, every size, the group without rows too');

SELECT * FROM finish();
ROLLBACK;
