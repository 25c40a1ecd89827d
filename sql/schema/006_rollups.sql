-- Rollups: counts, sums and distributions by day and by hour. A figure over any period follows from a few rows, and a change costs what it
-- touches. A percentile of a month does not follow from percentiles of its days; distributions are exact and add up.
--
--   facts change   triggers mark the hours of resolution and of start, old and new, whoever writes (007_marks.sql)
--   ttr.refresh()  recomputes the days of the marked hours from the facts, whole: nothing drifts; merges the longer periods
--                  that these are part of, and then refreshes the materialized views of all years (008_refresh.sql)
--   views          make figures of the rollups (009_figures.sql)

CREATE TYPE ttr_data.measures AS (
  total           bigint,
  total_open      bigint,
  total_snoozed   bigint,
  running_since   ttr.distribution,
  open_since      ttr.distribution,
  paused          ttr.distribution,
  total_closed    bigint,
  span            ttr.distribution,
  timeline        ttr.distribution,
  timeline_span   ttr.distribution,
  business        ttr.distribution,
  first_response  ttr.distribution,
  waiting         ttr.distribution,
  longest_wait    ttr.distribution,
  waiting_span    ttr.distribution,
  next_response   ttr.distribution,
  sla_met         bigint,
  sla_breaches    bigint,
  messages        bigint,
  messages_known  bigint,
  reopened        bigint,
  reopened_known  bigint
);
COMMENT ON TYPE ttr_data.measures IS 'What every rollup keeps. Counts and sums add up, distributions merge.';

-- Most conversations have no timeline. Their times are kept and merged once for both clocks, and nothing is lost.
CREATE FUNCTION ttr_data.both(a ttr.distribution, b ttr.distribution) RETURNS ttr.distribution
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(a OPERATOR(ttr.+) b, a, b);
COMMENT ON FUNCTION ttr_data.both IS 'The values of both distributions; either may be NULL.';

CREATE FUNCTION ttr_data.unfinished(open_since ttr.distribution, paused ttr.distribution, as_of double precision)
RETURNS ttr.distribution
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN as_of IS NOT NULL THEN ttr_data.both(ttr.ages(open_since, as_of), paused) END;
COMMENT ON FUNCTION ttr_data.unfinished IS 'Times to resolution so far of those that have not ended; NULL without an export.';

-- A list for a statement: of each measure a pattern, where %1$I is its name.
CREATE FUNCTION ttr_data.each_measure(counts text DEFAULT '%1$I', distributions text DEFAULT '%1$I') RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT string_agg(format(CASE atttypid WHEN 'bigint'::regtype THEN counts ELSE distributions END, attname), ', ' ORDER BY attnum)
  FROM pg_attribute
  WHERE attrelid = 'ttr_data.measures'::regclass
$$;
COMMENT ON FUNCTION ttr_data.each_measure IS 'The measures as a list, by a pattern for counts and one for distributions.';

-- has_ages: a condition on the rows that keep what ages follow from. It is large, and longer periods need it for dimension all only.
CREATE FUNCTION ttr_data.merged_measures(has_ages text DEFAULT 'true') RETURNS text
LANGUAGE sql STABLE
RETURN regexp_replace(ttr_data.each_measure('sum(%1$I)::bigint AS %1$I', 'ttr.merge(%1$I) AS %1$I'),
                      'ttr.merge\((running_since|open_since|paused)\)', format('\& FILTER (WHERE %s)', has_ages), 'g');
COMMENT ON FUNCTION ttr_data.merged_measures IS 'Columns of a query that makes one rollup of several.';

-- Most changes leave most distributions as they are: these are returned as stored, and not written again.
CREATE FUNCTION ttr_data.exchanged(whole ttr.distribution, was ttr.distribution, now ttr.distribution) RETURNS ttr.distribution
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(was OPERATOR(ttr.=) now, was IS NULL AND now IS NULL) THEN whole
            WHEN now IS NULL AND ttr.value_count(was) = ttr.value_count(whole) THEN NULL
            ELSE ttr_data.both(coalesce(whole OPERATOR(ttr.-) was, whole), now)
       END;
COMMENT ON FUNCTION ttr_data.exchanged IS
  'The values of the whole, without those that a part of it had, and with those that the part has now; NULL if none is left.';

-- Rollups and answers from the facts are both made of this.
CREATE FUNCTION ttr_data.added_by_conversation() RETURNS TABLE (place integer, measure name, type regtype, expression text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
  SELECT a.attnum::integer, a.attname, a.atttypid::regtype, e.expression
  FROM pg_attribute AS a
  JOIN (VALUES
    ('total',          $$true$$),
    -- is_closed first: it spares most conversations the comparison of the state.
    ('total_open',     $$NOT is_closed AND state = 'open'$$),
    ('total_snoozed',  $$NOT is_closed AND state = 'snoozed'$$),
    ('running_since',  $$CASE WHEN NOT is_closed AND state <> 'closed' THEN date_part('epoch', started_at) END$$),
    ('open_since',     $$date_part('epoch', open_since)$$),
    ('paused',         $$paused_seconds$$),
    ('total_closed',   $$is_closed$$),
    -- open_seconds has a value exactly where a timeline counts.
    ('span',           $$CASE WHEN open_seconds IS NULL THEN elapsed_seconds END$$),
    ('timeline',       $$open_seconds$$),
    ('timeline_span',  $$CASE WHEN open_seconds IS NOT NULL THEN elapsed_seconds END$$),
    ('business',       $$business_seconds$$),
    ('first_response', $$CASE WHEN is_closed THEN first_response_seconds END$$),
    ('waiting',        $$CASE WHEN is_closed THEN waiting_seconds END$$),
    ('longest_wait',   $$CASE WHEN is_closed THEN longest_wait_seconds END$$),
    ('waiting_span',   $$CASE WHEN is_closed AND waiting_seconds IS NOT NULL THEN elapsed_seconds END$$),
    ('next_response',  $$CASE WHEN is_closed THEN next_response_seconds END$$),  -- several for each conversation
    ('sla_met',        $$is_closed AND sla_seconds <= target_seconds$$),
    ('sla_breaches',   $$is_closed AND sla_seconds > target_seconds$$),
    ('messages',       $$CASE WHEN is_closed THEN message_count END$$),
    ('messages_known', $$is_closed AND message_count IS NOT NULL$$),
    ('reopened',       $$is_closed AND reopen_count > 0$$),
    ('reopened_known', $$is_closed AND reopen_count IS NOT NULL$$)
  ) AS e (measure, expression) ON e.measure = a.attname
  WHERE a.attrelid = 'ttr_data.measures'::regclass
$function$;
COMMENT ON FUNCTION ttr_data.added_by_conversation IS 'What a conversation adds to each measure: an expression over ttr_data.counted.';

CREATE FUNCTION ttr_data.attribute(attributes jsonb, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN attributes ? path THEN attributes ->> path
            WHEN path <> ''
            THEN coalesce(attributes #>> string_to_array(path, '.'),
                          -- A custom attribute may have a dot in its own name, such as Plan v1.2.
                          attributes -> split_part(path, '.', 1) ->> substr(path, strpos(path, '.') + 1))
       END;
COMMENT ON FUNCTION ttr_data.attribute IS
  'An attribute as text: the one of this very name, else the one at the end of the path, such as custom_attributes.plan.';

-- What else the figures are divided by: each has rollups, as assignee and tag have. An attribute that is asked for now and then needs none:
-- ttr_data.setting.attributes lists it.
CREATE TABLE ttr_data.dimension (
  name text COLLATE "C" PRIMARY KEY
       CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$' AND name NOT IN ('all', 'assignee', 'tag', 'closed_by', 'period', 'attribute')),
  path text NOT NULL CHECK (path <> '')
);
COMMENT ON TABLE ttr_data.dimension IS
  'Custom dimensions, such as channel or plan: INSERT INTO ttr_data.dimension VALUES (''channel'', ''source.type''). Their text is kept '
  'from the next load on, and readers see it.';
COMMENT ON COLUMN ttr_data.dimension.name IS 'Name of the dimension, in small letters.';
COMMENT ON COLUMN ttr_data.dimension.path IS
  'The attribute: its name, a path such as custom_attributes.plan, or closed_by, which separates what bots and teammates resolved.';

-- A key has to fit into an index.
CREATE FUNCTION ttr_data.dimension_value(attributes jsonb, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(left(ttr_data.attribute(attributes, path), 200), '');
COMMENT ON FUNCTION ttr_data.dimension_value IS
  'The value of a custom dimension: the first 200 characters of the attribute, NULL where there are none.';

-- The value of a custom dimension of one conversation, as an expression over its columns. A team has a name where a list had one, and 0 is
-- none. closed_by is a field and no attribute.
CREATE FUNCTION ttr_data.dimension_expression(path text, prefix text DEFAULT '') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(CASE path
                WHEN 'closed_by' THEN '%1$sclosed_by'
                WHEN 'team_assignee_id'
                THEN 'coalesce((SELECT nullif(left(name, 200), '''') FROM ttr_data.team '
                     'WHERE team_id = ttr_data.dimension_value(%1$sattributes, %2$L)), '
                     'nullif(ttr_data.dimension_value(%1$sattributes, %2$L), ''0''))'
                ELSE 'ttr_data.dimension_value(%1$sattributes, %2$L)'
              END, prefix, path);
COMMENT ON FUNCTION ttr_data.dimension_expression IS
  'The value of a custom dimension, as an expression over columns with this prefix, such as s. (with the dot).';

CREATE FUNCTION ttr_data.key_expression(name text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
RETURN coalesce((SELECT ttr_data.dimension_expression(d.path, 's.')
                 FROM ttr_data.dimension AS d
                 WHERE d.name = key_expression.name),
                format('ttr_data.attribute(s.attributes, %L)', name));
COMMENT ON FUNCTION ttr_data.key_expression IS
  'What a question is divided by, as an expression over the attributes of s: a custom dimension, or else an attribute. NULL for no name.';

-- The keys that are no fields: attributes and custom dimensions, in the order in which they are named.
CREATE FUNCTION ttr_data.attribute_keys(keys text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT k.key
             FROM unnest(keys) WITH ORDINALITY AS k (key, place)
             WHERE k.key NOT IN ('assignee', 'tag', 'closed_by')
             GROUP BY k.key
             ORDER BY min(k.place));
COMMENT ON FUNCTION ttr_data.attribute_keys IS 'The attributes and custom dimensions among the keys of a question, each once.';

-- The values of a conversation as one array, of which each element is a key: no pass over the facts knows how many dimensions there are.
CREATE FUNCTION ttr_data.custom_keys() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce('ARRAY[' || string_agg(format('%L || coalesce(%s, '''')', name || '=', ttr_data.dimension_expression(path)), ', '
                                         ORDER BY name) || ']', 'NULL::text[]')
  FROM ttr_data.dimension
$$;
COMMENT ON FUNCTION ttr_data.custom_keys IS
  'An expression over attributes: for each custom dimension a text of its name, = and the value, which is empty where there is none.';

CREATE FUNCTION ttr_data.is_custom(dimension text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN dimension NOT IN ('all', 'assignee', 'tag');
COMMENT ON FUNCTION ttr_data.is_custom IS 'Whether a dimension of the rollups is one that ttr_data.dimension lists.';

CREATE TABLE ttr_data.daily_rollup (
  day        date NOT NULL,
  dimension  text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  LIKE ttr_data.measures,
  PRIMARY KEY (day, dimension, key)
);
CREATE INDEX daily_rollup_key ON ttr_data.daily_rollup (dimension, key, day);
COMMENT ON TABLE ttr_data.daily_rollup IS
  'By day of resolution: a row for each day and each key. A conversation that does not count as closed stands at the day of its start; '
  'where that is unknown, of its close or its export.';

CREATE TABLE ttr_data.hourly_rollup (
  day        date NOT NULL,
  hour       timestamptz NOT NULL,
  LIKE ttr_data.measures,
  PRIMARY KEY (day, hour)
);
COMMENT ON TABLE ttr_data.hourly_rollup IS 'By hour of resolution, over all that count as closed.';
COMMENT ON COLUMN ttr_data.hourly_rollup.hour IS
  'Begin of the hour, in UTC, where no clock change moves or repeats it. One with midnight in it has a row on either day.';

CREATE TABLE ttr_data.start_rollup (
  day        date NOT NULL,
  hour       integer NOT NULL,
  LIKE ttr_data.measures,
  PRIMARY KEY (day, hour)
);
COMMENT ON TABLE ttr_data.start_rollup IS 'By hour of start, over all conversations whose start is known.';

CREATE TABLE ttr_data.sla_rollup (
  day          date NOT NULL,
  metric       text COLLATE "C" NOT NULL,
  policy       text COLLATE "C" NOT NULL,
  seconds      ttr.distribution,
  sla_breaches bigint NOT NULL,
  running      bigint NOT NULL,
  past_from    ttr.distribution,
  PRIMARY KEY (day, metric, policy)
);
COMMENT ON TABLE ttr_data.sla_rollup IS
  'By day of start: a row for each SLA policy. A conversation whose start is unknown stands where it does in the daily rollup.';
COMMENT ON COLUMN ttr_data.sla_rollup.policy IS 'The policy; '''' for the target of the settings.';
COMMENT ON COLUMN ttr_data.sla_rollup.seconds IS 'What those took that ended, by the clock of the policy, where known.';
COMMENT ON COLUMN ttr_data.sla_rollup.sla_breaches IS 'How many of them took more than the target.';

-- Merging reads all values of the distributions: a hundred months cost ten times what ten years do. So days are merged into months,
-- months into years, and each year with all before it. A change of the newest days costs the same after ten years as after one.
CREATE TABLE ttr_data.weekly_rollup (
  week       date PRIMARY KEY,
  LIKE ttr_data.measures
);
COMMENT ON TABLE ttr_data.weekly_rollup IS 'By week of resolution, over all: daily rollups, merged.';

CREATE TABLE ttr_data.monthly_rollup (
  month      date NOT NULL,
  dimension  text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  LIKE ttr_data.measures,
  PRIMARY KEY (month, dimension, key)
);
COMMENT ON TABLE ttr_data.monthly_rollup IS 'By month of resolution: daily rollups, merged.';

CREATE TABLE ttr_data.yearly_rollup (LIKE ttr_data.monthly_rollup INCLUDING INDEXES);
ALTER TABLE ttr_data.yearly_rollup RENAME COLUMN month TO year;
COMMENT ON TABLE ttr_data.yearly_rollup IS 'By year of resolution: monthly rollups, merged.';

CREATE TABLE ttr_data.cumulative_rollup (LIKE ttr_data.yearly_rollup INCLUDING INDEXES);
COMMENT ON TABLE ttr_data.cumulative_rollup IS 'All until the end of a year: its rollup, merged with those of all years before.';

CREATE VIEW ttr_data.total_rollup AS
SELECT * FROM ttr_data.cumulative_rollup WHERE year = (SELECT max(year) FROM ttr_data.cumulative_rollup);
COMMENT ON VIEW ttr_data.total_rollup IS 'The rollup of all years: the last cumulative one.';

CREATE TABLE ttr_data.cohort_rollup (LIKE ttr_data.weekly_rollup INCLUDING INDEXES);
COMMENT ON TABLE ttr_data.cohort_rollup IS 'By week of start, over all conversations whose start is known: start rollups, merged.';

CREATE TABLE ttr_data.weekday_rollup (
  weekday    integer NOT NULL,
  hour       integer NOT NULL,
  LIKE ttr_data.measures,
  PRIMARY KEY (weekday, hour)
);
COMMENT ON TABLE ttr_data.weekday_rollup IS 'By weekday and hour of start, over all with a known start: start rollups, merged.';

CREATE TABLE ttr_data.monthly_sla_rollup (LIKE ttr_data.sla_rollup INCLUDING COMMENTS INCLUDING INDEXES);
ALTER TABLE ttr_data.monthly_sla_rollup RENAME COLUMN day TO month;
COMMENT ON TABLE ttr_data.monthly_sla_rollup IS 'By month of start, for each SLA policy: SLA rollups, merged.';

CREATE TABLE ttr_data.rolling_24h (
  ends_at       timestamptz PRIMARY KEY,
  total_closed  bigint NOT NULL,
  median_seconds double precision,
  p95_seconds   double precision
);
COMMENT ON TABLE ttr_data.rolling_24h IS 'The 24 hours that end at each hour. A change of one hour touches 24 rows.';

CREATE TABLE ttr_data.refreshed (
  only_row            boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  refreshed_at        timestamptz NOT NULL,
  data_as_of          timestamptz,
  reporting_time_zone text NOT NULL,
  covered_days        datemultirange NOT NULL
);
COMMENT ON TABLE ttr_data.refreshed IS 'What the rollups stand for: one row, none before the first refresh.';
COMMENT ON COLUMN ttr_data.refreshed.data_as_of IS 'Time of the newest export then: what goes on is counted up to it.';
COMMENT ON COLUMN ttr_data.refreshed.reporting_time_zone IS 'Zone of their days and hours.';
COMMENT ON COLUMN ttr_data.refreshed.covered_days IS 'Days of which the exports have what was resolved; see ttr_data.covered_days().';

-- The first microsecond at which more than the target counts, in seconds since 1970.
CREATE FUNCTION ttr_data.past_from(intervals tstzmultirange, target_seconds double precision, seconds double precision,
                                   working_time tstzmultirange, covered tstzrange) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN seconds > target_seconds THEN '-infinity'
  WHEN upper_inf(intervals) OR upper(intervals) = 'infinity'
  THEN date_part('epoch', ttr.open_due_at(intervals, (floor(target_seconds * 1e6) + 1) / 1e6, working_time, covered))
END;
COMMENT ON FUNCTION ttr_data.past_from IS 'When a running conversation exceeds its target; -Infinity where it already does.';

-- A running conversation adds instants, its start and when it exceeds its target, so that it need not be read again for a newer export.
--
-- Because of OFFSET 0 what several columns read is computed once a conversation. ttr_data.measured has it where an index can still choose
-- conversations, at the price of a nested loop; ttr_data.measured_whole has it around all of them.
DO $generate$
DECLARE
  item  text[];
  views constant text[][] := ARRAY[['measured', 'OFFSET 0', ''], ['measured_whole', '', 'OFFSET 0']];
BEGIN
  FOREACH item SLICE 1 IN ARRAY views LOOP
    EXECUTE format($view$
      CREATE VIEW ttr_data.%I AS
      SELECT conversation_id,
             state,
             resolved_at,
             ttr_data.placed_at(started_at, resolved_at, exported_at) AS placed_at,
             is_closed,
             coalesce(assignee, '') COLLATE "C" AS assignee,
             tags AS tag,
             attributes,
             closed_by,
             coalesce(resolved_day, start_day, unstarted_day) AS day,
             resolved_day,
             CASE WHEN is_closed THEN date_bin('1 hour', resolved_at, '2000-01-01 00:00+00') END AS resolved_hour,
             start_day,
             start_hour,
             coalesce(start_day, unstarted_day) AS placed_day,
             backlog_changes AS backlog_change,
             date_part('epoch', backlog_since) AS backlog_since,
             CASE WHEN is_closed OR state <> 'closed' THEN coalesce(sla_policy, '') END AS policy,
             CASE WHEN is_closed THEN sla_seconds END AS seconds,
             NOT is_closed AS running,
             CASE WHEN NOT is_closed AND state <> 'closed'
                  THEN ttr_data.past_from(running_intervals, target_seconds, sla_seconds, sla_working_time, sla_covered)
             END AS past_from,
             %s
      FROM (
        SELECT c.conversation_id, c.state, c.started_at, c.resolved_at, c.exported_at, c.message_count, c.reopen_count, c.tags,
               c.attributes, c.closed_by, m.*
        FROM ttr_data.counted AS c
        CROSS JOIN (
          SELECT (SELECT reporting_time_zone FROM ttr_data.setting) AS zone,
                 (SELECT calendar IS NOT NULL FROM ttr_data.setting) AS has_calendar
        ) AS s
        CROSS JOIN LATERAL (
          SELECT c.assignee, c.is_closed, c.elapsed_seconds, c.open_seconds, c.first_response_seconds,
                 c.waiting_seconds, c.longest_wait_seconds, c.next_response_seconds, c.open_since, c.paused_seconds,
                 c.backlog_changes, c.backlog_since, c.sla_policy, c.target_seconds, c.sla_seconds, c.sla_working_time, c.sla_covered,
                 CASE WHEN c.state <> 'closed' THEN c.counted_intervals END AS running_intervals,
                 -- without a calendar nothing is built only to be dropped
                 CASE WHEN s.has_calendar THEN c.business_seconds END AS business_seconds,
                 ttr.local_day(c.started_at, s.zone) AS start_day,
                 ttr.local_hour(c.started_at, s.zone) AS start_hour,
                 CASE WHEN c.started_at IS NULL
                      THEN ttr.local_day(ttr_data.placed_at(c.started_at, c.resolved_at, c.exported_at), s.zone)
                 END AS unstarted_day,
                 CASE WHEN c.is_closed THEN ttr.local_day(c.resolved_at, s.zone) END AS resolved_day
          %s
        ) AS m
        %s
      ) AS c
    $view$, item[1],
      (SELECT string_agg(format('%s AS %I', expression, measure), ', ' ORDER BY place) FROM ttr_data.added_by_conversation()),
      item[2], item[3]);
  END LOOP;
END
$generate$;
COMMENT ON VIEW ttr_data.measured IS 'What each conversation adds to the rollups, to choose some of them.';
COMMENT ON VIEW ttr_data.measured_whole IS 'The same, to read all of them.';

CREATE VIEW ttr_data.measured_promise AS
SELECT p.placed_at,
       ttr.local_day(p.placed_at, (SELECT reporting_time_zone FROM ttr_data.setting)) AS day,
       c.promised_metric AS metric,
       c.promised_policy AS policy,
       CASE WHEN c.promised_end IS NOT NULL THEN c.promised_seconds END AS seconds,
       c.promised_end IS NOT NULL AND c.promised_seconds > c.promised_target_seconds AS sla_breaches,
       c.promised_end IS NULL AS running,
       CASE WHEN c.promised_end IS NULL
            THEN ttr_data.past_from(c.running_intervals, c.promised_target_seconds, c.promised_seconds, c.promised_working_time,
                                    c.promised_covered)
       END AS past_from
FROM ttr_data.promised AS c
CROSS JOIN LATERAL (SELECT ttr_data.placed_at(c.started_at, c.resolved_at, c.exported_at)) AS p (placed_at)
WHERE EXISTS (SELECT FROM ttr_data.sla_policy WHERE metric <> 'resolution')  -- usually there is none, and the facts are not read again
  AND c.promised_intervals IS NOT NULL;
COMMENT ON VIEW ttr_data.measured_promise IS 'What each conversation adds to the SLA rollup for each further promise.';
