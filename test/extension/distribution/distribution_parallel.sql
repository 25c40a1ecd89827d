-- distribution() and merge() make the same bytes when workers aggregate parts of a group.

BEGIN;
SELECT plan(49);
SET LOCAL search_path = public, ttr;

\ir ../statements.psql

-- Workers cannot read temporary tables.
\set temporary
\ir ../random_values.psql

-- Each group in up to 40 distributions, some empty, some NULL.
CREATE TABLE random_part AS
  SELECT shape, g, floor(random() * 40)::int AS part, distribution(x) AS d FROM random_value GROUP BY 1, 2, 3
  UNION ALL
  SELECT shape, g, -1, nothing FROM random_group, unnest(ARRAY['{}', NULL]::distribution[]) AS nothing
  WHERE size % 3 > 0;
ANALYZE random_part;

SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE expected AS SELECT shape, g, distribution(x) AS d FROM random_value GROUP BY shape, g;
CREATE TEMP TABLE expected_merged AS SELECT shape, g, merge(d) AS d FROM random_part GROUP BY shape, g;
SELECT is_empty('SELECT shape, g FROM expected e FULL JOIN expected_merged m USING (shape, g)
                 WHERE coalesce(e.d, ''{}'') IS DISTINCT FROM coalesce(m.d, ''{}'')',
                'without workers both have the same values');

\ir ../two_workers.psql
ALTER TABLE random_value SET (parallel_workers = 2);
ALTER TABLE random_part SET (parallel_workers = 2);

-- Both ways of grouping, with a leader that takes part and with one that only combines.
CREATE FUNCTION pg_temp.differences(aggregate text, source text, expected text, participation text, way text,
                                    without text, plan text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  question text := format('SELECT shape, g, %s AS d FROM %s GROUP BY shape, g', aggregate, source);
BEGIN
  PERFORM set_config('enable_sort', 'on', true), set_config('enable_hashagg', 'on', true),
          set_config(without, 'off', true), set_config('parallel_leader_participation', participation, true);
  RETURN NEXT matches(pg_temp.plan_of(question), plan,
                      format('%s groups of %s are aggregated by workers', way, aggregate));
  EXECUTE 'CREATE TEMP TABLE parallel AS ' || question;
  RETURN NEXT is_empty(format('SELECT shape, g FROM parallel p FULL JOIN %s e USING (shape, g)
                               WHERE distribution_send(p.d) IS DISTINCT FROM distribution_send(e.d)', expected),
                       format('and have the bytes that one process makes, leader participation %s', participation));
  DROP TABLE parallel;
END $$;

SELECT pg_temp.differences(aggregate, source, expected, participation, way, without, plan)
FROM (VALUES ('distribution(x)', 'random_value', 'expected'), ('merge(d)', 'random_part', 'expected_merged'))
       AS data (aggregate, source, expected),
     (VALUES ('on'), ('off')) AS leader (participation), way;
SELECT set_config('enable_sort', 'on', true), set_config('enable_hashagg', 'on', true),
       set_config('parallel_leader_participation', 'on', true) \g /dev/null

-- Large groups in each form in which values travel, within little memory and much.

CREATE TABLE large AS
  SELECT i, random() AS uniform, floor(random() * 1000) AS counted,
         CASE WHEN i % 1000 = 0 THEN 'NaN' ELSE i::float8 END AS nan,
         CASE WHEN i < 100000 THEN floor(random() * 50000) ELSE random() END AS mixed
  FROM generate_series(1, 200000) AS i;
CREATE TABLE large_part AS
  SELECT i % 300 AS part, distribution(uniform) AS uniform, distribution(counted) AS counted, distribution(nan) AS nan,
         distribution(mixed) AS mixed
  FROM large GROUP BY part;
ANALYZE large, large_part;
ALTER TABLE large SET (parallel_workers = 2);
ALTER TABLE large_part SET (parallel_workers = 2);
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE expected_large AS
  SELECT form, d FROM (SELECT distribution(uniform) AS u, distribution(counted) AS c, distribution(nan) AS n,
                              distribution(mixed) AS m FROM large) AS all_of_them,
                      LATERAL (VALUES ('uniform', u), ('counted', c), ('nan', n), ('mixed', m)) AS v (form, d);
SET LOCAL max_parallel_workers_per_gather = 2;

CREATE FUNCTION pg_temp.agrees(form text, aggregate text, source text, memory text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  question text := format('SELECT %s(%I) FROM %s', aggregate, form, source);
  answer distribution;
BEGIN
  PERFORM set_config('work_mem', memory, true);
  RETURN NEXT matches(pg_temp.plan_of(question), 'Finalize Aggregate.*Partial Aggregate',
                      format('%s(%s) is aggregated by workers', aggregate, form));
  EXECUTE question INTO answer;
  RETURN NEXT is(answer, d, format('and right, with a work_mem of %s', memory))
  FROM expected_large e WHERE e.form = agrees.form;
END $$;
SELECT pg_temp.agrees(form, 'distribution', 'large', memory)
FROM expected_large, unnest(ARRAY['64kB', '64MB']) AS memory;
SELECT pg_temp.agrees(form, 'merge', 'large_part', '4MB') FROM expected_large;

-- Figures of what workers merged, several merges at once, and groups without anything

SELECT matches(pg_temp.plan_of('SELECT quantile(merge(uniform), 0.9), merge(counted),
                                       merge(counted) FILTER (WHERE part < 150) FROM large_part'),
               'Finalize Aggregate.*Partial Aggregate', 'several merges, by workers');
CREATE TEMP TABLE several AS
  SELECT quantile(merge(uniform), 0.9) AS q, merge(counted) AS counted, merge(counted) FILTER (WHERE part < 150) AS low,
         merge(counted) FILTER (WHERE part >= 150) AS high
  FROM large_part;
SELECT is(ROW(q, counted, low + high)::text, ROW(quantile(u.d, 0.9), c.d, c.d)::text, 'keep apart')
FROM several, expected_large u, expected_large c WHERE u.form = 'uniform' AND c.form = 'counted';
SELECT is(distribution(uniform), NULL, 'no rows') FROM large WHERE i < 0;
SELECT is(distribution(NULLIF(uniform, uniform)), NULL, 'only NULLs') FROM large;
SELECT is(merge(uniform), NULL, 'no distributions') FROM large_part WHERE part < 0;
SELECT is(merge(NULLIF(uniform, uniform)), NULL, 'only distributions that are NULL') FROM large_part;
SELECT is(merge(uniform - uniform), '{}', 'only empty distributions') FROM large_part;
SELECT throws_ok($$SELECT merge('{1:50000000000000000}'::distribution) FROM large_part WHERE part >= 0$$, '22003', NULL,
                 'too many values');

SELECT * FROM finish();
ROLLBACK;
