-- longest_seconds(): the longest single interval.

BEGIN;
SELECT plan(22);

SELECT is(ttr.longest_seconds(intervals::tstzmultirange, as_of::timestamptz), seconds, promise)
FROM (VALUES
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, 7200::double precision, 'a single interval is the longest'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 09:00+00,2025-05-02 09:00:30+00)}', NULL, 7200, 'the first may be'),
  ('{[2025-05-01 09:00+00,2025-05-01 09:00:30+00),[2025-05-02 09:00+00,2025-05-02 10:00+00)}', NULL, 3600, 'or the last'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-01 11:00+00,2025-05-01 12:00+00)}', NULL, 10800, 'two that touch are one'),
  ('{}', NULL, 0, 'an empty multirange is 0 seconds'),
  ('{empty}', '2025-05-01', 0, 'and so is an empty interval'),
  (NULL, '2025-05-01', NULL, 'no multirange gives NULL'),
  (NULL, 'infinity', NULL, 'no multirange gives NULL whatever as_of is'),
  ('{[2025-05-01 09:00+00,2025-05-01 09:00+00]}', NULL, 0, 'an instant is 0 seconds'),
  ('{[2025-05-01 09:00+00,2025-05-01 10:00+00),[2025-05-02 09:00+00,)}', '2025-05-02 12:00+00', 10800,
   'a running interval counts up to as_of'),
  ('{[2025-05-01 09:00+00,2025-05-01 10:00+00),[2025-05-02 09:00+00,infinity)}', '2025-05-02 09:10+00', 3600,
   'and need not be the longest'),
  ('{[2025-05-01 09:00+00,)}', '2025-04-01 09:00+00', 0, 'as_of before the start of a running interval counts 0, never less'),
  ('{[2025-05-01 09:00+00,2025-05-01 10:00+00),[2025-05-02 09:00+00,)}', NULL, NULL,
   'a running interval without as_of gives NULL: it may be the longest'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', '2025-05-01 10:00+00', 7200, 'a closed interval counts whole beyond as_of'),
  ('{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}', NULL, 9435184819199.999999,
   'the whole range of time is counted, though it exceeds 64 bits with a sign')
) AS promised (intervals, as_of, seconds, promise);

SELECT is(ttr.longest_seconds('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}'), 7200::double precision, 'as_of may be left out');

SELECT throws_ok(format('SELECT ttr.longest_seconds(%L, %L)', intervals, as_of), '22023', message, promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'an interval without a start is refused'),
  ('{[-infinity,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'a start of minus infinity is refused'),
  ('{[2025-05-01 09:00+00,)}', 'infinity', 'as_of must be finite', 'as_of at infinity is refused'),
  ('{}', '-infinity', 'as_of must be finite', 'and minus infinity, whatever the intervals are')
) AS refused (intervals, as_of, message, promise);

SELECT setseed(0.5);
CREATE TEMP TABLE timeline AS
  SELECT g, range_agg(tstzrange(at, at + floor(random() * 400) * interval '1 second')) AS intervals
  FROM (SELECT g, timestamptz '2025-05-01 00:00+00' + floor(random() * 4000) * interval '1 second' AS at
        FROM generate_series(1, 3000) AS g, generate_series(0, g % 9) AS i) AS random_start
  GROUP BY g;
SELECT is_empty($$
  SELECT g FROM timeline
  WHERE ttr.longest_seconds(intervals)
        IS DISTINCT FROM (SELECT max(ttr.open_seconds(tstzmultirange(i))) FROM (SELECT unnest(intervals) AS i
                                                                               UNION ALL SELECT 'empty') AS each) $$,
  'it is the largest of what open_seconds() gives for each: 3,000 random multiranges');
SELECT is_empty($$
  SELECT g FROM timeline WHERE ttr.longest_seconds(intervals) > ttr.open_seconds(intervals) $$, 'and never more than their sum');

SELECT * FROM finish();
ROLLBACK;
