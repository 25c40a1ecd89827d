-- Business hours are known for the days that calendars cover: those of what was loaded, too.
SELECT ttr_data.extend_calendars(min(started_at), max(greatest(started_at, first_response_at, resolved_at, updated_at)))
FROM stage
