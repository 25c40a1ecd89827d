-- Calendars: when a team works. A calendar is a week of openings, exceptions to it, and a zone; what it means in instants is
-- compiled into a multirange, for the days that the facts need.

CREATE TABLE ttr_data.calendar (
  name         text PRIMARY KEY CHECK (name <> ''),
  time_zone    text NOT NULL DEFAULT 'UTC',
  weekly       text NOT NULL,
  exceptions   text NOT NULL DEFAULT '',
  from_day     date NOT NULL,
  to_day       date NOT NULL,
  covered      tstzrange NOT NULL,
  working_time tstzmultirange NOT NULL
);
COMMENT ON TABLE ttr_data.calendar IS 'When a team works. Set name, time_zone, weekly and exceptions; the other columns follow.';
COMMENT ON COLUMN ttr_data.calendar.name IS 'Name by which settings and SLA policies refer to it.';

-- Whole years, so that a calendar seldom grows: from the first year that the facts name to the second after their last one,
-- because due times lie ahead. A mistyped year does not count. Without facts there is nothing to cover: NULL.
CREATE FUNCTION ttr_data.first_day(earliest timestamptz) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- No zone's year begins a day later than that of UTC.
RETURN make_date(greatest(extract(year FROM (earliest AT TIME ZONE 'UTC') - interval '1 day'),
                          extract(year FROM now() AT TIME ZONE 'UTC') - 50)::integer, 1, 1);
COMMENT ON FUNCTION ttr_data.first_day IS 'First day that a calendar needs for facts that begin then.';

CREATE FUNCTION ttr_data.last_day(latest timestamptz) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN make_date(least(extract(year FROM latest AT TIME ZONE 'UTC'), extract(year FROM now() AT TIME ZONE 'UTC') + 1)::integer + 3, 1, 1);
COMMENT ON FUNCTION ttr_data.last_day IS 'Day after the last one that a calendar needs for facts that end then.';

CREATE FUNCTION ttr_data.compile_calendar() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.from_day IS NULL OR NEW.to_day IS NULL THEN
    SELECT coalesce(NEW.from_day, ttr_data.first_day(coalesce(min(started_at), now()))),
           coalesce(NEW.to_day, ttr_data.last_day(coalesce(max(greatest(started_at, resolved_at, exported_at)), now())))
    INTO NEW.from_day, NEW.to_day
    FROM ttr_data.conversation;
  END IF;
  NEW.working_time := ttr.business_calendar(NEW.weekly, NEW.time_zone, NEW.from_day, NEW.to_day, NEW.exceptions);
  -- Not by AT TIME ZONE, which takes names such as CET for abbreviations.
  NEW.covered := range_merge(ttr.business_calendar('mon-sun 00:00-24:00', NEW.time_zone, NEW.from_day, NEW.to_day));
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION ttr_data.compile_calendar IS 'Compiles a calendar whenever its row is written.';
CREATE TRIGGER compile_calendar BEFORE INSERT OR UPDATE ON ttr_data.calendar
FOR EACH ROW EXECUTE FUNCTION ttr_data.compile_calendar();

-- Loading needs no rights on calendars. A transaction that changes a calendar may wait for the load that would wait for it here. So the
-- load goes on, and the next refresh extends the calendar.
CREATE FUNCTION ttr_data.extend_calendars(earliest timestamptz, latest timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  UPDATE ttr_data.calendar
  SET from_day = least(from_day, ttr_data.first_day(earliest)),
      to_day = greatest(to_day, ttr_data.last_day(latest))
  WHERE name IN (SELECT k.name
                 FROM ttr_data.calendar AS k
                 WHERE k.from_day > ttr_data.first_day(earliest) OR k.to_day < ttr_data.last_day(latest)
                 FOR UPDATE SKIP LOCKED);
END;
REVOKE EXECUTE ON FUNCTION ttr_data.extend_calendars(timestamptz, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION ttr_data.extend_calendars IS 'Makes every calendar cover the facts between two instants; NULL for none.';

ALTER TABLE ttr_data.setting ADD COLUMN calendar text REFERENCES ttr_data.calendar (name) ON UPDATE CASCADE;
COMMENT ON COLUMN ttr_data.setting.calendar IS 'Calendar of the figures in business hours; NULL for none.';
