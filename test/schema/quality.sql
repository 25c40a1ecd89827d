-- Data quality: what the figures leave out or may have wrong is told, with its reason, and nothing else is.
BEGIN;
SELECT plan(13);

\ir facts.psql

CREATE FUNCTION pg_temp.problems() RETURNS SETOF text LANGUAGE sql AS
$$SELECT conversation_id || ': ' || problem FROM ttr.data_quality$$;

-- The newest export is of 2025-05-10.
SELECT pg_temp.add('closed', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', responded => '2025-05-01 08:00+00');
SELECT pg_temp.add('open', 'open', '2025-05-10 00:00+00', NULL, open => '{[2025-05-10 00:00+00,)}');
SELECT pg_temp.add('endless', 'open', '2025-05-01 08:00+00', NULL, open => '{[2025-05-01 08:00+00, infinity)}');
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-01 08:00+00', NULL, open => '{[2025-05-01 08:00+00, 2025-05-02 08:00+00)}');
SELECT is_empty('SELECT pg_temp.problems()', 'what is in order is not told');

SELECT pg_temp.add('a', 'closed', '2025-05-01 08:00+00', NULL);
SELECT pg_temp.add('b', 'closed', '2025-05-01 08:00+00', '2025-05-01 07:59:59+00');
SELECT pg_temp.add('c', 'closed', '2025-05-01 08:00+00', '2025-05-10 00:00:01+00');
SELECT pg_temp.add('d', 'open', '2025-05-10 00:00:01+00', NULL);
SELECT pg_temp.add('e', 'open', '2025-05-01 08:00+00', NULL, responded => '2025-05-01 07:59:59+00');
SELECT pg_temp.add('f', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', open => '{[2025-05-01 08:00+00,)}');
SELECT pg_temp.add('g', 'open', '2025-05-01 08:00+00', NULL, open => '{[2025-05-01 08:00+00, 2025-05-01 09:00+00)}');
SELECT pg_temp.add('h', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00');
UPDATE ttr_data.conversation SET event_total = 3 WHERE conversation_id = 'h';
SELECT pg_temp.add('i', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00');
INSERT INTO ttr_data.event (conversation_id, event_id, at, type, state, state_before, version, load_id)
VALUES ('i', '1', '2025-05-01 10:00+00', 'closed', 'closed', 'snoozed', '2025-05-10', 1);
SELECT set_eq('SELECT pg_temp.problems()',
  ARRAY['a: closed_without_resolved_at', 'b: resolved_before_start', 'c: resolved_after_export', 'd: started_after_export',
        'e: response_before_start', 'f: contradictory_timeline', 'g: contradictory_timeline', 'h: truncated_timeline',
        'i: truncated_timeline'],
  'each problem is told of the conversation that has it');

TRUNCATE ttr_data.conversation;
SELECT pg_temp.add('several', 'closed', '2025-06-01 08:00+00', '2025-05-01 07:00+00', responded => '2025-05-31 08:00+00');
SELECT set_eq('SELECT pg_temp.problems()',
  ARRAY['several: resolved_before_start', 'several: started_after_export', 'several: response_before_start'],
  'a conversation may have several');

-- Snoozed in the second in which it started: never open, and that is known.
TRUNCATE ttr_data.conversation;
SELECT pg_temp.add('closed', 'closed', '2025-05-01 08:00+00', '2025-05-03 08:00+00', open => '{}');
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-01 08:00+00', NULL, open => '{}');
SELECT pg_temp.add('open', 'open', '2025-05-09 08:00+00', NULL, open => '{}');
SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", basis, resolution_seconds, sla_seconds, due_at FROM ttr.conversations ORDER BY 1$$,
  $$VALUES ('closed', 'timeline', 0::double precision, 0::double precision, NULL::timestamptz),
           ('open', NULL, NULL, 57600, '2025-05-10 08:00+00'),
           ('snoozed', NULL, NULL, 0, NULL)$$,
  'time snoozed is not waiting time where nothing else is known of a timeline than that');
SELECT set_eq('SELECT pg_temp.problems()', ARRAY['open: contradictory_timeline'], 'what is open without ever having been is contradictory');

-- Without a start there is no time: neither to resolution nor of age.
TRUNCATE ttr_data.conversation;
SELECT pg_temp.add('closed', 'closed', NULL, '2025-05-03 08:00+00');
SELECT pg_temp.add('open', 'open', NULL, NULL);
SELECT pg_temp.add('deleted', 'closed', '2025-05-01 08:00+00', NULL);
UPDATE ttr_data.conversation SET deleted_at = '2025-05-04' WHERE conversation_id = 'deleted';
SELECT set_eq('SELECT pg_temp.problems()', ARRAY['closed: unknown_start', 'open: unknown_start', 'deleted: deleted'],
              'a start that is unknown is a problem of its own, and so is a deletion, which hides all others');
SELECT results_eq(
  $$SELECT conversation_id COLLATE "default", is_closed, resolution_seconds, basis, sla_seconds, age_seconds, due_at FROM ttr.conversations
    ORDER BY 1$$,
  $$VALUES ('closed', false, NULL::double precision, NULL::text, NULL::double precision, NULL::double precision, NULL::timestamptz),
           ('open', false, NULL, NULL, NULL, NULL, NULL)$$,
  'without a start there is no clock, and what was deleted is not there');
SELECT ttr.refresh();
SELECT results_eq('SELECT total, total_closed, total_open, open_median_age_hours FROM ttr.overall',
                  'VALUES (2::bigint, 0::bigint, 1::bigint, NULL::double precision)',
                  'what has no start counts among the conversations, and in none of their times');
SELECT is_empty('SELECT * FROM ttr.check()', 'and the rollups are what the facts say');
UPDATE ttr_data.conversation SET started_at = '2025-05-01 08:00+00' WHERE started_at IS NULL;
SELECT ttr.refresh();
SELECT results_eq('SELECT total, total_closed, median_hours FROM ttr.overall', 'VALUES (2::bigint, 1::bigint, 48::double precision)',
                  'when the start becomes known, the figures follow');
SELECT is_empty('SELECT * FROM ttr.check()', 'and again are what the facts say');

-- Days that a calendar does not cover.
TRUNCATE ttr_data.conversation;
INSERT INTO ttr_data.calendar (name, weekly, from_day, to_day) VALUES ('office', 'mon-fri 09:00-17:00', '2025-05-01', '2025-06-01');
UPDATE ttr_data.setting SET calendar = 'office';
SELECT pg_temp.add('inside', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00');
SELECT pg_temp.add('outside', 'closed', '2025-04-01 08:00+00', '2025-05-01 10:00+00');
SELECT set_eq('SELECT pg_temp.problems()', ARRAY['outside: outside_calendar'], 'nor is anything claimed outside of a calendar');

-- ttr.check() compares what is published, not what a session shows of it.
TRUNCATE ttr_data.conversation;
SELECT pg_temp.add(n::text, 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', messages => n / 2) FROM generate_series(1, 3) AS n;
SELECT ttr.refresh();
SET LOCAL extra_float_digits = -10;
SET LOCAL DateStyle = 'German';
SET LOCAL TimeZone = 'Asia/Kathmandu';
SELECT is_empty('SELECT * FROM ttr.check()', 'figures do not differ from the facts where a session rounds them');

SELECT * FROM finish();
ROLLBACK;
