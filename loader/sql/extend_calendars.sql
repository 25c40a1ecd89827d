-- Business hours are known for the days that calendars cover: those of what was loaded, too.
SELECT ttr_data.extend_calendars(min(first), max(last))
FROM (
  SELECT started_at AS first, greatest(started_at, first_response_at, resolved_at, updated_at) AS last FROM stage
  UNION ALL
  SELECT started_at, greatest(started_at, resolved_at) FROM timeline
) AS loaded
