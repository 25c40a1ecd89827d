-- open_seconds(): how long a conversation was open.

BEGIN;
SELECT plan(39);

SELECT is(ttr.open_seconds(intervals::tstzmultirange, as_of::timestamptz), seconds, promise)
FROM (VALUES
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, 7200::double precision,
   'a closed interval counts its length'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 09:00+00,2025-05-02 09:00:30+00)}', NULL, 7230,
   'intervals add up, and the time between them does not count'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-01 10:00+00,2025-05-01 12:00+00)}', NULL, 10800,
   'time that two intervals share counts once'),
  ('{}', NULL, 0, 'an empty multirange is 0 seconds'),
  ('{}', '2025-05-01', 0, 'an empty multirange is 0 seconds at any time'),
  ('{empty}', NULL, 0, 'an empty interval is 0 seconds'),
  (NULL, NULL, NULL, 'no multirange gives NULL'),
  (NULL, '2025-05-01', NULL, 'no multirange gives NULL at any time'),
  (NULL, 'infinity', NULL, 'no multirange gives NULL whatever as_of is'),
  ('{[2025-05-01 09:00+00,2025-05-01 09:00+00]}', NULL, 0, 'an instant is 0 seconds'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00]}', NULL, 7200, 'a closed bound adds nothing'),
  ('{(2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, 7200, 'an open bound takes nothing away'),
  ('{[2025-05-01 09:00+00,2025-05-01 09:00:00.000001+00)}', NULL, 0.000001, 'a microsecond counts'),
  ('{[2025-03-30 00:00 Europe/Berlin,2025-03-31 00:00 Europe/Berlin)}', NULL, 82800,
   'the day on which clocks go forward has 23 hours'),
  ('{[2025-05-01 09:00+00,)}', '2025-05-01 10:00+00', 3600, 'a running interval counts up to as_of'),
  ('{[2025-05-01 09:00+00,infinity)}', '2025-05-01 10:00+00', 3600, 'an end of infinity is running'),
  ('{[2025-05-01 09:00+00,infinity]}', '2025-05-01 10:00+00', 3600, 'an end of infinity, included, is running'),
  ('{[2025-05-01 09:00+00,)}', NULL, NULL, 'a running interval without as_of gives NULL'),
  ('{[2025-05-01 09:00+00,infinity)}', NULL, NULL, 'an end of infinity without as_of gives NULL'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 09:00+00,)}', NULL, NULL,
   'one running interval without as_of makes the sum NULL'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 09:00+00,)}', '2025-05-02 09:10+00', 7800,
   'a running interval is added to the closed ones'),
  ('{[2025-05-01 09:00+00,)}', '2025-05-01 09:00+00', 0, 'as_of at the start of a running interval counts 0'),
  ('{[2025-05-01 09:00+00,)}', '2025-04-01 09:00+00', 0,
   'as_of before the start of a running interval counts 0, never less'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', '2025-05-01 10:00+00', 7200,
   'a closed interval counts whole beyond as_of'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 09:00+00,)}', '2025-05-01 10:00+00', 7200,
   'as_of cuts only the running interval'),
  ('{[infinity,infinity]}', '2025-05-01 10:00+00', 0, 'an interval at infinity has not begun'),
  ('{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}', NULL, 9435184819199.999999,
   'the whole range of time is counted, though it exceeds 64 bits with a sign'),
  ('{[4714-11-24 00:00+00 BC,)}', '294276-12-31 23:59:59.999999+00', 9435184819199.999999,
   'and so it is up to as_of')
) AS promised (intervals, as_of, seconds, promise);

SELECT is(ttr.open_seconds('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}'), 7200::double precision,
          'as_of may be left out');
SELECT is(ttr.open_seconds('{[2025-05-01 09:00+00,)}', as_of => '2025-05-01 10:00+00'), 3600::double precision,
          'as_of may be given by name');

SELECT throws_ok(format('SELECT ttr.open_seconds(%L, %L)', intervals, as_of), '22023', message, promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'an interval without a start is refused'),
  ('{[-infinity,2025-05-01 09:00+00)}', NULL, 'open interval has no start', 'a start of minus infinity is refused'),
  ('{(,)}', '2025-05-01 09:00+00', 'open interval has no start', 'an interval without any bound is refused'),
  ('{(,)}', NULL, 'open interval has no start', 'and not only where as_of is given'),
  ('{[2025-05-01 09:00+00,)}', 'infinity', 'as_of must be finite', 'as_of at infinity is refused'),
  ('{[2025-05-01 09:00+00,)}', '-infinity', 'as_of must be finite', 'as_of at minus infinity is refused'),
  ('{}', 'infinity', 'as_of must be finite', 'as_of at infinity is refused even where it does not matter')
) AS refused (intervals, as_of, message, promise);

-- Against plain SQL: the lengths of the ranges, added up.

SET LOCAL seed = 0.5;

CREATE TEMP TABLE random_life AS
  SELECT life, range_agg(tstzrange(starts_at, starts_at + (random() ^ 4) * interval '90 days')) AS intervals
  FROM (SELECT life, timestamptz '2025-05-01 00:00+00' + random() * interval '300 days' AS starts_at
        FROM generate_series(1, 2000) AS life, generate_series(0, life % 40)) AS starts
  GROUP BY life;

SELECT is_empty($$
  SELECT life
  FROM random_life,
       LATERAL (SELECT sum(extract(epoch FROM upper(r) - lower(r))) AS seconds FROM unnest(intervals) AS r) AS plain
  WHERE ttr.open_seconds(intervals) IS DISTINCT FROM seconds::double precision $$,
  'the length of 2,000 random lives of 1 to 40 intervals is the sum of the lengths of their ranges');

CREATE TEMP TABLE stored_life (intervals tstzmultirange);
ALTER TABLE stored_life ALTER intervals SET STORAGE EXTERNAL;
INSERT INTO stored_life
  SELECT range_agg(tstzrange(t, t + interval '20 minutes'))
  FROM generate_series(timestamptz '2025-01-01 00:00+00', '2025-12-31 23:00+00', '1 hour') AS t;
SELECT is((SELECT ttr.open_seconds(intervals) FROM stored_life), 8760 * 1200::double precision,
          'a multirange stored out of line is read');

SELECT * FROM finish();
ROLLBACK;
