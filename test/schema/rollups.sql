-- Rollups: what a change marks, that a refresh takes just that, and that every figure is what the facts say after whatever
-- happened to them.
BEGIN;
SELECT plan(90);

\ir facts.psql
\ir random_changes.psql

CREATE FUNCTION pg_temp.hours_marked() RETURNS text[] LANGUAGE sql AS
$$SELECT array_agg(DISTINCT to_char(hour AT TIME ZONE 'UTC', 'DD HH24') ORDER BY to_char(hour AT TIME ZONE 'UTC', 'DD HH24'))
  FROM ttr_data.mark$$;

SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr_data.mark', 'a refresh takes the marks');
SELECT pg_temp.add('a', 'closed', '2025-05-01 08:10+00', '2025-05-02 09:20+00', 'ann@x');
SELECT is(pg_temp.hours_marked(), '{"01 08","02 09"}', 'a new conversation marks the hours of its start and its resolution');
SELECT is((SELECT days_marked FROM ttr.freshness), 2::bigint, 'and ttr.freshness tells how many days these are');
SELECT is((SELECT is_fresh FROM ttr.freshness), false, 'which are not in the figures yet');
SELECT ttr.refresh();
SELECT is((SELECT is_fresh FROM ttr.freshness), true, 'a refresh makes them fresh');
UPDATE ttr_data.conversation SET resolved_at = '2025-05-03 10:30+00';
SELECT is(pg_temp.hours_marked(), '{"01 08","02 09","03 10"}', 'a change marks where it was and where it is now');
SELECT ttr.refresh();
DELETE FROM ttr_data.conversation;
SELECT is(pg_temp.hours_marked(), '{"01 08","03 10"}', 'one that is deleted marks where it was');
SELECT ttr.refresh();
SELECT is((SELECT total_closed FROM ttr.overall), 0::bigint, 'and is in no figure any more');
SELECT is_empty('SELECT * FROM ttr_data.daily_rollup', 'nor in a rollup');

SAVEPOINT before;
SELECT pg_temp.add('a', 'open', '2025-05-01 08:10+00', NULL);
ROLLBACK TO before;
UPDATE ttr_data.conversation SET state = 'closed';
UPDATE ttr_data.setting SET target_seconds = 60 WHERE target_seconds = 1;
SELECT is_empty('SELECT * FROM ttr_data.mark', 'what was rolled back, and a statement that finds no row, mark nothing');
TRUNCATE ttr_data.conversation;
SELECT results_eq('SELECT hour, teammate_id FROM ttr_data.mark', 'VALUES (NULL::timestamptz, NULL::text)', 'TRUNCATE marks everything');
SELECT ttr.refresh();

-- What is counted depends on these too.
SELECT pg_temp.add('a', 'closed', '2025-05-01 23:10+00', '2025-05-01 23:20+00');
UPDATE ttr_data.conversation SET assignee_id = '7';
INSERT INTO ttr_data.teammate (teammate_id, email, email_version, load_id) VALUES ('7', 'ann@x', now(), 1), ('8', 'bob@x', now(), 1);
SELECT ttr.refresh();
UPDATE ttr_data.teammate SET email_version = email_version + interval '1 day';
SELECT is_empty('SELECT * FROM ttr_data.mark', 'a teammate that is confirmed marks nothing');
UPDATE ttr_data.teammate SET email = 'kim@x' WHERE teammate_id = '7';
SELECT results_eq('SELECT hour, teammate_id FROM ttr_data.mark', $$VALUES (NULL::timestamptz, '7' COLLATE "C")$$,
                  'one with another address is marked');
SELECT ttr.refresh();
SELECT results_eq('SELECT assignee, total_closed FROM ttr.by_assignee', $$VALUES ('kim@x', 1::bigint)$$,
                  'and its conversations count for that');
UPDATE ttr_data.setting SET reporting_time_zone = 'Europe/Berlin';
SELECT ttr.refresh();
SELECT results_eq('SELECT day, begins_at, total_closed FROM ttr.daily',
                  $$VALUES ('2025-05-02'::date, '2025-05-01 22:00+00'::timestamptz, 1::bigint)$$,
                  'a change of the settings is in every figure');

SELECT refreshed_at AS before FROM ttr.freshness \gset
SELECT ttr.refresh();
SELECT is((SELECT refreshed_at FROM ttr.freshness), :'before', 'where nothing changed, a refresh writes nothing');

-- An export that brings nothing new makes what goes on older.
SELECT pg_temp.add('open', 'open', '2025-05-09 12:00+00', NULL);
INSERT INTO ttr_data.sla_policy (name, target_seconds) VALUES ('a day', 86400);
SELECT ttr.refresh();
SELECT results_eq('SELECT open_median_age_hours, open_past_target FROM ttr.overall', 'VALUES (12::double precision, 0::bigint)',
                  'what goes on is as old as the newest export');
UPDATE ttr_data.load SET exported_at = '2025-05-10 12:00+00';
SELECT ttr.refresh();
SELECT results_eq('SELECT open_median_age_hours, open_past_target FROM ttr.overall', 'VALUES (24::double precision, 0::bigint)',
                  'a newer one makes it older; exactly the target is kept');
UPDATE ttr_data.load SET exported_at = '2025-05-10 12:00:00.000001+00';
SELECT ttr.refresh();
SELECT results_eq($$SELECT total_running, running_past_target FROM ttr.sla WHERE policy = 'a day'$$, 'VALUES (1::bigint, 1::bigint)',
                  'a microsecond later it is missed');
UPDATE ttr_data.load SET exported_at = '2025-05-09 13:00+00';
SELECT ttr.refresh();
SELECT results_eq('SELECT open_median_age_hours, open_past_target FROM ttr.overall', 'VALUES (1::double precision, 0::bigint)',
                  'and when the newest load is taken from the ledger, it is kept again');

SAVEPOINT before;
DELETE FROM ttr_data.load;
SELECT ttr.refresh();
SELECT results_eq('SELECT total_open, open_median_age_hours, open_past_target FROM ttr.overall',
                  'VALUES (1::bigint, NULL::double precision, 0::bigint)',
                  'without any export what goes on has no age');
SELECT is_empty('SELECT * FROM ttr.check()', 'and everything else is as the facts say');
ROLLBACK TO before;

-- Everything is as right without the indexes.
DROP INDEX ttr_data.conversation_placed_at;
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT lives_ok('SELECT ttr.refresh()', 'a refresh builds an index that is missing, and not those that are there');

-- Every day, week, month and hour has its row; a mistyped year does not have them all.
SELECT pg_temp.add('b', 'closed', '2025-07-09 12:00+02', '2025-07-09 14:30+02');
SELECT pg_temp.add('mistyped', 'closed', '1025-05-01 12:00+00', '1025-05-01 13:00+00');
SELECT ttr.refresh();
SELECT results_eq('SELECT count(*), min(day), max(day), sum(total_closed) FROM ttr.daily',
                  $$VALUES (70::bigint, '1025-05-01'::date, '2025-07-09'::date, 3::numeric)$$, 'every day from the first to the last');
SELECT results_eq('SELECT month, begins_at, total_closed, median_hours FROM ttr.monthly ORDER BY month OFFSET 1',
                  $$VALUES ('2025-05-01'::date, '2025-04-30 22:00+00'::timestamptz, 1::bigint, 1::double precision / 6),
                           ('2025-06-01', '2025-05-31 22:00+00', 0, NULL), ('2025-07-01', '2025-06-30 22:00+00', 1, 2.5)$$,
                  'a month in which nothing was resolved has a count of 0 and no figures');
SELECT is((SELECT count(*) FROM ttr.weekly), 12::bigint, 'weeks likewise');
SELECT results_eq($$SELECT min(ends_at), max(ends_at), count(*), avg(median_hours) FROM ttr.rolling_24h
                    WHERE total_closed > 0 AND ends_at > '2025-07-01'$$,
                  $$VALUES ('2025-07-09 13:00+00'::timestamptz, '2025-07-10 12:00+00'::timestamptz, 24::bigint, 2.5::double precision)$$,
                  'a conversation is in the 24 hours that end at each of the next 24 hours');
SELECT results_eq('SELECT weekday, hour, total_closed FROM ttr.by_weekday_hour WHERE total_closed > 0 ORDER BY 1, 2',
                  $$VALUES (3, 12, 1::bigint), (5, 1, 1), (7, 12, 1)$$,
                  'weekdays and hours are those of the start, on the clock of the reporting zone');
SELECT is((SELECT count(*) FROM ttr.by_weekday_hour), 168::bigint, 'there are 168 of them');

-- The days before and after the longest night in Berlin.
TRUNCATE ttr_data.conversation;
SELECT pg_temp.add(n::text, 'closed', '2025-10-25 00:00+02'::timestamptz + n * interval '30 minutes',
                   '2025-10-25 00:20+02'::timestamptz + n * interval '30 minutes')
FROM generate_series(0, 145) AS n;
SELECT ttr.refresh();
SELECT results_eq('SELECT day, total_closed FROM ttr.daily ORDER BY day',
                  $$VALUES ('2025-10-25'::date, 48::bigint), ('2025-10-26', 50), ('2025-10-27', 48)$$, 'a day of 25 hours has them all');
SELECT is_empty('SELECT ends_at, total_closed FROM ttr.rolling_24h WHERE total_closed <> 48 AND ends_at > ''2025-10-26 00:00+02''
                 AND ends_at <= ''2025-10-28 00:00+01''', 'and the 24 hours that end at each hour remain 24');

-- In India midnight lies within an hour of UTC.
TRUNCATE ttr_data.conversation;
UPDATE ttr_data.setting SET reporting_time_zone = 'Asia/Kolkata';
SELECT ttr.refresh();
SELECT pg_temp.add('1', 'closed', '2025-05-05 23:30+05:30', '2025-05-05 23:50+05:30');
SELECT pg_temp.add('2', 'closed', '2025-05-06 00:05+05:30', '2025-05-06 00:15+05:30');
SELECT ttr.refresh();
DELETE FROM ttr_data.conversation WHERE conversation_id = '1';
SELECT ttr.refresh();
SELECT results_eq('SELECT day, total_closed FROM ttr.daily', $$VALUES ('2025-05-06'::date, 1::bigint)$$,
                  'an hour with a midnight within it is of both days');
UPDATE ttr_data.setting SET reporting_time_zone = 'Europe/Berlin';

-- In Havana the clock goes from 1 back to 0 at night: that Sunday has two midnights.
TRUNCATE ttr_data.conversation;
UPDATE ttr_data.setting SET reporting_time_zone = 'America/Havana';
SELECT ttr.refresh();
SELECT pg_temp.add('1', 'closed', '2025-11-02 00:10-04', '2025-11-02 00:30-04');
SELECT ttr.refresh();
SELECT results_eq('SELECT day, begins_at, total_closed FROM ttr.daily',
                  $$VALUES ('2025-11-02'::date, '2025-11-02 00:00-04'::timestamptz, 1::bigint)$$,
                  'a day begins with the first of two midnights');
SELECT is_empty('SELECT * FROM ttr.check()', 'in every figure');
UPDATE ttr_data.setting SET reporting_time_zone = 'Europe/Berlin';

-- Cohorts: what became of a week.
TRUNCATE ttr_data.conversation;
UPDATE ttr_data.load SET exported_at = '2025-05-25 23:59:59+02';
SELECT pg_temp.add('1', 'closed', '2025-05-05 00:00+02', '2025-05-05 01:00+02');
SELECT pg_temp.add('2', 'closed', '2025-05-05 00:00+02', '2025-05-06 00:00+02');
SELECT pg_temp.add('3', 'closed', '2025-05-11 23:00+02', '2025-05-17 23:00+02');
SELECT pg_temp.add('4', 'open', '2025-05-11 23:00+02', NULL);
SELECT pg_temp.add('5', 'open', '2025-05-12 00:00+02', NULL);
SELECT ttr.refresh();
SELECT results_eq('SELECT * FROM ttr.cohorts ORDER BY week',
  $$VALUES ('2025-05-05'::date, '2025-05-04 22:00+00'::timestamptz, 4::bigint, 0.25::double precision, 0.25::double precision,
            0.5::double precision, 0.5::double precision, 0.75::double precision, 1::bigint,
            24::double precision, NULL::double precision, 4::bigint, 0.5::double precision, true),
           ('2025-05-12', '2025-05-11 22:00+00', 1, 0, 0, 0, 0, 0, 1, NULL, NULL, 1, 0, false)$$,
  'shares are of all that started in the week; it is complete when each of them had seven days');
SELECT results_eq('SELECT time_to_resolution, total_closed, share, cumulative_share
                   FROM ttr.distribution_of_resolution WHERE total_closed > 0',
  $$VALUES ('30 minutes to 1 hour', 1::bigint, 1::double precision / 3, 1::double precision / 3),
           ('12 to 24 hours', 1, 1::double precision / 3, 2::double precision / 3), ('3 to 7 days', 1, 1::double precision / 3, 1)$$,
  'a time at a bound is within it');

-- Whatever happens: every figure is what the facts say.
SELECT setseed(0.35);
CREATE FUNCTION pg_temp.follow(steps integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  FOR step IN 1..steps LOOP
    PERFORM pg_temp.change() FROM generate_series(0, pg_temp.dice(4));
    RETURN NEXT is_empty('SELECT pg_temp.differences_of_summary()',
                         format('with the marks of step %s the summary is what the facts say', step));
    PERFORM ttr.refresh();
    RETURN NEXT is_empty('SELECT * FROM ttr.check()', format('after %s random changes every figure is what the facts say', step));
  END LOOP;
END
$$;
SELECT pg_temp.follow(24);

-- What followed change by change is what a recomputation of everything gives, and that check() sees a difference.
SELECT pg_temp.add_conversation(n::text) FROM generate_series(1, 100) AS n;
-- Of several years an early one changes, and both sides of the end of one; then a year has nothing left.
SELECT pg_temp.add('year ' || n, 'closed', '2019-12-31 12:00+00'::timestamptz + n * interval '1 year',
                   '2020-01-01 12:00+00'::timestamptz + n * interval '1 year', 'year ' || n % 2, '{year}')
FROM generate_series(0, 3) AS n;
SELECT pg_temp.add('turn', 'closed', '2021-12-30 12:00+00', '2021-12-31 12:00+00', 'turn', '{year}');
SELECT ttr.refresh();
UPDATE ttr_data.conversation SET resolved_at = resolved_at + interval '1 hour' WHERE conversation_id IN ('year 0', 'year 2', 'turn');
SELECT ttr.refresh();
CREATE TEMPORARY TABLE of_years ON COMMIT DROP AS SELECT r::text AS content FROM ttr_data.cumulative_rollup AS r;
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT ttr.refresh();
SELECT bag_eq('SELECT r::text FROM ttr_data.cumulative_rollup AS r', 'TABLE pg_temp.of_years',
              'where some years change, all that are accumulated with them follow');
DELETE FROM ttr_data.conversation WHERE conversation_id = 'year 3';
SELECT ttr.refresh();
CREATE TEMPORARY VIEW kept AS
SELECT 'daily' AS rollup, r::text AS content FROM ttr_data.daily_rollup AS r
UNION ALL SELECT 'hourly', r::text FROM ttr_data.hourly_rollup AS r
UNION ALL SELECT 'start', r::text FROM ttr_data.start_rollup AS r
UNION ALL SELECT 'sla', r::text FROM ttr_data.sla_rollup AS r
UNION ALL SELECT '24h', r::text FROM ttr_data.rolling_24h AS r
UNION ALL SELECT 'weekly', r::text FROM ttr_data.weekly_rollup AS r
UNION ALL SELECT 'monthly', r::text FROM ttr_data.monthly_rollup AS r
UNION ALL SELECT 'yearly', r::text FROM ttr_data.yearly_rollup AS r
UNION ALL SELECT 'cumulative', r::text FROM ttr_data.cumulative_rollup AS r
UNION ALL SELECT 'cohort', r::text FROM ttr_data.cohort_rollup AS r
UNION ALL SELECT 'weekday', r::text FROM ttr_data.weekday_rollup AS r
UNION ALL SELECT 'monthly sla', r::text FROM ttr_data.monthly_sla_rollup AS r;
CREATE TEMPORARY TABLE followed ON COMMIT DROP AS TABLE pg_temp.kept;
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT ttr.refresh();
SELECT bag_eq('TABLE pg_temp.kept', 'TABLE followed', 'rollups that followed each change are those of a recomputation');

-- A day that loses its conversations leaves nothing behind, in no period.
SELECT pg_temp.add('alone', 'closed', '2031-05-05 12:00+00', '2031-05-06 12:00+00', 'alone@x', '{alone}');
SELECT ttr.refresh();
DELETE FROM ttr_data.conversation WHERE conversation_id = 'alone';
SELECT is((SELECT count(*) FROM ttr_data.mark WHERE hour IS NULL), 0::bigint, 'which marks two hours');
SELECT ttr.refresh();
SELECT bag_eq('TABLE pg_temp.kept', 'TABLE followed', 'what comes and goes leaves no row behind');
UPDATE ttr_data.daily_rollup SET sla_breaches = sla_breaches + 1
WHERE dimension = 'tag' AND day = (SELECT min(day) FROM ttr_data.daily_rollup WHERE dimension = 'tag' AND total_closed > 0);
SELECT isnt_empty($$SELECT * FROM ttr.check()
                    WHERE view = 'daily_by_tag' AND figure = 'sla_breaches' AND published = (from_facts::integer + 1)::text$$,
                  'check() tells a figure that is not what the facts say');
ALTER TABLE ttr_data.conversation DISABLE TRIGGER USER;
SELECT pg_temp.add_conversation('unseen') FROM generate_series(1, 10);
SELECT is((SELECT from_facts::integer - published::integer FROM ttr.check() WHERE view = 'overall' AND figure = 'total'), 1,
          'and what no trigger saw');

SELECT * FROM finish();
ROLLBACK;
