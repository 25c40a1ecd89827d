-- Who had a conversation, who replied and who closed it: from the events of each staged conversation whose timeline is known.
--
--   timeline   the assignments, replies and closes of a conversation, as arrays     build_timelines
--   handled    a row for each handler of a conversation                             gather_handlers
--   handling   the same in the facts, written where it differs                      write_handlers
--
-- An event may assign a conversation to a teammate, to a team, or to both; 0 takes it away. An assignment to a teammate stands until the
-- next event about a teammate, and one to a team until the next about a team. Where no event assigns a teammate, whom the conversation
-- names had it from the start on.
--
-- Replies and closes before the start count as little as a reopening before it does. A handoff is the passing from one teammate to another,
-- also with nobody between.

-- name: gather_handlers
CREATE TEMPORARY TABLE handled ON COMMIT DROP AS
WITH known AS (
  SELECT c.conversation_id, c.assignee_id, c.started_at, c.answered_waits, t.assigned_at, t.assignees, t.teams, t.replies, t.repliers,
         t.closes, t.closer_types, t.closers
  FROM ttr_data.conversation AS c
  LEFT JOIN timeline AS t USING (conversation_id)
  WHERE c.conversation_id IN (SELECT conversation_id FROM stage)
    AND c.open_intervals IS NOT NULL
    AND EXISTS (SELECT FROM ttr_data.event)
),
assignment AS (
  SELECT k.conversation_id, h.handler_type, h.handler_id, a.at, a.place
  FROM known AS k
  CROSS JOIN LATERAL unnest(k.assigned_at, k.assignees, k.teams) WITH ORDINALITY AS a (at, assignee, team, place)
  CROSS JOIN LATERAL (VALUES ('teammate', a.assignee), ('team', a.team)) AS h (handler_type, handler_id)
  WHERE h.handler_id IS NOT NULL
  UNION ALL
  SELECT conversation_id, 'teammate', assignee_id, started_at, 0
  FROM known
  WHERE assignee_id <> '' AND coalesce(array_remove(assignees, NULL), '{}') = '{}'
),
stint AS (
  SELECT conversation_id, handler_type, handler_id, at, place, lead(at) OVER w AS ends_at
  FROM assignment
  WINDOW w AS (PARTITION BY conversation_id, handler_type ORDER BY at, place)
),
did AS (
  SELECT conversation_id, handler_type, handler_id, tstzrange(at, ends_at) AS assigned, place > 0 AS is_assignment,
         lead(handler_id) OVER w <> handler_id AS is_handoff, NULL::tstzrange AS answered, false AS is_reply, NULL::timestamptz AS closed_at
  FROM stint
  WHERE handler_id <> '0'
  WINDOW w AS (PARTITION BY conversation_id, handler_type ORDER BY at, place)
  UNION ALL
  SELECT k.conversation_id, 'teammate', coalesce(r.replier, ''), NULL, false, false, w.wait, true, NULL
  FROM known AS k
  CROSS JOIN LATERAL unnest(k.replies, k.repliers) AS r (at, replier)
  LEFT JOIN LATERAL unnest(k.answered_waits) AS w (wait) ON upper(w.wait) = r.at
  WHERE r.at >= k.started_at
  UNION ALL
  SELECT k.conversation_id, c.closer_type, coalesce(c.closer, ''), NULL, false, false, NULL, false, c.at
  FROM known AS k
  CROSS JOIN LATERAL unnest(k.closes, k.closer_types, k.closers) AS c (at, closer_type, closer)
  WHERE c.at >= k.started_at
)
SELECT conversation_id, handler_type, handler_id,
       coalesce(range_agg(assigned), '{}') AS assigned_intervals,
       coalesce(range_agg(answered), '{}') AS answered_waits,
       count(*) FILTER (WHERE is_assignment) AS assignment_count,
       count(*) FILTER (WHERE is_handoff) AS handoff_count,
       count(*) FILTER (WHERE is_reply) AS reply_count,
       count(closed_at) AS close_count,
       min(closed_at) AS first_close_at,
       max(closed_at) AS last_close_at
FROM did
GROUP BY conversation_id, handler_type, handler_id

-- name: write_handlers
DELETE FROM ttr_data.handling AS h
WHERE EXISTS (SELECT FROM ttr_data.handling)
  AND h.conversation_id IN (SELECT conversation_id FROM stage)
  AND NOT EXISTS (SELECT FROM handled AS n
                  WHERE (n.conversation_id, n.handler_type, n.handler_id) = (h.conversation_id, h.handler_type, h.handler_id));

INSERT INTO ttr_data.handling AS h
  (conversation_id, handler_type, handler_id, assigned_intervals, answered_waits, assignment_count, handoff_count, reply_count, close_count,
   first_close_at, last_close_at)
SELECT conversation_id, handler_type, handler_id, assigned_intervals, answered_waits, assignment_count, handoff_count, reply_count,
       close_count, first_close_at, last_close_at
FROM handled
ON CONFLICT (conversation_id, handler_type, handler_id) DO UPDATE
SET assigned_intervals = excluded.assigned_intervals, answered_waits = excluded.answered_waits,
    assignment_count = excluded.assignment_count, handoff_count = excluded.handoff_count, reply_count = excluded.reply_count,
    close_count = excluded.close_count, first_close_at = excluded.first_close_at, last_close_at = excluded.last_close_at
WHERE (h.assigned_intervals, h.answered_waits, h.assignment_count, h.handoff_count, h.reply_count, h.close_count, h.first_close_at,
       h.last_close_at)
      IS DISTINCT FROM
      (excluded.assigned_intervals, excluded.answered_waits, excluded.assignment_count, excluded.handoff_count, excluded.reply_count,
       excluded.close_count, excluded.first_close_at, excluded.last_close_at)
