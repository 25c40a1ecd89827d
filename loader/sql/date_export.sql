-- An export that nobody dated is as old as the newest time in it, unless that is still to come: a mistyped year would make
-- every later export look older.
UPDATE run
SET exported_at = (
  SELECT coalesce(max(greatest(CASE WHEN s.started_at <= run.started_at THEN s.started_at END,
                               CASE WHEN s.first_response_at <= run.started_at THEN s.first_response_at END,
                               CASE WHEN s.resolved_at <= run.started_at THEN s.resolved_at END,
                               CASE WHEN s.updated_at <= run.started_at THEN s.updated_at END)),
                  CASE WHEN count(*) > 0 THEN run.started_at END)
  FROM stage AS s
)
WHERE exported_at IS NULL
