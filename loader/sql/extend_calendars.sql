-- Business hours are known for the days that calendars cover: those of what was loaded, too.
SELECT ttr_data.extend_calendars(min(first), max(last))
FROM (
  SELECT earliest AS first, latest AS last FROM file
  UNION ALL
  SELECT earliest_at, greatest(earliest_at, resolved_at) FROM timeline
) AS loaded
