-- Roles: who reads the figures, and who loads.
--
-- Readers see schema ttr and nothing else: its views read the facts with their owner's rights. A view that a later script adds
-- is theirs too, by the owner's default privileges. Loaders write facts, but create nothing and own nothing. USAGE comes
-- before SELECT: a tool that finds views in a schema which it may not use fails for all schemas.
--
-- What this script cannot do it raises as a warning, which ttr-load passes on.

-- GRANT without the right to grant is only a warning, and a role without USAGE would break its tool.
CREATE FUNCTION ttr_data.grant_usage(grantee regrole) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA ttr TO %s', grantee);
  IF NOT has_schema_privilege(grantee, 'ttr', 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to grant the use of schema ttr'
      USING ERRCODE = 'insufficient_privilege',
            DETAIL = format('Schema ttr belongs to %s.', (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'ttr')),
            HINT = format('Its owner runs: GRANT USAGE ON SCHEMA ttr TO %I WITH GRANT OPTION', current_user);
  END IF;
END
$$;
COMMENT ON FUNCTION ttr_data.grant_usage IS 'Grants the use of schema ttr, or fails.';

CREATE FUNCTION ttr.grant_read(reader regrole) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  owner regrole := (SELECT nspowner FROM pg_namespace WHERE nspname = 'ttr_data');
BEGIN
  PERFORM ttr_data.grant_usage(reader);
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA ttr TO %s', reader);
  EXECUTE format('GRANT EXECUTE ON FUNCTION ttr.backlog_of, ttr.compared, ttr.figures, ttr.rolling, ttr.slowest, ttr.summary, '
                 'ttr.teammates TO %s', reader);
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA ttr GRANT SELECT ON TABLES TO %s', owner, reader);
END
$$;
COMMENT ON FUNCTION ttr.grant_read IS 'Lets a role read all published views, also later ones, and ask the questions; nothing else.';

CREATE FUNCTION ttr.grant_load(loader regrole) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  privilege text;
BEGIN
  -- Everybody has it where nobody took it away, and only the database's owner may grant it.
  IF NOT has_database_privilege(loader, current_database(), 'TEMPORARY') THEN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %s', current_database(), loader);
    IF NOT has_database_privilege(loader, current_database(), 'TEMPORARY') THEN
      RAISE EXCEPTION 'permission denied to grant temporary tables in database "%"', current_database()
        USING ERRCODE = 'insufficient_privilege',
              DETAIL = 'ttr-load stages what it reads in temporary tables.',
              HINT = format('The owner of the database runs: GRANT TEMPORARY ON DATABASE %I TO %s', current_database(), loader);
    END IF;
  END IF;
  PERFORM ttr_data.grant_usage(loader);
  FOREACH privilege IN ARRAY ARRAY[
    'USAGE ON SCHEMA ttr_data',
    'USAGE ON SEQUENCE ttr_data.load_load_id_seq',
    'EXECUTE ON FUNCTION ttr_data.next_load_id()',
    'SELECT ON ttr_data.schema_version, ttr_data.setting, ttr_data.dimension, ttr_data.sla_policy, ttr_data.counted',
    'SELECT ON ttr_data.forgotten_user',
    'SELECT ON ttr_data.measured, ttr_data.report',
    'SELECT, UPDATE (confirmed_at, summary) ON ttr_data.load',
    -- Not loaded_by, which is the session's role.
    'INSERT (load_id, started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, updated, unchanged, older, '
    'duplicate, rejected, ignored, deleted, events, naive_timestamps, placeholders, summary) ON ttr_data.load',
    'SELECT, INSERT ON ttr_data.deletion, ttr_data.forgotten_conversation',
    'SELECT, INSERT, UPDATE ON ttr_data.conversation, ttr_data.event, ttr_data.teammate, ttr_data.tag, ttr_data.team',
    'SELECT, INSERT, UPDATE, DELETE ON ttr_data.statement, ttr_data.handling',
    'INSERT ON ttr_data.reject',
    'EXECUTE ON FUNCTION ttr.refresh(), ttr_data.extend_calendars(timestamptz, timestamptz)',
    'EXECUTE ON FUNCTION ttr_data.summary_of_database(), ttr_data.watch_facts(), ttr_data.index_facts()',
    -- The page shows what is published.
    'SELECT ON ALL TABLES IN SCHEMA ttr',
    'EXECUTE ON FUNCTION ttr.page(), ttr.compared(text[], text, date, date, text, text, double precision)'
  ] LOOP
    EXECUTE format('GRANT %s TO %s', privilege, loader);
  END LOOP;
END
$$;
COMMENT ON FUNCTION ttr.grant_load IS 'Lets a role run ttr-load, refresh the figures and write their page. It creates nothing.';

-- The group of all readers, one for all databases of the server. Another database, at the same moment even, may have made it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ttr_reader') THEN
    CREATE ROLE ttr_reader NOLOGIN;
    COMMENT ON ROLE ttr_reader IS 'Reads the published views of ttr, in every database that has them.';
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'the role ttr_reader is not created: %', SQLERRM
      USING HINT = 'A reader needs no group: SELECT ttr.grant_read(''metabase''). For the group, a role with CREATEROLE runs: '
                   'CREATE ROLE ttr_reader; then the owner of the schema: SELECT ttr.grant_read(''ttr_reader'')';
END
$$;

-- Whoever made the group before, or may add members to it, would read all conversations. A role has no owner that could be asked. So the
-- group gets its rights only if it cannot log in, and if only those may add members who could grant the rights anyway.
DO $$
DECLARE
  doubt constant text := (
    SELECT CASE WHEN g.rolcanlogin THEN 'it can log in'
                ELSE (SELECT format('%s may add members to it', min(m.member::regrole::text))
                      FROM pg_auth_members AS m
                      JOIN pg_database AS b ON b.datname = current_database()
                      JOIN pg_roles AS r ON r.oid = m.member
                      WHERE m.roleid = g.oid AND m.admin_option AND r.rolname <> current_user
                        AND NOT pg_has_role(r.oid, b.datdba, 'MEMBER')  -- true for superusers
                      HAVING count(*) > 0)
           END
    FROM pg_roles AS g
    WHERE g.rolname = 'ttr_reader');
BEGIN
  IF doubt IS NOT NULL THEN
    RAISE WARNING 'the role ttr_reader is there already and gets no rights: %', doubt
      USING HINT = 'If its members shall read all conversations: SELECT ttr.grant_read(''ttr_reader'')';
    RETURN;
  END IF;
  PERFORM ttr.grant_read(oid::regrole) FROM pg_roles WHERE rolname = 'ttr_reader';
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE WARNING 'the role ttr_reader cannot read the views yet: %', SQLERRM
      USING HINT = 'When schema ttr may be granted: SELECT ttr.grant_read(''ttr_reader'')';
END
$$;
