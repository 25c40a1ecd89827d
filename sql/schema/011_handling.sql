-- Handling: who had a conversation, who replied, and who closed it.
--
-- The time to resolution is the customer's. Beside it stands what each teammate and team did. A handler holds a conversation while it is
-- open and assigned to them, so that 32 hours of Ann's do not count as Bob's because Bob had it last.
--
--   open        [---------------)           [------------------)
--   Ann         [-----)                                            held: the length of both at once
--   Bob               [------------------------------)
--   nobody                                           [---------)   unassigned
--
-- ttr_data.handling has a row for each conversation and handler; sql/load/handling.sql derives it from the events. The views cut its
-- intervals to the counted time of the conversation. The rollups are by day of resolution, and a refresh replaces those of marked days.
-- They are empty where no export has events.

CREATE FUNCTION ttr_data.mark_handling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC'
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ttr_data.refreshed) THEN
    INSERT INTO ttr_data.mark DEFAULT VALUES;
  ELSE
    INSERT INTO ttr_data.mark (hour)
    SELECT DISTINCT date_trunc('hour', c.resolved_at)
    FROM changed
    JOIN ttr_data.conversation AS c USING (conversation_id)
    WHERE c.resolved_at IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.mark_handling() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.mark_handling IS 'Marks the hours in which the conversations of changed handlers were resolved.';
CREATE TRIGGER mark_inserted AFTER INSERT ON ttr_data.handling REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_handling();
CREATE TRIGGER mark_updated AFTER UPDATE ON ttr_data.handling REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_handling();
CREATE TRIGGER mark_deleted AFTER DELETE ON ttr_data.handling REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_handling();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.handling
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

CREATE FUNCTION ttr_data.rating(attributes jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  -- most conversations have none
  WHEN attributes ?| '{conversation_rating,conversation_rating.rating,conversation_rating_rating,conversation_rating__rating,
                       conversation_rating_value,"Conversation rating",last_teammate_rating}'
  THEN (
    SELECT r.rating::double precision
    FROM (VALUES (ttr_data.attribute(attributes, 'conversation_rating.rating')), (attributes ->> 'conversation_rating_rating'),
                 (attributes ->> 'conversation_rating__rating'), (attributes ->> 'conversation_rating_value'),
                 (attributes ->> 'conversation_rating'), (attributes ->> 'Conversation rating'), (attributes ->> 'last_teammate_rating'))
      AS r (rating)
    WHERE r.rating ~ '^[1-5]([.]0+)?$'
    LIMIT 1
  )
END;
COMMENT ON FUNCTION ttr_data.rating IS
  'The customer''s rating, from 1 to 5: that of Intercom''s API, as an object or in a column of its own, of Fivetran''s table, or of a '
  'report. NULL where there is none. A remark is never read.';

-- A row for each handler of a conversation, and one where it has none. Time counts where the conversation is open in its timeline, up to
-- its resolution or to the newest export. The last close of all stands as long as the conversation is closed; each other one was followed
-- by a reopening.
--
-- OFFSET 0 makes the planner compute an expression once for all columns that read it. ttr_data.handled_whole has it around conversations,
-- too, so that nothing of them is computed for each handler. ttr_data.handled lacks it there, so that an index can still choose
-- conversations.
DO $generate$
DECLARE
  item  text[];
  views constant text[][] := ARRAY[['handled', ''], ['handled_whole', 'OFFSET 0']];
BEGIN
  FOREACH item SLICE 1 IN ARRAY views LOOP
    EXECUTE format($view$
      CREATE VIEW ttr_data.%I AS
      SELECT c.conversation_id,
             c.closed_by,
             c.state,
             c.is_closed,
             c.started_at,
             c.resolved_at,
             c.resolved_on,
             c.rating,
             c.open_seconds,
             h.handler_type,
             h.handler_id,
             h.first_assigned_at,
             h.assignment_count,
             h.handoff_count,
             h.reply_count,
             h.close_count,
             h.first_close_at,
             r.has_resolved,
             h.close_count > r.has_resolved::integer AS was_reopened,
             ttr.open_seconds(i.held, c.runs_to) AS held_seconds,
             ttr.business_seconds(i.held, s.working_time, c.runs_to, s.covered) AS held_business_seconds,
             ttr.each_seconds(h.answered_waits) AS next_response_seconds
      FROM (
        SELECT conversation_id, closed_by, state, is_closed, started_at, resolved_at, resolved_on, counted_intervals, runs_to,
               ttr_data.rating(attributes) AS rating, ttr.open_seconds(counted_intervals, runs_to) AS open_seconds
        FROM ttr_data.counted
        WHERE has_timeline
        %s
      ) AS c
      LEFT JOIN ttr_data.handling AS h USING (conversation_id)
      CROSS JOIN LATERAL (SELECT coalesce(c.is_closed AND h.has_last_close AND h.last_close_at = c.resolved_at, false)) AS r (has_resolved)
      CROSS JOIN LATERAL (
        SELECT (SELECT working_time FROM ttr_data.calendar WHERE name = (SELECT calendar FROM ttr_data.setting)) AS working_time,
               (SELECT covered FROM ttr_data.calendar WHERE name = (SELECT calendar FROM ttr_data.setting)) AS covered
      ) AS s
      CROSS JOIN LATERAL (
        SELECT CASE WHEN h.assigned_intervals <> '{}' THEN h.assigned_intervals * c.counted_intervals END
        OFFSET 0
      ) AS i (held)
    $view$, item[1], item[2]);
  END LOOP;
END
$generate$;
COMMENT ON VIEW ttr_data.handled IS
  'Each conversation with a timeline and each of its handlers, with the time that the handler had it: to choose some of them.';
COMMENT ON VIEW ttr_data.handled_whole IS 'ttr_data.handled, planned for a read of all conversations.';

-- A conversation is assigned to one teammate at a time. So the held times of all teammates add up, and the rest of the open time is
-- unassigned. Sums are to the microsecond, as times are. An assignment before the start counts at the start.
CREATE FUNCTION ttr_data.clock_query(handled text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN format($$
  SELECT conversation_id,
         min(closed_by) AS closed_by,
         bool_or(is_closed) AS is_closed,
         min(resolved_on) AS resolved_on,
         min(rating) AS rating,
         greatest(ttr.elapsed_seconds(min(started_at), min(first_assigned_at)),
                  CASE WHEN count(first_assigned_at) > 0 THEN 0 END) AS first_assignment_seconds,
         ttr.elapsed_seconds(min(started_at), min(first_close_at)) AS first_close_seconds,
         ttr.elapsed_seconds(min(started_at), min(first_close_at) FILTER (WHERE handler_type = 'teammate')) AS first_teammate_close_seconds,
         round(sum(held_seconds) FILTER (WHERE handler_type = 'teammate') * 1e6) / 1e6 AS handling_seconds,
         round(sum(held_business_seconds) FILTER (WHERE handler_type = 'teammate') * 1e6) / 1e6 AS handling_business_seconds,
         round((min(open_seconds) - coalesce(sum(held_seconds) FILTER (WHERE handler_type = 'teammate'), 0)) * 1e6) / 1e6
           AS unassigned_seconds,
         coalesce(sum(assignment_count) FILTER (WHERE handler_type = 'teammate'), 0) AS assignment_count,
         coalesce(sum(assignment_count) FILTER (WHERE handler_type = 'team'), 0) AS team_assignment_count,
         coalesce(sum(handoff_count) FILTER (WHERE handler_type = 'teammate'), 0) AS handoff_count,
         coalesce(sum(reply_count), 0) AS reply_count,
         count(*) FILTER (WHERE handler_type = 'teammate' AND reply_count > 0) AS replying_teammates
  FROM %s
  GROUP BY conversation_id
$$, handled);
COMMENT ON FUNCTION ttr_data.clock_query IS 'A query for the clocks of each conversation that follow from rows of ttr_data.handled.';

DO $generate$
BEGIN
  EXECUTE 'CREATE VIEW ttr_data.clocked AS ' || ttr_data.clock_query('ttr_data.handled');
END
$generate$;
COMMENT ON VIEW ttr_data.clocked IS 'Each conversation with a timeline, and the clocks that follow from its handlers.';

CREATE TABLE ttr_data.handling_rollup (
  day           date NOT NULL,
  handler_type  text COLLATE "C" NOT NULL,
  handler_id    text COLLATE "C" NOT NULL,
  total         bigint NOT NULL,
  total_closed  bigint NOT NULL,
  closed_ever   bigint NOT NULL,
  reopened      bigint NOT NULL,
  assignments   bigint NOT NULL,
  handoffs      bigint NOT NULL,
  replies       bigint NOT NULL,
  rated         bigint NOT NULL,
  ratings       bigint NOT NULL,
  held          ttr.distribution,
  held_business ttr.distribution,
  next_response ttr.distribution,
  PRIMARY KEY (day, handler_type, handler_id)
);
COMMENT ON TABLE ttr_data.handling_rollup IS 'By day of resolution: a row for each handler of the conversations that count as closed.';
COMMENT ON COLUMN ttr_data.handling_rollup.total IS 'Conversations that the handler had, replied in or closed.';
COMMENT ON COLUMN ttr_data.handling_rollup.total_closed IS 'Those of which the close of the handler stands.';
COMMENT ON COLUMN ttr_data.handling_rollup.reopened IS 'Those that were reopened after a close of the handler.';
COMMENT ON COLUMN ttr_data.handling_rollup.next_response IS 'Seconds of each wait that a reply of the handler ended.';

CREATE TABLE ttr_data.clock_rollup (
  day       date NOT NULL,
  clock     text COLLATE "C" NOT NULL,
  closed_by text COLLATE "C" NOT NULL,
  seconds   ttr.distribution NOT NULL,
  PRIMARY KEY (day, clock, closed_by)
);
COMMENT ON TABLE ttr_data.clock_rollup IS
  'By day of resolution: the times by each clock that follows from handlers, of the conversations that count as closed.';

CREATE TYPE ttr_data.clock_cell AS (
  day                  date,
  closed_by            text,
  first_assignment     ttr.distribution,
  first_close          ttr.distribution,
  first_teammate_close ttr.distribution,
  handling             ttr.distribution,
  handling_business    ttr.distribution,
  unassigned           ttr.distribution
);
COMMENT ON TYPE ttr_data.clock_cell IS 'What a pass over conversations makes for ttr_data.clock_rollup.';

CREATE FUNCTION ttr_data.replace_handling(everything boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ttr_data.handling) THEN  -- as without events: the facts are not read again
    DELETE FROM ttr_data.handling_rollup;
    DELETE FROM ttr_data.clock_rollup;
    RETURN;
  END IF;
  IF everything THEN
    PERFORM set_config('enable_nestloop', 'off', true);  -- a full read, of tables without statistics after a first load
    CREATE TEMPORARY TABLE ttr_handled ON COMMIT DROP AS SELECT * FROM ttr_data.handled_whole WHERE is_closed;
  ELSE
    CREATE TEMPORARY TABLE ttr_handled ON COMMIT DROP AS
    SELECT resolved.*
    FROM (
      SELECT ttr_data.begin_of(t.day, s.reporting_time_zone) AS begins_at,
             ttr_data.begin_of(t.day + 1, s.reporting_time_zone) AS ends_at
      FROM pg_temp.ttr_touched AS t
      CROSS JOIN ttr_data.setting AS s
    ) AS span
    CROSS JOIN LATERAL (
      SELECT * FROM ttr_data.handled
      WHERE is_closed AND state = 'closed' AND resolved_at >= span.begins_at AND resolved_at < span.ends_at
      OFFSET 0  -- a day at a time, by the index
    ) AS resolved;
  END IF;
  DELETE FROM ttr_data.handling_rollup WHERE everything OR day IN (SELECT day FROM pg_temp.ttr_touched);
  INSERT INTO ttr_data.handling_rollup
  SELECT day, handler_type, handler_id, sum(total), sum(total_closed), sum(closed_ever), sum(reopened), sum(assignments), sum(handoffs),
         sum(replies), sum(rated), sum(ratings), ttr.merge(held), ttr.merge(held_business), ttr.merge(next_response)
  FROM ttr.roll_up(
    'SELECT resolved_on AS day, handler_type, handler_id, true AS total, has_resolved AS total_closed, close_count > 0 AS closed_ever,
            was_reopened AS reopened, assignment_count AS assignments, handoff_count AS handoffs, reply_count AS replies,
            has_resolved AND rating IS NOT NULL AS rated, CASE WHEN has_resolved THEN rating::integer END AS ratings,
            held_seconds AS held, held_business_seconds AS held_business, next_response_seconds AS next_response
     FROM pg_temp.ttr_handled',
    '{"day, handler_type, handler_id"}',
    '{"total, total_closed, closed_ever, reopened, assignments, handoffs, replies, rated, ratings, held, held_business, next_response"}',
    NULL::ttr_data.handling_rollup)
  GROUP BY day, handler_type, handler_id;
  DELETE FROM ttr_data.clock_rollup WHERE everything OR day IN (SELECT day FROM pg_temp.ttr_touched);
  INSERT INTO ttr_data.clock_rollup
  SELECT c.day, k.clock, c.closed_by, ttr.merge(k.seconds)
  FROM ttr.roll_up(
    format('SELECT resolved_on AS day, coalesce(closed_by, '''') AS closed_by, first_assignment_seconds AS first_assignment,
                   first_close_seconds AS first_close, first_teammate_close_seconds AS first_teammate_close,
                   handling_seconds AS handling, handling_business_seconds AS handling_business, unassigned_seconds AS unassigned
            FROM (%s) AS c', ttr_data.clock_query('pg_temp.ttr_handled')),
    '{"day, closed_by"}',
    '{"first_assignment, first_close, first_teammate_close, handling, handling_business, unassigned"}',
    NULL::ttr_data.clock_cell) AS c
  CROSS JOIN LATERAL (VALUES ('first_assignment', c.first_assignment), ('first_close', c.first_close),
                             ('first_teammate_close', c.first_teammate_close), ('handling', c.handling),
                             ('handling_business', c.handling_business), ('unassigned', c.unassigned)) AS k (clock, seconds)
  WHERE k.seconds IS NOT NULL
  GROUP BY c.day, k.clock, c.closed_by;
  DROP TABLE pg_temp.ttr_handled;
END
$$;
COMMENT ON FUNCTION ttr_data.replace_handling IS 'Replaces the rollups of handlers and their clocks for the touched days, or for all days.';

-- A teammate is named as an assignee is: by address, else name, else identifier.
CREATE VIEW ttr_data.handler AS
SELECT 'teammate' AS handler_type, teammate_id AS handler_id, coalesce(ttr.lower_case(nullif(email, '')), nullif(name, '')) AS handler
FROM ttr_data.teammate
UNION ALL
SELECT 'team', team_id, nullif(name, '') FROM ttr_data.team;
COMMENT ON VIEW ttr_data.handler IS 'What people call teammates and teams.';

CREATE VIEW ttr.handling AS
SELECT h.conversation_id,
       h.handler_type COLLATE "default" AS handler_type,
       coalesce(n.handler, nullif(h.handler_id, '')) COLLATE "default" AS handler,
       h.is_closed,
       h.resolved_on,
       h.held_seconds,
       h.held_seconds / 3600 AS held_hours,
       h.held_business_seconds,
       h.assignment_count,
       h.handoff_count,
       h.reply_count,
       h.close_count,
       h.has_resolved,
       h.was_reopened
FROM ttr_data.handled AS h
LEFT JOIN ttr_data.handler AS n USING (handler_type, handler_id)
WHERE h.handler_type IS NOT NULL;
COMMENT ON VIEW ttr.handling IS
  'Who had each conversation, who replied and who closed it: a row for each teammate and team, and for bots and customers that closed it. '
  'Of conversations whose timeline is known.';

CREATE VIEW ttr.handling_by_conversation AS
SELECT conversation_id,
       closed_by,
       is_closed,
       resolved_on,
       first_assignment_seconds,
       first_close_seconds,
       first_teammate_close_seconds,
       handling_seconds,
       handling_seconds / 3600 AS handling_hours,
       handling_business_seconds,
       unassigned_seconds,
       assignment_count,
       team_assignment_count,
       handoff_count,
       reply_count,
       replying_teammates,
       rating
FROM ttr_data.clocked;
COMMENT ON VIEW ttr.handling_by_conversation IS
  'Every conversation whose timeline is known, with the clocks that follow from its assignments, replies and closes, live from the facts.';

-- The figures of handlers, once for the views and for any period; those of the clocks, once for all and for each closer.
DO $generate$
DECLARE
  of_handlers  constant text := $$
    sum(r.total)::bigint AS total,
    ttr.quantile(ttr.merge(r.held), 0.5) / 3600 AS held_median_hours,
    ttr.quantile(ttr.merge(r.held), 0.95) / 3600 AS held_p95_hours,
    ttr.total(ttr.merge(r.held)) / 3600 AS held_hours,
    ttr.quantile(ttr.merge(r.held_business), 0.5) / 3600 AS held_business_median_hours,
    ttr.quantile(ttr.merge(r.held_business), 0.95) / 3600 AS held_business_p95_hours,
    sum(r.assignments)::bigint AS assignments,
    sum(r.handoffs)::bigint AS handoffs$$;
  of_teammates constant text := of_handlers || $$,
    sum(r.total_closed)::bigint AS total_closed,
    (sum(r.reopened) / nullif(sum(r.closed_ever), 0))::double precision AS reopened_ratio,
    sum(r.replies)::bigint AS replies,
    coalesce(ttr.value_count(ttr.merge(r.next_response)), 0) AS next_response_count,
    ttr.quantile(ttr.merge(r.next_response), 0.5) / 3600 AS next_response_median_hours,
    ttr.quantile(ttr.merge(r.next_response), 0.95) / 3600 AS next_response_p95_hours,
    sum(r.rated)::bigint AS rated,
    (sum(r.ratings) / nullif(sum(r.rated), 0))::double precision AS avg_rating$$;
  of_clocks    constant text := $$
    ttr.value_count(ttr.merge(seconds)) AS total,
    ttr.quantile(ttr.merge(seconds), 0.5) / 3600 AS median_hours,
    ttr.quantile(ttr.merge(seconds), 0.95) / 3600 AS p95_hours,
    ttr.mean(ttr.merge(seconds)) / 3600 AS mean_hours$$;
  named        constant text := 'ttr_data.handling_rollup AS r LEFT JOIN ttr_data.handler AS n USING (handler_type, handler_id)';
  columns      constant text := 'period date, teammate text, total bigint, held_median_hours double precision, '
    'held_p95_hours double precision, held_hours double precision, held_business_median_hours double precision, '
    'held_business_p95_hours double precision, assignments bigint, handoffs bigint, total_closed bigint, reopened_ratio double precision, '
    'replies bigint, next_response_count bigint, next_response_median_hours double precision, next_response_p95_hours double precision, '
    'rated bigint, avg_rating double precision';
  view         text;
  name         constant text := 'coalesce(n.handler, nullif(r.handler_id, '''')) COLLATE "default"';
BEGIN
  EXECUTE format('CREATE VIEW ttr.by_teammate AS SELECT %s AS teammate, %s FROM %s WHERE handler_type = ''teammate'' GROUP BY 1',
                 name, of_teammates, named);
  EXECUTE format('CREATE VIEW ttr.by_team AS SELECT %s AS team, %s FROM %s WHERE handler_type = ''team'' GROUP BY 1',
                 name, of_handlers, named);
  EXECUTE format('CREATE VIEW ttr.clocks AS SELECT clock COLLATE "default" AS clock, %s FROM ttr_data.clock_rollup GROUP BY 1', of_clocks);
  EXECUTE format('CREATE VIEW ttr.clocks_by_closer AS
                  SELECT clock COLLATE "default" AS clock, nullif(closed_by, '''') COLLATE "default" AS closed_by, %s
                  FROM ttr_data.clock_rollup
                  GROUP BY 1, 2', of_clocks);
  FOREACH view IN ARRAY ARRAY['clocks', 'clocks_by_closer'] LOOP
    EXECUTE format($comments$
      COMMENT ON COLUMN ttr.%1$I.total IS 'Conversations whose time by the clock is known. The population of the figures.';
      COMMENT ON COLUMN ttr.%1$I.median_hours IS 'Median of hours by the clock.';
      COMMENT ON COLUMN ttr.%1$I.p95_hours IS '95th percentile of hours by the clock.';
      COMMENT ON COLUMN ttr.%1$I.mean_hours IS 'Mean of hours by the clock.'
    $comments$, view);
  END LOOP;
  EXECUTE format($function$
    CREATE FUNCTION ttr_data.teammates(step text, from_day date, to_day date)
    RETURNS TABLE (%s)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
      SELECT CASE WHEN step IS NOT NULL THEN date_trunc(step, r.day::timestamp)::date END, %s, %s
      FROM %s
      WHERE handler_type = 'teammate'
        AND (teammates.from_day IS NULL OR r.day >= teammates.from_day)
        AND (teammates.to_day IS NULL OR r.day <= teammates.to_day)
      GROUP BY 1, 2;
    END $function$, columns, name, of_teammates, named);
  EXECUTE format($function$
    CREATE FUNCTION ttr.teammates(every text DEFAULT NULL, from_day date DEFAULT NULL, to_day date DEFAULT NULL)
    RETURNS TABLE (%s)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
      PERFORM ttr_data.check_step(every, 'teammates');
      RETURN QUERY
      SELECT * FROM ttr_data.teammates(every, from_day, to_day) AS t ORDER BY t.period, t.total_closed DESC, t.teammate;
    END $$ $function$, columns);
END
$generate$;
COMMENT ON VIEW ttr.by_teammate IS
  'A row for each teammate: what each had, replied to and closed, of all conversations that count as closed and whose timeline is known. '
  'A conversation counts under each of its teammates.';
COMMENT ON VIEW ttr.by_team IS
  'A row for each team: how long each had conversations, of all that count as closed and whose timeline is known.';
COMMENT ON VIEW ttr.clocks IS
  'A row for each clock that runs from the start to a first event, or while a teammate or nobody has the conversation. Of all '
  'conversations that count as closed and whose timeline is known.';
COMMENT ON VIEW ttr.clocks_by_closer IS 'ttr.clocks by closer: what teammates, bots and customers closed is apart.';
COMMENT ON COLUMN ttr.handling.assignment_count IS 'How often it was assigned to the handler.';
COMMENT ON COLUMN ttr.handling.handoff_count IS 'How often it passed from the handler to another of the same type.';
COMMENT ON COLUMN ttr.handling.reply_count IS 'Replies of the handler that the customer could see.';
COMMENT ON COLUMN ttr.handling.held_hours IS 'Hours in which it was open and assigned to the handler.';
COMMENT ON COLUMN ttr.by_teammate.total IS 'Conversations that the teammate had, replied in or closed. The population of the figures.';
COMMENT ON COLUMN ttr.by_teammate.total_closed IS 'Conversations that the teammate closed, and that are closed still.';
COMMENT ON COLUMN ttr.by_teammate.reopened_ratio IS
  'Share of the conversations that the teammate closed at any time that were reopened after such a close, from 0 to 1.';
COMMENT ON COLUMN ttr.by_teammate.next_response_count IS 'Waits that a reply of the teammate ended.';
COMMENT ON COLUMN ttr.by_team.total IS 'Conversations that were assigned to the team. The population of the figures.';
COMMENT ON COLUMN ttr.clocks_by_closer.closed_by IS 'Whose close still holds: admin, bot or user; NULL where that is not known.';
COMMENT ON FUNCTION ttr_data.teammates IS 'The figures of ttr.by_teammate of any period.';
REVOKE EXECUTE ON FUNCTION ttr.teammates FROM PUBLIC;
COMMENT ON FUNCTION ttr.teammates IS
  'The figures of ttr.by_teammate of any period, such as ttr.teammates(''week'', from_day => ''2025-05-01''). '
  'every: day, week, month or quarter of resolution; NULL for one row a teammate. from_day and to_day: which days of resolution, both '
  'included. The teammate who closed most comes first.';
