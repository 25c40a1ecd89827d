-- The timelines of all conversations that the run names, each folded from all events that are known of it, and how many events
-- there are according to the newest of the run's records that says so. Identifiers are numbers, and a later event has a
-- higher one; that of the start is empty, and first. loader/timeline.c has the same order.
--
-- A state before an event that no other event led to shows that some are missing, as in an export of the last month; unless it
-- began and ended in the event's own second, where another export or a passing state (loader/shape_states.c) tells of it.
--
-- Until an event says otherwise a conversation is open: where no start is told, from its earliest event on.
CREATE TEMPORARY TABLE timeline ON COMMIT DROP AS
WITH placed AS (
  SELECT conversation_id, event_id, at, state, state_before AS told_before, author, is_reply, version,
         row_number() OVER told AS place,
         lag(state) OVER told AS state_before,
         lag(at) OVER told AS at_before,
         lead(event_id) OVER told IS NULL AS is_last
  FROM ttr_data.event
  WHERE EXISTS (SELECT FROM ttr_data.event)
    AND conversation_id IN (SELECT conversation_id FROM stage)
  WINDOW told AS (PARTITION BY conversation_id, state IS NULL ORDER BY at, octet_length(event_id), event_id)
),
folded AS (
  SELECT conversation_id,
         count(*) FILTER (WHERE event_id <> '')::integer AS event_count,
         NOT bool_or(event_id = '') AS lacks_start,
         min(at) AS started_at,
         min(at) FILTER (WHERE state IS NOT NULL) AS first_state_at,
         max(version) AS version,
         max(state) FILTER (WHERE is_last) AS state,
         max(at) FILTER (WHERE state = 'closed' AND state_before IS DISTINCT FROM 'closed') AS closed_at,
         (array_agg(author ORDER BY place DESC) FILTER (WHERE state = 'closed' AND state_before IS DISTINCT FROM 'closed'))[1] AS closed_by,
         array_agg(at_before) FILTER (WHERE state <> 'closed' AND state_before = 'closed') AS undone_closes,
         array_agg(at) FILTER (WHERE is_reply) AS replies,
         coalesce(array_agg(at) FILTER (WHERE told_before <> coalesce(state_before, 'open') AND state IS NOT NULL
                                              AND (at_before < at) IS NOT FALSE)
                  <@ coalesce(array_agg(at) FILTER (WHERE told_before IS NOT NULL AND state IS NULL), '{}'), true) AS has_no_gap,
         ttr.open_intervals(at, state ORDER BY place) AS open_intervals
  FROM placed
  GROUP BY conversation_id
),
said AS (
  SELECT DISTINCT ON (s.conversation_id) s.conversation_id, s.event_total, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  WHERE s.event_total IS NOT NULL
  ORDER BY s.conversation_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
)
SELECT conversation_id,
       said.event_total,
       said.version AS event_total_version,
       f.event_count,
       f.version,
       f.started_at,
       f.state,
       CASE WHEN f.state = 'closed' THEN f.closed_at END AS resolved_at,
       CASE WHEN f.state = 'closed' THEN f.closed_by END AS closed_by,
       f.undone_closes,
       f.has_no_gap,
       f.replies,
       CASE WHEN f.lacks_start
            THEN tstzmultirange(tstzrange(f.started_at, f.first_state_at)) + coalesce(f.open_intervals, '{}')
            ELSE f.open_intervals
       END AS open_intervals
FROM said
FULL JOIN folded AS f USING (conversation_id)
