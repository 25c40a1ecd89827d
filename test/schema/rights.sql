-- What readers, loaders and everybody else may do: a line for each set of rights, and the objects that they are on. An object that has no
-- line here fails the test, whatever its rights are.
BEGIN;
SELECT plan(8);

SET LOCAL client_min_messages = error;  -- what a role may not grant

\ir schema.psql

CREATE ROLE rights_reader;
CREATE ROLE rights_loader;
CREATE ROLE rights_nobody;
SELECT ttr.grant_read('rights_reader'), ttr.grant_load('rights_loader');

-- Everything in the two schemas, and they themselves. Functions of the extension are everybody's (extension.sql).
CREATE TEMPORARY VIEW object AS
SELECT 'schema ' || nspname AS name, oid, 'schema' AS kind FROM pg_namespace WHERE nspname IN ('ttr', 'ttr_data')
UNION ALL
SELECT c.oid::regclass::text, oid, CASE relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END
FROM pg_class AS c
WHERE relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) AND relkind NOT IN ('i', 'c', 'I')
UNION ALL
SELECT pronamespace::regnamespace || '.' || proname, oid, 'function'
FROM pg_proc AS p
WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = p.tableoid AND d.objid = p.oid AND d.deptype = 'e');

CREATE FUNCTION pg_temp.rights(who name, kind text, object oid) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(r.right, ', ' ORDER BY r.place, r.right), '')
  FROM (
    SELECT 0 AS place, p.name AS right
    FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p (name)
    WHERE kind = 'relation' AND has_table_privilege(who, object, p.name)
    UNION ALL
    SELECT 1, format('%s (%s)', p.name, string_agg(a.attname, ', ' ORDER BY a.attnum))
    FROM unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) AS p (name)
    JOIN pg_attribute AS a ON a.attrelid = object AND a.attnum > 0 AND NOT a.attisdropped
    WHERE kind = 'relation' AND NOT has_table_privilege(who, object, p.name) AND has_column_privilege(who, object, a.attnum, p.name)
    GROUP BY p.name
    UNION ALL
    SELECT 0, p.name
    FROM unnest('{USAGE,SELECT,UPDATE}'::text[]) AS p (name)
    WHERE kind = 'sequence' AND has_sequence_privilege(who, object, p.name)
    UNION ALL
    SELECT 0, p.name FROM unnest('{USAGE,CREATE}'::text[]) AS p (name) WHERE kind = 'schema' AND has_schema_privilege(who, object, p.name)
    UNION ALL
    SELECT 0, 'EXECUTE' WHERE kind = 'function' AND has_function_privilege(who, object, 'EXECUTE')
  ) AS r
$$;

-- Of readers, loaders and everybody else.
CREATE TEMPORARY TABLE expected AS
SELECT unnest(objects) AS name, reader, loader, nobody
FROM (VALUES
  -- Nothing: the owner's alone.
  ('', '', '',
   '{ttr.check, ttr.forget, ttr_data.backlog, ttr_data.backlog_rollup, ttr_data.by_assignee, ttr_data.by_dimension, ttr_data.by_tag,
     ttr_data.calendar, ttr_data.checked_backlog, ttr_data.checked_beginning, ttr_data.checked_clocks, ttr_data.checked_conversation,
     ttr_data.checked_due, ttr_data.checked_figures, ttr_data.checked_handler, ttr_data.checked_handling,
     ttr_data.checked_other_figures, ttr_data.checked_responses, ttr_data.checked_rolling_7d, ttr_data.checked_survival,
     ttr_data.clock_rollup, ttr_data.clocked, ttr_data.cohort_rollup, ttr_data.cumulative_rollup, ttr_data.daily_rollup, ttr_data.day,
     ttr_data.figure, ttr_data.figure_list, ttr_data.handled, ttr_data.handled_whole, ttr_data.handler, ttr_data.handling_rollup,
     ttr_data.hourly_rollup, ttr_data.intercom_figure, ttr_data.mark, ttr_data.mark_conversations, ttr_data.mark_everything,
     ttr_data.mark_handling, ttr_data.mark_teammates, ttr_data.mark_teams, ttr_data.marked_conversation, ttr_data.marked_day,
     ttr_data.marked_promise, ttr_data.marked_span, ttr_data.measured_promise, ttr_data.measured_whole, ttr_data.month,
     ttr_data.monthly_rollup, ttr_data.monthly_sla_rollup, ttr_data.overall, ttr_data.promise, ttr_data.promised,
     ttr_data.published_figures, ttr_data.refreshed, ttr_data.rolling_24h, ttr_data.sla, ttr_data.sla_rollup, ttr_data.standing,
     ttr_data.standing_rollup, ttr_data.start_rollup, ttr_data.total_rollup, ttr_data.week, ttr_data.weekday_rollup,
     ttr_data.weekly_rollup, ttr_data.yearly_rollup}'),
  ('', 'DELETE, INSERT, SELECT, UPDATE', '',
   '{ttr_data.handling, ttr_data.statement}'),
  -- These run with the rights of their owner, as do seven for readers below.
  ('', 'EXECUTE', '',
   '{ttr.refresh, ttr_data.extend_calendars, ttr_data.index_facts, ttr_data.next_load_id, ttr_data.summary_of_database,
     ttr_data.watch_facts}'),
  ('', 'INSERT', '',
   '{ttr_data.reject}'),
  ('', 'INSERT, SELECT', '',
   '{ttr_data.deletion, ttr_data.forgotten_conversation}'),
  ('', 'INSERT, SELECT, UPDATE', '',
   '{ttr_data.conversation, ttr_data.event, ttr_data.tag, ttr_data.team, ttr_data.teammate}'),
  ('', 'SELECT', '',
   '{ttr_data.counted, ttr_data.dimension, ttr_data.forgotten_user, ttr_data.measured, ttr_data.report, ttr_data.schema_version,
     ttr_data.setting, ttr_data.sla_policy}'),
  ('', 'SELECT, INSERT (load_id, started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, '
   'updated, unchanged, older, duplicate, rejected, ignored, deleted, events, naive_timestamps, placeholders, summary), '
   'UPDATE (confirmed_at, summary)', '',
   '{ttr_data.load}'),
  ('', 'USAGE', '',
   '{schema ttr_data, ttr_data.load_load_id_seq}'),
  -- These, too.
  ('EXECUTE', '', '',
   '{ttr.backlog_of, ttr.figures, ttr.rolling, ttr.slowest, ttr.summary, ttr.teammates}'),
  ('EXECUTE', 'EXECUTE', '',
   '{ttr.compared}'),
  -- These run with the rights of their caller, who has none on the facts. Schema ttr_data is closed to readers and to nobody: only views
  -- and functions of schema ttr call them for these.
  ('EXECUTE', 'EXECUTE', 'EXECUTE',
   '{ttr.grant_load, ttr.grant_read, ttr.page, ttr_data.accumulate_years, ttr_data.added_by_conversation, ttr_data.answer,
     ttr_data.attribute, ttr_data.attribute_keys, ttr_data.backlog_after, ttr_data.backlog_before, ttr_data.backlog_days,
     ttr_data.backlog_of, ttr_data.begin_of, ttr_data.both, ttr_data.cells_of, ttr_data.cells_of_facts, ttr_data.cells_of_rollup,
     ttr_data.change_day, ttr_data.change_kind, ttr_data.changes_of_facts, ttr_data.check_filter, ttr_data.check_keys,
     ttr_data.check_load, ttr_data.check_step, ttr_data.clock_query, ttr_data.clock_text, ttr_data.compile_calendar,
     ttr_data.covered_days, ttr_data.custom_keys, ttr_data.day_end, ttr_data.dimension_expression, ttr_data.dimension_of,
     ttr_data.dimension_value, ttr_data.distinct_count, ttr_data.due_before, ttr_data.each_measure, ttr_data.earlier_period,
     ttr_data.estimates, ttr_data.exchange_days, ttr_data.exchange_periods, ttr_data.exchanged, ttr_data.figures_of,
     ttr_data.first_day, ttr_data.follow_backlog, ttr_data.follow_facts, ttr_data.grant_usage, ttr_data.has_figures_of,
     ttr_data.has_running_end, ttr_data.is_abbreviation, ttr_data.is_covered, ttr_data.is_custom, ttr_data.is_everything_marked,
     ttr_data.is_known, ttr_data.is_refreshed, ttr_data.join_objects, ttr_data.joined, ttr_data.joined_objects, ttr_data.keep_load,
     ttr_data.keep_setting, ttr_data.key_expression, ttr_data.last_day, ttr_data.length_of, ttr_data.likeness, ttr_data.merge_cells,
     ttr_data.merge_days, ttr_data.merge_periods, ttr_data.merge_weekdays, ttr_data.merged_measures, ttr_data.names,
     ttr_data.names_user, ttr_data.nearest_key, ttr_data.nearest_names, ttr_data.number, ttr_data.page_backlog, ttr_data.page_cohorts,
     ttr_data.page_compared, ttr_data.page_days, ttr_data.page_dimensions, ttr_data.page_months, ttr_data.page_open_ages,
     ttr_data.page_slowest, ttr_data.page_weeks, ttr_data.past_from, ttr_data.placed_at, ttr_data.promised_attributes, ttr_data.rating,
     ttr_data.refresh_rollups, ttr_data.refuse_key, ttr_data.replace_24h, ttr_data.replace_backlog, ttr_data.replace_days,
     ttr_data.replace_handling, ttr_data.roll_up, ttr_data.rounded, ttr_data.slice, ttr_data.slowest, ttr_data.summarize,
     ttr_data.summary_lines, ttr_data.summary_measures, ttr_data.summary_of, ttr_data.summary_scope, ttr_data.teammates,
     ttr_data.trigrams, ttr_data.trust, ttr_data.unfinished, ttr_data.user_digest}'),
  ('SELECT', 'SELECT', '',
   '{ttr._metabase_metadata, ttr.backlog, ttr.by_assignee, ttr.by_dimension, ttr.by_tag, ttr.by_team, ttr.by_teammate,
     ttr.by_weekday_hour, ttr.clocks, ttr.clocks_by_closer, ttr.cohorts, ttr.conversation_tags, ttr.conversations, ttr.daily,
     ttr.daily_by_assignee, ttr.daily_by_dimension, ttr.daily_by_tag, ttr.data_quality, ttr.dimensions, ttr.distribution_of_resolution,
     ttr.freshness, ttr.handling, ttr.handling_by_conversation, ttr.intercom_comparison, ttr.load_history, ttr.monthly,
     ttr.open_conversations, ttr.overall, ttr.rejects, ttr.rolling_24h, ttr.rolling_7d, ttr.settings, ttr.sla, ttr.sla_breaches,
     ttr.weekly}'),
  ('USAGE', 'USAGE', '',
   '{schema ttr}')
) AS e (reader, loader, nobody, objects_as_text)
CROSS JOIN LATERAL (SELECT objects_as_text::text[]) AS o (objects);

CREATE TEMPORARY VIEW actual AS
SELECT name, pg_temp.rights('rights_reader', kind, oid) AS reader, pg_temp.rights('rights_loader', kind, oid) AS loader,
       pg_temp.rights('rights_nobody', kind, oid) AS nobody
FROM object;

SELECT is_empty('SELECT name FROM object GROUP BY name HAVING count(*) > 1', 'a name stands for one object');
SELECT bag_eq('TABLE actual', 'TABLE expected', 'everybody may do what is listed, object by object, and nothing else');

CREATE VIEW ttr_data.unlisted AS SELECT 1 AS one;
CREATE FUNCTION ttr.unlisted() RETURNS integer LANGUAGE sql RETURN 1;
SELECT set_eq('SELECT name FROM actual EXCEPT SELECT name FROM expected', '{ttr_data.unlisted,ttr.unlisted}'::text[],
              'an object that has no line is found');
DROP VIEW ttr_data.unlisted;
DROP FUNCTION ttr.unlisted();

SELECT is_empty(
  $$SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) AND prosecdef
      AND has_function_privilege('rights_nobody', oid, 'EXECUTE')$$,
  'what runs with its owner''s rights is nobody''s to call');

-- Rights are what they are called.
CREATE FUNCTION pg_temp.fails_as(who name, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement;
  PERFORM set_config('role', 'none', true);
  RETURN 'it is done';
EXCEPTION WHEN insufficient_privilege THEN
  RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.fails_as('rights_nobody', 'SELECT * FROM ttr.overall'), 'permission denied for schema ttr', 'nobody reads no figure');
SELECT is(pg_temp.fails_as('rights_nobody', $$SELECT ttr.grant_read('rights_nobody')$$), 'permission denied for schema ttr',
          'nor takes the right to');
SELECT is(pg_temp.fails_as('rights_reader', $$SELECT ttr.grant_read('rights_nobody')$$), 'permission denied for schema ttr_data',
          'a reader cannot pass it on');
SELECT is(pg_temp.fails_as('rights_loader', $$SELECT ttr.grant_load('rights_nobody')$$),
          'permission denied to grant the use of schema ttr', 'nor can a loader');

SELECT * FROM finish();
ROLLBACK;
