-- Custom dimensions: rollups and views by any attribute that the owner lists, as by assignee and tag.
BEGIN;
SELECT plan(32);

\ir facts.psql

-- A channel at the end of a path, a plan by its name; and conversations without.
SELECT pg_temp.add('1', 'closed', '2025-05-01 08:00+00', '2025-05-01 09:00+00',
                   attributes => '{"source": {"type": "email"}, "plan": "gold"}');
SELECT pg_temp.add('2', 'closed', '2025-05-01 08:00+00', '2025-05-01 11:00+00', attributes => '{"source": {"type": "email"}}');
SELECT pg_temp.add('3', 'closed', '2025-05-02 08:00+00', '2025-05-02 13:00+00',
                   attributes => '{"source": {"type": "a=b"}, "plan": "gold"}');
SELECT pg_temp.add('4', 'closed', '2025-05-02 08:00+00', '2025-05-02 08:30+00', attributes => '{"plan": ""}');
SELECT pg_temp.add('5', 'open', '2025-05-02 08:00+00', NULL, attributes => '{"plan": "free"}');
SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr.by_dimension', 'without a dimension there is nothing');

INSERT INTO ttr_data.dimension VALUES ('channel', 'source.type'), ('plan', 'plan');
SELECT is((SELECT is_fresh FROM ttr.freshness), false, 'a new dimension needs a refresh');
SELECT ttr.refresh();
SELECT results_eq(
  'SELECT dimension, value, total_closed, median_hours FROM ttr.by_dimension ORDER BY 1, 2',
  $$VALUES ('channel', 'a=b', 1::bigint, 5::double precision), ('channel', 'email', 2, 2), ('channel', NULL, 1, 0.5),
           ('plan', 'free', 0, NULL), ('plan', 'gold', 2, 3), ('plan', NULL, 2, 1.75)$$,
  'each conversation has one value, or none; whatever signs the value has');
SELECT results_eq(
  $$SELECT day, dimension, value, total_closed, median_hours FROM ttr.daily_by_dimension WHERE dimension = 'channel' ORDER BY 1, 3$$,
  $$VALUES ('2025-05-01'::date, 'channel', 'email', 2::bigint, 2::double precision), ('2025-05-02', 'channel', 'a=b', 1, 5),
           ('2025-05-02', 'channel', NULL, 1, 0.5)$$, 'by day, too');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- figures() takes them by name, from the rollups.
SELECT results_eq(
  $$SELECT attribute, total_closed, median_hours FROM ttr.figures('{channel}') ORDER BY 1$$,
  $$VALUES ('a=b', 1::bigint, 5::double precision), ('email', 2, 2), (NULL, 1, 0.5)$$, 'a question may be divided by one');
SELECT results_eq(
  $$SELECT period, attribute, total_closed FROM ttr.figures('{channel}', 'day', from_day => '2025-05-02') ORDER BY 2$$,
  $$VALUES ('2025-05-02'::date, 'a=b', 1::bigint), ('2025-05-02', NULL, 1)$$, 'in any period');
SELECT results_eq(
  $$SELECT assignee, attribute, total_closed FROM ttr.figures('{assignee,plan}') WHERE total_closed > 0 ORDER BY 2$$,
  $$VALUES (NULL::text, 'gold', 2::bigint), (NULL, NULL, 2)$$, 'with another key it is counted from the facts');
SELECT results_eq(
  $$SELECT attribute, second_attribute, total_closed FROM ttr.figures('{channel,plan}') WHERE total_closed > 0 ORDER BY 1, 2$$,
  $$VALUES ('a=b', 'gold', 1::bigint), ('email', 'gold', 1), ('email', NULL, 1), (NULL, NULL, 1)$$, 'and two together likewise');
SELECT set_eq(
  $$SELECT attribute, second_attribute, sum(opened) FROM ttr.backlog_of('{plan,channel}') GROUP BY 1, 2$$,
  $$VALUES ('gold', 'a=b', 1::numeric), ('gold', 'email', 1), (NULL, 'email', 1), (NULL, NULL, 1), ('free', NULL, 1)$$,
  'in the order in which they are named, also of the backlog');
SELECT is(ttr_data.dimension_of('{channel}', NULL, NULL), 'channel', 'the rollups have the answer');
SELECT is(ttr_data.dimension_of('{channel}', 'ann@x', NULL), NULL, 'but not where a filter chooses conversations');
SELECT is(ttr_data.dimension_of('{channel,tag}', NULL, NULL), NULL, 'or where there are two keys');
SELECT results_eq(
  $$SELECT figure, value FROM ttr.compared('{plan}', 'day') WHERE attribute = 'gold' AND compared_with = 'period before' ORDER BY 1$$,
  $$VALUES ('median_hours', 5::double precision), ('p95_hours', 5), ('sla_met_ratio', 1)$$, 'and compared');

-- A change follows, and so does another path.
UPDATE ttr_data.conversation SET attributes = '{"plan": "free"}' WHERE conversation_id = '1';
SELECT is((SELECT total_closed FROM ttr.figures('{plan}') WHERE attribute = 'free'), 1::bigint, 'an answer never lags behind');
SELECT is((SELECT array_agg(attribute ORDER BY attribute) FROM ttr.figures('{plan}')), '{free,gold,NULL}',
          'and an empty value is none, from the facts as from the rollups');
SELECT ttr.refresh();
SELECT is((SELECT total_closed FROM ttr.by_dimension WHERE (dimension, value) = ('plan', 'free')), 1::bigint, 'and a refresh follows');
UPDATE ttr_data.dimension SET path = 'source.type' WHERE name = 'plan';
SELECT ttr.refresh();
SELECT is((SELECT count(*) FROM ttr.by_dimension WHERE value = 'email' AND total_closed = 1), 2::bigint, 'another path gives other values');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
SELECT is((SELECT (ttr.summary() ->> 'total_closed')::bigint), 4::bigint, 'the summary counts each conversation once');
SELECT pg_temp.add('long', 'closed', '2025-05-02 08:00+00', '2025-05-02 09:00+00',
                   attributes => jsonb_build_object('source', jsonb_build_object('type', string_agg(md5(i::text), ''))))
FROM generate_series(1, 300) AS i;
SELECT lives_ok('SELECT ttr.refresh()', 'a value of any length has a row');
SELECT is((SELECT max(length(value)) FROM ttr.by_dimension), 200, 'of its first 200 characters');
DELETE FROM ttr_data.conversation WHERE conversation_id = 'long';
DELETE FROM ttr_data.dimension;
SELECT ttr.refresh();
SELECT is_empty($$SELECT * FROM ttr_data.daily_rollup WHERE dimension NOT IN ('all', 'assignee', 'tag')$$,
                'one that is not listed any more leaves nothing');
SELECT is_empty('SELECT * FROM ttr.by_dimension', 'nor in the views');
SELECT throws_ok($$SELECT * FROM ttr.figures('{channel}')$$, '42501', NULL, 'and cannot be asked for');

-- Who closed a conversation is a field, and may be a dimension, too.
INSERT INTO ttr_data.dimension VALUES ('closer', 'closed_by');
UPDATE ttr_data.conversation SET closed_by = 'bot' WHERE conversation_id = '1';
UPDATE ttr_data.conversation SET closed_by = 'admin' WHERE conversation_id IN ('2', '3');
SELECT ttr.refresh();
SELECT results_eq($$SELECT value, total_closed, median_hours FROM ttr.by_dimension WHERE dimension = 'closer' ORDER BY value$$,
                  $$VALUES ('admin', 2::bigint, 4::double precision), ('bot', 1, 1), (NULL, 1, 0.5)$$,
                  'what bots resolved is apart from what teammates did');
SELECT results_eq($$SELECT attribute, total_closed, median_hours FROM ttr.figures('{closer}')$$,
                  $$SELECT closed_by, total_closed, median_hours FROM ttr.figures('{closed_by}')$$,
                  'as figures() counts it from the facts');
SELECT results_eq($$SELECT attribute, closed FROM ttr.backlog_of('{closer}') WHERE closed > 0 AND attribute = 'admin'$$,
                  $$VALUES ('admin', 1::bigint), ('admin', 1)$$, 'and the backlog likewise');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

SELECT throws_ok(format('INSERT INTO ttr_data.dimension VALUES (%L, ''x'')', name), '23514', NULL, promise)
FROM (VALUES ('tag', 'a name that means something else is refused'), ('Plan Name', 'so is one that is no word'),
             ('all', 'and that of all')) AS v (name, promise);

SELECT * FROM finish();
ROLLBACK;
