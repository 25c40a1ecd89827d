-- An export that nobody dated is as old as the newest time in it.
UPDATE run
SET exported_at = (SELECT max(greatest(started_at, first_response_at, resolved_at, updated_at)) FROM stage)
WHERE exported_at IS NULL
