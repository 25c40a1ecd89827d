-- Refreshing: the rollups follow the facts as far as marks reach, in one transaction under the lock of the loads.
--
--   marked days            measured anew from the facts     their rollups are replaced, never added to
--   weeks, months, years   that hold a marked day           what these days had is taken away, what they have is added
--   cumulative rollups     from the year of the first on    likewise; merged anew from that year on where a year is new or gone
--   24 hours               that a marked day is part of     merged anew from hours
--
-- Where everything is marked, longer periods are merged from shorter ones. Sums and multisets are exact, so that both ways lead to the
-- same rows. Meanwhile temporary tables have what follows: ttr_cell what the pass makes of the facts, ttr_touched the days, ttr_daily_was
-- and ttr_start_was what their rollups had. The session may have temporary tables of its own: hence the prefix.

-- One pass over conversations makes the cells of all rollups by day. Where memory does not suffice for all, the same keys come several
-- times: what reads the cells adds them up.
CREATE FUNCTION ttr_data.roll_up(conversations text, promises text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on  -- loaders do without
SET max_parallel_workers_per_gather = 0  -- the other processors have the report and the indexes to write
AS $$
BEGIN
  CREATE TEMPORARY TABLE ttr_cell (
    "grouping" integer, day date, assignee text, tag text, custom text, resolved_day date, resolved_hour timestamptz, start_day date,
    start_hour integer, placed_day date, policy text, seconds ttr.distribution, running bigint, past_from ttr.distribution,
    backlog_change text, backlog_since ttr.distribution,
    LIKE ttr_data.measures
  ) ON COMMIT DROP;
  CREATE TEMPORARY TABLE ttr_promise_cell (LIKE ttr_data.sla_rollup) ON COMMIT DROP;
  -- One statement takes the marks and reads the facts: a concurrent commit is in both or in neither.
  WITH taken AS (
    DELETE FROM ttr_data.mark WHERE hour IS NOT NULL OR teammate_id IS NOT NULL
  ),
  kept AS (
    INSERT INTO pg_temp.ttr_touched SELECT day FROM ttr_data.marked_day
  ),
  promised AS (
    INSERT INTO pg_temp.ttr_promise_cell
    SELECT * FROM ttr.roll_up(promises, '{"day, metric, policy"}', '{"seconds, sla_breaches, running, past_from"}',
                              NULL::pg_temp.ttr_promise_cell)
  )
  INSERT INTO pg_temp.ttr_cell
  SELECT * FROM ttr.roll_up(format('SELECT *, %s AS custom FROM (%s) AS c', ttr_data.custom_keys(), conversations),
    ARRAY['day, assignee', 'day, tag', 'day, custom', 'resolved_day, resolved_hour', 'start_day, start_hour', 'placed_day, policy',
          'placed_day, backlog_change'],
    array_fill(ttr_data.each_measure(), ARRAY[5]) || ARRAY['seconds, sla_breaches, running, past_from', 'total, backlog_since'],
    NULL::pg_temp.ttr_cell);
  ANALYZE pg_temp.ttr_touched;
END
$$;
COMMENT ON FUNCTION ttr_data.roll_up IS 'Takes the marks, and makes the cells of the rollups by day in ttr_cell and ttr_promise_cell.';

-- days is a condition on the days that are replaced.
CREATE FUNCTION ttr_data.replace_days(days text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on SET enable_sort = off  -- the size of ttr_cell is not known
AS $function$
DECLARE
  merged  constant text := ttr_data.merged_measures();
  rollup  text[];
  rollups constant text[][] := ARRAY[
    ['daily_rollup', 'day, dimension, key',
     'SELECT *, ''assignee'' AS dimension, assignee AS key FROM pg_temp.ttr_cell WHERE "grouping" = 1'],
    ['daily_rollup', 'day, dimension, key', 'SELECT *, ''tag'' AS dimension, tag AS key FROM pg_temp.ttr_cell WHERE "grouping" = 2'],
    ['daily_rollup', 'day, dimension, key',
     'SELECT *, split_part(custom, ''='', 1) AS dimension, substr(custom, strpos(custom, ''='') + 1) AS key
      FROM pg_temp.ttr_cell WHERE "grouping" = 3'],
    -- Each conversation has one assignee, or nobody.
    ['daily_rollup', 'day, dimension, key', 'SELECT *, ''all'' AS dimension, '''' AS key FROM pg_temp.ttr_cell WHERE "grouping" = 1'],
    ['hourly_rollup', 'resolved_day, resolved_hour', 'SELECT * FROM pg_temp.ttr_cell WHERE "grouping" = 4'],
    ['start_rollup',  'start_day, start_hour', 'SELECT * FROM pg_temp.ttr_cell WHERE "grouping" = 5']];
BEGIN
  EXECUTE format('DELETE FROM ttr_data.daily_rollup WHERE day %1$s; DELETE FROM ttr_data.hourly_rollup WHERE day %1$s;
                  DELETE FROM ttr_data.start_rollup WHERE day %1$s; DELETE FROM ttr_data.sla_rollup WHERE day %1$s', days);
  FOREACH rollup SLICE 1 IN ARRAY rollups LOOP
    EXECUTE format('INSERT INTO ttr_data.%I SELECT %2$s, %3$s FROM (%4$s) AS c WHERE %5$s %6$s GROUP BY %2$s',
                   rollup[1], rollup[2], merged, rollup[3], split_part(rollup[2], ',', 1), days);
  END LOOP;
  EXECUTE format($$
    INSERT INTO ttr_data.sla_rollup
    SELECT day, metric, policy, ttr.merge(seconds), sum(sla_breaches), sum(running), ttr.merge(past_from)
    FROM (
      SELECT placed_day AS day, 'resolution' AS metric, policy, seconds, sla_breaches, running, past_from
      FROM pg_temp.ttr_cell
      WHERE "grouping" = 6
      UNION ALL
      SELECT day, metric, policy, seconds, sla_breaches, running, past_from FROM pg_temp.ttr_promise_cell
    ) AS c
    WHERE day %s
    GROUP BY day, metric, policy$$, days);
END
$function$;
COMMENT ON FUNCTION ttr_data.replace_days IS 'Replaces the rollups of some days by the cells that were made.';

CREATE FUNCTION ttr_data.merge_days(rollup regclass, period text, keys text, days text, merged text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  EXECUTE format('DELETE FROM %1$s WHERE %2$I IN (SELECT date_trunc(%2$L, day::timestamp)::date FROM pg_temp.ttr_touched)', rollup, period);
  EXECUTE format(
    'INSERT INTO %1$s
     SELECT %3$s, %5$s
     FROM (SELECT DISTINCT date_trunc(%2$L, day::timestamp)::date AS first_day FROM pg_temp.ttr_touched) AS p
     JOIN %4$s day >= first_day AND day < first_day + interval %6$L
     GROUP BY %3$s', rollup, period, keys, days, merged, '1 ' || period);
END
$$;
COMMENT ON FUNCTION ttr_data.merge_days IS 'Merges the periods of a rollup that have touched days anew from shorter ones.';

-- A day is part of the 24 hours that end with its first hour, and of those that begin with its last one.
CREATE FUNCTION ttr_data.replace_24h(zone text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  CREATE TEMPORARY TABLE ttr_touched_24h ON COMMIT DROP AS
  SELECT DISTINCT h.ends_at
  FROM pg_temp.ttr_touched AS t
  CROSS JOIN LATERAL generate_series(date_trunc('hour', ttr_data.begin_of(t.day, zone), 'UTC') + interval '1 hour',
                                     ttr_data.begin_of(t.day + 1, zone) + interval '23 hours 59 minutes',
                                     interval '1 hour') AS h (ends_at);
  DELETE FROM ttr_data.rolling_24h WHERE ends_at IN (SELECT ends_at FROM pg_temp.ttr_touched_24h);
  INSERT INTO ttr_data.rolling_24h
  SELECT ends_at, total_closed, seconds[1], seconds[2]
  FROM (
    SELECT ends_at, t.ends_at IS NOT NULL AS is_touched,
           sum(ttr.value_count(r.resolution)) OVER day AS total_closed,
           ttr.merged_quantile(r.resolution, '{0.5,0.95}') OVER day AS seconds
    FROM pg_temp.ttr_touched_24h AS t
    FULL JOIN (
      SELECT hour + interval '1 hour' AS ends_at, ttr_data.both(ttr.merge(span), ttr.merge(timeline)) AS resolution
      FROM ttr_data.hourly_rollup
      WHERE day IN (SELECT day + n FROM pg_temp.ttr_touched CROSS JOIN generate_series(-2, 2) AS n)
        -- To the planner a few rows, as they are after most changes: by the index.
        AND day BETWEEN (SELECT min(day) - 2 FROM pg_temp.ttr_touched) AND (SELECT max(day) + 2 FROM pg_temp.ttr_touched)
      GROUP BY hour
    ) AS r USING (ends_at)
    WINDOW day AS (ORDER BY ends_at RANGE BETWEEN interval '23 hours' PRECEDING AND CURRENT ROW)
  ) AS w
  WHERE is_touched AND total_closed > 0;
  DROP TABLE pg_temp.ttr_touched_24h;
END
$$;
COMMENT ON FUNCTION ttr_data.replace_24h IS 'Replaces the 24 hours that end at each hour, as far as the touched days reach.';

-- + merges two sorted lists in one pass. The aggregate cannot: it does not know how many follow.
CREATE FUNCTION ttr_data.accumulate_years() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  first constant date := (SELECT date_trunc('year', min(day)::timestamp) FROM pg_temp.ttr_touched);
  next  date;
BEGIN
  DELETE FROM ttr_data.cumulative_rollup WHERE year >= first;
  FOR next IN SELECT DISTINCT year FROM ttr_data.yearly_rollup WHERE year >= first ORDER BY year LOOP
    EXECUTE format(
      'INSERT INTO ttr_data.cumulative_rollup
       SELECT $1, dimension, key, %s
       FROM ttr_data.total_rollup AS a
       FULL JOIN (SELECT * FROM ttr_data.yearly_rollup WHERE year = $1) AS b USING (dimension, key)',
      ttr_data.each_measure('coalesce(a.%1$I, 0) + coalesce(b.%1$I, 0)', 'ttr_data.both(a.%1$I, b.%1$I)')) USING next;
  END LOOP;
END
$$;
COMMENT ON FUNCTION ttr_data.accumulate_years IS 'Replaces the cumulative rollups from the first touched year on.';

-- Sorted rows need the memory of one weekday and hour at a time, hashed ones that of all.
CREATE FUNCTION ttr_data.merge_weekdays() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_hashagg = off
AS $$
BEGIN
  DELETE FROM ttr_data.weekday_rollup;
  EXECUTE format('INSERT INTO ttr_data.weekday_rollup
                  SELECT extract(isodow FROM day)::integer, hour, %s FROM ttr_data.start_rollup GROUP BY 1, 2', ttr_data.merged_measures());
END
$$;
COMMENT ON FUNCTION ttr_data.merge_weekdays IS 'Makes the rollup by weekday and hour of that by day and hour.';

CREATE FUNCTION ttr_data.merge_periods() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  merged constant text := ttr_data.merged_measures();
  by_key constant text := ttr_data.merged_measures(has_ages => 'dimension = ''all''');
BEGIN
  PERFORM ttr_data.merge_days('ttr_data.weekly_rollup', 'week', 'first_day',
    'ttr_data.daily_rollup AS d ON dimension = ''all'' AND', merged);
  PERFORM ttr_data.merge_days('ttr_data.monthly_rollup', 'month', 'first_day, dimension, key', 'ttr_data.daily_rollup AS d ON', by_key);
  PERFORM ttr_data.merge_days('ttr_data.yearly_rollup', 'year', 'first_day, dimension, key',
    '(SELECT month AS day, * FROM ttr_data.monthly_rollup) AS d ON', by_key);
  PERFORM ttr_data.accumulate_years();
  PERFORM ttr_data.merge_days('ttr_data.cohort_rollup', 'week', 'first_day', 'ttr_data.start_rollup AS d ON', merged);
  PERFORM ttr_data.merge_weekdays();
END
$$;
COMMENT ON FUNCTION ttr_data.merge_periods IS 'Makes the rollups by week, month, year and weekday of those by day.';

-- was and now have the columns of the rollups by day: what the touched days had, and what they have. keys are the columns of the
-- rollup's key. A row with a total of 0 has no conversation left, and goes.
CREATE FUNCTION ttr_data.exchange_days(rollup regclass, keys name[], definitions text, was text, now text, merged text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $function$
DECLARE
  names    constant text := array_to_string(keys, ', ');
  same_key constant text := (SELECT string_agg(format('r.%1$I = k.%1$I', key), ' AND ') FROM unnest(keys) AS u (key));
BEGIN
  EXECUTE format($$
    WITH was AS MATERIALIZED (SELECT %2$s, %3$s FROM %4$s GROUP BY %6$s),
    now AS MATERIALIZED (SELECT %2$s, %3$s FROM %5$s GROUP BY %6$s),
    exchanged AS (
      UPDATE %1$s AS r SET %7$s
      FROM (SELECT %6$s FROM was UNION SELECT %6$s FROM now) AS k
      LEFT JOIN was USING (%6$s)
      LEFT JOIN now USING (%6$s)
      WHERE %8$s AND was IS DISTINCT FROM now
    )
    INSERT INTO %1$s SELECT * FROM now AS k WHERE NOT EXISTS (SELECT FROM %1$s AS r WHERE %8$s)$$,
    rollup, definitions, merged, was, now, names,
    ttr_data.each_measure('%1$I = r.%1$I - coalesce(was.%1$I, 0) + coalesce(now.%1$I, 0)',
                          '%1$I = ttr_data.exchanged(r.%1$I, was.%1$I, now.%1$I)'), same_key);
  EXECUTE format('DELETE FROM %s WHERE total = 0', rollup);
END
$function$;
COMMENT ON FUNCTION ttr_data.exchange_days IS 'Takes from a rollup by longer periods what touched days had, and adds what they have.';

CREATE FUNCTION ttr_data.exchange_periods() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  merged     constant text := ttr_data.merged_measures();
  by_key     constant text := ttr_data.merged_measures(has_ages => 'dimension = ''all''');
  daily      constant text := '(SELECT * FROM ttr_data.daily_rollup WHERE day IN (SELECT day FROM pg_temp.ttr_touched)) AS d';
  daily_was  constant text := 'pg_temp.ttr_daily_was AS d';
  start      constant text := '(SELECT * FROM ttr_data.start_rollup WHERE day IN (SELECT day FROM pg_temp.ttr_touched)) AS d';
  start_was  constant text := 'pg_temp.ttr_start_was AS d';
  of_all     constant text := ' WHERE dimension = ''all''';
  of_week    constant text := 'date_trunc(''week'', day::timestamp)::date AS week';
  of_month   constant text := 'date_trunc(''month'', day::timestamp)::date AS month, dimension, key';
  of_year    constant text := 'date_trunc(''year'', day::timestamp)::date AS year, dimension, key';
  in_years   constant text := ' JOIN (SELECT DISTINCT year FROM ttr_data.yearly_rollup) AS y
                                ON y.year >= date_trunc(''year'', day::timestamp)';
  of_weekday constant text := 'extract(isodow FROM day)::integer AS weekday, hour';
BEGIN
  PERFORM ttr_data.exchange_days('ttr_data.weekly_rollup', '{week}', of_week, daily_was || of_all, daily || of_all, merged);
  PERFORM ttr_data.exchange_days('ttr_data.monthly_rollup', '{month,dimension,key}', of_month, daily_was, daily, by_key);
  PERFORM ttr_data.exchange_days('ttr_data.yearly_rollup', '{year,dimension,key}', of_year, daily_was, daily, by_key);
  IF ARRAY(SELECT DISTINCT year FROM ttr_data.cumulative_rollup ORDER BY year)
     = ARRAY(SELECT DISTINCT year FROM ttr_data.yearly_rollup ORDER BY year) THEN
    PERFORM ttr_data.exchange_days('ttr_data.cumulative_rollup', '{year,dimension,key}', 'year, dimension, key',
                                   daily_was || in_years, daily || in_years, by_key);
  ELSE
    PERFORM ttr_data.accumulate_years();
  END IF;
  PERFORM ttr_data.exchange_days('ttr_data.cohort_rollup', '{week}', of_week, start_was, start, merged);
  PERFORM ttr_data.exchange_days('ttr_data.weekday_rollup', '{weekday,hour}', of_weekday, start_was, start, merged);
END
$$;
COMMENT ON FUNCTION ttr_data.exchange_periods IS 'Lets the rollups by week, month, year and weekday follow those of the touched days.';

-- An export of what started in May has the end of these conversations in June: only the slow ones are resolved then. And on the first
-- days of May it has only the quick ones, because it lacks what started before. Figures of such days say more about the export than about
-- the team. So a day is covered if
--
--   the starts began earlier by the time, on the wall, in which 90 of 100 are resolved: at most a tenth of that day is missing
--   the starts go on until that day, but for the days that usually lie between two days of starts, such as a weekend
--
--   starts            .  .  .  +  +  +  +  +  .  .  +  +  +  +  +  .  .  .  .
--   covered                    head  [-----------------------------)  tail
--
-- A day with less than a tenth of the usual starts is none: one stray conversation does not make an export begin earlier or end later.
-- Where starts pause for much longer than usual, and for more than two weeks, they end and begin anew. Where they go on until the newest
-- export, nothing ends.
CREATE FUNCTION ttr_data.covered_days() RETURNS datemultirange
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH daily AS MATERIALIZED (
    SELECT day, sum(total) AS total FROM ttr_data.start_rollup GROUP BY day
  ),
  started AS MATERIALIZED (
    SELECT d.day, d.day - lag(d.day) OVER (ORDER BY d.day) AS gap
    FROM daily AS d
    WHERE d.total * 10 >= (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY total) FROM daily)
  ),
  usual AS MATERIALIZED (
    SELECT coalesce(percentile_disc(0.9) WITHIN GROUP (ORDER BY gap), 1) AS gap FROM started
  ),
  head AS MATERIALIZED (
    SELECT least(ceil(ttr.quantile(ttr_data.both(span, timeline_span), 0.9) / 86400), 36500)::integer AS days
    FROM ttr_data.total_rollup
    WHERE dimension = 'all'
  ),
  stretch AS (
    SELECT min(n.day) AS first_day, max(n.day) AS last_day
    FROM (SELECT s.day, count(*) FILTER (WHERE s.gap > greatest(14, 4 * u.gap)) OVER (ORDER BY s.day) AS number
          FROM started AS s CROSS JOIN usual AS u) AS n
    GROUP BY n.number
  )
  SELECT coalesce(range_agg(daterange(s.first_day + h.days,
                                      CASE WHEN (s.last_day + u.gap >= a.day) IS NOT TRUE THEN s.last_day + u.gap END)), '{}')
  FROM stretch AS s
  CROSS JOIN usual AS u
  CROSS JOIN head AS h
  CROSS JOIN (
    SELECT ttr.local_day((SELECT max(exported_at) FROM ttr_data.load), (SELECT reporting_time_zone FROM ttr_data.setting))
  ) AS a (day)
  WHERE s.first_day + h.days < s.last_day + u.gap;
END;
COMMENT ON FUNCTION ttr_data.covered_days IS
  'Days of resolution of which the exports have nearly all that was resolved, and not the head or the tail of it only.';

-- After a restore the materialized views may be empty, or differ from the rollups.
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
COMMENT ON FUNCTION ttr_data.has_figures_of IS 'Whether the materialized views are those of that refresh.';

-- Indexes that find conversations by touched day, and those that go on, are slow or doubtful. Building them after the first load takes a
-- quarter of the time of filling them row by row. Writers do not wait (lock_timeout): figures are as right without the indexes, and the
-- next refresh tries again. One session at a time builds them, such as a second connection of ttr-load during the refresh of the first.
CREATE FUNCTION ttr_data.index_facts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' SET max_parallel_maintenance_workers = 0
AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('ttr indexes', 0)) THEN
    RETURN;
  END IF;
  IF to_regclass('ttr_data.conversation_placed_at') IS NULL THEN
    CREATE INDEX conversation_placed_at ON ttr_data.conversation (ttr_data.placed_at(started_at, resolved_at, exported_at));
  END IF;
  IF to_regclass('ttr_data.conversation_resolved_at') IS NULL THEN
    CREATE INDEX conversation_resolved_at ON ttr_data.conversation (resolved_at) WHERE state = 'closed';
  END IF;
  IF to_regclass('ttr_data.conversation_running') IS NULL THEN
    CREATE INDEX conversation_running ON ttr_data.conversation (started_at) WHERE state <> 'closed';
  END IF;
  -- The elapsed_seconds of ttr_data.counted, letter by letter: the planner compares expressions.
  IF to_regclass('ttr_data.conversation_slow') IS NULL THEN
    CREATE INDEX conversation_slow ON ttr_data.conversation
      ((CASE WHEN state = 'closed' THEN ttr.elapsed_seconds(started_at, resolved_at) END))
      WHERE CASE WHEN state = 'closed' THEN ttr.elapsed_seconds(started_at, resolved_at) END > 86400;
  END IF;
  IF to_regclass('ttr_data.conversation_doubtful') IS NULL THEN
    CREATE INDEX conversation_doubtful ON ttr_data.conversation (conversation_id)
      WHERE ttr_data.trust(state, started_at, first_response_at, resolved_at, deleted_at, open_intervals, event_total) = 'doubtful';
  END IF;
EXCEPTION WHEN lock_not_available THEN
  NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.index_facts() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.index_facts IS 'Builds the missing indexes of the facts, which refreshing and the live views read.';

CREATE FUNCTION ttr_data.refresh_rollups(everything boolean, zone text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  CREATE TEMPORARY TABLE ttr_touched (day date PRIMARY KEY) ON COMMIT DROP;
  IF everything THEN
    PERFORM ttr_data.roll_up('TABLE ttr_data.measured_whole', 'TABLE ttr_data.measured_promise');
    INSERT INTO pg_temp.ttr_touched
    SELECT day FROM ttr_data.daily_rollup UNION SELECT day FROM ttr_data.start_rollup ON CONFLICT DO NOTHING;
    PERFORM ttr_data.replace_days('IS NOT NULL');
    DELETE FROM ttr_data.rolling_24h;  -- its hours may have been those of another zone
    INSERT INTO pg_temp.ttr_touched
    SELECT day FROM ttr_data.daily_rollup UNION SELECT day FROM ttr_data.start_rollup ON CONFLICT DO NOTHING;
    PERFORM ttr_data.merge_periods();
  ELSE
    PERFORM ttr_data.roll_up('TABLE ttr_data.marked_conversation', 'TABLE ttr_data.marked_promise');
    CREATE TEMPORARY TABLE ttr_daily_was ON COMMIT DROP AS
    SELECT * FROM ttr_data.daily_rollup WHERE day IN (SELECT day FROM pg_temp.ttr_touched);
    CREATE TEMPORARY TABLE ttr_start_was ON COMMIT DROP AS
    SELECT * FROM ttr_data.start_rollup WHERE day IN (SELECT day FROM pg_temp.ttr_touched);
    PERFORM ttr_data.replace_days('IN (SELECT day FROM pg_temp.ttr_touched)');
    PERFORM ttr_data.exchange_periods();
    DROP TABLE pg_temp.ttr_daily_was, pg_temp.ttr_start_was;
  END IF;
  PERFORM ttr_data.merge_days('ttr_data.monthly_sla_rollup', 'month', 'first_day, metric, policy', 'ttr_data.sla_rollup AS d ON',
    'ttr.merge(seconds), sum(sla_breaches)::bigint, sum(running)::bigint, ttr.merge(past_from)');
  PERFORM ttr_data.replace_24h(zone);
  PERFORM ttr_data.replace_backlog(everything);
  PERFORM ttr_data.replace_handling(everything);
  DROP TABLE pg_temp.ttr_cell, pg_temp.ttr_promise_cell, pg_temp.ttr_touched;
END
$$;
COMMENT ON FUNCTION ttr_data.refresh_rollups IS 'Lets all rollups follow the facts.';

CREATE FUNCTION ttr_data.follow_facts() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  zone       text;
  newest     timestamptz;
  known      ttr_data.refreshed;
  everything boolean;
  is_watched boolean;
  view       regclass;
BEGIN
  is_watched := ttr_data.watch_facts();
  SELECT reporting_time_zone INTO zone FROM ttr_data.setting;
  SELECT max(exported_at) INTO newest FROM ttr_data.load;
  SELECT * INTO known FROM ttr_data.refreshed;
  IF EXISTS (SELECT FROM ttr_data.calendar) THEN  -- the facts are read for them alone
    PERFORM ttr_data.extend_calendars(
      (SELECT min(ttr_data.placed_at(started_at, resolved_at, exported_at)) FROM ttr_data.conversation),
      greatest((SELECT max(ttr_data.placed_at(started_at, resolved_at, exported_at)) FROM ttr_data.conversation),
               (SELECT max(resolved_at) FROM ttr_data.conversation WHERE state = 'closed'), newest));
  END IF;
  -- Running conversations have the instant at which they exceed their target. An export that is older than the last one needs all anew.
  everything := (known.data_as_of IS NOT NULL AND (newest >= known.data_as_of) IS NOT TRUE) OR ttr_data.is_everything_marked();
  IF NOT everything AND newest IS NOT DISTINCT FROM known.data_as_of AND NOT EXISTS (SELECT FROM ttr_data.mark)
     AND ttr_data.has_figures_of(known.refreshed_at) THEN
    RETURN;
  END IF;

  IF everything THEN
    -- Marks first: a change of a setting or of the facts from now on leaves another.
    DELETE FROM ttr_data.mark;
    SELECT reporting_time_zone INTO zone FROM ttr_data.setting;
    SELECT max(exported_at) INTO newest FROM ttr_data.load;
  END IF;
  PERFORM ttr_data.refresh_rollups(everything, zone);
  IF NOT is_watched THEN  -- what is written meanwhile leaves no mark
    INSERT INTO ttr_data.mark DEFAULT VALUES;
  END IF;

  DELETE FROM ttr_data.refreshed;
  INSERT INTO ttr_data.refreshed (refreshed_at, data_as_of, reporting_time_zone, covered_days)
  VALUES (clock_timestamp(), newest, zone, ttr_data.covered_days());
  -- ttr_data.overall reads ttr_data.sla, which is therefore first.
  FOREACH view IN ARRAY ARRAY['ttr_data.sla', 'ttr_data.overall', 'ttr_data.by_assignee', 'ttr_data.by_tag', 'ttr_data.by_dimension'] LOOP
    -- After a restore of the schema alone a view has nothing yet that could be read meanwhile.
    EXECUTE format('REFRESH MATERIALIZED VIEW %s %s',
                   CASE WHEN (SELECT relispopulated FROM pg_class WHERE oid = view) THEN 'CONCURRENTLY' END, view);
  END LOOP;
  PERFORM ttr_data.follow_backlog();
  IF everything THEN  -- last: until then a second connection has begun them, if there is one
    PERFORM ttr_data.index_facts();
  END IF;
END
$$;
COMMENT ON FUNCTION ttr_data.follow_facts IS 'Lets rollups and materialized views follow the facts, as far as marks reach.';

-- Takes the lock of ttr-load, so that one load or refresh runs at a time. Refreshing needs ownership; the role that calls this need not
-- have it.
--
-- REINDEX locks a table that the refresh has read and is about to write, and then an index that the refresh has read: each waits for the
-- other. If the server ends this wait by an error here, everything is undone but the first lock, so that REINDEX goes first.
--
-- REFRESH MATERIALIZED VIEW CONCURRENTLY puts names together from quoted parts, which quote_all_identifiers breaks.
CREATE FUNCTION ttr.refresh() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off SET quote_all_identifiers = off
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ttr load', 0));
  BEGIN
    PERFORM ttr_data.follow_facts();
    RETURN;
  EXCEPTION WHEN deadlock_detected THEN
    NULL;
  END;
  PERFORM ttr_data.follow_facts();
END
$$;
REVOKE EXECUTE ON FUNCTION ttr.refresh() FROM PUBLIC;  -- it keeps loads waiting
COMMENT ON FUNCTION ttr.refresh IS 'Lets the published figures follow the facts; readers go on meanwhile.';
