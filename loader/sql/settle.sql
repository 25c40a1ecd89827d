-- The fields of a conversation, from what records said of it and from its timeline (a row of the table of that name, or NULL).
--
--   state               as told, unless an event is newer than the newest record that told one: then that of the timeline
--   started_at          as told; a start that nobody told for certain is the earliest there is a trace of
--   resolved_at,        the close that still holds in the timeline, and who did that, where the timeline is known as a whole
--   closed_by,          and comes to the same state; else as told, but of a closer only for the close that he was told with
--   reopen_count        of these only what was opened after a close that the customer had waited for
--   first_response_at   the first reply in the timeline, where that is known as a whole; where nobody says how many events
--                       there are, the earlier of that and what was told
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
    SELECT CASE WHEN v.is_newer THEN coalesce(t.state, told_state, 'open') ELSE told_state END AS state,
           CASE WHEN is_certain THEN told_start ELSE least(told_start, t.started_at) END AS started_at,
           t.event_count >= coalesce(event_total, 0) AND t.has_no_gap AS is_whole,
           v.is_newer
    FROM (SELECT t.event_count IS NOT NULL AND (state_version >= t.version) IS NOT TRUE AS is_newer) AS v
  ) AS b
  CROSS JOIN LATERAL (
    SELECT b.state,
           b.started_at,
           CASE WHEN b.is_whole AND t.replies IS NOT NULL
                THEN (SELECT CASE WHEN event_total IS NULL THEN least(min(reply), told_response)
                                  ELSE coalesce(min(reply), told_response)
                             END
                      FROM unnest(t.replies) AS reply
                      WHERE reply >= b.started_at)
                ELSE told_response
           END AS first_response_at,
           CASE WHEN t.state = b.state AND (b.is_whole OR b.is_newer) THEN t.resolved_at
                ELSE told_close
           END AS resolved_at,
           CASE WHEN t.state = b.state AND (b.is_whole OR b.is_newer) THEN t.closed_by
                WHEN closer_at IS NULL OR closer_at = told_close THEN told_closer
           END AS closed_by,
           CASE WHEN t.state = b.state AND b.is_whole
                THEN (SELECT count(*) FROM unnest(t.undone_closes) AS closed_at WHERE closed_at >= b.started_at)::integer
                ELSE told_reopens
           END AS reopen_count,
           CASE WHEN b.is_whole THEN t.open_intervals * tstzmultirange(tstzrange(b.started_at, NULL)) END AS open_intervals
    OFFSET 0 -- each is computed once, wherever it is read
  ) AS r
$$
