-- Whether the figures can be trusted: what they leave out, and how fresh they are.

-- Few conversations have a problem. An index has those whose own row shows it, and this is its condition; those after the newest export
-- are found by time. The result is a word and no boolean, so that the planner takes it for rare, as it is.
CREATE FUNCTION ttr_data.trust(state text, started_at timestamptz, first_response_at timestamptz, resolved_at timestamptz,
                               deleted_at timestamptz, open_intervals tstzmultirange, event_total integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN deleted_at IS NOT NULL
                 OR started_at IS NULL
                 OR (state = 'closed' AND (resolved_at >= started_at) IS NOT TRUE)
                 OR first_response_at < started_at
                 OR (open_intervals IS NOT NULL AND ttr_data.has_running_end(open_intervals) <> (state = 'open'))
                 OR (open_intervals IS NULL AND event_total IS NOT NULL)
            THEN 'doubtful'
            ELSE 'sound'
       END;
COMMENT ON FUNCTION ttr_data.trust IS 'Whether the facts of a conversation alone show that it may have a problem: doubtful or sound.';

-- The planner takes a range whose bounds it does not know for a small part of a table, and one bound for a third: hence BETWEEN.
-- Where events have states, a timeline follows unless some are missing. Open time outside of all days that every
-- calendar covers is none in business hours; the others need not be derived.
CREATE VIEW ttr.data_quality AS
SELECT f.conversation_id, d.problem, d.detail
FROM (
  SELECT c.conversation_id, p.problem
  FROM ttr_data.conversation AS c
  CROSS JOIN LATERAL (SELECT (SELECT max(exported_at) FROM ttr_data.load) AS data_as_of) AS a
  CROSS JOIN LATERAL (VALUES
    ('deleted', c.deleted_at IS NOT NULL),
    ('unknown_start', c.started_at IS NULL),
    ('closed_without_resolved_at', c.state = 'closed' AND c.resolved_at IS NULL),
    ('resolved_before_start', c.state = 'closed' AND c.resolved_at < c.started_at),
    ('resolved_after_export', c.state = 'closed' AND c.resolved_at > a.data_as_of),
    ('started_after_export', c.started_at > a.data_as_of),
    ('response_before_start', c.first_response_at < c.started_at),
    ('contradictory_timeline', c.open_intervals IS NOT NULL AND ttr_data.has_running_end(c.open_intervals) <> (c.state = 'open')),
    ('truncated_timeline', c.open_intervals IS NULL
       AND c.started_at IS NOT NULL
       AND c.event_total IS NOT NULL
       AND (c.event_total > (SELECT count(*) FROM ttr_data.event AS e WHERE e.conversation_id = c.conversation_id AND e.is_part)
            OR EXISTS (SELECT FROM ttr_data.event AS e
                       WHERE e.conversation_id = c.conversation_id AND coalesce(e.state, e.state_before) IS NOT NULL)))
  ) AS p (problem, is_there)
  WHERE p.is_there
    AND (c.deleted_at IS NULL OR p.problem = 'deleted')
    AND (ttr_data.trust(c.state, c.started_at, c.first_response_at, c.resolved_at, c.deleted_at, c.open_intervals, c.event_total)
         = 'doubtful'
         OR (c.state = 'closed' AND c.resolved_at BETWEEN a.data_as_of AND 'infinity')
         OR ttr_data.placed_at(c.started_at, c.resolved_at, c.exported_at) BETWEEN a.data_as_of AND 'infinity')
  UNION ALL
  SELECT c.conversation_id, 'truncated_timeline'
  FROM ttr_data.conversation AS c
  WHERE c.open_intervals IS NULL
    AND c.started_at IS NOT NULL
    AND c.event_total IS NULL
    AND c.deleted_at IS NULL
    AND EXISTS (SELECT FROM ttr_data.event AS e
                WHERE e.conversation_id = c.conversation_id AND coalesce(e.state, e.state_before) IS NOT NULL)
  UNION ALL
  SELECT c.conversation_id, 'outside_calendar'
  FROM ttr_data.counted AS c
  CROSS JOIN LATERAL (SELECT (SELECT range_intersect_agg(covered) FROM ttr_data.calendar) AS covered) AS k
  WHERE EXISTS (SELECT FROM ttr_data.calendar)  -- without one nothing is derived
    AND (least(c.started_at, lower(c.open_intervals)) >= lower(k.covered)
         AND CASE WHEN c.state = 'closed' THEN c.resolved_at ELSE c.data_as_of END <= upper(k.covered)) IS NOT TRUE
    AND ((c.is_closed AND c.business_seconds IS NULL AND (SELECT calendar FROM ttr_data.setting) IS NOT NULL)
         OR (c.sla_calendar IS NOT NULL AND c.sla_seconds IS NULL AND (c.is_closed OR c.state <> 'closed')))
) AS f
JOIN (VALUES
  ('deleted', 'The vendor deleted it: it is in no figure.'),
  ('unknown_start', 'No export has its start: it is in no time to resolution and has no age.'),
  ('closed_without_resolved_at', 'It is closed, but no export has the time: it is in no time to resolution.'),
  ('resolved_before_start', 'It was resolved before it started: it is in no time to resolution.'),
  ('resolved_after_export', 'It was resolved after the newest export was taken: it counts, and its time may be wrong.'),
  ('started_after_export', 'It started after the newest export was taken: while it is open, it has no age.'),
  ('response_before_start', 'It was answered before it started: it is in no time to first response.'),
  ('contradictory_timeline', 'Its timeline ends in another state: the span from start to close counts instead.'),
  ('truncated_timeline', 'Events of it are missing: the span from start to close counts instead.'),
  ('outside_calendar', 'It lies outside of the days that its calendar covers: it is in no figure in business hours, and neither keeps '
                       'nor misses a target in them.')
) AS d (problem, detail) USING (problem);
COMMENT ON VIEW ttr.data_quality IS 'What the figures leave out or may have wrong, live from the facts, by conversation and problem.';
COMMENT ON COLUMN ttr.data_quality.detail IS 'What is wrong and what it means for the figures, in words.';

-- Neither the record nor the detail: both may hold what people wrote.
CREATE VIEW ttr.rejects AS
SELECT load_id, file, line, byte_offset, column_name, reason FROM ttr_data.reject;
COMMENT ON VIEW ttr.rejects IS 'Records that could not be loaded: where they stand and why, without what they hold.';
COMMENT ON COLUMN ttr.rejects.load_id IS 'Number of the load that rejected it.';
COMMENT ON COLUMN ttr.rejects.reason IS 'Why, as a stable code such as bad_time; doc/loader.md lists them.';

CREATE VIEW ttr.freshness AS
SELECT (SELECT max(exported_at) FROM ttr_data.load) AS data_as_of,
       l.load_id AS last_load_id,
       l.finished_at AS last_load_at,
       r.refreshed_at,
       (SELECT count(*) FROM ttr_data.marked_day) AS days_marked,
       r.refreshed_at IS NOT NULL AND NOT EXISTS (SELECT FROM ttr_data.mark)
         AND r.data_as_of IS NOT DISTINCT FROM (SELECT max(exported_at) FROM ttr_data.load) AS is_fresh,
       (SELECT max(version) FROM ttr_data.schema_version) AS schema_version,
       (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'ttr') AS extension_version
FROM (VALUES (true)) AS one (only_row)
LEFT JOIN ttr_data.refreshed AS r USING (only_row)
LEFT JOIN (SELECT load_id, finished_at FROM ttr_data.load ORDER BY load_id DESC LIMIT 1) AS l ON true;
COMMENT ON VIEW ttr.freshness IS 'How fresh everything is, in one row.';
