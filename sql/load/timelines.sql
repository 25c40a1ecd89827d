-- Events, teammates, and the timelines that follow from all events that are known.

-- name: add_events
-- The events of all staged records, each once, by the newest record that has it; no event is ever taken away. A newer record
-- that repeats an event only raises its version, so that a record dated in between is seen as older; this is not counted.
WITH staged AS (
  SELECT DISTINCT ON (s.conversation_id, e.event_id)
         s.conversation_id, e.*, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.event_id, s.event_at, s.event_type, s.event_state, s.event_before, s.event_author,
                            s.event_author_id, s.event_reply, s.event_part, s.event_assignee, s.event_team, s.event_tags)
    AS e (event_id, at, type, state, state_before, author, author_id, is_reply, is_part, assignee_id, team_id, tags)
  WHERE s.event_id IS NOT NULL
  ORDER BY s.conversation_id, e.event_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
),
confirmed AS (
  UPDATE ttr_data.event AS e
  SET version = s.version
  FROM staged AS s
  WHERE (e.conversation_id, e.event_id) = (s.conversation_id, s.event_id)
    AND e.version < s.version
    AND (e.at, e.type, e.state, e.state_before, e.author, e.author_id, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
        IS NOT DISTINCT FROM
        (s.at, s.type, s.state, s.state_before, s.author, s.author_id, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags)
)
INSERT INTO ttr_data.event AS known
  (conversation_id, event_id, at, type, state, state_before, author, author_id, is_reply, is_part, assignee_id, team_id, tags, version,
   load_id)
SELECT s.*, run.load_id
FROM staged AS s
CROSS JOIN run
LEFT JOIN ttr_data.event AS e USING (conversation_id, event_id)
WHERE e.event_id IS NULL
   OR (e.version <= s.version
       AND (e.at, e.type, e.state, e.state_before, e.author, e.author_id, e.is_reply, e.is_part, e.assignee_id, e.team_id, e.tags)
           IS DISTINCT FROM
           (s.at, s.type, s.state, s.state_before, s.author, s.author_id, s.is_reply, s.is_part, s.assignee_id, s.team_id, s.tags))
ON CONFLICT (conversation_id, event_id) DO UPDATE
SET at = excluded.at, type = excluded.type, state = excluded.state, state_before = excluded.state_before, author = excluded.author,
    author_id = excluded.author_id, is_reply = excluded.is_reply, is_part = excluded.is_part, assignee_id = excluded.assignee_id,
    team_id = excluded.team_id, tags = excluded.tags, version = excluded.version, load_id = excluded.load_id

-- name: add_first_events
-- Add events where none is known yet and no conversation is staged twice: there is nothing to compare with.
INSERT INTO ttr_data.event
  (conversation_id, event_id, at, type, state, state_before, author, author_id, is_reply, is_part, assignee_id, team_id, tags, version,
   load_id)
SELECT s.conversation_id, unnest(s.event_id), unnest(s.event_at), unnest(s.event_type), unnest(s.event_state), unnest(s.event_before),
       unnest(s.event_author), unnest(s.event_author_id), unnest(s.event_reply), unnest(s.event_part), unnest(s.event_assignee),
       unnest(s.event_team), unnest(s.event_tags), coalesce(s.updated_at, file.exported_at), run.load_id
FROM stage AS s
JOIN file USING (file)
CROSS JOIN run
WHERE s.event_id IS NOT NULL

-- name: add_teammates
-- The teammates of the staged records. Address and name each come from the newest record that has one, since exports with names need not
-- have addresses. As with events, what a newer record confirms gets its version. A list has no times: its version is --exported-at, else
-- the start of this run.
WITH source AS (
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
  FROM source
  WHERE email IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
naming AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, name, version AS name_version
  FROM source
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
    load_id = CASE WHEN (known.email, known.name) IS DISTINCT FROM (excluded.email, excluded.name) THEN excluded.load_id
                   ELSE known.load_id END

-- name: build_timelines
-- The timelines of all staged conversations, each from all of its known events. Identifiers are numbers, and a later event has a higher
-- one. loader/read/export/object/events.c has the same order.
--
-- The start is no event: it is a field of the conversation, and derive_fields opens the timeline with it.
--
-- gaps: where events are missing, as in an export of the last month. A gap is before an event whose state before it no other event led
-- to, unless another event is at most a second earlier, as where two exports have the same change by clocks of different grain, or a
-- passing state (loader/read/export/table/states.c) accounts for it.
--
-- assigned_at, assignees and teams have an element for each event that assigns; replies and repliers one for each reply; closes,
-- closer_types and closers one for each close of what was not closed. Exports call a teammate admin; a handler is a teammate.
--
-- part_count has parts only, like the vendor's count: a log has the same event under another identifier.
--
-- kind: what hands the ball to the team, and what hands it back (doc/loader.md). A customer's part of another type, such as a rating, is no
-- message, but whatever a customer opens a closed conversation with is one. has_messages: parts have all messages, and so has a log with
-- one of the customer; states and actions of teammates have none. has_unnamed: nobody knows who wrote one.
CREATE TEMPORARY TABLE timeline ON COMMIT DROP AS
WITH placed AS (
  SELECT conversation_id, event_id, at, state, state_before AS named_before, author, is_reply, is_part, version,
         row_number() OVER w AS place,
         lag(state) OVER w AS state_before,
         CASE WHEN state = 'closed' THEN 'closed'
              WHEN is_reply THEN 'reply'
              WHEN author = 'user' AND (ttr.lower_case(type) IN ('comment', 'open', 'message')
                                        OR (state = 'open' AND lag(state) OVER w = 'closed')) THEN 'customer'
         END AS kind,
         assignee_id, team_id, author_id,
         coalesce(assignee_id, team_id) IS NOT NULL AS is_assignment,
         state = 'closed' AND lag(state) OVER w IS DISTINCT FROM 'closed' AS is_close,
         author IS NULL AND (ttr.lower_case(type) = 'message' OR (is_part AND ttr.lower_case(type) IN ('comment', 'open'))) AS is_unnamed,
         lag(at) OVER w AS at_before,
         lead(event_id) OVER w IS NULL AS is_last
  FROM ttr_data.event
  WHERE EXISTS (SELECT FROM ttr_data.event)
    AND conversation_id IN (SELECT conversation_id FROM stage)
  WINDOW w AS (PARTITION BY conversation_id, state IS NULL ORDER BY at, octet_length(event_id), event_id)
),
summed AS (
  SELECT conversation_id,
         count(*)::integer AS event_count,
         count(*) FILTER (WHERE is_part)::integer AS part_count,
         max(version) FILTER (WHERE state IS NOT NULL) AS state_version,
         min(at) AS earliest_at,
         max(at) AS latest_at,
         min(at) FILTER (WHERE state IS NOT NULL) AS first_state_at,
         min(at) FILTER (WHERE state = 'closed') AS first_close_at,
         max(state) FILTER (WHERE is_last) AS state,
         max(at) FILTER (WHERE is_close) AS closed_at,
         (array_agg(author ORDER BY place DESC) FILTER (WHERE is_close))[1] AS closed_by,
         array_agg(at ORDER BY place) FILTER (WHERE is_close) AS closes,
         array_agg(CASE author WHEN 'admin' THEN 'teammate' ELSE coalesce(author, 'unknown') END ORDER BY place) FILTER (WHERE is_close)
           AS closer_types,
         array_agg(author_id ORDER BY place) FILTER (WHERE is_close) AS closers,
         array_agg(at_before) FILTER (WHERE state <> 'closed' AND state_before = 'closed') AS undone_closes,
         array_agg(at ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE is_reply) AS replies,
         array_agg(author_id ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE is_reply) AS repliers,
         array_agg(at ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE is_assignment) AS assigned_at,
         array_agg(assignee_id ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE is_assignment) AS assignees,
         array_agg(team_id ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE is_assignment) AS teams,
         bool_or(is_part OR author = 'user') AS has_messages,
         bool_or(is_unnamed) AS has_unnamed,
         min(at) FILTER (WHERE kind IN ('reply', 'closed')) AS first_wait_end,
         array_agg(at) FILTER (WHERE kind IN ('reply', 'closed')) AS wait_ends,
         ttr.waiting_intervals(at, kind ORDER BY at, octet_length(event_id), event_id) FILTER (WHERE kind IS NOT NULL) AS waiting_intervals,
         array_agg(at) FILTER (WHERE named_before <> coalesce(state_before, 'open') AND state IS NOT NULL
                                     AND (at - at_before > interval '1 second') IS NOT FALSE) AS unexplained,
         array_agg(at) FILTER (WHERE named_before IS NOT NULL AND state IS NULL) AS passing,
         ttr.open_intervals(at, state ORDER BY place) AS open_intervals,
         ttr.open_intervals(at, CASE state WHEN 'snoozed' THEN 'open' WHEN 'open' THEN 'snoozed' ELSE state END ORDER BY place)
           AS snoozed_intervals
  FROM placed
  GROUP BY conversation_id
)
SELECT conversation_id,
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
       f.repliers,
       f.closes,
       f.closer_types,
       f.closers,
       f.assigned_at,
       f.assignees,
       f.teams,
       f.has_messages,
       f.has_unnamed,
       f.first_wait_end,
       f.wait_ends,
       f.waiting_intervals,
       f.open_intervals,
       f.snoozed_intervals
FROM summed AS f

-- name: extend_calendars
-- Calendars cover the days of everything that was loaded.
SELECT ttr_data.extend_calendars(min(first), max(last))
FROM (
  SELECT earliest AS first, latest AS last FROM file
  UNION ALL
  SELECT earliest_at, greatest(earliest_at, resolved_at) FROM timeline
) AS loaded
