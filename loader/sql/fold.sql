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
