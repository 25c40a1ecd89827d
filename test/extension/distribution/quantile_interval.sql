-- quantile_interval(), share_interval() and proportion_interval() give the limits of their definition, and cover the true figure as often
-- as they say.

BEGIN;
SELECT plan(46);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.41;

-- The definition, summed in exact numbers: B of n values are at most the true quantile of p.

CREATE TEMP TABLE chance AS
  SELECT n, p, k, factorial(n) / (factorial(k) * factorial(n - k)) * power(p::numeric(60, 50), k) *
                  power(1 - p::numeric(60, 50), n - k) AS c
  FROM unnest(ARRAY[1, 2, 5, 10, 23, 60]) AS n, unnest(ARRAY[0.05, 0.1, 0.5, 0.75, 0.95]) AS p, generate_series(0, n) AS k;
CREATE TEMP TABLE tail AS
  SELECT n, p, k, sum(c) OVER (PARTITION BY n, p ORDER BY k) AS at_most, sum(c) OVER (PARTITION BY n, p ORDER BY k DESC) AS at_least
  FROM chance;
CREATE TEMP TABLE expected AS
  SELECT n, p, confidence, coalesce(max(k + 1) FILTER (WHERE at_most <= (1 - confidence) / 2), 0) AS lower,
         coalesce(min(k) FILTER (WHERE at_least <= (1 - confidence) / 2), n + 1) AS upper
  FROM tail, unnest(ARRAY[0.5, 0.8, 0.9, 0.95, 0.99]) AS confidence GROUP BY n, p, confidence;
-- Values that differ, and values of which many are equal.
CREATE TEMP TABLE sample AS
  SELECT n, equal, distribution(x) AS d, array_agg(x ORDER BY x) AS xs
  FROM (SELECT n, equal, CASE WHEN equal THEN floor(random() * 4) ELSE random() END AS x
        FROM unnest(ARRAY[1, 2, 5, 10, 23, 60]) AS n, unnest(ARRAY[false, true]) AS equal, generate_series(1, n)) AS v GROUP BY n, equal;

SELECT is(count(*), 300::bigint, 'of 300 cases') FROM expected JOIN sample USING (n);
SELECT is_empty($$
  SELECT n, equal, p, confidence, i, expected.lower, expected.upper
  FROM expected JOIN sample USING (n), quantile_interval(d, p, confidence) AS i
  WHERE i.lower IS DISTINCT FROM xs[expected.lower] OR i.upper IS DISTINCT FROM xs[expected.upper] $$,
  'the limits are the innermost values whose tails are small enough, and NULL where none is');
SELECT is_empty($$
  SELECT n, p, confidence, i.coverage, sum
  FROM expected JOIN sample USING (n), quantile_interval(d, p, confidence) AS i,
       LATERAL (SELECT coalesce(sum(c), 0) AS sum FROM chance
                WHERE chance.n = expected.n AND chance.p = expected.p AND k >= expected.lower AND k < expected.upper) AS s
  WHERE abs(i.coverage - sum) > 1e-13 OR i.coverage < confidence $$,
  'the coverage is the chance of all between, and at least the confidence');
SELECT is(quantile_interval(d, 0.9), quantile_interval(d, 0.9, 0.95), 'the confidence is 0.95 if none is given')
FROM sample WHERE n = 60 AND NOT equal;

-- Tables of textbooks: the interval of the median of 10 is from the 2nd to the 9th value; with 59 values the largest one is, with a
-- confidence of 95 % on one side, above the 95th percentile.
SELECT is(quantile_interval(d, p, confidence)::text, expected, format('of 1 to %s, %s, %s', value_count(d), p, confidence))
FROM (VALUES (10, 0.5, 0.95, '(2,9,0.978515625)'), (5, 0.5, 0.95, '(,,1)'), (6, 0.5, 0.95, '(1,6,0.96875)'),
             (59, 0.95, 0.9, '(53,59,0.9241336173409366)'), (1000, 0, 0.95, '(,1,1)'), (1000, 1, 0.95, '(1000,,1)')
     ) AS v (n, p, confidence, expected),
     LATERAL (SELECT distribution(i) AS d FROM generate_series(1, n) AS i) AS l;

-- R's binom.test().
SELECT ok(abs(i.lower - v.lower) <= 1e-13 AND abs(i.upper - v.upper) <= 1e-13, format('the share of %s in %s: %s', k, n, i))
FROM (VALUES (0, 10, 0.95, 0, 0.308497107818761), (10, 10, 0.95, 0.691502892181239, 1),
             (4, 20, 0.95, 0.0573339970500328, 0.436614002996668),
             (1, 3, 0.95, 0.00840375865961264, 0.905700675949754), (50, 100, 0.99, 0.368861437358924, 0.631138562641076),
             (748, 1000, 0.95, 0.719884967575382, 0.774646554826521), (1, 1000000, 0.95, 2.53178076637942e-08, 5.57163065517224e-06),
             (450000, 1000000, 0.9, 0.449181303341436, 0.450818910526508)) AS v (k, n, confidence, lower, upper),
     LATERAL (SELECT merge(d) AS d
              FROM unnest(ARRAY[CASE WHEN k > 0 THEN format('{7:%s}', k) END, CASE WHEN k < n THEN format('{8:%s}', n - k) END
                               ]::distribution[]) AS d) AS l,
     share_interval(d, 7, confidence) AS i;

-- What it promises: of 2,000 samples as many intervals have the true figure in them.
CREATE TEMP TABLE repeated AS
  SELECT g, distribution(-ln(1 - random())) AS d FROM generate_series(1, 2000) AS g, generate_series(1, 80) GROUP BY g;
SELECT cmp_ok(count(*) FILTER (WHERE -ln(1 - p) BETWEEN i.lower AND coalesce(i.upper, 'Infinity')), '>=', 1870::bigint,
              format('%s: of 2,000 intervals of 95 %% some 1,900 are right', p))
FROM repeated, unnest(ARRAY[0.25, 0.5, 0.9]) AS p, quantile_interval(d, p) AS i GROUP BY p;
SELECT cmp_ok(count(*) FILTER (WHERE 1 - exp(-1) BETWEEN i.lower AND i.upper), '>=', 1870::bigint, 'and so are those of a share')
FROM repeated, share_interval(d, 1) AS i;

-- Edges

SELECT is(ROW(i.*, round(s.lower::numeric, 12), round(s.upper::numeric, 12))::text, outcome, format('of %s', coalesce(d::text, 'NULL')))
FROM (VALUES ('{}'::distribution, '(,,,,)'), (NULL, '(,,,,)'), ('{3}', '(,,1,0.000000000000,0.975000000000)')) AS v (d, outcome),
     quantile_interval(d, 0.5) AS i, share_interval(d, 2) AS s;
SELECT is(i.lower, 'NaN', 'NaN is a value') FROM quantile_interval('{NaN:100}', 0.5) AS i
UNION ALL SELECT is(i.upper, 1::float8, 'more values than any memory would hold')
FROM quantile_interval('{1:9000000000000000000,2:9}', 0.5) AS i;
SELECT is(ROW(quantile_interval('{1}', NULL), quantile_interval('{1}', 0.5, NULL), share_interval('{1}', NULL))::text, '(,,)',
          'a NULL argument makes NULL');
SELECT throws_ok(format('SELECT quantile_interval(%L, %L, %L)', d, p, confidence), '22003', message,
                 format('p %s, confidence %s of %s', p, confidence, d))
FROM unnest(ARRAY['{}', '{1}']) AS d,
     (VALUES ('1.5', '0.95', 'percentile value 1.5 is not between 0 and 1'), ('NaN', '0.95', 'percentile value NaN is not between 0 and 1'),
             ('0.5', '95', 'confidence 95 is not at least 0.5 and less than 1'),
             ('0.5', '0.05', 'confidence 0.05 is not at least 0.5 and less than 1'),
             ('0.5', '1', 'confidence 1 is not at least 0.5 and less than 1')) AS v (p, confidence, message);
SELECT throws_ok($$SELECT share_interval('{1}', 2, 'NaN')$$, '22003', 'confidence NaN is not at least 0.5 and less than 1',
                 'nor is it NaN');

-- The same of two counts.
SELECT is_empty($$
  SELECT n, k, confidence
  FROM generate_series(1, 40) AS n, generate_series(0, n) AS k, unnest(ARRAY[0.5, 0.95, 0.999]) AS confidence,
       LATERAL (SELECT distribution(i) AS d FROM generate_series(1, n) AS i) AS l
  WHERE proportion_interval(k, n, confidence) IS DISTINCT FROM share_interval(d, k::float8, confidence) $$,
  'of counts it is the interval of a distribution with that many values');
SELECT is(proportion_interval(4, 20)::text, proportion_interval(4, 20, 0.95)::text, 'the confidence is 0.95 there, too');
SELECT is(proportion_interval(0, 0), NULL, 'nothing has no share');
SELECT is(proportion_interval(NULL, 5), NULL, 'and neither has NULL');
SELECT throws_ok(format('SELECT ttr.proportion_interval(%s)', arguments), '22003', message, promise)
FROM (VALUES ('-1, 5', '-1 of 5 is no proportion', 'a number below 0 is refused'),
             ('6, 5', '6 of 5 is no proportion', 'more than all are refused'),
             ('1, 5, 95', 'confidence 95 is not at least 0.5 and less than 1', 'and a confidence in percent')
     ) AS v (arguments, message, promise);

SELECT * FROM finish();
ROLLBACK;
