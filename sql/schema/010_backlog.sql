-- The backlog of every day: what was not closed at its end, how it came to that, and how old it was.
--
-- Each conversation has the days on which it changes the backlog (ttr.backlog_changes()). They are kept by the day of its start, like the
-- rollups of SLA policies: whatever changes in a conversation marks its start, so that a refresh finds what to measure again, and nobody
-- looks for the other days.
--
--   backlog_rollup    day of start, change and its day   how many, and since when those are in the backlog that stay over a day's end
--   backlog           a day                              the sums of all changes up to it, and the ages at its end
--
-- A refresh makes the backlog anew from the first day that differs. The ages before that day need no history: they are those of today,
-- without what entered since and with what was closed since.

CREATE TABLE ttr_data.backlog_rollup (
  placed_day    date NOT NULL,
  change        text COLLATE "C" NOT NULL,
  day           date NOT NULL,
  total         bigint NOT NULL,
  backlog_since ttr.distribution,
  PRIMARY KEY (placed_day, day, change)
);
CREATE INDEX backlog_rollup_day ON ttr_data.backlog_rollup (day);
COMMENT ON TABLE ttr_data.backlog_rollup IS 'By day of start: how many conversations changed the backlog on which day.';
COMMENT ON COLUMN ttr_data.backlog_rollup.placed_day IS 'Day on which these conversations started.';
COMMENT ON COLUMN ttr_data.backlog_rollup.change IS
  'What changed: opened, reopened, closed, snoozed, unsnoozed, late (the target is exceeded) or late_closed (it was closed after that).';
COMMENT ON COLUMN ttr_data.backlog_rollup.total IS 'Number of these changes.';

CREATE TABLE ttr_data.backlog (
  day                date PRIMARY KEY,
  opened             bigint NOT NULL,
  reopened           bigint NOT NULL,
  closed             bigint NOT NULL,
  total              bigint NOT NULL,
  total_snoozed      bigint NOT NULL,
  past_target        bigint NOT NULL,
  median_age_seconds double precision,
  p95_age_seconds    double precision
);
COMMENT ON TABLE ttr_data.backlog IS 'The backlog at the end of each day until the newest export.';
COMMENT ON COLUMN ttr_data.backlog.total IS 'Conversations that were not closed.';
COMMENT ON COLUMN ttr_data.backlog.reopened IS 'How often a conversation was opened again after a close.';
COMMENT ON COLUMN ttr_data.backlog.total_snoozed IS 'Conversations in the backlog that were snoozed.';

-- An element of ttr.backlog_changes(), such as closed 2025-05-03 (2), where the number only keeps it apart from another.
CREATE FUNCTION ttr_data.change_kind(change text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN split_part(change, ' ', 1);
COMMENT ON FUNCTION ttr_data.change_kind IS 'The change that an element of ttr.backlog_changes() names.';

CREATE FUNCTION ttr_data.change_day(change text) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN split_part(substr(change, strpos(change, ' ') + 1), ' (', 1)::date;
COMMENT ON FUNCTION ttr_data.change_day IS 'The day that an element of ttr.backlog_changes() names.';

CREATE FUNCTION ttr_data.replace_backlog(everything boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  CREATE TEMPORARY TABLE ttr_backlog_was ON COMMIT DROP AS
  SELECT * FROM ttr_data.backlog_rollup WHERE NOT everything AND placed_day IN (SELECT day FROM pg_temp.ttr_touched);
  DELETE FROM ttr_data.backlog_rollup WHERE everything OR placed_day IN (SELECT day FROM pg_temp.ttr_touched);
  INSERT INTO ttr_data.backlog_rollup
  SELECT placed_day, ttr_data.change_kind(backlog_change), ttr_data.change_day(backlog_change), sum(total), ttr.merge(backlog_since)
  FROM pg_temp.ttr_cell
  WHERE "grouping" = 7 AND (everything OR placed_day IN (SELECT day FROM pg_temp.ttr_touched))
  GROUP BY 1, 2, 3;
  -- The backlog changes from the first day on which a row of the rollup differs. (IS DISTINCT FROM would not find ttr's operator.)
  DELETE FROM ttr_data.backlog
  WHERE everything
     OR day >= (SELECT min(day)
                FROM pg_temp.ttr_backlog_was AS was
                FULL JOIN (SELECT * FROM ttr_data.backlog_rollup WHERE placed_day IN (SELECT day FROM pg_temp.ttr_touched)) AS now
                  USING (placed_day, day, change)
                WHERE was.total IS DISTINCT FROM now.total
                   OR (was.backlog_since OPERATOR(ttr.=) now.backlog_since) IS FALSE
                   OR (was.backlog_since IS NULL) <> (now.backlog_since IS NULL));
  DROP TABLE pg_temp.ttr_backlog_was;
END
$$;
COMMENT ON FUNCTION ttr_data.replace_backlog IS
  'Replaces the rollup of the backlog for the touched days, and removes the days of the backlog that change by that.';

-- Limits the days to fifty years, so that a mistyped year does not make a million rows. An older change has a row of its own.
CREATE FUNCTION ttr_data.backlog_days(first_day date, last_day date) RETURNS SETOF date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(first_day, last_day - 50 * 365) + generate_series(0, last_day - greatest(first_day, last_day - 50 * 365));
COMMENT ON FUNCTION ttr_data.backlog_days IS 'Every day from the first to the last, of fifty years at most.';

CREATE FUNCTION ttr_data.day_end(day date, zone text, data_as_of timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN least(ttr_data.begin_of(day + 1, zone), data_as_of);
COMMENT ON FUNCTION ttr_data.day_end IS 'The end of a day, or the newest export where that was taken before.';

-- changes is a query for changes with their keys and days, some of them several times. A row for each key and day until the last one, also
-- for days without a change, from the first change of the key or from first_day on. What changed before first_day counts as of the day
-- before it.
CREATE FUNCTION ttr_data.backlog_after(changes text, first_day date, last_day date)
RETURNS TABLE (assignee text, tag text, attribute text, second_attribute text, figures ttr_data.backlog)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
  RETURN QUERY EXECUTE format($$
    WITH change AS MATERIALIZED (
      %s
    ),
    filled AS MATERIALIZED (
      SELECT assignee, tag, attribute, second_attribute, day,
             coalesce(sum(total) FILTER (WHERE change = 'opened'), 0) AS opened,
             coalesce(sum(total) FILTER (WHERE change = 'reopened'), 0) AS reopened,
             coalesce(sum(total) FILTER (WHERE change = 'closed'), 0) AS closed,
             coalesce(sum(CASE change WHEN 'snoozed' THEN total WHEN 'unsnoozed' THEN -total END), 0) AS snoozed,
             coalesce(sum(CASE change WHEN 'late' THEN total WHEN 'late_closed' THEN -total END), 0) AS late,
             ttr.merge(backlog_since) FILTER (WHERE change IN ('opened', 'reopened')) AS entered,
             ttr.merge(backlog_since) FILTER (WHERE change = 'closed') AS gone
      FROM (
        SELECT assignee, tag, attribute, second_attribute, greatest(day, $1 - 1) AS day, change, total, backlog_since FROM change
        UNION ALL
        SELECT assignee, tag, attribute, second_attribute, ttr_data.backlog_days(greatest(min(day), $1), $2), NULL, NULL, NULL
        FROM change
        GROUP BY assignee, tag, attribute, second_attribute
      ) AS c
      GROUP BY assignee, tag, attribute, second_attribute, day
    ),
    summed AS (
      SELECT assignee, tag, attribute, second_attribute, day,
             opened,
             reopened,
             closed,
             sum(opened + reopened - closed) OVER until AS total,
             sum(snoozed) OVER until AS snoozed,
             sum(late) OVER until AS late,
             ttr.running_quantile(entered, '{0.5,0.05}', gone) OVER until AS since
      FROM filled
      WINDOW until AS (PARTITION BY assignee, tag, attribute, second_attribute ORDER BY day)
    )
    SELECT s.assignee, s.tag, s.attribute, s.second_attribute,
           ROW(s.day, s.opened, s.reopened, s.closed, s.total, s.snoozed, s.late,
               CASE WHEN s.since IS NOT NULL THEN greatest(e.ends_at - s.since[1], 0) END,
               CASE WHEN s.since IS NOT NULL THEN greatest(e.ends_at - s.since[2], 0) END)::ttr_data.backlog
    FROM summed AS s
    JOIN (SELECT d.day, date_part('epoch', ttr_data.day_end(d.day, r.reporting_time_zone, r.data_as_of)) AS ends_at
          FROM (SELECT DISTINCT day FROM filled) AS d
          CROSS JOIN ttr_data.refreshed AS r) AS e USING (day)
    WHERE s.day BETWEEN coalesce($1, s.day) AND $2$$, changes) USING first_day, last_day;
END
$function$;
COMMENT ON FUNCTION ttr_data.backlog_after IS 'The backlog of each day that follows from changes.';

-- The newest day ends at the newest export, and goes on with the next one: so it is made anew each time.
CREATE FUNCTION ttr_data.follow_backlog() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
DECLARE
  newest constant date := (SELECT ttr.local_day(data_as_of, reporting_time_zone) FROM ttr_data.refreshed);
  base   ttr_data.backlog;
BEGIN
  DELETE FROM ttr_data.backlog WHERE day >= (SELECT max(day) FROM ttr_data.backlog);
  SELECT * INTO base FROM ttr_data.backlog ORDER BY day DESC LIMIT 1;
  -- What was in the backlog before enters as changes of the last day that is kept.
  INSERT INTO ttr_data.backlog
  SELECT (b.figures).*
  FROM ttr_data.backlog_after(format(
    'SELECT NULL AS assignee, NULL AS tag, NULL AS attribute, NULL AS second_attribute, day, change, total, backlog_since
     FROM ttr_data.backlog_rollup WHERE day > coalesce(%1$L, ''-infinity''::date)
     UNION ALL
     SELECT NULL, NULL, NULL, NULL, %1$L::date, change, total, CASE change WHEN ''opened'' THEN ttr_data.backlog_before(%1$L) END
     FROM (VALUES (''opened'', %2$L::bigint), (''snoozed'', %3$L), (''late'', %4$L)) AS b (change, total)
     WHERE %1$L IS NOT NULL',
    base.day, base.total, base.total_snoozed, base.past_target), base.day + 1, newest) AS b;
  -- A change has a day and no time: a target that ends later on the newest day is not exceeded yet.
  UPDATE ttr_data.backlog
  SET past_target = past_target - coalesce((
    SELECT (ttr.histogram(ttr.merge(s.past_from),
                          ARRAY[date_part('epoch', r.data_as_of),
                                date_part('epoch', ttr_data.begin_of(newest + 1, r.reporting_time_zone))]))[2]
    FROM ttr_data.refreshed AS r
    JOIN ttr_data.monthly_sla_rollup AS s ON s.metric = 'resolution'
    GROUP BY r.data_as_of, r.reporting_time_zone), 0)
  WHERE day = newest;
END
$$;
COMMENT ON FUNCTION ttr_data.follow_backlog IS 'Adds the days to the backlog that are missing.';

CREATE FUNCTION ttr_data.backlog_before(day date) RETURNS ttr.distribution
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT coalesce(ttr_data.both(t.running_since, c.gone) OPERATOR(ttr.-) c.entered, ttr_data.both(t.running_since, c.gone))
  FROM (
    SELECT ttr.merge(r.backlog_since) FILTER (WHERE r.change = 'closed') AS gone,
           ttr.merge(r.backlog_since) FILTER (WHERE r.change IN ('opened', 'reopened')) AS entered
    FROM ttr_data.backlog_rollup AS r
    WHERE r.day > backlog_before.day
  ) AS c
  LEFT JOIN ttr_data.total_rollup AS t ON t.dimension = 'all';
END;
COMMENT ON FUNCTION ttr_data.backlog_before IS 'Starts of the conversations that were in the backlog at the end of a day.';

CREATE VIEW ttr.backlog AS
SELECT b.day,
       ttr_data.day_end(b.day, r.reporting_time_zone, r.data_as_of) AS ends_at,
       b.total AS total_running,
       b.total - b.total_snoozed AS total_open,
       b.total_snoozed,
       b.opened,
       b.reopened,
       b.closed,
       b.opened + b.reopened - b.closed AS net_change,
       b.median_age_seconds / 3600 AS median_age_hours,
       b.p95_age_seconds / 3600 AS p95_age_hours,
       b.past_target,
       b.day <@ r.covered_days AS is_covered
FROM ttr_data.backlog AS b
CROSS JOIN ttr_data.refreshed AS r
ORDER BY b.day;
COMMENT ON VIEW ttr.backlog IS
  'The backlog of every day: conversations that were open or snoozed at its end, what entered and what was closed. Those of which no start '
  'is known are left out, and those that are closed at no known time.';
COMMENT ON COLUMN ttr.backlog.ends_at IS 'The end of the day; for the newest one the time of the newest export.';
COMMENT ON COLUMN ttr.backlog.total_running IS 'Conversations that were open or snoozed at its end.';
COMMENT ON COLUMN ttr.backlog.total_open IS 'Conversations in the backlog that were open.';
COMMENT ON COLUMN ttr.backlog.reopened IS 'How often a conversation was opened again after a close.';
COMMENT ON COLUMN ttr.backlog.total_snoozed IS
  'Conversations in the backlog that were snoozed. Where no timeline is known, one that is snoozed now counts as snoozed since its start.';
