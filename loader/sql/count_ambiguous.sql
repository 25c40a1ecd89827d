-- $1 zone of naive times in files that name none. Of the naive times, still staged as if their clock stood in UTC: how many a
-- clock change skips, so that no clock ever showed them, or repeats, so that they may be either of two.
SELECT count(*)
FROM (
  SELECT at, coalesce(named, $1) AS zone
  FROM stage
  JOIN file USING (file)
  CROSS JOIN LATERAL (VALUES (started_at, naive & 1, zones[1]), (first_response_at, naive & 2, zones[2]),
                             (resolved_at, naive & 4, zones[3]), (updated_at, naive & 8, zones[4])) AS time (at, is_naive, named)
  WHERE naive <> 0 AND is_naive <> 0
  UNION ALL
  SELECT at, coalesce(zones[5], $1)
  FROM stage
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(event_at, event_naive) AS event (at, is_naive)
  WHERE event_naive IS NOT NULL AND is_naive IS NOT NULL
) AS staged
CROSS JOIN LATERAL (SELECT at AT TIME ZONE 'UTC' AS shown, at AT TIME ZONE 'UTC' AT TIME ZONE zone AS instant) AS local
CROSS JOIN LATERAL (SELECT instant - interval '24 hours' AS before) AS day
CROSS JOIN LATERAL (SELECT (shown - ((before AT TIME ZONE zone) - (before AT TIME ZONE 'UTC'))) AT TIME ZONE 'UTC' AS by_old_offset) AS other
WHERE instant AT TIME ZONE zone <> shown
   OR (by_old_offset <> instant AND by_old_offset AT TIME ZONE zone = shown)
