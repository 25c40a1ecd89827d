-- open_due_at(): the first instant up to which a conversation was open for its target.
BEGIN;
SELECT plan(22);

SELECT is(ttr.open_due_at(open, target, calendar::tstzmultirange, covered::tstzrange), due::timestamptz, promise)
FROM (VALUES
  ('{[2025-05-01 09:00+00,)}'::tstzmultirange, 3600, NULL, NULL, '2025-05-01 10:00+00', 'without a calendar all time counts'),
  ('{[2025-05-01 09:00+00, infinity)}', 3600, NULL, NULL, '2025-05-01 10:00+00', 'infinity reads as running'),
  ('{[2025-05-01 09:00+00, 2025-05-01 09:30+00), [2025-05-02 12:00+00,)}', 3600, NULL, NULL, '2025-05-02 12:30+00',
   'what was snoozed or closed does not'),
  ('{[2025-05-01 09:00+00, 2025-05-01 10:00+00), [2025-05-02 12:00+00,)}', 3600, NULL, NULL, '2025-05-01 10:00+00',
   'of two such instants the first'),
  ('{[2025-05-01 09:00+00, 2025-05-01 09:30+00)}', 3600, NULL, NULL, NULL, 'what was closed before has no due time'),
  ('{[2025-05-01 09:00+00,)}', 0, NULL, NULL, '2025-05-01 09:00+00', 'a target of nothing is reached at the start'),
  ('{}', 3600, NULL, NULL, NULL, 'what was never open has no due time'),
  (NULL, 3600, NULL, NULL, NULL, 'NULL intervals give NULL'),
  ('{[2025-05-01 09:00+00,)}', NULL, NULL, NULL, NULL, 'so does a NULL target'),
  ('{[2025-05-01 09:00+00,)}', 0.0000015, NULL, NULL, '2025-05-01 09:00:00.000002+00', 'targets are rounded to microseconds'),
  ('{[294276-12-31 23:00+00,)}', 7200, NULL, NULL, NULL, 'beyond the end of time there is no timestamp'),
  ('{[294276-12-31 23:00+00,)}', 3599, NULL, NULL, '294276-12-31 23:59:59+00', 'up to there, there is'),
  ('{[2025-05-01 16:00+00,)}', 7200, '{[2025-05-01 09:00+00,2025-05-01 17:00+00),[2025-05-02 09:00+00,2025-05-02 17:00+00)}', NULL,
   '2025-05-02 10:00+00', 'with a calendar its working time counts'),
  ('{[2025-05-01 16:00+00,2025-05-02 09:30+00),[2025-05-02 16:00+00,)}', 7200,
   '{[2025-05-01 09:00+00,2025-05-01 17:00+00),[2025-05-02 09:00+00,2025-05-02 17:00+00)}', NULL, '2025-05-02 16:30+00',
   'and of that what is open'),
  ('{[2025-05-01 16:00+00,)}', 36000, '{[2025-05-01 09:00+00,2025-05-01 17:00+00),[2025-05-02 09:00+00,2025-05-02 17:00+00)}', NULL,
   NULL, 'a target beyond the calendar is not known'),
  ('{[2025-05-01 08:00+00,)}', 3600, '{[2025-05-01 09:00+00,2025-05-01 17:00+00)}', NULL, NULL,
   'nor is one that starts before it'),
  ('{[2025-05-01 08:00+00,)}', 3600, '{[2025-05-01 09:00+00,2025-05-01 17:00+00)}', '[2025-05-01,2025-05-02)', '2025-05-01 10:00+00',
   'unless covered says that nobody worked')
) AS v (open, target, calendar, covered, due, promise);

SELECT throws_ok($$SELECT ttr.open_due_at('{(,2025-05-01)}', 1)$$, '22023', NULL, 'an interval without a start is refused');
SELECT throws_ok($$SELECT ttr.open_due_at('{}', -1)$$, '22023', NULL, 'so is a negative target');
SELECT throws_ok($$SELECT ttr.open_due_at('{}', 'NaN')$$, '22023', NULL, 'one that is no number');
SELECT throws_ok($$SELECT ttr.open_due_at('{}', 'infinity')$$, '22023', NULL, 'and an infinite one');

-- Against the operators of ranges: the calendar of the times when it was open.
SELECT setseed(0.5);
CREATE TEMP TABLE life AS
  SELECT g, range_agg(tstzrange(at, CASE WHEN i < 4 OR g % 3 > 0 THEN at + random() * interval '40 hours' END)) AS open,
         floor(random() * 200000) AS target
  FROM generate_series(1, 2000) AS g, generate_series(1, 4) AS i,
       LATERAL (SELECT timestamptz '2025-03-20 00:00+00' + (i + random()) * interval '2 days' WHERE g > 0) AS a (at)
  GROUP BY g;
CREATE TEMP TABLE office AS
  SELECT ttr.business_calendar('mon-fri 09:00-12:00, 13:00-17:30; sat 22:00-04:00', 'Europe/Berlin', '2025-03-01',
                               '2025-06-01') AS calendar;
SELECT is_empty(
  $$SELECT g FROM life, office
    WHERE ttr.open_due_at(open, target, calendar, '[2025-03-01, 2025-06-01)')
      IS DISTINCT FROM ttr.business_due_at(lower(open), target, open * calendar, '[2025-03-01, 2025-06-01)')$$,
  '2,000 random conversations agree with the operators of ranges');

SELECT * FROM finish();
ROLLBACK;
