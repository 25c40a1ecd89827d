-- Figures: medians, percentiles, shares and counts; overall, by assignee, by tag, by day and by SLA policy.
--
-- One materialized view holds them all, so that each figure is defined in one place. A conversation is counted once under
-- every key that it belongs to:
--
--   dimension   key
--   all         ''                      every conversation
--   assignee    assignee, '' nobody     every conversation
--   tag         tag                     a conversation of three tags three times, an untagged one not at all
--   day         resolved_on             closed conversations only
--
-- Percentiles do not add up: a figure of one row can never be computed from the figures of others.

CREATE MATERIALIZED VIEW ttr_data.figures AS
WITH counted AS MATERIALIZED (
  SELECT assignee, tags, resolved_on, state, is_closed, resolution_seconds, basis, elapsed_seconds, business_seconds,
         target_seconds, sla_seconds, is_breach, first_response_seconds, age_seconds, message_count, reopen_count
  FROM ttr_data.counted
),
member AS (
  SELECT 'all' AS dimension, '' AS key, c.* FROM counted AS c
  UNION ALL
  SELECT 'assignee', coalesce(c.assignee, ''), c.* FROM counted AS c
  UNION ALL
  SELECT 'tag', t.tag, c.* FROM counted AS c CROSS JOIN LATERAL unnest(c.tags) AS t (tag)
  UNION ALL
  SELECT 'day', to_char(c.resolved_on, 'YYYY-MM-DD'), c.* FROM counted AS c WHERE c.is_closed
),
figure AS (
  SELECT dimension,
         key COLLATE "C" AS key,
         count(*) FILTER (WHERE is_closed) AS total_closed,
         ttr.quantile(resolution_seconds, ARRAY[0.5, 0.95]) AS resolution_quantiles,
         avg(resolution_seconds) AS mean_seconds,
         avg((resolution_seconds <= 86400)::integer)::double precision AS share_within_24h,
         avg((NOT is_breach)::integer)::double precision AS sla_met_ratio,
         count(*) FILTER (WHERE is_breach) AS sla_breaches,
         avg(message_count) FILTER (WHERE is_closed)::double precision AS avg_messages,
         avg((reopen_count > 0)::integer) FILTER (WHERE is_closed)::double precision AS reopened_ratio,
         avg((basis = 'timeline')::integer)::double precision AS timeline_ratio,
         ttr.quantile(elapsed_seconds, ARRAY[0.5, 0.95]) AS elapsed_quantiles,
         ttr.quantile(business_seconds, ARRAY[0.5, 0.95]) AS business_quantiles,
         count(first_response_seconds) FILTER (WHERE is_closed) AS first_response_count,
         ttr.quantile(first_response_seconds, ARRAY[0.5, 0.95]) FILTER (WHERE is_closed) AS first_response_quantiles,
         count(*) AS total,
         count(*) FILTER (WHERE state = 'open') AS total_open,
         count(*) FILTER (WHERE state = 'snoozed') AS total_snoozed,
         ttr.median(age_seconds) AS open_median_age_seconds,
         count(*) FILTER (WHERE state <> 'closed' AND sla_seconds > target_seconds) AS open_past_target
  FROM member
  GROUP BY dimension, key COLLATE "C"
)
SELECT dimension,
       key,
       total_closed,
       resolution_quantiles[1] / 3600 AS median_hours,
       resolution_quantiles[2] / 3600 AS p95_hours,
       mean_seconds / 3600 AS mean_hours,
       resolution_quantiles[1] AS median_seconds,
       resolution_quantiles[2] AS p95_seconds,
       mean_seconds,
       share_within_24h,
       sla_met_ratio,
       sla_breaches,
       avg_messages,
       reopened_ratio,
       timeline_ratio,
       elapsed_quantiles[1] / 3600 AS elapsed_median_hours,
       elapsed_quantiles[2] / 3600 AS elapsed_p95_hours,
       business_quantiles[1] / 3600 AS business_median_hours,
       business_quantiles[2] / 3600 AS business_p95_hours,
       first_response_count,
       first_response_quantiles[1] / 3600 AS first_response_median_hours,
       first_response_quantiles[2] / 3600 AS first_response_p95_hours,
       total,
       total_open,
       total_snoozed,
       open_median_age_seconds / 3600 AS open_median_age_hours,
       open_past_target
FROM figure;

-- Lets REFRESH ... CONCURRENTLY match old rows with new ones.
CREATE UNIQUE INDEX figures_key ON ttr_data.figures (dimension, key);
COMMENT ON MATERIALIZED VIEW ttr_data.figures IS 'Every published figure, a row for each dimension and key.';

-- The published views. overall has its one row even when there is no conversation: counts of 0 and figures of NULL.

CREATE VIEW ttr.overall AS
SELECT coalesce(total_closed, 0) AS total_closed,
       median_hours,
       p95_hours,
       mean_hours,
       median_seconds,
       p95_seconds,
       mean_seconds,
       share_within_24h,
       sla_met_ratio,
       coalesce(sla_breaches, 0) AS sla_breaches,
       avg_messages,
       reopened_ratio,
       timeline_ratio,
       elapsed_median_hours,
       elapsed_p95_hours,
       business_median_hours,
       business_p95_hours,
       coalesce(first_response_count, 0) AS first_response_count,
       first_response_median_hours,
       first_response_p95_hours,
       coalesce(total, 0) AS total,
       coalesce(total_open, 0) AS total_open,
       coalesce(total_snoozed, 0) AS total_snoozed,
       open_median_age_hours,
       coalesce(open_past_target, 0) AS open_past_target
FROM (VALUES ('all')) AS the (dimension)
LEFT JOIN ttr_data.figures USING (dimension);
COMMENT ON VIEW ttr.overall IS 'The figures over all conversations, in one row.';

CREATE VIEW ttr.by_assignee AS
SELECT nullif(key, '') COLLATE "default" AS assignee,
       total_closed,
       median_hours,
       p95_hours,
       mean_hours,
       median_seconds,
       p95_seconds,
       mean_seconds,
       share_within_24h,
       sla_met_ratio,
       sla_breaches,
       avg_messages,
       reopened_ratio,
       timeline_ratio,
       elapsed_median_hours,
       elapsed_p95_hours,
       business_median_hours,
       business_p95_hours,
       first_response_count,
       first_response_median_hours,
       first_response_p95_hours
FROM ttr_data.figures
WHERE dimension = 'assignee';
COMMENT ON VIEW ttr.by_assignee IS 'The figures by assignee.';

CREATE VIEW ttr.by_tag AS
SELECT key COLLATE "default" AS tag,
       total_closed,
       median_hours,
       p95_hours,
       mean_hours,
       median_seconds,
       p95_seconds,
       mean_seconds,
       share_within_24h,
       sla_met_ratio,
       sla_breaches,
       avg_messages,
       reopened_ratio,
       timeline_ratio,
       elapsed_median_hours,
       elapsed_p95_hours,
       business_median_hours,
       business_p95_hours,
       first_response_count,
       first_response_median_hours,
       first_response_p95_hours
FROM ttr_data.figures
WHERE dimension = 'tag';
COMMENT ON VIEW ttr.by_tag IS 'The figures by tag; a conversation counts under each of its tags.';

CREATE VIEW ttr.daily AS
SELECT to_date(key, 'YYYY-MM-DD') AS day,
       total_closed,
       median_hours,
       p95_hours,
       mean_hours,
       median_seconds,
       p95_seconds,
       mean_seconds,
       share_within_24h,
       sla_met_ratio,
       sla_breaches,
       avg_messages,
       reopened_ratio,
       timeline_ratio,
       elapsed_median_hours,
       elapsed_p95_hours,
       business_median_hours,
       business_p95_hours,
       first_response_count,
       first_response_median_hours,
       first_response_p95_hours
FROM ttr_data.figures
WHERE dimension = 'day';
COMMENT ON VIEW ttr.daily IS 'The figures by day of resolution.';

-- A figure means the same in every view, and is explained once.
DO $$
DECLARE
  glossary record;
BEGIN
  FOR glossary IN
    SELECT a.attrelid::regclass AS view, a.attname AS name, g.meaning
    FROM (VALUES
      ('assignee', 'The assignee''s e-mail address in lower case, else the name, else the identifier; NULL for nobody.'),
      ('tag', 'The tag.'),
      ('day', 'Day of resolution in the reporting time zone.'),
      ('total_closed', 'Closed conversations: state is closed, and not resolved before the start. The population of the other figures.'),
      ('median_hours', 'Median time to resolution in hours.'),
      ('p95_hours', '95th percentile of time to resolution in hours.'),
      ('mean_hours', 'Mean time to resolution in hours.'),
      ('median_seconds', 'Median time to resolution in seconds.'),
      ('p95_seconds', '95th percentile of time to resolution in seconds.'),
      ('mean_seconds', 'Mean time to resolution in seconds.'),
      ('share_within_24h', 'Share of closed conversations resolved within 24 hours, from 0 to 1.'),
      ('sla_met_ratio', 'Share of closed conversations resolved within their target, from 0 to 1.'),
      ('sla_breaches', 'Closed conversations that took more than their target.'),
      ('avg_messages', 'Mean number of messages of a closed conversation, where known.'),
      ('reopened_ratio', 'Share of closed conversations that were reopened at least once, where known, from 0 to 1.'),
      ('timeline_ratio', 'Share of closed conversations whose time to resolution comes from their timeline, from 0 to 1; the rest is the span from start to close.'),
      ('elapsed_median_hours', 'Median hours from start to resolution by the wall clock.'),
      ('elapsed_p95_hours', '95th percentile of hours from start to resolution by the wall clock.'),
      ('business_median_hours', 'Median business hours to resolution, by the calendar of the settings; NULL without one.'),
      ('business_p95_hours', '95th percentile of business hours to resolution.'),
      ('first_response_count', 'Closed conversations whose first response is known.'),
      ('first_response_median_hours', 'Median hours from start to first response.'),
      ('first_response_p95_hours', '95th percentile of hours from start to first response.'),
      ('total', 'Conversations in any state.'),
      ('total_open', 'Conversations in state open.'),
      ('total_snoozed', 'Conversations in state snoozed.'),
      ('open_median_age_hours', 'Median age in hours of the open and snoozed ones, at the time of the newest export.'),
      ('open_past_target', 'Open and snoozed conversations for which more than their target counts already.')
    ) AS g (name, meaning)
    JOIN pg_catalog.pg_attribute AS a ON a.attname = g.name
    WHERE a.attrelid IN ('ttr.overall'::regclass, 'ttr.by_assignee'::regclass, 'ttr.by_tag'::regclass, 'ttr.daily'::regclass)
  LOOP
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', glossary.view, glossary.name, glossary.meaning);
  END LOOP;
END
$$;

-- Takes the lock that ttr-load holds while it loads, so that there is one of them at a time. Refreshing needs ownership,
-- which whoever loads need not have.
CREATE FUNCTION ttr.refresh() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
  figures text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ttr load', 0));
  PERFORM ttr_data.extend_calendars(min(started_at), max(greatest(started_at, resolved_at, exported_at)))
  FROM ttr_data.conversation;
  FOREACH figures IN ARRAY ARRAY['ttr_data.figures', 'ttr_data.sla_figures'] LOOP
    -- After a restore of the schema alone there is nothing yet that could be read meanwhile.
    EXECUTE format('REFRESH MATERIALIZED VIEW %s %s',
                   CASE WHEN (SELECT relispopulated FROM pg_class WHERE oid = figures::regclass) THEN 'CONCURRENTLY' END,
                   figures);
  END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr.refresh() FROM PUBLIC;  -- it keeps loads waiting
COMMENT ON FUNCTION ttr.refresh() IS 'Recomputes the published figures from the facts; readers go on meanwhile.';
