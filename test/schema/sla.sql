-- SLA policies: which one applies, by which clock, and who misses it.
BEGIN;
SELECT plan(34);

\ir facts.psql

CREATE FUNCTION pg_temp.policy_of(id text) RETURNS text LANGUAGE sql AS
$$SELECT sla_policy FROM ttr.conversations WHERE conversation_id = id$$;

-- Monday 2025-05-05, noon, to Tuesday, 16:00: 28 hours by the clock on the wall, 12 in the office.
SELECT pg_temp.add('plain', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00');
SELECT pg_temp.add('vip', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00', 'Ann@x', '{vip,refund}');
SELECT pg_temp.add('gold', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00', 'ann@x', '{vip}',
                   attributes => '{"plan": "gold", "region": "eu"}');
-- Closed, and reopened on the next day: two hours open.
SELECT pg_temp.add('reopened', 'closed', '2025-05-05 12:00+00', '2025-05-06 13:00+00', tags => '{vip}',
                   open => '{[2025-05-05 12:00+00, 2025-05-05 13:00+00), [2025-05-06 12:00+00, 2025-05-06 13:00+00)}');
-- Not closed when the newest export was taken, at midnight before Saturday the 10th.
SELECT pg_temp.add('open', 'open', '2025-05-09 15:00+00', NULL, tags => '{vip}');
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-08 09:00+00', NULL, tags => '{vip}',
                   open => '{[2025-05-08 09:00+00, 2025-05-08 10:00+00)}');
SELECT pg_temp.add('answered', 'open', '2025-05-09 09:00+00', NULL, responded => '2025-05-09 09:20+00');

INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 09:00-17:00');

-- Of a setting there is one row, whether the table was analyzed or not.
CREATE FUNCTION pg_temp.rows_expected() RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) SELECT conversation_id, target_seconds FROM ttr_data.counted' INTO plan;
  RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
ANALYZE ttr_data.conversation;
SELECT is(pg_temp.rows_expected(), (SELECT count(*)::numeric FROM ttr_data.conversation),
          'the planner expects a row for each conversation');

SELECT results_eq('SELECT DISTINCT sla_policy, target_seconds FROM ttr.conversations',
                  'VALUES (NULL::text, 86400::double precision)', 'without policies the target of the settings applies to all');
SELECT is((SELECT array_agg(conversation_id::text ORDER BY conversation_id) FROM ttr.sla_breaches), '{gold,plain,vip}'::text[],
          'and more than that is a breach: time closed or snoozed does not count');

INSERT INTO ttr_data.sla_policy (name, tags, assignee, attributes, target_seconds, calendar) VALUES
  ('everyone', '{}', NULL, '{}', 100000, NULL),
  ('vip', '{vip}', NULL, '{}', 36000, 'office'),
  ('vip later', '{vip}', NULL, '{}', 43200, 'office'),
  ('ann', '{}', 'ANN@x', '{}', 36000, NULL),
  ('ann a', '{}', 'ann@x', '{}', 36000, NULL),
  ('gold', '{vip}', NULL, '{"plan": "gold"}', 43200, 'office'),
  ('gold and eu', '{}', NULL, '{"plan": "gold", "region": "us"}', 1, NULL),
  ('two tags', '{vip,chargeback}', NULL, '{}', 1, NULL);
INSERT INTO ttr_data.sla_policy (name, metric, target_seconds) VALUES ('answer', 'first_response', 600);
INSERT INTO ttr_data.sla_policy (name, metric, tags, target_seconds, calendar)
  VALUES ('answer vip', 'first_response', '{vip}', 7200, 'office');

SELECT is((SELECT conditions FROM ttr_data.sla_policy WHERE name = 'gold and eu'), 2, 'each tag, assignee and attribute is a condition');
SELECT is(pg_temp.policy_of('plain'), 'everyone', 'a policy without conditions applies to whoever meets no others');
SELECT is(pg_temp.policy_of('reopened'), 'vip', 'of two with as many conditions the smaller target applies');
SELECT is(pg_temp.policy_of('vip'), 'ann', 'of two with the same target the first by name, whatever the case of the assignee');
SELECT is(pg_temp.policy_of('gold'), 'gold', 'of all that apply the one with the most conditions');
SELECT is((SELECT first_response_policy FROM ttr.conversations WHERE conversation_id = 'gold'), 'answer vip',
          'first responses have policies of their own');

SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", sla_seconds, is_breach FROM ttr.conversations WHERE is_closed ORDER BY 1$$,
  $$VALUES ('gold', 43200::double precision, false), ('plain', 100800, true), ('reopened', 7200, false), ('vip', 100800, true)$$,
  'time counts by the clock of the policy; exactly the target is no breach');

SELECT results_eq(
  $$SELECT policy, conversation_id COLLATE "default", is_running, due_at, ended_at, late_seconds
    FROM ttr.sla_breaches WHERE metric = 'resolution' ORDER BY 2$$,
  $$VALUES ('everyone', 'plain', false, '2025-05-06 15:46:40+00'::timestamptz, '2025-05-06 16:00+00'::timestamptz, 800::double precision),
           ('ann', 'vip', false, '2025-05-05 22:00+00', '2025-05-06 16:00+00', 64800)$$,
  'a breach says when it was due and how late it came');

UPDATE ttr_data.sla_policy SET target_seconds = 3000 WHERE name = 'vip';
SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", is_running, due_at, seconds, late_seconds
    FROM ttr.sla_breaches WHERE policy = 'vip' ORDER BY 1$$,
  $$VALUES ('open', true, '2025-05-09 15:50+00'::timestamptz, 7200::double precision, 4200::double precision),
           ('reopened', false, '2025-05-05 12:50+00', 7200, 4200), ('snoozed', true, '2025-05-08 09:50+00', 3600, 600),
           ('vip', false, '2025-05-05 12:50+00', 43200, 40200)$$,
  'open and snoozed ones that are late already are told too, at the time of the newest export');
SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", due_at, left_seconds, is_past_target FROM ttr.open_conversations
    WHERE sla_policy = 'vip' ORDER BY 1$$,
  $$VALUES ('open', '2025-05-09 15:50+00'::timestamptz, -4200::double precision, true),
           ('snoozed', '2025-05-08 09:50+00', -600, true)$$,
  'the time left is negative then');

UPDATE ttr_data.sla_policy SET target_seconds = 14400 WHERE name = 'vip';
SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", due_at, left_seconds, is_past_target FROM ttr.open_conversations
    WHERE sla_policy = 'vip' ORDER BY 1$$,
  $$VALUES ('open', '2025-05-12 11:00+00'::timestamptz, 7200::double precision, false), ('snoozed', NULL, 10800, false)$$,
  'what is open is due after the weekend; while it is snoozed nothing comes due');

SELECT results_eq(
  $$SELECT age_hours, business_age_hours FROM ttr.open_conversations WHERE conversation_id = 'open'$$,
  'VALUES (9::double precision, NULL::double precision)', 'the age is that of the clock on the wall');
UPDATE ttr_data.setting SET calendar = 'office';
SELECT is((SELECT business_age_hours FROM ttr.open_conversations WHERE conversation_id = 'open'), 2::double precision,
          'and that of the calendar of the settings');

SELECT results_eq(
  $$SELECT policy, conversation_id COLLATE "default", is_running, due_at, seconds FROM ttr.sla_breaches
    WHERE metric = 'first_response' ORDER BY 2$$,
  $$VALUES ('answer', 'answered', false, '2025-05-09 09:10+00'::timestamptz, 1200::double precision),
           ('answer vip', 'snoozed', true, '2025-05-08 11:00+00', 57600)$$,
  'whoever was answered late, and who waits for an answer; closed without an answer is no breach');

SELECT ttr.refresh();
SELECT results_eq(
  $$SELECT metric, policy, calendar, total_ended, sla_met_ratio, sla_breaches, total_running, running_past_target FROM ttr.sla
    ORDER BY metric COLLATE "C", policy COLLATE "C"$$,
  $$VALUES ('first_response', 'answer', NULL, 1::bigint, 0::double precision, 1::bigint, 0::bigint, 0::bigint),
           ('first_response', 'answer vip', 'office', 0, NULL, 0, 2, 1),
           ('resolution', 'ann', NULL, 0, NULL, 0, 0, 0), ('resolution', 'ann a', NULL, 0, NULL, 0, 0, 0),
           ('resolution', 'everyone', NULL, 1, 0, 1, 1, 0),
           ('resolution', 'gold', 'office', 1, 1, 0, 0, 0), ('resolution', 'gold and eu', NULL, 0, NULL, 0, 0, 0),
           ('resolution', 'two tags', NULL, 0, NULL, 0, 0, 0),
           ('resolution', 'vip', 'office', 2, 0.5, 1, 2, 0), ('resolution', 'vip later', 'office', 0, NULL, 0, 0, 0),
           ('resolution', NULL, NULL, 0, NULL, 0, 0, 0)$$,
  'the figures by policy are those of the conversations that it applies to');
SELECT results_eq('SELECT sla_breaches, sla_met_ratio, open_past_target FROM ttr.overall',
                  'VALUES (2::bigint, 0.5::double precision, 0::bigint)', 'the overall figures are by policy too');
SELECT is((SELECT p95_hours FROM ttr.sla WHERE policy = 'gold'), 12::double precision, 'hours are those of the policy''s clock');

UPDATE ttr_data.sla_policy SET target_seconds = 43199 WHERE name = 'gold';
UPDATE ttr_data.calendar SET weekly = 'mon-sun 00:00-24:00' WHERE name = 'office';
SELECT ttr.refresh();
SELECT is((SELECT p95_hours FROM ttr.sla WHERE policy = 'gold'), 28::double precision,
          'a change of policy or calendar is in every figure after the next refresh');
SELECT is((SELECT sla_breaches FROM ttr.overall), 3::bigint, 'in the overall ones too');

-- Outside of the days that a calendar covers nothing is claimed.
SELECT pg_temp.add('old', 'closed', '2001-05-05 12:00+00', '2001-05-06 16:00+00', tags => '{vip}');
SELECT results_eq($$SELECT sla_policy, sla_seconds, is_breach FROM ttr.conversations WHERE conversation_id = 'old'$$,
                  $$VALUES ('vip', NULL::double precision, NULL::boolean)$$,
                  'outside of the days that a calendar covers neither kept nor missed');

-- An assignee without an address is known by an identifier, which may have upper case letters.
SELECT pg_temp.add('identified', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00');
UPDATE ttr_data.conversation SET assignee_id = 'Agent7' WHERE conversation_id = 'identified';
INSERT INTO ttr_data.sla_policy (name, assignee, target_seconds) VALUES ('agent', 'Agent7', 60);
SELECT is(pg_temp.policy_of('identified'), 'agent', 'a policy may name an assignee by identifier');

SELECT throws_ok($$INSERT INTO ttr_data.sla_policy (name, target_seconds) VALUES ('x', 0)$$, '23514', NULL,
                 'a target of nothing is refused');
SELECT throws_ok($$INSERT INTO ttr_data.sla_policy (name, metric, target_seconds) VALUES ('x', 'closed', 60)$$, '23514', NULL,
                 'so is a metric that is not there');
SELECT throws_ok($$INSERT INTO ttr_data.sla_policy (name, target_seconds, calendar) VALUES ('x', 60, 'nowhere')$$, '23503', NULL,
                 'and a calendar that is not there');

-- Further promises: how long customers wait, and the close by the wall clock. Monday 12:00 to Tuesday 16:00, 28 hours, with waits of 10,
-- 90 and 60 minutes; one that still waits; one that does not, and one of which no messages are known.
DELETE FROM ttr_data.conversation;
DELETE FROM ttr_data.sla_policy;
UPDATE ttr_data.calendar SET weekly = 'mon-fri 09:00-17:00' WHERE name = 'office';
SELECT pg_temp.add('chat', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   open => '{[2025-05-05 12:00+00, 2025-05-05 15:00+00), [2025-05-06 12:00+00, 2025-05-06 16:00+00)}');
SELECT pg_temp.add('waits', 'open', '2025-05-09 12:00+00', NULL, open => '{[2025-05-09 12:00+00,)}');
SELECT pg_temp.add('answered', 'open', '2025-05-09 12:00+00', NULL, open => '{[2025-05-09 12:00+00,)}');
SELECT pg_temp.add('unknown', 'closed', '2025-05-05 12:00+00', '2025-05-05 13:00+00');
UPDATE ttr_data.conversation
SET waiting_intervals = CASE conversation_id
  WHEN 'chat' THEN '{[2025-05-05 12:00+00, 2025-05-05 12:10+00), [2025-05-05 13:00+00, 2025-05-05 14:30+00),
                     [2025-05-06 15:00+00, 2025-05-06 16:00+00)}'
  WHEN 'waits' THEN '{[2025-05-09 12:00+00, 2025-05-09 12:30+00), [2025-05-09 15:00+00,)}'
  WHEN 'answered' THEN '{[2025-05-09 12:00+00, 2025-05-09 14:00+00)}' END::tstzmultirange;
INSERT INTO ttr_data.sla_policy (name, metric, target_seconds, calendar) VALUES
  ('each hour', 'next_response', 3600, NULL), ('waits', 'waiting', 3 * 3600, NULL), ('a day', 'close', 86400, NULL);
SELECT ttr.refresh();
SELECT results_eq(
  $$SELECT metric, conversation_id COLLATE "default", seconds, ended_at IS NULL, due_at FROM ttr_data.standing
    WHERE metric <> 'resolution' ORDER BY 1, 2$$,
  $$VALUES ('close', 'answered', 43200::double precision, true, '2025-05-10 12:00+00'::timestamptz),
           ('close', 'chat', 100800, false, '2025-05-06 12:00+00'), ('close', 'unknown', 3600, false, NULL),
           ('close', 'waits', 43200, true, '2025-05-10 12:00+00'),
           ('next_response', 'answered', 7200, true, '2025-05-09 13:00+00'), ('next_response', 'chat', 5400, false, '2025-05-05 14:00+00'),
           ('next_response', 'waits', 32400, true, '2025-05-09 16:00+00'),
           ('waiting', 'answered', 7200, true, NULL), ('waiting', 'chat', 9600, false, NULL),
           ('waiting', 'waits', 34200, true, '2025-05-09 17:30+00')$$,
  'the longest wait, all waits, and the wall clock; where no messages are known, no wait is guessed');
SELECT results_eq(
  $$SELECT metric, conversation_id COLLATE "default", is_running FROM ttr.sla_breaches WHERE metric <> 'resolution' ORDER BY 1, 2$$,
  $$VALUES ('close', 'chat', false), ('next_response', 'answered', true), ('next_response', 'chat', false),
           ('next_response', 'waits', true), ('waiting', 'waits', true)$$, 'one late reply breaks its promise, whatever the others took');
SELECT results_eq(
  $$SELECT metric, total_ended, sla_breaches, sla_met_ratio, total_running, running_past_target FROM ttr.sla
    WHERE metric <> 'resolution' ORDER BY 1$$,
  $$VALUES ('close', 2::bigint, 1::bigint, 0.5::double precision, 2::bigint, 0::bigint), ('next_response', 1, 1, 0, 2, 2),
           ('waiting', 1, 0, 1, 2, 1)$$, 'and so by policy');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
UPDATE ttr_data.load SET exported_at = '2025-05-12 12:00+00';
SELECT ttr.refresh();
SELECT results_eq($$SELECT metric, running_past_target FROM ttr.sla WHERE metric <> 'resolution' ORDER BY 1$$,
                  $$VALUES ('close', 2::bigint), ('next_response', 2), ('waiting', 1)$$, 'a newer export makes the running ones later');
UPDATE ttr_data.sla_policy SET calendar = 'office';
SELECT ttr.refresh();
-- Friday's wait from 15:00 on has two hours of the office until 17:00, and Monday's three from 09:00 to 12:00.
SELECT results_eq(
  $$SELECT metric, conversation_id COLLATE "default", seconds / 3600 FROM ttr_data.standing
    WHERE metric IN ('next_response', 'waiting') AND conversation_id <> 'answered' ORDER BY 1, 2$$,
  $$VALUES ('next_response', 'chat', 1.5::double precision), ('next_response', 'waits', 5), ('waiting', 'chat', 8 / 3::double precision),
           ('waiting', 'waits', 5.5)$$, 'with a calendar its working time counts');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

SELECT * FROM finish();
ROLLBACK;
