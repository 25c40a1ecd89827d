-- open_since(): since when a conversation that runs would have been open without a break.

BEGIN;
SELECT plan(14);

SELECT is(ttr.open_since(intervals::tstzmultirange), since::timestamptz, promise)
FROM (VALUES
  ('{[2025-05-01 09:00+00,)}', '2025-05-01 09:00+00', 'one running interval: its start'),
  ('{[2025-05-01 09:00+00,infinity)}', '2025-05-01 09:00+00', 'and up to infinity is the same'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-02 14:00+00,)}', '2025-05-02 12:00+00', 'earlier by the length of the one before'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00),[2025-05-01 12:00+00,2025-05-01 12:30+00),[2025-05-02 14:00+00,)}', '2025-05-02 11:30+00',
   'and of all before'),
  ('{[2025-05-01 09:00:00.000001+00,2025-05-01 09:00:00.000003+00),[2025-05-01 09:00:01+00,)}', '2025-05-01 09:00:00.999998+00',
   'to the microsecond'),
  ('{[2025-05-01 09:00+00,2025-05-01 11:00+00)}', NULL, 'NULL where nothing runs'),
  ('{}', NULL, 'NULL where it was never open'),
  (NULL, NULL, 'NULL for NULL'),
  ('{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59+00),[294276-12-31 23:59:59.999999+00,)}', '4714-11-24 00:00:00.999999+00 BC',
   'over the whole range of time')
) AS promised (intervals, since, promise);

SELECT throws_ok(format('SELECT ttr.open_since(%L)', intervals), '22023', 'open interval has no start', promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', 'an interval without a start is refused'),
  ('{(,)}', 'one that runs, too'),
  ('{[-infinity,2025-05-01 09:00+00),[2025-05-02 09:00+00,)}', 'a start of minus infinity is refused')
) AS refused (intervals, promise);

SELECT setseed(0.19);
CREATE TEMP TABLE timeline AS
  SELECT g, range_agg(tstzrange(at, at + floor(random() * 400e6) * interval '1 microsecond')) + '{[2025-05-01 02:00+00,)}' AS intervals,
         timestamptz '2025-05-01 02:00+00' + random() * interval '40 days' AS as_of
  FROM (SELECT g, timestamptz '2025-05-01 00:00+00' + floor(random() * 4000e6) * interval '1 microsecond' AS at
        FROM generate_series(1, 3000) AS g, generate_series(0, g % 9) AS i) AS random_start
  GROUP BY g;
SELECT is((SELECT count(*) FROM timeline WHERE intervals IS NOT NULL), 3000::bigint, 'of 3,000 random timelines');
SELECT is_empty($$
  SELECT g FROM timeline
  WHERE extract(epoch FROM as_of - ttr.open_since(intervals))::double precision IS DISTINCT FROM ttr.open_seconds(intervals, as_of) $$,
  'as_of less open_since() is what open_seconds() gives');

SELECT * FROM finish();
ROLLBACK;
