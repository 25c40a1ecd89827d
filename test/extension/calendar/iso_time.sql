-- iso_time(): what to_json() writes in UTC, whatever the zone of the session.
BEGIN;
SELECT plan(2);

SET TimeZone = 'UTC';
CREATE TEMPORARY TABLE instant AS
SELECT at, to_json(at) #>> '{}' AS written
FROM unnest(ARRAY['4713-01-01 00:00+00 BC', '0001-12-31 23:59:59.999999+00 BC', '0001-01-01 00:00+00', '1969-12-31 23:59:59.5+00',
                  '2000-01-01 00:00+00',
                  '2025-05-01 09:30+00', '2025-05-01 09:30:00.000001+00', '9999-12-31 23:59:59+00', '10000-01-01 00:00+00',
                  '294276-12-31 23:59:59.999999+00',
                  'infinity', '-infinity', NULL]::timestamptz[]) AS at
UNION ALL
SELECT at, to_json(at) #>> '{}'
FROM (SELECT timestamptz '1900-01-01 00:00+00' + n * interval '1234567.891011 seconds' AS at FROM generate_series(1, 10000) AS n) AS i;
SELECT is_empty($$SELECT * FROM instant WHERE ttr.iso_time(at) IS DISTINCT FROM written$$, 'as to_json() writes it');
SET TimeZone = 'Asia/Kathmandu';
SELECT is_empty($$SELECT * FROM instant WHERE ttr.iso_time(at) IS DISTINCT FROM written$$, 'in UTC, whatever the zone of the session');

SELECT * FROM finish();
ROLLBACK;
