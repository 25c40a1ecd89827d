-- business_seconds(): how long a conversation was open during working time.

BEGIN;
SELECT plan(60);
SET LOCAL TimeZone = 'UTC';

-- Intervals, calendars and periods are hours of 2025-05-01: '[9,11)' is from 09:00 to 11:00.

CREATE FUNCTION pg_temp.hours(ranges text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(ranges, '(\d+)', '2025-05-01 \1:00+00', 'g')
$$;

SELECT is(ttr.business_seconds(pg_temp.hours(intervals)::tstzmultirange, pg_temp.hours(calendar)::tstzmultirange,
                               pg_temp.hours(as_of)::timestamptz, pg_temp.hours(covered)::tstzrange) / 3600, result, promise)
FROM (VALUES
  ('{[10,11)}', '{[9,12),[13,17)}', NULL, NULL, 1::float8, 'within an opening'),
  ('{[10,15)}', '{[9,12),[13,17)}', NULL, NULL, 4, 'across a break'),
  ('{[12,13)}', '{[9,12),[13,17)}', NULL, NULL, 0, 'within a break'),
  ('{[9,12)}', '{[9,12),[13,17)}', NULL, NULL, 3, 'from an opening''s start to its end'),
  ('{[9,17)}', '{[9,12),[13,17)}', NULL, NULL, 7, 'all of it'),
  ('{[10,11),[12,13),[14,18)}', '{[9,12),[13,17)}', NULL, '[0,24)', 4, 'several intervals'),
  ('{}', '{[9,12)}', NULL, NULL, 0, 'an empty multirange is 0 seconds'),
  ('{}', '{}', NULL, NULL, 0, 'in an empty calendar too'),
  ('{[20,20]}', '{[9,12)}', NULL, NULL, 0, 'an instant is 0 seconds, wherever it is'),
  ('{(9,12]}', '{(9,12]}', NULL, '(9,12)', 3, 'whether a bound is included makes no difference'),
  (NULL, '{[9,12)}', NULL, NULL, NULL, 'no intervals give NULL'),
  ('{[9,12)}', NULL, NULL, NULL, NULL, 'no calendar gives NULL'),
  ('{}', NULL, NULL, '[9,12)', NULL, 'even for no time'),
  (NULL, NULL, NULL, NULL, NULL, 'neither gives NULL'),
  ('{[10,)}', '{[9,12),[13,17)}', '14', NULL, 3, 'a running interval counts up to as_of'),
  ('{[9,10),[11,)}', '{[9,12),[13,17)}', '14', NULL, 3, 'and is added to the others'),
  ('{[10,)}', '{[9,12),[13,17)}', NULL, NULL, NULL, 'without as_of it gives NULL'),
  ('{[10,)}', '{[9,12),[13,17)}', '9', NULL, 0, 'as_of before its start counts 0'),
  ('{[8,)}', '{[9,12),[13,17)}', '7', NULL, 0, 'even outside of what is covered: no time counts'),
  ('{[10,)}', '{[9,12),[13,17)}', '18', NULL, NULL, 'as_of beyond what is covered gives NULL'),
  ('{[10,12)}', '{[9,12),[13,17)}', '11', NULL, 2, 'a closed interval counts whole beyond as_of'),
  ('{[8,11)}', '{[9,12)}', NULL, NULL, NULL, 'before the first opening nothing is known'),
  ('{[11,13)}', '{[9,12)}', NULL, NULL, NULL, 'nor after the last one'),
  ('{[6,7)}', '{[9,12)}', NULL, NULL, NULL, 'nor far before it'),
  ('{[10,11),[18,19)}', '{[9,12)}', NULL, NULL, NULL, 'one interval outside makes the sum NULL'),
  ('{[8,11)}', '{[9,12)}', NULL, '[8,12)', 2, 'unless it is covered'),
  ('{[11,13)}', '{[9,12)}', NULL, '[8,13)', 1, 'up to its end'),
  ('{[7,11)}', '{[9,12)}', NULL, '[8,13)', NULL, 'what covered does not cover is not known'),
  ('{[11,14)}', '{[9,12)}', NULL, '[8,13)', NULL, 'at either end'),
  ('{[9,11)}', '{[9,12)}', NULL, '[10,11)', NULL, 'even where the calendar has openings'),
  ('{[7,11)}', '{[9,12)}', NULL, '(,13)', 2, 'covered without a start'),
  ('{[11,14)}', '{[9,12)}', NULL, '[8,)', 1, 'covered without an end'),
  ('{[7,14)}', '{[9,12)}', NULL, '(,)', 3, 'covered always'),
  ('{[9,11)}', '{[9,12)}', NULL, 'empty', NULL, 'covered never'),
  ('{}', '{[9,12)}', NULL, 'empty', 0, 'which is enough for no time'),
  ('{[9,11)}', '{}', NULL, NULL, NULL, 'an empty calendar covers nothing'),
  ('{[9,11)}', '{}', NULL, '[8,12)', 0, 'unless covered says that it is a holiday'),
  ('{[9,11)}', '{[10,)}', NULL, '[8,12)', 1, 'a calendar without an end is open on and on'),
  ('{[10,12)}', '{[10,)}', NULL, NULL, 2, 'and covers that'),
  ('{[9,12)}', '{[10,)}', NULL, NULL, NULL, 'from its first opening on'),
  ('{[9,11)}', '{(,10),[23,)}', NULL, NULL, 1, 'without a start it has been open ever since')
) AS promised (intervals, calendar, as_of, covered, result, promise);

SELECT is(ttr.business_seconds('{[2025-05-01 09:00+00,infinity)}', '{[2025-05-01 08:00+00,infinity)}',
                               as_of => '2025-05-01 10:00+00'), 3600::float8,
          'an end of infinity runs, of an interval and of a calendar');
SELECT is(ttr.business_seconds('{[2025-05-01 09:00+00,2025-05-01 09:00:00.000001+00)}', '{[-infinity,infinity)}',
                               covered => '[-infinity,infinity]'), 0.000001::float8, 'a microsecond counts');
SELECT is(ttr.business_seconds('{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}', '{(,)}'),
          9435184819199.999999::float8, 'the whole range of time is counted');

SELECT throws_ok(format('SELECT ttr.business_seconds(%L, ''{[2025-05-01,2025-05-02)}'', %L)', intervals, as_of), '22023',
                 message, promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'an interval without a start is refused'),
  ('{[-infinity,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'a start of minus infinity is refused'),
  ('{(,)}', NULL, 'open interval has no start', 'an interval without any bound is refused'),
  ('{[2025-05-01 09:00+00,)}', 'infinity', 'as_of must be finite', 'as_of at infinity is refused'),
  ('{}', '-infinity', 'as_of must be finite', 'even where it does not matter')
) AS refused (intervals, as_of, message, promise);

-- Against the operators of ranges, and by the kinds of calendars that a query can have.

SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE life AS
  SELECT i, i % 20 AS team, (SELECT coalesce(range_agg(tstzrange(t, t + random() ^ 3 * interval '20 days')), '{}')
                             FROM (SELECT timestamptz '2025-01-20 00:00+00' + random() * interval '300 days' + 0 * i * interval '1 day'
                                   FROM generate_series(1, i % 6)) AS starts (t)) AS open_intervals
  FROM generate_series(1, 3000) AS i;

-- Twenty calendars, more than are kept: some of a year, some of ten, some very short, one empty.
CREATE TEMP TABLE team AS
  SELECT team, ttr.business_calendar(
    format('mon-fri %s:00-12:00, 13:00-%s:%s', 1 + team % 10, 14 + team / 3, 10 + team), 'Europe/Berlin',
    CASE WHEN team % 3 = 0 THEN date '2016-01-01' WHEN team % 7 = 0 THEN date '2025-12-29' ELSE date '2025-01-01' END,
    date '2026-01-01') AS calendar
  FROM generate_series(0, 19) AS team;
UPDATE team SET calendar = '{}' WHERE team = 13;

CREATE TEMP TABLE expected AS
  SELECT i, (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0)::float8
             FROM unnest(open_intervals * calendar) AS r) AS seconds
  FROM life JOIN team USING (team);

CREATE TEMP TABLE stored (LIKE team);
CREATE FUNCTION pg_temp.differences(storage text, calendars text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE stored;
  EXECUTE format('ALTER TABLE stored ALTER calendar SET STORAGE %s', storage);
  INSERT INTO stored SELECT team, calendar FROM team;
  RETURN NEXT is_empty(format(
    'SELECT i FROM life JOIN %s AS c USING (team) JOIN expected USING (i)
     WHERE ttr.business_seconds(open_intervals, calendar, NULL, ''(,)'') IS DISTINCT FROM seconds', calendars),
    format('20 calendars taking turns, %s, from %s', lower(storage), calendars));
END $$;
SELECT pg_temp.differences(storage, calendars)
FROM (VALUES ('EXTERNAL', 'stored'), ('EXTENDED', 'stored'), ('MAIN', 'stored'),
             ('EXTENDED', '(SELECT team, calendar + ''{}'' AS calendar FROM stored OFFSET 0)'))
  AS v (storage, calendars);

SELECT is_empty($$
  SELECT i FROM life JOIN stored USING (team) JOIN expected USING (i)
  WHERE team = 3 AND ttr.business_seconds(open_intervals, calendar, NULL, '(,)') IS DISTINCT FROM seconds $$,
  'a single calendar from a table');
SELECT is_empty(format($$
  SELECT i FROM life JOIN expected USING (i)
  WHERE team = 3 AND ttr.business_seconds(open_intervals, %L, NULL, '(,)') IS DISTINCT FROM seconds $$, calendar),
  'a constant calendar') FROM team WHERE team = 3;

PREPARE by_parameter(int, tstzmultirange) AS
  SELECT i FROM life JOIN expected USING (i)
  WHERE team = $1 AND ttr.business_seconds(open_intervals, $2, NULL, '(,)') IS DISTINCT FROM seconds;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT is_empty(format('EXECUTE by_parameter(%s, %L)', team, calendar), 'a parameter, one value after another')
FROM team WHERE team IN (3, 4);

-- PL/pgSQL keeps a function's memory while its variables change.
CREATE FUNCTION pg_temp.in_a_loop() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  question record;
  calendar tstzmultirange;
  answer float8;
  differences bigint := 0;
BEGIN
  FOR question IN SELECT * FROM life JOIN team USING (team) JOIN expected USING (i) WHERE i <= 200 LOOP
    calendar := question.calendar;
    answer := ttr.business_seconds(question.open_intervals, calendar, NULL, '(,)');
    differences := differences + (answer IS DISTINCT FROM question.seconds)::int;
  END LOOP;
  RETURN differences;
END $$;
SELECT is(pg_temp.in_a_loop(), 0::bigint, 'a variable that changes in a loop');

-- Twenty calendars taking turns are compiled again and again. What was compiled before must not stay.

-- The buffers of temporary tables are the session's: from 16 on they are allocated as they are used.
CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts WHERE name <> 'LocalBufferContext'
$$;
SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off;
CREATE TEMP TABLE growing AS
  SELECT n, ttr.business_seconds('{[2025-05-01,2025-05-02)}', calendar, NULL, '(,)') AS seconds,
         CASE WHEN n IN (1000, 10000) THEN pg_temp.memory() END AS memory
  FROM generate_series(1, 10000) AS n JOIN stored ON team = n % 20;
SELECT cmp_ok(max(memory) - min(memory), '<', 3000000::bigint, '10,000 compilations leave nothing behind')
FROM growing HAVING count(seconds) = 10000 AND count(memory) = 2;

SELECT is_empty($$
  SELECT i, team, count(*) FROM life JOIN expected USING (i) JOIN team USING (team)
  WHERE ttr.business_seconds(open_intervals, calendar) IS DISTINCT FROM
        CASE WHEN open_intervals = '{}' THEN 0
             WHEN calendar <> '{}' AND lower(calendar) <= lower(open_intervals) AND upper(open_intervals) <= upper(calendar)
             THEN seconds END
  GROUP BY i, team $$, 'covered is from the first opening to the last one unless it is given');

SELECT * FROM finish();
ROLLBACK;
