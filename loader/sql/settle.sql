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
