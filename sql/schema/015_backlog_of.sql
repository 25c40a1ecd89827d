-- The backlog of a slice: the days of ttr.backlog, counted from the facts and divided by any keys.
--
--   changes_of_facts()   the days on which the conversations of the slice enter the backlog and leave it
--   backlog_after()      the backlog of each day that follows from them     (010_backlog.sql)

CREATE TYPE ttr_data.backlog_cell AS (
  assignee         text,
  tag              text,
  attribute        text,
  second_attribute text,
  backlog_change   text,
  total            bigint,
  backlog_since    ttr.distribution
);
COMMENT ON TYPE ttr_data.backlog_cell IS 'What a pass over conversations makes for the backlog of a slice.';

CREATE FUNCTION ttr_data.changes_of_facts(keys text[], of_assignee text, of_tag text, newest date) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
  SELECT format($$
    SELECT nullif(assignee, '') AS assignee, CASE WHEN %1$L THEN tag END AS tag, substr(nullif(attribute, ''), 2) AS attribute,
           substr(nullif(second_attribute, ''), 2) AS second_attribute,
           ttr_data.change_day(backlog_change) AS day, ttr_data.change_kind(backlog_change) AS change, total, backlog_since
    FROM ttr.roll_up(%2$L, '{"assignee, tag, attribute, second_attribute, backlog_change"}', '{"total, backlog_since"}',
                     NULL::ttr_data.backlog_cell)
  $$, 'tag' = ANY (keys), format($$
    SELECT CASE WHEN %1$L THEN coalesce(s.assignee, '') ELSE '' END AS assignee,
           %2$s AS tag,
           coalesce('=' || %3$s, '') AS attribute,
           coalesce('=' || %7$s, '') AS second_attribute,
           -- on the newest day only what exceeded its target before the newest export
           CASE WHEN s.state <> 'closed' AND s.late_from >= s.data_as_of AND ttr_data.has_running_end(s.counted_intervals)
                THEN array_remove(s.backlog_changes, %4$L)
                ELSE s.backlog_changes
           END AS backlog_change,
           true AS total,
           date_part('epoch', s.backlog_since) AS backlog_since
    FROM ttr_data.slice(NULL, NULL, %5$L, %6$L) AS s
  $$, 'assignee' = ANY (keys), CASE WHEN 'tag' = ANY (keys) THEN 's.tags' ELSE $$''::text$$ END,
  coalesce(ttr_data.key_expression(o.names[1]), 'NULL'),
  'late ' || to_char(newest, 'YYYY-MM-DD'), of_assignee, of_tag,
  coalesce(ttr_data.key_expression(o.names[2]), 'NULL')))
  FROM (SELECT ttr_data.attribute_keys(keys)) AS o (names)
$function$;
COMMENT ON FUNCTION ttr_data.changes_of_facts IS 'A query for the changes of the backlog of a slice.';

CREATE FUNCTION ttr_data.backlog_of(keys text[], from_day date, to_day date, of_assignee text, of_tag text)
RETURNS TABLE (assignee text, tag text, attribute text, second_attribute text, figures ttr_data.backlog)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off
AS $$
DECLARE
  newest constant date := (SELECT ttr.local_day(data_as_of, reporting_time_zone) FROM ttr_data.refreshed);
BEGIN
  PERFORM ttr_data.check_keys(keys, NULL);
  PERFORM ttr_data.check_filter('assignee', of_assignee);
  PERFORM ttr_data.check_filter('tag', of_tag);
  IF 'closed_by' = ANY (keys) THEN
    RAISE EXCEPTION 'the backlog is not divided by "closed_by"'
      USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'What is in it was not closed yet.',
            HINT = 'Divide it by one of these: SELECT * FROM ttr.backlog_of(''{assignee}'')';
  END IF;
  IF from_day = 'infinity' OR to_day = '-infinity' THEN  -- no day is that late, or that early
    RETURN;
  END IF;
  RETURN QUERY
  SELECT b.*
  FROM ttr_data.backlog_after(ttr_data.changes_of_facts(keys, of_assignee, of_tag, newest), nullif(from_day, '-infinity'),
                              least(to_day, newest)) AS b;
END
$$;
COMMENT ON FUNCTION ttr_data.backlog_of IS 'The backlog of a slice, a row for each of its keys and days.';

CREATE FUNCTION ttr.backlog_of(by text[] DEFAULT '{}', from_day date DEFAULT NULL, to_day date DEFAULT NULL, assignee text DEFAULT NULL,
                               tag text DEFAULT NULL)
RETURNS TABLE (
  day              date,
  assignee         text,
  tag              text,
  attribute        text,
  second_attribute text,
  total_running    bigint,
  total_open       bigint,
  total_snoozed    bigint,
  opened           bigint,
  reopened         bigint,
  closed           bigint,
  net_change       bigint,
  median_age_hours double precision,
  p95_age_hours    double precision,
  past_target      bigint
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT f.day, b.assignee, b.tag, b.attribute, b.second_attribute, f.total, f.total - f.total_snoozed, f.total_snoozed, f.opened,
         f.reopened, f.closed, f.opened + f.reopened - f.closed, f.median_age_seconds / 3600, f.p95_age_seconds / 3600, f.past_target
  FROM ttr_data.backlog_of(coalesce(backlog_of.by, '{}'), backlog_of.from_day, backlog_of.to_day, backlog_of.assignee, backlog_of.tag) AS b
  CROSS JOIN LATERAL (SELECT (b.figures).*) AS f
  ORDER BY f.day, b.assignee, b.tag, b.attribute, b.second_attribute;
END;
REVOKE EXECUTE ON FUNCTION ttr.backlog_of FROM PUBLIC;
COMMENT ON FUNCTION ttr.backlog_of IS
  'The backlog of every day as ttr.backlog has it, of any slice, such as ttr.backlog_of(''{assignee}'', tag => ''vip''). '
  'by: assignee, tag, and two attributes or dimensions, as in ttr.figures(). A conversation counts under its '
  'assignee and tags of now, on all days, and under each of its tags. '
  'from_day and to_day: which days, both included. assignee and tag choose conversations, as in ttr.figures(). '
  'Each row of keys begins with the day on which the first of its conversations started. All of it is counted from the facts.';
