-- The figures against brute force: what counts, by whom, under which day.
BEGIN;
SELECT plan(26);

\ir facts.psql

-- Four closed ones of 1, 2, 3 and 30 hours; the 30 hours end after midnight in Berlin, but not in UTC.
SELECT pg_temp.add('1h', 'closed', '2025-05-01 08:00+00', '2025-05-01 09:00+00', 'Ann@x', '{vip,refund}', 4, 0,
                   responded => '2025-05-01 08:10+00');
SELECT pg_temp.add('2h', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', 'ann@x', '{refund}', 6, 1,
                   responded => '2025-05-01 08:30+00');
SELECT pg_temp.add('3h', 'closed', '2025-05-01 08:00+00', '2025-05-01 11:00+00', NULL, '{}', NULL, NULL);
SELECT pg_temp.add('30h', 'closed', '2025-05-01 16:30+00', '2025-05-02 22:30+00', 'bob@x', '{vip}', 20, 2);
-- These are not closed: no resolution, resolved before the start, and two that go on.
SELECT pg_temp.add('unknown', 'closed', '2025-05-01 08:00+00', NULL, 'ann@x', '{vip}');
SELECT pg_temp.add('before', 'closed', '2025-05-01 08:00+00', '2025-05-01 07:00+00', 'ann@x', '{vip}');
SELECT pg_temp.add('open', 'open', '2025-05-08 00:00+00', '2025-05-01 09:00+00', 'ann@x', '{vip}', 100, 9);
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-09 12:00+00', NULL, 'eve@x', '{vip}');
SELECT ttr.refresh();

SELECT results_eq(
  'SELECT total_closed, median_hours, mean_hours, total, total_open, total_snoozed FROM ttr.overall',
  'VALUES (4::bigint, 2.5::double precision, 9::double precision, 8::bigint, 1::bigint, 1::bigint)',
  'closed means the state and a resolution that is not before the start');

SELECT is((SELECT p95_seconds FROM ttr.overall),
          (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY s) FROM unnest(ARRAY[3600, 7200, 10800, 108000]) AS s),
          'p95 is percentile_cont''s');
SELECT is((SELECT p95_hours FROM ttr.overall), (SELECT p95_seconds / 3600 FROM ttr.overall), 'hours are seconds / 3600');
SELECT is((SELECT share_within_24h FROM ttr.overall), 0.75::double precision, 'three of four were resolved within 24 hours');
SELECT is((SELECT avg_messages FROM ttr.overall), 10::double precision, 'messages are averaged over closed ones that tell');
SELECT is((SELECT round(reopened_ratio::numeric, 4) FROM ttr.overall), 0.6667, 'two of the three that tell were reopened');
SELECT results_eq('SELECT first_response_count, first_response_median_hours * 60 FROM ttr.overall',
                  'VALUES (2::bigint, 20::double precision)', 'first responses have a count of their own');
SELECT results_eq('SELECT open_median_age_hours, open_past_target FROM ttr.overall',
                  'VALUES (30::double precision, 1::bigint)',
                  'open and snoozed ones age up to the newest export, never up to now');
SELECT results_eq('SELECT sla_breaches, sla_met_ratio FROM ttr.overall', 'VALUES (1::bigint, 0.75::double precision)',
                  'more than the target of a day is a breach');

SELECT results_eq('SELECT assignee, total_closed, median_hours FROM ttr.by_assignee ORDER BY assignee',
  $$VALUES ('ann@x', 2::bigint, 1.5::double precision), ('bob@x', 1, 30), ('eve@x', 0, NULL), (NULL, 1, 3)$$,
  'an assignee is an address in lower case; nobody is NULL');
SELECT results_eq('SELECT tag, total_closed, p95_hours FROM ttr.by_tag ORDER BY tag',
  $$VALUES ('refund', 2::bigint, 1.95::double precision), ('vip', 2, 28.55)$$,
  'a conversation counts under each of its tags');
SELECT results_eq('SELECT day, total_closed, median_hours FROM ttr.daily ORDER BY day',
  $$VALUES ('2025-05-01'::date, 3::bigint, 2::double precision), ('2025-05-02', 1, 30)$$,
  'a conversation counts on the day of its resolution');

UPDATE ttr_data.setting SET reporting_time_zone = 'Europe/Berlin', target_seconds = 7200;
SELECT ttr.refresh();
SELECT results_eq('SELECT day, total_closed FROM ttr.daily ORDER BY day',
  $$VALUES ('2025-05-01'::date, 3::bigint), ('2025-05-02', 0), ('2025-05-03', 1)$$,
  'the day is that of the reporting time zone; one without a resolution has a row too');
SET LOCAL DateStyle = 'SQL, DMY';
SELECT ttr.refresh();
SET LOCAL DateStyle = 'ISO, MDY';
SELECT results_eq('SELECT day FROM ttr.daily WHERE total_closed > 0 ORDER BY day', $$VALUES ('2025-05-01'::date), ('2025-05-03')$$,
  'whatever the DateStyle of who refreshes and of who reads');
SET LOCAL TimeZone = 'Pacific/Apia';
SELECT results_eq($$SELECT conversation_id COLLATE "default", resolved_on FROM ttr.conversations WHERE resolved_on > '2025-05-01'$$,
  $$VALUES ('30h', '2025-05-03'::date)$$, 'whatever the time zone of the session');
SELECT is((SELECT sla_breaches FROM ttr.overall), 2::bigint, 'exactly the target is met');
SELECT is((SELECT share_within_24h FROM ttr.overall), 0.75::double precision, 'within 24 hours does not ask for the target');

-- A timeline: open 1 h, snoozed, open 2 h; the wall clock says 30 h.
UPDATE ttr_data.conversation
SET open_intervals = '{[2025-05-01 16:30+00, 2025-05-01 17:30+00), [2025-05-02 20:30+00, 2025-05-02 22:30+00)}'
WHERE conversation_id = '30h';
-- These timelines do not agree with the state, or do not end.
UPDATE ttr_data.conversation SET open_intervals = '{[2025-05-01 08:00+00,)}' WHERE conversation_id = '1h';
UPDATE ttr_data.conversation SET open_intervals = '{[2025-05-01 08:00+00, infinity)}' WHERE conversation_id = '2h';
SELECT ttr.refresh();
SELECT results_eq(
  'SELECT conversation_id COLLATE "default", basis, resolution_seconds, elapsed_seconds, open_seconds
   FROM ttr.conversations WHERE is_closed ORDER BY 1',
  $$VALUES ('1h', 'span', 3600::double precision, 3600::double precision, NULL::double precision),
           ('2h', 'span', 7200, 7200, NULL), ('30h', 'timeline', 10800, 108000, 10800), ('3h', 'span', 10800, 10800, NULL)$$,
  'time open counts where the timeline is known and agrees with the state; basis says which');
-- Waits: 30 minutes and one of two hours that only the close ends; one goes on.
UPDATE ttr_data.conversation
SET waiting_intervals = '{[2025-05-01 16:30+00, 2025-05-01 17:00+00), [2025-05-02 20:30+00,)}',
    answered_waits = '{[2025-05-01 16:30+00, 2025-05-01 17:00+00)}'
WHERE conversation_id = '30h';
UPDATE ttr_data.conversation SET waiting_intervals = '{[2025-05-01 08:00+00, 2025-05-01 08:30+00)}' WHERE conversation_id = '1h';
SELECT ttr.refresh();
SELECT results_eq(
  'SELECT conversation_id COLLATE "default", waiting_seconds, longest_wait_seconds, round(customer_time_ratio::numeric, 3)
   FROM ttr.conversations WHERE is_closed ORDER BY 1',
  $$VALUES ('1h', NULL::double precision, NULL::double precision, NULL::numeric), ('2h', NULL, NULL, NULL),
           ('30h', 9000, 7200, 0.917), ('3h', NULL, NULL, NULL)$$,
  'waits count up to the close, where the timeline counts');
SELECT results_eq(
  'SELECT waiting_count, waiting_median_hours, waiting_p95_hours, longest_wait_median_hours, longest_wait_p95_hours FROM ttr.overall',
  'VALUES (1::bigint, 2.5::double precision, 2.5::double precision, 2::double precision, 2::double precision)',
  'they are published over those whose messages are known');
SELECT results_eq(
  'SELECT round(customer_time_ratio::numeric, 3), next_response_count, next_response_median_hours, next_response_p95_hours
   FROM ttr.overall',
  'VALUES (0.917, 1::bigint, 0.5::double precision, 0.5::double precision)',
  'a wait that a reply ended is a response, and the rest of the time is the customer''s');
SELECT results_eq('SELECT timeline_ratio, elapsed_median_hours, median_hours FROM ttr.overall',
  'VALUES (0.25::double precision, 2.5::double precision, 2.5::double precision)', 'both clocks are published apart');

-- Many conversations: every view against percentile_cont over the same rows.
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add(i::text, CASE WHEN i % 7 = 0 THEN 'open' ELSE 'closed' END,
                   '2025-05-01 00:00+00'::timestamptz + i * interval '97 minutes',
                   '2025-05-01 00:00+00'::timestamptz + i * interval '97 minutes' + (i * 7919 % 250000) * interval '1 second',
                   'agent' || i % 5 || '@x', ARRAY['t' || i % 3, 't' || i % 4])
FROM generate_series(1, 2000) AS i;
SELECT ttr.refresh();
CREATE FUNCTION pg_temp.same_as_core(view text, key text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEXT results_eq(
    format('SELECT %s::text, total_closed, median_seconds, p95_seconds, sla_breaches FROM ttr.%I WHERE total_closed > 0 ORDER BY 1', key,
           view),
    format($q$SELECT %s::text, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY s), percentile_cont(0.95) WITHIN GROUP (ORDER BY s),
                     count(*) FILTER (WHERE s > 7200)
              FROM (SELECT lower(c.assignee_email) AS assignee, t.tag, (c.resolved_at AT TIME ZONE 'Europe/Berlin')::date AS day,
                           extract(epoch FROM c.resolved_at - c.started_at)::double precision AS s
                    FROM ttr_data.conversation AS c CROSS JOIN LATERAL (SELECT DISTINCT unnest(c.tags)) AS t (tag)
                    WHERE c.state = 'closed' AND (%L = 'tag' OR t.tag = c.tags[1])) AS f
              GROUP BY 1 ORDER BY 1$q$, key, key),
    view || ' agrees with percentile_cont for every ' || key);
END
$$;
-- As the loader does, each tag stands once.
UPDATE ttr_data.conversation SET tags = tags[1:1] WHERE tags[1] = tags[2];
SELECT ttr.refresh();
SELECT pg_temp.same_as_core('by_assignee', 'assignee');
SELECT pg_temp.same_as_core('by_tag', 'tag');
SELECT pg_temp.same_as_core('daily', 'day');

-- Snoozed over night, closed, reopened and closed again: 900 + 1,200 + 4,200 seconds open of 105,000.
SELECT pg_temp.add('215470000123456', 'closed', '2026-01-05 09:00+00', '2026-01-06 14:10+00', reopened => 1,
                   responded => '2026-01-05 09:12:30+00', open => ttr.open_intervals(to_timestamp(at), state))
FROM (VALUES (1767603600, 'open'), (1767604500, 'snoozed'), (1767690000, 'open'), (1767691200, 'closed'),
             (1767704400, 'open'), (1767708600, 'closed')) AS event (at, state);
SELECT results_eq(
  $$SELECT resolution_seconds, open_seconds, elapsed_seconds, basis, first_response_seconds, is_breach FROM ttr.conversations
    WHERE conversation_id = '215470000123456'$$,
  $$VALUES (6300::double precision, 6300::double precision, 105000::double precision, 'timeline', 750::double precision, false)$$,
  'time snoozed and time closed before a reopening are not waiting time, and both clocks are told');

SELECT * FROM finish();
ROLLBACK;
