-- Whatever the order in which exports of different versions are loaded, and however they are put into runs, the facts are the
-- same: each field that of the newest record that speaks of it, each timeline that of all events. The loader's own statements
-- are run here, over records that a file could hold.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off; -- as sql/load/session.sql has it
SELECT plan(34);

\ir facts.psql
\ir ../invariants.psql

\set in_run `"$CHECKOUT/test/statement" stage; echo ";"; "$CHECKOUT/test/statement" relate`
\set date_export `"$CHECKOUT/test/statement" date_export`
\set add_events `"$CHECKOUT/test/statement" add_events`
\set add_teammates `"$CHECKOUT/test/statement" add_teammates`
\set build_timelines `"$CHECKOUT/test/statement" build_timelines`
\set find_repeated `"$CHECKOUT/test/statement" find_repeated`
\set gather_statements `"$CHECKOUT/test/statement" gather_statements`
\set fold_statements `"$CHECKOUT/test/statement" fold_statements`
\set derive_fields `"$CHECKOUT/test/statement" derive_fields`
\set compare `"$CHECKOUT/test/statement" compare`
\set write_compared `"$CHECKOUT/test/statement" write_compared`
\set insert_new `"$CHECKOUT/test/statement" insert_new`
\set find_alike `"$CHECKOUT/test/statement" find_alike`
\set confirm `"$CHECKOUT/test/statement" confirm`
CREATE TEMP TABLE step (name text, statement text);
INSERT INTO step VALUES
  ('stage', :'in_run'), ('date_export', :'date_export'), ('add_events', :'add_events'), ('add_teammates', :'add_teammates'),
  ('build_timelines', :'build_timelines'),
  ('find_repeated', :'find_repeated'), ('gather_statements', :'gather_statements'), ('fold_statements', :'fold_statements'),
  ('derive_fields', :'derive_fields'),
  ('compare', :'compare'), ('write_compared', :'write_compared'), ('insert_new', :'insert_new'), ('find_alike', :'find_alike'),
  ('confirm', :'confirm');
CREATE FUNCTION pg_temp.do(step_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
BEGIN
  EXECUTE (SELECT statement FROM step WHERE name = step_name);
  GET DIAGNOSTICS rows = ROW_COUNT;
  RETURN rows;
END $$;

-- Records: what each says, and of which fields it speaks. Every version is a day of its own.
CREATE TEMP TABLE told (
  export integer, shape smallint, conversation_id text, user_id text, state text, started_at timestamptz,
  first_response_at timestamptz, resolved_at timestamptz, updated_at timestamptz, assignee_id text, assignee_email text,
  closed_by text, tags text[], message_count integer, reopen_count integer, attributes jsonb, event_id text[],
  event_at timestamptz[], event_type text[], event_state text[], event_author text[],
  event_reply boolean[], event_total integer,
  teammate_id text[], teammate_email text[], teammate_name text[]);

-- One run over some exports, file by file; the counts that it would print.
CREATE FUNCTION pg_temp.load(exports integer[]) RETURNS TABLE (inserted bigint, updated bigint, older bigint, duplicate bigint)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.do('stage');
  INSERT INTO run (load_id, started_at, loader_version, exported_at)
  VALUES ((SELECT coalesce(max(load_id), 0) + 1 FROM ttr_data.load), now(), '0', '2025-06-01');
  INSERT INTO file (file, name, format, bytes, read, rejected, ignored, is_export, zones, exported_at)
  SELECT e, e::text, 'json', 0, 0, 0, 0, true, array_fill(NULL::text, ARRAY[5]), '2025-06-01' FROM unnest(exports) AS e;
  INSERT INTO stage
  SELECT row_number() OVER (ORDER BY array_position(exports, export)), export, 0, shape, hashtextextended(told::text, 0), conversation_id,
         user_id, state, started_at, first_response_at, resolved_at, updated_at, assignee_id, assignee_email, closed_by,
         coalesce(tags, '{}'),
         message_count, reopen_count, attributes, event_id, event_at, event_type, event_state, NULL, event_author, NULL, event_reply,
         CASE WHEN event_id IS NOT NULL THEN array_fill(true, ARRAY[cardinality(event_id)]) END, NULL, NULL, NULL, event_total,
         teammate_id, teammate_email, teammate_name
  FROM told WHERE export = ANY (exports);
  PERFORM pg_temp.do(name) FROM (VALUES ('date_export'), ('add_events'), ('add_teammates'), ('build_timelines'), ('find_repeated'),
    ('gather_statements'), ('fold_statements'), ('derive_fields'), ('compare'), ('write_compared')) AS step (name);
  EXECUTE (SELECT statement FROM step WHERE name = 'insert_new') INTO inserted;
  inserted := inserted + (SELECT count(*) FROM compared WHERE outcome = 'inserted');
  updated := (SELECT count(*) FROM compared WHERE outcome = 'updated');
  older := (SELECT count(*) FROM compared WHERE outcome = 'older');
  duplicate := (SELECT count(*) - count(DISTINCT conversation_id) FROM stage);
  PERFORM pg_temp.do('find_alike'), pg_temp.do('confirm');
  INSERT INTO ttr_data.load
    (load_id, started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, updated, unchanged, older, duplicate,
     rejected,
     naive_timestamps, summary)
  SELECT load_id, started_at, started_at, '0', exported_at, '[]', 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}' FROM run;
  DROP TABLE run, file, stage, listed_teammate, repeated, named_range, candidate, folded, compared, rewritten,
    timeline, redating, confirmed, redated CASCADE;
  RETURN NEXT;
END $$;

CREATE VIEW pg_temp.facts AS
SELECT conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
       message_count, reopen_count, attributes, open_intervals, waiting_intervals, answered_waits, event_total, updated_at, field_set,
       fingerprint
FROM ttr_data.conversation
UNION ALL
SELECT conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
       message_count, reopen_count, attributes, NULL, NULL, NULL, event_total, updated_at, field_set, fingerprint
FROM ttr_data.statement;

CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE sql AS
$$ TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate $$;

-- By hand first: a record of everything, a later one of the tags alone, an earlier one of the closer that nobody else tells.
INSERT INTO told (export, shape, conversation_id, user_id, state, started_at, updated_at, tags, closed_by, attributes) VALUES
  (1, 1 + 2 + 64 + 512 + 1024, 'a', 'u', 'open', '2025-05-01', '2025-05-10', '{old}', NULL, '{"plan": "gold", "region": "eu"}'),
  (2, 2 + 64 + 1024, 'a', NULL, 'closed', '2025-05-01', '2025-05-12', '{new}', NULL, NULL),
  (3, 2 + 32 + 512 + 1024, 'a', NULL, 'snoozed', '2025-05-01', '2025-05-08', NULL, 'bot', '{"plan": "free", "seats": 3}'),
  (4, 2 + 512 + 1024, 'a', NULL, 'closed', '2025-05-01', '2025-05-11', NULL, NULL, '{"plan": null}');
CREATE TEMP TABLE expected AS
  SELECT 'a' COLLATE "C" AS conversation_id, 'u' AS user_id, 'closed' AS state, '{new}'::text[] AS tags, 'bot' AS closed_by,
         '{"plan": null, "region": "eu", "seats": 3}'::jsonb AS attributes;
CREATE FUNCTION pg_temp.outcome_of(VARIADIC exports integer[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  export integer;
BEGIN
  PERFORM pg_temp.forget();
  FOREACH export IN ARRAY exports LOOP
    PERFORM pg_temp.load(ARRAY[export]);
  END LOOP;
  RETURN (SELECT string_agg(row(c.conversation_id, c.user_id, c.state, c.tags, c.closed_by, c.attributes)::text, '')
          FROM ttr_data.conversation AS c);
END $$;
SELECT is(pg_temp.outcome_of(1, 2, 3, 4), (SELECT e::text FROM expected AS e),
          'each field is that of the newest record that speaks of it, each attribute too');
SELECT is(pg_temp.outcome_of(4, 3, 2, 1), (SELECT e::text FROM expected AS e), 'in the opposite order too');
SELECT is(pg_temp.outcome_of(2, 1, 4, 3), (SELECT e::text FROM expected AS e), 'and in any other');
SELECT pg_temp.forget();
SELECT results_eq('SELECT * FROM pg_temp.load(ARRAY[3, 1, 4, 2])', 'VALUES (1::bigint, 0::bigint, 0::bigint, 3::bigint)',
                  'in one run the conversation counts once, its other records are duplicates');
SELECT is((SELECT row(c.conversation_id, c.user_id, c.state, c.tags, c.closed_by, c.attributes)::text FROM ttr_data.conversation AS c),
          (SELECT e::text FROM expected AS e), 'and none of what they say is lost');
SELECT results_eq('SELECT * FROM pg_temp.load(ARRAY[3])', 'VALUES (0::bigint, 0::bigint, 1::bigint, 0::bigint)',
                  'an older record that says nothing new is older');
SELECT results_eq('SELECT * FROM pg_temp.load(ARRAY[2])', 'VALUES (0::bigint, 0::bigint, 0::bigint, 0::bigint)',
                  'the newest one again changes nothing');

-- Events: told in two exports, each with a part of them.
TRUNCATE told;
INSERT INTO told (export, shape, conversation_id, state, started_at, resolved_at, updated_at, event_id, event_at, event_type,
                    event_state, event_author, event_total) VALUES
  (1, 2 + 8 + 1024, 'a', 'snoozed', '2025-05-01 09:00+00', NULL, '2025-05-02', '{9,10}',
   '{2025-05-01 10:00+00,2025-05-01 10:00+00}', '{comment,snoozed}', '{NULL,snoozed}', '{admin,admin}', 2),
  (2, 2 + 8 + 1024, 'a', 'closed', '2025-05-01 09:00+00', '2025-05-03 10:00+00', '2025-05-04', '{11,12}',
   '{2025-05-03 09:00+00,2025-05-03 10:00+00}', '{timer_unsnooze,close}', '{open,closed}', '{bot,admin}', 4);
SELECT pg_temp.forget();
SELECT pg_temp.load(ARRAY[2]);
SELECT is((SELECT open_intervals FROM ttr_data.conversation), NULL, 'with fewer events than the vendor counts the timeline is truncated');
SELECT pg_temp.load(ARRAY[1]);
SELECT is((SELECT open_intervals FROM ttr_data.conversation),
          '{[2025-05-01 09:00+00, 2025-05-01 10:00+00), [2025-05-03 09:00+00, 2025-05-03 10:00+00)}'::tstzmultirange,
          'an older export completes it');
SELECT results_eq('SELECT state, basis, resolution_seconds FROM ttr.conversations',
                  $$VALUES ('closed', 'timeline', 7200::double precision)$$, 'and then it counts');

-- How many events there are is the newest record's word: an earlier count that was too high is forgotten.
TRUNCATE told;
INSERT INTO told (export, shape, conversation_id, state, started_at, updated_at, event_id, event_at, event_type, event_state, event_total)
VALUES
  (1, 2 + 1024, 'a', 'closed', '2025-05-01 09:00+00', '2025-05-02', NULL, NULL, NULL, NULL, 7),
  (2, 2 + 1024, 'a', 'closed', '2025-05-01 09:00+00', '2025-05-03', '{1}', '{2025-05-01 10:00+00}', '{close}',
   '{closed}', 1),
  (3, 2 + 1024, 'a', 'closed', '2025-05-01 09:00+00', '2025-05-04', NULL, NULL, NULL, NULL, NULL);
CREATE FUNCTION pg_temp.facts_after(VARIADIC exports integer[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  export integer;
BEGIN
  PERFORM pg_temp.forget();
  FOREACH export IN ARRAY exports LOOP
    PERFORM pg_temp.load(ARRAY[export]);
  END LOOP;
  RETURN (SELECT format('%s %s %s %s %s %s %s', state, to_char(started_at, 'HH24:MI'), to_char(first_response_at, 'HH24:MI'),
                        to_char(resolved_at, 'HH24:MI'), closed_by, reopen_count, open_intervals IS NOT NULL)
          FROM ttr_data.conversation);
END $$;
SELECT is(pg_temp.facts_after(VARIADIC o), 'closed 09:00  10:00  0 t', 'the newest count of events holds, loaded in order ' || o::text)
FROM (VALUES (ARRAY[1, 2, 3]), ('{1,3,2}'), ('{2,1,3}'), ('{2,3,1}'), ('{3,1,2}'), ('{3,2,1}')) AS v (o);
SELECT is(pg_temp.facts_after(2, 1, 3), pg_temp.facts_after(2), 'and an older one does not truncate the timeline');

-- Records that carry only events: a log that tells one event a record, and what other exports say of the conversation.
TRUNCATE told;
INSERT INTO told (export, shape, conversation_id, updated_at, event_id, event_at, event_type, event_state, event_author, event_reply) VALUES
  (1, 0, 'a', '2025-05-05', '{1}', '{2025-05-01 09:00+00}', '{message}', '{NULL}', '{user}', '{f}'),
  (1, 0, 'a', '2025-05-05', '{2}', '{2025-05-01 09:10+00}', '{reply}', '{NULL}', '{admin}', '{t}'),
  (1, 0, 'a', '2025-05-05', '{3}', '{2025-05-01 10:00+00}', '{close}', '{closed}', '{admin}', '{NULL}'),
  (1, 0, 'a', '2025-05-05', '{4}', '{2025-05-01 11:00+00}', '{open}', '{open}', '{user}', '{NULL}'),
  (1, 0, 'a', '2025-05-05', '{5}', '{2025-05-01 12:00+00}', '{close}', '{closed}', '{bot}', '{NULL}'),
  (1, 0, 'a', '2025-05-05', '{6}', '{2025-05-01 12:30+00}', '{close}', '{closed}', '{admin}', '{NULL}');
INSERT INTO told (export, shape, conversation_id, state, started_at, resolved_at, closed_by, updated_at) VALUES
  (2, 2 + 8 + 1024, 'a', 'snoozed', '2025-05-01 08:00+00', NULL, NULL, '2025-05-04'),
  (3, 2 + 8 + 32 + 1024, 'a', 'closed', '2025-05-01 08:00+00', '2025-05-01 12:30+00', 'user', '2025-05-06'),
  (5, 2 + 8 + 32 + 1024, 'a', 'closed', '2025-05-01 08:00+00', '2025-05-01 15:00+00', 'user', '2025-05-06'),
  (4, 8 + 1024, 'a', 'open', '2025-05-01 08:30+00', NULL, NULL, '2025-05-06');
SELECT is(pg_temp.facts_after(1), 'closed  09:10 12:00 bot 1 f', 'events alone make a conversation, whose start is unknown');
SELECT results_eq('SELECT is_closed, resolution_seconds, basis FROM ttr.conversations',
                  'VALUES (false, NULL::double precision, NULL::text)',
                  'and which is in no time to resolution');
SELECT is(pg_temp.facts_after(1, 2), 'closed 08:00 09:10 12:00 bot 1 t', 'events that are newer than the state that was told decide it');
SELECT is((SELECT open_intervals FROM ttr_data.conversation),
          '{[2025-05-01 08:00+00, 2025-05-01 10:00+00), [2025-05-01 11:00+00, 2025-05-01 12:00+00)}'::tstzmultirange,
          'a start that a record has opens the timeline that events go on');
SELECT is(pg_temp.facts_after(2, 1), pg_temp.facts_after(1, 2), 'in any order');
SELECT is(pg_temp.facts_after(1, 3), 'closed 08:00 09:10 12:00 bot 1 t',
          'where the timeline comes to the state that a newer record tells, its close counts');
SELECT is(pg_temp.facts_after(3, 1), pg_temp.facts_after(1, 3), 'in any order, too');
SELECT is(pg_temp.facts_after(1, 5), 'closed 08:00  15:00 user  f',
          'a newer close that is later than all events shows that some are missing');
SELECT is(pg_temp.facts_after(5, 1), pg_temp.facts_after(1, 5), 'whichever is loaded first');
SELECT is(pg_temp.facts_after(1, 4), 'open 08:30 09:10   ' || ' t',
          'a state that is newer than all events holds; a start that is a guess is the earliest');
SELECT is(pg_temp.facts_after(4, 1), pg_temp.facts_after(1, 4), 'whichever is first');
UPDATE told SET event_state = '{NULL}' WHERE export = 1;
SELECT is(pg_temp.facts_after(1), 'open  09:10   0 f', 'events without a state leave a conversation open');
SELECT is(pg_temp.facts_after(1, 2), 'snoozed 08:00 09:10    t', 'and do not change what was told');

-- At random: 60 conversations in 6 exports, in every kind of order and of runs. ORDERS and SEED in the environment say how many, and which
-- (test/long/merge.bats).
\set orders 10
\getenv orders ORDERS
TRUNCATE told;
\set seed 0.25
\getenv seed SEED
SET LOCAL seed = :seed;
INSERT INTO told
SELECT export, shape, id, CASE WHEN shape & 1 <> 0 THEN pick END,
       CASE WHEN shape & 1024 <> 0 THEN (ARRAY['open', 'snoozed', 'closed'])[1 + floor(random() * 3)] END,
       CASE WHEN shape & 2 <> 0 OR e.ids IS NULL
       OR random() < 0.5 THEN timestamptz '2025-05-01' + floor(random() * 3) * interval '1 hour' END,
       CASE WHEN shape & 4 <> 0 AND random() < 0.7 THEN timestamptz '2025-05-02' + floor(random() * 9) * interval '1 hour' END,
       CASE WHEN shape & 8 <> 0 AND random() < 0.7 THEN timestamptz '2025-05-03' + floor(random() * 9) * interval '1 hour' END,
       timestamptz '2025-05-10' + (export * 7 % 13) * interval '1 day' + id::integer * interval '1 minute',
       CASE WHEN shape & 16 <> 0 AND random() < 0.5 THEN pick END, CASE WHEN shape & 16 <> 0 AND random() < 0.5 THEN pick || '@x' END,
       CASE WHEN shape & 32 <> 0 THEN (ARRAY['admin', 'bot', 'user', NULL])[1 + floor(random() * 4)] END,
       CASE WHEN shape & 64 <> 0 THEN string_to_array(repeat(pick || ' ', floor(random() * 3)::integer), ' ') END,
       CASE WHEN shape & 128 <> 0 THEN floor(random() * 9) END, CASE WHEN shape & 256 <> 0 THEN floor(random() * 3) END,
       CASE WHEN shape & 512 <> 0
            THEN (SELECT coalesce(jsonb_object_agg(k, CASE WHEN random() < 0.7 THEN pick END), '{}')
                  FROM unnest(ARRAY['plan', 'region', 'seats']) AS k WHERE random() < 0.6 AND shape > 0) END,
       e.ids, e.ats, e.types, e.states, e.authors, e.replies, CASE WHEN random() < 0.3 THEN floor(random() * 6) END,
       CASE WHEN random() < 0.3 THEN ARRAY[pick] END, CASE WHEN random() < 2 THEN ARRAY[pick || '@y'] END, ARRAY[NULL]
FROM generate_series(1, 6) AS export,
     generate_series(1, 60) AS conversation,
     LATERAL (SELECT array_agg(i::text),
                     array_agg(timestamptz '2025-05-01' + i * interval '20 minutes' + export * interval '1 minute'),
                     array_agg((ARRAY['comment', 'note'])[1 + i % 2]),
                     array_agg((ARRAY['open', 'snoozed', 'closed', NULL])[1 + (i * 7 + conversation) % 4]),
                     array_agg((ARRAY['admin', 'bot', 'user'])[1 + (i + export) % 3]), array_agg((ARRAY[true, false, NULL])[1 + i % 3])
              FROM generate_series(1 + floor(random() * 3)::integer, 5) AS i WHERE random() < 0.5) AS e (ids, ats, types, states, authors,
                                                                                                         replies),
     -- A record without events tells the state, and has at least a guess of the start.
     LATERAL (SELECT conversation::text, floor(random() * 2048)::integer | CASE WHEN e.ids IS NULL THEN 1024 ELSE 0 END,
                     chr(97 + floor(random() * 5)::integer)) AS c (id, shape, pick)
WHERE random() < 0.8;
UPDATE told SET tags = '{}' WHERE tags IS NULL;

CREATE TEMP TABLE first_order AS SELECT * FROM pg_temp.facts WHERE false;
DO $$
BEGIN
  PERFORM pg_temp.forget();
  FOR export IN 1 .. 6 LOOP
    PERFORM pg_temp.load(ARRAY[export]);
  END LOOP;
  INSERT INTO first_order SELECT * FROM pg_temp.facts;
END $$;
SELECT is((SELECT count(*) FROM ttr_data.statement) > 100, true, 'many rows are put together from several records');
SELECT is((SELECT count(*) FROM first_order WHERE open_intervals IS NOT NULL) > 10, true, 'and many have a timeline');
SELECT is((SELECT count(*) FROM first_order WHERE waiting_intervals NOT IN ('{}', tstzmultirange(tstzrange(started_at, NULL)))) > 5, true,
          'and some have waits that end');

CREATE FUNCTION pg_temp.differing_orders(orders integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  exports integer[];
  cut integer;
BEGIN
  FOR attempt IN 1 .. orders LOOP
    exports := ARRAY(SELECT e FROM generate_series(1, 6) AS e ORDER BY random());
    PERFORM pg_temp.forget();
    WHILE cardinality(exports) > 0 LOOP
      cut := 1 + floor(random() * cardinality(exports));
      PERFORM pg_temp.load(exports[:cut]);
      exports := exports[cut + 1:];
    END LOOP;
    RETURN QUERY SELECT format('attempt %s: the timeline of %s begins elsewhere', attempt, id)
    FROM pg_temp.timelines_that_begin_elsewhere() AS id;
    RETURN QUERY SELECT format('attempt %s: %s', attempt, f) FROM
      ((TABLE pg_temp.facts EXCEPT TABLE first_order) UNION ALL (TABLE first_order EXCEPT TABLE pg_temp.facts)) AS f LIMIT 4;
  END LOOP;
END $$;
SELECT is_empty(format('SELECT * FROM pg_temp.differing_orders(%s)', :orders), 'any order of exports, in any runs, gives the same facts');

SELECT * FROM finish();
ROLLBACK;
