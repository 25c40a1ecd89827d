-- Rollups: what is counted, summed up by day and by hour, so that a figure over any period follows from a few rows and a
-- change costs what it touches.
--
--   facts change   triggers mark the hours of resolution and of start, old and new, whoever writes
--   ttr.refresh()  recomputes the days of the marked hours from the facts, whole: nothing drifts
--                  and then the materialized views that merge days (007_figures.sql)
--
-- A percentile of a month does not follow from percentiles of its days. Distributions are exact and add up: a rollup keeps
-- counts, sums and distributions, of which every figure is made.

CREATE TYPE ttr_data.measures AS (
  total           bigint,
  total_open      bigint,
  total_snoozed   bigint,
  running_since   ttr.distribution,
  total_closed    bigint,
  span            ttr.distribution,
  timeline        ttr.distribution,
  timeline_span   ttr.distribution,
  business        ttr.distribution,
  first_response  ttr.distribution,
  sla_met         bigint,
  sla_breaches    bigint,
  messages        bigint,
  messages_known  bigint,
  reopened        bigint,
  reopened_known  bigint
);
COMMENT ON TYPE ttr_data.measures IS 'What every rollup keeps. Counts and sums add up, distributions merge.';
COMMENT ON COLUMN ttr_data.measures.total IS 'Conversations in any state.';
COMMENT ON COLUMN ttr_data.measures.total_open IS 'Conversations in state open.';
COMMENT ON COLUMN ttr_data.measures.total_snoozed IS 'Conversations in state snoozed.';
COMMENT ON COLUMN ttr_data.measures.running_since IS 'When those that are open or snoozed started, in seconds since 1970: their ages at any time follow.';
COMMENT ON COLUMN ttr_data.measures.total_closed IS 'Conversations that count as closed; what follows is about these.';
COMMENT ON COLUMN ttr_data.measures.span IS 'Seconds from start to resolution of those without a timeline: both their time to resolution and what elapsed.';
COMMENT ON COLUMN ttr_data.measures.timeline IS 'Times to resolution of those with a timeline, in seconds.';
COMMENT ON COLUMN ttr_data.measures.timeline_span IS 'Seconds from start to resolution of the same.';
COMMENT ON COLUMN ttr_data.measures.business IS 'Times to resolution in business seconds, where known.';
COMMENT ON COLUMN ttr_data.measures.first_response IS 'Seconds from start to first response, where known.';
COMMENT ON COLUMN ttr_data.measures.sla_met IS 'How many took at most their target.';
COMMENT ON COLUMN ttr_data.measures.sla_breaches IS 'How many took more than their target.';
COMMENT ON COLUMN ttr_data.measures.messages IS 'Messages, of those that tell.';
COMMENT ON COLUMN ttr_data.measures.messages_known IS 'How many tell their messages.';
COMMENT ON COLUMN ttr_data.measures.reopened IS 'How many were reopened.';
COMMENT ON COLUMN ttr_data.measures.reopened_known IS 'How many tell whether they were reopened.';

-- Most conversations have no timeline. Their times are kept and merged once for both clocks, and nothing is lost.
CREATE FUNCTION ttr_data.both(a ttr.distribution, b ttr.distribution) RETURNS ttr.distribution
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(a OPERATOR(ttr.+) b, a, b);
COMMENT ON FUNCTION ttr_data.both(ttr.distribution, ttr.distribution) IS 'The values of both distributions, each of which may be NULL.';

CREATE FUNCTION ttr_data.merged_measures() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT string_agg(format(CASE atttypid WHEN 'bigint'::regtype THEN 'sum(%1$I)::bigint AS %1$I' ELSE 'ttr.merge(%1$I) AS %1$I' END,
                           attname), ', ' ORDER BY attnum)
  FROM pg_attribute
  WHERE attrelid = 'ttr_data.measures'::regclass
$$;
COMMENT ON FUNCTION ttr_data.merged_measures() IS 'Columns of a query that makes one rollup of several.';

CREATE FUNCTION ttr_data.counted_measures() RETURNS text
LANGUAGE sql IMMUTABLE
RETURN $columns$
  count(*),
  count(*) FILTER (WHERE state = 'open'),
  count(*) FILTER (WHERE state = 'snoozed'),
  ttr.distribution(date_part('epoch', started_at)) FILTER (WHERE state <> 'closed'),
  count(*) FILTER (WHERE is_closed),
  ttr.distribution(resolution_seconds) FILTER (WHERE basis = 'span'),
  ttr.distribution(resolution_seconds) FILTER (WHERE basis = 'timeline'),
  ttr.distribution(elapsed_seconds) FILTER (WHERE basis = 'timeline'),
  ttr.distribution(business_seconds),
  ttr.distribution(first_response_seconds) FILTER (WHERE is_closed),
  count(*) FILTER (WHERE is_closed AND sla_seconds <= target_seconds),
  count(*) FILTER (WHERE is_closed AND sla_seconds > target_seconds),
  coalesce(sum(message_count) FILTER (WHERE is_closed), 0),
  count(message_count) FILTER (WHERE is_closed),
  count(*) FILTER (WHERE is_closed AND reopen_count > 0),
  count(reopen_count) FILTER (WHERE is_closed)
$columns$;
COMMENT ON FUNCTION ttr_data.counted_measures() IS 'Columns of a query that makes measures of conversations, as ttr_data.counted and ttr_data.measured have them.';

CREATE TABLE ttr_data.daily_rollup (
  day        date NOT NULL,
  dimension  text COLLATE "C" NOT NULL CHECK (dimension IN ('all', 'assignee', 'tag')),
  key        text COLLATE "C" NOT NULL,
  LIKE ttr_data.measures INCLUDING COMMENTS,
  PRIMARY KEY (day, dimension, key)
);
CREATE INDEX daily_rollup_key ON ttr_data.daily_rollup (dimension, key, day);
COMMENT ON TABLE ttr_data.daily_rollup IS 'By day of resolution: a row for each day and each key. A conversation that does not count as closed stands at the day of its start.';
COMMENT ON COLUMN ttr_data.daily_rollup.day IS 'The day, in the reporting time zone.';
COMMENT ON COLUMN ttr_data.daily_rollup.dimension IS 'What the key is: all, assignee or tag.';
COMMENT ON COLUMN ttr_data.daily_rollup.key IS 'The assignee, '''' for nobody; the tag; of all ''''.';

CREATE TABLE ttr_data.hourly_rollup (
  day        date NOT NULL,
  hour       timestamptz NOT NULL,
  LIKE ttr_data.measures INCLUDING COMMENTS,
  PRIMARY KEY (day, hour)
);
COMMENT ON TABLE ttr_data.hourly_rollup IS 'By hour of resolution, over all that count as closed. Hours are those of UTC: there no clock change moves or repeats them.';
COMMENT ON COLUMN ttr_data.hourly_rollup.day IS 'Day of the resolution, in the reporting time zone.';
COMMENT ON COLUMN ttr_data.hourly_rollup.hour IS 'When the hour begins: a full hour of UTC. One that midnight divides has a row on either day.';

CREATE TABLE ttr_data.start_rollup (
  day        date NOT NULL,
  hour       integer NOT NULL,
  LIKE ttr_data.measures INCLUDING COMMENTS,
  PRIMARY KEY (day, hour)
);
COMMENT ON TABLE ttr_data.start_rollup IS 'By hour of start, over all conversations.';
COMMENT ON COLUMN ttr_data.start_rollup.day IS 'Day of the start, in the reporting time zone.';
COMMENT ON COLUMN ttr_data.start_rollup.hour IS 'Hour of that day, from 0 to 23; the one that a clock change repeats stands once.';

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
COMMENT ON TABLE ttr_data.sla_rollup IS 'By day of start: a row for each SLA policy.';
COMMENT ON COLUMN ttr_data.sla_rollup.day IS 'Day of the start, in the reporting time zone.';
COMMENT ON COLUMN ttr_data.sla_rollup.metric IS 'What the target is for: resolution or first_response.';
COMMENT ON COLUMN ttr_data.sla_rollup.policy IS 'The policy; '''' for the target of the settings.';
COMMENT ON COLUMN ttr_data.sla_rollup.seconds IS 'What those took that ended, by the clock of the policy, where known.';
COMMENT ON COLUMN ttr_data.sla_rollup.sla_breaches IS 'How many of them took more than the target.';
COMMENT ON COLUMN ttr_data.sla_rollup.running IS 'How many go on, or wait for an answer.';
COMMENT ON COLUMN ttr_data.sla_rollup.past_from IS 'From when on more than the target counts of those, in seconds since 1970; -Infinity of those that it does already.';

-- To merge distributions is to go through all their values: a hundred months cost ten times what ten years do. So days are merged
-- into months, months into years, and each year with all before it. What stands for everything is there, then, and a
-- change of the newest days costs the same after ten years as after one.
CREATE TABLE ttr_data.weekly_rollup (
  week       date PRIMARY KEY,
  LIKE ttr_data.measures INCLUDING COMMENTS
);
COMMENT ON TABLE ttr_data.weekly_rollup IS 'By week of resolution, over all: daily rollups, merged.';
COMMENT ON COLUMN ttr_data.weekly_rollup.week IS 'Monday of the week.';

CREATE TABLE ttr_data.monthly_rollup (
  month      date NOT NULL,
  dimension  text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  LIKE ttr_data.measures INCLUDING COMMENTS,
  PRIMARY KEY (month, dimension, key)
);
COMMENT ON TABLE ttr_data.monthly_rollup IS 'By month of resolution: daily rollups, merged.';
COMMENT ON COLUMN ttr_data.monthly_rollup.month IS 'First day of the month.';
COMMENT ON COLUMN ttr_data.monthly_rollup.dimension IS 'What the key is: all, assignee or tag.';
COMMENT ON COLUMN ttr_data.monthly_rollup.key IS 'The assignee, '''' for nobody; the tag; of all ''''.';

CREATE TABLE ttr_data.yearly_rollup (LIKE ttr_data.monthly_rollup INCLUDING COMMENTS INCLUDING INDEXES);
ALTER TABLE ttr_data.yearly_rollup RENAME COLUMN month TO year;
COMMENT ON TABLE ttr_data.yearly_rollup IS 'By year of resolution: monthly rollups, merged.';
COMMENT ON COLUMN ttr_data.yearly_rollup.year IS 'First day of the year.';

CREATE TABLE ttr_data.cumulative_rollup (LIKE ttr_data.yearly_rollup INCLUDING COMMENTS INCLUDING INDEXES);
COMMENT ON TABLE ttr_data.cumulative_rollup IS 'All until the end of a year: its rollup, merged with those of all years before.';

CREATE TABLE ttr_data.cohort_rollup (LIKE ttr_data.weekly_rollup INCLUDING COMMENTS INCLUDING INDEXES);
COMMENT ON TABLE ttr_data.cohort_rollup IS 'By week of start, over all conversations: start rollups, merged.';

CREATE TABLE ttr_data.weekday_rollup (
  year       date NOT NULL,
  weekday    integer NOT NULL,
  hour       integer NOT NULL,
  LIKE ttr_data.measures INCLUDING COMMENTS,
  PRIMARY KEY (year, weekday, hour)
);
COMMENT ON TABLE ttr_data.weekday_rollup IS 'By year, weekday and hour of start, over all conversations: start rollups, merged.';
COMMENT ON COLUMN ttr_data.weekday_rollup.year IS 'First day of the year.';
COMMENT ON COLUMN ttr_data.weekday_rollup.weekday IS 'Weekday, from 1 for Monday to 7 for Sunday.';
COMMENT ON COLUMN ttr_data.weekday_rollup.hour IS 'Hour of the day, from 0 to 23.';

CREATE TABLE ttr_data.monthly_sla_rollup (LIKE ttr_data.sla_rollup INCLUDING COMMENTS INCLUDING INDEXES);
ALTER TABLE ttr_data.monthly_sla_rollup RENAME COLUMN day TO month;
COMMENT ON TABLE ttr_data.monthly_sla_rollup IS 'By month of start, for each SLA policy: SLA rollups, merged.';
COMMENT ON COLUMN ttr_data.monthly_sla_rollup.month IS 'First day of the month.';

CREATE TABLE ttr_data.rolling_24h (
  ends_at       timestamptz PRIMARY KEY,
  total_closed  bigint NOT NULL,
  median_seconds double precision,
  p95_seconds   double precision
);
COMMENT ON TABLE ttr_data.rolling_24h IS 'The 24 hours that end at each hour. A change of one hour touches 24 rows, whatever the number of years.';
COMMENT ON COLUMN ttr_data.rolling_24h.ends_at IS 'When the 24 hours end.';
COMMENT ON COLUMN ttr_data.rolling_24h.total_closed IS 'Closed conversations that were resolved in them.';
COMMENT ON COLUMN ttr_data.rolling_24h.median_seconds IS 'Median of their times to resolution, in seconds.';
COMMENT ON COLUMN ttr_data.rolling_24h.p95_seconds IS '95th percentile of the same.';

CREATE TABLE ttr_data.refreshed (
  only_row            boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  refreshed_at        timestamptz NOT NULL,
  data_as_of          timestamptz,
  reporting_time_zone text NOT NULL
);
COMMENT ON TABLE ttr_data.refreshed IS 'What the rollups stand for: one row, none before the first refresh.';
COMMENT ON COLUMN ttr_data.refreshed.only_row IS 'Always true: keeps the table at one row.';
COMMENT ON COLUMN ttr_data.refreshed.refreshed_at IS 'When they last followed the facts.';
COMMENT ON COLUMN ttr_data.refreshed.data_as_of IS 'Time of the newest export then: what goes on is counted up to it.';
COMMENT ON COLUMN ttr_data.refreshed.reporting_time_zone IS 'Zone of their days and hours.';

-- The first microsecond at which more than the target counts, in seconds since 1970. What counts grows only at a running end.
CREATE FUNCTION ttr_data.past_from(intervals tstzmultirange, target_seconds double precision, seconds double precision,
                                   working_time tstzmultirange, covered tstzrange) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN seconds > target_seconds THEN '-infinity'
  WHEN upper_inf(intervals) OR upper(intervals) = 'infinity'
  THEN date_part('epoch', ttr.open_due_at(intervals, (floor(target_seconds * 1e6) + 1) / 1e6, working_time, covered))
END;
COMMENT ON FUNCTION ttr_data.past_from(tstzmultirange, double precision, double precision, tstzmultirange, tstzrange) IS 'From when on more than a target counts of a conversation that goes on; -Infinity if it does by now.';

-- What each conversation adds to the rollups, and where. Of one that goes on that is told in instants, so that a newer export
-- needs no new look at it: when it started, and from when on more than its target counts.
CREATE VIEW ttr_data.measured AS
SELECT c.started_at,
       c.resolved_at,
       c.started_at AT TIME ZONE z.reporting_time_zone AS started_local,
       CASE WHEN c.is_closed THEN c.resolved_at AT TIME ZONE z.reporting_time_zone END AS resolved_local,
       c.assignee,
       c.tags,
       c.state,
       c.is_closed,
       c.basis,
       c.resolution_seconds,
       c.elapsed_seconds,
       CASE WHEN z.calendar IS NOT NULL THEN c.business_seconds END AS business_seconds,  -- without one nothing is built only to be dropped
       c.first_response_seconds,
       c.message_count,
       c.reopen_count,
       c.sla_policy,
       c.target_seconds,
       c.sla_seconds,
       CASE WHEN c.state <> 'closed'
            THEN ttr_data.past_from(c.counted_intervals, c.target_seconds, c.sla_seconds, c.sla_working_time, c.sla_covered)
       END AS past_from,
       CASE WHEN c.unanswered IS NOT NULL THEN c.response_policy END AS response_policy,
       c.response_target_seconds,
       c.response_sla_seconds,
       c.first_response_at IS NOT NULL AS is_answered,
       CASE WHEN c.first_response_at IS NULL AND c.response_policy IS NOT NULL
            THEN ttr_data.past_from(c.unanswered, c.response_target_seconds, c.response_sla_seconds, c.response_working_time,
                                    c.response_covered)
       END AS response_past_from
FROM ttr_data.promised AS c
CROSS JOIN (SELECT reporting_time_zone, calendar FROM ttr_data.setting LIMIT 1) AS z;
COMMENT ON VIEW ttr_data.measured IS 'What each conversation adds to the rollups.';

-- Marks are only ever added by those who write facts: they block nobody, and none is lost by a crash or left by a rollback.
CREATE TABLE ttr_data.mark (
  hour        timestamptz,
  teammate_id text COLLATE "C"
);
COMMENT ON TABLE ttr_data.mark IS 'What a change of facts touched since the last refresh; some of it several times.';
COMMENT ON COLUMN ttr_data.mark.hour IS 'Begin of the hour, in UTC so that it means the same whatever the reporting time zone.';
COMMENT ON COLUMN ttr_data.mark.teammate_id IS 'A teammate that stands for another assignee now: of its conversations the hours are touched. A row without hour and teammate_id marks everything.';

CREATE FUNCTION ttr_data.mark_everything() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO ttr_data.mark DEFAULT VALUES;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_everything() IS 'Marks everything as touched.';

-- Takes the rows that a statement wrote as changed. The first refresh recomputes everything whatever is marked.
CREATE FUNCTION ttr_data.mark_conversations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC'
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ttr_data.refreshed) THEN
    INSERT INTO ttr_data.mark DEFAULT VALUES;
  ELSE
    INSERT INTO ttr_data.mark (hour)
    SELECT date_trunc('hour', started_at) FROM changed
    UNION
    SELECT date_trunc('hour', resolved_at) FROM changed WHERE resolved_at IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_conversations() IS 'Marks the hours of the conversations that a statement wrote.';

CREATE TRIGGER mark_inserted AFTER INSERT ON ttr_data.conversation REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
CREATE TRIGGER mark_deleted AFTER DELETE ON ttr_data.conversation REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
CREATE TRIGGER mark_old AFTER UPDATE ON ttr_data.conversation REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
CREATE TRIGGER mark_new AFTER UPDATE ON ttr_data.conversation REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.conversation
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

-- These change what is counted of conversations that nobody wrote. For each row: a statement that finds none changes nothing.
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.setting
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.calendar
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.sla_policy
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.calendar
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.sla_policy
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

-- Every load confirms teammates; few of them get another address or name.
CREATE FUNCTION ttr_data.mark_teammates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO ttr_data.mark (teammate_id)
    SELECT DISTINCT teammate_id
    FROM (SELECT teammate_id, email, name FROM was UNION ALL SELECT teammate_id, email, name FROM changed) AS t
    GROUP BY teammate_id, email, name
    HAVING count(*) = 1;
  ELSE
    INSERT INTO ttr_data.mark (teammate_id) SELECT teammate_id FROM changed;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_teammates() IS 'Marks the teammates that a statement changed.';
CREATE TRIGGER mark_inserted AFTER INSERT ON ttr_data.teammate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_updated AFTER UPDATE ON ttr_data.teammate REFERENCING OLD TABLE AS was NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_deleted AFTER DELETE ON ttr_data.teammate REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.teammate
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

CREATE VIEW ttr_data.marked_day AS
SELECT DISTINCT (i.at AT TIME ZONE s.reporting_time_zone)::date AS day
FROM (
  -- An hour of UTC may have a midnight within it.
  SELECT i.at
  FROM ttr_data.mark
  CROSS JOIN LATERAL (VALUES (hour), (hour + interval '59 minutes 59.999999 seconds')) AS i (at)
  UNION ALL
  SELECT i.at
  FROM ttr_data.conversation
  CROSS JOIN LATERAL (VALUES (started_at), (resolved_at)) AS i (at)
  WHERE assignee_id IN (SELECT teammate_id FROM ttr_data.mark)
) AS i
CROSS JOIN ttr_data.setting AS s
WHERE i.at IS NOT NULL;
COMMENT ON VIEW ttr_data.marked_day IS 'The days that a change touched since the last refresh, where not everything is marked.';

CREATE VIEW ttr_data.marked_conversation AS
WITH span AS MATERIALIZED (
  SELECT m.day::timestamp AT TIME ZONE s.reporting_time_zone AS begins_at,
         (m.day + 1)::timestamp AT TIME ZONE s.reporting_time_zone AS ends_at
  FROM ttr_data.marked_day AS m
  CROSS JOIN ttr_data.setting AS s
)
SELECT resolved.*
FROM span
CROSS JOIN LATERAL (
  SELECT * FROM ttr_data.measured
  WHERE is_closed AND state = 'closed' AND resolved_at >= span.begins_at AND resolved_at < span.ends_at
  OFFSET 0  -- a day at a time, by the index
) AS resolved
UNION ALL
SELECT started.*
FROM span
CROSS JOIN LATERAL (
  SELECT * FROM ttr_data.measured
  WHERE started_at >= span.begins_at AND started_at < span.ends_at
    AND (NOT is_closed OR resolved_local::date NOT IN (SELECT day FROM ttr_data.marked_day))
  OFFSET 0
) AS started;
COMMENT ON VIEW ttr_data.marked_conversation IS 'The conversations that the rollups of marked days are made of: resolved on one of them, or started.';

-- Where most days are touched, reading all facts at once takes less time than day by day.
CREATE FUNCTION ttr_data.is_everything_marked() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  RETURN NOT EXISTS (SELECT FROM ttr_data.refreshed)
         OR EXISTS (SELECT FROM ttr_data.mark WHERE hour IS NULL AND teammate_id IS NULL)
         OR (SELECT count(*) FROM ttr_data.marked_day)
            > (SELECT greatest(count(*) / 2, 7) FROM ttr_data.daily_rollup WHERE dimension = 'all');
END
$$;
COMMENT ON FUNCTION ttr_data.is_everything_marked() IS 'Whether no rollup stands any more, or so few do that all are made anew.';

-- Marks are taken by the same statement that reads the facts: whoever commits meanwhile is in both or in neither.
CREATE FUNCTION ttr_data.measure_touched() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on  -- loaders do without
AS $$
BEGIN
  CREATE TEMPORARY TABLE measured ON COMMIT DROP AS TABLE ttr_data.measured WITH NO DATA;
  WITH taken AS (
    DELETE FROM ttr_data.mark WHERE hour IS NOT NULL OR teammate_id IS NOT NULL
  ),
  kept AS (
    INSERT INTO pg_temp.touched SELECT day FROM ttr_data.marked_day
  )
  INSERT INTO pg_temp.measured TABLE ttr_data.marked_conversation;
  ANALYZE pg_temp.touched;
END
$$;
COMMENT ON FUNCTION ttr_data.measure_touched() IS 'Takes the marks, and measures the conversations of the days that they touch.';

CREATE FUNCTION ttr_data.measure_everything() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  DELETE FROM ttr_data.mark;
  CREATE TEMPORARY TABLE measured ON COMMIT DROP AS TABLE ttr_data.measured;
END
$$;
COMMENT ON FUNCTION ttr_data.measure_everything() IS 'Takes the marks, and measures all conversations.';

-- There are many conversations for each row of a rollup, which the planner cannot know of a temporary table: it would sort.
CREATE FUNCTION ttr_data.roll_up(rollup regclass, keys text, conversations text, days text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_sort = off
AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO %s
     SELECT %s, %s
     FROM (SELECT %s, * FROM pg_temp.measured) AS c
     WHERE %s
     GROUP BY %s', rollup, keys, ttr_data.counted_measures(), conversations, days, keys);
END
$$;
COMMENT ON FUNCTION ttr_data.roll_up(regclass, text, text, text) IS 'Adds the rows of some days to a rollup. keys are its first columns, and conversations says what these are of a measured conversation.';

-- days is a condition on the days that are replaced.
CREATE FUNCTION ttr_data.replace_days(days text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $function$
BEGIN
  EXECUTE format('DELETE FROM ttr_data.daily_rollup WHERE %1$s; DELETE FROM ttr_data.hourly_rollup WHERE %1$s;
                  DELETE FROM ttr_data.start_rollup WHERE %1$s; DELETE FROM ttr_data.sla_rollup WHERE %1$s', days);
  PERFORM ttr_data.roll_up('ttr_data.daily_rollup', 'day, dimension, key',
    $$coalesce(resolved_local, started_local)::date AS day, 'assignee' AS dimension, coalesce(assignee, '') AS key$$, days);
  PERFORM ttr_data.roll_up('ttr_data.daily_rollup', 'day, dimension, key',
    $$coalesce(resolved_local, started_local)::date AS day, 'tag' AS dimension, unnest(tags) AS key$$, days);
  -- Each conversation has one assignee, or nobody.
  EXECUTE format($$INSERT INTO ttr_data.daily_rollup
                   SELECT day, 'all', '', %s FROM ttr_data.daily_rollup WHERE dimension = 'assignee' AND %s GROUP BY day$$,
                 ttr_data.merged_measures(), days);
  PERFORM ttr_data.roll_up('ttr_data.hourly_rollup', 'day, hour',
    $$resolved_local::date AS day, date_trunc('hour', resolved_at, 'UTC') AS hour$$, 'is_closed AND ' || days);
  PERFORM ttr_data.roll_up('ttr_data.start_rollup', 'day, hour',
    $$started_local::date AS day, extract(hour FROM started_local)::integer AS hour$$, days);
  EXECUTE format($$
    INSERT INTO ttr_data.sla_rollup
    SELECT day, metric, policy,
           ttr.distribution(seconds) FILTER (WHERE has_ended),
           count(*) FILTER (WHERE has_ended AND seconds > target_seconds),
           count(*) FILTER (WHERE NOT has_ended),
           ttr.distribution(past_from) FILTER (WHERE NOT has_ended)
    FROM (
      SELECT started_local::date AS day, 'resolution' AS metric, coalesce(sla_policy, '') AS policy, is_closed AS has_ended,
             sla_seconds AS seconds, target_seconds, past_from
      FROM pg_temp.measured
      WHERE is_closed OR state <> 'closed'
      UNION ALL
      SELECT started_local::date, 'first_response', response_policy, is_answered, response_sla_seconds, response_target_seconds,
             response_past_from
      FROM pg_temp.measured
      WHERE response_policy IS NOT NULL
    ) AS standing
    WHERE %s
    GROUP BY day, metric, policy$$, days);
END
$function$;
COMMENT ON FUNCTION ttr_data.replace_days(text) IS 'Replaces the rollups of some days by those of the measured conversations.';

CREATE FUNCTION ttr_data.merge_days(rollup regclass, period text, keys text, days text, merged text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  EXECUTE format('DELETE FROM %1$s WHERE %2$I IN (SELECT date_trunc(%2$L, day::timestamp)::date FROM pg_temp.touched)', rollup, period);
  EXECUTE format(
    'INSERT INTO %1$s
     SELECT %3$s, %5$s
     FROM (SELECT DISTINCT date_trunc(%2$L, day::timestamp)::date AS first_day FROM pg_temp.touched) AS p
     JOIN %4$s day >= first_day AND day < first_day + interval %6$L
     GROUP BY %3$s', rollup, period, keys, days, merged, '1 ' || period);
END
$$;
COMMENT ON FUNCTION ttr_data.merge_days(regclass, text, text, text, text) IS 'Replaces the rows of a rollup by week, month or year, as far as the touched days reach, by those of shorter periods, merged.';

-- A day is part of the 24 hours that end with its first hour, and of those that begin with its last one.
CREATE FUNCTION ttr_data.replace_24h(zone text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  CREATE TEMPORARY TABLE touched_24h ON COMMIT DROP AS
  SELECT DISTINCT h.ends_at
  FROM pg_temp.touched AS t
  CROSS JOIN LATERAL generate_series(date_trunc('hour', t.day::timestamp AT TIME ZONE zone, 'UTC') + interval '1 hour',
                                     (t.day + 1)::timestamp AT TIME ZONE zone + interval '23 hours 59 minutes',
                                     interval '1 hour') AS h (ends_at);
  DELETE FROM ttr_data.rolling_24h WHERE ends_at IN (SELECT ends_at FROM pg_temp.touched_24h);
  INSERT INTO ttr_data.rolling_24h
  SELECT ends_at, ttr.value_count(resolution), ttr.quantile(resolution, 0.5), ttr.quantile(resolution, 0.95)
  FROM (
    SELECT ends_at, t.ends_at IS NOT NULL AS is_touched,
           ttr.merge(r.resolution) OVER (ORDER BY ends_at RANGE BETWEEN interval '23 hours' PRECEDING AND CURRENT ROW) AS resolution
    FROM pg_temp.touched_24h AS t
    FULL JOIN (
      SELECT hour + interval '1 hour' AS ends_at, ttr_data.both(ttr.merge(span), ttr.merge(timeline)) AS resolution
      FROM ttr_data.hourly_rollup
      WHERE day IN (SELECT day + n FROM pg_temp.touched CROSS JOIN generate_series(-2, 2) AS n)
      GROUP BY hour
    ) AS r USING (ends_at)
  ) AS w
  WHERE is_touched AND ttr.value_count(resolution) > 0;
  DROP TABLE pg_temp.touched_24h;
END
$$;
COMMENT ON FUNCTION ttr_data.replace_24h(text) IS 'Replaces the 24 hours that end at each hour, as far as the touched days reach.';

CREATE FUNCTION ttr_data.accumulate_years() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  first constant date := (SELECT date_trunc('year', min(day)::timestamp) FROM pg_temp.touched);
  next  date;
BEGIN
  DELETE FROM ttr_data.cumulative_rollup WHERE year >= first;
  FOR next IN SELECT DISTINCT year FROM ttr_data.yearly_rollup WHERE year >= first ORDER BY year LOOP
    EXECUTE format(
      'INSERT INTO ttr_data.cumulative_rollup
       SELECT $1, dimension, key, %s
       FROM (
         SELECT * FROM ttr_data.cumulative_rollup WHERE year = (SELECT max(year) FROM ttr_data.cumulative_rollup)
         UNION ALL
         SELECT * FROM ttr_data.yearly_rollup WHERE year = $1
       ) AS r
       GROUP BY dimension, key', ttr_data.merged_measures()) USING next;
  END LOOP;
END
$$;
COMMENT ON FUNCTION ttr_data.accumulate_years() IS 'Replaces the cumulative rollups from the first touched year on.';

CREATE FUNCTION ttr_data.replace_periods() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  merged constant text := ttr_data.merged_measures();
BEGIN
  PERFORM ttr_data.merge_days('ttr_data.weekly_rollup', 'week', 'first_day', 'ttr_data.daily_rollup AS d ON dimension = ''all'' AND', merged);
  PERFORM ttr_data.merge_days('ttr_data.monthly_rollup', 'month', 'first_day, dimension, key', 'ttr_data.daily_rollup AS d ON', merged);
  PERFORM ttr_data.merge_days('ttr_data.yearly_rollup', 'year', 'first_day, dimension, key',
    '(SELECT month AS day, * FROM ttr_data.monthly_rollup) AS d ON', merged);
  PERFORM ttr_data.accumulate_years();
  PERFORM ttr_data.merge_days('ttr_data.cohort_rollup', 'week', 'first_day', 'ttr_data.start_rollup AS d ON', merged);
  PERFORM ttr_data.merge_days('ttr_data.weekday_rollup', 'year', 'first_day, extract(isodow FROM day)::integer, hour', 'ttr_data.start_rollup AS d ON', merged);
  PERFORM ttr_data.merge_days('ttr_data.monthly_sla_rollup', 'month', 'first_day, metric, policy', 'ttr_data.sla_rollup AS d ON',
    'ttr.merge(seconds), sum(sla_breaches)::bigint, sum(running)::bigint, ttr.merge(past_from)');
END
$$;
COMMENT ON FUNCTION ttr_data.replace_periods() IS 'Replaces the rollups by week, month and year, as far as the touched days reach.';

-- What these two return makes up the database, as it stands now: years that nothing touched are one row for each key, and
-- conversations are looked up only for the days that a change touched. Read both in one statement: a mark is seen by both then.
CREATE FUNCTION ttr_data.standing_rollups() RETURNS SETOF ttr_data.yearly_rollup
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  IF ttr_data.is_everything_marked() THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH marked AS MATERIALIZED (
    SELECT day, date_trunc('month', day::timestamp)::date AS month, date_trunc('year', day::timestamp)::date AS year FROM ttr_data.marked_day
  )
  SELECT *
  FROM ttr_data.cumulative_rollup
  WHERE year = (SELECT max(year) FROM ttr_data.cumulative_rollup WHERE year < (SELECT coalesce(min(year), 'infinity') FROM marked))
  UNION ALL
  SELECT *
  FROM ttr_data.yearly_rollup
  WHERE year > (SELECT min(year) FROM marked) AND year NOT IN (SELECT year FROM marked)
  UNION ALL
  SELECT r.*
  FROM (SELECT DISTINCT year FROM marked) AS m
  JOIN ttr_data.monthly_rollup AS r ON r.month >= m.year AND r.month < m.year + interval '1 year'
  WHERE r.month NOT IN (SELECT month FROM marked)
  UNION ALL
  SELECT r.*
  FROM (SELECT DISTINCT month FROM marked) AS m
  JOIN ttr_data.daily_rollup AS r ON r.day >= m.month AND r.day < m.month + interval '1 month'
  WHERE r.day NOT IN (SELECT day FROM marked);
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.standing_rollups() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.standing_rollups() IS 'The rollups that no mark touches, in periods as long as may be: of all years before the first mark, then of years, else of months, else of days.';

CREATE FUNCTION ttr_data.unrolled_conversations()
RETURNS TABLE (assignee text, tags text[], is_closed boolean, resolution_seconds double precision, is_breach boolean, message_count integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  IF ttr_data.is_everything_marked() THEN
    RETURN QUERY SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_breach, c.message_count FROM ttr_data.counted AS c;
  ELSE
    RETURN QUERY
    SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_closed AND c.sla_seconds > c.target_seconds, c.message_count
    FROM ttr_data.marked_conversation AS c
    WHERE coalesce(c.resolved_local, c.started_local)::date IN (SELECT day FROM ttr_data.marked_day);
  END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.unrolled_conversations() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.unrolled_conversations() IS 'The conversations that the standing rollups leave out, and of each what a summary needs.';

-- After a restore the materialized views may have nothing yet, or something else than the rollups.
CREATE FUNCTION ttr_data.has_figures_of(moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'ttr_data'::regnamespace AND relkind = 'm' AND NOT relispopulated) THEN
    RETURN false;
  END IF;
  RETURN (SELECT refreshed_at IS NOT DISTINCT FROM moment FROM ttr_data.overall);
END
$$;
COMMENT ON FUNCTION ttr_data.has_figures_of(timestamptz) IS 'Whether the materialized views stand for the rollups as they were refreshed then.';

-- The days that a change touched are read by these, and what goes on without the rest. They are built over the facts of the first
-- load, which takes a quarter of the time that adding to them row by row takes. Who writes just then is not kept waiting:
-- without them everything is as right, and the next refresh tries again.
CREATE FUNCTION ttr_data.index_facts() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
AS $$
BEGIN
  IF to_regclass('ttr_data.conversation_started_at') IS NULL THEN
    CREATE INDEX conversation_started_at ON ttr_data.conversation (started_at);
    CREATE INDEX conversation_resolved_at ON ttr_data.conversation (resolved_at) WHERE state = 'closed';
    CREATE INDEX conversation_running ON ttr_data.conversation (started_at) WHERE state <> 'closed';
  END IF;
EXCEPTION WHEN lock_not_available THEN
  NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.index_facts() IS 'Builds the indexes of the facts that refreshing and the live views read, where they are missing.';

-- Takes the lock that ttr-load holds while it loads, so that there is one of them at a time. Refreshing needs ownership,
-- which whoever loads need not have.
CREATE FUNCTION ttr.refresh() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off
AS $$
DECLARE
  zone       text;
  newest     timestamptz;
  known      ttr_data.refreshed;
  everything boolean;
  figures    text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ttr load', 0));
  SELECT reporting_time_zone INTO zone FROM ttr_data.setting;
  SELECT max(exported_at) INTO newest FROM ttr_data.load;
  SELECT * INTO known FROM ttr_data.refreshed;
  PERFORM ttr_data.extend_calendars((SELECT min(started_at) FROM ttr_data.conversation),
                                    greatest((SELECT max(started_at) FROM ttr_data.conversation),
                                             (SELECT max(resolved_at) FROM ttr_data.conversation WHERE state = 'closed'), newest));
  -- Of what goes on it is known from when on it is late, as long as time goes on too.
  everything := (known.data_as_of IS NOT NULL AND (newest >= known.data_as_of) IS NOT TRUE) OR ttr_data.is_everything_marked();
  IF NOT everything AND newest IS NOT DISTINCT FROM known.data_as_of AND NOT EXISTS (SELECT FROM ttr_data.mark)
     AND ttr_data.has_figures_of(known.refreshed_at) THEN
    RETURN;
  END IF;

  CREATE TEMPORARY TABLE touched (day date PRIMARY KEY) ON COMMIT DROP;
  IF everything THEN
    PERFORM ttr_data.index_facts();
    PERFORM ttr_data.measure_everything();
    INSERT INTO pg_temp.touched SELECT day FROM ttr_data.daily_rollup UNION SELECT day FROM ttr_data.start_rollup;
    PERFORM ttr_data.replace_days('true');
    DELETE FROM ttr_data.rolling_24h;  -- its hours may have been those of another zone
    INSERT INTO pg_temp.touched SELECT day FROM ttr_data.daily_rollup UNION SELECT day FROM ttr_data.start_rollup ON CONFLICT DO NOTHING;
  ELSE
    PERFORM ttr_data.measure_touched();
    PERFORM ttr_data.replace_days('day IN (SELECT day FROM pg_temp.touched)');
  END IF;
  PERFORM ttr_data.replace_24h(zone);
  PERFORM ttr_data.replace_periods();
  DROP TABLE pg_temp.measured, pg_temp.touched;

  DELETE FROM ttr_data.refreshed;
  INSERT INTO ttr_data.refreshed (refreshed_at, data_as_of, reporting_time_zone)
  SELECT clock_timestamp(), max(exported_at), zone FROM ttr_data.load;
  FOREACH figures IN ARRAY ARRAY['overall', 'by_assignee', 'by_tag', 'sla'] LOOP
    -- After a restore of the schema alone there is nothing yet that could be read meanwhile.
    EXECUTE format('REFRESH MATERIALIZED VIEW %s ttr_data.%I',
                   CASE WHEN (SELECT relispopulated FROM pg_class WHERE oid = format('ttr_data.%I', figures)::regclass)
                        THEN 'CONCURRENTLY' END, figures);
  END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr.refresh() FROM PUBLIC;  -- it keeps loads waiting
COMMENT ON FUNCTION ttr.refresh() IS 'Lets the published figures follow the facts; readers go on meanwhile.';
