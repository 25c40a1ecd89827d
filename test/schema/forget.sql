-- Forgetting a customer: who it was goes, every figure stays.
BEGIN;
SELECT plan(21);

\ir facts.psql

-- Three conversations of ann, one of bob; gold in Europe is promised more.
SELECT pg_temp.add('1', 'closed', '2025-05-05 12:00+00', '2025-05-05 16:00+00', 'a@x', '{refund}', 5, 1, responded => '2025-05-05 12:30+00',
                   attributes => '{"plan": "gold", "name": "Ann", "custom_attributes": {"region": "eu", "phone": "555"}}');
SELECT pg_temp.add('2', 'closed', '2025-05-06 12:00+00', '2025-05-06 13:00+00', 'b@x',
                   attributes => '{"plan": "silver", "email": "ann@x"}');
SELECT pg_temp.add('3', 'open', '2025-05-07 12:00+00', NULL, attributes => '{"contacts": [{"id": "ann"}]}');
SELECT pg_temp.add('4', 'closed', '2025-05-06 12:00+00', '2025-05-06 20:00+00', 'a@x', attributes => '{"plan": "gold", "name": "Bob"}');
UPDATE ttr_data.conversation SET user_id = CASE conversation_id WHEN '4' THEN 'bob' ELSE 'ann' END, fingerprint = 7,
       field_set = CASE conversation_id WHEN '2' THEN NULL ELSE 2047 END;
-- Of the second, two records are known, of which the older does not name the customer.
INSERT INTO ttr_data.statement (conversation_id, user_id, state, exported_at, load_id, field_set, fingerprint, attributes)
VALUES ('2', 'ann', 'closed', '2025-05-08', 1, 2047, 7, '{"plan": "silver"}'),
       ('2', NULL, 'open', '2025-05-07', 1, 512, 8, '{"email": "ann@x"}');
INSERT INTO ttr_data.sla_policy (name, metric, attributes, target_seconds) VALUES
  ('gold', 'resolution', '{"plan": "gold"}', 7200),
  ('gold in europe', 'resolution', '{"plan": "gold", "custom_attributes": {"region": "eu"}}', 3600),
  ('answer', 'first_response', '{"plan": "gold"}', 600);

INSERT INTO ttr_data.reject (load_id, file, line, byte_offset, reason, detail, raw)
SELECT 1, 'a.csv', line, 0, 'unknown_state', detail, convert_to(raw, 'UTF8')
FROM (VALUES (1, 'the state is wrong', '9,ann,2025-05-01T08:00:00Z,,gone,a@x'),
             (2, 'the state is wrong', '{"id": "9", "contacts": [{"external_id": "ann"}], "name": "Ann Müller \1"}'),
             (3, 'the state is wrong', '9,joanna,2025-05-01T08:00:00Z,,gone,ann_lee@x'),
             (4, '"ann" is none of open, snoozed and closed', '9,x,2025-05-01T08:00:00Z,,ann,a@x'),
             (5, 'the state is wrong', '9,j.o*n(5),2025-05-01T08:00:00Z,,gone,a@x'),
             (6, 'the state is wrong', '9,jXooon5,2025-05-01T08:00:00Z,,gone,a@x'),
             (7, 'the state is wrong', '9,ünal,2025-05-01T08:00:00Z,,gone,a@x')) AS r (line, detail, raw);

-- All that is published, view by view; who the customer is, and when it was refreshed, is no figure.
CREATE FUNCTION pg_temp.published() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  view text;
  read jsonb;
  all_read jsonb := '{}';
BEGIN
  PERFORM ttr.refresh();
  FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v' AND relname <> 'freshness' LOOP
    EXECUTE format('SELECT jsonb_agg(r ORDER BY r) FROM (SELECT to_jsonb(v) - ''user_id'' AS r FROM ttr.%I AS v) AS o', view) INTO read;
    all_read := all_read || jsonb_build_object(view, read);
  END LOOP;
  RETURN all_read;
END $$;
CREATE FUNCTION pg_temp.attributes_of(id text) RETURNS jsonb LANGUAGE sql AS
$$ SELECT attributes FROM ttr_data.conversation WHERE conversation_id = id $$;
CREATE FUNCTION pg_temp.kept() RETURNS bigint[] LANGUAGE sql AS
$$ SELECT array_agg(line ORDER BY line) FROM ttr_data.reject WHERE raw <> '' $$;

CREATE TEMPORARY TABLE before AS SELECT pg_temp.published() AS figures;
SELECT ok((SELECT figures -> 'sla' @> '[{"policy": "gold in europe", "sla_breaches": 1}]' FROM before),
          'a conversation of ann breaks the promise for gold in Europe');

SELECT is(ttr.forget('ann'), 3::bigint, 'it says how many conversations were blanked');
SELECT set_eq('SELECT conversation_id, user_id FROM ttr_data.conversation',
              $$VALUES ('1', NULL), ('2', NULL), ('3', NULL), ('4', 'bob')$$, 'the identity is gone, and no other');
SELECT is(pg_temp.attributes_of('2') || pg_temp.attributes_of('3'), '{}'::jsonb, 'and so are the attributes');
SELECT is(pg_temp.attributes_of('1'), '{"plan": "gold", "custom_attributes": {"region": "eu"}}'::jsonb,
          'but for those that are the conditions of SLA policies, within objects too');
SELECT is(pg_temp.attributes_of('4'), '{"plan": "gold", "name": "Bob"}'::jsonb, 'those of another customer stay');
SELECT set_eq('SELECT user_id, state, attributes, fingerprint FROM ttr_data.statement',
              $$VALUES (NULL, 'closed', '{}'::jsonb, NULL::bigint), (NULL, 'open', '{}', NULL)$$, 'of each of the records, too');
SELECT is_empty($$SELECT key FROM before, jsonb_each(figures) AS was FULL JOIN jsonb_each(pg_temp.published()) AS now USING (key)
                  WHERE was.value IS DISTINCT FROM now.value$$, 'every published figure stands, in every view');
SELECT ok(NOT EXISTS (SELECT FROM ttr.conversations WHERE user_id = 'ann') AND NOT pg_temp.published()::text ~ '\mann\M',
          'nothing that is published names the customer');

SELECT is(pg_temp.kept(), '{3,5,6,7}'::bigint[], 'rejects that name the customer lose the record, those with a longer word do not');
SELECT is((SELECT array_agg(detail ORDER BY line) FROM ttr_data.reject WHERE raw = ''),
          ARRAY['the state is wrong', 'the state is wrong', ''],
          'and the words where they quote the identifier');
SELECT is(ttr.forget('j.o*n(5)'), 0::bigint, 'a customer without conversations can be forgotten');
SELECT is(pg_temp.kept(), '{3,6,7}'::bigint[], 'an identifier is no pattern');
SELECT is(ttr.forget('ünal'), 0::bigint, 'an identifier may have any letters');
SELECT is(pg_temp.kept(), '{3,6}'::bigint[], 'which are found as well');

SELECT is_empty(
  $$SELECT raw, user_id, is_named
    FROM (VALUES ('{"body": "hello\ncust-77"}', 'cust-77', true), ('{"body": "\u201ccust-77\u201d"}', 'cust-77', true),
                 ('“cust-77”', 'cust-77', true),
                 ('{"id": "say \"hi\""}', 'say "hi"', true), ('1,"say ""hi"""', 'say "hi"', true), ('{"id": "a\/7"}', 'a/7', true),
                 ('{"id": "a\\7"}', 'a\7', true), ('{"id": "cust-777"}', 'cust-77', false),
                 ('{"id": "a_cust-77"}', 'cust-77', false)) AS r (raw, user_id, is_named)
    WHERE ttr_data.names_user(convert_to(raw, 'UTF8'), user_id) <> is_named$$,
  'as JSON or CSV writes it, and between whatever quotation marks');

SELECT is(ttr.forget('ann'), 0::bigint, 'forgetting again finds nobody');
SELECT is((SELECT count(*) FROM ttr_data.forgotten_user), 3::bigint, 'and remembers nobody twice');
SELECT ok(NOT EXISTS (SELECT FROM ttr_data.forgotten_user AS f WHERE f::text ~ 'ann' OR convert_to('ann', 'UTF8') = f.digest)
          AND (SELECT count(DISTINCT salt) FROM ttr_data.forgotten_user) = 1, 'what is remembered is a digest');
SELECT throws_ok($$SELECT ttr.forget('')$$, '22023', 'nobody to forget', 'nobody cannot be forgotten');
SELECT ok(NOT has_function_privilege('public', 'ttr.forget(text)', 'EXECUTE'), 'not everybody may forget');

SELECT * FROM finish();
ROLLBACK;
