-- Events, teammates, and the timelines that follow from all events that are known.

-- name: add_events
-- The events of all staged records, each once, by the newest record that has it; no event is ever taken away. A newer record
-- that repeats an event only raises its version, so that a record dated in between is seen as older; this is not counted.
WITH staged AS (
  SELECT DISTINCT ON (s.conversation_id, e.event_id)
         s.conversation_id, e.*, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.event_id, s.event_at, s.event_type, s.event_state, s.event_before, s.event_author, s.event_reply,
                            s.event_part, s.event_assignee, s.event_team, s.event_tags)
    AS e (event_id, at, type, state, state_before, author, is_reply, is_part, assignee_id, team_id, tags)
  WHERE s.event_id IS NOT NULL
  ORDER BY s.conversation_id, e.event_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
),
confirmed AS (
  UPDATE ttr_data.event AS e
  SET version = s.version
  FROM staged AS s
  WHERE (e.conversation_id, e.event_id) = (s.conversation_id, s.event_id)
    AND e.version < s.version
    AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
        IS NOT DISTINCT FROM (s.at, s.type, s.state, s.state_before, s.author, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags)
)
INSERT INTO ttr_data.event AS known
  (conversation_id, event_id, at, type, state, state_before, author, is_reply, is_part, assignee_id, team_id, tags, version,
   load_id)
SELECT s.*, run.load_id
FROM staged AS s
CROSS JOIN run
LEFT JOIN ttr_data.event AS e USING (conversation_id, event_id)
WHERE e.event_id IS NULL
   OR (e.version <= s.version
       AND (e.at, e.type, e.state, e.state_before, e.author, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
           IS DISTINCT FROM (s.at, s.type, s.state, s.state_before, s.author, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags))
ON CONFLICT (conversation_id, event_id) DO UPDATE
SET at = excluded.at, type = excluded.type, state = excluded.state, state_before = excluded.state_before, author = excluded.author,
    is_reply = excluded.is_reply, is_part = excluded.is_part, assignee_id = excluded.assignee_id, team_id = excluded.team_id, tags = excluded.tags,
    version = excluded.version, load_id = excluded.load_id

-- name: add_teammates
-- What the staged records tell about teammates: the address is that of the newest record that gives one, and so is the name, since
-- exports that name people need not know their addresses. As with events, what a newer record confirms gets its version. A list
-- has no times in it: it is as old as was said, else as this run.
WITH teller AS (
  SELECT t.teammate_id, t.email, t.name, coalesce(s.updated_at, file.exported_at) AS version, 0 AS place, s.record
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.teammate_id, s.teammate_email, s.teammate_name) AS t (teammate_id, email, name)
  WHERE s.teammate_id IS NOT NULL
  UNION ALL
  SELECT l.teammate_id, l.email, l.name, coalesce(run.exported_at, run.started_at), 1, l.record
  FROM listed_teammate AS l CROSS JOIN run
),
address AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, email, version AS email_version
  FROM teller
  WHERE email IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
naming AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, name, version AS name_version
  FROM teller
  WHERE name IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
newest AS (
  SELECT teammate_id,
         CASE WHEN a.email_version < t.email_version OR a.email IS NULL THEN t.email ELSE a.email END AS email,
         CASE WHEN n.name_version < t.name_version OR n.name IS NULL THEN t.name ELSE n.name END AS name,
         greatest(a.email_version, t.email_version) AS email_version,
         greatest(n.name_version, t.name_version) AS name_version
  FROM address AS a
  FULL JOIN naming AS n USING (teammate_id)
  LEFT JOIN ttr_data.teammate AS t USING (teammate_id)
)
INSERT INTO ttr_data.teammate AS known (teammate_id, email, name, email_version, name_version, load_id)
SELECT newest.*, run.load_id
FROM newest
CROSS JOIN run
LEFT JOIN ttr_data.teammate AS t USING (teammate_id)
WHERE t.teammate_id IS NULL
   OR (newest.email, newest.name, newest.email_version, newest.name_version)
      IS DISTINCT FROM (t.email, t.name, t.email_version, t.name_version)
ON CONFLICT (teammate_id) DO UPDATE
SET email = excluded.email, name = excluded.name, email_version = excluded.email_version, name_version = excluded.name_version,
    load_id = CASE WHEN (known.email, known.name) IS DISTINCT FROM (excluded.email, excluded.name) THEN excluded.load_id ELSE known.load_id END

-- name: fold
-- The timelines of all conversations that the run names, each folded from all events that are known of it, and how many events
-- there are according to the newest record of the run that counts them. Identifiers are numbers, and a later event has a
-- higher one. loader/timeline.c has the same order.
--
-- The start is no event: it is a field of the conversation, and settle.sql opens the timeline with it.
--
-- gaps: where events are missing, as in an export of the last month. An event that names the state before it, and no other
-- event led there, has a gap before it; unless another event stands no more than a second before it, as where two exports have the
-- same change by clocks of different grain, or a passing state (loader/shape_states.c) accounts for it.
--
-- Of the vendor's count of parts nothing counts that is no part: a log has the same event under another identifier.
CREATE TEMPORARY TABLE timeline ON COMMIT DROP AS
WITH placed AS (
  SELECT conversation_id, event_id, at, state, state_before AS named_before, author, is_reply, is_part, version,
         row_number() OVER w AS place,
         lag(state) OVER w AS state_before,
         lag(at) OVER w AS at_before,
         lead(event_id) OVER w IS NULL AS is_last
  FROM ttr_data.event
  WHERE EXISTS (SELECT FROM ttr_data.event)
    AND conversation_id IN (SELECT conversation_id FROM stage)
  WINDOW w AS (PARTITION BY conversation_id, state IS NULL ORDER BY at, octet_length(event_id), event_id)
),
folded AS (
  SELECT conversation_id,
         count(*)::integer AS event_count,
         count(*) FILTER (WHERE is_part)::integer AS part_count,
         max(version) FILTER (WHERE state IS NOT NULL) AS state_version,
         min(at) AS earliest_at,
         max(at) AS latest_at,
         min(at) FILTER (WHERE state IS NOT NULL) AS first_state_at,
         min(at) FILTER (WHERE state = 'closed') AS first_close_at,
         max(state) FILTER (WHERE is_last) AS state,
         max(at) FILTER (WHERE state = 'closed' AND state_before IS DISTINCT FROM 'closed') AS closed_at,
         (array_agg(author ORDER BY place DESC) FILTER (WHERE state = 'closed' AND state_before IS DISTINCT FROM 'closed'))[1] AS closed_by,
         array_agg(at_before) FILTER (WHERE state <> 'closed' AND state_before = 'closed') AS undone_closes,
         array_agg(at) FILTER (WHERE is_reply) AS replies,
         array_agg(at) FILTER (WHERE named_before <> coalesce(state_before, 'open') AND state IS NOT NULL
                                     AND (at - at_before > interval '1 second') IS NOT FALSE) AS unexplained,
         array_agg(at) FILTER (WHERE named_before IS NOT NULL AND state IS NULL) AS passing,
         ttr.open_intervals(at, state ORDER BY place) AS open_intervals
  FROM placed
  GROUP BY conversation_id
),
counted AS (
  SELECT DISTINCT ON (s.conversation_id) s.conversation_id, s.event_total, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  WHERE s.event_total IS NOT NULL
  ORDER BY s.conversation_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
)
SELECT conversation_id,
       counted.event_total,
       counted.version AS event_total_version,
       f.event_count,
       f.part_count,
       f.state_version,
       f.earliest_at,
       f.latest_at,
       f.first_state_at,
       f.first_close_at,
       f.state,
       CASE WHEN f.state = 'closed' THEN f.closed_at END AS resolved_at,
       CASE WHEN f.state = 'closed' THEN f.closed_by END AS closed_by,
       f.undone_closes,
       CASE WHEN f.unexplained IS NOT NULL THEN ARRAY(SELECT unnest(f.unexplained) EXCEPT SELECT unnest(f.passing)) END AS gaps,
       f.replies,
       f.open_intervals
FROM counted
FULL JOIN folded AS f USING (conversation_id)

-- name: settle
-- The fields of a conversation, from what records said of it and from its timeline (a row of the table of that name, or NULL).
--
--   state               as recorded, unless an event is newer than the newest record with a state: then that of the timeline
--   started_at          as recorded; of starts that are guesses the earliest. A guess that an event precedes, or that is no earlier
--                       than a close, is none: then, and where no record has any start, it is unknown
--   open_intervals      open from the start on, until an event says otherwise; the state at the start is that of the last event
--                       before it, if there is one. NULL where the start is unknown, or the timeline is not whole from there on
--   resolved_at,        the close that still holds in the timeline, and who did that, where the timeline is known as a whole
--   closed_by,          and comes to the same state; else as recorded, but of a closer only for the close that he was named with
--   reopen_count        only what was opened after a close that the customer had waited for
--   first_response_at   the first reply in the timeline, where that is known as a whole; where no record counts the events,
--                       the earlier of that and what was recorded
--
-- The timeline is whole where as many parts are known as the newest record counts, no gap lies behind the start, and no record that
-- is as new as its events has a close later than all of them, which would show that events are missing.
--
-- told is what the records said, where the fields say something else: a later change of the timeline needs it again.
CREATE FUNCTION pg_temp.settle(told_state text, state_version timestamptz, told_start timestamptz, is_certain boolean,
                               told_response timestamptz, told_close timestamptz, told_closer text, closer_at timestamptz,
                               told_reopens integer, event_total integer, t timeline)
RETURNS TABLE (state text, started_at timestamptz, first_response_at timestamptz, resolved_at timestamptz, closed_by text,
               reopen_count integer, open_intervals tstzmultirange, told jsonb)
LANGUAGE sql STABLE AS $$
  SELECT r.*,
         CASE WHEN (r.state, r.started_at, r.first_response_at, r.resolved_at, r.closed_by, r.reopen_count,
                    CASE WHEN told_closer IS NOT NULL THEN r.resolved_at END)
                   IS DISTINCT FROM
                   (told_state, told_start, told_response, told_close, told_closer, told_reopens,
                    CASE WHEN told_closer IS NOT NULL THEN closer_at END)
              THEN jsonb_build_object('state', told_state, 'started_at', told_start, 'first_response_at', told_response,
                                      'resolved_at', told_close, 'closed_by', told_closer,
                                      'closed_at', CASE WHEN told_closer IS NOT NULL THEN closer_at END,
                                      'reopen_count', told_reopens)
         END
  FROM (
    SELECT CASE WHEN v.is_newer THEN t.state ELSE coalesce(told_state, 'open') END AS state,
           v.started_at,
           -- No events at all are a timeline, too, where a record says that there are none.
           (t.part_count >= event_total OR (event_total IS NULL AND t.event_count > 0) OR (t.event_count IS NULL AND event_total = 0))
             AND NOT EXISTS (SELECT FROM unnest(t.gaps) AS gap WHERE (gap <= v.started_at) IS NOT TRUE)
             AND (NOT v.is_newer AND told_state = 'closed' AND told_close > t.latest_at + interval '1 second') IS NOT TRUE AS is_whole,
           v.is_newer,
           coalesce(t.state, 'open') AS timeline_state
    FROM (
      SELECT t.state IS NOT NULL AND (state_version >= t.state_version) IS NOT TRUE AS is_newer,
             CASE WHEN is_certain OR (t.earliest_at < told_start OR t.first_close_at <= told_start) IS NOT TRUE THEN told_start
             END AS started_at
    ) AS v
  ) AS b
  CROSS JOIN LATERAL (
    SELECT b.state,
           b.started_at,
           CASE WHEN b.is_whole AND t.replies IS NOT NULL
                THEN (SELECT CASE WHEN event_total IS NULL THEN least(min(reply), told_response)
                                  ELSE coalesce(min(reply), told_response)
                             END
                      FROM unnest(t.replies) AS reply
                      WHERE (reply < b.started_at) IS NOT TRUE)
                ELSE told_response
           END AS first_response_at,
           CASE WHEN b.timeline_state = b.state AND (b.is_whole OR b.is_newer) THEN t.resolved_at
                ELSE told_close
           END AS resolved_at,
           CASE WHEN b.timeline_state = b.state AND (b.is_whole OR b.is_newer) THEN t.closed_by
                WHEN closer_at IS NULL OR closer_at = told_close THEN told_closer
           END AS closed_by,
           CASE WHEN b.timeline_state = b.state AND b.is_whole
                THEN (SELECT count(*) FROM unnest(t.undone_closes) AS closed_at WHERE (closed_at < b.started_at) IS NOT TRUE)::integer
                ELSE told_reopens
           END AS reopen_count,
           CASE WHEN b.is_whole AND b.started_at IS NOT NULL
                     -- One of these is open, or else the intervals alone would not show that the timeline ends in another state.
                     AND (b.timeline_state = b.state OR 'open' IN (b.timeline_state, b.state))
                THEN (CASE WHEN b.started_at >= t.first_state_at THEN '{}'
                           ELSE tstzmultirange(tstzrange(b.started_at, t.first_state_at))
                      END + coalesce(t.open_intervals, '{}'))
                     * tstzmultirange(tstzrange(b.started_at, NULL))
           END AS open_intervals
    OFFSET 0 -- each is computed once, wherever it is read
  ) AS r
$$

-- name: extend_calendars
-- Business hours are known for the days that calendars cover: those of what was loaded, too.
SELECT ttr_data.extend_calendars(min(first), max(last))
FROM (
  SELECT earliest AS first, latest AS last FROM file
  UNION ALL
  SELECT earliest_at, greatest(earliest_at, resolved_at) FROM timeline
) AS loaded
