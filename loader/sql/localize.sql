-- $1 zone of naive times in files that name none. Naive times were staged as if their clock stood in UTC. The server converts
-- them, so that a time that a clock change skips or repeats becomes the same instant as everywhere else in PostgreSQL.
UPDATE stage
SET started_at        = CASE naive & 1 WHEN 0 THEN started_at
                        ELSE started_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[1], $1) END,
    first_response_at = CASE naive & 2 WHEN 0 THEN first_response_at
                        ELSE first_response_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[2], $1) END,
    resolved_at       = CASE naive & 4 WHEN 0 THEN resolved_at
                        ELSE resolved_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[3], $1) END,
    updated_at        = CASE naive & 8 WHEN 0 THEN updated_at
                        ELSE updated_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[4], $1) END,
    event_at          = CASE WHEN event_naive IS NULL THEN event_at
                        ELSE ARRAY(SELECT CASE WHEN e.naive IS NULL THEN e.at
                                               ELSE e.at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[5], $1) END
                                   FROM unnest(event_at, event_naive) WITH ORDINALITY AS e (at, naive, place)
                                   ORDER BY place) END
FROM file
WHERE file.file = stage.file
  AND (naive <> 0 OR event_naive IS NOT NULL)
