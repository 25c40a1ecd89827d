-- business_calendar(): working time, from hours of the week in a time zone.

BEGIN;
SELECT plan(91);
SET LOCAL TimeZone = 'UTC';

-- 2025-05-01 is a Thursday. Expected times are those of the zone's clock, with an offset where it is in doubt.

CREATE FUNCTION pg_temp.local_ranges(ranges text, zone text) RETURNS tstzmultirange LANGUAGE plpgsql AS $$
DECLARE
  result tstzmultirange;
BEGIN
  PERFORM set_config('TimeZone', zone, true);
  result := ranges::tstzmultirange;
  PERFORM set_config('TimeZone', 'UTC', true);
  RETURN result;
END $$;

SELECT is(ttr.business_calendar(weekly, zone, from_day::date, to_day::date, exceptions),
          pg_temp.local_ranges(ranges, zone), promise)
FROM (VALUES
  ('mon-fri 09:00-17:30', 'UTC', '2025-05-01', '2025-05-03', '',
   '{[2025-05-01 09:00,2025-05-01 17:30),[2025-05-02 09:00,2025-05-02 17:30)}', 'hours of weekdays'),
  ('mon-fri 09:00-17:30', 'UTC', '2025-05-03', '2025-05-05', '', '{}', 'a weekend without hours'),
  ('mon-fri 09:00-17:30; sat 10:00-14:00', 'Europe/Berlin', '2025-05-02', '2025-05-04', '',
   '{[2025-05-02 09:00,2025-05-02 17:30),[2025-05-03 10:00,2025-05-03 14:00)}', 'several parts, in a zone'),
  ('mon,wed,fri 09:00-12:00,13:00-17:00', 'UTC', '2025-05-01', '2025-05-03', '',
   '{[2025-05-02 09:00,2025-05-02 12:00),[2025-05-02 13:00,2025-05-02 17:00)}', 'lists of days and of times'),
  ('sat-sun 10:00-11:00', 'UTC', '2025-05-02', '2025-05-06', '',
   '{[2025-05-03 10:00,2025-05-03 11:00),[2025-05-04 10:00,2025-05-04 11:00)}', 'a weekend'),
  ('fri-mon 10:00-11:00', 'UTC', '2025-05-04', '2025-05-07', '',
   '{[2025-05-04 10:00,2025-05-04 11:00),[2025-05-05 10:00,2025-05-05 11:00)}', 'days around the end of the week'),
  (E'\tTHU - Friday,SAT   9:00 -\n10:00 ;; ', 'UTC', '2025-05-01', '2025-05-02', '',
   '{[2025-05-01 09:00,2025-05-01 10:00)}', 'capitals, long names and white space'),
  ('thu 09:00:30-09:00:31', 'UTC', '2025-05-01', '2025-05-02', '', '{[2025-05-01 09:00:30,2025-05-01 09:00:31)}', 'seconds'),
  ('thu 22:00-24:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01 22:00,2025-05-02 00:00)}', 'up to 24:00'),
  ('thu 22:00-24:00; fri 00:00-02:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01 22:00,2025-05-02 02:00)}',
   'openings that touch are one'),
  ('thu 22:00-06:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01 22:00,2025-05-02 06:00)}', 'across midnight'),
  ('thu 09:00-09:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01 09:00,2025-05-02 09:00)}',
   'from a time to the same time is a day'),
  ('thu 00:00-24:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01,2025-05-02)}', 'a whole day'),
  ('thu 00:00-00:00', 'UTC', '2025-05-01', '2025-05-03', '', '{[2025-05-01,2025-05-02)}', 'and the same in other words'),
  ('mon-sun 00:00-24:00', 'UTC', '2025-05-01', '2025-06-01', '', '{[2025-05-01,2025-06-01)}', 'always open'),
  ('', 'UTC', '2025-05-01', '2025-06-01', '', '{}', 'never open'),
  ('mon-sun 00:00-24:00', 'UTC', '2025-05-01', '2025-05-01', '', '{}', 'no days'),
  ('wed 22:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '', '{[2025-05-01 00:00,2025-05-01 06:00)}',
   'a night that begins on the day before counts from midnight on'),
  ('thu 22:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '', '{[2025-05-01 22:00,2025-05-02 00:00)}',
   'one that begins on the last day counts up to midnight'),
  ('wed 22:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '2025-04-30', '{}', 'the day before may be a holiday'),
  ('', 'UTC', '2025-05-01', '2025-05-02', '2025-04-30 20:00-03:00', '{[2025-05-01 00:00,2025-05-01 03:00)}',
   'or have hours of its own'),
  ('thu-fri 09:00-17:00', 'UTC', '2025-05-01', '2025-05-03', '2025-05-01', '{[2025-05-02 09:00,2025-05-02 17:00)}', 'a holiday'),
  ('thu-sat 09:00-17:00', 'UTC', '2025-05-01', '2025-05-04', ' 2025-05-01 .. 2025-05-02 ; ',
   '{[2025-05-03 09:00,2025-05-03 17:00)}', 'several holidays'),
  ('thu-fri 09:00-17:00', 'UTC', '2025-05-01', '2025-05-03', '2025-05-01 10:00-11:00, 12:00-13:00',
   '{[2025-05-01 10:00,2025-05-01 11:00),[2025-05-01 12:00,2025-05-01 13:00),[2025-05-02 09:00,2025-05-02 17:00)}',
   'other hours on a day'),
  ('', 'UTC', '2025-05-01', '2025-05-04', '2025-05-01..2025-05-02 10:00-11:00',
   '{[2025-05-01 10:00,2025-05-01 11:00),[2025-05-02 10:00,2025-05-02 11:00)}', 'other hours on several days'),
  ('thu 09:00-10:00', 'UTC', '2025-05-01', '2025-05-02', '2024-05-01; 2026-05-01', '{[2025-05-01 09:00,2025-05-01 10:00)}',
   'exceptions outside of the period change nothing'),
  ('fri 22:00-06:00', 'UTC', '2025-05-01', '2025-05-04', '2025-05-03', '{[2025-05-02 22:00,2025-05-03 06:00)}',
   'a holiday does not end the night before'),
  ('fri 22:00-06:00', 'UTC', '2025-05-01', '2025-05-04', '2025-05-02', '{}', 'and takes the whole of its own night'),
  ('fri 22:00-06:00', 'UTC', '2025-05-01', '2025-05-04', '2025-05-03 06:00-08:00', '{[2025-05-02 22:00,2025-05-03 08:00)}',
   'hours of an exception may touch the night before'),
  ('sun 01:00-04:00', 'Europe/Berlin', '2025-03-30', '2025-03-31', '', '{[2025-03-30 01:00+01,2025-03-30 04:00+02)}',
   'across the hour that clocks skip: two hours are left of three'),
  ('sun 02:00-03:00', 'Europe/Berlin', '2025-03-30', '2025-03-31', '', '{}', 'nothing is left of that hour itself'),
  ('sun 02:30-04:00', 'Europe/Berlin', '2025-03-30', '2025-03-31', '', '{[2025-03-30 03:00+02,2025-03-30 04:00+02)}',
   'what begins in it begins after it'),
  ('sun 01:00-02:30', 'Europe/Berlin', '2025-03-30', '2025-03-31', '', '{[2025-03-30 01:00+01,2025-03-30 02:00+01)}',
   'what ends in it ends before it'),
  ('sun 02:00-03:00', 'Europe/Berlin', '2025-10-26', '2025-10-27', '', '{[2025-10-26 02:00+02,2025-10-26 03:00+01)}',
   'the hour that clocks show twice counts twice'),
  ('sun 02:15-02:45', 'Europe/Berlin', '2025-10-26', '2025-10-27', '',
   '{[2025-10-26 02:15+02,2025-10-26 02:45+02),[2025-10-26 02:15+01,2025-10-26 02:45+01)}', 'and so does a part of it'),
  ('sat 22:00-06:00', 'Europe/Berlin', '2025-10-25', '2025-10-27', '', '{[2025-10-25 22:00+02,2025-10-26 06:00+01)}',
   'the night is nine hours long'),
  ('mon-sun 00:00-24:00', 'Pacific/Apia', '2011-12-29', '2012-01-01', '', '{[2011-12-29 00:00-10,2012-01-01 00:00+14)}',
   'a day that clocks skip is no gap'),
  ('fri 09:00-17:00', 'Pacific/Apia', '2011-12-29', '2012-01-01', '', '{}', 'and has no hours'),
  ('thu 22:00-06:00', 'Pacific/Apia', '2011-12-29', '2012-01-01', '', '{[2011-12-29 22:00-10,2011-12-31 00:00+14)}',
   'nor has the part of a night that falls on it'),
  ('sun 01:30-02:30', 'Australia/Lord_Howe', '2025-10-05', '2025-10-06', '',
   '{[2025-10-05 01:30+10:30,2025-10-05 02:00+10:30)}', 'half an hour is skipped'),
  ('sun 01:30-02:00', 'Australia/Lord_Howe', '2025-04-06', '2025-04-07', '',
   '{[2025-04-06 01:30+11,2025-04-06 02:00+10:30)}', 'or shown twice'),
  ('sun 00:00-02:00', 'Asia/Beirut', '2022-03-27', '2022-03-28', '', '{[2022-03-27 01:00+03,2022-03-27 02:00+03)}',
   'midnight itself is skipped'),
  ('sat 23:00-24:00', 'America/Sao_Paulo', '2018-02-17', '2018-02-18', '', '{[2018-02-17 23:00-02,2018-02-17 24:00-03)}',
   'the last hour of a day is shown twice'),
  ('mon-sun 00:00-24:00', 'America/St_Johns', '2006-10-28', '2006-10-29', '',
   '{[2006-10-28 00:00-02:30,2006-10-29 00:00-02:30),[2006-10-28 23:01-03:30,2006-10-29 00:00-03:30)}',
   'a minute after midnight clocks return to the day before, whose time that is'),
  ('fri 09:00-10:00', 'CET', '2025-08-01', '2025-08-02', '', '{[2025-08-01 09:00+02,2025-08-01 10:00+02)}',
   'CET is the zone of that name, with its summer time, and not the abbreviation'),
  ('fri 09:00-10:00', 'europe/berlin', '2025-08-01', '2025-08-02', '', '{[2025-08-01 09:00+02,2025-08-01 10:00+02)}',
   'names of zones are found in any case'),
  ('fri 09:00-10:00', 'XYZ-5:30', '2025-08-01', '2025-08-02', '', '{[2025-08-01 09:00+05:30,2025-08-01 10:00+05:30)}',
   'an offset as POSIX writes it'),
  ('fri 09:00-10:00', 'Europe/Berlin', '1800-08-01', '1800-08-02', '',
   '{[1800-08-01 09:00+00:53:28,1800-08-01 10:00+00:53:28)}', 'before there were zones'),
  ('mon-sun 00:00-24:00', 'America/New_York', '12025-03-01', '12025-12-01', '', '{[12025-03-01 00:00,12025-12-01 00:00)}',
   'in ten thousand years'),
  ('sun 01:30-03:30', 'America/New_York', '12025-03-09', '12025-03-10', '', '{[12025-03-09 01:30-05,12025-03-09 03:30-04)}',
   'when clocks are still changed'),
  ('mon-sun 09:00-10:00', 'UTC', '4713-01-01 BC', '4713-01-02 BC', '', '{[4713-01-01 09:00 BC,4713-01-01 10:00 BC)}',
   'seven thousand years ago')
) AS promised (weekly, zone, from_day, to_day, exceptions, ranges, promise);

SELECT is(ttr.business_calendar('thu 09:00-10:00', 'UTC', '2025-05-01', '2025-05-02'),
          '{[2025-05-01 09:00+00,2025-05-01 10:00+00)}'::tstzmultirange, 'exceptions may be left out');
SELECT is(ttr.business_calendar(weekly, zone, from_day, to_day, exceptions), NULL, 'NULL in any argument gives NULL')
FROM (VALUES (NULL, 'UTC', date '2025-05-01', date '2025-05-02', ''), ('', NULL, '2025-05-01', '2025-05-02', ''),
             ('', 'UTC', NULL, '2025-05-02', ''), ('', 'UTC', '2025-05-01', NULL, ''),
             ('', 'UTC', '2025-05-01', '2025-05-02', NULL)) AS v (weekly, zone, from_day, to_day, exceptions);

SELECT set_config('TimeZone', 'Asia/Tokyo', true), set_config('timezone_abbreviations', 'Australia', true) \g /dev/null
SELECT is(ttr.business_calendar('thu 09:00-10:00', 'EST', '2025-05-01', '2025-05-02'),
          '{[2025-05-01 09:00-05,2025-05-01 10:00-05)}'::tstzmultirange, 'no setting changes a calendar');
SELECT set_config('TimeZone', 'UTC', true), set_config('timezone_abbreviations', 'Default', true) \g /dev/null

-- What is refused. The kernels' tests have many more texts.

SELECT throws_ok(format('SELECT ttr.business_calendar(%L, %L, %L, %L, %L)', weekly, zone, from_day, to_day, exceptions),
                 code, message, promise)
FROM (VALUES
  ('moon-fri 09:00-17:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "moon": a day of the week should stand here', 'no day of the week'),
  ('mon 9am-5pm', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "9am": a time of day should stand here', 'no time of day'),
  ('mon', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at the end: a time of day should stand here', 'no time at all'),
  ('mon 09:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at the end: a hyphen and the end of the opening should stand here', 'no end'),
  ('mon 09:00-10:00 tue 09:00-10:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "tue": a semicolon or the end should stand here', 'no semicolon'),
  ('mon-fri,wed 09:00-10:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "wed": a day stands there twice', 'a weekday twice in one list'),
  ('mon 09:00-12:00, 11:00-13:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "11:00-13:00": two openings overlap', 'openings that overlap'),
  ('mon 22:00-06:00; tue 05:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "05:00-06:00": two openings overlap', 'across midnight'),
  ('sun 22:00-06:00; mon 05:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '', '22023',
   'weekly hours at "05:00-06:00": two openings overlap', 'across the end of the week'),
  ('mon-sun 22:00-06:00', 'UTC', '2025-05-01', '2025-05-02', '2030-12-25 05:00-06:00', '22023',
   'exceptions at "05:00-06:00": two openings overlap', 'with an exception, whether the period has that day or not'),
  ('', 'UTC', '2025-05-01', '2025-05-02', 'christmas', '22007', 'exceptions at "christmas": a date should stand here', 'no date'),
  ('', 'UTC', '2025-05-01', '2025-05-02', '2025-02-29', '22007', 'exceptions at "2025-02-29": a date should stand here',
   'a date that does not exist'),
  ('', 'UTC', '2025-05-01', '2025-05-02', '2025-05-01; 2025-04-30..2025-05-02', '22023',
   'exceptions at "2025-05-01": a day stands there twice', 'a day with two exceptions'),
  ('', 'UTC', '2025-05-01', '2025-05-02', '2025-05-02..2025-05-01', '22023',
   'exceptions at "2025-05-02..2025-05-01": the last day is before the first one', 'days that run backwards'),
  ('', 'UTC', '2025-05-01', '2025-05-02', repeat('é', 100), '22007',
   'exceptions at "' || repeat('é', 30) || '": a date should stand here', 'a long word is quoted to the end of a character'),
  ('', 'Mars/Olympus', '2025-05-01', '2025-05-02', '', '22023', 'time zone "Mars/Olympus" not recognized', 'an unknown zone'),
  ('', '', '2025-05-01', '2025-05-02', '', '22023', 'time zone "" not recognized', 'no zone'),
  ('', repeat('x', 300), '2025-05-01', '2025-05-02', '', '22023', 'time zone "' || repeat('x', 300) || '" not recognized',
   'a long zone'),
  ('', 'UTC', '2025-05-02', '2025-05-01', '', '22023', 'calendar ends before it begins', 'a period that runs backwards'),
  ('', 'UTC', '-infinity', '2025-05-01', '', '22023', 'calendar needs a first and a last day', 'no first day'),
  ('', 'UTC', '2025-05-01', 'infinity', '', '22023', 'calendar needs a first and a last day', 'no last day'),
  ('', 'UTC', '294276-12-31', '294276-12-31', '', '22008', 'calendar is out of the range of timestamps', 'too late a day'),
  ('', 'UTC', '5874897-12-31', '5874897-12-31', '', '22008', 'calendar is out of the range of timestamps', 'a date without a timestamp'),
  ('', 'UTC', '4714-11-24 BC', '4714-11-25 BC', '', '22008', 'calendar is out of the range of timestamps', 'too early a day'),
  ('', 'UTC', '2000-01-01', '2148-01-01', '', '54000', 'calendar has too many days', 'too many days'),
  ('mon-sun 01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00,09:00-10:00,11:00-12:00', 'UTC', '2000-01-01', '2100-01-01', '', '54000',
   'calendar has too many openings',
   'too many openings'),
  (repeat(' ', 1048577), 'UTC', '2000-01-01', '2000-01-01', '', '54000', 'weekly hours are too long', 'too long a text')
) AS refused (weekly, zone, from_day, to_day, exceptions, code, message, promise);

-- The error says where, in characters, and shows how to write it.

CREATE FUNCTION pg_temp.advice(weekly text, exceptions text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
  hint text;
BEGIN
  PERFORM ttr.business_calendar(weekly, 'UTC', '2025-05-01', '2025-05-02', exceptions);
  RETURN NULL;
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN detail || ' ' || hint;
END $$;
SELECT is(pg_temp.advice('mon 09:00-17:00; dí 09:00-17:00', ''),
          'It is character 18 of the weekly hours. Write weekly hours as in ''mon-thu 09:00-12:00, 13:00-17:30; ' ||
          'fri,sat 22:00-06:00''.', 'where the bad word is, and what a good text is');
SELECT is(pg_temp.advice('mon-sun 22:00-06:00', '2025-12-24; 2025-12-25 05:00-06:00'),
          NULL, 'a holiday before it makes room for early hours');
SELECT is(pg_temp.advice('mon-sun 22:00-06:00', '2025-12-25; 2025-12-25 05:00-06:00'),
          'It is character 13 of the exceptions; the other one is "2025-12-25", character 1 of the exceptions. ' ||
          'Write exceptions as in ''2025-12-25; 2025-12-24 09:00-12:00; 2025-12-27..2025-12-31''.',
          'where both of two are');
SELECT is(pg_temp.advice('mon-sun 22:00-06:00', ' 2025-12-25 05:00-06:00'),
          'It is character 13 of the exceptions; the other one is "22:00-06:00", character 9 of the weekly hours. ' ||
          'Write exceptions as in ''2025-12-25; 2025-12-24 09:00-12:00; 2025-12-27..2025-12-31''.',
          'in either text');
SELECT is(pg_temp.advice(hint, '') , NULL, 'the example of weekly hours is good')
FROM (SELECT substring(pg_temp.advice('x', '') FROM '''(.*)''') AS hint) AS v;
SELECT is(pg_temp.advice('', hint) , NULL, 'the example of exceptions is good')
FROM (SELECT substring(pg_temp.advice('', 'x') FROM '''(.*)''') AS hint) AS v;

SELECT * FROM finish();
ROLLBACK;
