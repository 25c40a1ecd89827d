-- What a load prints: the summary of the conversations that it named and of all, and the lines of its report.
--
-- A summary has a few of the figures that the views have, over all conversations, those of each assignee and those of each tag.
--
--   conversations  ->  cells    what is measured of them, for all three at once: one pass of ttr.roll_up()
--   rollups        ->  cells    of the days that nothing touched since the last refresh: no conversation is read for these
--   cells          ->  lines    merged by key, and of each the figures, by ttr_data.figures_of()
--
-- So the summary of the database costs what changed since the last refresh, and right after one next to nothing.

CREATE TYPE ttr_data.summary_cell AS (
  "grouping"     integer,
  assignee       text,
  tag            text,
  total          bigint,
  total_closed   bigint,
  span           ttr.distribution,
  timeline       ttr.distribution,
  sla_breaches   bigint,
  messages       bigint,
  messages_known bigint
);
COMMENT ON TYPE ttr_data.summary_cell IS 'What a pass over conversations makes for a summary: the measures behind its figures.';

CREATE TYPE ttr_data.summary_line AS (
  dimension text,
  key       text,
  figures   ttr_data.summary_figures
);
COMMENT ON TYPE ttr_data.summary_line IS 'A line of a summary.';

-- The measures of summary_cell: their names; columns that merge them; and all measures, for figures_of(), NULL where they are not read.
CREATE FUNCTION ttr_data.summary_measures(OUT names text, OUT merged text, OUT measures text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT string_agg(read.attname, ', '),
         string_agg(format(CASE m.atttypid WHEN 'bigint'::regtype THEN 'sum(%1$I)::bigint AS %1$I' ELSE 'ttr.merge(%1$I) AS %1$I' END,
                           read.attname), ', ') FILTER (WHERE read.attname IS NOT NULL),
         'ROW(' || string_agg(coalesce(quote_ident(read.attname), 'NULL'), ', ' ORDER BY m.attnum) || ')::ttr_data.measures'
  FROM pg_attribute AS m
  LEFT JOIN pg_attribute AS read ON read.attrelid = 'ttr_data.summary_cell'::regclass AND read.attname = m.attname
  WHERE m.attrelid = 'ttr_data.measures'::regclass
$$;
COMMENT ON FUNCTION ttr_data.summary_measures IS 'Pieces of statements that make summaries.';

CREATE FUNCTION ttr_data.cells_of(conversations text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
  SELECT format($$SELECT (ARRAY['all', 'assignee', 'tag'])["grouping"] AS dimension, coalesce(assignee, tag, '') AS key, %1$s
                  FROM ttr.roll_up(%2$L, ARRAY['', 'assignee', 'tag'], array_fill(%1$L::text, ARRAY[3]), NULL::ttr_data.summary_cell)$$,
                names, format('SELECT assignee, tag, %s FROM (%s) AS c', names, conversations))
  FROM ttr_data.summary_measures()
$function$;
COMMENT ON FUNCTION ttr_data.cells_of IS
  'A query for the cells of conversations, which a query takes from ttr_data.measured; the same keys may come several times.';

CREATE FUNCTION ttr_data.merge_cells(cells text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT format('SELECT dimension, key, %s FROM (%s) AS c GROUP BY 1, 2', merged, cells) FROM ttr_data.summary_measures()
$$;
COMMENT ON FUNCTION ttr_data.merge_cells IS 'A query for cells in which each key comes once.';

CREATE FUNCTION ttr_data.summary_lines(cells text) RETURNS SETOF ttr_data.summary_line
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
  -- The line of all is there even where there are no conversations.
  RETURN QUERY EXECUTE format($$
    SELECT dimension, key,
           ROW(f.total_closed, f.median_hours, f.p95_hours, f.share_within_24h, coalesce(m.total, 0), f.avg_messages,
               f.sla_breaches)::ttr_data.summary_figures
    FROM (VALUES ('all', '')) AS always (dimension, key)
    FULL JOIN (%s) AS m USING (dimension, key)
    CROSS JOIN LATERAL ttr_data.figures_of(%s) AS f $$, cells, (SELECT measures FROM ttr_data.summary_measures()));
END
$function$;
COMMENT ON FUNCTION ttr_data.summary_lines IS 'The lines that follow from cells; a query gives these, of each key one.';

CREATE VIEW ttr_data.standing_rollup AS
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
COMMENT ON VIEW ttr_data.standing_rollup IS
  'The rollups that no mark touches, in the longest periods: all years before the first mark, then years, months and days.';

-- Runs with the rights of its caller, because the query is the caller's.
CREATE FUNCTION ttr_data.summary_of(conversations text) RETURNS SETOF ttr_data.summary_line
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT * FROM ttr_data.summary_lines(ttr_data.merge_cells(ttr_data.cells_of(conversations)))
$$;
COMMENT ON FUNCTION ttr_data.summary_of IS 'The summary of conversations, which a query takes from ttr_data.measured.';

-- One statement reads rollups and marked conversations, so that a concurrent change of facts neither loses nor doubles a day.
CREATE FUNCTION ttr_data.summary_of_database() RETURNS SETOF ttr_data.summary_line
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
DECLARE
  rollups constant text := (SELECT format('SELECT dimension, key, %s FROM ', names) FROM ttr_data.summary_measures());
BEGIN
  IF ttr_data.is_refreshed() THEN
    RETURN QUERY SELECT * FROM ttr_data.summary_lines(
      rollups || 'ttr_data.total_rollup WHERE NOT ttr_data.is_custom(dimension)');
  ELSIF ttr_data.is_everything_marked() THEN
    RETURN QUERY SELECT * FROM ttr_data.summary_of('TABLE ttr_data.measured_whole');
  ELSE
    RETURN QUERY SELECT * FROM ttr_data.summary_lines(ttr_data.merge_cells(
      rollups || 'ttr_data.standing_rollup WHERE NOT ttr_data.is_custom(dimension) UNION ALL '
      || ttr_data.cells_of('SELECT * FROM ttr_data.marked_conversation WHERE day IN (SELECT day FROM ttr_data.marked_day)')));
  END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.summary_of_database() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.summary_of_database IS 'The summary of all conversations, as the facts stand now.';

-- The line of all, and those of assignees and of tags as JSON, those with most closed conversations first.
CREATE FUNCTION ttr_data.summary_scope(
  lines           ttr_data.summary_line[],
  OUT figures     ttr_data.summary_figures,
  OUT by_assignee json,
  OUT by_tag      json
)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  WITH line AS MATERIALIZED (
    SELECT l.dimension, nullif(l.key, '') COLLATE "C" AS key, l.figures FROM unnest(lines) AS l
  )
  SELECT line.figures,
         (SELECT coalesce(json_agg(a), '[]')
          FROM (SELECT key AS assignee, (l.figures).* FROM line AS l WHERE dimension = 'assignee'
                ORDER BY total_closed DESC, assignee) AS a),
         (SELECT coalesce(json_agg(t), '[]')
          FROM (SELECT key AS tag, (l.figures).* FROM line AS l WHERE dimension = 'tag'
                ORDER BY total_closed DESC, tag) AS t)
  FROM line
  WHERE dimension = 'all'
$$;
COMMENT ON FUNCTION ttr_data.summary_scope IS 'The lines of a summary by what they are of, as its JSON has them.';

-- Rows come in the order of the key, so that a report is written while it is read. Nothing is joined: ttr_data.counted joins nothing for
-- these columns, and the addresses of teammates are one value, made once. Times are texts of ISO 8601, for sessions whose time zone is UTC.
CREATE VIEW ttr_data.report AS
SELECT conversation_id,
       user_id,
       ttr.iso_time(started_at) AS started_at,
       ttr.iso_time(resolved_at) AS resolved_at,
       resolution_seconds,
       coalesce(assignee_email, (SELECT jsonb_object_agg(teammate_id, email) FROM ttr_data.teammate) ->> assignee_id) AS assignee_email,
       CASE WHEN cardinality(tags) = 0 THEN NULL
            WHEN cardinality(tags) = 1 THEN replace(tags[1], ';', '\;')
            WHEN array_to_string(tags, '') NOT LIKE '%;%' THEN array_to_string(tags, ';')
            ELSE (SELECT string_agg(replace(tag, ';', '\;'), ';' ORDER BY place) FROM unnest(tags) WITH ORDINALITY AS t (tag, place))
       END AS tags
FROM ttr_data.counted
WHERE is_closed;
COMMENT ON VIEW ttr_data.report IS 'The conversations that count as closed, as a report of ttr-load has them; tags can be read back.';
