-- The timelines of all conversations that the run names, each folded from all its events, and how many events there are as far
-- as the run's records say.
CREATE TEMPORARY TABLE timeline ON COMMIT DROP AS
SELECT conversation_id, said.event_total, known.event_count, known.open_intervals
FROM (
  SELECT conversation_id, max(event_total) AS event_total FROM stage WHERE event_total IS NOT NULL GROUP BY conversation_id
) AS said
FULL JOIN (
  SELECT conversation_id,
         count(*) FILTER (WHERE event_id <> 'start') AS event_count,
         ttr.open_intervals(at, state ORDER BY event_id <> 'start', length(event_id), event_id) AS open_intervals
  FROM ttr_data.event
  WHERE conversation_id IN (SELECT conversation_id FROM stage)
  GROUP BY conversation_id
) AS known USING (conversation_id)
