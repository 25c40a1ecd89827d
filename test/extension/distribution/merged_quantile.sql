-- merged_quantile(): the quantiles of all values that the distributions of a group or of a frame hold. running_quantile(): of all that
-- the rows until one added and did not remove.
BEGIN;
SELECT plan(23);

-- 200 hours of up to nine values, some of them equal, some of them none.
SELECT setseed(0.35);
CREATE TEMP TABLE value AS
SELECT hour, floor(random() * 50) + (hour % 3) / 4.0 AS x FROM generate_series(1, 200) AS hour
CROSS JOIN LATERAL generate_series(1, hour % 10) AS n;
CREATE TEMP TABLE hourly AS
SELECT hour, (SELECT ttr.distribution(x) FROM value AS v WHERE v.hour = h.hour) AS d FROM generate_series(1, 200) AS h (hour);

CREATE FUNCTION pg_temp.expected(from_hour integer, to_hour integer) RETURNS double precision[] LANGUAGE sql STABLE AS
$$SELECT percentile_cont('{0.5,0.95}'::double precision[]) WITHIN GROUP (ORDER BY x) FROM value WHERE hour BETWEEN from_hour AND to_hour$$;

SELECT is((SELECT ttr.merged_quantile(d, '{0.5,0.95}') FROM hourly), pg_temp.expected(1, 200), 'of a group');
SELECT results_eq($$SELECT hour % 2, ttr.merged_quantile(d, '{0.5,0.95}') FROM hourly GROUP BY 1 ORDER BY 1$$,
                  $$SELECT hour::integer % 2, percentile_cont('{0.5,0.95}'::double precision[]) WITHIN GROUP (ORDER BY x) FROM value
                    GROUP BY 1 ORDER BY 1$$,
                  'of each of several');
SELECT results_eq($$SELECT hour, ttr.merged_quantile(d, '{0.5,0.95}') OVER (ORDER BY hour ROWS 4 PRECEDING) FROM hourly ORDER BY hour$$,
                  'SELECT hour, pg_temp.expected(hour - 4, hour) FROM hourly ORDER BY hour', 'of a frame that moves');
SELECT results_eq($$SELECT hour, ttr.merged_quantile(d, '{0.5,0.95}') OVER (ORDER BY hour RANGE BETWEEN 30 FOLLOWING AND 40 FOLLOWING)
                    FROM hourly ORDER BY hour$$,
                  'SELECT hour, pg_temp.expected(hour + 30, hour + 40) FROM hourly ORDER BY hour', 'of one that is empty in the end');
SELECT is((SELECT ttr.merged_quantile(d, NULL) FROM hourly), NULL, 'of no p there are none');
SELECT throws_ok($$SELECT ttr.merged_quantile(d, '{0.5,1.5}') FROM hourly$$, '22003', NULL, 'a p beyond 1');

-- 400 values, each of which comes with a day and goes on the same day, on a later one, or never. Some are equal, infinite or NaN.
CREATE TEMP TABLE stay AS
SELECT day, CASE WHEN random() < 0.8 THEN day + floor(random() * 40)::integer END AS until,
       CASE floor(random() * 60) WHEN 0 THEN 'Infinity' WHEN 1 THEN '-Infinity' WHEN 2 THEN 'NaN'
                                 ELSE floor(random() * 50) / 4 END::double precision AS x
FROM (SELECT floor(20 + random() * 100)::integer AS day FROM generate_series(1, 400)) AS d;
CREATE TEMP TABLE daily AS
SELECT day, day % 3 AS third, (SELECT ttr.distribution(x) FROM stay AS s WHERE s.day = d.day) AS added,
       (SELECT ttr.distribution(x) FROM stay WHERE until = d.day) AS removed
FROM generate_series(1, 180) AS d (day);

CREATE FUNCTION pg_temp.left_on(on_day integer) RETURNS double precision[] LANGUAGE sql STABLE AS
$$SELECT percentile_cont('{0,0.5,0.95,NULL,1}'::double precision[]) WITHIN GROUP (ORDER BY x) FROM stay
  WHERE day <= on_day AND (until > on_day OR until IS NULL)$$;
SELECT ok((SELECT bool_or(added IS NULL) AND bool_or(removed IS NULL) FROM daily WHERE day > 20), 'on some days nothing comes, or goes');
SELECT results_eq($$SELECT day, ttr.running_quantile(added, '{0,0.5,0.95,NULL,1}', removed) OVER (ORDER BY day) FROM daily ORDER BY day$$,
                  'SELECT day, pg_temp.left_on(day) FROM daily ORDER BY day', 'of what is there after each day');
SELECT results_eq($$SELECT day, ttr.running_quantile(added, '{0,0.5,0.95,NULL,1}', removed) OVER (ORDER BY day) FROM daily ORDER BY day$$,
                  $$SELECT day, ttr.quantile(CASE WHEN gone IS NULL THEN come ELSE come OPERATOR(ttr.-) gone END,
                                             '{0,0.5,0.95,NULL,1}'::double precision[])
                    FROM (SELECT day, ttr.merge(added) OVER (ORDER BY day) AS come, ttr.merge(removed) OVER (ORDER BY day) AS gone
                          FROM daily) AS m
                    ORDER BY day$$, 'as of the distributions that are merged and subtracted');
SELECT is((SELECT ttr.running_quantile(added, '{0,0.5,0.95,NULL,1}', removed ORDER BY day) FROM daily), pg_temp.left_on(180),
          'of what is left in the end, without a window');

CREATE FUNCTION pg_temp.running(changes text[]) RETURNS SETOF double precision[] LANGUAGE sql AS $$
  SELECT ttr.running_quantile(changes[n][1]::ttr.distribution, '{0.5,1}', changes[n][2]::ttr.distribution) OVER (ORDER BY n)
  FROM generate_subscripts(changes, 1) AS n ORDER BY n
$$;
SELECT results_eq(format('SELECT * FROM pg_temp.running(%L) AS q', changes),
                  format('SELECT unnest(%L::text[])::double precision[]', quantiles), promise)
FROM (VALUES
  ('{{"{1,2,3}","{2}"}}', '{"{2,3}"}', 'a row may remove what it adds'),
  ('{{"{1,2,3}",NULL},{NULL,"{3}"},{NULL,NULL}}', '{"{2,3}","{1.5,2}","{1.5,2}"}', 'NULL adds nothing, and removes nothing'),
  ('{{NULL,NULL},{"{}","{}"}}', '{NULL,NULL}', 'of nothing it is NULL'),
  ('{{"{5:3,NaN}",NULL},{NULL,"{NaN,5:3}"},{"{7}",NULL}}', '{"{5,NaN}",NULL,"{7,7}"}', 'all may go, and others come'),
  ('{{"{5:1000}",NULL},{"{9}","{5:999}"}}', '{"{5,5}","{7,9}"}', 'a value that is there often goes as often')
) AS listed (changes, quantiles, promise);
SELECT is((SELECT ttr.running_quantile(added, NULL, removed ORDER BY day) FROM daily), NULL, 'of no p there are none');
SELECT is((SELECT ttr.running_quantile(added, '{0.5}', removed) FROM daily WHERE day < 0), NULL, 'nor of no rows');
SELECT results_eq($$SELECT n, ttr.running_quantile('{1,2}', ARRAY[n / 10.0], NULL) OVER (PARTITION BY n)
                    FROM generate_series(1, 2) AS n ORDER BY n$$,
                  $$VALUES (1, '{1.1}'::double precision[]), (2, '{1.2}')$$, 'each partition has its own p');

SELECT throws_ok(format('SELECT * FROM pg_temp.running(%L)', changes), '22023', 'a value is removed that was never added', promise)
FROM (VALUES
  ('{{NULL,"{1}"}}', 'nothing is removed before it is added'),
  ('{{"{1,2}",NULL},{NULL,"{1:2}"}}', 'nor more often than it was'),
  ('{{"{1,3}",NULL},{NULL,"{2}"}}', 'nor what lies between others')
) AS refused (changes, promise);
SELECT throws_ok($$SELECT ttr.running_quantile(added, ARRAY[0.5, day / 1000.0], removed) OVER (ORDER BY day) FROM daily$$, '22023',
                 'quantile needs the same p in all rows of a group', 'p is the same in all rows');
SELECT throws_ok($$SELECT ttr.running_quantile(added, '{0.5,1.5}', removed ORDER BY day) FROM daily$$, '22003', NULL, 'and not beyond 1');

SELECT * FROM finish();
ROLLBACK;
