-- Comparisons: each period beside the one before and the same a year ago, and whether the difference is more than chance.
--
--   answer()      the measures of each period                      (014_questions.sql)
--   estimates()   a figure, and the limits between which it lies
--   compared()    two periods, the difference and its limits
--
-- Two periods are two samples of what the team does. Each has its own exact interval, that of a quantile from order statistics and that
-- of a share from the binomial distribution (doc/quantile_interval.md). If both hold, the true difference lies between the lowest and the
-- highest difference of two values in them. Where each holds with a chance of sqrt(0.95), and one does not depend on the other, both hold
-- with a chance of at least 0.95. Nothing is assumed about the times themselves: not that they are normal, nor that both
-- periods have the same spread. So an interval is wider than one that assumes more.
--
--   before        |------ x ---|
--   now                            |---- x ------|
--   difference             0 < lower ......... upper          higher

CREATE FUNCTION ttr_data.length_of(step text) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE step WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || step)::interval END;
COMMENT ON FUNCTION ttr_data.length_of IS 'Length of a day, week, month or quarter.';

CREATE FUNCTION ttr_data.earlier_period(period date, step text, compared_with text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN compared_with = 'year before' AND step IN ('day', 'week') THEN period - 364  -- the same weekday
            WHEN compared_with = 'year before' THEN (period - interval '1 year')::date
            ELSE (period - ttr_data.length_of(step))::date
       END;
COMMENT ON FUNCTION ttr_data.earlier_period IS
  'First day of the period before, or of the same a year before; of days and weeks that is 52 weeks before.';

CREATE FUNCTION ttr_data.estimates(measures ttr_data.measures, confidence double precision)
RETURNS TABLE (figure text, value double precision, lower double precision, upper double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
  SELECT e.figure, e.value, e.lower, e.upper
  FROM (
    SELECT ttr_data.both((estimates.measures).span, (estimates.measures).timeline),
           (estimates.measures).sla_met,
           (estimates.measures).sla_met + (estimates.measures).sla_breaches
    OFFSET 0
  ) AS m (resolution, met, total)
  CROSS JOIN LATERAL (
    SELECT 'median_hours', ttr.quantile(m.resolution, 0.5) / 3600, i.lower / 3600, i.upper / 3600
    FROM ttr.quantile_interval(m.resolution, 0.5, estimates.confidence) AS i
    UNION ALL
    SELECT 'p95_hours', ttr.quantile(m.resolution, 0.95) / 3600, i.lower / 3600, i.upper / 3600
    FROM ttr.quantile_interval(m.resolution, 0.95, estimates.confidence) AS i
    UNION ALL
    SELECT 'sla_met_ratio', m.met / nullif(m.total, 0)::double precision, i.lower, i.upper
    FROM ttr.proportion_interval(m.met, m.total, estimates.confidence) AS i
  ) AS e (figure, value, lower, upper);
END;
COMMENT ON FUNCTION ttr_data.estimates IS
  'What is compared: median, 95th percentile and share within the target, each with its confidence interval. A limit is NULL where there '
  'are too few values for one.';

CREATE FUNCTION ttr_data.is_covered(period date, step text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT daterange(period, (period + ttr_data.length_of(step))::date) <@ covered_days FROM ttr_data.refreshed);
COMMENT ON FUNCTION ttr_data.is_covered IS
  'Whether the exports have nearly all that was resolved in a period; NULL before the first refresh.';

-- Days choose whole periods. The periods before the first one, back to a year before its own, are read to compare with.
CREATE FUNCTION ttr.compared(by text[] DEFAULT '{}', every text DEFAULT 'week', from_day date DEFAULT NULL, to_day date DEFAULT NULL,
                             assignee text DEFAULT NULL, tag text DEFAULT NULL, confidence double precision DEFAULT 0.95)
RETURNS TABLE (period date, assignee text, tag text, closed_by text, attribute text, second_attribute text, figure text, compared_with text,
               earlier_period date, total_closed bigint, earlier_total_closed bigint, value double precision,
               earlier_value double precision, difference double precision, lower double precision, upper double precision, change text)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100
BEGIN ATOMIC
  WITH asked AS (
    SELECT coalesce(compared.by, '{}') AS keys, coalesce(compared.every, 'week') AS step,
           -- An invalid confidence goes on unchanged, so that the error names it.
           CASE WHEN compared.confidence BETWEEN 0.5 AND 1 THEN sqrt(compared.confidence) ELSE compared.confidence END AS confidence
  ),
  estimated AS MATERIALIZED (
    SELECT a.period, a.assignee, a.tag, a.closed_by, a.attribute, a.second_attribute,
           ROW(a.assignee, a.tag, a.closed_by, a.attribute, a.second_attribute)::text AS key,
           coalesce((a.measures).total_closed, 0) AS total_closed, q.step,
           coalesce(ttr_data.is_covered(a.period, q.step), false) AS is_covered, e.figure, e.value, e.lower, e.upper
    FROM asked AS q
    -- A day so far back, or so far ahead, leaves nothing out.
    CROSS JOIN LATERAL ttr_data.answer(q.keys, q.step, CASE WHEN compared.from_day > '0100-01-01' THEN compared.from_day - 2 * 366 END,
                                       CASE WHEN compared.to_day < '9999-01-01' AND q.step IN ('day', 'week', 'month', 'quarter')
                                            THEN (date_trunc(q.step, compared.to_day::timestamp) + ttr_data.length_of(q.step))::date - 1
                                       END, compared.assignee, compared.tag) AS a
    CROSS JOIN LATERAL ttr_data.estimates(a.measures, q.confidence) AS e
    WHERE e.value IS NOT NULL
  ),
  -- The earlier period is a column, so that the join can hash it.
  compared_with AS MATERIALIZED (
    SELECT e.*, c.place, c.compared_with, ttr_data.earlier_period(e.period, e.step, c.compared_with) AS earlier_period
    FROM estimated AS e
    CROSS JOIN (VALUES (1, 'period before'), (2, 'year before')) AS c (place, compared_with)
    WHERE (compared.from_day >= e.period + ttr_data.length_of(e.step)) IS NOT TRUE
  )
  SELECT n.period, n.assignee, n.tag, n.closed_by, n.attribute, n.second_attribute, n.figure, n.compared_with, p.period, n.total_closed,
         p.total_closed, n.value, p.value, n.value - p.value, d.lower, d.upper,
         CASE WHEN NOT (n.is_covered AND p.is_covered) THEN 'not covered'
              WHEN d.lower > 0 THEN 'higher'
              WHEN d.upper < 0 THEN 'lower'
              ELSE 'no clear change'
         END
  FROM compared_with AS n
  JOIN estimated AS p ON (p.period, p.figure, p.key) = (n.earlier_period, n.figure, n.key)
  CROSS JOIN LATERAL (SELECT n.lower - p.upper, n.upper - p.lower) AS d (lower, upper)
  ORDER BY n.period, n.assignee, n.tag, n.closed_by, n.attribute, n.second_attribute, n.place, n.figure;
END;
REVOKE EXECUTE ON FUNCTION ttr.compared FROM PUBLIC;
COMMENT ON FUNCTION ttr.compared IS
  'Each period beside the one before and the same a year before: median, 95th percentile and share within the target, such as '
  'ttr.compared(''{assignee}'', ''month''). every: day, week, month or quarter; the other arguments are those of ttr.figures(), but '
  'that from_day and to_day choose whole periods. '
  'difference: value less earlier_value, in hours, or as a share; lower and upper: its exact confidence interval, NULL where too few '
  'conversations have one. change: higher or lower where 0 is outside of it, else no clear change; not covered where the exports have '
  'only a part of what was resolved in one of both. earlier_period: of days and weeks, 52 weeks before is a year before. '
  'A row for each that has something to compare.';
