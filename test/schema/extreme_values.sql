-- What somebody with the rights of a loader may write by hand: values at the edges of every type. Each is refused by the table that it is
-- written to, or every figure, view and page goes on and is right.
BEGIN;
SELECT plan(31);

\ir facts.psql

SET LOCAL jit = off;

CREATE ROLE extreme_loader;
SELECT ttr.grant_load('extreme_loader');
SELECT pg_temp.add('known', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', 'ann@x', '{vip}');
UPDATE ttr_data.setting SET attributes = '{plan,a.b}';
INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
UPDATE ttr_data.setting SET calendar = 'office';
INSERT INTO ttr_data.sla_policy (name, metric, target_seconds, calendar) VALUES ('answer', 'first_response', 1800, 'office');
INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('vip', '{vip}', 60, 'office');
SELECT ttr.refresh();

CREATE TEMPORARY TABLE edge (type regtype, value text);
GRANT SELECT ON edge TO extreme_loader;
INSERT INTO edge VALUES
  ('timestamptz', '4714-11-24 00:00+00 BC'), ('timestamptz', '0001-01-01 00:00+00 BC'), ('timestamptz', '0001-01-01 00:00+00'),
  ('timestamptz', '9999-12-31 23:59:59.999999+00'), ('timestamptz', '10000-12-31 23:59:59.999999+00'),
  ('timestamptz', '294276-12-31 23:59:59.999999+00'), ('timestamptz', 'infinity'), ('timestamptz', '-infinity'),
  ('text', ''), ('text', repeat('x', 100000)), ('text', E'a\nb;{"}\\'), ('text', '2025-05-01'), ('text', '%s %I'),
  ('text[]', '{}'), ('text[]', '{NULL}'), ('text[]', '{vip,vip}'), ('text[]', '{{a,b},{c,d}}'), ('text[]', '[5:6]={a,b}'),
  ('text[]', '{""}'),
  ('integer', '2147483647'), ('integer', '-2147483648'), ('integer', '0'),
  ('bigint', '9223372036854775807'), ('bigint', '-9223372036854775808'),
  ('boolean', 'true'),
  ('jsonb', '[]'), ('jsonb', '1'), ('jsonb', 'null'), ('jsonb', '"x"'), ('jsonb', '{}'), ('jsonb', '{"plan": [1, {"a": 1e1000}]}'),
  ('jsonb', '{"statistics": {"time_to_last_close": 1e1000, "first_contact_reply_at": "x", "last_close_at": -5}, "a": {"b": {}}}'),
  ('jsonb', '{"Time to close (seconds)": "1e308", "conversation_handling_time": "nan"}'),
  ('bytea', '\x00'),
  ('tstzmultirange', '{}'), ('tstzmultirange', '{(,)}'), ('tstzmultirange', '{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59+00)}'),
  ('tstzmultirange', '{[0001-01-01 00:00+00 BC,294276-12-31 23:59:59+00)}'), ('tstzmultirange', '{[2025-05-01 08:00+00,infinity]}'),
  ('tstzmultirange', '{[infinity,)}'), ('tstzmultirange', '{[-infinity,2025-05-01 08:00+00)}'),
  ('tstzmultirange', '{[2025-05-01 08:00+00,2025-05-01 09:00+00)}');

-- Writes rows with each edge in each column that a loader may fill, a conversation in each state. values has the other columns, key the
-- columns that differ from row to row. Returns how many rows were written.
CREATE FUNCTION pg_temp.write_edges(relation regclass, "values" jsonb, key name[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  item    record;
  number  integer := 0;
  written integer := 0;
BEGIN
  FOR item IN
    SELECT a.attname, e.value, s.state
    FROM pg_attribute AS a
    JOIN edge AS e ON e.type = a.atttypid
    CROSS JOIN (VALUES ('closed'), ('open'), ('snoozed')) AS s (state)
    WHERE a.attrelid = relation AND a.attnum > 0 AND has_column_privilege(relation, a.attnum, 'INSERT')
      AND ("values" ? 'state' OR s.state = 'open')
  LOOP
    number := number + 1;
    BEGIN
      EXECUTE (SELECT format('INSERT INTO %s (%s) VALUES (%s)', relation, string_agg(quote_ident(v.key), ', '),
                             string_agg(quote_literal(v.value), ', '))
               FROM jsonb_each_text("values" || CASE WHEN "values" ? 'state' THEN jsonb_build_object('state', item.state) ELSE '{}' END
                                    || coalesce((SELECT jsonb_object_agg(k, number || ' ' || item.attname) FROM unnest(key) AS k), '{}')
                                    || jsonb_build_object(item.attname, item.value)) AS v);
      written := written + 1;
    EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation OR insufficient_privilege
                   OR program_limit_exceeded OR feature_not_supported THEN
      NULL;
    END;
  END LOOP;
  RETURN written;
END
$$;

-- Reads everything that people read, to its end. Returns the first error.
CREATE FUNCTION pg_temp.first_failure() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  question text;
BEGIN
  FOR question IN
    SELECT 'SELECT ttr.refresh()'
    UNION ALL SELECT format('SELECT count(t::text) FROM %s AS t', oid::regclass) FROM pg_class
              WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v'
                 OR oid IN ('ttr_data.measured'::regclass, 'ttr_data.report'::regclass)
    UNION ALL SELECT format('SELECT count(t::text) FROM %s AS t', f)
              FROM unnest(ARRAY['ttr.page()', 'ttr.summary()', 'ttr.rolling(3660)', 'ttr.slowest(0)', 'ttr_data.summary_of_database()',
                                $f$ttr.figures('{assignee,tag,closed_by,plan}', 'day')$f$, $f$ttr.figures('{a.b}', 'quarter')$f$,
                                $f$ttr.figures(from_day => '-infinity', to_day => 'infinity')$f$]) AS f
  LOOP
    BEGIN
      EXECUTE question;
    EXCEPTION WHEN OTHERS THEN
      RETURN question || ': ' || SQLERRM;
    END;
  END LOOP;
  RETURN NULL;
END
$$;

\set conversation '{"conversation_id": "", "state": "", "started_at": "2025-05-02", "resolved_at": "2025-05-03", "load_id": 1}'
SET LOCAL ROLE extreme_loader;
CREATE TEMPORARY TABLE written AS
SELECT relation, pg_temp.write_edges(relation, "values", key) AS rows
FROM (VALUES
  ('ttr_data.conversation'::regclass, :'conversation'::jsonb, '{conversation_id}'::name[]),
  ('ttr_data.statement', :'conversation', '{conversation_id}'),
  ('ttr_data.event', '{"conversation_id": "known", "event_id": "", "at": "2025-05-01", "type": "x", "version": "2025-05-01",
                       "load_id": 1}', '{event_id}'),
  ('ttr_data.teammate', '{"teammate_id": "", "load_id": 1}', '{teammate_id}'),
  ('ttr_data.team', '{"team_id": "", "name": "x", "name_version": "2025-05-01", "load_id": 1}', '{team_id}'),
  ('ttr_data.tag', '{"tag_id": "", "name": "x", "name_version": "2025-05-01", "load_id": 1}', '{tag_id}'),
  ('ttr_data.deletion', '{"conversation_id": "", "deleted_at": "2025-05-01", "load_id": 1}', '{conversation_id}'),
  ('ttr_data.reject', '{"load_id": 1, "file": "x", "line": 1, "byte_offset": 0, "reason": "x", "detail": "x", "raw": "x"}', '{}'),
  ('ttr_data.forgotten_conversation', '{"conversation_id": ""}', '{conversation_id}'),
  ('ttr_data.load', '{"started_at": "2025-05-01", "finished_at": "2025-05-01", "loader_version": "x", "exported_at": "2025-05-10",
                      "files": "[]", "bytes": 0, "read": 0, "inserted": 0, "updated": 0, "unchanged": 0, "older": 0, "duplicate": 0,
                      "rejected": 0,
                      "naive_timestamps": 0}', '{}')
) AS t (relation, "values", key);
-- Waits count only beside a timeline.
INSERT INTO ttr_data.conversation (conversation_id, state, started_at, resolved_at, open_intervals, waiting_intervals, load_id)
SELECT concat('waits ', s.state, e.value), s.state, '2025-05-02', s.resolved_at, s.open_intervals, e.value::tstzmultirange, 1
FROM edge AS e
CROSS JOIN (VALUES ('closed', timestamptz '2025-05-03', tstzmultirange '{[2025-05-02,2025-05-03)}'), ('open', NULL, '{[2025-05-02,)}'),
                   ('snoozed', NULL, '{[2025-05-02,2025-05-03)}')) AS s (state, resolved_at, open_intervals)
WHERE e.type = 'tstzmultirange'::regtype AND e.value::tstzmultirange <@ '{["0001-01-01 00:00+00 BC",)}';
RESET ROLE;
SELECT is_empty('SELECT relation FROM written WHERE rows = 0', 'of every table some edges are written');
SELECT is(pg_temp.first_failure(), NULL, 'nothing fails on what a loader may write');
SELECT is_empty('SELECT * FROM ttr.check()', 'and every figure is what the facts say');
UPDATE ttr_data.setting SET reporting_time_zone = 'Pacific/Kiritimati';
SELECT is(pg_temp.first_failure(), NULL, 'nor in the zone whose days begin first');
UPDATE ttr_data.setting SET reporting_time_zone = 'Etc/GMT+12';
SELECT is(pg_temp.first_failure(), NULL, 'nor in that whose days begin last');

-- What is beyond the years is refused by name.
SELECT throws_ok(format($$INSERT INTO ttr_data.conversation (conversation_id, state, %I, load_id) VALUES ('x', 'open', %L, 1)$$, name, at),
                 '23514', NULL, format('%s of a conversation cannot be %s', name, at))
FROM unnest('{started_at,resolved_at,updated_at}'::text[]) AS name
CROSS JOIN unnest('{4714-11-24 00:00+00 BC,294276-12-31 23:59+00,infinity,-infinity}'::text[]) AS at;
SELECT throws_ok(format('UPDATE ttr_data.load SET exported_at = %L', at), '23514', NULL, format('nor can an export be of %s', at))
FROM unnest('{4714-11-24 00:00+00 BC,294000-01-01 00:00+00,2999-01-01 00:00+00,infinity}'::text[]) AS at;

-- Targets and calendars, which their owner writes.
SELECT throws_ok(format('UPDATE ttr_data.setting SET target_seconds = %s', target), '23514', NULL, format('a target cannot be %s', target))
FROM unnest('{1e308,3155760001,1e-7,5e-324}'::text[]) AS target;
SELECT throws_ok($$INSERT INTO ttr_data.sla_policy (name, target_seconds) VALUES ('x', 1e308)$$, '23514', NULL, 'nor can that of a policy');
UPDATE ttr_data.setting SET target_seconds = 3155760000;
UPDATE ttr_data.sla_policy SET target_seconds = 0.000001;
SELECT is(pg_temp.first_failure(), NULL, 'up to a hundred years and down to a microsecond it is right');
SELECT is_empty('SELECT * FROM ttr.check()', 'in every figure');
UPDATE ttr_data.setting SET target_seconds = 0.000001;
UPDATE ttr_data.sla_policy SET target_seconds = 3155760000;
SELECT is(pg_temp.first_failure(), NULL, 'and the other way round');
SELECT is_empty('SELECT * FROM ttr.check()', 'there, too');

-- A repeated tag is one condition: it does not beat a policy with another.
INSERT INTO ttr_data.sla_policy (name, tags, target_seconds) VALUES ('repeated', '{vip,vip,vip}', 50), ('two', '{vip,kyc}', 70);
SELECT results_eq($$SELECT name, conditions FROM ttr_data.sla_policy WHERE name IN ('repeated', 'two') ORDER BY 1$$,
                  $$VALUES ('repeated', 1), ('two', 2)$$, 'a tag that a policy repeats is one condition');

SELECT * FROM finish();
ROLLBACK;
