-- However values are split into distributions, and in whatever order those are merged, added or taken away again: what
-- comes out is the distribution of all values that are in it, to the byte.

BEGIN;
SELECT plan(86);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.62;

\ir ../statements.psql

-- Values of several shapes, and where they fall when they are split into 1, 2, 7, 60 or 700 parts. Whole seconds are
-- counted in pages once a merge had many of them; others, and those that are too far out, are not.

CREATE TEMP TABLE value AS
  SELECT shape, random() AS place,
         CASE shape WHEN 'whole seconds' THEN round(seconds)
                    WHEN 'milliseconds' THEN round(seconds * 1000) / 1000
                    WHEN 'doubles' THEN random()
                    WHEN 'few distinct' THEN floor(random() * 3)
                    WHEN 'far out' THEN floor(random() * 4e7) - 1e7
                    WHEN 'of all kinds' THEN
                      (ARRAY[round(seconds), floor(random() * 100), -1, '-0', 0, 0.5, random(), 1e300, 16777215,
                             16777216, 'NaN', 'Infinity', '-Infinity'])[1 + floor(random() * 13)]
         END AS x
  FROM (SELECT shape, exp(9.57 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS seconds
        FROM unnest(ARRAY['whole seconds', 'milliseconds', 'doubles', 'few distinct', 'far out', 'of all kinds'])
               AS shape, generate_series(1, 30000)) AS drawn;
CREATE TEMP TABLE whole AS SELECT shape, distribution(x) AS d FROM value GROUP BY shape;
CREATE TEMP TABLE part AS
  SELECT shape, parts, floor(place * parts)::int AS part, distribution(x) AS d
  FROM value, unnest(ARRAY[1, 2, 7, 60, 700]) AS parts GROUP BY 1, 2, 3
  UNION ALL
  SELECT shape, parts, NULL, nothing
  FROM whole, unnest(ARRAY[1, 2, 7, 60, 700]) AS parts, unnest(ARRAY['{}', NULL]::distribution[]) AS nothing;
ANALYZE part;

SELECT is_empty(format($$
  SELECT shape
  FROM whole JOIN (SELECT shape, merge(d ORDER BY %2$s) AS m FROM part WHERE parts = %1$s GROUP BY shape) AS merged
       USING (shape)
  WHERE m IS DISTINCT FROM d OR m::text <> d::text OR distribution_send(m) <> distribution_send(d) $$, parts, sequence),
  format('%s parts, NULL and {} besides, in %s order', parts, sequence))
FROM unnest(ARRAY[1, 2, 7, 60, 700]) AS parts,
     unnest(ARRAY['random()', 'part', 'part DESC', 'value_count(d)']) AS sequence;
SELECT is_empty($$
  SELECT shape FROM whole JOIN (SELECT shape, merge(d) AS m FROM part GROUP BY shape) AS merged USING (shape)
  WHERE m IS DISTINCT FROM d + d + d + d + d $$, 'all of the splits together are five times the whole');
CREATE TEMP TABLE sampled AS SELECT * FROM value WHERE place < 0.2;
SELECT is_empty($$
  SELECT shape
  FROM (SELECT shape, merge(d ORDER BY place) AS m
        FROM (SELECT shape, place, distribution(x) AS d FROM sampled GROUP BY shape, place) AS single
        GROUP BY shape) AS merged
       JOIN (SELECT shape, distribution(x) AS d FROM sampled GROUP BY shape) AS sample USING (shape)
  WHERE m IS DISTINCT FROM d $$, 'thousands of single values');
SELECT is_empty($$
  SELECT shape FROM value GROUP BY shape
  HAVING quantile((SELECT d FROM whole WHERE whole.shape = value.shape), ARRAY[0, 0.001, 0.5, 0.95, 1])
         IS DISTINCT FROM percentile_cont(ARRAY[0, 0.001, 0.5, 0.95, 1]) WITHIN GROUP (ORDER BY x) $$,
  'and the whole has percentile_cont()''s quantiles');

-- One value so often that its counter, of 16 bits in a page, cannot hold it.

CREATE TEMP TABLE often AS
  SELECT i, ('{60:' || n || ',61:1,62:65535,63:65536,4000000000:65535}')::distribution AS d
  FROM unnest(ARRAY[1, 40000, 65534, 65535, 65536, 70000, 4000000000]) WITH ORDINALITY AS v (n, i);
CREATE TEMP TABLE dense AS SELECT distribution(x) AS d FROM generate_series(0, 20000) AS x;
SELECT is(merge(d ORDER BY i)::text, '{60:4000306606,61:7,62:458745,63:458752,4000000000:458745}',
          'counts beyond 65,535')
FROM often;
SELECT is((merge(d ORDER BY i) - all_dense)::text, '{60:4000306606,61:7,62:458745,63:458752,4000000000:458745}',
          'also where there are pages of counters: ' || sequence)
FROM (VALUES ('pages first', 0), ('in between', 3.5), ('pages last', 100)) AS v (sequence, since),
     (SELECT merge(d) AS all_dense FROM dense, generate_series(1, 10)) AS subtracted,
     LATERAL (TABLE often UNION ALL SELECT since, d FROM dense, generate_series(1, 10)) AS merged (i, d)
GROUP BY sequence, all_dense;
SELECT throws_ok(format('SELECT merge(d::distribution) FROM unnest(%L::text[]) AS d', d), '22003',
                 'distribution would have more than 9223372036854775807 values', 'too many: ' || d)
FROM (VALUES ('{"{1:9223372036854775807}","{1}"}'), ('{"{1:5000000000000000000}","{2:5000000000000000000}"}'),
             ('{"{NaN:9223372036854775807}","{Infinity:9223372036854775807}","{1}"}')) AS v (d);
SELECT throws_ok($$SELECT '{1:9223372036854775807}'::distribution + '{NaN}'$$, '22003',
                 'distribution would have more than 9223372036854775807 values', 'too many for + too');

-- Nothing to merge

SELECT is(merge(d)::text, expected, 'merge of ' || ds::text)
FROM (VALUES ('{}'::distribution[], NULL), ('{NULL}', NULL), ('{NULL,NULL}', NULL), ('{"{}"}', '{}'),
             ('{NULL,"{}",NULL}', '{}'), ('{"{}","{}"}', '{}'), ('{"{}",NULL,"{60}"}', '{60}'), ('{"{60}"}', '{60}'))
       AS v (ds, expected) LEFT JOIN LATERAL unnest(ds) AS d ON true
GROUP BY ds, expected;

-- Hashed, sorted, in grouping sets, with DISTINCT and FILTER

SET LOCAL work_mem = '256MB';
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of('SELECT shape, parts, merge(d) FROM part GROUP BY shape, parts'), 'HashAggregate',
               'groups are hashed');
CREATE TEMP TABLE hashed AS SELECT shape, parts, merge(d) AS m FROM part GROUP BY shape, parts;
SET LOCAL work_mem = '64kB';
CREATE TEMP TABLE spilled AS SELECT part, parts, merge(d) AS m FROM part GROUP BY part, parts;
SET LOCAL work_mem = '4MB';
SET LOCAL enable_sort = on;
SET LOCAL enable_hashagg = off;
SELECT matches(pg_temp.plan_of('SELECT shape, parts, merge(d) FROM part GROUP BY shape, parts'), 'GroupAggregate',
               'groups are sorted');
CREATE TEMP TABLE sorted AS SELECT shape, parts, merge(d) AS m FROM part GROUP BY shape, parts;
CREATE TEMP TABLE unspilled AS SELECT part, parts, merge(d) AS m FROM part GROUP BY part, parts;
SET LOCAL enable_hashagg = on;
SELECT is_empty('SELECT * FROM hashed JOIN whole USING (shape) WHERE m <> d', 'hashed groups');
SELECT is_empty('SELECT * FROM sorted JOIN whole USING (shape) WHERE m <> d', 'sorted groups');
SELECT set_eq('TABLE spilled', 'TABLE unspilled', 'hashed groups beyond work_mem');
SELECT set_eq('SELECT shape, parts % 2 AS odd, merge(d) FROM part WHERE parts < 60 GROUP BY CUBE (shape, parts % 2)',
              'SELECT shape, odd, merge(m)
               FROM (SELECT shape, parts % 2 AS odd, merge(d) AS m FROM part WHERE parts < 60 GROUP BY 1, 2) AS cell
               GROUP BY CUBE (shape, odd)', 'a cube, whose cells are merged');
SELECT is(merge(DISTINCT d), '{1:3,2}', 'DISTINCT')
FROM unnest('{"{1}","{1:2}","{2}","{1}",NULL}'::distribution[]) AS d;
SELECT results_eq('SELECT merge(d) FILTER (WHERE parts = 7) FROM part GROUP BY shape ORDER BY shape',
                  'SELECT d FROM whole ORDER BY shape', 'FILTER');

-- Several merges in one query, and several uses of one, keep apart.

CREATE TEMP TABLE day AS
  SELECT i, CASE i % 7 WHEN 3 THEN NULL WHEN 5 THEN '{}' ELSE distribution(round(x * random())) END AS d,
         distribution(x) AS e
  FROM generate_series(1, 89) AS i,
       LATERAL (SELECT i + floor(random() * 2000) AS x FROM generate_series(1, 150 + i % 2)) AS v
  GROUP BY i;
CREATE TEMP TABLE month AS
  SELECT i / 30 AS month, merge(d) AS d, merge(e) AS e, merge(d + e) AS both, merge(d) FILTER (WHERE i % 2 = 0) AS even,
         merge(d) FILTER (WHERE i % 2 = 1) AS odd, merge(DISTINCT d) AS different, quantile(merge(d), 0.5) AS median,
         quantile(merge(d), ARRAY[0.5, 0.95]) AS quantiles, value_count(merge(d)) AS n, merge(d) - merge(d) AS nothing,
         merge(d) + merge(d) AS twice
  FROM day GROUP BY i / 30;
SELECT is(month.d, (SELECT merge(day.d) FROM day WHERE i / 30 = month), 'merge(d) of month ' || month) FROM month;
SELECT is(month.e, (SELECT merge(day.e) FROM day WHERE i / 30 = month), 'merge(e) of month ' || month) FROM month;
SELECT is_empty($$
  SELECT month FROM month
  WHERE ROW(even + odd, median, quantiles[1], quantiles[2], n, nothing, twice)
        IS DISTINCT FROM ROW(d, quantile(d, 0.5), quantile(d, 0.5), quantile(d, 0.95), value_count(d),
                             '{}'::distribution, d + d) $$,
  'and what else was asked of them in the same query');
SELECT results_eq($$
  SELECT quantile(m, 0.5), m, m + m, merge(m) OVER (ORDER BY month), share_within(m, 700), m
  FROM (SELECT i / 30 AS month, merge(d) AS m FROM day GROUP BY i / 30 OFFSET 0) AS s ORDER BY month $$, $$
  SELECT quantile(d, 0.5), d, d + d, (SELECT merge(s.d) FROM month s WHERE s.month <= month.month),
         share_within(d, 700), d
  FROM month ORDER BY month $$, 'the result of a merge is read by several functions and merged again');

CREATE FUNCTION pg_temp.running() RETURNS SETOF distribution LANGUAGE plpgsql AS $$
DECLARE
  total distribution := '{}';
  month distribution;
BEGIN
  FOR m IN 0..2 LOOP
    SELECT merge(d) INTO month FROM day WHERE i / 30 = m;
    total := total + month;
    month := month + total - month;
    RETURN NEXT month;
  END LOOP;
END $$;
SELECT results_eq('SELECT pg_temp.running()', 'SELECT merge(d) OVER (ORDER BY month) FROM month',
                  'variables of PL/pgSQL');

-- In windows, as a correlated subquery has it

SELECT is_empty(format($$
  SELECT * FROM (SELECT i, merge(d) OVER (ORDER BY i %s) AS m FROM day) AS moving
  WHERE m IS DISTINCT FROM (SELECT merge(d) FROM day WHERE day.i %s) $$, frame, range), 'a frame of ' || frame)
FROM (VALUES
  ('ROWS BETWEEN 6 PRECEDING AND CURRENT ROW', 'BETWEEN moving.i - 6 AND moving.i'),
  ('ROWS BETWEEN 3 PRECEDING AND 2 FOLLOWING', 'BETWEEN moving.i - 3 AND moving.i + 2'),
  ('ROWS BETWEEN 20 PRECEDING AND 15 PRECEDING', 'BETWEEN moving.i - 20 AND moving.i - 15'),
  ('ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING', '> moving.i'),
  ('ROWS BETWEEN CURRENT ROW AND CURRENT ROW', '= moving.i'),
  ('ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW', '<= moving.i'),
  ('ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING', '> 0'),
  ('RANGE BETWEEN 6 PRECEDING AND 1 PRECEDING', 'BETWEEN moving.i - 6 AND moving.i - 1'),
  ('RANGE BETWEEN 30 PRECEDING AND CURRENT ROW', 'BETWEEN moving.i - 30 AND moving.i'),
  ('ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW',
   'BETWEEN moving.i - 3 AND moving.i + 3 AND day.i <> moving.i')
) AS v (frame, range);
SELECT is_empty($$
  SELECT * FROM (SELECT i, merge(d) FILTER (WHERE i % 2 = 0) OVER w AS m, quantile(merge(e) OVER w, 0.95) AS q
                 FROM day WINDOW w AS (PARTITION BY i % 3 ORDER BY i ROWS 9 PRECEDING)) AS moving
  WHERE ROW(m, q) IS DISTINCT FROM
        (SELECT ROW(merge(d) FILTER (WHERE i % 2 = 0), quantile(merge(e), 0.95)) FROM day
         WHERE day.i % 3 = moving.i % 3 AND day.i BETWEEN moving.i - 27 AND moving.i) $$,
  'partitions, a FILTER and a quantile');

-- Sums and differences

SELECT is_empty($$
  SELECT a.i, b.i FROM day a, day b
  WHERE a.d + b.e <> b.e + a.d OR a.d + b.e - b.e <> a.d OR a.d + b.e - a.d <> b.e OR a.d - a.d <> '{}'
     OR a.d + '{}' <> a.d OR a.d - '{}' <> a.d OR value_count(a.d + b.e) <> value_count(a.d) + value_count(b.e) $$,
  'a + b = b + a, a + b - b = a, a - a = {}');
SELECT is_empty($$
  SELECT a.i FROM day a, day b, day c WHERE b.i IN (1, 5, 30) AND c.i < 60
    AND (a.e + b.d) + c.e <> a.e + (b.d + c.e) $$,
  '(a + b) + c = a + (b + c)');
SELECT unnest(ARRAY[is((a::distribution + b::distribution)::text, c, format('%s + %s', a, b)),
                    is((c::distribution - b::distribution)::text, a, format('%s - %s', c, b))])
FROM (VALUES ('{1,2}', '{1:2}', '{1:3,2}'), ('{1,NaN}', '{-Infinity,NaN}', '{-Infinity,1,NaN:2}'),
             ('{0.1,Infinity}', '{0.1,0.25,NaN}', '{0.1:2,0.25,Infinity,NaN}'), ('{}', '{-0}', '{0}')) AS v (a, b, c);
SELECT throws_ok(format('SELECT %L::distribution - %L::distribution', a, b), '22003',
                 'distribution cannot be subtracted from one that does not contain it',
                 format('%s cannot be taken from %s', b, a))
FROM (VALUES ('{1}', '{2}'), ('{2}', '{1}'), ('{}', '{1}'), ('{1}', '{1:2}'), ('{1:9}', '{NaN}'),
             ('{NaN}', '{Infinity}'), ('{1:65535,2}', '{1:65536}')) AS v (a, b);

-- Many small groups at once in a hash table: it takes no longer for each the more there are.

SET LOCAL work_mem = '1GB';
SET LOCAL enable_sort = off;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT clock_timestamp() AS started \gset
SELECT is((SELECT sum(value_count(m)) FROM (SELECT g, merge(d) AS m FROM (SELECT g, ('{' || x || '}')::distribution AS d
           FROM generate_series(1, 60000) AS g, (VALUES (1), (2)) AS v (x)) AS s GROUP BY g) AS merged), 120000::numeric,
          'small groups are merged');
SELECT cmp_ok(clock_timestamp() - :'started', '<', '5 s', 'and quickly');

SELECT * FROM finish();
ROLLBACK;
