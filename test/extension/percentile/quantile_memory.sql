-- A group that outgrows work_mem counts repeated values or goes to disk, has the same quantiles, and leaves no file.

BEGIN;
SELECT plan(95);

CREATE TEMP TABLE large AS
  SELECT i, random() AS uniform, floor(random() * 2000) AS seconds,
         CASE WHEN i < 200000 THEN floor(random() * 2000) ELSE random() END AS "seconds, then uniform",
         1::float8 AS equal, i::float8 AS ascending,
         CASE WHEN i % 100 = 0 THEN 'NaN' WHEN i % 101 = 0 THEN '-Infinity' ELSE random() END AS "not finite",
         make_interval(secs => floor(random() * 80000)) AS "regular interval",
         make_interval(months => i % 5, days => i % 40, secs => random() * 1e6) AS "irregular interval",
         make_interval(years => (i % 7 - 3) * 20000000 / 60, months => i % 50) AS "interval beyond 64 bits"
  FROM generate_series(1, 400000) AS i;
ANALYZE large;
CREATE TEMP TABLE form AS
  SELECT attname AS form FROM pg_attribute WHERE attrelid = 'large'::regclass AND attnum > 1;
CREATE TEMP TABLE expected (form name, quantiles text);
SET LOCAL work_mem = '256MB';
DO $$
DECLARE
  form name;
BEGIN
  FOR form IN TABLE form LOOP
    EXECUTE format('INSERT INTO expected SELECT %1$L, percentile_cont(ARRAY[0, 0.001, 0.5, 0.501, 0.95, 1])
                    WITHIN GROUP (ORDER BY %1$I) FROM large', form);
  END LOOP;
END $$;

-- The 8 kB blocks that the aggregate, and nothing else in such a plan, wrote to temporary files.
CREATE FUNCTION pg_temp.blocks_written(aggregate text, memory text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  PERFORM set_config('work_mem', memory, true);
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) SELECT ' || aggregate || ' FROM large' INTO plan;
  RETURN plan -> 0 -> 'Plan' ->> 'Temp Written Blocks';
END $$;
CREATE FUNCTION pg_temp.answer(aggregate text, memory text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('work_mem', memory, true);
  EXECUTE 'SELECT ' || aggregate || ' FROM large' INTO answer;
  RETURN answer;
END $$;

SELECT ok(pg_temp.answer(format(aggregate, form), memory) = quantiles OR
          pg_temp.answer(format(aggregate, form), memory)::interval[] = quantiles::interval[],
          format(aggregate, form) || ' within a work_mem of ' || memory)
FROM expected,
     (VALUES ('ttr.quantile(%I, ARRAY[0, 0.001, 0.5, 0.501, 0.95, 1])'),
             ('ttr.percentile(ARRAY[0, 0.001, 0.5, 0.501, 0.95, 1]) WITHIN GROUP (ORDER BY %I)')) AS family (aggregate),
     (VALUES ('64kB'), ('500kB'), ('2MB'), ('32MB')) AS memory (memory);

SELECT is(pg_temp.blocks_written('ttr.median(uniform)', '32MB'), 0::bigint, 'what fits is not written to disk');
SELECT cmp_ok(pg_temp.blocks_written('ttr.median(uniform)', '1MB'), '>=', 250::bigint, 'what does not fit is');
SELECT cmp_ok(pg_temp.blocks_written('ttr.median(uniform)', '1MB'), '<=', 420::bigint, 'and once only');
SELECT cmp_ok(pg_temp.blocks_written('ttr.p95() WITHIN GROUP (ORDER BY uniform)', '1MB'), '>=', 250::bigint,
              'that of an ordered-set aggregate too');
SELECT is(pg_temp.blocks_written('ttr.median(seconds)', '1MB'), 0::bigint, 'but values that repeat are counted instead');
SELECT is(pg_temp.blocks_written('ttr.median("regular interval")', '4MB'), 0::bigint, 'intervals too');
SELECT cmp_ok(pg_temp.blocks_written('ttr.median("irregular interval")', '1MB'), '>=', 900::bigint,
              'irregular intervals are written whole');
SELECT cmp_ok(pg_temp.blocks_written('ttr.median("seconds, then uniform")', '1MB'), '>', 100::bigint,
              'what stops repeating is written from then on');

-- Files of this session, while groups are being aggregated and afterwards.
CREATE FUNCTION pg_temp.files() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT count(*) FROM pg_ls_tmpdir() WHERE name LIKE 'pgsql_tmp' || pg_backend_pid() || '.%'
$$;
SELECT set_config('work_mem', '256kB', true), set_config('enable_hashagg', 'off', true) \g /dev/null
CREATE TEMP TABLE ordered AS SELECT i % 4 AS g, uniform FROM large ORDER BY g;
CREATE INDEX ON ordered (g);
ANALYZE ordered;
SET LOCAL enable_sort = off;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;

SELECT is(pg_temp.files(), 0::bigint, 'there is no temporary file before');
DECLARE groups CURSOR FOR SELECT g, ttr.median(uniform), ttr.quantile(uniform, 0.9) FROM ordered GROUP BY g;
FETCH 1 FROM groups \g /dev/null
SELECT is(pg_temp.files(), 2::bigint, 'each of two states of the first group has a file');
FETCH 1 FROM groups \g /dev/null
SELECT is(pg_temp.files(), 2::bigint, 'the next group has two others, and those of the first one are gone');
FETCH 5 FROM groups \g /dev/null
SELECT cmp_ok(pg_temp.files(), '<=', 2::bigint, 'after the last group no more are left');
CLOSE groups;
SELECT is(pg_temp.files(), 0::bigint, 'and after the query none');

SELECT throws_ok('SELECT ttr.median(uniform / (i - 399999)) FROM large', '22012', NULL, 'a query that fails on the way');
SELECT is(pg_temp.files(), 0::bigint, 'leaves no file');
SELECT throws_ok('SELECT ttr.quantile(uniform, 95) FROM large', '22003', NULL, 'nor one that fails at the end');
SELECT is(pg_temp.files(), 0::bigint, 'leaves a file');
SELECT throws_ok($$
  SELECT ttr.quantile(uniform, CASE WHEN i = 399999 THEN 0.1 ELSE 0.2 END::float8) FROM large $$, '22023', NULL,
  'nor one whose p changes late');
SELECT is(pg_temp.files(), 0::bigint, 'leaves a file');
SET LOCAL temp_file_limit = '1MB';
SELECT throws_ok('SELECT ttr.median(uniform) FROM large', '53400', NULL, 'temp_file_limit holds');
SELECT is(pg_temp.files(), 0::bigint, 'and leaves no file');
RESET temp_file_limit;

-- Groups, several at once, are right too.
SELECT results_eq('SELECT g, ttr.quantile(uniform, ARRAY[0.5, 0.95]) FROM ordered GROUP BY g ORDER BY g',
                  'SELECT g, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY uniform) FROM ordered
                   GROUP BY g ORDER BY g', 'sorted groups, each beyond work_mem');
SELECT is_empty($$
  SELECT g, count(*) FROM ordered GROUP BY ROLLUP (g)
  HAVING ROW(ttr.median(uniform), ttr.p95() WITHIN GROUP (ORDER BY uniform))
         IS DISTINCT FROM ROW(percentile_cont(0.5) WITHIN GROUP (ORDER BY uniform),
                              percentile_cont(0.95) WITHIN GROUP (ORDER BY uniform)) $$,
  'two grouping sets at a time, each beyond work_mem');

SELECT * FROM finish();
ROLLBACK;
