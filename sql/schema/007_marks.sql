-- Marks: what a change of facts touched since the last refresh, so that it need not be looked for.
--
--   a statement writes conversations   the hours of their starts and resolutions, as they were and as they are
--   a teammate is renamed              the teammate: the assignee of conversations changes that nobody wrote
--   settings, calendars, policies      a row without anything: everything
--
-- Marks are only ever added by those who write facts: they block nobody, and none is lost by a crash or left by a rollback.
--
-- Before the first refresh everything is marked anyway. So that refresh makes the triggers on conversations, or the end of a load into
-- empty facts, which costs a third less without them. While they are missing, a row marks everything.

CREATE TABLE ttr_data.mark (
  hour        timestamptz,
  teammate_id text COLLATE "C"
);
COMMENT ON TABLE ttr_data.mark IS 'What a change of facts touched since the last refresh; some of it several times.';
COMMENT ON COLUMN ttr_data.mark.hour IS 'Begin of the hour, in UTC so that it means the same whatever the reporting time zone.';
COMMENT ON COLUMN ttr_data.mark.teammate_id IS
  'A teammate with a new address or name: the hours of its conversations are touched. A row without hour and teammate_id marks everything.';

CREATE FUNCTION ttr_data.mark_everything() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO ttr_data.mark DEFAULT VALUES;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_everything IS 'Marks everything as touched.';

-- Takes the rows that a statement wrote as changed. The first refresh recomputes everything whatever is marked.
CREATE FUNCTION ttr_data.mark_conversations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC'
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ttr_data.refreshed) THEN
    INSERT INTO ttr_data.mark DEFAULT VALUES;
  ELSE
    INSERT INTO ttr_data.mark (hour)
    SELECT date_trunc('hour', ttr_data.placed_at(started_at, resolved_at, exported_at)) FROM changed
    UNION
    SELECT date_trunc('hour', resolved_at) FROM changed WHERE resolved_at IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_conversations IS 'Marks the hours of the conversations that a statement wrote.';

CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.conversation
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

-- Writers do not wait (lock_timeout): the next refresh tries again. Making a trigger waits for the transactions that wrote without it,
-- and the next statement sees what they committed: so every change is seen or marked. Only a transaction with one snapshot for all
-- its statements does not see them.
CREATE FUNCTION ttr_data.watch_facts() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
AS $$
BEGIN
  IF (SELECT count(*) = 4 FROM pg_trigger
      WHERE tgrelid = 'ttr_data.conversation'::regclass AND tgname IN ('mark_inserted', 'mark_deleted', 'mark_old', 'mark_new')) THEN
    RETURN true;
  END IF;
  CREATE OR REPLACE TRIGGER mark_inserted AFTER INSERT ON ttr_data.conversation REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
  CREATE OR REPLACE TRIGGER mark_deleted AFTER DELETE ON ttr_data.conversation REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
  CREATE OR REPLACE TRIGGER mark_old AFTER UPDATE ON ttr_data.conversation REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
  CREATE OR REPLACE TRIGGER mark_new AFTER UPDATE ON ttr_data.conversation REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_conversations();
  RETURN current_setting('transaction_isolation') = 'read committed';
EXCEPTION WHEN lock_not_available THEN
  RETURN false;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr_data.watch_facts() FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.watch_facts IS
  'Makes the triggers that mark changed conversations, where they are missing. True if every change that is not yet seen will be marked.';

-- These change the figures of conversations that nobody wrote. For each row: a statement that finds none changes nothing.
CREATE TRIGGER mark_inserted_or_deleted AFTER INSERT OR DELETE ON ttr_data.setting
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
-- No figure depends on the list of attributes.
CREATE TRIGGER mark_updated AFTER UPDATE ON ttr_data.setting
FOR EACH ROW WHEN (to_jsonb(OLD) - 'attributes' <> to_jsonb(NEW) - 'attributes') EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.calendar
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.sla_policy
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_everything AFTER INSERT OR UPDATE OR DELETE ON ttr_data.dimension
FOR EACH ROW EXECUTE FUNCTION ttr_data.mark_everything();
-- The values of a dimension may be names of teams. Where none is, nothing follows from them.
CREATE FUNCTION ttr_data.mark_teams() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO ttr_data.mark
  SELECT NULL, NULL
  WHERE EXISTS (SELECT FROM ttr_data.dimension WHERE path = 'team_assignee_id');
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_teams IS 'Marks everything where a dimension shows the names of teams.';
CREATE TRIGGER mark_inserted_or_deleted AFTER INSERT OR DELETE OR TRUNCATE ON ttr_data.team
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teams();
CREATE TRIGGER mark_updated AFTER UPDATE ON ttr_data.team
FOR EACH ROW WHEN ((OLD.team_id, OLD.name) <> (NEW.team_id, NEW.name)) EXECUTE FUNCTION ttr_data.mark_teams();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.calendar
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.sla_policy
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.dimension
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

-- Every load confirms teammates; few of them get another address or name.
CREATE FUNCTION ttr_data.mark_teammates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO ttr_data.mark (teammate_id)
    SELECT DISTINCT teammate_id
    FROM (SELECT teammate_id, email, name FROM was UNION ALL SELECT teammate_id, email, name FROM changed) AS t
    GROUP BY teammate_id, email, name
    HAVING count(*) = 1;
  ELSE
    INSERT INTO ttr_data.mark (teammate_id) SELECT teammate_id FROM changed;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION ttr_data.mark_teammates IS 'Marks the teammates that a statement changed.';
-- A role that may make a trigger of them could have them read a table and casts of its own, with their owner's rights.
REVOKE EXECUTE ON FUNCTION ttr_data.mark_everything(), ttr_data.mark_conversations(), ttr_data.mark_teammates(), ttr_data.mark_teams()
FROM PUBLIC;
CREATE TRIGGER mark_inserted AFTER INSERT ON ttr_data.teammate REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_updated AFTER UPDATE ON ttr_data.teammate REFERENCING OLD TABLE AS was NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_deleted AFTER DELETE ON ttr_data.teammate REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_teammates();
CREATE TRIGGER mark_truncated AFTER TRUNCATE ON ttr_data.teammate
FOR EACH STATEMENT EXECUTE FUNCTION ttr_data.mark_everything();

-- Where the clock is set back over midnight, as in Havana, midnight comes twice, and AT TIME ZONE takes the second one.
CREATE FUNCTION ttr_data.begin_of(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (day::timestamp AT TIME ZONE zone)
       - greatest(((day::timestamp AT TIME ZONE zone) - interval '1 microsecond') AT TIME ZONE zone + interval '1 microsecond'
                  - day::timestamp, interval '0');
COMMENT ON FUNCTION ttr_data.begin_of IS 'The first instant of a day on the clock of a zone.';

CREATE VIEW ttr_data.marked_day AS
SELECT DISTINCT (i.at AT TIME ZONE s.reporting_time_zone)::date AS day
FROM (
  -- An hour of UTC may have a midnight within it.
  SELECT i.at
  FROM ttr_data.mark
  CROSS JOIN LATERAL (VALUES (hour), (hour + interval '59 minutes 59.999999 seconds')) AS i (at)
  UNION ALL
  SELECT i.at
  FROM ttr_data.conversation
  CROSS JOIN LATERAL (VALUES (ttr_data.placed_at(started_at, resolved_at, exported_at)), (resolved_at)) AS i (at)
  WHERE assignee_id IN (SELECT teammate_id FROM ttr_data.mark)
    AND EXISTS (SELECT FROM ttr_data.mark WHERE teammate_id IS NOT NULL)  -- seldom, and without them the facts are not read
) AS i
CROSS JOIN ttr_data.setting AS s
WHERE i.at IS NOT NULL;
COMMENT ON VIEW ttr_data.marked_day IS 'The days that a change touched since the last refresh, where not everything is marked.';

CREATE VIEW ttr_data.marked_span AS
SELECT ttr_data.begin_of(m.day, s.reporting_time_zone) AS begins_at,
       ttr_data.begin_of(m.day + 1, s.reporting_time_zone) AS ends_at
FROM ttr_data.marked_day AS m
CROSS JOIN ttr_data.setting AS s;
COMMENT ON VIEW ttr_data.marked_span IS 'When the marked days begin and end.';

-- OFFSET 0: a day at a time, by the index.
CREATE VIEW ttr_data.marked_conversation AS
WITH span AS MATERIALIZED (TABLE ttr_data.marked_span)
SELECT resolved.*
FROM span
CROSS JOIN LATERAL (
  SELECT * FROM ttr_data.measured
  WHERE is_closed AND state = 'closed' AND resolved_at >= span.begins_at AND resolved_at < span.ends_at
  OFFSET 0
) AS resolved
UNION ALL
SELECT started.*
FROM span
CROSS JOIN LATERAL (
  SELECT * FROM ttr_data.measured
  WHERE placed_at >= span.begins_at AND placed_at < span.ends_at
    AND (NOT is_closed OR resolved_day NOT IN (SELECT day FROM ttr_data.marked_day))
  OFFSET 0
) AS started;
COMMENT ON VIEW ttr_data.marked_conversation IS
  'The conversations in the rollups of marked days: resolved or started on one of them, or placed there because no start is known.';

CREATE VIEW ttr_data.marked_promise AS
WITH span AS MATERIALIZED (TABLE ttr_data.marked_span)
SELECT placed.*
FROM span
CROSS JOIN LATERAL (
  SELECT * FROM ttr_data.measured_promise WHERE placed_at >= span.begins_at AND placed_at < span.ends_at
  OFFSET 0
) AS placed;
COMMENT ON VIEW ttr_data.marked_promise IS 'The further promises that the SLA rollups of marked days are made of.';

-- Where most days are touched, reading all facts at once takes less time than day by day.
CREATE FUNCTION ttr_data.is_everything_marked() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = on
AS $$
BEGIN
  RETURN NOT EXISTS (SELECT FROM ttr_data.refreshed)
         OR EXISTS (SELECT FROM ttr_data.mark WHERE hour IS NULL AND teammate_id IS NULL)
         OR (SELECT count(*) FROM ttr_data.marked_day)
            > (SELECT greatest(count(*) / 2, 7) FROM ttr_data.daily_rollup WHERE dimension = 'all');
END
$$;
COMMENT ON FUNCTION ttr_data.is_everything_marked IS 'Whether all rollups are made anew: everything is marked, or most days are.';
