-- roll_up() makes of the rows of a query what GROUP BY makes of them, for several groupings at once, in as little memory as may be.

BEGIN;
SELECT plan(25);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.17;

CREATE TEMP TABLE conversation AS
SELECT date '2025-05-01' + (random() * 20)::integer AS day,
       CASE WHEN random() < 0.8 THEN 'agent ' || (random() * 9)::integer END AS agent,
       (SELECT array_agg(t) FROM (SELECT CASE WHEN random() < 0.9 THEN 'tag ' || (random() * 4)::integer END AS t
                                  FROM generate_series(1, (random() * 3)::integer + 0 * i)) AS t) AS tag,
       CASE WHEN random() < 0.9 THEN timestamptz '2025-05-01' + (random() * 40)::integer * interval '1 hour' END AS hour,
       (random() * 5)::integer - 2 AS messages,
       random() < 0.5 AS reopened,
       CASE WHEN random() < 0.8 THEN round(random() * 1e5) END::double precision AS seconds,
       CASE WHEN random() < 0.1 THEN 'NaN' WHEN random() < 0.3 THEN random() END::double precision AS share
FROM generate_series(1, 20000) AS i;

CREATE TYPE pg_temp.cell AS (
  "grouping" integer, day date, agent text, tag text, hour timestamptz,
  messages bigint, reopened bigint, seconds ttr.distribution, share ttr.distribution
);

CREATE FUNCTION pg_temp.cells() RETURNS TABLE (LIKE pg_temp.cell) LANGUAGE sql AS $$
  SELECT "grouping", day, agent, tag, hour, sum(messages)::bigint, sum(reopened)::bigint, ttr.merge(seconds), ttr.merge(share)
  FROM ttr.roll_up('TABLE pg_temp.conversation', ARRAY['day', 'day, agent', 'tag', 'hour, tag', ''],
                   ARRAY['messages, reopened, seconds, share', 'seconds', 'reopened, share', 'messages, seconds', 'messages'],
                   NULL::pg_temp.cell)
  GROUP BY 1, 2, 3, 4, 5
$$;

CREATE FUNCTION pg_temp.expected() RETURNS TABLE (LIKE pg_temp.cell) LANGUAGE sql AS $$
  WITH tagged AS (
    SELECT c.*, t.t
    FROM pg_temp.conversation AS c
    CROSS JOIN LATERAL (SELECT DISTINCT t FROM unnest(c.tag) AS u (t) WHERE t IS NOT NULL) AS t (t)
  )
  SELECT 1, day, NULL::text, NULL::text, NULL::timestamptz, sum(messages)::bigint, count(*) FILTER (WHERE reopened),
         ttr.distribution(seconds), ttr.distribution(share)
  FROM pg_temp.conversation GROUP BY day
  UNION ALL
  SELECT 2, day, agent, NULL, NULL, NULL, NULL, ttr.distribution(seconds), NULL
  FROM pg_temp.conversation WHERE agent IS NOT NULL GROUP BY day, agent
  UNION ALL
  SELECT 3, NULL, NULL, t, NULL, NULL, count(*) FILTER (WHERE reopened), NULL, ttr.distribution(share) FROM tagged GROUP BY t
  UNION ALL
  SELECT 4, NULL, NULL, t, hour, sum(messages)::bigint, NULL, ttr.distribution(seconds), NULL
  FROM tagged WHERE hour IS NOT NULL GROUP BY t, hour
  UNION ALL
  SELECT 5, NULL, NULL, NULL, NULL, sum(messages)::bigint, NULL, NULL, NULL FROM pg_temp.conversation
$$;

-- Distributions have no order, but equal ones have one text.
CREATE FUNCTION pg_temp.differing() RETURNS bigint LANGUAGE sql AS $$
  WITH got AS (SELECT c::text FROM pg_temp.cells() AS c), wanted AS (SELECT c::text FROM pg_temp.expected() AS c)
  SELECT (SELECT count(*) FROM (TABLE got EXCEPT ALL TABLE wanted) AS g) + (SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE got) AS w)
$$;

SELECT cmp_ok((SELECT count(*) FROM pg_temp.expected()), '>', 300::bigint, 'there is something to compare');
SELECT is(pg_temp.differing(), 0::bigint, 'five groupings at once are what GROUP BY makes of each');

-- A row for each key, where memory suffices; several, where it does not.
CREATE TYPE pg_temp.agent_cell AS (day date, agent text, seconds ttr.distribution);
CREATE FUNCTION pg_temp.rows_by_agent() RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM ttr.roll_up('SELECT c.* FROM pg_temp.conversation AS c, generate_series(1, 5)', '{"day, agent"}', '{"seconds"}',
                                   NULL::pg_temp.agent_cell)
$$;
SELECT is(pg_temp.rows_by_agent(), (SELECT count(DISTINCT (day, agent)) FROM conversation WHERE agent IS NOT NULL),
          'a key comes once, where memory suffices');
SET LOCAL maintenance_work_mem = '1MB';
SELECT cmp_ok(pg_temp.rows_by_agent(), '>', (SELECT count(DISTINCT (day, agent)) FROM conversation), 'several times, where it does not');
SELECT is(pg_temp.differing(), 0::bigint, 'and adds up to the same');
RESET maintenance_work_mem;

-- Small queries, and what comes of them.
CREATE TYPE pg_temp.small AS (k text, n bigint, d ttr.distribution);
CREATE FUNCTION pg_temp.small_cells(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  cells text;
BEGIN
  SELECT string_agg(concat_ws(' ', k, n, d), ', ' ORDER BY k) INTO cells FROM ttr.roll_up(query, '{k}', '{"n, d"}', NULL::pg_temp.small);
  RETURN coalesce(cells, 'none');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

SELECT is(pg_temp.small_cells($$SELECT 'a'::text AS k, 1 AS n, 1::float8 AS d WHERE false$$), 'none', 'no rows make no cells');
SELECT is(pg_temp.small_cells($$VALUES (1)$$), '42703', 'a column that the query does not have is an error');
SELECT is(pg_temp.small_cells($$SELECT k, NULL::integer AS n, NULL::float8 AS d FROM (VALUES ('a'), ('a'), (NULL)) AS v (k)$$), 'a 0',
          'a NULL adds nothing, and a NULL key has no cell');
SELECT is(pg_temp.small_cells($$SELECT ''::text AS k, 1::smallint AS n, d FROM (VALUES ('-0'::float8), ('0')) AS v (d)$$),
          (SELECT ' 2 ' || ttr.distribution(d) FROM (VALUES ('-0'::float8), ('0')) AS v (d)),
          'an empty text is a key, and zeros are one value');
SELECT is(pg_temp.small_cells($$SELECT '{a,b,a,NULL}'::text[] AS k, 2 AS n, NULL::float8 AS d$$),
          'a 2, b 2', 'an array puts the row under each of its elements once');
SELECT is(pg_temp.small_cells($$SELECT k, 1 AS n, NULL::float8 AS d FROM (VALUES (NULL::text[]), ('{}')) AS v (k)$$),
          'none', 'and nowhere, where it has none');
SELECT is(pg_temp.small_cells($$SELECT k, 1 AS n, d
                                FROM (VALUES ('a', '{1,2,NULL,2}'::float8[]), ('a', NULL), ('a', '{}'), ('b', '{NULL}')) AS v (k, d)$$),
          'a 3 {1,2:2}, b 1', 'each element of an array is a value, but for NULL');
CREATE TEMP TABLE waited AS
  SELECT day, agent, (SELECT array_agg(round(random() * 1e4)::float8)
                      FROM generate_series(1, (random() * 7)::integer + 0 * length(agent)) AS i) AS waits
  FROM conversation WHERE agent IS NOT NULL;
SELECT is_empty($$
  (SELECT day, agent, seconds::text FROM ttr.roll_up('SELECT day, agent, waits AS seconds FROM waited', '{"day, agent"}', '{"seconds"}',
                                                     NULL::pg_temp.agent_cell) WHERE seconds IS NOT NULL)
  EXCEPT
  SELECT day, agent, ttr.distribution(w)::text FROM waited, unnest(waits) AS w GROUP BY day, agent $$, 'and of many rows, too');
SELECT is(pg_temp.small_cells($$SELECT repeat('x', 100000) AS k, 1 AS n, NULL::float8 AS d$$), repeat('x', 100000) || ' 1',
          'a key may be long');
SELECT is(pg_temp.small_cells($$SELECT 'a'::text AS k, 9223372036854775807 AS n, 1::float8 AS d FROM generate_series(1, 2)$$), '22003',
          'a sum that leaves bigint is an error');
SELECT is(pg_temp.small_cells($$SELECT 1.5 AS k, 1 AS n, 1::float8 AS d$$), '42804', 'so is a key of another type');
SELECT is(pg_temp.small_cells($$SELECT 'a'::text AS k, 1.5 AS n, 1::float8 AS d$$), '42804', 'a measure of another type');
SELECT is(pg_temp.small_cells($$SELECT 1 AS k, 1 AS n, 1::float8 AS d$$), '42804', 'and a result of another type');
SELECT is(pg_temp.small_cells($$CREATE TABLE made (a integer)$$), '42601', 'the query must return rows');
SELECT is(pg_temp.small_cells($$DELETE FROM pg_temp.conversation RETURNING agent AS k, messages AS n, seconds AS d$$),
          '0A000', 'and change nothing');
SELECT is(pg_temp.small_cells($$SELECT 'a'::text AS k, 1 AS n, 1::float8 AS d; SELECT 'a'::text AS k, 1 AS n, 1::float8 AS d$$),
          '42601', 'there is one query');
SELECT is(pg_temp.small_cells(NULL), '22004', 'NULL is no query');

SELECT throws_ok($$SELECT * FROM ttr.roll_up('SELECT 1 AS n', '{"",""}', '{n}', NULL::pg_temp.small)$$,
          '22023', NULL, 'each grouping has its measures');
SELECT throws_ok($$SELECT * FROM ttr.roll_up('SELECT 1 AS n', '{"n,,"}', '{n}', NULL::pg_temp.small)$$,
          '22023', NULL, 'names are separated by commas');
SELECT throws_ok($$SELECT * FROM ttr.roll_up('SELECT 1 AS n', '{n}', '{n}', 1)$$, '42804', NULL, 'the result has columns');

SELECT * FROM finish();
ROLLBACK;
