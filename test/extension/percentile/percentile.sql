-- p95() and percentile() WITHIN GROUP give what percentile_cont() gives: the oracle of every test here.

BEGIN;
SELECT plan(119);

\ir ../statements.psql

-- How a test is named: "p95() equals percentile_cont(0.95) over 201 random groups of equal values".
CREATE FUNCTION pg_temp.named(ours text, direction text, core text, shape text) RETURNS text LANGUAGE sql AS $$
  SELECT format('%s equals %s over 201 random groups of %s', btrim(ours || ' ' || direction), core, shape)
$$;

-- Random groups.

\set temporary TEMP
\ir ../random_values.psql

SELECT is_empty(format($$
  SELECT g, p FROM random_value WHERE shape = %L GROUP BY g, p
  HAVING %s WITHIN GROUP (ORDER BY x %s) IS DISTINCT FROM %s WITHIN GROUP (ORDER BY x %3$s) $$,
  shape, ours, direction, core), pg_temp.named(ours, direction, core, shape))
FROM (SELECT DISTINCT shape FROM random_group ORDER BY shape) AS shapes,
     (VALUES ('ttr.p95()', 'percentile_cont(0.95)', ''),
             ('ttr.percentile(p)', 'percentile_cont(p)', ''),
             ('ttr.percentile(p)', 'percentile_cont(p)', 'DESC'),
             ('ttr.percentile(ARRAY[p, NULL, 0, 1, p * p])', 'percentile_cont(ARRAY[p, NULL, 0, 1, p * p])', ''),
             ('ttr.percentile(ARRAY[p, 0.5, p])', 'percentile_cont(ARRAY[p, 0.5, p])', 'DESC'))
       AS form (ours, core, direction);

-- The same for intervals.

SELECT is_empty(format($$
  SELECT g, p FROM random_interval WHERE shape = %L GROUP BY g, p
  HAVING %s WITHIN GROUP (ORDER BY x %s) IS DISTINCT FROM %s WITHIN GROUP (ORDER BY x %3$s) $$,
  shape, ours, direction, core), pg_temp.named(ours, direction, core, shape))
FROM (SELECT DISTINCT shape FROM random_interval ORDER BY shape) AS shapes,
     (VALUES ('ttr.p95()', 'percentile_cont(0.95)', ''),
             ('ttr.percentile(p)', 'percentile_cont(p)', 'DESC'),
             ('ttr.percentile(ARRAY[p, NULL, 0, 1])', 'percentile_cont(ARRAY[p, NULL, 0, 1])', ''))
       AS form (ours, core, direction);

-- Single cases: the outcome, an error included, is the oracle's.

CREATE FUNCTION pg_temp.statement(aggregate text, ordered_by text, source text) RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT %s WITHIN GROUP (ORDER BY %s) FROM (%s) AS source (x)', aggregate, ordered_by, source)
$$;

SELECT is(pg_temp.outcome(pg_temp.statement('ttr.percentile(' || p || ')', ordered_by, source)),
          pg_temp.outcome(pg_temp.statement('percentile_cont(' || p || ')', ordered_by, source)),
          'as percentile_cont: ' || description)
FROM (VALUES
  ('no rows', '0.95', 'x', 'SELECT generate_series(1, 0)'),
  ('only NULLs', '0.95', 'x', 'VALUES (NULL::float8), (NULL)'),
  ('only NULLs, p[]', 'ARRAY[0.5]', 'x', 'VALUES (NULL::float8), (NULL)'),
  ('one row', 'ARRAY[0, 0.5, 1]', 'x', 'VALUES (7.5::float8)'),
  ('p is NULL', 'NULL::float8', 'x', 'VALUES (1::float8)'),
  ('p is NULL without rows', 'NULL::float8', 'x', 'SELECT generate_series(1, 0)'),
  ('p[] is NULL', 'NULL::float8[]', 'x', 'VALUES (1::float8)'),
  ('p[] is empty', 'ARRAY[]::float8[]', 'x', 'VALUES (1::float8)'),
  ('p[] is empty without rows', 'ARRAY[]::float8[]', 'x', 'SELECT generate_series(1, 0)'),
  ('p[] of NULLs', 'ARRAY[NULL, NULL]::float8[]', 'x', 'VALUES (1::float8)'),
  ('p[] of two dimensions', 'ARRAY[[0, 0.5], [NULL, 1]]', 'x', 'SELECT generate_series(1, 10)'),
  ('p[] that starts at 0', '''[0:2]={0,0.3,1}''::float8[]', 'x', 'SELECT generate_series(1, 10)'),
  ('p[] out of order and repeated', 'ARRAY[0.9, 0.1, 0.9, 0.5]', 'x', 'SELECT generate_series(1, 10)'),
  ('p below 0', '-0.1', 'x', 'SELECT generate_series(1, 10)'),
  ('p above 1', '95', 'x', 'SELECT generate_series(1, 10)'),
  ('p above 1 without rows', '95', 'x', 'SELECT generate_series(1, 0)'),
  ('p is NaN', '''NaN''::float8', 'x', 'SELECT generate_series(1, 10)'),
  ('p is minus 0', '''-0''::float8', 'x', 'SELECT generate_series(1, 10)'),
  ('p[] above 1', 'ARRAY[0.5, 50, 95]', 'x', 'SELECT generate_series(1, 10)'),
  ('p[] above 1 without rows', 'ARRAY[0.5, 95]', 'x', 'SELECT generate_series(1, 0)'),
  ('NaN is the largest', 'ARRAY[0, 0.5, 0.75, 1]', 'x', 'VALUES (''NaN''::float8), (1), (2)'),
  ('two infinities make NaN', '0.95', 'x', 'VALUES (''Infinity''::float8), (''Infinity'')'),
  ('infinity at an exact rank', '0.5', 'x', 'VALUES (''Infinity''::float8), (1), (''Infinity'')'),
  ('from minus infinity', '0.5', 'x', 'VALUES (''-Infinity''::float8), (1)'),
  ('from minus infinity, DESC', '0.5', 'x DESC', 'VALUES (''-Infinity''::float8), (1)'),
  ('a difference beyond double precision', '0.5', 'x', 'VALUES (-1.7e308::float8), (1.7e308)'),
  ('the last digit', '0.3', 'x', 'VALUES (0.1::float8), (0.7)'),
  ('the last digit, DESC', '0.3', 'x DESC', 'VALUES (0.1::float8), (0.7)'),
  ('NULLS FIRST', '0.3', 'x NULLS FIRST', 'VALUES (1::float8), (NULL), (7)'),
  ('USING <', '0.3', 'x USING <', 'VALUES (1::float8), (7)'),
  ('USING >', '0.3', 'x USING >', 'VALUES (1::float8), (7)'),
  ('integers', '0.95', 'x', 'SELECT generate_series(1, 10)'),
  ('numeric', '0.95', 'x', 'VALUES (0.1), (0.2)'),
  ('days and time between months', '0.5', 'x', 'VALUES (interval ''1 mon''), (''45 days'')'),
  ('only NULL intervals', '0.95', 'x', 'VALUES (NULL::interval), (NULL)'),
  ('p[] over intervals', 'ARRAY[[0, 0.5], [NULL, 1]]', 'x', 'VALUES (interval ''26:00''), (''1 day''), (''1 mon'')'),
  ('p[] is empty over intervals', 'ARRAY[]::float8[]', 'x', 'VALUES (interval ''1 day'')'),
  ('p above 1 over intervals', '95', 'x', 'VALUES (interval ''1 day'')'),
  ('an interval out of range', '0.5', 'x', 'VALUES (interval ''-178000000 years''), (''178000000 years'')')
) AS single (description, p, ordered_by, source);

SELECT throws_ok($$SELECT ttr.p95() WITHIN GROUP (ORDER BY x) FROM (VALUES ('1'::text)) v (x)$$, '42883', NULL,
                 'p95() of text does not exist');
SELECT is(ttr.p95() WITHIN GROUP (ORDER BY x) FILTER (WHERE x % 2 = 0),
          percentile_cont(0.95) WITHIN GROUP (ORDER BY x) FILTER (WHERE x % 2 = 0), 'p95() heeds FILTER')
FROM generate_series(1, 100) AS x;

-- Errors, by name.

SELECT throws_ok('SELECT ttr.percentile(95) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 10) x',
                 '22003', 'percentile value 95 is not between 0 and 1',
                 'a percentile above 1 is refused as out of range');
SELECT throws_ok('SELECT ttr.p95() WITHIN GROUP (ORDER BY x) OVER () FROM generate_series(1, 10) x',
                 '0A000', NULL, 'p95() is no window function');

-- Another order of doubles: by their distance from zero.
CREATE FUNCTION pg_temp.nearer(double precision, double precision) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS 'SELECT abs($1) < abs($2)';
CREATE FUNCTION pg_temp.as_near(double precision, double precision) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS 'SELECT abs($1) = abs($2)';
CREATE FUNCTION pg_temp.compare_nearness(double precision, double precision) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT btfloat8cmp(abs($1), abs($2))';
CREATE OPERATOR pg_temp.<| (FUNCTION = pg_temp.nearer, LEFTARG = double precision, RIGHTARG = double precision);
CREATE OPERATOR pg_temp.=| (FUNCTION = pg_temp.as_near, LEFTARG = double precision, RIGHTARG = double precision);
CREATE OPERATOR CLASS pg_temp.nearness FOR TYPE double precision USING btree AS
  OPERATOR 1 pg_temp.<|, OPERATOR 3 pg_temp.=|,
  FUNCTION 1 pg_temp.compare_nearness(double precision, double precision);
SELECT throws_ok(pg_temp.statement('ttr.p95()', 'x USING OPERATOR(pg_temp.<|)', 'VALUES (1::float8), (-2)'), '0A000',
                 'percentiles follow only the default order of a type',
                 'an order other than the default one of the type is refused');

-- Values that compare equal: percentile_cont() returns any one of them.

SELECT ok(ttr.percentile(0.5) WITHIN GROUP (ORDER BY x) = interval '1 day',
          'the median of 1 day and 24 hours, thrice each, equals 1 day')
FROM (VALUES (interval '1 day'), ('24:00'), ('1 day'), ('24:00'), ('1 day'), ('24:00')) v (x);
SELECT is(ttr.percentile(0.5) WITHIN GROUP (ORDER BY x)::text, '1 mon', 'an interval comes back with its own fields')
FROM (VALUES (interval '29 days'), ('1 mon'), ('31 days')) v (x);

-- Grouping, and several aggregates over one input.

SELECT is_empty($$
  SELECT grouping(shape, g), shape, g FROM random_value WHERE g > 0
  GROUP BY GROUPING SETS ((shape, g), (shape), (g), ())
  HAVING ttr.percentile(0.7) WITHIN GROUP (ORDER BY x)
         IS DISTINCT FROM percentile_cont(0.7) WITHIN GROUP (ORDER BY x) $$,
  'percentile(0.7) equals percentile_cont(0.7) in grouping sets');

SELECT is_empty($$
  SELECT g FROM random_value WHERE shape = 'log-normal seconds' GROUP BY g
  HAVING ROW(ttr.p95() WITHIN GROUP (ORDER BY x),
             ttr.percentile(0.5) WITHIN GROUP (ORDER BY x),
             ttr.percentile(0.2) WITHIN GROUP (ORDER BY x DESC),
             ttr.percentile(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY x),
             ttr.p95() WITHIN GROUP (ORDER BY -x))
     IS DISTINCT FROM
         ROW(percentile_cont(0.95) WITHIN GROUP (ORDER BY x),
             percentile_cont(0.5) WITHIN GROUP (ORDER BY x),
             percentile_cont(0.2) WITHIN GROUP (ORDER BY x DESC),
             percentile_cont(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY x),
             percentile_cont(0.95) WITHIN GROUP (ORDER BY -x)) $$,
  'several percentiles of one query do not disturb each other');

SELECT is_empty($$
  SELECT r.g FROM random_group r,
    LATERAL (SELECT ttr.percentile(r.p) WITHIN GROUP (ORDER BY x) AS ours,
                    percentile_cont(r.p) WITHIN GROUP (ORDER BY x) AS core
             FROM random_value v WHERE v.shape = r.shape AND v.g = r.g) AS both_ways
  WHERE r.g > 0 AND ours IS DISTINCT FROM core $$,
  'percentile(p) equals percentile_cont(p) when a query runs it again and again');

-- A function that claims to be stable, so that PostgreSQL may share, but counts its calls.
CREATE SEQUENCE pg_temp.calls;
CREATE FUNCTION pg_temp.counted(x double precision) RETURNS double precision LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM nextval('pg_temp.calls');
  RETURN x;
END $$;
SELECT is(ARRAY[ttr.p95() WITHIN GROUP (ORDER BY pg_temp.counted(x)),
                ttr.percentile(0.5) WITHIN GROUP (ORDER BY pg_temp.counted(x))]
          || ttr.percentile(ARRAY[0, 1]) WITHIN GROUP (ORDER BY pg_temp.counted(x)),
          ARRAY[95.05, 50.5, 1, 100]::double precision[], 'three percentiles of the same 100 values are right')
FROM generate_series(1, 100) AS x;
SELECT is(nextval('pg_temp.calls'), 101::bigint, 'and they read the values once');

SELECT * FROM finish();
ROLLBACK;
