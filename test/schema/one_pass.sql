-- What is counted of a conversation is defined once: the pass of a refresh, the live view and the questions that are answered from
-- the facts agree over random facts, however little memory the pass has.
BEGIN;
SELECT plan(9);

\ir facts.psql
\ir random_changes.psql

SELECT setseed(0.23);
SELECT pg_temp.add_conversation(i::text) FROM generate_series(1, 3000) AS i;
INSERT INTO ttr_data.teammate (teammate_id, email, email_version, load_id) VALUES ('7', 'Kim@x', now(), 1), ('8', NULL, NULL, 1);
INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'Europe/Berlin', 'mon-fri 09:00-17:30');
INSERT INTO ttr_data.sla_policy (name, metric, tags, target_seconds, calendar)
VALUES ('vip', 'resolution', '{vip}', 4 * 3600, 'office'), ('refund', 'resolution', '{refund}', 7200, NULL),
       ('answer', 'first_response', '{}', 3600, NULL), ('answer vip', 'first_response', '{vip}', 1800, 'office');
UPDATE ttr_data.setting SET reporting_time_zone = 'Europe/Berlin', calendar = 'office';
SELECT ttr.refresh();

-- What the live view adds up to.
CREATE FUNCTION pg_temp.measured_by_sql() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format(CASE WHEN type = 'bigint'::regtype THEN 'coalesce(sum((%s)::integer), 0)'
                                WHEN measure = 'next_response' THEN 'ttr.merge((SELECT ttr.distribution(x) FROM unnest(%s) AS x))'
                                ELSE 'ttr.distribution(%s)' END,
                           expression), ', ' ORDER BY place)
  FROM ttr_data.added_by_conversation()
$$;
CREATE FUNCTION pg_temp.live(dimension text, keys text) RETURNS TABLE (LIKE ttr_data.yearly_rollup) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT NULL::date, %L, key COLLATE "C", %s FROM ttr_data.counted CROSS JOIN LATERAL (%s) AS k (key) GROUP BY key',
    dimension, pg_temp.measured_by_sql(), keys);
END $$;
CREATE FUNCTION pg_temp.rolled(of text) RETURNS TABLE (LIKE ttr_data.yearly_rollup) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT NULL::date, dimension, key, %s FROM ttr_data.daily_rollup
                               WHERE dimension = $1 GROUP BY dimension, key',
                              ttr_data.merged_measures()) USING of;
END $$;

SELECT set_eq($$SELECT r::text FROM pg_temp.rolled('all') AS r$$, $$SELECT l::text FROM pg_temp.live('all', 'SELECT ''''') AS l$$,
              'the days add up to the live view');
SELECT set_eq($$SELECT r::text FROM pg_temp.rolled('assignee') AS r$$,
              $$SELECT l::text FROM pg_temp.live('assignee', 'SELECT coalesce(assignee, '''')') AS l$$,
              'those of each assignee, too');
SELECT set_eq($$SELECT r::text FROM pg_temp.rolled('tag') AS r$$, $$SELECT l::text FROM pg_temp.live('tag', 'SELECT unnest(tags)') AS l$$,
              'and those of each tag');
SELECT set_eq(
  $$SELECT metric, policy, ttr.merge(seconds)::text, sum(sla_breaches) AS breaches, sum(running) AS running
    FROM ttr_data.sla_rollup GROUP BY metric, policy$$,
  $$SELECT metric, policy, (ttr.distribution(seconds) FILTER (WHERE ended_at IS NOT NULL))::text,
           (count(*) FILTER (WHERE ended_at IS NOT NULL AND seconds > target_seconds))::numeric AS breaches,
           (count(*) FILTER (WHERE ended_at IS NULL))::numeric AS running
    FROM ttr_data.standing GROUP BY metric, policy$$, 'and each policy has what stands towards it');
SELECT is_empty('SELECT * FROM ttr.check()', 'every published figure is what PostgreSQL makes of the live view');

-- The same facts in so little memory that cells are torn apart.
CREATE TEMP VIEW kept AS
SELECT 'day' AS rollup, r::text FROM ttr_data.daily_rollup AS r
UNION ALL SELECT 'hour', r::text FROM ttr_data.hourly_rollup AS r
UNION ALL SELECT 'start', r::text FROM ttr_data.start_rollup AS r
UNION ALL SELECT 'sla', r::text FROM ttr_data.sla_rollup AS r;
CREATE TEMP TABLE before AS TABLE pg_temp.kept;
SET LOCAL maintenance_work_mem = '1MB';
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT ttr.refresh();
RESET maintenance_work_mem;
SELECT cmp_ok((SELECT count(*) FROM before), '>', 1000::bigint, 'there are many rows to compare');
SELECT bag_eq('TABLE pg_temp.kept', 'TABLE before', 'a pass in little memory makes the same rollups');

-- With a mark a question is answered from the facts.
CREATE TEMP TABLE answer AS SELECT f::text FROM ttr.figures('{assignee}', 'week') AS f;
CREATE TEMP TABLE tagged AS SELECT f::text FROM ttr.figures('{tag}') AS f;
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT set_eq($$SELECT f::text FROM ttr.figures('{assignee}', 'week') AS f$$, 'TABLE answer', 'rollups and facts answer a question alike');
SELECT set_eq($$SELECT f::text FROM ttr.figures('{tag}') AS f$$, 'TABLE tagged', 'by tag, too');

SELECT * FROM finish();
ROLLBACK;
