-- Questions: the figures of any period and of any slice of the conversations, exact.
--
--   filters   from_day, to_day, assignee, tag: which conversations
--   keys      by, every: into which rows they are divided
--
-- Where one dimension of the daily rollup has the answer, and every change of the facts has reached it, its days are merged. Everything
-- else is counted from the facts. Both give the same measures, and measures give the figures, as everywhere.
--
-- The functions run with the rights of their owner, so that a reader needs none on ttr_data. EXECUTE decides who may ask, and
-- ttr_data.setting.attributes which attributes a question may name. Arguments become quoted literals. A filter with a name that no
-- conversation ever had is an error: a figure of 0 would hide a mistyped name.

CREATE FUNCTION ttr_data.is_refreshed() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NOT EXISTS (SELECT FROM ttr_data.mark) AND EXISTS (SELECT FROM ttr_data.refreshed);
COMMENT ON FUNCTION ttr_data.is_refreshed IS 'Whether every change of the facts has reached the rollups.';

-- An inlined function: the planner reads only what the caller does. The day of a resolution is at most a day away from the same
-- day in UTC, which lets it use the index on resolved_at.
CREATE FUNCTION ttr_data.slice(from_day date, to_day date, of_assignee text, of_tag text) RETURNS SETOF ttr_data.counted
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT c.*
  FROM ttr_data.counted AS c
  WHERE (slice.from_day IS NULL
         OR (c.state = 'closed'
             AND c.resolved_at >= slice.from_day::timestamp AT TIME ZONE 'UTC' - interval '1 day'
             AND c.resolved_on >= slice.from_day))
    AND (slice.to_day IS NULL
         OR (c.state = 'closed'
             AND c.resolved_at < slice.to_day::timestamp AT TIME ZONE 'UTC' + interval '2 days'
             AND c.resolved_on <= slice.to_day))
    AND (slice.of_assignee IS NULL OR coalesce(c.assignee, '') IN (slice.of_assignee, lower(slice.of_assignee)))
    AND (slice.of_tag IS NULL
         OR CASE WHEN slice.of_tag = '' THEN c.tags = '{}' ELSE slice.of_tag = ANY (c.tags) END);
END;
COMMENT ON FUNCTION ttr_data.slice IS 'The conversations that the filters of a question choose; NULL does not filter.';

CREATE FUNCTION ttr_data.check_step(step text, asked text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF step NOT IN ('day', 'week', 'month', 'quarter') THEN
    RAISE EXCEPTION 'unknown period: "%"', step
      USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'Figures are given for every day, week, month or quarter.',
            HINT = format('Name one of them: SELECT * FROM ttr.%s(every => ''month'')', asked);
  END IF;
END
$$;
COMMENT ON FUNCTION ttr_data.check_step IS 'Raises an error for an unknown period; asked: the function that a question names.';

CREATE FUNCTION ttr_data.check_keys(keys text[], step text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  listed constant text[] := (SELECT attributes FROM ttr_data.setting) || ARRAY(SELECT name::text FROM ttr_data.dimension ORDER BY name);
  others constant text[] := ttr_data.attribute_keys(keys);
  other  text;
BEGIN
  PERFORM ttr_data.check_step(step, 'figures');
  IF array_position(keys, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'a key of "by" is null'
      USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Name what the figures are divided by: SELECT * FROM ttr.figures(''{assignee,tag}'')';
  END IF;
  IF cardinality(others) > 2 THEN
    RAISE EXCEPTION 'more than two attributes: "%"', array_to_string(others, '", "')
      USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'Figures are divided by any of assignee, tag and closed_by, and by two attributes or custom dimensions.',
            HINT = format('Name two attributes at most: SELECT * FROM ttr.figures(%L)',
                          ARRAY['assignee'] || ARRAY(SELECT key FROM unnest(others) AS o (key) WHERE key = ANY (listed) LIMIT 2));
  END IF;
  FOREACH other IN ARRAY others LOOP
    IF other <> ALL (listed) THEN
      PERFORM ttr_data.refuse_key(other, listed);
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION ttr_data.check_keys IS 'Raises an error for keys and periods that cannot divide a question.';

-- The rollups find a name by their index. A name that they lack may be among the facts until the next refresh; a name that only the
-- rollups have was a conversation's until that refresh.
CREATE FUNCTION ttr_data.is_known(of_dimension text, name text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  IF EXISTS (SELECT FROM ttr_data.daily_rollup AS r
             WHERE r.dimension = of_dimension
               AND (r.key = name OR of_dimension = 'assignee' AND r.key = lower(name))) THEN
    RETURN true;
  ELSIF ttr_data.is_refreshed() THEN
    RETURN false;
  ELSIF of_dimension = 'tag' THEN
    RETURN EXISTS (SELECT FROM ttr_data.conversation WHERE name = ANY (tags));
  END IF;
  RETURN EXISTS (SELECT FROM ttr_data.counted AS c WHERE c.assignee IN (name, lower(name)));
END
$$;
COMMENT ON FUNCTION ttr_data.is_known IS 'Whether a conversation has, or until the last refresh had, this assignee or tag.';

CREATE FUNCTION ttr_data.names(of_dimension text) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
  IF ttr_data.is_refreshed() THEN
    RETURN QUERY SELECT r.key FROM ttr_data.total_rollup AS r WHERE r.dimension = of_dimension AND r.key <> '';
  ELSIF of_dimension = 'tag' THEN
    RETURN QUERY SELECT DISTINCT unnest(tags) FROM ttr_data.conversation;
  ELSE
    RETURN QUERY SELECT DISTINCT c.assignee FROM ttr_data.counted AS c WHERE c.assignee IS NOT NULL;
  END IF;
END
$$;
COMMENT ON FUNCTION ttr_data.names IS 'The assignees, or the tags, of all conversations.';

CREATE FUNCTION ttr_data.trigrams(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT DISTINCT substr(p.padded, n.place, 3)
  FROM (SELECT '  ' || lower(left(trigrams.word, 512)) || ' ') AS p (padded)
  CROSS JOIN LATERAL generate_series(1, length(p.padded) - 2) AS n (place);
END;
COMMENT ON FUNCTION ttr_data.trigrams IS 'The groups of three letters of a word in lower case, with two blanks before it and one behind.';

-- Dice's coefficient: twice the number of trigrams that both names have, divided by the sum of the numbers that each has. Where one
-- name begins with the other, the figure is moved half-way to 1.
CREATE FUNCTION ttr_data.likeness(a text, b text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN lower(likeness.a) = lower(likeness.b) THEN 1
              WHEN starts_with(lower(likeness.a), lower(likeness.b)) OR starts_with(lower(likeness.b), lower(likeness.a))
              THEN (1 + s.shared) / 2
              ELSE s.shared
         END
  FROM (
    SELECT 2.0 * count(*) FILTER (WHERE t.owners = 2) / sum(t.owners)
    FROM (
      SELECT count(*) AS owners
      FROM (SELECT ttr_data.trigrams(likeness.a) UNION ALL SELECT ttr_data.trigrams(likeness.b)) AS u (trigram)
      GROUP BY u.trigram
    ) AS t
  ) AS s (shared);
END;
COMMENT ON FUNCTION ttr_data.likeness IS 'How alike two names are, from 0 to 1, which is equal but for upper and lower case.';

CREATE FUNCTION ttr_data.nearest_names(of_dimension text, name text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(array_agg(n.known ORDER BY n.likeness DESC, n.known COLLATE "C"), '{}')
  FROM (
    SELECT k.known, l.likeness
    FROM ttr_data.names(nearest_names.of_dimension) AS k (known)
    CROSS JOIN LATERAL (SELECT ttr_data.likeness(nearest_names.name, k.known)) AS l (likeness)
    WHERE l.likeness >= 0.25
    ORDER BY l.likeness DESC, k.known COLLATE "C"
    LIMIT 5
  ) AS n;
END;
COMMENT ON FUNCTION ttr_data.nearest_names IS 'Up to five assignees, or tags, most like a name; none where nothing is like it.';

-- Only what follows the last dot is compared, because people mistype custom_attributes.plan as plan.
CREATE FUNCTION ttr_data.nearest_key(key text, keys text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT k.known
  FROM unnest(nearest_key.keys) WITH ORDINALITY AS k (known, place)
  CROSS JOIN LATERAL (
    SELECT ttr_data.likeness(regexp_replace(nearest_key.key, '^.*[.]', ''), regexp_replace(k.known, '^.*[.]', ''))
  ) AS l (likeness)
  WHERE nearest_key.key <> '' AND k.known <> '' AND l.likeness >= 0.5
  ORDER BY l.likeness DESC, k.place
  LIMIT 1;
END;
COMMENT ON FUNCTION ttr_data.nearest_key IS 'The name most like this one by which figures are divided; NULL where none is like it.';

-- The hint lists no mistyped name and no field: figures by it would have one row without a value for ever.
CREATE FUNCTION ttr_data.refuse_key(key text, listed text[]) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_field constant boolean := key IN ('conversation_id', 'user_id', 'state', 'started_at', 'first_response_at', 'resolved_at',
                                       'updated_at', 'assignee_email', 'assignee_id', 'tags', 'message_count', 'reopen_count');
  nearest  constant text := ttr_data.nearest_key(key, ARRAY['assignee', 'tag', 'closed_by'] || listed);
BEGIN
  RAISE EXCEPTION 'figures are not divided by "%"', key
    USING ERRCODE = CASE WHEN is_field OR nearest IS NOT NULL THEN 'invalid_parameter_value' ELSE 'insufficient_privilege' END,
          DETAIL = CASE WHEN is_field THEN format('"%s" is a field and no attribute. ', key) ELSE '' END
                   || format('Figures are divided by any of assignee, tag and closed_by, and by a listed attribute or dimension; %s.',
                             CASE WHEN listed = '{}' THEN 'none is listed'
                                  ELSE 'listed are "' || array_to_string(listed, '", "') || '"' END),
          HINT = CASE WHEN nearest IS NOT NULL THEN format('The nearest is "%s": SELECT * FROM ttr.figures(%L)', nearest, ARRAY[nearest])
                      WHEN is_field THEN 'Divide them by one of these: SELECT * FROM ttr.figures(''{assignee}'')'
                      ELSE format('The owner lists it: UPDATE ttr_data.setting SET attributes = attributes || ARRAY[%L]', key) END;
END
$$;
COMMENT ON FUNCTION ttr_data.refuse_key IS
  'Raises the error for an unknown key, with the nearest known one or with the statement that lists the attribute.';

-- Before the first load every name is right: a dashboard that names one shows nothing and no error.
CREATE FUNCTION ttr_data.check_filter(of_dimension text, name text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_list boolean;
  nearest text[];
  example text;
BEGIN
  IF name IS NULL OR name = '' OR ttr_data.is_known(of_dimension, name) OR NOT EXISTS (SELECT FROM ttr_data.conversation) THEN
    RETURN;
  END IF;
  is_list := name ~ '^[{].*[}]$';
  nearest := ttr_data.nearest_names(of_dimension, CASE WHEN is_list THEN split_part(trim(name, '{}'), ',', 1) ELSE name END);
  example := CASE WHEN nearest = '{}' THEN format('SELECT %1$s FROM ttr.by_%1$s', of_dimension)
                  ELSE format('SELECT * FROM ttr.figures(%s => %L)', of_dimension, nearest[1]) END;
  RAISE EXCEPTION 'no conversation has the % "%"', of_dimension, name
    USING ERRCODE = 'invalid_parameter_value',
          DETAIL = CASE of_dimension
                     WHEN 'tag' THEN 'A tag is spelled as ttr.by_tag shows it; '''' stands for conversations without a tag.'
                     ELSE 'An assignee is spelled as ttr.by_assignee shows it; '''' stands for nobody.' END,
          HINT = CASE WHEN is_list THEN format('A filter takes one %s, and not a list: ', of_dimension)
                      WHEN nearest = '{}' THEN 'None is like it. These exist: '
                      ELSE format('The nearest that %s "%s": ', CASE cardinality(nearest) WHEN 1 THEN 'exists is' ELSE 'exist are' END,
                                  array_to_string(nearest, '", "')) END || example;
END
$$;
COMMENT ON FUNCTION ttr_data.check_filter IS 'Raises an error where a question names an assignee or a tag that no conversation ever had.';

-- What cells hold: the keys of a question, and measures. The same keys may come several times, to be merged.
DO $generate$
BEGIN
  EXECUTE format('CREATE TYPE ttr_data.answer_cell AS (period date, assignee text, tag text, closed_by text, attribute text, '
                 'second_attribute text, %s)',
                 ttr_data.each_measure('%1$I bigint', '%1$I ttr.distribution'));
END
$generate$;
COMMENT ON TYPE ttr_data.answer_cell IS 'What a pass over conversations makes for an answer: its keys and the measures of these.';

-- Longer periods have been merged already.
CREATE FUNCTION ttr_data.cells_of_rollup(of_dimension text, keys text[], step text, from_day date, to_day date, of_assignee text,
                                         of_tag text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
  SELECT format($$
    SELECT date_trunc(%1$L, r.day::timestamp)::date AS period,
           CASE WHEN %2$L THEN nullif(r.key, '') END AS assignee,
           CASE WHEN %3$L THEN r.key END AS tag,
           NULL::text AS closed_by,
           CASE WHEN ttr_data.is_custom(%5$L) THEN nullif(r.key, '') END AS attribute,
           NULL::text AS second_attribute,
           r.*
    FROM %4$s AS r
    WHERE r.dimension = %5$L
      AND (r.total_closed > 0 OR NOT %6$L)
      AND (%7$L::date IS NULL OR r.day >= %7$L)
      AND (%8$L::date IS NULL OR r.day <= %8$L)
      AND (%9$L::text IS NULL OR r.key IN (%9$L, lower(%9$L)))
      AND (%10$L::text IS NULL OR r.key = %10$L)
  $$, step, 'assignee' = ANY (keys), 'tag' = ANY (keys),
  CASE WHEN NOT p.by_day
       THEN '(SELECT year AS day, * FROM ttr_data.total_rollup)'
       WHEN step IN ('month', 'quarter') AND from_day IS NULL AND to_day IS NULL
       THEN '(SELECT month AS day, * FROM ttr_data.monthly_rollup)'
       ELSE 'ttr_data.daily_rollup'
  END, of_dimension, p.by_day, from_day, to_day, of_assignee, of_tag)
  FROM (SELECT step IS NOT NULL OR from_day IS NOT NULL OR to_day IS NOT NULL) AS p (by_day)
$function$;
COMMENT ON FUNCTION ttr_data.cells_of_rollup IS 'A query for the cells of an answer that a dimension of the rollups holds.';

-- ttr.roll_up() leaves out NULL keys: so no value is an empty text here, and an attribute has a letter before it.
-- OFFSET 0 keeps the planner from computing a column anew for every measure that reads it.
CREATE FUNCTION ttr_data.cells_of_facts(keys text[], step text, from_day date, to_day date, of_assignee text, of_tag text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
  SELECT format($$
    SELECT nullif(period, '-infinity') AS period, nullif(assignee, '') AS assignee, CASE WHEN %1$L THEN tag END AS tag,
           nullif(closed_by, '') AS closed_by, substr(nullif(attribute, ''), 2) AS attribute,
           substr(nullif(second_attribute, ''), 2) AS second_attribute, %2$s
    FROM ttr.roll_up(%3$L, '{"period, assignee, tag, closed_by, attribute, second_attribute"}', ARRAY[%2$L], NULL::ttr_data.answer_cell)
  $$, 'tag' = ANY (keys), m.names, format($$
    SELECT period, assignee, tag, closed_by, attribute, second_attribute, %1$s
    FROM (
      SELECT coalesce(date_trunc(%2$L, s.resolved_on::timestamp)::date, '-infinity') AS period,
             CASE WHEN %3$L THEN coalesce(s.assignee, '') ELSE '' END AS assignee,
             %4$s AS tag,
             CASE WHEN %5$L THEN coalesce(s.closed_by, '') ELSE '' END AS closed_by,
             coalesce('=' || %6$s, '') AS attribute,
             coalesce('=' || %12$s, '') AS second_attribute,
             s.state,
             s.is_closed,
             s.started_at,
             s.elapsed_seconds,
             s.open_seconds,
             CASE WHEN (SELECT calendar IS NOT NULL FROM ttr_data.setting) THEN s.business_seconds END AS business_seconds,
             s.first_response_seconds,
             s.waiting_seconds,
             s.longest_wait_seconds,
             s.next_response_seconds,
             s.open_since,
             s.paused_seconds,
             CASE WHEN s.is_closed THEN s.sla_seconds END AS sla_seconds,
             s.target_seconds,
             s.message_count,
             s.reopen_count
      FROM ttr_data.slice(%7$L, %8$L, %9$L, %10$L) AS s
      WHERE s.is_closed OR NOT %11$L
      OFFSET 0
    ) AS c
  $$, m.expressions, step, 'assignee' = ANY (keys), CASE WHEN 'tag' = ANY (keys) THEN 's.tags' ELSE $$''::text$$ END,
  'closed_by' = ANY (keys), coalesce(ttr_data.key_expression(o.names[1]), 'NULL'), from_day, to_day, of_assignee, of_tag,
  step IS NOT NULL OR from_day IS NOT NULL OR to_day IS NOT NULL, coalesce(ttr_data.key_expression(o.names[2]), 'NULL')))
  FROM (
    SELECT string_agg(measure, ', '), string_agg(format('%s AS %I', expression, measure), ', ') FROM ttr_data.added_by_conversation()
  ) AS m (names, expressions)
  CROSS JOIN (SELECT ttr_data.attribute_keys(keys)) AS o (names)
$function$;
COMMENT ON FUNCTION ttr_data.cells_of_facts IS 'A query for the cells of an answer that is counted from the facts.';

-- The rollups have one dimension at a time, and nothing about conversations without a tag.
CREATE FUNCTION ttr_data.dimension_of(keys text[], of_assignee text, of_tag text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN NOT keys <@ '{assignee,tag}'
            THEN (SELECT name FROM ttr_data.dimension WHERE keys = ARRAY[name::text] AND of_assignee IS NULL AND of_tag IS NULL)
            WHEN of_tag IS NULL AND of_assignee IS NULL AND keys = '{}' THEN 'all'
            WHEN of_tag IS NULL AND NOT 'tag' = ANY (keys) THEN 'assignee'
            WHEN of_assignee IS NULL AND NOT 'assignee' = ANY (keys) AND (of_tag IS NULL OR of_tag <> '' AND keys = '{}') THEN 'tag'
       END;
COMMENT ON FUNCTION ttr_data.dimension_of IS 'The dimension of the rollups with the answer for these keys and filters; NULL for none.';

-- EXECUTE plans for the arguments at hand: what filters nothing costs nothing, and an index finds a period.
CREATE FUNCTION ttr_data.answer(keys text[], step text, from_day date, to_day date, of_assignee text, of_tag text)
RETURNS TABLE (period date, assignee text, tag text, closed_by text, attribute text, second_attribute text, measures ttr_data.measures)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
AS $$
DECLARE
  dimension constant text := ttr_data.dimension_of(keys, of_assignee, of_tag);
BEGIN
  PERFORM ttr_data.check_keys(keys, step);
  PERFORM ttr_data.check_filter('assignee', of_assignee);
  PERFORM ttr_data.check_filter('tag', of_tag);

  RETURN QUERY EXECUTE format(
    'SELECT m.period, m.assignee, m.tag, m.closed_by, m.attribute, m.second_attribute, ROW(%s)::ttr_data.measures
     FROM (SELECT c.period, c.assignee, c.tag, c.closed_by, c.attribute, c.second_attribute, %s
           FROM (%s) AS c
           GROUP BY 1, 2, 3, 4, 5, 6) AS m',
    ttr_data.each_measure(),
    ttr_data.merged_measures(),
    CASE WHEN dimension IS NOT NULL AND ttr_data.is_refreshed()
         THEN ttr_data.cells_of_rollup(dimension, keys, step, from_day, to_day, of_assignee, of_tag)
         ELSE ttr_data.cells_of_facts(keys, step, from_day, to_day, of_assignee, of_tag)
    END);
  -- An answer that is not divided has one row even when it is empty.
  IF NOT FOUND AND keys = '{}' AND step IS NULL THEN
    RETURN NEXT;
  END IF;
END
$$;
COMMENT ON FUNCTION ttr_data.answer IS 'The measures that answer a question, a row for each of its keys and periods that has any.';

DO $generate$
BEGIN
  EXECUTE (SELECT format($function$
    CREATE FUNCTION ttr.figures(by text[] DEFAULT '{}', every text DEFAULT NULL, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
                                assignee text DEFAULT NULL, tag text DEFAULT NULL)
    RETURNS TABLE (period date, assignee text, tag text, closed_by text, attribute text, second_attribute text, %s)
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100
    BEGIN ATOMIC
      SELECT a.period, a.assignee, a.tag, a.closed_by, a.attribute, a.second_attribute, f.*
      FROM ttr_data.answer(coalesce(figures.by, '{}'), figures.every, figures.from_day, figures.to_day, figures.assignee, figures.tag) AS a
      CROSS JOIN LATERAL ttr_data.figures_of(a.measures) AS f
      ORDER BY a.period, a.assignee, a.tag, a.closed_by, a.attribute, a.second_attribute;
    END
  $function$, columns) FROM ttr_data.figure_list);
END
$generate$;
COMMENT ON FUNCTION ttr.figures IS
  'The figures of the views for any period and slice, exact, such as ttr.figures(''{assignee,plan}'', ''month'', tag => ''vip''). '
  'by: assignee, tag, closed_by and two of the attributes that ttr.settings lists and of the dimensions of ttr.by_dimension; the value of '
  'the one named first stands in column attribute, that of the other in second_attribute; '
  'a conversation counts under each of its tags. '
  'every: day, week (from Monday), month or quarter; period is its first day. '
  'from_day and to_day: days of resolution in the reporting time zone, both included. '
  'assignee and tag choose conversations: NULL all, '''' those of nobody and those without a tag; '
  'a name that no conversation ever had is an error. '
  'Columns are in hours or seconds as their names say; shares and ratios go from 0 to 1. '
  'What changed since the last refresh is counted, too: it is slower then, because everything is read from the facts.';

CREATE FUNCTION ttr_data.slowest(p double precision, from_day date, to_day date, of_assignee text, of_tag text)
RETURNS SETOF ttr_data.counted
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
  limit_seconds double precision;
BEGIN
  IF p NOT BETWEEN 0 AND 1 THEN
    RAISE EXCEPTION 'percentile value % is not between 0 and 1', p
      USING ERRCODE = 'numeric_value_out_of_range',
            HINT = format('Name it as a share, for example: SELECT * FROM ttr.slowest(%s)',
                          CASE WHEN p BETWEEN 1 AND 100 THEN p / 100 ELSE 0.95 END);
  END IF;
  limit_seconds := (SELECT ttr.quantile(ttr_data.both((measures).span, (measures).timeline), p)
                    FROM ttr_data.answer('{}', NULL, from_day, to_day, of_assignee, of_tag));
  RETURN QUERY
  SELECT s.*
  FROM ttr_data.slice(from_day, to_day, of_assignee, of_tag) AS s
  WHERE s.resolution_seconds >= limit_seconds;
END
$$;
COMMENT ON FUNCTION ttr_data.slowest IS 'The closed conversations of a slice that took at least its percentile p.';

CREATE FUNCTION ttr.slowest(p double precision DEFAULT 0.95, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
                            assignee text DEFAULT NULL, tag text DEFAULT NULL)
RETURNS TABLE (
  rank               bigint,
  conversation_id    text,
  user_id            text,
  assignee           text,
  tags               text,
  closed_by          text,
  started_at         timestamptz,
  resolved_at        timestamptz,
  resolved_on        date,
  resolution_seconds double precision,
  resolution_hours   double precision,
  basis              text,
  target_seconds     double precision,
  is_breach          boolean
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT rank() OVER (ORDER BY s.resolution_seconds DESC),
         s.conversation_id,
         s.user_id,
         s.assignee,
         array_to_string(s.tags, '; '),
         s.closed_by,
         s.started_at,
         s.resolved_at,
         s.resolved_on,
         s.resolution_seconds,
         s.resolution_seconds / 3600,
         s.basis,
         s.target_seconds,
         s.is_breach
  FROM ttr_data.slowest(slowest.p, slowest.from_day, slowest.to_day, slowest.assignee, slowest.tag) AS s
  ORDER BY s.resolution_seconds DESC, s.conversation_id;
END;
COMMENT ON FUNCTION ttr.slowest IS
  'The conversations behind a percentile: those whose time to resolution is at or above percentile p (from 0 to 1) of the slice, '
  'slowest first, such as ttr.slowest(0.99, tag => ''vip''). rank: 1 is the slowest; equal times share a rank. '
  'from_day, to_day, assignee, tag: as in ttr.figures().';

-- The names of these columns are the keys of a summary.
CREATE TYPE ttr_data.summary_figures AS (
  total_closed   bigint,
  median_hours   double precision,
  p95_hours      double precision,
  pct_within_24h double precision,
  total          bigint,
  avg_messages   double precision,
  sla_breaches   bigint
);
COMMENT ON TYPE ttr_data.summary_figures IS 'The figures of a summary, in its order.';

CREATE FUNCTION ttr_data.summarize(measures ttr_data.measures, of_period boolean) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT to_jsonb(ROW(f.total_closed, f.median_hours, f.p95_hours, f.share_within_24h,
                      CASE WHEN summarize.of_period THEN f.total_closed ELSE coalesce((summarize.measures).total, 0) END,
                      f.avg_messages, f.sla_breaches)::ttr_data.summary_figures)
  FROM ttr_data.figures_of(summarize.measures) AS f;
END;
COMMENT ON FUNCTION ttr_data.summarize IS 'The figures of a summary, as JSON.';

CREATE FUNCTION ttr.summary(from_day date DEFAULT NULL, to_day date DEFAULT NULL, assignee text DEFAULT NULL, tag text DEFAULT NULL)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT ttr_data.summarize(a.measures, p.of_period)
         || jsonb_build_object(
              'by_assignee',
              (SELECT coalesce(jsonb_agg(jsonb_build_object('assignee', d.assignee) || ttr_data.summarize(d.measures, p.of_period)
                                         ORDER BY (d.measures).total_closed DESC, d.assignee COLLATE "C"), '[]')
               FROM ttr_data.answer('{assignee}', NULL, summary.from_day, summary.to_day, summary.assignee, summary.tag) AS d),
              'by_tag',
              (SELECT coalesce(jsonb_agg(jsonb_build_object('tag', d.tag) || ttr_data.summarize(d.measures, p.of_period)
                                         ORDER BY (d.measures).total_closed DESC, d.tag COLLATE "C"), '[]')
               FROM ttr_data.answer('{tag}', NULL, summary.from_day, summary.to_day, summary.assignee, summary.tag) AS d))
  FROM ttr_data.answer('{}', NULL, summary.from_day, summary.to_day, summary.assignee, summary.tag) AS a
  CROSS JOIN (SELECT summary.from_day IS NOT NULL OR summary.to_day IS NOT NULL) AS p (of_period);
END;
COMMENT ON FUNCTION ttr.summary IS
  'The summary as ttr-load prints it, of any period and slice: total_closed, median_hours, p95_hours, pct_within_24h (from 0 to 1), '
  'total, avg_messages, sla_breaches, by_assignee and by_tag (the most frequent first). '
  'from_day, to_day, assignee, tag: as in ttr.figures(). A period holds what was resolved in it, so that total is total_closed then.';

-- Days before from_day are read, too, for the windows of the first days, and then left out.
CREATE FUNCTION ttr.rolling(days integer DEFAULT 7, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
                            assignee text DEFAULT NULL, tag text DEFAULT NULL)
RETURNS TABLE (
  day                    date,
  total_closed           bigint,
  median_hours           double precision,
  p95_hours              double precision,
  median_seconds         double precision,
  p95_seconds            double precision,
  rolling_closed         bigint,
  rolling_median_hours   double precision,
  rolling_p95_hours      double precision,
  rolling_median_seconds double precision,
  rolling_p95_seconds    double precision
)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF days IS NULL OR days NOT BETWEEN 1 AND 3660 THEN
    RAISE EXCEPTION 'not a number of days: %', coalesce(days::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'A rolling figure is that of 1 to 3660 days.',
            HINT = 'Name them: SELECT * FROM ttr.rolling(28)';
  END IF;

  RETURN QUERY
  SELECT w.day, w.total_closed, w.own[1] / 3600, w.own[2] / 3600, w.own[1], w.own[2],
         w.rolling_closed, w.rolling[1] / 3600, w.rolling[2] / 3600, w.rolling[1], w.rolling[2]
  FROM (
    SELECT d.day,
           d.total_closed,
           ttr.quantile(d.resolution, ARRAY[0.5, 0.95]) AS own,
           (sum(d.total_closed) OVER up_to_day)::bigint AS rolling_closed,
           ttr.quantile(ttr.merge(d.resolution) OVER up_to_day, ARRAY[0.5, 0.95]) AS rolling
    FROM (
      SELECT a.period AS day, (a.measures).total_closed, ttr_data.both((a.measures).span, (a.measures).timeline) AS resolution
      FROM ttr_data.answer('{}', 'day', rolling.from_day - (days - 1), rolling.to_day, rolling.assignee, rolling.tag) AS a
      OFFSET 0
    ) AS d
    WINDOW up_to_day AS (ORDER BY d.day RANGE BETWEEN make_interval(days => days - 1) PRECEDING AND CURRENT ROW)
  ) AS w
  WHERE rolling.from_day IS NULL OR w.day >= rolling.from_day
  ORDER BY w.day;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr.figures, ttr.slowest, ttr.summary, ttr.rolling FROM PUBLIC;
COMMENT ON FUNCTION ttr.rolling IS
  'Each day on which something was resolved, with its own figures and those of the days up to it, exact, such as '
  'ttr.rolling(28, tag => ''vip''). '
  'days: how many, from 1 to 3660, that day included; the columns rolling_ are about these. '
  'from_day, to_day, assignee, tag: as in ttr.figures(); the days before from_day count in the rolling figures.';
