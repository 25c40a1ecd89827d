-- median() and quantile() over every kind of frame give what percentile_cont() gives over the rows of the frame, which
-- array_agg() collects in the same window.

BEGIN;
SELECT plan(226);

-- NULLs, peers, NaN and both infinities; two partitions, one of a single row.
SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE reading AS
  SELECT i, i % 40 = 0 AS part, floor(i / 3.0 + random() * 2)::int AS at, random() < 0.5 AS odd,
         CASE WHEN random() < 0.1 THEN NULL
              WHEN random() < 0.02 THEN 'NaN'
              WHEN random() < 0.02 THEN 'Infinity'
              WHEN random() < 0.02 THEN '-Infinity'
              WHEN random() < 0.3 THEN floor(random() * 5)
              ELSE random() * 100
         END AS x
  FROM generate_series(1, 400) AS i;
INSERT INTO reading VALUES (0, NULL, 0, true, 5);

CREATE FUNCTION pg_temp.percentile_of(p double precision, rows double precision[]) RETURNS double precision
LANGUAGE sql AS 'SELECT percentile_cont(p) WITHIN GROUP (ORDER BY x) FROM unnest(rows) AS x';
CREATE FUNCTION pg_temp.percentiles_of(p double precision[], rows double precision[]) RETURNS double precision[]
LANGUAGE sql AS 'SELECT percentile_cont(p) WITHIN GROUP (ORDER BY x) FROM unnest(rows) AS x';

-- A frame without rows, and one with NULLs only, have no quantile.
CREATE FUNCTION pg_temp.wrong_rows(frame text, source text) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    SELECT i::bigint FROM (
      SELECT i, array_agg(x) OVER w AS frame, ttr.median(x) OVER w AS median, ttr.quantile(x, 0.95) OVER w AS p95,
             ttr.quantile(x, ARRAY[0, 0.3, NULL, 1]) OVER w AS several, ttr.quantile(x, NULL::float8) OVER w AS none
      FROM %s
      WINDOW w AS (PARTITION BY part ORDER BY %s)) AS moving
    WHERE ROW(median, p95, several, none) IS DISTINCT FROM
          ROW(pg_temp.percentile_of(0.5, frame), pg_temp.percentile_of(0.95, frame),
              pg_temp.percentiles_of(ARRAY[0, 0.3, NULL, 1], frame), NULL::float8) $query$, source, frame);
END $$;

SELECT is_empty(format('SELECT pg_temp.wrong_rows(%L, %L)', frame, 'reading'), 'frame: ' || frame)
FROM (
  SELECT ordered || ' ' || kind || ' BETWEEN ' || bounds || exclusion AS frame
  FROM (VALUES ('at', 'ROWS'), ('at', 'GROUPS'), ('at DESC', 'RANGE'), ('at', 'RANGE')) AS kind (ordered, kind),
       (VALUES ('UNBOUNDED PRECEDING AND CURRENT ROW'), ('UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING'),
               ('CURRENT ROW AND UNBOUNDED FOLLOWING'), ('CURRENT ROW AND CURRENT ROW'),
               ('10 PRECEDING AND CURRENT ROW'), ('3 PRECEDING AND 2 FOLLOWING'), ('1 PRECEDING AND 1 PRECEDING'),
               ('20 PRECEDING AND 5 PRECEDING'), ('CURRENT ROW AND 7 FOLLOWING'), ('2 FOLLOWING AND 9 FOLLOWING'),
               ('UNBOUNDED PRECEDING AND 4 PRECEDING'), ('3 FOLLOWING AND UNBOUNDED FOLLOWING'),
               ('50 PRECEDING AND 60 FOLLOWING')) AS bound (bounds),
       (VALUES (''), (' EXCLUDE CURRENT ROW'), (' EXCLUDE GROUP'), (' EXCLUDE TIES')) AS exclude (exclusion)
  UNION ALL
  VALUES ('at'), ('at, i'), ('at ROWS 5 PRECEDING'), ('at RANGE UNBOUNDED PRECEDING')
) AS frames;
SELECT is_empty($$SELECT pg_temp.wrong_rows('i', 'reading WHERE i < 0')$$, 'frame: no rows at all');

-- Frames by time, whose rows come in bursts: they hold from none to all.
CREATE TEMP TABLE event AS
  SELECT row_number() OVER () AS i, NULL::boolean AS part, moment AS at, random() * 1000 AS x
  FROM (SELECT timestamptz '2025-05-01 00:00+00' + power(random(), 3) * interval '3 days' AS moment
        FROM generate_series(1, 1500)) AS burst;
SELECT is_empty(format('SELECT pg_temp.wrong_rows(%L, %L)', 'at RANGE BETWEEN ' || frame, 'event'), 'by time: ' || frame)
FROM (VALUES ('''1 hour'' PRECEDING AND CURRENT ROW'), ('''6 hours'' PRECEDING AND ''1 hour'' PRECEDING'),
             ('''10 minutes'' PRECEDING AND ''10 minutes'' FOLLOWING'), ('CURRENT ROW AND ''1 day'' FOLLOWING'),
             ('UNBOUNDED PRECEDING AND ''1 hour'' PRECEDING')) AS frames (frame);

-- Frames of thousands of rows consist of many blocks.
CREATE TEMP TABLE long AS
  SELECT i, NULL::boolean AS part, i AS at, CASE WHEN i % 2 = 0 THEN floor(random() * 50) ELSE random() * 50 END AS x
  FROM generate_series(1, 20000) AS i;
SELECT is_empty($$
  SELECT i FROM (SELECT i, ttr.quantile(x, ARRAY[0.05, 0.5, 0.95]) OVER (ORDER BY at ROWS 4999 PRECEDING) AS ours
                 FROM long) AS moving
  WHERE i % 250 = 0 AND ours IS DISTINCT FROM (
    SELECT percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY x) FROM long AS l
    WHERE l.i BETWEEN moving.i - 4999 AND moving.i) $$, 'frames of 5,000 rows');

-- p is the same for all rows that are in a frame together.
SELECT results_eq('SELECT ttr.quantile(i, i / 4.0::float8) OVER (ORDER BY i ROWS CURRENT ROW) FROM generate_series(1, 3) i',
                  'VALUES (1::float8), (2), (3)', 'rows that never meet may each have a p of their own');
SELECT throws_ok(format('SELECT ttr.quantile(i, %s) OVER (ORDER BY i ROWS 1 PRECEDING) FROM generate_series(1, 3) AS i', p),
                 '22023', 'quantile needs the same p in all rows of a group', 'rows that meet may not')
FROM (VALUES ('i / 4.0::float8'), ('ARRAY[i / 4.0::float8]')) AS changing (p);
SELECT throws_ok('SELECT ttr.quantile(i, 95) OVER (ORDER BY i) FROM generate_series(1, 3) AS i', '22003',
                 'percentile value 95 is not between 0 and 1', 'p out of range');
SELECT is(max(m), 50.5::float8, 'a volatile argument does no harm')
FROM (SELECT ttr.median(CASE WHEN random() < 2 THEN i END) OVER (ORDER BY i ROWS 99 PRECEDING) AS m
      FROM generate_series(1, 100) AS i) AS moving;
SELECT lives_ok('SELECT ttr.median(floor(random() * 4)) OVER (ORDER BY i ROWS 9 PRECEDING) FROM generate_series(1, 2000) i',
                'nor one that is another value when the row leaves');
SELECT throws_ok($$SELECT ttr.median(make_interval(secs => i)) OVER (ORDER BY i) FROM generate_series(1, 3) AS i$$, '0A000',
                 NULL, 'intervals have no quantile in a window');

SELECT * FROM finish();
ROLLBACK;
