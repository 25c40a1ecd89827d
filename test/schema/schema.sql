-- The schema as people and tools see it: every object explained, every type one that a dashboard can use.
BEGIN;
SELECT plan(18);

\ir schema.psql

CREATE TEMPORARY VIEW published AS
SELECT c.oid, c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'ttr'::regnamespace AND c.relkind = 'v';

SELECT set_eq(
  'SELECT DISTINCT relname::text FROM published',
  ARRAY['conversations', 'conversation_tags', 'open_conversations', 'overall', 'by_assignee', 'by_tag', 'daily',
        'daily_by_assignee', 'daily_by_tag', 'weekly', 'monthly', 'rolling_24h', 'by_weekday_hour', 'cohorts',
        'distribution_of_resolution', 'sla', 'sla_breaches', 'data_quality', 'load_history', 'freshness',
        'settings', 'rolling_7d', 'intercom_comparison', 'rejects', '_metabase_metadata', 'by_dimension', 'daily_by_dimension',
        'backlog', 'dimensions', 'handling', 'handling_by_conversation', 'by_teammate', 'by_team', 'clocks', 'clocks_by_closer'],
  'the published views are those of the design');

SELECT is_empty(
  $$SELECT relname, attname FROM published WHERE col_description(oid, attnum) IS NULL$$,
  'every column of a published view has a comment');

SELECT is_empty(
  $$SELECT DISTINCT relname FROM published WHERE obj_description(oid, 'pg_class') IS NULL$$,
  'every published view has a comment');

SELECT is_empty(
  $$SELECT relname, attname, type FROM published
    WHERE type NOT IN ('integer', 'bigint', 'double precision', 'text', 'boolean', 'date', 'timestamp with time zone')$$,
  'published columns have only types that Metabase and Grafana can use');

SELECT is_empty(
  $$SELECT c.relname, a.attname
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'ttr_data'::regnamespace AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL$$,
  'every column of a table has a comment');

SELECT is_empty(
  $$SELECT relname FROM pg_class WHERE relnamespace = 'ttr_data'::regnamespace AND relkind IN ('r', 'v', 'm')
    AND obj_description(oid, 'pg_class') IS NULL$$,
  'every table and every view behind the published ones has a comment');

SELECT set_eq(
  $$SELECT attname::text FROM published WHERE relname = 'by_tag' AND attname <> 'tag'$$,
  ARRAY['total_closed', 'median_hours', 'p95_hours', 'mean_hours', 'median_seconds', 'p95_seconds', 'mean_seconds',
        'share_within_24h', 'sla_met_ratio', 'sla_breaches', 'avg_messages', 'reopened_ratio', 'timeline_ratio',
        'elapsed_median_hours', 'elapsed_p95_hours', 'business_median_hours', 'business_p95_hours', 'first_response_count',
        'first_response_median_hours',
        'first_response_p95_hours', 'waiting_count', 'waiting_median_hours', 'waiting_p95_hours', 'longest_wait_median_hours',
        'longest_wait_p95_hours', 'customer_time_ratio', 'next_response_count', 'next_response_median_hours', 'next_response_p95_hours'],
  'the figure columns are those of the design');

SELECT is_empty(
  $$SELECT d.relname, f.attname
    FROM (VALUES ('by_assignee'), ('daily'), ('daily_by_assignee'), ('daily_by_tag'), ('weekly'), ('monthly'), ('by_weekday_hour'),
                 ('overall'), ('by_dimension'), ('daily_by_dimension')) AS d (relname)
    CROSS JOIN (SELECT attname, type FROM published WHERE relname = 'by_tag' AND attname <> 'tag') AS f
    WHERE NOT EXISTS (SELECT FROM published AS p WHERE (p.relname, p.attname, p.type) = (d.relname, f.attname, f.type))$$,
  'the figure columns are the same in every view');

SELECT is_empty(
  $$SELECT relname FROM pg_class AS c WHERE relnamespace = 'ttr_data'::regnamespace AND relkind = 'm'
    AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisunique AND indpred IS NULL)$$,
  'every materialized view has the unique index that a concurrent refresh needs');

SELECT lives_ok('SELECT ttr.refresh()', 'the figures can be refreshed inside a transaction');

SELECT results_eq(
  'SELECT total_closed, median_hours, p95_hours, sla_breaches, total, open_past_target FROM ttr.overall',
  $$VALUES (0::bigint, NULL::double precision, NULL::double precision, 0::bigint, 0::bigint, 0::bigint)$$,
  'without conversations the one row of overall has counts of 0 and figures of NULL');

SELECT throws_ok(
  $$UPDATE ttr_data.setting SET reporting_time_zone = 'Berlin'$$, '22023', NULL,
  'a reporting time zone that nobody knows is refused');

SELECT throws_ok(
  $$INSERT INTO ttr_data.setting (only_row) VALUES (false)$$, '23514', NULL,
  'there is one row of settings');

SELECT throws_ok('DELETE FROM ttr_data.setting', '23001', NULL, 'the row of settings cannot be deleted');

-- What no figure can be made of would stop every refresh.
SELECT throws_ok(
  $$INSERT INTO ttr_data.conversation (conversation_id, state, started_at, tags, exported_at, load_id)
    VALUES ('1', 'open', '2025-05-01', '{vip,NULL}', '2025-05-10', 1)$$, '23514', NULL,
  'a tag has a name');
SELECT throws_ok(
  $$INSERT INTO ttr_data.conversation (conversation_id, state, started_at, open_intervals, exported_at, load_id)
    VALUES ('1', 'closed', '2025-05-01', '{(,2025-05-02)}', '2025-05-10', 1)$$, '23514', NULL,
  'a timeline has a start');
SELECT throws_ok(
  $$INSERT INTO ttr_data.load (started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, updated, unchanged,
                               older,
                               duplicate, rejected, naive_timestamps, summary)
    VALUES (now(), now(), '0', 'infinity', '[]', 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')$$, '23514', NULL,
  'an export was taken at some time');

SELECT ok(NOT has_function_privilege('public', 'ttr.refresh()', 'EXECUTE'), 'not everybody may refresh');

SELECT * FROM finish();
ROLLBACK;
