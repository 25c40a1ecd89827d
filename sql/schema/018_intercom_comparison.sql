-- Beside Intercom: our clocks of every closed conversation, Intercom's figures where the export has them, and why they differ.
--
-- Intercom's figures stand in the attributes, under the names of the export: statistics of its API, columns of its reports, or names of
-- its reporting export. They differ in what they leave out, so one of our clocks that has the same number explains the difference:
--
--   reason         Intercom's figure is
--   equal          our time to resolution
--   snoozed        the same, and the time snoozed besides
--   reopened       the same, and the time closed in between; or that up to the first close only
--   office hours   counted in business hours
--   truncated      none of our clocks, and our timeline is not all there is
--   unknown start, unknown resolution    of a closed conversation without a time of ours, because no export has its start, or its
--                  last close
--   unknown        none of our clocks
--
-- Intercom's seconds are whole, so that one more or less is no difference. Where no clock of ours matches, a figure that is in office
-- hours by its name is assumed to leave some out: Intercom's schedule need not be the calendar of the settings.

CREATE FUNCTION ttr_data.number(attributes jsonb, path jsonpath) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_path_query_first(attributes, path, '{}', true)::double precision;
COMMENT ON FUNCTION ttr_data.number IS 'The number at the path of an attribute; NULL where the path finds none.';

CREATE VIEW ttr_data.intercom_figure AS
SELECT c.*, i.*, a.business_close_seconds, a.business_first_close_seconds, a.handling_seconds, f.*
FROM ttr_data.counted AS c
-- What the export has, as numbers or as text; NULL for anything else, and for a time that is no epoch. OFFSET 0: each is looked up once.
CROSS JOIN LATERAL (
  SELECT coalesce(ttr_data.number(c.attributes, '$."Time to close (seconds)".double()'),
                  ttr_data.number(c.attributes, '$.conversation_time_to_close.double()'),
                  ttr_data.number(c.attributes, '$."duration.conversation_time_to_close".double()')) AS stated_close,
         coalesce(ttr_data.number(c.attributes, '$.statistics.time_to_last_close.double()'),
                  ttr_data.number(c.attributes, '$."Time to close, within office hours (seconds)".double()'),
                  ttr_data.number(c.attributes, '$.time_to_close_in_office_hours.double()'),
                  ttr_data.number(c.attributes, '$."duration.time_to_close_in_office_hours".double()')) AS business_close_seconds,
         coalesce(ttr_data.number(c.attributes, '$."Time to first close (seconds)".double()'),
                  ttr_data.number(c.attributes, '$.time_to_first_close.double()'),
                  ttr_data.number(c.attributes, '$."duration.time_to_first_close".double()')) AS stated_first_close,
         coalesce(ttr_data.number(c.attributes, '$.statistics.time_to_first_close.double()'),
                  ttr_data.number(c.attributes, '$."Time to first close, within office hours (seconds)".double()'),
                  ttr_data.number(c.attributes, '$.time_to_first_close_in_office_hours.double()'),
                  ttr_data.number(c.attributes, '$."duration.time_to_first_close_in_office_hours".double()')
                 ) AS business_first_close_seconds,
         coalesce(ttr_data.number(c.attributes, '$.statistics.handling_time.double()'),
                  ttr_data.number(c.attributes, '$."Handling time (seconds)".double()'),
                  ttr_data.number(c.attributes, '$.conversation_handling_time.double()'),
                  ttr_data.number(c.attributes, '$."duration.conversation_handling_time".double()')) AS handling_seconds,
         ttr_data.number(c.attributes, '$.statistics.first_contact_reply_at.double() ? (@ >= 0 && @ < 1e15)') AS began,
         ttr_data.number(c.attributes, '$.statistics.first_close_at.double() ? (@ >= 0 && @ < 1e15)') AS first_closed,
         ttr_data.number(c.attributes, '$.statistics.last_close_at.double() ? (@ >= 0 && @ < 1e15)') AS last_closed
  OFFSET 0
) AS a
-- The durations of the API are all in office hours. The others follow from its times: epochs in seconds or milliseconds.
CROSS JOIN LATERAL (
  SELECT coalesce(a.stated_close, (a.last_closed - a.began) / e.unit) AS close_seconds,
         coalesce(a.stated_first_close, (a.first_closed - a.began) / e.unit) AS first_close_seconds
  FROM (SELECT CASE WHEN a.began > 99999999999 THEN 1000 ELSE 1 END AS unit) AS e
) AS i
-- The compared figure: what Intercom states goes before what follows from its times, the last close before the first.
CROSS JOIN LATERAL (
  SELECT coalesce(a.stated_close, a.business_close_seconds, i.close_seconds, a.stated_first_close, a.business_first_close_seconds,
                  i.first_close_seconds, a.handling_seconds) AS seconds,
         CASE WHEN a.stated_close IS NOT NULL THEN 'time to close'
              WHEN a.business_close_seconds IS NOT NULL THEN 'time to close in office hours'
              WHEN i.close_seconds IS NOT NULL THEN 'time to close'
              WHEN a.stated_first_close IS NOT NULL THEN 'time to first close'
              WHEN a.business_first_close_seconds IS NOT NULL THEN 'time to first close in office hours'
              WHEN i.first_close_seconds IS NOT NULL THEN 'time to first close'
              WHEN a.handling_seconds IS NOT NULL THEN 'handling time'
         END AS figure
  OFFSET 0
) AS f;
COMMENT ON VIEW ttr_data.intercom_figure IS 'Every conversation with Intercom''s figures, and the one that is compared.';

CREATE VIEW ttr.intercom_comparison AS
SELECT c.conversation_id,
       c.assignee,
       c.started_at,
       c.resolved_at,
       c.basis,
       c.resolution_seconds,
       c.elapsed_seconds,
       c.open_seconds,
       c.business_seconds,
       c.close_seconds AS intercom_close_seconds,
       c.business_close_seconds AS intercom_business_close_seconds,
       c.first_close_seconds AS intercom_first_close_seconds,
       c.business_first_close_seconds AS intercom_business_first_close_seconds,
       c.handling_seconds AS intercom_handling_seconds,
       c.figure AS compared_figure,
       c.seconds AS intercom_seconds,
       c.resolution_seconds - c.seconds AS difference_seconds,
       (c.resolution_seconds - c.seconds) / 3600 AS difference_hours,
       m.clock AS matching_clock,
       CASE
         WHEN c.seconds IS NULL THEN NULL
         WHEN c.started_at IS NULL THEN 'unknown start'
         WHEN c.resolved_at IS NULL THEN 'unknown resolution'
         WHEN m.clock = 'time to resolution' THEN 'equal'
         WHEN m.clock = 'open or snoozed' THEN 'snoozed'
         WHEN m.clock = 'elapsed'
           THEN CASE WHEN coalesce(k.unclosed_seconds - c.open_seconds >= c.elapsed_seconds - k.unclosed_seconds,
                                   c.reopen_count IS NULL OR c.reopen_count = 0)
                     THEN 'snoozed' ELSE 'reopened' END
         WHEN m.clock = 'to the first close' THEN 'reopened'
         WHEN m.clock IS NOT NULL THEN 'office hours'
         WHEN c.figure LIKE '%in office hours' AND c.seconds < c.elapsed_seconds THEN 'office hours'
         WHEN c.figure = 'time to first close' AND c.seconds < c.elapsed_seconds THEN 'reopened'
         WHEN c.open_intervals IS NULL AND t.event_count > 0 AND t.event_count < c.event_total THEN 'truncated'
         ELSE 'unknown'
       END AS reason
FROM ttr_data.intercom_figure AS c
CROSS JOIN (SELECT * FROM ttr_data.setting LIMIT 1) AS s
LEFT JOIN ttr_data.calendar AS h ON h.name = s.calendar
-- What only the events have. In unclosed snoozed time counts as open.
CROSS JOIN LATERAL (
  SELECT count(*) AS event_count,
         min(at) FILTER (WHERE state IS NOT NULL) AS first_state_at,
         min(at) FILTER (WHERE state = 'closed' AND at >= c.started_at) AS first_close_at,
         ttr.open_intervals(at, CASE state WHEN 'snoozed' THEN 'open' ELSE state END
                            ORDER BY length(event_id), event_id) AS unclosed
  FROM ttr_data.event
  WHERE event.conversation_id = c.conversation_id
    AND c.seconds IS NOT NULL
    AND (c.open_seconds IS NOT NULL OR c.event_total IS NOT NULL)
) AS t
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.seconds IS NOT NULL AND c.is_closed THEN tstzmultirange(tstzrange(c.started_at, c.resolved_at)) END AS elapsed,
         CASE WHEN c.open_seconds IS NOT NULL AND t.first_close_at IS NOT NULL
              THEN tstzmultirange(tstzrange(c.started_at, t.first_close_at))
         END AS to_first_close,
         CASE WHEN c.open_seconds IS NOT NULL AND t.event_count > 0
              THEN ttr.open_seconds((CASE WHEN c.started_at >= t.first_state_at THEN '{}'
                                          ELSE tstzmultirange(tstzrange(c.started_at, t.first_state_at))
                                     END + coalesce(t.unclosed, '{}'))
                                    * tstzmultirange(tstzrange(c.started_at, c.resolved_at)))
         END AS unclosed_seconds
) AS k
CROSS JOIN LATERAL (
  SELECT CASE
           WHEN abs(c.resolution_seconds - c.seconds) <= 1 THEN 'time to resolution'
           WHEN abs(c.elapsed_seconds - c.seconds) <= 1 THEN 'elapsed'
           WHEN abs(k.unclosed_seconds - c.seconds) <= 1 THEN 'open or snoozed'
           WHEN abs(ttr.open_seconds(k.to_first_close) - c.seconds) <= 1 THEN 'to the first close'
           WHEN abs(c.business_seconds - c.seconds) <= 1 THEN 'business hours'
           WHEN abs(ttr.business_seconds(k.elapsed, h.working_time, NULL, h.covered) - c.seconds) <= 1 THEN 'business hours elapsed'
           WHEN abs(ttr.business_seconds(k.to_first_close, h.working_time, NULL, h.covered) - c.seconds) <= 1
             THEN 'business hours to the first close'
         END AS clock
  OFFSET 0
) AS m
WHERE c.is_closed OR (c.state = 'closed' AND c.seconds IS NOT NULL);

COMMENT ON VIEW ttr.intercom_comparison IS
  'Every closed conversation: our clocks beside Intercom''s own figures, where the export has them, and why they differ; live from the '
  'facts. Where only Intercom has a figure, ours are NULL.';
