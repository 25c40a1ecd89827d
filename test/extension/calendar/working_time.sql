-- business_calendar(), business_seconds() and business_due_at() agree with a count of single seconds, around the changes of
-- many clocks. Whether a second is working time is told from the definition alone: what AT TIME ZONE shows, and a table of the
-- openings of each day, from which the texts are written.

BEGIN;
SELECT plan(16);
SET LOCAL TimeZone = 'UTC';
SELECT setseed(0.25) \g /dev/null

-- Half hours in which the clocks of a zone change; where they do not, any one will do.

CREATE TEMP TABLE change AS
  SELECT row_number() OVER () AS i, zone, at
  FROM (VALUES ('America/New_York', 2025), ('Europe/Berlin', 2025), ('Europe/Dublin', 2025), ('Australia/Lord_Howe', 2025),
               ('Pacific/Apia', 2011), ('Asia/Kolkata', 1945), ('America/Sao_Paulo', 2018), ('Asia/Beirut', 2022),
               ('Asia/Hong_Kong', 1975), ('America/St_Johns', 2006), ('Africa/Casablanca', 2025), ('Asia/Kathmandu', 1985),
               ('Antarctica/Troll', 2025)) AS place (zone, year),
       LATERAL (SELECT t AS at
                FROM generate_series(make_timestamptz(year, 1, 1, 0, 0, 0), make_timestamptz(year + 1, 1, 10, 0, 0, 0),
                                     interval '30 minutes') AS t
                WHERE (t + interval '30 minutes') AT TIME ZONE zone - t AT TIME ZONE zone <> interval '30 minutes'
                   OR t = make_timestamptz(year, 7, 1, 0, 0, 0)) AS changes;
SELECT cmp_ok(count(*), '>=', 36::bigint, 'clocks change in enough places') FROM change;
SELECT is((SELECT count(*) FROM change WHERE zone = 'Pacific/Apia'
             AND (at + interval '1 hour') AT TIME ZONE zone - at AT TIME ZONE zone = interval '25 hours'), 1::bigint,
          'in one of them by a day');

-- Samples: a period of up to four days near a change, hours of the week, exceptions; and a window of three hours whose seconds
-- are counted, around the change or around the start or the end of the period.

CREATE TEMP TABLE sample (
  i int PRIMARY KEY, zone text, from_day date, to_day date, window_start timestamptz, weekly text, exceptions text
);
CREATE TEMP TABLE weekly_opening (i int, weekday int, starts int, ends int);
CREATE TEMP TABLE exception (i int, day date);
CREATE TEMP TABLE opening (i int, day date, starts int, ends int);
CREATE INDEX ON opening (i, day);

CREATE FUNCTION pg_temp.clock(seconds int) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN seconds = 86400 THEN '24:00' ELSE to_char(seconds % 86400 * interval '1 second', 'HH24:MI:SS') END
$$;

CREATE FUNCTION pg_temp.make_week(i int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- Always open, long openings that cross midnight, or short ones.
  kind int := i % 5;
  longest int := (ARRAY[0, 86400, 30000, 7200, 3600])[kind + 1];
  week int := 7 * 86400;
  starts int := 0;
  ends int;
  first int;
BEGIN
  IF kind = 0 THEN
    INSERT INTO weekly_opening SELECT i, d, 0, 86400 FROM generate_series(0, 6) AS d;
    RETURN;
  END IF;
  LOOP
    starts := starts + floor(random() * longest * CASE WHEN random() < 0.2 THEN 0 ELSE 0.5 END);
    first := coalesce(first, starts);
    ends := least(starts + 1 + floor(random() * longest), starts + 86400, week + first);
    EXIT WHEN starts >= week OR ends <= starts;
    INSERT INTO weekly_opening VALUES (i, starts / 86400, starts % 86400, starts % 86400 + ends - starts);
    starts := ends;
  END LOOP;
END $$;

-- A holiday, or a day whose hours fit between those of the day before and those of the day after.
CREATE FUNCTION pg_temp.make_exception(i int, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  earliest int;
  latest int;
  starts int;
BEGIN
  INSERT INTO exception VALUES (i, day);
  DELETE FROM opening AS o WHERE o.i = make_exception.i AND o.day = make_exception.day;
  SELECT greatest(max(o.ends) - 86400, 0) INTO earliest
  FROM opening AS o WHERE o.i = make_exception.i AND o.day = make_exception.day - 1;
  SELECT min(o.starts) + 86400 INTO latest
  FROM opening AS o WHERE o.i = make_exception.i AND o.day = make_exception.day + 1;
  starts := coalesce(earliest, 0) + floor(random() * 20000);
  IF random() < 0.6 AND starts < 86400 THEN
    INSERT INTO opening VALUES (i, day, starts, least(starts + 1 + floor(random() * 86400)::int, latest));
  END IF;
END $$;

DO $$
DECLARE
  here record;
  local_day date;
  days int;
BEGIN
  FOR here IN SELECT s, c.zone, c.at FROM generate_series(1, 600) AS s
              JOIN change AS c ON c.i = 1 + s % (SELECT count(*) FROM change) LOOP
    local_day := (here.at AT TIME ZONE here.zone)::date + 1 - floor(random() * 3)::int;
    days := floor(random() * 5);
    INSERT INTO sample
      SELECT here.s, here.zone, local_day, local_day + days,
             CASE WHEN here.s % 4 < 2 THEN here.at
                  ELSE (local_day + days * (here.s % 4 - 2))::timestamp AT TIME ZONE here.zone END
             - (1800 + floor(random() * 5400)) * interval '1 second';
    PERFORM pg_temp.make_week(here.s);
    INSERT INTO opening
      SELECT i, day::date, starts, ends
      FROM generate_series(local_day - 2::int, local_day + days + 2, interval '1 day') AS day
      JOIN weekly_opening ON weekday = extract(isodow FROM day) - 1 AND i = here.s;
    FOR d IN 0 .. days LOOP
      IF random() < 0.3 THEN
        PERFORM pg_temp.make_exception(here.s, local_day - 1 + d);
      END IF;
    END LOOP;
  END LOOP;
END $$;

UPDATE sample SET
  weekly = (SELECT coalesce(string_agg((ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[weekday + 1] || ' ' ||
                                       pg_temp.clock(starts) || '-' || pg_temp.clock(ends), '; '), '')
            FROM weekly_opening AS w WHERE w.i = sample.i),
  exceptions = (SELECT coalesce(string_agg(trim(day || ' ' || hours), ';'), '')
                FROM exception AS e,
                     LATERAL (SELECT coalesce(string_agg(pg_temp.clock(starts) || '-' || pg_temp.clock(ends), ', '), '')
                              FROM opening AS o WHERE o.i = e.i AND o.day = e.day) AS special (hours)
                WHERE e.i = sample.i);

SELECT cmp_ok((SELECT count(*) FROM sample WHERE exceptions LIKE '%:%'), '>=', 100::bigint, 'many samples have special hours');
SELECT cmp_ok((SELECT count(DISTINCT i) FROM opening WHERE ends > 86400), '>=', 200::bigint,
              'many have openings that cross midnight');

-- What the functions say.

CREATE TEMP TABLE answer AS
  SELECT i, zone, from_day, to_day, window_start, window_start + interval '3 hours' AS window_end,
         ttr.business_calendar(weekly, zone, from_day, to_day, exceptions) AS calendar,
         range_agg(tstzrange(a, a + l)) AS open_intervals, started_at, target
  FROM sample,
       LATERAL (SELECT window_start + floor(random() * 7000 + 0 * k) * interval '1 second' AS a,
                       floor(random() * 3500) * interval '1 second' AS l FROM generate_series(1, 2) AS k) AS piece,
       LATERAL (SELECT window_start + floor(random() * 7000 + 0 * i) * interval '1 second' AS started_at,
                       CASE WHEN i % 20 > 0 THEN floor(random() * 3500) ELSE 0 END AS target) AS question
  GROUP BY i, zone, from_day, to_day, window_start, weekly, exceptions, started_at, target;

-- What counting says.

CREATE TEMP TABLE counted AS
  SELECT i, seconds.*
  FROM (SELECT answer.*, (SELECT range_agg(tsrange(day + starts * interval '1 second', day + ends * interval '1 second'))
                          FROM opening WHERE opening.i = answer.i) AS on_the_clock FROM answer) AS a,
       LATERAL (
         SELECT count(*) AS seconds, count(*) FILTER (WHERE working) AS working,
                count(*) FILTER (WHERE working IS DISTINCT FROM t <@ calendar) AS wrong,
                count(*) FILTER (WHERE working AND t <@ open_intervals) AS business_seconds,
                array_agg(t + interval '1 second') FILTER (WHERE working AND t >= started_at) AS ends_of_seconds
         FROM (SELECT t, local >= from_day AND local < to_day AND coalesce(local <@ on_the_clock, false) AS working
               FROM (SELECT t, t AT TIME ZONE zone AS local
                     FROM generate_series(window_start, window_end - interval '1 second', interval '1 second') AS t) AS shown) AS s
       ) AS seconds;

SELECT is((SELECT sum(seconds) FROM counted)::bigint, 600 * 10800::bigint, '600 times 10,800 seconds are counted');
SELECT cmp_ok((SELECT count(*) FROM counted WHERE working > 0 AND working < seconds), '>=', 200::bigint,
              'in many samples some of them are working time, and some are not');
SELECT is_empty('SELECT i, wrong FROM counted WHERE wrong > 0', 'the calendar holds those that are, and no others');
SELECT is_empty($$
  SELECT i, c.business_seconds, ttr.business_seconds(open_intervals, calendar, NULL, tstzrange(window_start, window_end))
  FROM answer JOIN counted AS c USING (i)
  WHERE ttr.business_seconds(open_intervals, calendar, NULL, tstzrange(window_start, window_end))
        IS DISTINCT FROM c.business_seconds $$,
  'business_seconds() is the number of those in which the conversation was open');
SELECT is_empty($$
  SELECT i, target, started_at
  FROM answer JOIN counted AS c USING (i)
  WHERE ttr.business_due_at(started_at, target, calendar, tstzrange(window_start, window_end))
        IS DISTINCT FROM CASE target WHEN 0 THEN started_at ELSE ends_of_seconds[target::int] END $$,
  'business_due_at() is the end of the second that reaches the target');
SELECT cmp_ok((SELECT count(ttr.business_due_at(started_at, target, calendar, tstzrange(window_start, window_end)))
               FROM answer WHERE target > 0), '>=', 150::bigint, 'which many do');

-- The whole period and the days around it, every seven minutes or so.

SELECT is_empty($$
  SELECT i, t
  FROM (SELECT answer.*, (SELECT range_agg(tsrange(day + starts * interval '1 second', day + ends * interval '1 second'))
                          FROM opening WHERE opening.i = answer.i) AS on_the_clock FROM answer) AS a,
       generate_series(from_day::timestamp AT TIME ZONE zone - interval '26 hours',
                       to_day::timestamp AT TIME ZONE zone + interval '26 hours', interval '437 seconds') AS t
  WHERE (t AT TIME ZONE zone >= from_day AND t AT TIME ZONE zone < to_day
         AND coalesce(t AT TIME ZONE zone <@ on_the_clock, false)) IS DISTINCT FROM t <@ calendar $$,
  'nor does the calendar hold anything else of its period and the days around it');

-- A due time is where working time is the target, beyond the window too.

SELECT is_empty($$
  SELECT i, target, due_at
  FROM (SELECT *, tstzrange(from_day - 2, to_day + 2) AS days,
               ttr.business_due_at(started_at, target + 20000, calendar, tstzrange(from_day - 2, to_day + 2)) AS due_at
        FROM answer) AS a
  WHERE due_at IS NOT NULL
    AND (ttr.business_seconds(tstzmultirange(tstzrange(started_at, due_at)), calendar, NULL, days) <> target + 20000
         OR ttr.business_seconds(tstzmultirange(tstzrange(started_at, due_at - interval '1 microsecond')), calendar, NULL, days)
            >= target + 20000) $$,
  'a due time is the first instant up to which working time is the target');

-- What is always open is open as long as the clock on the wall runs, in every zone there is.

CREATE TEMP TABLE always AS
  SELECT name, ttr.business_calendar('mon-sun 00:00-24:00', name, '2015-01-01', '2026-01-01') AS calendar
  FROM pg_timezone_names;
SELECT cmp_ok(count(*), '>=', 400::bigint, 'there are many zones') FROM always;
SELECT is_empty($$
  SELECT name FROM always
  WHERE ttr.business_seconds('{[2015-01-02 00:00+00,2025-12-31 00:00+00)}', calendar)
        IS DISTINCT FROM extract(epoch FROM timestamptz '2025-12-31 00:00+00' - '2015-01-02 00:00+00')::float8 $$,
  'always open is elapsed time, in every zone');
SELECT is_empty($$SELECT name FROM always WHERE calendar <> tstzmultirange(tstzrange(lower(calendar), upper(calendar)))$$,
                'and has no gap where clocks change');
SELECT is_empty($$
  SELECT name FROM always
  WHERE lower(calendar) AT TIME ZONE name <> '2015-01-01 00:00' OR upper(calendar) AT TIME ZONE name <> '2026-01-01 00:00'
    AND name <> ALL (SELECT abbrev FROM pg_timezone_abbrevs) $$, 'from midnight to midnight');

SELECT * FROM finish();
ROLLBACK;
