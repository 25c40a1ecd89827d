-- Each file is an export of its own, as old as was said. One that nobody dated is as old as the newest time in it, unless
-- that is still to come: a mistyped year would make every later export look older. A list of teammates dates no facts.
UPDATE file
SET exported_at = coalesce(run.exported_at, newest.seen, CASE WHEN newest.file IS NOT NULL THEN run.started_at END),
    earliest = newest.earliest,
    latest = newest.latest
FROM run
CROSS JOIN file AS f
LEFT JOIN (
  SELECT s.file,
         max(greatest(CASE WHEN s.started_at <= now() THEN s.started_at END,
                      CASE WHEN s.first_response_at <= now() THEN s.first_response_at END,
                      CASE WHEN s.resolved_at <= now() THEN s.resolved_at END,
                      CASE WHEN s.updated_at <= now() THEN s.updated_at END,
                      CASE WHEN s.event_at IS NOT NULL
                           THEN (SELECT max(at) FROM unnest(s.event_at) AS at WHERE at <= now()) END)) AS seen,
         min(s.started_at) AS earliest,
         max(greatest(s.started_at, s.first_response_at, s.resolved_at, s.updated_at)) AS latest
  FROM stage AS s
  GROUP BY s.file
) AS newest ON newest.file = f.file
WHERE f.file = file.file
  AND f.is_export
