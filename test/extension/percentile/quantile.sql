-- median() and quantile() give what percentile_cont() gives, however they are grouped, and want one p in a group.

BEGIN;
SELECT plan(154);

\ir ../statements.psql

\set temporary TEMP
\ir ../random_values.psql

-- The oracle, once.

CREATE TEMP TABLE expected AS
  SELECT shape, g, p, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median,
         percentile_cont(p) WITHIN GROUP (ORDER BY x) AS quantile,
         percentile_cont(ARRAY[p, NULL, 0, 1, p * p]) WITHIN GROUP (ORDER BY x) AS quantiles
  FROM random_value GROUP BY shape, g, p;
CREATE TEMP TABLE expected_interval AS
  SELECT shape, g, p, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median,
         percentile_cont(p) WITHIN GROUP (ORDER BY x) AS quantile,
         percentile_cont(ARRAY[p, NULL, 0, 1]) WITHIN GROUP (ORDER BY x) AS quantiles
  FROM random_interval GROUP BY shape, g, p;

CREATE TEMP TABLE question AS
  SELECT 'expected' AS answers,
         'SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
                 ttr.quantile(x, ARRAY[p, NULL, 0, 1, p * p]) AS quantiles
          FROM random_value GROUP BY shape, g, p' AS query
  UNION ALL
  SELECT 'expected_interval',
         'SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
                 ttr.quantile(x, ARRAY[p, NULL, 0, 1]) AS quantiles
          FROM random_interval GROUP BY shape, g, p';

SET LOCAL work_mem = '256MB';
SET LOCAL enable_sort = off;
SELECT matches(pg_temp.plan_of(query), 'HashAggregate', 'groups are hashed: ' || answers) FROM question;
CREATE TEMP TABLE hashed AS
  SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
         ttr.quantile(x, ARRAY[p, NULL, 0, 1, p * p]) AS quantiles
  FROM random_value GROUP BY shape, g, p;
CREATE TEMP TABLE hashed_interval AS
  SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
         ttr.quantile(x, ARRAY[p, NULL, 0, 1]) AS quantiles
  FROM random_interval GROUP BY shape, g, p;
SET LOCAL enable_sort = on;
SET LOCAL enable_hashagg = off;
SELECT matches(pg_temp.plan_of(query), 'GroupAggregate', 'groups are sorted: ' || answers) FROM question;
CREATE TEMP TABLE sorted AS
  SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
         ttr.quantile(x, ARRAY[p, NULL, 0, 1, p * p]) AS quantiles
  FROM random_value GROUP BY shape, g, p;
CREATE TEMP TABLE sorted_interval AS
  SELECT shape, g, p, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
         ttr.quantile(x, ARRAY[p, NULL, 0, 1]) AS quantiles
  FROM random_interval GROUP BY shape, g, p;
RESET enable_hashagg;

SELECT is_empty(format($$
  SELECT shape, g, p FROM expected%1$s e FULL JOIN %2$s%1$s o USING (shape, g, p)
  WHERE shape = %3$L AND e.%4$I IS DISTINCT FROM o.%4$I $$, suffix, way, shape, answer),
  format('%s over 201 %s groups of %s', form, way, shape))
FROM (SELECT DISTINCT shape, '' AS suffix FROM random_value
      UNION ALL SELECT DISTINCT shape, '_interval' FROM random_interval ORDER BY 2, 1) AS shapes,
     (VALUES ('median', 'median(x)'), ('quantile', 'quantile(x, p)'), ('quantiles', 'quantile(x, p[])'))
       AS form (answer, form),
     (VALUES ('hashed'), ('sorted')) AS way (way);

-- Hashed groups that do not fit into memory are set aside, and come out right.
SET LOCAL work_mem = '256kB';
SET LOCAL enable_sort = off;
SELECT is_empty($$
  SELECT shape, g FROM expected e FULL JOIN (
    SELECT shape, g, ttr.median(x) AS m, ttr.quantile(x, p) AS q FROM random_value GROUP BY shape, g) o USING (shape, g)
  WHERE e.median IS DISTINCT FROM o.m OR e.quantile IS DISTINCT FROM o.q $$, 'hashed groups beyond work_mem');
RESET enable_sort;
RESET work_mem;

SELECT is_empty($$
  SELECT grouping(shape, g), shape, g FROM random_value WHERE g > 0
  GROUP BY GROUPING SETS ((shape, g), (shape), (g), ())
  HAVING ttr.quantile(x, 0.7) IS DISTINCT FROM percentile_cont(0.7) WITHIN GROUP (ORDER BY x) $$,
  'quantile(x, 0.7) in grouping sets');
SELECT matches(pg_temp.plan_of('SELECT ttr.quantile(x, 0.7) FROM random_value WHERE g > 0 GROUP BY CUBE (shape, g)'),
               'MixedAggregate', 'of a cube some sets are hashed and some sorted');
CREATE TEMP TABLE cube AS
  SELECT grouping(shape, g) AS level, shape, g, ttr.quantile(x, 0.7) AS q
  FROM random_value WHERE g > 0 GROUP BY CUBE (shape, g);
SELECT is_empty($$
  SELECT * FROM cube
  EXCEPT ALL
  SELECT grouping(shape, g) AS level, shape, g, percentile_cont(0.7) WITHIN GROUP (ORDER BY x) AS core
  FROM random_value WHERE g > 0 GROUP BY CUBE (shape, g) $$, 'quantile(x, 0.7) in a cube');

-- Single cases: the outcome, an error included, is the oracle's.

SELECT is(pg_temp.outcome(format('SELECT ttr.quantile(x, %s) FROM (%s) AS source (x)', p, source)),
          pg_temp.outcome(format('SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY x) FROM (%s) AS source (x)',
                                 p, source)), 'as percentile_cont: ' || description)
FROM (VALUES
  ('no rows', '0.95', 'SELECT generate_series(1, 0)'),
  ('only NULLs', '0.95', 'VALUES (NULL::float8), (NULL)'),
  ('only NULLs, p[]', 'ARRAY[0.5]', 'VALUES (NULL::float8), (NULL)'),
  ('only NULLs, p above 1', '95', 'VALUES (NULL::float8), (NULL)'),
  ('only NULLs, p[] above 1', 'ARRAY[95]', 'VALUES (NULL::float8), (NULL)'),
  ('one row', 'ARRAY[0, 0.5, 1]', 'VALUES (7.5::float8)'),
  ('p is NULL', 'NULL::float8', 'VALUES (1::float8)'),
  ('p is NULL without rows', 'NULL::float8', 'SELECT generate_series(1, 0)'),
  ('p[] is NULL', 'NULL::float8[]', 'VALUES (1::float8)'),
  ('p[] is empty', 'ARRAY[]::float8[]', 'VALUES (1::float8)'),
  ('p[] is empty without rows', 'ARRAY[]::float8[]', 'SELECT generate_series(1, 0)'),
  ('p[] of NULLs', 'ARRAY[NULL, NULL]::float8[]', 'VALUES (1::float8)'),
  ('p[] of two dimensions', 'ARRAY[[0, 0.5], [NULL, 1]]', 'SELECT generate_series(1, 10)'),
  ('p[] that starts at 0', '''[0:2]={0,0.3,1}''::float8[]', 'SELECT generate_series(1, 10)'),
  ('p[] out of order and repeated', 'ARRAY[0.9, 0.1, 0.9, 0.5]', 'SELECT generate_series(1, 10)'),
  ('p below 0', '-0.1', 'SELECT generate_series(1, 10)'),
  ('p above 1', '95', 'SELECT generate_series(1, 10)'),
  ('p is NaN', '''NaN''::float8', 'SELECT generate_series(1, 10)'),
  ('p is minus 0', '''-0''::float8', 'SELECT generate_series(1, 10)'),
  ('p[] above 1', 'ARRAY[0.5, 50, 95]', 'SELECT generate_series(1, 10)'),
  ('NaN is the largest', 'ARRAY[0, 0.5, 0.75, 1]', 'VALUES (''NaN''::float8), (1), (2)'),
  ('two infinities make NaN', '0.95', 'VALUES (''Infinity''::float8), (''Infinity'')'),
  ('infinity at an exact rank', '0.5', 'VALUES (''Infinity''::float8), (1), (''Infinity'')'),
  ('from minus infinity', '0.5', 'VALUES (''-Infinity''::float8), (1)'),
  ('a difference beyond double precision', '0.5', 'VALUES (-1.7e308::float8), (1.7e308)'),
  ('the last digit', '0.3', 'VALUES (0.1::float8), (0.7)'),
  ('integers', '0.95', 'SELECT generate_series(1, 10)'),
  ('numeric', '0.95', 'VALUES (0.1), (0.2)'),
  ('days and time between months', '0.5', 'VALUES (interval ''1 mon''), (''45 days'')'),
  ('only NULL intervals', '0.95', 'VALUES (NULL::interval), (NULL)'),
  ('p[] over intervals', 'ARRAY[[0, 0.5], [NULL, 1]]', 'VALUES (interval ''26:00''), (''1 day''), (''1 mon'')'),
  ('p above 1 over intervals', '95', 'VALUES (interval ''1 day'')'),
  ('an interval out of range', '0.5', 'VALUES (interval ''-178000000 years''), (''178000000 years'')')
) AS single (description, p, source);

SELECT is(ttr.quantile(x, 95), NULL, 'without rows nobody sees p') FROM generate_series(1, 0) AS x;
SELECT is(ttr.median(x) FILTER (WHERE x % 2 = 0), 50::double precision + 1, 'median() heeds FILTER')
FROM generate_series(1, 100) AS x;
SELECT is(ttr.median(DISTINCT x), 2::double precision, 'median() heeds DISTINCT') FROM unnest(ARRAY[1, 1, 1, 2, 3]) AS x;
SELECT is(ttr.quantile(x, 0.25 ORDER BY x DESC), 2::double precision, 'the order of rows does not matter')
FROM generate_series(1, 5) AS x;

-- p is constant in a group, and may differ between groups.

SELECT is_empty($$
  SELECT g FROM random_value WHERE shape = 'uniform doubles' GROUP BY g
  HAVING ttr.quantile(x, g / 200.0::float8) IS DISTINCT FROM percentile_cont(g / 200.0) WITHIN GROUP (ORDER BY x)
      OR ttr.quantile(x, ARRAY[g / 200.0, 0.5]::float8[])
         IS DISTINCT FROM percentile_cont(ARRAY[g / 200.0, 0.5]) WITHIN GROUP (ORDER BY x) $$,
  'every group may have a p and a p[] of its own');

PREPARE with_parameter(double precision, double precision[]) AS
  SELECT ARRAY[ttr.quantile(x, $1)] || ttr.quantile(x, $2) AS q FROM generate_series(1, 101) AS x;
SELECT results_eq('EXECUTE with_parameter(0.25, ARRAY[0.5, 0.75])', $$VALUES (ARRAY[26, 51, 76]::float8[])$$,
                  'p may be a parameter');

SELECT throws_ok(format('SELECT ttr.quantile(x, %s) FROM generate_series(1, 10) AS x', p), '22023',
                 'quantile needs the same p in all rows of a group', description)
FROM (VALUES ('x / 10.0::float8', 'p that changes is refused'),
             ('CASE WHEN x < 5 THEN 0.5 END', 'p that becomes NULL is refused'),
             ('CASE WHEN x > 5 THEN 0.5 END', 'p that was NULL is refused'),
             ('ARRAY[0.5, x / 10.0]::float8[]', 'p[] that changes is refused'),
             ('CASE WHEN x > 5 THEN ARRAY[0.5] END::float8[]', 'p[] that was NULL is refused'),
             ('CASE WHEN x > 5 THEN ARRAY[0.5] ELSE ARRAY[0.5, 0.5] END::float8[]', 'p[] that grows is refused')
     ) AS changing (p, description);

CREATE FUNCTION pg_temp.advice(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
  hint text;
BEGIN
  EXECUTE statement;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN detail || ' ' || hint;
END $$;
SELECT is(pg_temp.advice('SELECT ttr.quantile(x, x / 4.0::float8) FROM generate_series(1, 2) AS x'),
          'One row has 0.25, another one 0.5. '
          'Group by p too, or ask for several at once: quantile(x, ARRAY[0.5, 0.95]).',
          'the error names both p, and what to do');
SELECT is(pg_temp.advice('SELECT ttr.quantile(x, CASE WHEN x > 1 THEN ARRAY[0.5, 1] END::float8[])
                          FROM generate_series(1, 2) AS x'),
          'One row has NULL, another one {0.5,1}. '
          'Group by p too, or ask for several at once: quantile(x, ARRAY[0.5, 0.95]).',
          'and both p[]');

-- A million groups of three rows take no more memory than array_agg().

CREATE FUNCTION pg_temp.hashed_memory(aggregate text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
  node json;
BEGIN
  EXECUTE format('EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)
                  SELECT %s FROM (SELECT i %% 1000000 AS g, i::float8 AS x FROM generate_series(1, 3000000) AS i) AS s
                  GROUP BY g', aggregate) INTO plan;
  node := plan -> 0 -> 'Plan';
  IF node ->> 'Strategy' IS DISTINCT FROM 'Hashed' OR (node ->> 'HashAgg Batches')::int > 1 THEN
    RAISE 'not hashed in memory: %', plan;
  END IF;
  RETURN node ->> 'Peak Memory Usage';
END $$;
-- Not that they take so much: PostgreSQL believes that a state of array_agg() takes 8 kB.
SET LOCAL work_mem = '20GB';
SET LOCAL enable_sort = off;
CREATE TEMP TABLE array_agg_memory AS SELECT pg_temp.hashed_memory('array_agg(x)') AS kilobytes;
SELECT cmp_ok(pg_temp.hashed_memory(aggregate), '<=', kilobytes,
              aggregate || ' over 1,000,000 groups of 3 rows takes no more memory than array_agg(x)')
FROM array_agg_memory, (VALUES ('ttr.median(x)'), ('ttr.quantile(x, 0.95)'), ('ttr.quantile(x, ARRAY[0.5, 0.95])'))
       AS form (aggregate);

SELECT * FROM finish();
ROLLBACK;
