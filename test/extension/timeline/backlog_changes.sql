-- backlog_changes(): the days on which a conversation enters the backlog, leaves it, and changes in it.

BEGIN;
SELECT plan(52);
SET LOCAL TimeZone = 'Asia/Tokyo';  -- must not matter

SELECT is(ttr.backlog_changes(opened_at::timestamptz, closed_at::timestamptz, NULL, snoozed::tstzmultirange, late_from::timestamptz, 'UTC'),
          changes::text[], promise)
FROM (VALUES
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', NULL, NULL, '{opened 2025-05-01,closed 2025-05-03}', 'a span has two changes'),
  ('2025-05-01 09:00+00', NULL, NULL, NULL, '{opened 2025-05-01}', 'one that runs is not closed'),
  ('2025-05-01 09:00+00', 'infinity', NULL, NULL, '{opened 2025-05-01}', 'nor is one until infinity'),
  ('2025-05-01 09:00+00', '2025-05-01 09:00+00', NULL, '2025-05-01 09:00+00', '{opened 2025-05-01,closed 2025-05-01}',
   'one that is closed at once was in the backlog, and never late'),
  ('2025-05-01 09:00+00', '2025-05-01 08:59+00', NULL, NULL, '{}', 'one that is closed before it is opened never was'),
  ('2025-05-01 09:00+00', '-infinity', NULL, NULL, '{}', 'nor one that was always closed'),
  ('infinity', NULL, NULL, NULL, '{}', 'nor one that is never opened'),
  ('-infinity', NULL, NULL, NULL, '{}', 'nor one that has no first day'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', '{[2025-05-01 12:00+00,2025-05-02 12:00+00)}', NULL,
   '{opened 2025-05-01,closed 2025-05-03,snoozed 2025-05-01,unsnoozed 2025-05-02}', 'a snooze begins and ends'),
  ('2025-05-01 09:00+00', NULL, '{[2025-05-01 12:00+00,2025-05-02 12:00+00),[2025-05-04 12:00+00,)}', NULL,
   '{opened 2025-05-01,snoozed 2025-05-01,unsnoozed 2025-05-02,snoozed 2025-05-04}', 'one that runs only begins'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', '{}', NULL, '{opened 2025-05-01,closed 2025-05-03}', 'no snooze is no change'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', NULL, '2025-05-02 09:00+00',
   '{opened 2025-05-01,late 2025-05-02,closed 2025-05-03,late_closed 2025-05-03}', 'it is late until it is closed'),
  ('2025-05-01 09:00+00', NULL, NULL, '2025-05-02 09:00+00', '{opened 2025-05-01,late 2025-05-02}', 'or from then on'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', NULL, '2025-05-03 10:00+00', '{opened 2025-05-01,closed 2025-05-03}',
   'not where it is closed in that instant'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', NULL, 'infinity', '{opened 2025-05-01,closed 2025-05-03}', 'and never from infinity on'),
  ('2025-05-01 09:00+00', '2025-05-03 10:00+00', NULL, '-infinity',
   '{opened 2025-05-01,late 2025-05-01,closed 2025-05-03,late_closed 2025-05-03}', 'always is from the start on'),
  ('0044-03-15 09:00+00 BC', '294276-12-30 23:59:59.999999+00', NULL, NULL, '{opened 0044-03-15 BC,closed 294276-12-30}',
   'years before Christ and far away'),
  ('4714-11-24 00:00+00 BC', NULL, NULL, NULL, '{opened 4714-11-24 BC}', 'the first day of all')
) AS promised (opened_at, closed_at, snoozed, late_from, changes, promise);

SELECT is(ttr.backlog_changes(NULL, NULL, unresolved::tstzmultirange, snoozed::tstzmultirange, late_from::timestamptz,
                              'UTC'), changes::text[], promise)
FROM (VALUES
  ('{[2025-06-01 09:00+00,2025-06-03 10:00+00),[2025-06-05 09:00+00,2025-06-07 10:00+00),[2025-06-09 09:00+00,)}', NULL, NULL,
   '{opened 2025-06-01,closed 2025-06-03,reopened 2025-06-05,closed 2025-06-07,reopened 2025-06-09}',
   'a multirange opens once'),
  ('{[2025-06-01 09:00+00,2025-06-03 10:00+00),[2025-06-05 09:00+00,2025-06-07 10:00+00)}', NULL, '2025-06-02 09:00+00',
   '{opened 2025-06-01,late 2025-06-02,closed 2025-06-03,late_closed 2025-06-03,reopened 2025-06-05,late 2025-06-05,closed 2025-06-07,'
   'late_closed 2025-06-07}', 'what is late is late again as soon as it is reopened'),
  ('{[2025-06-01 09:00+00,2025-06-03 10:00+00),[2025-06-05 09:00+00,2025-06-07 10:00+00)}', NULL, '2025-06-06 09:00+00',
   '{opened 2025-06-01,closed 2025-06-03,reopened 2025-06-05,late 2025-06-06,closed 2025-06-07,late_closed 2025-06-07}',
   'it may be late only after it was reopened'),
  ('{[2025-06-01 09:00+00,2025-06-03 10:00+00),[2025-06-05 09:00+00,2025-06-07 10:00+00)}', NULL, '2025-06-08 09:00+00',
   '{opened 2025-06-01,closed 2025-06-03,reopened 2025-06-05,closed 2025-06-07}', 'or not while it is there'),
  ('{[2025-06-01 09:00+00,2025-06-01 10:00+00),[2025-06-01 11:00+00,2025-06-01 12:00+00),[2025-06-01 13:00+00,2025-06-02 09:00+00)}',
   '{[2025-06-01 09:10+00,2025-06-01 09:20+00),[2025-06-01 09:30+00,2025-06-01 09:40+00)}', NULL,
   '{opened 2025-06-01,closed 2025-06-01,reopened 2025-06-01,closed 2025-06-01 (2),reopened 2025-06-01 (2),closed 2025-06-02,'
   'snoozed 2025-06-01,unsnoozed 2025-06-01,snoozed 2025-06-01 (2),unsnoozed 2025-06-01 (2)}', 'what happens again on a day has a number'),
  ('{}', NULL, NULL, '{}', 'an empty multirange has no change'),
  ('{[2025-06-01 09:00+00,294276-12-31 00:00+00),[294276-12-31 12:00+00,)}', NULL, '294276-12-31 10:00+00', '{opened 2025-06-01}',
   'the last day of all never comes: it has no date where clocks are ahead'),
  ('{[2025-06-01 09:00+00,2025-06-03 10:00+00),[infinity,infinity]}', '{[infinity,infinity]}', NULL,
   '{opened 2025-06-01,closed 2025-06-03}', 'what starts at infinity never does'),
  ('{[2025-06-01 09:00+00,infinity)}', '{[2025-06-01 09:00+00,infinity)}', NULL, '{opened 2025-06-01,snoozed 2025-06-01}',
   'an interval up to infinity runs')
) AS promised (unresolved, snoozed, late_from, changes, promise);

SELECT is(ttr.backlog_changes('2025-05-01 09:00+00', closed_at::timestamptz, unresolved::tstzmultirange, NULL, late_from::timestamptz,
                              'UTC'), changes::text[], promise)
FROM (VALUES
  ('2025-05-03 10:00+00', '{[2025-05-01 09:00+00,2025-05-03 10:00+00)}', NULL, '{opened 2025-05-01,closed 2025-05-03}',
   'opened_at and closed_at at its ends change nothing'),
  (NULL, '{[2025-05-03 10:00+00,)}', NULL, '{opened 2025-05-01,closed 2025-05-01,reopened 2025-05-03}',
   'what was closed in the instant of its start was opened and closed then'),
  ('2025-05-05 08:00+00', '{[2025-05-01 09:00+00,2025-05-03 10:00+00)}', NULL,
   '{opened 2025-05-01,closed 2025-05-03,reopened 2025-05-05,closed 2025-05-05}', 'and what was closed in the instant of its reopening'),
  ('2025-05-01 09:00+00', '{}', NULL, '{opened 2025-05-01,closed 2025-05-01}', 'once, if it never was opened again'),
  ('2025-05-05 08:00+00', '{}', '2025-05-01 00:00+00', '{opened 2025-05-01,closed 2025-05-01,reopened 2025-05-05,closed 2025-05-05}',
   'twice, if it was; and it was never late')
) AS promised (closed_at, unresolved, late_from, changes, promise);

SELECT is(ttr.backlog_changes(opened_at::timestamptz, NULL, unresolved::tstzmultirange, NULL, NULL, zone), changes::text[], promise)
FROM (VALUES
  (NULL, NULL, 'UTC', NULL, 'neither opened_at nor a multirange gives NULL'),
  ('2025-05-01 09:00+00', NULL, NULL, NULL, 'so does no zone'),
  (NULL, '{[2025-05-01 09:00+00,)}', 'UTC', '{opened 2025-05-01}', 'a multirange needs no opened_at'),
  (NULL, '{}', 'UTC', '{}', 'nor does an empty one'),
  ('2025-05-01 21:59:59.999999+00', NULL, 'Europe/Berlin', '{opened 2025-05-01}', 'a day ends at midnight in its zone'),
  ('2025-05-01 22:00+00', NULL, 'Europe/Berlin', '{opened 2025-05-02}', 'and the next one begins'),
  ('2025-01-01 22:30+00', NULL, 'Europe/Berlin', '{opened 2025-01-01}', 'an hour later in winter'),
  ('2025-01-01 23:00+00', NULL, 'CET', '{opened 2025-01-02}', 'an abbreviation is a zone too')
) AS promised (opened_at, unresolved, zone, changes, promise);

-- In 2010 clocks of Goose Bay went from 00:01 on Sunday 7 November back to 23:01 on Saturday, 03:01 UTC.
SELECT is(ttr.backlog_changes(NULL, NULL, unresolved::tstzmultirange, snoozed::tstzmultirange, late_from::timestamptz, 'America/Goose_Bay'),
          changes::text[], promise)
FROM (VALUES
  ('{[2010-11-07 03:00:30+00,2010-11-07 03:30+00)}', NULL, NULL, '{opened 2010-11-07,closed 2010-11-07}',
   'where midnight comes twice nothing is closed before it is opened'),
  ('{[2010-11-07 03:00:30+00,2010-11-07 05:00+00)}', '{[2010-11-07 03:20+00,2010-11-07 05:00+00)}', '2010-11-07 03:30+00',
   '{opened 2010-11-07,late 2010-11-07,closed 2010-11-07,late_closed 2010-11-07,snoozed 2010-11-07,unsnoozed 2010-11-07}',
   'or late or snoozed'),
  ('{[2010-11-07 03:00:10+00,2010-11-07 03:00:20+00),[2010-11-07 03:10+00,2010-11-07 03:20+00),[2010-11-07 04:10+00,2010-11-07 04:20+00)}',
   NULL, '2010-11-07 03:15+00',
   '{opened 2010-11-07,closed 2010-11-07,reopened 2010-11-07,late 2010-11-07,closed 2010-11-07 (2),late_closed 2010-11-07,'
   'reopened 2010-11-07 (2),late 2010-11-07 (2),closed 2010-11-07 (3),late_closed 2010-11-07 (2)}', 'and no element comes twice'),
  ('{[2010-11-07 02:50+00,2010-11-07 03:30+00)}', NULL, NULL, '{opened 2010-11-06,closed 2010-11-06}',
   'what is opened before both midnights is closed before the second one')
) AS promised (unresolved, snoozed, late_from, changes, promise);

SELECT throws_ok(format('SELECT ttr.backlog_changes(''2025-05-01'', NULL, %L, %L, NULL, %L)', unresolved, snoozed, zone), code, message,
                 promise)
FROM (VALUES
  ('{(,2025-05-01 09:00+00)}', NULL, 'UTC', '22023', 'open interval has no start', 'an interval without a start is refused'),
  ('{[-infinity,2025-05-01 09:00+00)}', NULL, 'UTC', '22023', 'open interval has no start', 'so is a start of minus infinity'),
  ('{[2025-05-01 09:00+00,)}', '{(,2025-05-01 09:00+00)}', 'UTC', '22023', 'open interval has no start', 'and a snooze without one'),
  (NULL, NULL, 'Europe/Atlantis', '22023', 'time zone "Europe/Atlantis" not recognized', 'an unknown zone is refused'),
  ('{[4714-11-24 00:00+00 BC,)}', NULL, 'America/New_York', '22008', 'timestamp out of range', 'and a day before all dates')
) AS refused (unresolved, snoozed, zone, code, message, promise);

-- Random conversations, each with up to eight stretches of minutes to days, and a snooze within each of some of them.
SELECT setseed(0.19);
CREATE TEMP TABLE random_conversation AS
  SELECT g, zone, late_from, unresolved,
         (SELECT range_agg(tstzrange(lower(u) + length / 3, CASE WHEN NOT upper_inf(u) OR g % 4 > 0 THEN lower(u) + length / 2 END))
          FROM unnest(unresolved) AS u
          CROSS JOIN LATERAL (SELECT coalesce(upper(u) - lower(u), '1 day') AS length) AS l
          WHERE g % 3 > 0) AS snoozed
  FROM (SELECT g, (ARRAY['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'])[1 + g % 5] AS zone,
               CASE WHEN g % 7 > 0 THEN timestamptz '2011-12-20 00:00+00' + floor(random() * 20 * 86400) * interval '1 second'
               END AS late_from,
               range_agg(tstzrange(at, CASE WHEN i < 7 OR g % 2 = 0
                                            THEN at + floor(1 + power(random(), 4) * 200000e6) * interval '1 microsecond' END))
                 AS unresolved
        FROM (SELECT g, i, timestamptz '2011-12-20 00:00+00' + floor(random() * 14 * 86400) * interval '1 second' AS at
              FROM generate_series(1, 2000) AS g, generate_series(0, g % 9) AS i) AS random_start
        GROUP BY g) AS c;

-- By their definition: the ends of each interval by AT TIME ZONE. What happens again on a day has a number.
CREATE TEMP VIEW expected AS
  WITH stretch AS (
    SELECT g, zone, late_from, i, place FROM random_conversation, unnest(unresolved) WITH ORDINALITY AS u (i, place)
  ),
  change AS (
    SELECT g, zone, CASE place WHEN 1 THEN 'opened' ELSE 'reopened' END AS kind, lower(i) AS at FROM stretch
    UNION ALL SELECT g, zone, 'closed', upper(i) FROM stretch WHERE NOT upper_inf(i)
    UNION ALL SELECT g, zone, 'late', greatest(lower(i), late_from) FROM stretch WHERE late_from < coalesce(upper(i), 'infinity')
    UNION ALL SELECT g, zone, 'late_closed', upper(i) FROM stretch WHERE late_from < upper(i)
    UNION ALL SELECT g, zone, k, e FROM random_conversation, unnest(snoozed) AS s
              CROSS JOIN LATERAL (VALUES ('snoozed', lower(s)), ('unsnoozed', upper(s))) AS v (k, e) WHERE e IS NOT NULL
  ),
  numbered AS (
    SELECT g, kind, day, row_number() OVER (PARTITION BY g, kind, day) AS number
    FROM change CROSS JOIN LATERAL (SELECT (at AT TIME ZONE zone)::date AS day) AS d
  )
  SELECT g, array_agg(element ORDER BY element COLLATE "C") AS changes
  FROM numbered
  CROSS JOIN LATERAL (SELECT kind || ' ' || day || CASE WHEN number > 1 THEN format(' (%s)', number) ELSE '' END) AS e (element)
  GROUP BY g;
SELECT set_eq($$
  SELECT g, (SELECT array_agg(c ORDER BY c COLLATE "C")
             FROM unnest(ttr.backlog_changes(NULL, NULL, unresolved, snoozed, late_from, zone)) AS c)
  FROM random_conversation $$, 'TABLE expected', 'the ends of all intervals, by AT TIME ZONE: 2,000 random conversations');

-- Summed up, over all conversations: what is there at the end of a day in UTC.
CREATE TEMP VIEW summed AS
  SELECT day, sum(CASE kind WHEN 'opened' THEN 1 WHEN 'reopened' THEN 1 WHEN 'closed' THEN -1 ELSE 0 END) AS unresolved,
         sum(CASE kind WHEN 'snoozed' THEN 1 WHEN 'unsnoozed' THEN -1 ELSE 0 END) AS snoozed,
         sum(CASE kind WHEN 'late' THEN 1 WHEN 'late_closed' THEN -1 ELSE 0 END) AS late
  FROM generate_series(date '2011-12-20', '2012-01-10', '1 day') AS day
  JOIN (SELECT split_part(c, ' ', 1) AS kind, split_part(c, ' ', 2)::date AS changed
        FROM random_conversation, unnest(ttr.backlog_changes(NULL, NULL, unresolved, snoozed, late_from, 'UTC')) AS c) AS change
    ON changed <= day
  GROUP BY day;
SELECT set_eq('SELECT day::date, unresolved, snoozed, late FROM summed', $$
  SELECT day::date, count(*) FILTER (WHERE unresolved @> ends_at) AS unresolved, count(*) FILTER (WHERE snoozed @> ends_at) AS snoozed,
         count(*) FILTER (WHERE unresolved @> ends_at AND late_from <= ends_at) AS late
  FROM random_conversation, generate_series(date '2011-12-20', '2012-01-10', '1 day') AS day
  CROSS JOIN LATERAL (SELECT (day::timestamp + interval '1 day' - interval '1 microsecond') AT TIME ZONE 'UTC' AS ends_at) AS e
  GROUP BY day $$, 'summed up they are what is there at the end of each day');

SELECT is(count(*), 0::bigint, 'no array has an element twice')
FROM random_conversation CROSS JOIN LATERAL (SELECT ttr.backlog_changes(NULL, NULL, unresolved, snoozed, late_from, zone) AS c) AS b
WHERE cardinality(c) <> (SELECT count(DISTINCT e) FROM unnest(c) AS e);

SELECT * FROM finish();
ROLLBACK;
