-- each_seconds(): the length of every single interval.

BEGIN;
SELECT plan(17);

SELECT is(ttr.each_seconds(intervals::tstzmultirange, as_of::timestamptz), seconds::double precision[], promise)
FROM (VALUES
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, '{7200}', 'one interval has one length'),
  ('{[2025-05-02 09:00+00,2025-05-02 09:00:30.5+00),[2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, '{7200,30.5}',
   'several stand in the order of time'),
  ('{}', NULL, '{}', 'an empty multirange has none'),
  (NULL, '2025-05-01', NULL, 'no multirange gives NULL'),
  ('{[2025-05-01 09:00+00,2025-05-01 10:00+00),[2025-05-02 09:00+00,)}', '2025-05-02 12:00+00', '{3600,10800}',
   'a running interval counts up to as_of'),
  ('{[2025-05-01 09:00+00,2025-05-01 10:00+00),[2025-05-02 09:00+00,infinity)}', NULL, '{3600,NULL}', 'and is not known without it'),
  ('{[2025-05-01 09:00+00,)}', '2025-04-01 09:00+00', '{0}', 'as_of before its start counts 0, never less'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', '2025-05-01 10:00+00', '{7200}', 'a closed interval counts whole beyond as_of'),
  ('{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}', NULL, '{9435184819199.999999}', 'the whole range of time is counted')
) AS promised (intervals, as_of, seconds, promise);

SELECT is(ttr.each_seconds('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}'), '{7200}', 'as_of may be left out');

SELECT throws_ok(format('SELECT ttr.each_seconds(%L, %L)', intervals, as_of), '22023', message, promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'an interval without a start is refused'),
  ('{[-infinity,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'a start of minus infinity is refused'),
  ('{[2025-05-01 09:00+00,)}', 'infinity', 'as_of must be finite', 'as_of at infinity is refused'),
  ('{}', '-infinity', 'as_of must be finite', 'and minus infinity, whatever the intervals are')
) AS refused (intervals, as_of, message, promise);

SELECT setseed(0.7);
CREATE TEMP TABLE timeline AS
  SELECT g, range_agg(tstzrange(at, at + floor(random() * 400e6) * interval '1 microsecond')) AS intervals
  FROM (SELECT g, timestamptz '2025-05-01 00:00+00' + floor(random() * 4000) * interval '1 second' AS at
        FROM generate_series(1, 3000) AS g, generate_series(0, g % 9) AS i) AS random_start
  GROUP BY g;
SELECT is_empty($$
  SELECT g FROM timeline
  WHERE ttr.each_seconds(intervals) IS DISTINCT FROM
        ARRAY(SELECT ttr.open_seconds(tstzmultirange(i)) FROM unnest(intervals) WITH ORDINALITY AS u (i, place) ORDER BY place) $$,
  'each is what open_seconds() gives for it: 3,000 random multiranges');
SELECT is_empty($$
  SELECT g FROM timeline WHERE (SELECT max(s) FROM unnest(ttr.each_seconds(intervals)) AS s) IS DISTINCT FROM
                               CASE WHEN NOT isempty(intervals) THEN ttr.longest_seconds(intervals) END $$,
  'the largest is that of longest_seconds()');
SELECT is_empty($$
  SELECT g FROM timeline WHERE abs(coalesce((SELECT sum(s) FROM unnest(ttr.each_seconds(intervals)) AS s), 0)
                                   - ttr.open_seconds(intervals)) > 1e-6 $$, 'and they add up to open_seconds()');

SELECT * FROM finish();
ROLLBACK;
