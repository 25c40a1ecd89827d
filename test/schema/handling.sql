-- Handling: how long each teammate and team had a conversation, who replied, who closed it, and the clocks that follow.
BEGIN;
SELECT plan(24);

\ir facts.psql

CREATE FUNCTION pg_temp.handle(id text, handler_type text, handler_id text, assigned tstzmultirange DEFAULT '{}',
                               assignments integer DEFAULT 0, handoffs integer DEFAULT 0, replies integer DEFAULT 0,
                               answered tstzmultirange DEFAULT '{}', closes timestamptz[] DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
  INSERT INTO ttr_data.handling
  VALUES (id, handler_type, handler_id, assigned, answered, assignments, handoffs, replies, cardinality(closes),
          CASE WHEN assignments > 0 THEN lower(assigned) END,
          (SELECT min(c) FROM unnest(closes) AS c), (SELECT max(c) FROM unnest(closes) AS c), closes <> '{}')
$$;

SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr.by_teammate', 'without events there are no handlers');
SELECT is_empty('SELECT * FROM ttr.clocks', 'and no clocks of theirs');

-- Monday 5 May: open from 9 to 12, snoozed, open from 14 to 16. Ann has it from 9:30, Bob from 11 to 15, then nobody; Bob closes it.
SELECT pg_temp.add('passed', 'closed', '2025-05-05 09:00+00', '2025-05-05 16:00+00',
                   open => '{[2025-05-05 09:00+00,2025-05-05 12:00+00),[2025-05-05 14:00+00,2025-05-05 16:00+00)}',
                   attributes => '{"conversation_rating": {"rating": 4}}');
UPDATE ttr_data.conversation SET closed_by = 'admin' WHERE conversation_id = 'passed';
SELECT pg_temp.handle('passed', 'teammate', '1', '{[2025-05-05 09:30+00,2025-05-05 11:00+00)}', 1, 1, 1,
                      '{[2025-05-05 09:00+00,2025-05-05 10:00+00)}');
SELECT pg_temp.handle('passed', 'teammate', '2', '{[2025-05-05 11:00+00,2025-05-05 15:00+00)}', 1, 0, 2,
                      '{[2025-05-05 10:30+00,2025-05-05 11:30+00),[2025-05-05 14:00+00,2025-05-05 14:10+00)}',
                      '{2025-05-05 16:00+00}');
SELECT pg_temp.handle('passed', 'team', '70', '{[2025-05-05 09:10+00,)}', 1);
SELECT ttr.refresh();
SELECT results_eq('SELECT handler_type, handler, held_hours FROM ttr.handling ORDER BY 1, 2',
                  $$VALUES ('team', '70', 4 + 50 / 60.0::double precision), ('teammate', '1', 1.5), ('teammate', '2', 2)$$,
                  'each has the time for which the conversation was open and assigned to them');
SELECT results_eq($$SELECT first_assignment_seconds, first_close_seconds, handling_hours, unassigned_seconds, assignment_count,
                           team_assignment_count, handoff_count, reply_count, replying_teammates, rating
                    FROM ttr.handling_by_conversation$$,
                  'VALUES (600::double precision, 25200::double precision, 3.5::double precision, 5400::double precision, 2::bigint,
                           1::bigint, 1::bigint, 3::bigint, 2::bigint, 4::double precision)',
                  'and the conversation has the clocks that follow');
SELECT results_eq('SELECT teammate, total, total_closed, replies, next_response_count, next_response_median_hours, handoffs, avg_rating
                   FROM ttr.by_teammate ORDER BY teammate COLLATE "C"',
                  'VALUES (''1'', 1::bigint, 0::bigint, 1::bigint, 1::bigint, 1::double precision, 1::bigint, NULL::double precision),
                          (''2'', 1, 1, 2, 2, 35 / 60.0, 0, 4)',
                  'the rating and the close are of whose close holds');
INSERT INTO ttr_data.teammate (teammate_id, email, name, load_id) VALUES ('1', 'Ann@x', NULL, 1), ('2', NULL, 'Bob', 1);
INSERT INTO ttr_data.team (team_id, name, name_version, load_id) VALUES ('70', 'Billing', now(), 1);
SELECT results_eq('SELECT teammate FROM ttr.by_teammate ORDER BY teammate COLLATE "C"', 'VALUES (''Bob''), (''ann@x'')',
                  'a teammate is named as an assignee is, without a refresh');
SELECT results_eq('SELECT team, total, held_hours FROM ttr.by_team', 'VALUES (''Billing'', 1::bigint, 4 + 50 / 60.0::double precision)',
                  'and a team as the list of teams has it');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- Tuesday 6 May: Ann closes at 10, a customer opens again, a bot closes at 12. A reply of somebody whom the export does not name.
SELECT pg_temp.add('reopened', 'closed', '2025-05-06 09:00+00', '2025-05-06 12:00+00',
                   open => '{[2025-05-06 09:00+00,2025-05-06 10:00+00),[2025-05-06 11:00+00,2025-05-06 12:00+00)}');
UPDATE ttr_data.conversation SET closed_by = 'bot' WHERE conversation_id = 'reopened';
SELECT pg_temp.handle('reopened', 'teammate', '1', '{[2025-05-06 08:00+00,)}', 1, closes => '{2025-05-06 10:00+00}');
SELECT pg_temp.handle('reopened', 'teammate', '', replies => 1);
SELECT pg_temp.handle('reopened', 'bot', '', closes => '{2025-05-06 12:00+00}');
SELECT ttr.refresh();
SELECT results_eq('SELECT teammate, total_closed, reopened_ratio, held_hours FROM ttr.by_teammate ORDER BY teammate COLLATE "C"',
                  'VALUES (''Bob'', 1::bigint, 0::double precision, 2::double precision), (''ann@x'', 0, 1, 3.5), (NULL, 0, NULL, NULL)',
                  'a close that did not hold counts as reopened, and an unnamed teammate has a row');
SELECT results_eq($$SELECT first_assignment_seconds, first_close_seconds, first_teammate_close_seconds, unassigned_seconds
                    FROM ttr.handling_by_conversation WHERE conversation_id = 'reopened'$$,
                  'VALUES (0::double precision, 3600::double precision, 3600::double precision, 0::double precision)',
                  'what was assigned before the start is assigned at once');
SELECT results_eq('SELECT clock, closed_by, total, median_hours FROM ttr.clocks_by_closer WHERE clock = ''first_close'' ORDER BY 2',
                  'VALUES (''first_close'', ''admin'', 1::bigint, 7::double precision), (''first_close'', ''bot'', 1, 1)',
                  'what a bot closed is apart from what a teammate closed');
SELECT results_eq('SELECT clock, total, median_hours FROM ttr.clocks WHERE clock IN (''handling'', ''unassigned'') ORDER BY 1',
                  'VALUES (''handling'', 2::bigint, 2.75::double precision), (''unassigned'', 2, 0.75)', 'together they have one row');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- What nobody was assigned to, and what has no timeline.
SELECT pg_temp.add('bot only', 'closed', '2025-05-07 09:00+00', '2025-05-07 10:00+00',
                   open => '{[2025-05-07 09:00+00,2025-05-07 10:00+00)}');
SELECT pg_temp.handle('bot only', 'bot', '', closes => '{2025-05-07 10:00+00}');
SELECT pg_temp.add('no handler', 'closed', '2025-05-07 09:00+00', '2025-05-07 11:00+00',
                   open => '{[2025-05-07 09:00+00,2025-05-07 11:00+00)}');
SELECT pg_temp.add('no timeline', 'closed', '2025-05-07 09:00+00', '2025-05-07 12:00+00', assignee => 'ann@x');
SELECT pg_temp.add('goes on', 'open', '2025-05-09 09:00+00', NULL, open => '{[2025-05-09 09:00+00,)}');
SELECT pg_temp.handle('goes on', 'teammate', '1', '{[2025-05-09 12:00+00,)}', 1);
SELECT ttr.refresh();
SELECT results_eq($$SELECT conversation_id COLLATE "default", first_assignment_seconds, handling_seconds, unassigned_seconds
                    FROM ttr.handling_by_conversation WHERE resolved_on = '2025-05-07' ORDER BY 1$$,
                  'VALUES (''bot only'', NULL::double precision, NULL::double precision, 3600::double precision),
                          (''no handler'', NULL, NULL, 7200)',
                  'where nobody was assigned there is no handling time, and without a timeline nothing is known');
SELECT results_eq($$SELECT held_hours, is_closed FROM ttr.handling WHERE conversation_id = 'goes on'$$,
                  'VALUES (12::double precision, false)', 'what goes on counts up to the newest export');
SELECT is((SELECT total FROM ttr.by_teammate WHERE teammate = 'ann@x'), 2::bigint, 'and is in no figure before it is closed');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- Business hours, periods, and changes of a handler alone.
INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 10:00-15:00');
UPDATE ttr_data.setting SET calendar = 'office';
SELECT ttr.refresh();
SELECT results_eq('SELECT teammate, held_business_median_hours FROM ttr.by_teammate WHERE teammate IS NOT NULL
                   ORDER BY teammate COLLATE "C"',
                  'VALUES (''Bob'', 2::double precision), (''ann@x'', 1)', 'the same in business hours');
SELECT results_eq('SELECT period, teammate, total_closed FROM ttr.teammates(''day'', to_day => ''2025-05-06'')',
                  'VALUES (''2025-05-05''::date, ''Bob'', 1::bigint), (''2025-05-05'', ''ann@x'', 0), (''2025-05-06'', ''ann@x'', 0),
                          (''2025-05-06'', NULL, 0)', 'and by day of resolution');
UPDATE ttr_data.handling SET reply_count = 5 WHERE (conversation_id, handler_id) = ('passed', '1');
SELECT ttr.refresh();
SELECT is((SELECT replies FROM ttr.by_teammate WHERE teammate = 'ann@x'), 5::bigint,
          'a change of a handler alone is seen by the next refresh');
DELETE FROM ttr_data.handling WHERE handler_type = 'bot';
SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
SELECT results_eq($$SELECT ttr_data.rating(attributes::jsonb)
                    FROM (VALUES (1, '{"conversation_rating": {"rating": 4}}'), (2, '{"conversation_rating.rating": "5"}'),
                                 (3, '{"conversation_rating__rating": 3}'), (4, '{"conversation_rating_value": "2.0"}'),
                                 (5, '{"Conversation rating": 1}'),
                                 (6, '{"conversation_rating": {"rating": null}, "last_teammate_rating": 4}'),
                                 (7, '{"conversation_rating": {"rating": 6}}'), (8, '{"conversation_rating": "good"}'), (9, '{}'))
                      AS a (place, attributes)
                    ORDER BY place$$,
                  'VALUES (4::double precision), (5), (3), (2), (1), (4), (NULL), (NULL), (NULL)',
                  'a rating is read wherever exports have it, and nothing else is');
SELECT throws_ok('SELECT * FROM ttr.teammates(''fortnight'')', '22023', 'unknown period: "fortnight"', 'a mistyped period is refused');
CREATE FUNCTION pg_temp.hint_of(question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE question;
  RETURN NULL;
EXCEPTION WHEN invalid_parameter_value THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END $$;
SELECT is(pg_temp.hint_of('SELECT * FROM ttr.teammates(''fortnight'')'),
          'Name one of them: SELECT * FROM ttr.teammates(every => ''month'')', 'and the hint asks the same question rightly');
SELECT * FROM finish();
ROLLBACK;
