-- A distribution answers what the values that it was made of would: quantiles as percentile_cont() has them, to the
-- last bit, and counts, shares, histograms, totals as count(), sum() ... have them.

BEGIN;
SELECT plan(153);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.31;

-- What a statement returns, or the SQLSTATE of its error.
CREATE FUNCTION pg_temp.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE statement INTO answer;
  RETURN coalesce(answer, 'NULL');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

-- Groups of each shape of data, with NULLs among them; that of size 0 has nothing else. Around 512 and 1024 a
-- distribution of different values gets one block more.

CREATE TEMP TABLE value AS
  SELECT shape, size,
         CASE WHEN i <= 1 + size / 20 THEN NULL
              WHEN shape = 'whole seconds' THEN round(seconds)
              WHEN shape = 'milliseconds' THEN round(seconds * 1000) / 1000
              WHEN shape = 'microseconds' THEN round(seconds * 1000000) / 1000000
              WHEN shape = 'uniform doubles' THEN random()
              WHEN shape = 'both signs' THEN floor(random() * 20000 - 10000) / 4
              WHEN shape = 'few distinct' THEN floor(random() * 5)
              WHEN shape = 'equal' THEN 86400
              WHEN shape = 'huge and tiny' THEN sign(random() - 0.5) * power(10::float8, random() * 300 - 150)
              WHEN shape = 'beyond 2^53' THEN floor(random() * 1e18)
              WHEN shape = 'denormal' THEN floor(random() * 2000 - 1000) * '5e-324'::float8
              WHEN shape = 'zeros of both signs' THEN (ARRAY['-0', '0', '1', '-1']::float8[])[1 + floor(random() * 4)]
              WHEN shape = 'seconds, then doubles' AND i % 3 > 0 THEN round(seconds)
              WHEN shape = 'seconds, then doubles' THEN 100000 + random()
              WHEN shape = 'with NaN' AND random() < 0.1 THEN 'NaN'
              WHEN shape = 'with infinities' AND random() < 0.1 THEN 'Infinity'
              WHEN shape IN ('with infinities', 'with minus infinity') AND random() < 0.1 THEN '-Infinity'
              ELSE round(seconds)
         END AS x
  FROM (SELECT *, exp(9.57 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS seconds
        FROM unnest(ARRAY['whole seconds', 'milliseconds', 'microseconds', 'uniform doubles', 'both signs',
                          'few distinct', 'equal', 'huge and tiny', 'beyond 2^53', 'denormal', 'zeros of both signs',
                          'seconds, then doubles', 'with NaN', 'with infinities', 'with minus infinity']) AS shape,
             unnest(ARRAY[0, 1, 2, 3, 10, 100, 511, 512, 513, 1024, 1025, 5000, 100000]) AS size,
             generate_series(1, size + 1 + size / 20) AS i
        WHERE size < 100000 OR shape IN ('whole seconds', 'milliseconds', 'uniform doubles')) AS drawn;
ANALYZE value;

CREATE TEMP TABLE stored AS SELECT shape, size, distribution(x) AS d FROM value GROUP BY shape, size;
CREATE TEMP TABLE shape AS SELECT DISTINCT shape FROM stored ORDER BY shape;

-- Quantiles

CREATE TEMP TABLE asked AS
  SELECT ARRAY[NULL, 0, 1, '-0', 0.5, 0.95]::float8[] || array_agg(random()) || array_agg(i / 100.0::float8) AS ps
  FROM generate_series(1, 100) AS i;
CREATE TEMP TABLE expected AS
  SELECT shape, size, percentile_cont((SELECT ps FROM asked)) WITHIN GROUP (ORDER BY x) AS quantiles,
         count(x) AS n, min(x), max(x), sum(x), avg(x),
         sum(abs(x)) FILTER (WHERE abs(x) < 'Infinity') AS magnitude
  FROM value GROUP BY shape, size;

SELECT is_empty(format($$
  SELECT size FROM stored FULL JOIN expected USING (shape, size), asked
  WHERE shape = %L AND quantile(d, ps) IS DISTINCT FROM quantiles $$, shape), 'quantile(d, p[]): ' || shape)
FROM shape;
SELECT is_empty(format($$
  SELECT size, p FROM stored JOIN expected USING (shape, size), asked, unnest(ps) WITH ORDINALITY AS one (p, place)
  WHERE shape = %L AND quantile(d, p) IS DISTINCT FROM quantiles[place] $$, shape), 'quantile(d, p): ' || shape)
FROM shape;
SELECT is(count(*), 15::bigint, 'no rows and only NULLs are NULL') FROM stored WHERE size = 0 AND d IS NULL;
SELECT is(distribution(x), NULL, 'so are no rows at all') FROM value WHERE size < 0;

-- A quantile of a distribution has percentile_cont()'s outcome, errors included, also where p is out of range.
SELECT is(pg_temp.outcome(format('SELECT quantile(distribution(x), %s) FROM (%s) AS source (x)', p, source)),
          pg_temp.outcome(format('SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY x) FROM (%s) AS source (x)',
                                 p, source)), 'as percentile_cont: ' || description)
FROM (VALUES
  ('p below 0', '-0.1', 'SELECT generate_series(1, 10)'),
  ('p above 1', '95', 'SELECT generate_series(1, 10)'),
  ('p is NaN', '''NaN''::float8', 'SELECT generate_series(1, 10)'),
  ('p is NULL', 'NULL::float8', 'SELECT generate_series(1, 10)'),
  ('p[] above 1', 'ARRAY[0.5, 1.5]', 'SELECT generate_series(1, 10)'),
  ('p[] is NULL', 'NULL::float8[]', 'SELECT generate_series(1, 10)'),
  ('p[] is empty', 'ARRAY[]::float8[]', 'SELECT generate_series(1, 10)'),
  ('p[] of NULLs', 'ARRAY[NULL, NULL]::float8[]', 'SELECT generate_series(1, 10)'),
  ('p[] of two dimensions', 'ARRAY[[0, 0.5], [NULL, 1]]', 'SELECT generate_series(1, 10)'),
  ('p[] that starts at 0', '''[0:2]={0,0.3,1}''::float8[]', 'SELECT generate_series(1, 10)'),
  ('two infinities make NaN', '0.95', 'VALUES (''Infinity''::float8), (''Infinity'')'),
  ('between the infinities', '0.5', 'VALUES (''Infinity''::float8), (''-Infinity'')'),
  ('a difference beyond double precision', '0.5', 'VALUES (-1.7e308::float8), (1.7e308)'),
  ('the last digit', '0.3', 'VALUES (0.1::float8), (0.7)')
) AS single (description, p, source);

SELECT throws_ok(format('SELECT quantile(%L::distribution, %s)', d, p), '22003',
                 format('percentile value %s is not between 0 and 1', p), format('p = %s is out of range for %s', p, d))
FROM unnest(ARRAY['{}', '{60}', '{NaN}']) AS d, unnest(ARRAY[-0.1, 95]) AS p;

-- Count, lowest, highest

SELECT is_empty(format($$
  SELECT size FROM stored JOIN expected USING (shape, size)
  WHERE shape = %L
    AND ROW(coalesce(value_count(d), 0), lowest(d), highest(d)) IS DISTINCT FROM ROW(n, min, max) $$, shape),
  'value_count, lowest, highest: ' || shape) FROM shape;

-- Total and mean

SELECT is_empty(format($$
  SELECT size, total(d), sum FROM stored JOIN expected USING (shape, size)
  WHERE shape = %L
    AND (total(d) IS DISTINCT FROM sum AND NOT coalesce(abs(total(d) - sum) <= 1e-12 * magnitude, false)
         OR mean(d) IS DISTINCT FROM avg AND NOT coalesce(abs(mean(d) - avg) * n <= 1e-12 * magnitude, false))
  $$, shape),
  'total and mean: ' || shape) FROM shape;
SELECT is_empty($$
  SELECT shape, size FROM stored JOIN expected USING (shape, size)
  WHERE shape IN ('whole seconds', 'both signs', 'few distinct', 'equal', 'zeros of both signs', 'with NaN',
                  'with infinities', 'with minus infinity')
    AND ROW(total(d), mean(d)) IS DISTINCT FROM ROW(sum, avg) $$, 'where sum() is exact, total is the same');

SELECT is(array_agg(DISTINCT total(distribution)), ARRAY[1]::float8[], '1e16 + 1 - 1e16 is 1 in every order')
FROM (SELECT distribution(x ORDER BY place)
      FROM (VALUES ('{1e16,1,-1e16}'::float8[]), ('{1,1e16,-1e16}'), ('{1e16,-1e16,1}'),
                   ('{-1e16,1e16,1}'), ('{-1e16,1,1e16}'), ('{1,-1e16,1e16}')) AS v (xs),
           unnest(xs) WITH ORDINALITY AS o (x, place)
      GROUP BY xs) AS ordered;
SELECT is_empty($$
  SELECT g FROM (SELECT g, m * 7 % (2 * g) AS k, floor(random() * 9e15)::bigint * (1 - 2 * (m % 2)) AS mantissa
                 FROM generate_series(1, 50) AS g, generate_series(1, 100) AS m) AS drawn
  GROUP BY g
  HAVING total(distribution(mantissa * power(2::float8, k)))
         IS DISTINCT FROM sum(mantissa::numeric * power(2::numeric, k))::float8 $$,
  'total is the exact sum, as numeric has it, rounded once');
SELECT is(total(d::distribution), expected, 'total of ' || d)
FROM (VALUES ('{1e308:2,-1e308}', 1e308::float8), ('{0.1:10}', 1), ('{5e-324:3}', '1.5e-323'::float8),
             ('{1e-300,1,-1}', 1e-300), ('{1e16,1:2}', 10000000000000002), ('{Infinity,1e308:2}', 'Infinity'),
             ('{-Infinity:3,1}', '-Infinity'), ('{-Infinity,Infinity}', 'NaN'), ('{NaN,1}', 'NaN')) AS v (d, expected);
SELECT throws_ok(format('SELECT %s(%L)', figure, d), '22003', 'value out of range: overflow',
                 format('%s of %s overflows', figure, d))
FROM unnest(ARRAY['total', 'mean']) AS figure, unnest(ARRAY['{1e308:2}', '{-1.7e308:9223372036854775807}']) AS d;

-- Shares and histograms, with bounds between the values, at the values and beyond them

CREATE TEMP TABLE bound AS
  SELECT shape, size, t
  FROM stored, unnest(ARRAY['-Infinity', -1, 0, 0.5, 3600, 100000.5, 'Infinity', 'NaN']::float8[]) AS t
  UNION
  SELECT shape, size, x
  FROM (SELECT *, row_number() OVER (PARTITION BY shape, size ORDER BY random()) AS place FROM value) AS shuffled
  WHERE place <= 8 AND x IS NOT NULL;
CREATE TEMP TABLE within AS
  SELECT shape, size, t, count(x) FILTER (WHERE x <= t) AS n
  FROM bound JOIN value USING (shape, size) GROUP BY shape, size, t;

SELECT is_empty(format($$
  SELECT size, t FROM stored JOIN expected e USING (shape, size) JOIN within w USING (shape, size)
  WHERE shape = %L AND share_within(d, t) IS DISTINCT FROM w.n::float8 / nullif(e.n, 0) $$, shape),
  'share_within is the fraction of x <= limit: ' || shape) FROM shape;
SELECT is_empty(format($$
  SELECT size
  FROM (SELECT shape, size, array_agg(t ORDER BY t) AS bounds, array_agg(part ORDER BY t) || max(rest) AS parts
        FROM (SELECT shape, size, t, w.n - lag(w.n, 1, 0) OVER (PARTITION BY shape, size ORDER BY t) AS part,
                     e.n - max(w.n) OVER (PARTITION BY shape, size) AS rest
              FROM within w JOIN expected e USING (shape, size)) AS counted
        GROUP BY shape, size) AS wanted JOIN stored USING (shape, size)
  WHERE shape = %L AND size > 0 AND histogram(d, bounds) IS DISTINCT FROM parts $$, shape),
  'histogram counts what is within each bound, and beyond the last: ' || shape) FROM shape;

SELECT is(histogram('{1:2,2,3:4,NaN}', bounds), parts, 'histogram with the bounds ' || bounds::text)
FROM (VALUES ('{}'::float8[], '{8}'::bigint[]), ('{2}', '{3,5}'), ('{0,1,1.5,3}', '{0,2,0,5,1}'),
             ('{Infinity}', '{7,1}'), ('{-Infinity,NaN}', '{0,8,0}'), ('[0:1]={1,2}', '{2,1,5}')) AS v (bounds, parts);
SELECT throws_ok(format('SELECT histogram(%L, %L)', d, bounds), '22023',
                 'bounds of a histogram must be ascending numbers',
                 format('histogram of %s refuses the bounds %s', d, bounds))
FROM unnest(ARRAY['{}', '{60}']) AS d,
     unnest(ARRAY['{NULL}', '{1,NULL}', '{2,1}', '{1,1}', '{0,-0}', '{NaN,1}', '{{1,2}}']) AS bounds;

-- Nothing: an empty distribution has a count and no other figure, and NULL has none.

SELECT is(ROW(value_count(d), total(d), mean(d), lowest(d), highest(d), share_within(d, 1), quantile(d, 0.5),
              quantile(d, ARRAY[0.5, NULL]), histogram(d, '{1,2}'))::text,
          figures, 'figures of ' || coalesce(d::text, 'NULL'))
FROM (VALUES ('{}'::distribution, '(0,,,,,,,,"{0,0,0}")'), (NULL, '(,,,,,,,,)')) AS v (d, figures);
SELECT is(ROW(share_within(d, NULL), quantile(d, NULL::float8), quantile(d, NULL::float8[]), histogram(d, NULL),
              d + NULL, NULL + d, d - NULL, NULL - d)::text, '(,,,,,,,)', 'a NULL argument makes NULL')
FROM (VALUES ('{60}'::distribution)) AS v (d);

-- Groups that outgrow work_mem: values that repeat are counted, others go to disk, and the distribution is the same.

CREATE TEMP TABLE large AS
  SELECT floor(random() * 2000) AS counted, random() AS uniform,
         CASE WHEN i <= 80000 THEN floor(random() * 2000) WHEN i % 500 = 0 THEN 'NaN' ELSE random() END AS mixed
  FROM generate_series(1, 150000) AS i;
SET LOCAL work_mem = '64MB';
CREATE TEMP TABLE roomy AS SELECT distribution(counted) AS c, distribution(uniform) AS u, distribution(mixed) AS m
  FROM large;
SET LOCAL work_mem = '64kB';
CREATE TEMP TABLE cramped AS
  SELECT distribution(counted) AS c, distribution(uniform) AS u, distribution(mixed) AS m,
         quantile(distribution(mixed), 0.9) AS of_distribution, ttr.quantile(mixed, 0.9) AS of_values FROM large;
SELECT is(ROW(cramped.c = roomy.c, cramped.u = roomy.u, cramped.m = roomy.m)::text, '(t,t,t)',
          '150,000 values within 64 kB') FROM cramped, roomy;
SELECT is(ROW(of_distribution, of_values)::text, ROW(core, core)::text,
          'distribution() and quantile() of the same values do not disturb one another')
FROM cramped, (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY mixed) AS core FROM large) AS oracle;

SELECT * FROM finish();
ROLLBACK;
