-- Calendars of the settings and of policies: compiled by themselves, for the days that the facts need.
BEGIN;
SELECT plan(27);

\ir facts.psql

-- Friday 16:00 to Monday 10:00 in Berlin, where summer time began on that Sunday; and one of the same length in UTC.
SELECT pg_temp.add('weekend', 'closed', '2025-03-28 16:00+01', '2025-03-31 10:00+02');
SELECT pg_temp.add('snoozed', 'closed', '2025-05-05 09:00+02', '2025-05-06 11:00+02',
                   open => '{[2025-05-05 09:00+02, 2025-05-05 10:00+02), [2025-05-06 10:00+02, 2025-05-06 11:00+02)}');
SELECT pg_temp.add('open', 'open', '2025-05-09 16:00+02', NULL);

SELECT ttr.refresh();
SELECT results_eq('SELECT business_median_hours, business_p95_hours FROM ttr.overall',
                  'VALUES (NULL::double precision, NULL::double precision)',
                  'without a calendar there are no business hours');

INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'Europe/Berlin', 'mon-fri 09:00-17:00');
SELECT results_eq(
  'SELECT from_day, to_day >= ''2028-01-01'' FROM ttr_data.calendar',
  $$VALUES ('2025-01-01'::date, true)$$, 'a calendar covers the years of the facts, and what follows');
SELECT results_eq('SELECT lower(covered), upper(covered) FROM ttr_data.calendar',
                  $$SELECT from_day::timestamp AT TIME ZONE 'Europe/Berlin', to_day::timestamp AT TIME ZONE 'Europe/Berlin'
                    FROM ttr_data.calendar$$, 'from midnight to midnight of its own zone');
SELECT results_eq('SELECT working_time FROM ttr_data.calendar',
                  $$SELECT ttr.business_calendar('mon-fri 09:00-17:00', 'Europe/Berlin', from_day, to_day) FROM ttr_data.calendar$$,
                  'what is compiled is what business_calendar() gives');

UPDATE ttr_data.setting SET calendar = 'office';
SELECT results_eq('SELECT conversation_id COLLATE "default", business_seconds FROM ttr.conversations ORDER BY 1',
                  $$VALUES ('open', NULL), ('snoozed', 7200::double precision), ('weekend', 7200)$$,
                  'nights, weekends and snoozed time do not count');
SELECT is((SELECT business_age_seconds FROM ttr.open_conversations), 3600::double precision,
          'an open conversation ages by an hour on a Friday afternoon, up to the newest export');
SELECT ttr.refresh();
SELECT results_eq('SELECT business_median_hours, business_p95_hours FROM ttr.overall',
                  'VALUES (2::double precision, 2::double precision)', 'the figures follow at the next refresh');

UPDATE ttr_data.calendar SET exceptions = '2025-03-31; 2025-05-05 09:30-12:00';
SELECT ttr.refresh();
SELECT results_eq('SELECT conversation_id COLLATE "default", business_seconds FROM ttr.conversations WHERE is_closed ORDER BY 1',
                  $$VALUES ('snoozed', 5400::double precision), ('weekend', 3600)$$,
                  'exceptions count as soon as they are written');
SELECT is((SELECT business_median_hours FROM ttr.overall), 1.25::double precision, 'and in the figures');
UPDATE ttr_data.calendar SET time_zone = 'UTC', exceptions = '';
SELECT ttr.refresh();
SELECT results_eq('SELECT conversation_id COLLATE "default", business_seconds FROM ttr.conversations WHERE is_closed ORDER BY 1',
                  $$VALUES ('snoozed', 0::double precision), ('weekend', 7200)$$, 'so does another zone');

UPDATE ttr_data.calendar SET name = 'team';
SELECT is((SELECT calendar FROM ttr_data.setting), 'team', 'a calendar can be renamed');
SELECT throws_ok('DELETE FROM ttr_data.calendar', '23503', NULL, 'one that is in use cannot be deleted');
UPDATE ttr_data.calendar SET working_time = '{}', covered = 'empty';
SELECT ok((SELECT NOT isempty(working_time) AND NOT isempty(covered) FROM ttr_data.calendar),
          'what is compiled cannot be written by hand');

-- Facts beyond the days that are covered.
SELECT pg_temp.add('old', 'closed', '2019-06-03 00:00+00', '2019-06-04 00:00+00');
SELECT is((SELECT business_seconds FROM ttr.conversations WHERE conversation_id = 'old'), NULL,
          'outside of the days that are covered business time is not known');
SELECT ttr.refresh();
SELECT is((SELECT from_day FROM ttr_data.calendar), '2019-01-01'::date, 'a refresh covers them');
SELECT is((SELECT business_seconds FROM ttr.conversations WHERE conversation_id = 'old'), 28800::double precision,
          'and then it is known');
SELECT pg_temp.add('mistyped', 'closed', '1025-06-03 00:00+00', '9025-06-04 00:00+00');
SELECT lives_ok('SELECT ttr.refresh()', 'a mistyped year does not blow calendars up');
SELECT is((SELECT business_seconds FROM ttr.conversations WHERE conversation_id = 'mistyped'), NULL,
          'its business time is not known');
SELECT ok((SELECT to_day - from_day < 60 * 366 FROM ttr_data.calendar), 'a calendar spans two generations at most');
SELECT ctid AS place FROM ttr_data.calendar \gset
SELECT ttr.refresh();
SELECT is((SELECT ctid FROM ttr_data.calendar), :'place', 'a calendar that covers everything is not written again');

-- The last hours of a year in New York are the first ones of the next in UTC.
SELECT is(ttr_data.first_day('2025-01-01 02:00+00'), '2024-01-01'::date, 'the first day is before the facts in every zone');

-- CET is a zone with summer time; AT TIME ZONE takes it for an offset.
INSERT INTO ttr_data.calendar (name, time_zone, weekly, from_day) VALUES ('always', 'CET', 'mon-sun 00:00-24:00', '2025-07-01');
SELECT is((SELECT covered FROM ttr_data.calendar WHERE name = 'always'),
          (SELECT range_merge(working_time) FROM ttr_data.calendar WHERE name = 'always'), 'what is always open covers all');

-- A load of nothing needs no days.
SELECT from_day, to_day FROM ttr_data.calendar WHERE name = 'always' \gset
SELECT ttr_data.extend_calendars(NULL, NULL);
SELECT results_eq($$SELECT from_day, to_day FROM ttr_data.calendar WHERE name = 'always'$$,
                  format('VALUES (%L::date, %L::date)', :'from_day', :'to_day'), 'without facts calendars stay as they are');

-- Wrong calendars.
SELECT throws_ok($$INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('x', 'Berlin', 'mon 9:00-17:00')$$,
                 '22023', NULL, 'an unknown zone is refused');
SELECT throws_ok($$INSERT INTO ttr_data.calendar (name, weekly) VALUES ('x', 'mon-fri 9 to 5')$$,
                 '22023', NULL, 'openings that cannot be read are refused');
SELECT throws_ok($$UPDATE ttr_data.calendar SET exceptions = 'christmas'$$, '22007', NULL,
                 'an exception that is no date is refused');
SELECT throws_ok($$UPDATE ttr_data.setting SET calendar = 'nowhere'$$, '23503', NULL,
                 'settings cannot name a calendar that is not there');

SELECT * FROM finish();
ROLLBACK;
