-- local_day() and local_hour(): what AT TIME ZONE says, over whatever instants and zones, and in whatever order.
BEGIN;
SELECT plan(7);
SET LOCAL TimeZone = 'Asia/Tokyo';  -- must not matter

-- Both functions beside AT TIME ZONE: a row for each instant at which they differ.
CREATE FUNCTION pg_temp.differences(instants timestamptz[], zones text[]) RETURNS TABLE (at timestamptz, zone text) LANGUAGE sql AS $$
  SELECT i.at, z.zone
  FROM unnest(zones) AS z (zone)
  CROSS JOIN unnest(instants) AS i (at)
  WHERE (ttr.local_day(i.at, z.zone), ttr.local_hour(i.at, z.zone))
        IS DISTINCT FROM ((i.at AT TIME ZONE z.zone)::date, date_part('hour', i.at AT TIME ZONE z.zone)::integer)
$$;

SELECT is_empty($$SELECT * FROM pg_temp.differences(
                    ARRAY(SELECT '1850-01-01 00:00+00'::timestamptz + n * interval '11 days 5 hours 7.000001 seconds'
                          FROM generate_series(0, 8000) AS n),
                    '{UTC,Europe/Berlin,America/Havana,Africa/Casablanca,Africa/Monrovia,Pacific/Apia,Asia/Kolkata,Australia/Lord_Howe}')$$,
                'two and a half centuries in order of time');
SELECT setseed(0.35);
SELECT is_empty($$SELECT * FROM pg_temp.differences(
                    ARRAY(SELECT '1900-01-01 00:00+00'::timestamptz + random() * interval '200 years' FROM generate_series(1, 500)),
                    ARRAY(SELECT name FROM pg_timezone_names ORDER BY name COLLATE "C" LIMIT 100))$$,
                'a hundred zones in no order');
SELECT is_empty($$SELECT * FROM pg_temp.differences(
                    ARRAY(SELECT '2025-03-30 00:59:58+00'::timestamptz + n * interval '0.5 seconds' FROM generate_series(0, 8) AS n),
                    '{CET,EST,GMT,utc,europe/berlin,+02:00,<X>-3}')$$,
                'abbreviations, offsets, and names in lower case');

SELECT is(ARRAY[ttr.local_day('infinity', 'Europe/Berlin'), ttr.local_day('-infinity', 'CET')], '{infinity,-infinity}'::date[],
          'no day is the last one');
SELECT is(ttr.local_hour('infinity', 'Europe/Berlin'), NULL, 'and it has no hours');
SELECT throws_ok($$SELECT ttr.local_day(now(), 'Europe/Atlantis')$$, '22023', 'time zone "Europe/Atlantis" not recognized',
                 'an unknown zone');
SELECT throws_ok($$SELECT ttr.local_hour('294276-12-31 23:00+00', 'Asia/Tokyo')$$, '22008', 'timestamp out of range',
                 'a year beyond the last one');

SELECT * FROM finish();
ROLLBACK;
