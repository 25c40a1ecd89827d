-- median() and quantile() give the same answers when workers aggregate parts of a group, in whatever form those travel.

BEGIN;
SELECT plan(48);

\ir ../statements.psql

-- Workers cannot read temporary tables.
\set temporary
\ir ../random_values.psql

SELECT 'SELECT shape, g, p, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median,
               percentile_cont(p) WITHIN GROUP (ORDER BY x) AS quantile,
               percentile_cont(ARRAY[p, NULL, 0, 1]) WITHIN GROUP (ORDER BY x) AS quantiles
        FROM %s GROUP BY shape, g, p' AS oracle,
       'SELECT shape, g, ttr.median(x) AS median, ttr.quantile(x, p) AS quantile,
               ttr.quantile(x, ARRAY[p, NULL, 0, 1]) AS quantiles
        FROM %s GROUP BY shape, g' AS question \gset

CREATE FUNCTION pg_temp.answer(name text, statement text, source text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TEMP TABLE %I AS ' || statement, name, source);
END $$;
SELECT pg_temp.answer('expected', replace(:'oracle', '%s', 'random_value'), '') \g /dev/null
SELECT pg_temp.answer('expected_interval', replace(:'oracle', '%s', 'random_interval'), '') \g /dev/null

\ir ../two_workers.psql
ALTER TABLE random_value SET (parallel_workers = 2);
ALTER TABLE random_interval SET (parallel_workers = 2);
ANALYZE random_value, random_interval; -- without statistics the planner expects so many groups that workers gain nothing

-- Both ways of grouping, with a leader that takes part and with one that only combines.
CREATE FUNCTION pg_temp.differences(source text, expected text, question text, participation text, way text,
                                    without text, plan text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('enable_sort', 'on', true), set_config('enable_hashagg', 'on', true),
          set_config(without, 'off', true), set_config('parallel_leader_participation', participation, true);
  RETURN NEXT matches(pg_temp.plan_of(format(question, source)), plan,
                      format('%s groups of %s are aggregated by workers', way, source));
  EXECUTE format('CREATE TEMP TABLE parallel AS ' || question, source);
  RETURN NEXT is_empty(format('SELECT * FROM parallel p FULL JOIN %s e USING (shape, g)
                               WHERE ROW(p.median, p.quantile, p.quantiles)
                                     IS DISTINCT FROM ROW(e.median, e.quantile, e.quantiles)', expected),
                       format('and have percentile_cont()''s answers, leader participation %s', participation));
  DROP TABLE parallel;
END $$;

SELECT pg_temp.differences(source, expected, :'question', participation, way, without, plan)
FROM (VALUES ('random_value', 'expected'), ('random_interval', 'expected_interval')) AS data (source, expected),
     (VALUES ('on'), ('off')) AS leader (participation), way;
SELECT set_config('enable_sort', 'on', true), set_config('enable_hashagg', 'on', true),
       set_config('parallel_leader_participation', 'on', true) \g /dev/null

-- One large group for each form in which values travel: as they are, counted, both, and irregular intervals.

CREATE TABLE large AS
  SELECT i, random() AS uniform, floor(random() * 1000) AS counted,
         CASE WHEN i < 150000 THEN floor(random() * 50000) ELSE random() END AS mixed,
         CASE i % 3 WHEN 0 THEN make_interval(months => i % 7, secs => i) ELSE make_interval(secs => random() * 80000) END
           AS span
  FROM generate_series(1, 300000) AS i;
ALTER TABLE large SET (parallel_workers = 2);
ANALYZE large;

CREATE FUNCTION pg_temp.agrees(form text, memory text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  question text := format('SELECT ttr.quantile(%I, ARRAY[0, 0.1, 0.5, 0.95, 1])::text FROM large', form);
  oracle text := format('SELECT (percentile_cont(ARRAY[0, 0.1, 0.5, 0.95, 1]) WITHIN GROUP (ORDER BY %I))::text FROM large',
                        form);
  answer text;
  expected text;
BEGIN
  PERFORM set_config('work_mem', '64MB', true);
  EXECUTE oracle INTO expected;
  PERFORM set_config('work_mem', memory, true);
  RETURN NEXT matches(pg_temp.plan_of(question), 'Finalize Aggregate.*Partial Aggregate',
                      format('300,000 values, %s, are aggregated by workers', form));
  EXECUTE question INTO answer;
  RETURN NEXT is(answer, expected, format('and right, with a work_mem of %s', memory));
END $$;
SELECT pg_temp.agrees(form, memory)
FROM unnest(ARRAY['uniform', 'counted', 'mixed', 'span']) AS form, unnest(ARRAY['64kB', '1MB', '64MB']) AS memory;
SELECT set_config('work_mem', '64MB', true) \g /dev/null

-- Groups without a row, without a value, and with an error.

SELECT is(ttr.median(uniform), NULL, 'no rows') FROM large WHERE i < 0;
SELECT is(ttr.quantile(NULLIF(uniform, uniform), 0.5), NULL, 'only NULLs') FROM large;
SELECT is(ttr.quantile(uniform, NULL::float8), NULL, 'p is NULL') FROM large;
SELECT is(ttr.quantile(uniform, ARRAY[]::float8[]), '{}', 'p[] is empty') FROM large;
SELECT throws_ok('SELECT ttr.quantile(uniform, 95) FROM large', '22003', 'percentile value 95 is not between 0 and 1',
                 'p out of range');
SELECT throws_ok(format('SELECT ttr.quantile(uniform, %s) FROM large', p), '22023',
                 'quantile needs the same p in all rows of a group', 'p that changes among workers')
FROM (VALUES ('CASE WHEN i < 150000 THEN 0.5 ELSE 0.6 END::float8'),
             ('CASE WHEN i < 150000 THEN ARRAY[0.5] ELSE ARRAY[0.6] END::float8[]')) AS changing (p);

-- A partial state comes from PostgreSQL, and is nevertheless not trusted: it cannot be called by hand.
-- The words differ among minor releases.
SELECT throws_matching($$SELECT ttr.quantile_deserialize('\x01', NULL::internal)$$,
                       'cannot (accept a value of type|cast type .* to) internal', 'nobody can forge a state');

SELECT * FROM finish();
ROLLBACK;
