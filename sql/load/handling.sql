-- Who had a conversation, who replied and who closed it: from the events of each staged conversation whose timeline is known.
--
--   timeline           the assignments, replies and closes of a conversation, as arrays    build_timelines
--   derived_handling   a row for each handler of a conversation                            gather_handlers
--   handling           the same in the facts                                               write_first_handlers, write_handlers
--
-- An event may assign a conversation to a teammate, to a team, or to both; 0 takes it away. An assignment to a teammate stands until the
-- next event about a teammate, and one to a team until the next about a team. Where no event is about a teammate, the assignee whom the
-- conversation names had it from the start on.
--
-- A reply or a close before the start does not count. Of two replies in one second the first one ended the wait. A handoff passes a
-- conversation from one handler to another of the same type, at once or with nobody between.

-- name: gather_handlers
-- unnest() in the list of columns takes half the time that it takes as a table.
CREATE TEMPORARY TABLE derived_handling ON COMMIT DROP AS
WITH conversation AS (
  SELECT c.conversation_id, c.assignee_id, c.started_at, c.answered_waits, t.assigned_at, t.assignees, t.teams, t.replies, t.repliers,
         t.closes, t.closer_types, t.closers
  FROM ttr_data.conversation AS c
  LEFT JOIN timeline AS t USING (conversation_id)
  WHERE c.conversation_id IN (SELECT conversation_id FROM stage)
    AND c.open_intervals IS NOT NULL
    AND EXISTS (SELECT FROM ttr_data.event)
),
assigned AS (
  SELECT conversation_id, unnest(assigned_at) AS at, unnest(assignees) AS assignee, unnest(teams) AS team,
         generate_series(1, cardinality(assigned_at)) AS place
  FROM conversation
  WHERE assigned_at IS NOT NULL
),
assignment AS (
  SELECT conversation_id, 'teammate' AS handler_type, assignee AS handler_id, at, place FROM assigned WHERE assignee IS NOT NULL
  UNION ALL
  SELECT conversation_id, 'team', team, at, place FROM assigned WHERE team IS NOT NULL
  UNION ALL
  SELECT conversation_id, 'teammate', assignee_id, started_at, 0
  FROM conversation
  WHERE assignee_id <> '' AND coalesce(array_remove(assignees, NULL), '{}') = '{}'
),
stint AS (
  SELECT conversation_id, handler_type, handler_id, at, place, lead(at) OVER w AS ends_at
  FROM assignment
  WINDOW w AS (PARTITION BY conversation_id, handler_type ORDER BY at, place)
),
answered AS (
  SELECT conversation_id, unnest(answered_waits) AS wait FROM conversation WHERE answered_waits <> '{}'
),
reply AS (
  SELECT conversation_id, started_at, unnest(replies) AS at, unnest(repliers) AS replier,
         unnest(NULL::timestamptz || trim_array(replies, 1)) AS at_before
  FROM conversation
  WHERE replies IS NOT NULL
),
close AS (
  SELECT conversation_id, started_at, unnest(closes) AS at, unnest(closer_types) AS closer_type, unnest(closers) AS closer,
         unnest(closes[2:] || NULL::timestamptz) AS at_after
  FROM conversation
  WHERE closes IS NOT NULL
),
deed AS (
  SELECT conversation_id, handler_type, handler_id, tstzrange(at, ends_at) AS assigned, CASE WHEN place > 0 THEN at END AS assigned_at,
         lead(handler_id) OVER w <> handler_id AS is_handoff, NULL::tstzrange AS answered, false AS is_reply,
         NULL::timestamptz AS closed_at, NULL::boolean AS is_last_close
  FROM stint
  WHERE handler_id <> '0'
  WINDOW w AS (PARTITION BY conversation_id, handler_type ORDER BY at, place)
  UNION ALL
  -- assigned, assigned_at, is_handoff, answered, is_reply, closed_at, is_last_close
  SELECT r.conversation_id, 'teammate', coalesce(r.replier, ''), NULL, NULL, false, a.wait, true, NULL, NULL
  FROM reply AS r
  LEFT JOIN answered AS a ON (a.conversation_id, upper(a.wait)) = (r.conversation_id, r.at) AND r.at_before IS DISTINCT FROM r.at
  WHERE r.at >= r.started_at
  UNION ALL
  SELECT conversation_id, closer_type, coalesce(closer, ''), NULL, NULL, false, NULL, false, at, at_after IS NULL
  FROM close
  WHERE at >= started_at
)
SELECT conversation_id, handler_type, handler_id,
       coalesce(range_agg(assigned) FILTER (WHERE assigned IS NOT NULL), '{}') AS assigned_intervals,
       coalesce(range_agg(answered) FILTER (WHERE answered IS NOT NULL), '{}') AS answered_waits,
       count(assigned_at) AS assignment_count,
       count(*) FILTER (WHERE is_handoff) AS handoff_count,
       count(*) FILTER (WHERE is_reply) AS reply_count,
       count(closed_at) AS close_count,
       min(assigned_at) AS first_assigned_at,
       min(closed_at) AS first_close_at,
       max(closed_at) AS last_close_at,
       coalesce(bool_or(is_last_close), false) AS has_last_close
FROM deed
GROUP BY conversation_id, handler_type, handler_id

-- name: write_first_handlers
-- The table is empty: there is nothing to compare with.
INSERT INTO ttr_data.handling
  (conversation_id, handler_type, handler_id, assigned_intervals, answered_waits, assignment_count, handoff_count, reply_count, close_count,
   first_assigned_at, first_close_at, last_close_at, has_last_close)
TABLE derived_handling

-- name: write_handlers
DELETE FROM ttr_data.handling AS h
WHERE h.conversation_id IN (SELECT conversation_id FROM stage)
  AND NOT EXISTS (SELECT FROM derived_handling AS n
                  WHERE (n.conversation_id, n.handler_type, n.handler_id) = (h.conversation_id, h.handler_type, h.handler_id));

INSERT INTO ttr_data.handling AS h
  (conversation_id, handler_type, handler_id, assigned_intervals, answered_waits, assignment_count, handoff_count, reply_count, close_count,
   first_assigned_at, first_close_at, last_close_at, has_last_close)
SELECT conversation_id, handler_type, handler_id, assigned_intervals, answered_waits, assignment_count, handoff_count, reply_count,
       close_count, first_assigned_at, first_close_at, last_close_at, has_last_close
FROM derived_handling
ON CONFLICT (conversation_id, handler_type, handler_id) DO UPDATE
SET assigned_intervals = excluded.assigned_intervals, answered_waits = excluded.answered_waits,
    assignment_count = excluded.assignment_count, handoff_count = excluded.handoff_count, reply_count = excluded.reply_count,
    close_count = excluded.close_count, first_assigned_at = excluded.first_assigned_at, first_close_at = excluded.first_close_at,
    last_close_at = excluded.last_close_at, has_last_close = excluded.has_last_close
WHERE (h.assigned_intervals, h.answered_waits, h.assignment_count, h.handoff_count, h.reply_count, h.close_count, h.first_assigned_at,
       h.first_close_at, h.last_close_at, h.has_last_close)
      IS DISTINCT FROM
      (excluded.assigned_intervals, excluded.answered_waits, excluded.assignment_count, excluded.handoff_count, excluded.reply_count,
       excluded.close_count, excluded.first_assigned_at, excluded.first_close_at, excluded.last_close_at,
       excluded.has_last_close)
