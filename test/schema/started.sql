-- Figures of all that started, whether it has ended or not, and the days that the exports cover.
BEGIN;
SELECT plan(28);

\ir facts.psql
-- The newest export is of Saturday 10 May 2025, 00:00 UTC.

SELECT ttr.refresh();
SELECT results_eq(
  'SELECT started_median_hours, started_share_within_24h, total_due, due_met_ratio FROM ttr.overall',
  'VALUES (NULL::double precision, NULL::double precision, 0::bigint, NULL::double precision)', 'without conversations there is no figure');

-- The example of Kaplan and Meier, in hours: four ended, and four have not.
SELECT pg_temp.add('ended ' || h, 'closed', '2025-05-09 00:00+00', '2025-05-09 00:00+00'::timestamptz + h * interval '1 hour')
FROM unnest(ARRAY[0.8, 3.1, 5.4, 9.2]) AS h;
SELECT pg_temp.add('runs ' || h, 'open', '2025-05-10 00:00+00'::timestamptz - h * interval '1 hour', NULL)
FROM unnest(ARRAY[1, 2.7, 7, 12.1]) AS h;
SELECT ttr.refresh();
SELECT results_eq(
  'SELECT median_hours, started_median_hours, started_p95_hours, share_within_24h, started_share_within_24h FROM ttr.overall',
  'VALUES (4.25::double precision, 9.2::double precision, NULL::double precision, 1::double precision, NULL::double precision)',
  'the median of the ended flatters, and of what nobody has seen yet nothing is said');
SELECT results_eq('SELECT week, started_median_hours FROM ttr.cohorts', $$VALUES ('2025-05-05'::date, 9.2::double precision)$$,
                  'a week of start has the same');
SELECT is_empty('SELECT * FROM ttr.check()', 'and it follows from the facts');

-- A newer export, which changes no conversation: the four are a day older, and nothing else was read.
UPDATE ttr_data.load SET exported_at = '2025-05-11 00:00+00';
SELECT ttr.refresh();
SELECT results_eq('SELECT started_median_hours, started_share_within_24h FROM ttr.overall',
                  'VALUES (9.2::double precision, 0.5::double precision)',
                  'what runs gets older with the newest export: half of all eight had ended by 24 hours');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- Its clock is that of the time to resolution: without the time it was snoozed.
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add('open again', 'open', '2025-05-10 10:00+00', NULL,
                   open => '{[2025-05-10 10:00+00,2025-05-10 11:00+00),[2025-05-10 22:00+00,)}');
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-10 00:00+00', NULL, open => '{[2025-05-10 00:00+00,2025-05-10 02:30+00)}');
SELECT pg_temp.add('2h', 'closed', '2025-05-10 00:00+00', '2025-05-10 02:00+00');
SELECT pg_temp.add('4h', 'closed', '2025-05-10 00:00+00', '2025-05-10 04:00+00');
SELECT ttr.refresh();
SELECT results_eq('SELECT open_since AT TIME ZONE ''UTC'', paused_seconds FROM ttr_data.counted WHERE state <> ''closed'' ORDER BY 1',
                  $$VALUES ('2025-05-10 21:00'::timestamp, NULL::double precision), (NULL, 9000)$$,
                  'an open one has 3 hours so far, a snoozed one 2.5');
SELECT is((SELECT started_median_hours FROM ttr.overall), 4::double precision, 'at 4 hours both were seen for less');
UPDATE ttr_data.load SET exported_at = '2025-05-11 02:00+00';
SELECT ttr.refresh();
SELECT results_eq(
  $$SELECT ttr.survival(ttr_data.both(span, timeline), ttr_data.both(ttr.ages(open_since, date_part('epoch', data_as_of)), paused),
                        3.9 * 3600)
    FROM ttr_data.total_rollup, ttr_data.refreshed WHERE dimension = 'all'$$, 'VALUES (0.75::double precision)',
  'two hours later the open one has 5 hours, and the snoozed one no more');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- Those that had the time: of whole days whose target was over at the newest export.
DELETE FROM ttr_data.conversation;
UPDATE ttr_data.load SET exported_at = '2025-05-10 12:00+00';
SELECT pg_temp.add('in time', 'closed', '2025-05-07 23:00+00', '2025-05-08 22:00+00');
SELECT pg_temp.add('too late', 'closed', '2025-05-08 09:00+00', '2025-05-09 10:00+00');
SELECT pg_temp.add('not yet', 'open', '2025-05-08 23:59+00', NULL);
SELECT pg_temp.add('paused', 'snoozed', '2025-05-08 08:00+00', NULL, open => '{[2025-05-08 08:00+00,2025-05-08 09:00+00)}');
SELECT pg_temp.add('too young', 'closed', '2025-05-09 00:00+00', '2025-05-09 01:00+00');
SELECT ttr.refresh();
SELECT results_eq('SELECT sla_met_ratio, total_due, due_met_ratio FROM ttr.overall',
                  'VALUES (2 / 3::double precision, 4::bigint, 0.25::double precision)',
                  'whatever state they are in; Friday does not count yet, because some had less than 24 hours');
SELECT results_eq('SELECT total_due, due_met_ratio FROM ttr.sla', 'VALUES (4::bigint, 0.25::double precision)', 'and so by SLA policy');
SELECT results_eq('SELECT week, total_due, due_met_ratio FROM ttr.cohorts',
                  $$VALUES ('2025-05-05'::date, 4::bigint, 0.25::double precision)$$, 'and by week of start');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- Four working hours: Friday's from 13:00 on, so that of Thursday all had the time, and of Friday some had not.
INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 09:00-17:00');
INSERT INTO ttr_data.sla_policy (name, target_seconds, calendar) VALUES ('four hours', 4 * 3600, 'office');
SELECT ttr.refresh();
SELECT results_eq('SELECT policy, total_due, due_met_ratio FROM ttr.sla ORDER BY policy',
                  $$VALUES ('four hours', 4::bigint, 0::double precision), (NULL, 0, NULL)$$, 'a policy goes by its calendar');
UPDATE ttr_data.sla_policy SET target_seconds = 9 * 3600;
SELECT ttr.refresh();
SELECT is((SELECT total_due FROM ttr.sla WHERE policy = 'four hours'), 1::bigint, 'nine hours, and Thursday does not count yet either');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
-- A wait runs from a message, and not from the start: no day is known by which its target is over.
UPDATE ttr_data.sla_policy SET metric = 'waiting';
SELECT ttr.refresh();
SELECT is((SELECT total_due FROM ttr.sla WHERE policy = 'four hours'), 0::bigint, 'a promise about waits is due by no day');
UPDATE ttr_data.sla_policy SET metric = 'resolution';
-- An export that is dated before all days of the calendar.
UPDATE ttr_data.load SET exported_at = '1970-01-01 00:00+00';
SELECT lives_ok('SELECT ttr.refresh()', 'an export may be dated before all days of a calendar');
SELECT is((SELECT total_due FROM ttr.sla WHERE policy = 'four hours'), 0::bigint, 'and nothing is due then');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
UPDATE ttr_data.load SET exported_at = '2025-05-10 12:00+00';

-- Covered days. A conversation every weekday of March, each of 10 to 30 hours; exported in May, with some left open.
DELETE FROM ttr_data.conversation;
DELETE FROM ttr_data.sla_policy;
SELECT pg_temp.add('march ' || n, 'closed', at, at + (10 + n % 21) * interval '1 hour')
FROM generate_series(0, 30) AS n
CROSS JOIN LATERAL (SELECT '2025-03-01 12:00+00'::timestamptz + n * interval '1 day' AS at) AS t
WHERE extract(isodow FROM at) < 6;
SELECT pg_temp.add('slow', 'closed', '2025-03-28 12:00+00', '2025-04-20 12:00+00');
SELECT ttr.refresh();
SELECT results_eq('SELECT covered_days FROM ttr_data.refreshed', $$VALUES ('{[2025-03-05,2025-04-03)}'::datemultirange)$$,
                  'not the first two days after the first start, nor what is left after the last one and a weekend');
SELECT pg_temp.add('stray ' || day, 'closed', day, day + interval '1 hour')
FROM unnest(ARRAY['2025-02-20 12:00+00', '2025-04-10 12:00+00']::timestamptz[]) AS day;
SELECT pg_temp.add('more ' || n || ' ' || i, 'closed', at, at + interval '20 hours')
FROM generate_series(0, 30) AS n CROSS JOIN generate_series(1, 15) AS i
CROSS JOIN LATERAL (SELECT '2025-03-01 12:00+00'::timestamptz + n * interval '1 day' AS at) AS t
WHERE extract(isodow FROM at) < 6;
SELECT ttr.refresh();
SELECT results_eq('SELECT lower(covered_days), upper(covered_days) FROM ttr_data.refreshed',
                  $$VALUES ('2025-03-04'::date, '2025-04-03'::date)$$,
                  'and one stray conversation before or after them changes nothing');
DELETE FROM ttr_data.conversation WHERE conversation_id LIKE 'stray%' OR conversation_id LIKE 'more%';
SELECT ttr.refresh();
SELECT results_eq('SELECT min(day), max(day), bool_and(day BETWEEN ''2025-03-05'' AND ''2025-04-02'') FROM ttr.daily WHERE is_covered',
                  $$VALUES ('2025-03-05'::date, '2025-04-02'::date, true)$$, 'ttr.daily says so');
SELECT results_eq('SELECT count(*) FILTER (WHERE is_covered) FROM ttr.weekly
                   UNION ALL SELECT count(*) FILTER (WHERE is_covered) FROM ttr.monthly',
                  'VALUES (3::bigint), (0::bigint)', 'a week or a month is covered if all of its days are');
SELECT results_eq('SELECT min(day), max(day) FROM ttr.rolling_7d WHERE is_covered', $$VALUES ('2025-03-11'::date, '2025-04-02'::date)$$,
                  'and so are seven days');
-- Snoozed for four days each, open for the same hours: what is missing at the head is missing for longer.
UPDATE ttr_data.conversation
SET resolved_at = resolved_at + interval '4 days',
    open_intervals = tstzmultirange(tstzrange(started_at, started_at + interval '1 hour'),
                                    tstzrange(started_at + interval '97 hours', resolved_at + interval '4 days'))
WHERE conversation_id LIKE 'march%';
SELECT ttr.refresh();
SELECT results_eq('SELECT lower(covered_days) FROM ttr_data.refreshed', $$VALUES ('2025-03-09'::date)$$,
                  'the head is as long as conversations take on the wall, snoozed or not');
UPDATE ttr_data.conversation SET resolved_at = resolved_at - interval '4 days', open_intervals = NULL WHERE conversation_id LIKE 'march%';
UPDATE ttr_data.load SET exported_at = '2025-04-01 06:00+00';
DELETE FROM ttr_data.conversation WHERE conversation_id = 'slow';
SELECT ttr.refresh();
SELECT results_eq('SELECT covered_days FROM ttr_data.refreshed', $$VALUES ('{[2025-03-05,)}'::datemultirange)$$,
                  'where starts go on until the newest export, nothing ends');

SELECT * FROM finish();
ROLLBACK;
