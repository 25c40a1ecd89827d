-- business_due_at(): when working time since a start reaches a target.

BEGIN;
SELECT plan(52);
SET LOCAL TimeZone = 'UTC';

-- Times are hours of 2025-05-01: '[9,12)' is from 09:00 to 12:00.

CREATE FUNCTION pg_temp.hours(ranges text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(ranges, '(\d+)', '2025-05-01 \1:00+00', 'g')
$$;

SELECT is(ttr.business_due_at(pg_temp.hours(started)::timestamptz, hours * 3600, pg_temp.hours(calendar)::tstzmultirange,
                              pg_temp.hours(covered)::tstzrange), pg_temp.hours(due)::timestamptz, promise)
FROM (VALUES
  ('9', 2::float8, '{[9,12),[13,17)}', NULL, '11', 'within an opening'),
  ('10', 3, '{[9,12),[13,17)}', NULL, '14', 'across a break'),
  ('9', 3, '{[9,12),[13,17)}', NULL, '12', 'at the end of an opening, which is before the start of the next one'),
  ('12', 1, '{[9,12),[13,17)}', NULL, '14', 'from a break'),
  ('9', 7, '{[9,12),[13,17)}', NULL, '17', 'at the end of the calendar'),
  ('9', 8, '{[9,12),[13,17)}', NULL, NULL, 'beyond the end of the calendar'),
  ('9', 1e300, '{[9,12),[13,17)}', NULL, NULL, 'far beyond it'),
  ('9', 5124095576.03, '{[9,12),[13,17)}', NULL, NULL, 'beyond 64 bits of microseconds'),
  ('16', 2, '{[9,12),[13,17)}', NULL, NULL, 'what is left of the calendar is too little'),
  ('10', 0, '{[9,12),[13,17)}', NULL, '10', 'a target of 0 is reached at once'),
  ('12', 0, '{[9,12),[13,17)}', NULL, '12', 'also where no working time is'),
  ('10', -0.0, '{[9,12),[13,17)}', NULL, '10', '-0 is 0'),
  ('8', 1, '{[9,12)}', NULL, NULL, 'before the first opening nothing is known'),
  ('8', 0, '{[9,12)}', NULL, NULL, 'not even whether time is covered'),
  ('12', 0, '{[9,12)}', NULL, NULL, 'nor at the end of the last one'),
  ('8', 1, '{[9,12)}', '[7,20)', '10', 'unless it is covered'),
  ('6', 1, '{[9,12)}', '[7,20)', NULL, 'before what is covered nothing is known'),
  ('20', 0, '{[9,12)}', '[7,20)', NULL, 'nor at its end'),
  ('9', 3, '{[9,12)}', '[9,11)', NULL, 'nor after it, even where the calendar has openings'),
  ('9', 2, '{[9,12)}', '[9,11)', '11', 'its end may be the due time'),
  ('9', 1, '{[9,12)}', 'empty', NULL, 'covered never'),
  ('8', 1, '{[9,12)}', '(,)', '10', 'covered always'),
  ('9', 1, '{}', NULL, NULL, 'an empty calendar covers nothing'),
  ('9', 0, '{}', '[9,11)', '9', 'but for what covered says'),
  ('9', 1, '{}', '[9,11)', NULL, 'and has no working time'),
  ('9', 5, '{[10,)}', '[8,)', '15', 'a calendar without an end is open on and on'),
  ('9', 2, '{(,10),[12,14)}', NULL, '13', 'one without a start has been open ever since'),
  (NULL, 1, '{[9,12)}', NULL, NULL, 'no start gives NULL'),
  ('9', NULL, '{[9,12)}', NULL, NULL, 'no target gives NULL'),
  ('9', 1, NULL, NULL, NULL, 'no calendar gives NULL')
) AS promised (started, hours, calendar, covered, due, promise);

SELECT is(ttr.business_due_at('2025-05-01 09:00+00', target, '{[2025-05-01 09:00+00,2025-05-02 00:00+00)}'), due::timestamptz,
          promise)
FROM (VALUES
  (0.000001::float8, '2025-05-01 09:00:00.000001+00', 'a microsecond'),
  (0.0000014, '2025-05-01 09:00:00.000001+00', 'a target is rounded to the nearest microsecond'),
  (0.0000016, '2025-05-01 09:00:00.000002+00', 'up'),
  (0.0000005, '2025-05-01 09:00:00+00', 'or to the even one'),
  (4e-324, '2025-05-01 09:00:00+00', 'down to nothing')
) AS promised (target, due, promise);

SELECT is(ttr.business_due_at('2025-05-01 09:00+00', 1e13, '{(,)}'), NULL, 'beyond the end of time');
SELECT is(ttr.business_due_at('4714-11-24 00:00+00 BC', 9435184819199.998, '{(,)}'),
          '294276-12-31 23:59:59.997952+00'::timestamptz, 'the whole range of time');
SELECT is(ttr.business_due_at('294276-12-31 23:59:59+00', 1, '{(,)}'), NULL, 'the end of time itself is no timestamp');

SELECT throws_ok(format('SELECT ttr.business_due_at(%L, %L, ''{[2025-05-01,2025-05-02)}'')', started, target), '22023', message,
                 promise)
FROM (VALUES
  ('2025-05-01', '-1', 'target must be a number of seconds, zero or more', 'a negative target is refused'),
  ('2025-05-01', '-1e-9', 'target must be a number of seconds, zero or more', 'however small'),
  ('2025-05-01', 'NaN', 'target must be a number of seconds, zero or more', 'NaN is'),
  ('2025-05-01', 'Infinity', 'target must be a number of seconds, zero or more', 'infinity is'),
  ('2025-05-01', '-Infinity', 'target must be a number of seconds, zero or more', 'minus infinity is'),
  ('infinity', '1', 'started_at must be finite', 'a start at infinity is'),
  ('-infinity', '1', 'started_at must be finite', 'a start at minus infinity is')
) AS refused (started, target, message, promise);

-- A target of eight hours, in a calendar of a zone, over the nights in which clocks change.

SELECT is(ttr.business_due_at(started::timestamptz, 28800,
                              ttr.business_calendar('mon-fri 09:00-17:00; sun 00:00-06:00', 'Europe/Berlin', '2025-03-01',
                                                    '2025-12-01', '2025-10-03')), due::timestamptz, promise)
FROM (VALUES
  ('2025-03-28 12:00+01', '2025-03-30 02:00+00',
   'five hours on Friday, three on Sunday, the third of which is not the one that clocks skip'),
  ('2025-10-24 12:00+02', '2025-10-26 01:00+00', 'the same where the third one is shown twice'),
  ('2025-10-02 16:00+02', '2025-10-06 08:00+00', 'over a holiday')
) AS promised (started, due, promise);

-- Against a search for the opening, by the operators of ranges.

SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE calendar AS
  SELECT ttr.business_calendar('mon-fri 09:00-12:00, 13:00-17:30; sat 22:00-02:00', 'America/New_York', '2025-01-01', '2026-01-01',
                               '2025-07-04; 2025-12-24..2025-12-26') AS calendar;
CREATE TEMP TABLE promise AS
  SELECT i, timestamptz '2025-01-10 00:00+00' + random() * interval '300 days' AS started_at,
         floor(random() ^ 4 * 1000000) + (i % 3) * 0.5 AS target
  FROM generate_series(1, 1000) AS i;
CREATE TEMP TABLE answer AS
  SELECT i, started_at, target, calendar, ttr.business_due_at(started_at, target, calendar) AS due_at FROM promise, calendar;

SELECT is_empty($$
  SELECT i FROM answer
  WHERE (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0)
         FROM unnest(calendar * tstzmultirange(tstzrange(started_at, due_at))) AS r) <> target
     OR (target > 0 AND NOT due_at - interval '1 microsecond' <@ calendar) $$,
  'the working time up to 1,000 due times is their targets, and ends there');
SELECT is((SELECT count(due_at) FROM answer), 1000::bigint, 'all of which are reached');
SELECT is((SELECT count(ttr.business_due_at(started_at, target, calendar)) FROM answer), 1000::bigint,
          'a calendar from a table and one from a subquery are the same');
SELECT is_empty(format($$
  SELECT i FROM answer WHERE ttr.business_due_at(started_at, target, %L) IS DISTINCT FROM due_at $$, calendar),
  'and so is a constant one') FROM calendar;

SELECT * FROM finish();
ROLLBACK;
