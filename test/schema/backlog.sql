-- The backlog of every day: what entered and left it, what was in it at the end, and how old that was.
BEGIN;
SELECT plan(31);

\ir facts.psql
\ir random_changes.psql
-- The newest export is of Friday 9 May 2025, 18:00 UTC: the newest day is not whole.
UPDATE ttr_data.load SET exported_at = '2025-05-09 18:00+00';

CREATE FUNCTION pg_temp.add_snooze(id text, snoozed tstzmultirange) RETURNS void LANGUAGE sql AS
$$UPDATE ttr_data.conversation SET snoozed_intervals = snoozed WHERE conversation_id = id$$;

SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr.backlog', 'without conversations there is no backlog');
SELECT is_empty('SELECT * FROM ttr.backlog_of()', 'nor one of a slice');

-- One conversation of each kind, by day: Monday 5 May to Friday 9 May.
SELECT pg_temp.add('span', 'closed', '2025-05-05 09:00+00', '2025-05-07 10:00+00', assignee => 'ann@x', tags => '{vip}');
SELECT pg_temp.add('same day', 'closed', '2025-05-06 09:00+00', '2025-05-06 10:00+00');
SELECT pg_temp.add('at once', 'closed', '2025-05-06 09:00+00', '2025-05-06 09:00+00');
SELECT pg_temp.add('reopened', 'closed', '2025-05-05 12:00+00', '2025-05-08 12:00+00', assignee => 'ann@x',
                   open => '{[2025-05-05 12:00+00,2025-05-05 13:00+00),[2025-05-07 12:00+00,2025-05-08 12:00+00)}');
SELECT pg_temp.add_snooze('reopened', '{}');
SELECT pg_temp.add('was snoozed', 'open', '2025-05-06 12:00+00', NULL, assignee => 'bob@x',
                   open => '{[2025-05-06 12:00+00,2025-05-06 13:00+00),[2025-05-08 12:00+00,)}');
SELECT pg_temp.add_snooze('was snoozed', '{[2025-05-06 13:00+00,2025-05-08 12:00+00)}');
SELECT pg_temp.add('snoozed', 'snoozed', '2025-05-08 06:00+00', NULL);
SELECT pg_temp.add('no start', 'open', NULL, NULL);
SELECT pg_temp.add('closed sometime', 'closed', '2025-05-05 09:00+00', NULL);
SELECT ttr.refresh();
SELECT results_eq('SELECT day, opened, reopened, closed, net_change, total_running, total_open, total_snoozed FROM ttr.backlog',
  $$VALUES ('2025-05-05'::date, 2::bigint, 0::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 0::bigint),
           ('2025-05-06', 3, 0, 2, 1, 2, 1, 1),
           ('2025-05-07', 0, 1, 1, 0, 2, 1, 1),
           ('2025-05-08', 1, 0, 1, 0, 2, 1, 1),
           ('2025-05-09', 0, 0, 0, 0, 2, 1, 1)$$,
  'what was opened, reopened and closed on each day adds up to what is left at its end');
SELECT results_eq('SELECT day, median_age_hours, p95_age_hours, past_target FROM ttr.backlog',
  $$VALUES ('2025-05-05'::date, 15::double precision, 15::double precision, 0::bigint),
           ('2025-05-06', 25.5, 37.65, 1),
           ('2025-05-07', 48, 58.8, 0),
           ('2025-05-08', 39, 57.9, 0),
           ('2025-05-09', 57, 75.9, 2)$$,
  'ages are since the start, and a target counts only the time that was open');
SELECT is((SELECT ends_at FROM ttr.backlog WHERE day = '2025-05-09'), '2025-05-09 18:00+00', 'the newest day ends at the newest export');
SELECT results_eq('SELECT total_running, total_open, total_snoozed FROM ttr.backlog WHERE day = ''2025-05-09''',
                  $$SELECT total_open + total_snoozed - 1, total_open - 1, total_snoozed FROM ttr.overall$$,
                  'it is what runs now, but for the conversation without a start');
SELECT results_eq('SELECT day, total_running, closed FROM ttr.backlog_of(assignee => ''ann@x'')',
                  $$VALUES ('2025-05-05'::date, 1::bigint, 1::bigint), ('2025-05-06', 1, 0), ('2025-05-07', 1, 1), ('2025-05-08', 0, 1),
                           ('2025-05-09', 0, 0)$$, 'a slice has its own');
SELECT results_eq('SELECT day, assignee, total_running FROM ttr.backlog_of(''{assignee}'', from_day => ''2025-05-08'')',
                  $$VALUES ('2025-05-08'::date, 'ann@x', 0::bigint), ('2025-05-08', 'bob@x', 1), ('2025-05-08', NULL, 1),
                           ('2025-05-09', 'ann@x', 0), ('2025-05-09', 'bob@x', 1), ('2025-05-09', NULL, 1)$$,
                  'and is divided by assignee, from any day on');
SELECT results_eq('SELECT day, tag, total_running FROM ttr.backlog_of(''{tag}'', to_day => ''2025-05-06'')',
                  $$VALUES ('2025-05-05'::date, 'vip', 1::bigint), ('2025-05-06', 'vip', 1)$$, 'and by tag, until any day');
SELECT results_eq('SELECT median_age_hours FROM ttr.backlog_of(assignee => ''ann@x'', from_day => ''2025-05-08'')',
                  'VALUES (NULL::double precision), (NULL)', 'nothing has no age');
SELECT throws_ok('SELECT * FROM ttr.backlog_of(''{closed_by}'')', '22023', 'the backlog is not divided by "closed_by"',
                 'what is not closed was closed by nobody');
SELECT throws_ok('SELECT * FROM ttr.backlog_of(''{asignee}'')', '22023', 'figures are not divided by "asignee"',
                 'a mistyped key is refused');
SELECT throws_ok('SELECT * FROM ttr.backlog_of(assignee => ''an@x'')', '22023', 'no conversation has the assignee "an@x"',
                 'and a mistyped name');

-- What becomes known later changes the days that it belongs to.
UPDATE ttr_data.conversation SET state = 'closed', resolved_at = '2025-05-07 09:00+00' WHERE conversation_id = 'no start';
UPDATE ttr_data.conversation
SET open_intervals = '{[2025-05-05 09:00+00,2025-05-06 09:00+00),[2025-05-07 09:00+00,2025-05-07 10:00+00)}'
WHERE conversation_id = 'span';
SELECT ttr.refresh();
SELECT results_eq('SELECT day, opened, reopened, closed, total_running FROM ttr.backlog',
  $$VALUES ('2025-05-05'::date, 2::bigint, 0::bigint, 1::bigint, 1::bigint),
           ('2025-05-06', 3, 0, 3, 1),
           ('2025-05-07', 0, 2, 1, 2),
           ('2025-05-08', 1, 0, 1, 2),
           ('2025-05-09', 0, 0, 0, 2)$$,
  'a close and a reopening in between change the days between');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');

-- A target that is reached at the end of working time is not exceeded before work begins again.
INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 09:00-17:00');
INSERT INTO ttr_data.sla_policy (name, tags, target_seconds, calendar) VALUES ('a day', '{day}', 8 * 3600, 'office');
SELECT pg_temp.add('a day', 'open', '2025-05-07 20:00+00', NULL, tags => '{day}');
SELECT ttr.refresh();
SELECT results_eq('SELECT day, past_target FROM ttr.backlog_of(tag => ''day'')',
                  $$VALUES ('2025-05-07'::date, 0::bigint), ('2025-05-08', 0), ('2025-05-09', 1)$$,
                  'what is due at the end of a day is late from the next working day on');
SELECT results_eq('SELECT past_target FROM ttr.backlog WHERE day = ''2025-05-08''', 'VALUES (0::bigint)', 'in the published backlog, too');
UPDATE ttr_data.load SET exported_at = '2025-05-09 08:00+00';
SELECT ttr.refresh();
SELECT results_eq('SELECT past_target FROM ttr.backlog_of(tag => ''day'', from_day => ''2025-05-09'')', 'VALUES (0::bigint)',
                  'and not before it begins');
SELECT is_empty('SELECT * FROM ttr.check()', 'as the facts say');
DELETE FROM ttr_data.conversation WHERE conversation_id = 'a day';
DELETE FROM ttr_data.sla_policy;
SELECT is_empty('SELECT * FROM ttr.backlog_of(from_day => ''infinity'')', 'no day is as late as infinity');

-- An export may be dated before what it has: a conversation that was snoozed after it counts as the facts have it.
SELECT pg_temp.add('later', 'snoozed', '2025-05-08 07:00+00', NULL, tags => '{later}',
                   open => '{[2025-05-08 07:00+00,2025-05-09 12:00+00)}');
SELECT pg_temp.add_snooze('later', '{[2025-05-09 12:00+00,)}');
SELECT ttr.refresh();
SELECT results_eq('SELECT past_target FROM ttr.backlog_of(tag => ''later'')', 'VALUES (0::bigint), (1)',
                  'what exceeded its target after the newest export did so on that day');
SELECT is_empty('SELECT * FROM ttr.check()', 'in the published backlog, too');
DELETE FROM ttr_data.conversation WHERE conversation_id = 'later';

-- A newer export ends the newest day later, and begins new ones.
UPDATE ttr_data.load SET exported_at = '2025-05-11 06:00+00';
SELECT ttr.refresh();
SELECT results_eq('SELECT day, ends_at, total_running, p95_age_hours FROM ttr.backlog WHERE day >= ''2025-05-09''',
  $$VALUES ('2025-05-09'::date, '2025-05-10 00:00+00'::timestamptz, 2::bigint, 81.9::double precision),
           ('2025-05-10', '2025-05-11 00:00+00', 2, 105.9), ('2025-05-11', '2025-05-11 06:00+00', 2, 111.9)$$,
  'a newer export adds days, and ends the one that was the newest');
UPDATE ttr_data.load SET exported_at = '2025-05-09 18:00+00';
SELECT ttr.refresh();
SELECT is((SELECT max(day) FROM ttr.backlog), '2025-05-09', 'an older one takes them away');
SELECT pg_temp.add('year 1970', 'closed', '1970-01-01 09:00+00', '2025-05-05 10:00+00');
SELECT ttr.refresh();
-- The day of that start, and the one on which its target was over, stand before the fifty years and the newest day.
SELECT is((SELECT count(*) FROM ttr.backlog), (2 + 50 * 365 + 1)::bigint, 'a mistyped year has its own rows, and fifty years the others');
SELECT is_empty('SELECT * FROM ttr.check()', 'and they are right');
DELETE FROM ttr_data.conversation;
SELECT ttr.refresh();
SELECT is_empty('SELECT * FROM ttr.backlog', 'without conversations nothing is left of it');
SELECT is_empty('SELECT * FROM ttr_data.backlog_rollup', 'nor in its rollup');

-- Random histories: by the instants at which days end, whatever the changes were.
CREATE FUNCTION pg_temp.differences_of_backlog() RETURNS SETOF text LANGUAGE sql AS $$
  WITH conversation AS MATERIALIZED (
    SELECT c.started_at, c.state, c.target_seconds, c.sla_calendar, c.sla_working_time, c.sla_covered, c.counted_intervals,
           CASE WHEN c.has_timeline THEN z.snoozed WHEN c.state = 'snoozed'
                THEN c.counted_intervals END AS snoozed,
           CASE WHEN c.has_timeline THEN c.counted_intervals + z.snoozed ELSE c.counted_intervals END AS unresolved
    FROM ttr_data.counted AS c
    CROSS JOIN LATERAL (
      SELECT coalesce(c.snoozed_intervals, '{}')
             + CASE WHEN c.state = 'snoozed' AND NOT ttr_data.has_running_end(c.snoozed_intervals)
                    THEN tstzmultirange(tstzrange(coalesce(upper(c.open_intervals), c.started_at), NULL)) ELSE '{}' END
    ) AS z (snoozed)
  ),
  expected AS (
    SELECT b.day, count(c) AS total_running,
           count(c) FILTER (WHERE c.snoozed @> e.just_before) AS total_snoozed,
           count(c) FILTER (WHERE CASE WHEN c.sla_calendar IS NULL
                                       THEN ttr.open_seconds(c.counted_intervals * tstzmultirange(tstzrange(NULL, b.ends_at)))
                                       ELSE ttr.business_seconds(c.counted_intervals * tstzmultirange(tstzrange(NULL, b.ends_at)),
                                                                 c.sla_working_time, NULL, c.sla_covered) END > c.target_seconds)
             AS past_target,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', b.ends_at) - date_part('epoch', c.started_at)) / 3600 AS median,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY date_part('epoch', b.ends_at) - date_part('epoch', c.started_at)) / 3600 AS p95
    FROM ttr.backlog AS b
    CROSS JOIN LATERAL (SELECT b.ends_at - interval '1 microsecond' AS just_before) AS e
    LEFT JOIN conversation AS c ON c.unresolved @> e.just_before
    WHERE b.day < (SELECT max(day) FROM ttr.backlog)
    GROUP BY b.day
  )
  SELECT format('%s expected, %s published', e, b)
  FROM expected AS e
  JOIN ttr.backlog AS b USING (day)
  WHERE (e.total_running, e.total_snoozed, e.past_target) IS DISTINCT FROM (b.total_running, b.total_snoozed, b.past_target)
     OR (abs(e.median - b.median_age_hours) <= 1e-9 AND abs(e.p95 - b.p95_age_hours) <= 1e-9) IS NOT TRUE AND e.total_running > 0
     OR b.total_open <> b.total_running - b.total_snoozed OR b.net_change <> b.opened + b.reopened - b.closed
  UNION ALL
  SELECT format('%s by day, %s of the whole slice', b, s)
  FROM ttr.backlog AS b
  FULL JOIN ttr.backlog_of() AS s USING (day)
  WHERE (b.total_running, b.total_snoozed, b.opened, b.reopened, b.closed, b.past_target)
        IS DISTINCT FROM (s.total_running, s.total_snoozed, s.opened, s.reopened, s.closed, s.past_target)
     OR abs(b.median_age_hours - s.median_age_hours) > 1e-9 OR abs(b.p95_age_hours - s.p95_age_hours) > 1e-9
     OR (b.p95_age_hours IS NULL) <> (s.p95_age_hours IS NULL)
  UNION ALL
  SELECT format('day %s: %s running, by assignee %s', b.day, b.total_running, s.total_running)
  FROM ttr.backlog AS b
  JOIN (SELECT day, sum(total_running) AS total_running, sum(past_target) AS past_target
        FROM ttr.backlog_of('{assignee}') GROUP BY day) AS s USING (day)
  WHERE (b.total_running, b.past_target) IS DISTINCT FROM (s.total_running, s.past_target)
$$;

CREATE FUNCTION pg_temp.change_timelines() RETURNS void LANGUAGE sql AS $$
  UPDATE ttr_data.conversation
  SET snoozed_intervals = CASE pg_temp.dice(3)
        WHEN 0 THEN '{}'
        WHEN 1 THEN tstzmultirange(tstzrange(started_at + interval '40 minutes', started_at + interval '2 hours'))
        ELSE tstzmultirange(tstzrange(started_at + interval '50 minutes', started_at + interval '90 minutes')) END
  WHERE open_intervals IS NOT NULL AND snoozed_intervals IS NULL AND pg_temp.dice(3) > 0
$$;

SET LOCAL jit = off;
SELECT setseed(0.19);
CREATE FUNCTION pg_temp.difference_after(changes integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..changes LOOP
    PERFORM pg_temp.change();
    PERFORM pg_temp.change_timelines();
    PERFORM ttr.refresh();
    RETURN QUERY SELECT format('after change %s: %s', i, d) FROM pg_temp.differences_of_backlog() AS d;
  END LOOP;
END
$$;
SELECT pg_temp.add_conversation(n::text) FROM generate_series(1, 150) AS n;
SELECT is_empty('SELECT * FROM pg_temp.difference_after(25) LIMIT 3', 'after each of 25 random changes every day is what its end shows');
CREATE TEMP TABLE followed AS TABLE ttr_data.backlog;
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT ttr.refresh();
SELECT results_eq('TABLE ttr_data.backlog ORDER BY day', 'TABLE followed ORDER BY day', 'made anew it is the same');
SELECT is_empty('SELECT * FROM ttr.check()', 'and it is what the facts say');

SELECT * FROM finish();
ROLLBACK;
