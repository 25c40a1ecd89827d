-- open_intervals(): when a conversation was open, from its timeline.

BEGIN;
SELECT plan(38);

-- Each timeline is written as 'time state, ...', in the order in which rows come; times are hours of 2025-05-01.

CREATE FUNCTION pg_temp.event(timeline text) RETURNS TABLE (at timestamptz, state text) LANGUAGE sql AS $$
  SELECT timestamptz '2025-05-01 00:00+00' + NULLIF(split_part(trim(event), ' ', 1), '-')::float8 * interval '1 hour',
         NULLIF(split_part(trim(event), ' ', 2), '-')
  FROM string_to_table(timeline, ',') WITH ORDINALITY AS e (event, place)
  ORDER BY place
$$;
CREATE FUNCTION pg_temp.hours(intervals text) RETURNS tstzmultirange LANGUAGE sql AS $$
  SELECT regexp_replace(intervals, '(\d+)', '2025-05-01 \1:00+00', 'g')::tstzmultirange
$$;

SELECT is(ttr.open_intervals(at, state), pg_temp.hours(intervals), promise)
FROM (VALUES
  (1, '9 open, 11 closed', '{[9,11)}', 'open until it is closed'),
  (2, '9 open, 11 snoozed, 13 open, 14 closed', '{[9,11),[13,14)}', 'snoozed time is left out'),
  (3, '9 open, 11 closed, 13 open, 14 closed', '{[9,11),[13,14)}', 'and so is closed time'),
  (4, '9 open, 11 closed, 12 snoozed, 13 open, 14 closed', '{[9,11),[13,14)}', 'closed, then snoozed, is one gap'),
  (5, '9 open', '{[9,)}', 'what is still open has no end'),
  (6, '9 open, 11 closed, 13 open', '{[9,11),[13,)}', 'nor has what was reopened'),
  (7, '9 open, 10 open, 11 closed', '{[9,11)}', 'a repeated state changes nothing'),
  (8, '9 open, 11 closed, 12 closed, 13 snoozed', '{[9,11)}', 'whichever it is'),
  (9, '9 closed, 10 open, 11 closed', '{[10,11)}', 'a conversation need not begin open'),
  (10, '9 closed', '{}', 'never open gives an empty multirange'),
  (11, '9 snoozed, 10 closed', '{}', 'though there are events'),
  (12, '11 closed, 9 open', '{[9,11)}', 'events are sorted by time'),
  (13, '14 closed, 13 open, 11 snoozed, 9 open', '{[9,11),[13,14)}', 'from the newest to the oldest, too'),
  (14, '13 open, 9 open, 14 closed, 11 closed, 10 open', '{[9,11),[13,14)}', 'and in no order at all'),
  (15, '9 open, 9 closed', '{}', 'of two events at one time the last one holds'),
  (16, '9 closed, 9 open, 11 closed', '{[9,11)}', 'in the order in which they came'),
  (17, '11 closed, 9 closed, 9 open', '{[9,11)}', 'that stays so when events are sorted'),
  (18, '11 closed, 9 open, 9 closed', '{}', 'either way'),
  (19, '9 open, 11 closed, 11 open, 13 closed', '{[9,13)}', 'a close that is undone at once leaves no gap'),
  (20, '9 open, 11 closed, 12 open, 12 closed', '{[9,11)}', 'an opening that is undone at once leaves no interval'),
  (21, '9 open, 10 -, 11 closed', '{[9,11)}', 'an event without a state is ignored'),
  (22, '9 open, - closed, 11 closed', '{[9,11)}', 'an event without a time is ignored'),
  (23, '- -, 9 open', '{[9,)}', 'an event without either is ignored'),
  (24, '- pending, 9 open', '{[9,)}', 'and what is ignored may have an unknown state'),
  (25, '9 -', NULL, 'if no event is left there is no answer'),
  (26, '- open, - closed', NULL, 'and none if no event has a time')
) AS promised (number, timeline, intervals, promise), pg_temp.event(timeline)
GROUP BY number, intervals, promise ORDER BY number;

SELECT is(ttr.open_intervals(at, state), NULL, 'no rows give NULL')
FROM (VALUES (timestamptz '2025-05-01', 'open')) AS v (at, state) WHERE false;

SELECT is(ttr.open_intervals(at::timestamptz, state),
          '{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}'::tstzmultirange, 'the whole range of time')
FROM (VALUES ('294276-12-31 23:59:59.999999+00', 'closed'), ('4714-11-24 00:00+00 BC', 'open')) AS v (at, state);

SELECT throws_ok(format('SELECT ttr.open_intervals(%L, %L)', at, state), '22023', message, promise)
FROM (VALUES
  ('2025-05-01', 'pending', 'unknown state "pending"', 'an unknown state is refused'),
  ('2025-05-01', 'Open', 'unknown state "Open"', 'a state in capitals is'),
  ('2025-05-01', '', 'unknown state ""', 'an empty one is'),
  ('2025-05-01', repeat('open', 1000), 'unknown state "' || repeat('open', 1000) || '"', 'a long one is'),
  ('infinity', 'open', 'event has no finite time', 'infinity is no time of an event'),
  ('-infinity', 'open', 'event has no finite time', 'nor is minus infinity')
) AS refused (at, state, message, promise);

-- A conversation that was opened, snoozed overnight, closed, reopened by its customer and closed again.

SELECT is(ttr.open_seconds(ttr.open_intervals(to_timestamp(at), state)), 6300::float8,
          'a snooze and a gap between close and reopening do not count')
FROM (VALUES (1767603600, 'open'), (1767603840, 'open'), (1767604350, 'open'), (1767604500, 'snoozed'),
             (1767690000, 'open'), (1767691200, 'closed'), (1767704400, 'open'), (1767706800, 'open'),
             (1767708600, 'closed')) AS event (at, state);

-- Against plain SQL: the pieces between one event and the next that are open, put together.

SELECT setseed(0.5);
CREATE TEMP TABLE event AS
  SELECT g, row_number() OVER () AS place,
         timestamptz '2025-05-01 00:00+00' + floor(random() * 40) * interval '1 minute' AS at,
         (ARRAY['open', 'snoozed', 'closed'])[1 + floor(random() * 3)] AS state
  FROM generate_series(1, 3000) AS g, generate_series(0, g % 17) AS i;
CREATE TEMP TABLE expected AS
  SELECT g, coalesce(range_agg(tstzrange(at, until)) FILTER (WHERE state = 'open'), '{}') AS intervals
  FROM (SELECT g, at, state, lead(at) OVER (PARTITION BY g ORDER BY at, place) AS until FROM event) AS piece
  GROUP BY g;

CREATE FUNCTION pg_temp.differences(way text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('enable_sort', (way = 'sorted')::text, true),
          set_config('enable_hashagg', (way = 'hashed')::text, true);
  RETURN NEXT is_empty(
    'SELECT g FROM (SELECT g, ttr.open_intervals(at, state) AS intervals FROM event GROUP BY g) AS folded
     JOIN expected USING (g) WHERE folded.intervals IS DISTINCT FROM expected.intervals',
    '3,000 random timelines, ' || way || ' by conversation');
END $$;
SELECT pg_temp.differences(way) FROM unnest(ARRAY['hashed', 'sorted']) AS way;

SELECT is_empty($$
  SELECT g FROM (SELECT g, ttr.open_intervals(at, state) OVER (PARTITION BY g ORDER BY place) AS intervals,
                        row_number() OVER (PARTITION BY g ORDER BY place DESC) AS from_last FROM event) AS growing
  JOIN expected USING (g) WHERE from_last = 1 AND growing.intervals IS DISTINCT FROM expected.intervals $$,
  'and in a window, which asks after each event');

SELECT * FROM finish();
ROLLBACK;
