-- Large bases: what is read of few conversations is the same as if all of them were read.
BEGIN;
SELECT plan(11);

\ir facts.psql

-- The newest export is of 2025-05-10. Of each kind there are some younger and some older than four weeks, and one on the second.
SELECT pg_temp.add('open ' || n, CASE WHEN n % 3 = 0 THEN 'snoozed' ELSE 'open' END,
                   '2025-05-10 00:00+00'::timestamptz - n * interval '12 hours', NULL,
                   open => CASE n % 4 WHEN 0
                           THEN tstzmultirange(tstzrange('2025-05-10 00:00+00'::timestamptz - n * interval '12 hours', NULL)) END)
FROM generate_series(1, 100) AS n;
SELECT pg_temp.add('unknown', 'open', NULL, NULL);
SELECT pg_temp.add('ahead', 'open', '2025-05-11 00:00+00', NULL);
SELECT pg_temp.add('closed ' || n, 'closed', '2025-03-01 00:00+00', '2025-03-01 00:00+00'::timestamptz + n * interval '1 hour')
FROM generate_series(0, 300) AS n;

CREATE FUNCTION pg_temp.ages_of_page() RETURNS TABLE (above_hours integer, total_open integer, total_snoozed integer, past_target integer)
LANGUAGE sql AS $$
  SELECT (age ->> 'above_hours')::integer, (age ->> 'total_open')::integer, (age ->> 'total_snoozed')::integer,
         (age ->> 'past_target')::integer
  FROM json_array_elements(ttr.page() -> 'open_ages') AS age
$$;
CREATE FUNCTION pg_temp.ages_of_facts() RETURNS TABLE (above_hours integer, total_open integer, total_snoozed integer, past_target integer)
LANGUAGE sql AS $$
  SELECT a.above_hours, count(*) FILTER (WHERE state = 'open')::integer, count(*) FILTER (WHERE state = 'snoozed')::integer,
         count(*) FILTER (WHERE is_past_target)::integer
  FROM (VALUES (0, 24), (24, 72), (72, 168), (168, 336), (336, 672), (672, NULL)) AS a (above_hours, up_to_hours)
  JOIN ttr.open_conversations ON coalesce(age_hours, 0) > a.above_hours AND (a.up_to_hours IS NULL OR age_hours <= a.up_to_hours)
                              OR a.above_hours = 0 AND coalesce(age_hours, 0) <= 24 AND coalesce(age_hours, 0) = 0
  GROUP BY a.above_hours
$$;
CREATE FUNCTION pg_temp.slowest_of_page() RETURNS SETOF text LANGUAGE sql AS
$$SELECT slow ->> 'conversation_id' FROM json_array_elements(ttr.page() -> 'slowest') AS slow$$;
CREATE FUNCTION pg_temp.slowest_of_facts() RETURNS SETOF text LANGUAGE sql AS
$$SELECT conversation_id FROM ttr.conversations WHERE is_closed ORDER BY resolution_seconds DESC, conversation_id LIMIT 20$$;

SELECT ttr.refresh();
SELECT set_eq('SELECT * FROM pg_temp.ages_of_page()', 'SELECT * FROM pg_temp.ages_of_facts()',
              'open conversations are counted by age, as many as there are of each, those of four weeks to the second among the younger');
SELECT results_eq('SELECT * FROM pg_temp.slowest_of_page()', 'SELECT * FROM pg_temp.slowest_of_facts()',
                  'the slowest are the slowest of all');
UPDATE ttr_data.conversation SET state = 'snoozed' WHERE conversation_id IN ('open 1', 'open 98');
UPDATE ttr_data.conversation SET resolved_at = started_at + interval '1 hour' WHERE conversation_id LIKE 'closed 2%';
UPDATE ttr_data.conversation SET resolved_at = started_at + interval '1 hour' WHERE conversation_id LIKE 'closed 30_';
SELECT set_eq('SELECT * FROM pg_temp.ages_of_page()', 'SELECT * FROM pg_temp.ages_of_facts()',
              'before the refresh that follows a change, too');
SELECT results_eq('SELECT * FROM pg_temp.slowest_of_page()', 'SELECT * FROM pg_temp.slowest_of_facts()', 'and so are the slowest');
SELECT ttr.refresh();
UPDATE ttr_data.conversation SET resolved_at = started_at + interval '1 hour'
WHERE state = 'closed' AND conversation_id NOT IN ('closed 100', 'closed 0');
SELECT ttr.refresh();
SELECT results_eq('SELECT * FROM pg_temp.slowest_of_page()', 'SELECT * FROM pg_temp.slowest_of_facts()',
                  'where fewer than 20 took longer than a day, the others follow');

-- Snoozed almost all the time.
CREATE FUNCTION pg_temp.add_snoozed(name text, started timestamptz, resolved timestamptz, open_for interval) RETURNS void LANGUAGE sql AS
$$SELECT pg_temp.add(name, 'closed', started, resolved, open => tstzmultirange(tstzrange(started, started + open_for)))$$;
SELECT pg_temp.add_snoozed('snoozed ' || n, '2024-01-01 00:00+00', '2025-01-01 00:00+00'::timestamptz + n * interval '1 second',
                           n * interval '1 second')
FROM generate_series(1, 1100) AS n;
SELECT results_eq('SELECT * FROM pg_temp.slowest_of_page()', 'SELECT * FROM pg_temp.slowest_of_facts()',
                  'where a thousand that took longer from start to resolution were open for minutes, the slowest are others');
SELECT pg_temp.add_snoozed('longer ' || n, '2023-12-01 00:00+00', '2025-01-10 00:00+00', n * interval '2 days'),
       pg_temp.add_snoozed('shorter ' || n, '2024-06-01 00:00+00', '2025-03-01 00:00+00', n * interval '3 days')
FROM generate_series(1, 25) AS n;
SELECT results_eq('SELECT * FROM pg_temp.slowest_of_page()', 'SELECT * FROM pg_temp.slowest_of_facts()',
                  'and where they are on both sides of that thousand, they are of both');

-- The indexes that the first refresh builds hold the expressions of the views: where these differ, the planner does not find them.
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan::text;
END $$;
SELECT ok(pg_temp.plan_of('SELECT conversation_id FROM ttr.conversations WHERE elapsed_seconds > 86400') LIKE '%conversation_slow%',
          'what took longer than a day is found by an index');
SELECT ok(pg_temp.plan_of('SELECT * FROM ttr.data_quality') LIKE '%conversation_doubtful%', 'and so is what is doubtful');

-- A target is missed in elapsed time before it is by any other clock.
UPDATE ttr_data.setting SET target_seconds = 7200;
INSERT INTO ttr_data.sla_policy (name, tags, target_seconds) VALUES ('vip', '{vip}', 600);
INSERT INTO ttr_data.sla_policy (name, metric, target_seconds) VALUES ('answer', 'first_response', 60);
SELECT pg_temp.add('vip', 'closed', '2025-05-01 00:00+00', '2025-05-01 00:20+00', tags => '{vip}', responded => '2025-05-01 00:00:30+00');
SELECT pg_temp.add('vip on time', 'closed', '2025-05-01 00:00+00', '2025-05-01 00:10+00', tags => '{vip}',
                   responded => '2025-05-01 00:01:30+00');
SELECT set_eq('SELECT metric, policy, conversation_id, seconds, late_seconds FROM ttr.sla_breaches',
              $$SELECT metric, nullif(policy, ''), conversation_id, seconds, seconds - target_seconds FROM ttr_data.standing
                WHERE seconds > target_seconds$$,
              'breaches are those that took longer than their target, whichever of all that is');
SELECT results_eq($$SELECT metric, conversation_id COLLATE "default" FROM ttr.sla_breaches WHERE conversation_id LIKE 'vip%' ORDER BY 1$$,
                  $$VALUES ('first_response', 'vip on time'), ('resolution', 'vip')$$, 'the smallest of them, too');

SELECT * FROM finish();
ROLLBACK;
