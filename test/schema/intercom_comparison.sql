-- Beside Intercom's own figures: which of our clocks explains each of them, and what is said where none does.
BEGIN;
SELECT plan(25);

\ir facts.psql

CREATE FUNCTION pg_temp.reason(id text) RETURNS text LANGUAGE sql AS
$$ SELECT reason FROM ttr.intercom_comparison WHERE conversation_id = id $$;
CREATE FUNCTION pg_temp.clock(id text) RETURNS text LANGUAGE sql AS
$$ SELECT matching_clock FROM ttr.intercom_comparison WHERE conversation_id = id $$;

-- A conversation with its timeline: the start, and what comes after it as {state, time}.
CREATE FUNCTION pg_temp.add_timeline(id text, attributes jsonb, VARIADIC events text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO ttr_data.event (conversation_id, event_id, at, type, state, version, load_id)
  SELECT id, n::text, events[2 * n]::timestamptz, events[2 * n - 1], events[2 * n - 1], '2025-05-10', 1
  FROM generate_series(1, array_length(events, 1) / 2) AS n;
  SELECT pg_temp.add(id, 'closed', min(at), max(at) FILTER (WHERE state = 'closed'), attributes => add_timeline.attributes,
                     open => ttr.open_intervals(at, state ORDER BY length(event_id), event_id))
  FROM ttr_data.event WHERE conversation_id = id;
$$;

-- Monday 2025-05-05, 12:00, to Tuesday, 16:00: 28 hours, 100,800 seconds, of which 12 are in the office.
SELECT pg_temp.add('silent', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00', attributes => '{"plan": "gold"}');
SELECT pg_temp.add('equal', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00', attributes => '{"Time to close (seconds)": "100800"}');
SELECT pg_temp.add('nearly', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00:00.7+00',
                   attributes => '{"conversation_time_to_close": "100800"}');
SELECT pg_temp.add('office', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"statistics": {"time_to_last_close": 43200}}');
SELECT pg_temp.add('other office', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"Time to close, within office hours (seconds)": "39600"}');
SELECT pg_temp.add('riddle', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00', attributes => '{"Time to close (seconds)": "99000"}');
SELECT pg_temp.add('longer', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"time_to_close_in_office_hours": "200000"}');
SELECT pg_temp.add('first', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"Time to first close (seconds)": "3600"}');
SELECT pg_temp.add('handled', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"Handling time (seconds)": "100800"}');
SELECT pg_temp.add('nonsense', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"Time to close (seconds)": "a day", "statistics": null}');
SELECT pg_temp.add('open', 'open', '2025-05-05 12:00+00', NULL, attributes => '{"Time to close (seconds)": "100800"}');
-- Two hours open, 26 snoozed.
SELECT pg_temp.add_timeline('snoozed', '{"Time to close (seconds)": 100800}', 'open', '2025-05-05 12:00+00',
                            'snoozed', '2025-05-05 13:00+00',
                            'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
-- The same, closed meanwhile.
SELECT pg_temp.add_timeline('reopened', '{"Time to close (seconds)": 100800}', 'open', '2025-05-05 12:00+00',
                            'closed', '2025-05-05 13:00+00',
                            'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
SELECT pg_temp.add_timeline('first close', '{"statistics": {"time_to_first_close": 3600}}', 'open', '2025-05-05 12:00+00',
                            'closed', '2025-05-05 13:00+00',
                            'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
-- One hour snoozed, 25 closed; Intercom leaves out what was closed.
SELECT pg_temp.add_timeline('both', '{"Time to close (seconds)": 100800}', 'open', '2025-05-05 12:00+00', 'snoozed', '2025-05-05 13:00+00',
                            'closed', '2025-05-05 14:00+00', 'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
SELECT pg_temp.add_timeline('no gaps', '{"Time to close (seconds)": 10800}', 'open', '2025-05-05 12:00+00',
                            'snoozed', '2025-05-05 13:00+00',
                            'closed', '2025-05-05 14:00+00', 'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
-- Snoozed over night; Intercom counts that, but in the office only.
SELECT pg_temp.add_timeline('office, snoozed', '{"statistics": {"time_to_last_close": 43200}}', 'open', '2025-05-05 12:00+00',
                            'snoozed', '2025-05-05 13:00+00',
                            'open', '2025-05-06 15:00+00', 'closed', '2025-05-06 16:00+00');
-- Eight events there were, and two are known.
SELECT pg_temp.add_timeline('cut', '{"Time to close (seconds)": 200000}', 'open', '2025-05-05 12:00+00', 'closed', '2025-05-06 16:00+00');
UPDATE ttr_data.conversation SET event_total = 8, open_intervals = NULL WHERE conversation_id = 'cut';
-- Three events there were, and one of them is missing.
SELECT pg_temp.add_timeline('cut by one', '{"Time to close (seconds)": 200000}', 'open', '2025-05-05 12:00+00',
                            'closed', '2025-05-06 16:00+00');
UPDATE ttr_data.conversation SET event_total = 3, open_intervals = NULL WHERE conversation_id = 'cut by one';
-- A message of ours, closed before the customer answered it.
SELECT pg_temp.add_timeline('outbound', '{"statistics": {"time_to_first_close": 3600}}', 'open', '2025-05-05 08:00+00',
                            'closed', '2025-05-05 09:00+00',
                            'open', '2025-05-05 12:00+00', 'closed', '2025-05-05 13:00+00', 'open', '2025-05-05 14:00+00',
                            'closed', '2025-05-06 16:00+00');
UPDATE ttr_data.conversation SET started_at = '2025-05-05 12:00+00',
                                 open_intervals = open_intervals * tstzmultirange(tstzrange('2025-05-05 12:00+00', NULL))
WHERE conversation_id = 'outbound';
-- The API's times, in milliseconds too.
SELECT pg_temp.add('times', 'closed', '2025-05-05 12:00+00', '2025-05-06 16:00+00',
                   attributes => '{"statistics": {"time_to_last_close": null, "first_contact_reply_at": 1746446400000,
                                                  "first_close_at": 1746450000000, "last_close_at": 1746547200000}}');

INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 09:00-17:00');
UPDATE ttr_data.setting SET calendar = 'office';

SELECT is((SELECT count(*) FROM ttr.intercom_comparison), (SELECT count(*) FROM ttr.conversations WHERE is_closed),
          'every closed conversation is there once, and no other');
SELECT results_eq($$SELECT elapsed_seconds, business_seconds, intercom_seconds, difference_seconds, reason FROM ttr.intercom_comparison
                    WHERE conversation_id = 'silent'$$,
                  $$VALUES (100800::double precision, 43200::double precision, NULL::double precision, NULL::double precision,
                            NULL::text)$$,
                  'where the export carried no figure there is nothing to explain');
SELECT is(pg_temp.reason('equal'), 'equal', 'equal: the same number, as a report writes it');
SELECT is(pg_temp.reason('nearly'), 'equal', 'equal: within the second to which Intercom rounds');
SELECT is(pg_temp.reason('handled'), 'equal', 'equal: a handling time, where that is all there is');
SELECT is(pg_temp.reason('office'), 'office hours', 'office hours: the working time of our calendar');
SELECT results_eq($$SELECT intercom_seconds, difference_seconds, difference_hours, matching_clock FROM ttr.intercom_comparison
                    WHERE conversation_id = 'office'$$,
                  $$VALUES (43200::double precision, 57600::double precision, 16::double precision, 'business hours')$$,
                  'and by how much, and which clock it is');
SELECT is(pg_temp.reason('office, snoozed') || ': ' || pg_temp.clock('office, snoozed'), 'office hours: business hours elapsed',
          'office hours: what was snoozed counts there, when it is in the office');
SELECT is(pg_temp.reason('other office') || coalesce(pg_temp.clock('other office'), ''), 'office hours',
          'office hours: by another schedule than our calendar, as the name of the figure says');
SELECT is(pg_temp.reason('longer'), 'unknown', 'unknown: office hours make nothing longer');
SELECT is(pg_temp.reason('riddle'), 'unknown', 'unknown: a time on the wall that is none of ours');
SELECT is(pg_temp.reason('snoozed') || ': ' || pg_temp.clock('snoozed'), 'snoozed: elapsed',
          'snoozed: Intercom counts the time that was snoozed');
SELECT is(pg_temp.reason('no gaps') || ': ' || pg_temp.clock('no gaps'), 'snoozed: open or snoozed',
          'snoozed: and where it leaves out what was closed');
SELECT is(pg_temp.reason('reopened') || ': ' || pg_temp.clock('reopened'), 'reopened: elapsed',
          'reopened: Intercom counts the time between a close and the reopening');
SELECT is(pg_temp.reason('both'), 'reopened', 'of time snoozed and time closed the longer one is the reason');
SELECT is(pg_temp.reason('first close') || ': ' || pg_temp.clock('first close'), 'reopened: to the first close',
          'reopened: Intercom counts to the first close, we to the last');
SELECT is(pg_temp.reason('first'), 'reopened', 'reopened: a first close before ours, though no timeline is known');
SELECT is(pg_temp.reason('cut'), 'truncated', 'truncated: no clock explains it, and of the timeline only a part is known');
SELECT is(pg_temp.reason('cut by one'), 'truncated', 'truncated: however little is missing');
SELECT is(pg_temp.clock('outbound'), 'to the first close', 'the first close is the first one after the customer wrote');
SELECT is(pg_temp.reason('nonsense'), NULL, 'what is no number is no figure');
SELECT results_eq($$SELECT intercom_close_seconds, intercom_first_close_seconds, compared_figure, reason FROM ttr.intercom_comparison
                    WHERE conversation_id = 'times'$$,
                  $$VALUES (100800::double precision, 3600::double precision, 'time to close', 'equal')$$,
                  'of the API the time by the wall clock follows from its times');

UPDATE ttr_data.setting SET calendar = NULL;
SELECT is(pg_temp.reason('office') || coalesce(pg_temp.clock('office'), ''), 'office hours',
          'without a calendar the name of the figure has to do');

-- A report has both figures; the one by the wall clock is compared.
UPDATE ttr_data.conversation SET attributes = attributes || '{"Time to close, within office hours (seconds)": "43200"}'
WHERE conversation_id = 'equal';
SELECT results_eq($$SELECT compared_figure, intercom_business_close_seconds FROM ttr.intercom_comparison WHERE conversation_id = 'equal'$$,
                  $$VALUES ('time to close', 43200::double precision)$$,
                  'of several figures the time to close by the wall clock is compared');

UPDATE ttr_data.conversation SET attributes = '{"statistics": {"first_contact_reply_at": -1.7e308, "last_close_at": 1.7e308}}'
WHERE conversation_id = 'times';
SELECT results_eq($$SELECT intercom_close_seconds, reason FROM ttr.intercom_comparison WHERE conversation_id = 'times'$$,
                  'VALUES (NULL::double precision, NULL::text)', 'times that cannot be are none');

SELECT * FROM finish();
ROLLBACK;
