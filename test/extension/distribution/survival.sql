-- survival(), survival_quantile() and survival_curve() give the figures that R's survival package gives of published data
-- (test/data/survival/), and those of the product of exact fractions over random ages; without running ones they are plain shares.

BEGIN;
SELECT plan(60);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.58;

-- Published data

CREATE TEMP TABLE seen (data text, age double precision, has_ended boolean);
CREATE TEMP TABLE published (data text, age double precision, at_risk bigint, endings bigint, survival double precision,
                             lower double precision, upper double precision);
CREATE TEMP TABLE published_quantile (data text, p double precision, age double precision);
\copy seen FROM 'test/data/survival/ages.csv' (FORMAT csv, HEADER)
\copy published FROM 'test/data/survival/curves.csv' (FORMAT csv, HEADER)
\copy published_quantile FROM 'test/data/survival/quantiles.csv' (FORMAT csv, HEADER)
CREATE TEMP VIEW both_sides AS
  SELECT data, distribution(age) FILTER (WHERE has_ended) AS ended, distribution(age) FILTER (WHERE NOT has_ended) AS running
  FROM seen GROUP BY data;

-- R printed 15 digits.
CREATE FUNCTION pg_temp.is_close(a double precision, b double precision) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$SELECT a IS NULL AND b IS NULL OR coalesce(abs(a - b) <= 2e-14, false)$$;

SELECT is((SELECT count(*) FROM published), 174::bigint, 'R has 174 steps of five sets of data');
SELECT is_empty(format($$
  SELECT age, theirs, ours
  FROM (SELECT curve.* FROM both_sides, survival_curve(ended, running) AS curve WHERE data = %1$L) AS ours
  FULL JOIN (SELECT age, at_risk, endings, survival, lower, upper FROM published WHERE data = %1$L) AS theirs USING (age)
  WHERE ours IS NULL OR theirs IS NULL OR (ours.at_risk, ours.endings) <> (theirs.at_risk, theirs.endings)
     OR NOT pg_temp.is_close(ours.survival, theirs.survival) OR NOT pg_temp.is_close(ours.lower, theirs.lower)
     OR NOT pg_temp.is_close(ours.upper, theirs.upper) $$, data), 'the curve of R, with its limits: ' || data)
FROM both_sides;
SELECT is_empty(format($$
  SELECT p, age, survival_quantile(ended, running, p) FROM both_sides JOIN published_quantile USING (data)
  WHERE data = %L AND survival_quantile(ended, running, p) IS DISTINCT FROM age $$, data), 'the quantiles of R: ' || data)
FROM both_sides;
SELECT is_empty($$
  SELECT data, age FROM both_sides JOIN published USING (data) WHERE NOT pg_temp.is_close(survival(ended, running, age), survival) $$,
  'survival() at each step is that of the curve');

-- Kaplan and Meier's own example: of eight, four ended at the ages of 0.8, 3.1, 5.4 and 9.2.
SELECT is(array_agg(survival('{0.8,3.1,5.4,9.2}', '{1,2.7,7,12.1}', age) ORDER BY age),
          ARRAY[1, 7 / 8.0, 7 / 8.0, 7 / 10.0, 21 / 40.0, 21 / 80.0, 21 / 80.0, NULL]::float8[], 'the example of Kaplan and Meier')
FROM unnest(ARRAY[0.7, 0.8, 3, 3.1, 5.4, 9.2, 12.1, 12.2]) AS age;

-- Random ages: few or many different ones, much or little running, with counts, decimals, and ties between both sides.

CREATE TEMP TABLE drawn AS
  SELECT g, round((random() * different)::numeric, g % 2)::float8 AS age, random() < share AS has_ended,
         1 + floor(random() * most)::integer AS times
  FROM (SELECT g, (ARRAY[3, 20, 500])[1 + g % 3] AS different, (ARRAY[1, 0.9, 0.5, 0.1, 0])[1 + g % 5] AS share,
               (ARRAY[1, 3, 1000])[1 + g / 3 % 3] AS most, (ARRAY[1, 2, 5, 40])[1 + g % 4] AS size
        FROM generate_series(1, 300) AS g) AS shape, generate_series(1, size);
CREATE TEMP TABLE random_case AS
  SELECT g, distribution(age) FILTER (WHERE has_ended) AS ended, distribution(age) FILTER (WHERE NOT has_ended) AS running
  FROM drawn, generate_series(1, times) GROUP BY g;

-- The definition: at each age at which some ended, d of the n that were seen at that age.
CREATE AGGREGATE pg_temp.product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = 1.000000000000000000000000000000000000000);
CREATE TEMP TABLE step AS
  SELECT g, age, at_risk, endings,
         (at_risk - endings) / at_risk::numeric(60, 40) AS factor,
         CASE WHEN at_risk > endings THEN endings / (at_risk::numeric(60, 40) * (at_risk - endings)) END AS variance
  FROM (SELECT g, age, sum(times) FILTER (WHERE has_ended) AS endings,
               sum(sum(times)) OVER (PARTITION BY g ORDER BY age DESC) AS at_risk FROM drawn GROUP BY g, age) AS seen
  WHERE endings > 0;
CREATE TEMP TABLE expected AS
  SELECT g, age, at_risk, endings, pg_temp.product(factor) OVER w AS survival,
         CASE WHEN at_risk > endings THEN sum(variance) OVER w END AS variance
  FROM step WINDOW w AS (PARTITION BY g ORDER BY age);

SELECT is(count(*), 300::bigint, 'of 300 cases') FROM random_case;
SELECT is_empty($$
  SELECT g, age, ours, theirs
  FROM (SELECT g, curve.* FROM random_case, survival_curve(ended, running) AS curve) AS ours
  FULL JOIN (SELECT *, survival * exp(-1.959963984540054 * sqrt(variance)) AS lower,
                    least(1, survival * exp(1.959963984540054 * sqrt(variance))) AS upper FROM expected) AS theirs USING (g, age)
  WHERE ours IS NULL OR theirs IS NULL OR (ours.at_risk, ours.endings) <> (theirs.at_risk, theirs.endings)
     OR ours.survival <> theirs.survival::float8 OR NOT pg_temp.is_close(ours.lower, CASE WHEN variance > 0 THEN theirs.lower::float8 END)
     OR NOT pg_temp.is_close(ours.upper, CASE WHEN variance > 0 THEN theirs.upper::float8 END) $$,
  'the curve is the product of exact fractions, rounded once');

CREATE TEMP TABLE asked AS
  SELECT g, age FROM drawn UNION SELECT g, age + 0.05 FROM drawn UNION SELECT g, age - 0.05 FROM drawn;
SELECT is_empty($$
  SELECT g, asked.age, survival(ended, running, asked.age), oracle
  FROM random_case JOIN asked USING (g)
  JOIN LATERAL (SELECT max(d.age) AS oldest, coalesce(max(d.age) FILTER (WHERE NOT has_ended), '-Infinity') AS oldest_running
                FROM drawn AS d WHERE d.g = asked.g) AS l ON true
  JOIN LATERAL (SELECT CASE WHEN asked.age <= oldest OR oldest_running < oldest THEN coalesce(min(e.survival), 1)::float8 END AS oracle
                FROM expected AS e WHERE e.g = asked.g AND e.age <= asked.age) AS o ON true
  WHERE survival(ended, running, asked.age) IS DISTINCT FROM oracle $$,
  'survival() at, before and behind each age, and beyond the last');
SELECT is_empty($$
  SELECT g, p, survival_quantile(ended, running, p), oracle
  FROM random_case, unnest(ARRAY[0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 1]) AS p
  JOIN LATERAL (SELECT min(e.age) AS oracle FROM expected AS e
                WHERE e.g = random_case.g AND (1 - survival)::float8 >= p) AS o ON true
  WHERE survival_quantile(ended, running, p) IS DISTINCT FROM oracle $$,
  'survival_quantile() is the first age by which a share of p has ended');

-- Nothing is running: shares and order statistics.

CREATE TEMP TABLE all_ended AS
  SELECT n, distribution(x) AS d, array_agg(x ORDER BY x) AS xs
  FROM (SELECT n, i * 3 + floor(random() * 3) AS x FROM generate_series(1, 120) AS n, generate_series(1, n) AS i) AS v GROUP BY n;
SELECT is_empty($$
  SELECT n, x FROM all_ended, unnest(xs) AS x
  WHERE survival(d, '{}', x) <> (SELECT count(*) FROM unnest(xs) AS y WHERE y > x) / n::float8
     OR survival(d, NULL, x) <> survival(d, '{}', x) $$,
  'without running ones survival() is the share beyond an age, to the bit');
SELECT is_empty($$
  SELECT n, k FROM all_ended, generate_series(1, n) AS k WHERE survival_quantile(d, '{}', k::float8 / n) <> xs[k] $$,
  'and the quantile of k / n is the k-th age, for every k and n up to 120');
SELECT is_empty($$
  SELECT n, p FROM all_ended, generate_series(1, 99) AS percent, CAST(percent / 100.0 AS float8) AS p
  WHERE survival_quantile(d, '{}', p) <> xs[ceil(percent * n / 100.0)] $$,
  'and every percentile, written as a decimal, is the order statistic of the decimal');
-- 14/16 of 8/10 of 5/7 are a half. In doubles the product is 0.5000000000000001, and a half would not be reached.
SELECT is(survival_quantile('{1:2,3:2,5:2}', '{2:4,4,6:5}', 0.5), 5::float8, 'what is just a half is at least a half')
UNION ALL SELECT is(survival('{1:2,3:2,5:2}', '{2:4,4,6:5}', 5), 0.5::float8, 'and shown as one');
SELECT is(survival_quantile('{1,2,5}', '{3}', 0.5), 2::float8, 'a half is left from 2 to 5: 2, where R has 3.5, the middle');
SELECT is(survival_quantile('{10,20,30}', '{15,30}', p), age, format('%s of the curve 1, 4/5, 8/15, 4/15', p))
FROM (VALUES (0, 10), (0.2, 10), (0.21, 20), (0.46, 20), (0.47, 30), (0.73, 30), (0.74, NULL::float8)) AS v (p, age);

-- Edges

SELECT is(ROW(survival(ended, running, 3), survival_quantile(ended, running, 0.5),
              (SELECT count(*) FROM survival_curve(ended, running)))::text, outcome,
          format('of %s ended and %s running', coalesce(ended::text, 'NULL'), coalesce(running::text, 'NULL')))
FROM (VALUES ('{}'::distribution, '{}'::distribution, '(,,0)'), (NULL, NULL, '(,,0)'), (NULL, '{}', '(,,0)'), ('{}', '{2}', '(,,0)'),
             (NULL, '{3}', '(1,,0)'), ('{}', '{4}', '(1,,0)'), ('{2}', NULL, '(0,2,1)'), ('{3}', '{3}', '(0.5,3,1)'),
             ('{2}', '{2}', '(,2,1)'), ('{1,2}', '{NaN}', '(0.3333333333333333,2,2)'), ('{-Infinity,NaN}', '{}', '(0.5,-Infinity,2)'),
             ('{1:9223372036854775806}', '{Infinity}', '(1.0842021724855044e-19,1,1)')) AS v (ended, running, outcome);
SELECT is(ROW(survival('{1}', '{}', NULL), survival_quantile('{1}', '{}', NULL))::text, '(,)', 'a NULL age or p is NULL');
SELECT throws_ok(format('SELECT survival_quantile(%L, ''{}'', %L)', d, p), '22003', format('percentile value %s is not between 0 and 1', p),
                 format('p = %s of %s', p, d))
FROM unnest(ARRAY['{}', '{1}']) AS d, unnest(ARRAY['-0.1', 'NaN']) AS p;
SELECT throws_ok($$SELECT survival('{1:9223372036854775807}', '{2}', 1)$$, '22003', 'more than 9223372036854775807 ages are at risk',
                 'more than a bigint counts are refused');
SELECT is((SELECT array_agg(age) FROM survival_curve('{1,2,3}', '{}') AS c), '{1,2,3}'::float8[], 'the curve in FROM')
UNION ALL SELECT is((SELECT array_agg((c).age) FROM (SELECT survival_curve('{1,2,3}', '{}') AS c) AS s), '{1,2,3}'::float8[],
                    'and in the list of columns');

-- Ages of what began at some instants.

SELECT is(ages(since::distribution, as_of)::text, result, promise)
FROM (VALUES
  ('{100,200:3,250.5}', 1000::float8, '{749.5,800:3,900}', 'the later something began, the younger it is'),
  ('{1000,1500}', 1000, '{-500,0}', 'what begins later has an age below 0'),
  ('{}', 1000, '{}', 'nothing has no ages'),
  (NULL, 1000, NULL, 'NULL for NULL'),
  ('{100}', NULL, NULL, 'and without an instant'),
  ('{-Infinity,5,Infinity,NaN:2}', 10, '{-Infinity,5,Infinity,NaN:2}', 'infinite instants, and none'),
  ('{5:2,Infinity}', 'Infinity', '{Infinity:2,NaN}', 'an infinite age where only as_of is infinite'),
  ('{1e-20,2e-20,3:4}', 1, '{-2:4,1:2}', 'ages that are rounded to the same number are counted together')
) AS promised (since, as_of, result, promise);
SELECT is_empty($$
  SELECT g FROM random_case
  WHERE ages(ended, 1748649600) IS DISTINCT FROM
        (SELECT distribution(1748649600 - age) FROM drawn, generate_series(1, times) WHERE drawn.g = random_case.g AND has_ended) $$,
  'ages of random cases are those of each value');
SELECT is_empty($$ SELECT g FROM random_case WHERE ages(ages(ended, 4096), 4096) IS DISTINCT FROM ended AND g % 2 = 0 $$,
  'and the ages of ages are what they were');

SELECT * FROM finish();
ROLLBACK;
