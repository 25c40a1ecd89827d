-- merged_quantile(): the quantiles of all values that the distributions of a group or of a frame hold.
BEGIN;
SELECT plan(6);

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

SELECT * FROM finish();
ROLLBACK;
