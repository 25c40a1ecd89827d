-- ttr.compared(): each period beside the one before and the same a year before, and whether the difference is more than chance.
BEGIN;
SELECT plan(26);

\ir facts.psql
UPDATE ttr_data.load SET exported_at = '2026-05-10 00:00+00';

SELECT is_empty('SELECT * FROM ttr.compared()', 'without conversations there is nothing to compare');

-- Weeks of 40 conversations each, of 1 to 40 hours; from 27 April 2026 on each takes 30 hours more. Some start every day until the export.
CREATE FUNCTION pg_temp.add_week(monday date, more interval, assignee text DEFAULT 'ann@x') RETURNS void LANGUAGE sql AS $$
  SELECT pg_temp.add(format('%s %s %s', monday, assignee, n), 'closed', at - more - n * interval '1 hour', at, assignee, '{vip}')
  FROM generate_series(1, 40) AS n
  CROSS JOIN LATERAL (SELECT monday::timestamp AT TIME ZONE 'UTC' + n * interval '4 hours' AS at) AS t
$$;
SELECT pg_temp.add_week(monday::date, CASE WHEN monday >= '2026-04-27' THEN '30h' ELSE '0h' END::interval)
FROM generate_series('2025-03-31', '2026-05-04', interval '1 week') AS monday;
SELECT pg_temp.add('open', 'open', '2026-05-09 12:00+00', NULL);
SELECT ttr.refresh();

SELECT results_eq(
  $$SELECT figure, earlier_period, value, earlier_value, difference, change FROM ttr.compared()
    WHERE period = '2026-04-27' AND compared_with = 'period before'$$,
  $$VALUES ('median_hours', '2026-04-20'::date, 50.5::double precision, 20.5::double precision, 30::double precision, 'higher'),
           ('p95_hours', '2026-04-20', 68.05, 38.05, 30, 'no clear change'), ('sla_met_ratio', '2026-04-20', 0, 0.6, -0.6, 'lower')$$,
  'a jump of the median is more than chance; 40 conversations do not say enough about their 95th percentile');
SELECT results_eq(
  $$SELECT DISTINCT change FROM ttr.compared() WHERE period IN ('2026-04-20', '2026-05-04') AND compared_with = 'period before'$$,
  $$VALUES ('no clear change')$$, 'two weeks that are alike have no clear change');
SELECT results_eq(
  $$SELECT compared_with, earlier_period FROM ttr.compared() WHERE period = '2026-05-04' AND figure = 'median_hours'$$,
  $$VALUES ('period before', '2026-04-27'::date), ('year before', '2025-05-05')$$, 'a year before is 52 weeks before');
SELECT is(count(DISTINCT period), 57::bigint, 'every week but the first has one before it') FROM ttr.compared();

-- Each limit against that of the values themselves.
SELECT is_empty($$
  WITH hours AS MATERIALIZED (
    SELECT date_trunc('week', resolved_on::timestamp)::date AS week, ttr.distribution(resolution_hours) AS d,
           count(*) FILTER (WHERE NOT is_breach) AS met, count(*) AS total
    FROM ttr.conversations WHERE is_closed GROUP BY 1
  ),
  limits AS MATERIALIZED (
    SELECT week, f.figure, f.lower, f.upper
    FROM hours CROSS JOIN LATERAL (
      SELECT 'median_hours', lower, upper FROM ttr.quantile_interval(d, 0.5, sqrt(0.95)) UNION ALL
      SELECT 'p95_hours', lower, upper FROM ttr.quantile_interval(d, 0.95, sqrt(0.95)) UNION ALL
      SELECT 'sla_met_ratio', lower, upper FROM ttr.proportion_interval(met, total, sqrt(0.95))) AS f (figure, lower, upper)
  )
  SELECT c.period, c.figure
  FROM ttr.compared() AS c
  LEFT JOIN limits AS n ON (n.week, n.figure) = (c.period, c.figure)
  LEFT JOIN limits AS p ON (p.week, p.figure) = (c.earlier_period, c.figure)
  WHERE (round(c.lower::numeric, 9), round(c.upper::numeric, 9))
        IS DISTINCT FROM (round((n.lower - p.upper)::numeric, 9), round((n.upper - p.lower)::numeric, 9)) $$,
  'the limits are those of both periods'' own intervals');
SELECT is_empty($$
  SELECT period, figure FROM ttr.compared() WHERE difference < lower OR difference > upper $$, 'and the difference lies between them');
SELECT is_empty($$ SELECT period, figure
                   FROM ttr.compared(confidence => 0.5) AS a JOIN ttr.compared() AS b USING (period, figure, compared_with)
                   WHERE a.upper - a.lower > b.upper - b.lower $$, 'less confidence, and they are no further apart');

-- Other periods and keys.
SELECT results_eq(
  $$SELECT every, period, compared_with, earlier_period
    FROM unnest(ARRAY['day', 'month', 'quarter']) AS every CROSS JOIN LATERAL ttr.compared(every => every)
    WHERE figure = 'median_hours' AND period = CASE every WHEN 'day' THEN date '2026-05-01' ELSE '2026-04-01' END ORDER BY 1, 3$$,
  $$VALUES ('day', '2026-05-01'::date, 'period before', '2026-04-30'::date), ('day', '2026-05-01', 'year before', '2025-05-02'),
           ('month', '2026-04-01', 'period before', '2026-03-01'), ('month', '2026-04-01', 'year before', '2025-04-01'),
           ('quarter', '2026-04-01', 'period before', '2026-01-01'), ('quarter', '2026-04-01', 'year before', '2025-04-01')$$,
  'of days 364 days before is a year before: the same weekday');
SELECT pg_temp.add_week('2026-04-20', '0h', 'bob@x'), pg_temp.add_week('2026-04-27', '0h', 'bob@x');
SELECT ttr.refresh();
SELECT results_eq(
  $$SELECT assignee, total_closed, change FROM ttr.compared(by => '{assignee}')
    WHERE period = '2026-04-27' AND figure = 'median_hours' AND compared_with = 'period before'$$,
  $$VALUES ('ann@x', 40::bigint, 'higher'), ('bob@x', 40, 'no clear change')$$, 'each key is compared with itself');
SELECT results_eq(
  $$SELECT count(*), min(period) FROM ttr.compared(by => '{tag,assignee}', assignee => 'bob@x')$$,
  $$VALUES (3::bigint, '2026-04-27'::date)$$,
  'and only where it had something before');
SELECT results_eq($$SELECT DISTINCT tag FROM ttr.compared(by => '{tag}')$$, $$VALUES ('vip')$$, 'by tag, too');
SELECT set_eq($$SELECT period, compared_with FROM ttr.compared(from_day => '2026-04-29', to_day => '2026-05-05')$$,
              $$SELECT period, compared_with FROM (VALUES ('2026-04-27'::date), ('2026-05-04')) AS p (period),
                       (VALUES ('period before'), ('year before')) AS c (compared_with)$$,
              'days choose the periods, and those before are read for them');
SELECT is_empty($$
  SELECT * FROM ttr.compared(from_day => '2026-04-29', to_day => '2026-04-29')
  EXCEPT SELECT * FROM ttr.compared(from_day => '2026-04-27', to_day => '2026-05-03') $$, 'whole ones: a Wednesday stands for its week');
SELECT is_empty($$SELECT * FROM ttr.compared(tag => 'vip') EXCEPT SELECT * FROM ttr.compared()$$, 'a tag that all have chooses all');

-- Where the exports have only a part of a period, nothing is said of a change. A lone week of 2024 is covered from its second day on.
SELECT pg_temp.add_week('2024-06-03', '0h'), pg_temp.add_week('2024-06-10', '0h');
SELECT ttr.refresh();
SELECT results_eq($$SELECT DISTINCT change FROM ttr.compared() WHERE period = '2024-06-10'$$, $$VALUES ('not covered')$$,
                  'of a week that has only the head of an export nothing is said');

-- Chance alone: pairs of weeks with 60 times of one distribution differ clearly in 50 of 1,000 at most; and where one takes four times as
-- long, nearly all do.
SELECT setseed(0.4);
CREATE FUNCTION pg_temp.clear_pairs(times double precision) RETURNS bigint LANGUAGE sql AS $$
  WITH week AS (
    SELECT g, w, jsonb_populate_record(NULL::ttr_data.measures, jsonb_build_object(
             'span', ttr.distribution(exp(2 * random() + random()) * CASE w WHEN 1 THEN 1 ELSE times END)::text)) AS measures
    FROM generate_series(1, 1000) AS g CROSS JOIN generate_series(1, 2) AS w CROSS JOIN generate_series(1, 60) AS i
    GROUP BY g, w
  ),
  estimated AS (
    SELECT g, w, e.lower, e.upper FROM week CROSS JOIN LATERAL ttr_data.estimates(measures, sqrt(0.95)) AS e WHERE figure = 'median_hours'
  )
  SELECT count(*) FROM estimated AS a JOIN estimated AS b USING (g) WHERE a.w = 1 AND b.w = 2 AND (a.lower > b.upper OR b.lower > a.upper)
$$;
SELECT cmp_ok(pg_temp.clear_pairs(1), '<=', 50::bigint, 'of 1,000 pairs that differ by chance alone at most 50 seem to differ');
SELECT cmp_ok(pg_temp.clear_pairs(4), '>=', 950::bigint, 'of 1,000 pairs of which one takes four times as long, nearly all do');

SELECT is((SELECT count(*) FROM ttr.compared(from_day => from_day, to_day => to_day)), (SELECT count(*) FROM ttr.compared()),
          'days may be of any year')
FROM (VALUES ('4713-01-01 BC'::date, '5874897-12-31'::date)) AS v (from_day, to_day);
-- 200 keys over 40 weeks. Two of them at a time would be 800 million pairs.
SELECT pg_temp.add(format('many %s', n), 'closed', at - interval '1 hour', at, 'agent' || n % 200 || '@x')
FROM generate_series(0, 7999) AS n CROSS JOIN LATERAL (SELECT '2025-06-02 12:00+00'::timestamptz + n / 200 * interval '1 week' AS at) AS t;
SELECT ttr.refresh();
SET LOCAL statement_timeout = '60s';
SELECT cmp_ok((SELECT count(*) FROM ttr.compared('{assignee}')), '>', 20000::bigint, 'what is compared grows as its keys do');
RESET statement_timeout;

SELECT throws_ok(format('SELECT * FROM ttr.compared(%s)', arguments), state, message, promise)
FROM (VALUES
  ('every => ''year''', '22023', 'unknown period: "year"', 'a period that is not known is refused'),
  ('confidence => 95', '22003', 'confidence 95 is not at least 0.5 and less than 1', 'and a confidence in percent'),
  ('by => ''{plan}''', '42501', 'figures are not divided by "plan"', 'and an attribute that the owner does not list'),
  ('assignee => ''nobody@x''', '22023', 'no conversation has the assignee "nobody@x"', 'and a name that no conversation has')
) AS v (arguments, state, message, promise);

CREATE ROLE compared_reader;
SELECT ttr.grant_read('compared_reader');
SET LOCAL ROLE compared_reader;
SELECT ok((SELECT count(*) > 0 FROM ttr.compared()), 'a reader may ask');
RESET ROLE;
SELECT is_empty($$SELECT * FROM ttr.compared(NULL, NULL) EXCEPT SELECT * FROM ttr.compared()$$, 'NULL stands for what is left out');

SELECT * FROM finish();
ROLLBACK;
