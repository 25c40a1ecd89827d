-- elapsed_seconds(): the double that date_part() makes of the difference.
BEGIN;
SELECT plan(4);

SELECT setseed(0.35);
SELECT is_empty($$
  SELECT *
  FROM (SELECT '2025-01-01 00:00+00'::timestamptz + random() * interval '9 years', random() * interval '100 days'
        FROM generate_series(1, 5000)) AS r (at, length)
  WHERE ttr.elapsed_seconds(at, at + length) IS DISTINCT FROM date_part('epoch', at + length - at)$$, 'to the last bit');
SELECT is(ARRAY[ttr.elapsed_seconds('2025-05-01 12:00+02', '2025-05-01 12:00+02'),
                ttr.elapsed_seconds('2025-05-01 12:00+02', '2025-05-01 11:59:59.999999+02'),
                ttr.elapsed_seconds(NULL, '2025-05-01 12:00+02')], '{0,NULL,NULL}',
                'no time is none, and before the start there is none that is known');
SELECT throws_ok($$SELECT ttr.elapsed_seconds('2025-05-01 12:00+02', 'infinity')$$, '22008', 'time elapsed is out of range',
                 'an end that never comes');
SELECT throws_ok($$SELECT ttr.elapsed_seconds('4713-01-01 12:00+00 BC', '294276-12-31 12:00+00')$$, '22008', 'time elapsed is out of range',
                 'longer than an integer holds');

SELECT * FROM finish();
ROLLBACK;
