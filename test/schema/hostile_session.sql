-- Functions that run with their owner's rights, called from a session that has prepared what it can: tables of the names of ours,
-- operators, functions and types that are found first, casts, and settings. The answers are those of a quiet session, and nothing that was
-- prepared is called.
BEGIN;
SELECT plan(11);

\ir facts.psql
\ir random_changes.psql

SELECT setseed(0.5);
SELECT pg_temp.add_conversation(n::text) FROM generate_series(1, 60) AS n;
INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
UPDATE ttr_data.setting SET calendar = 'office', attributes = '{plan}', reporting_time_zone = 'Europe/Berlin';
INSERT INTO ttr_data.sla_policy (name, metric, target_seconds) VALUES ('answer', 'first_response', 1800);
SELECT ttr.refresh();

CREATE ROLE hostile_reader;
CREATE ROLE hostile_loader;
SELECT ttr.grant_read('hostile_reader'), ttr.grant_load('hostile_loader');
GRANT EXECUTE ON FUNCTION ttr.refresh(), ttr.check() TO hostile_reader;

-- What the functions answer. Its own words are looked up here and now.
CREATE FUNCTION pg_temp.answers() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
  SELECT 'figures ' || to_jsonb(f)::text FROM ttr.figures('{assignee,tag,plan}', 'week') AS f
  UNION ALL SELECT 'filtered ' || to_jsonb(f)::text FROM ttr.figures('{}', 'month', '2025-01-01', '2026-01-01', 'ann@x') AS f
  UNION ALL SELECT 'slowest ' || (to_jsonb(s) - '{started_at,resolved_at}'::text[])::text FROM ttr.slowest(0.5) AS s
  UNION ALL SELECT 'rolling ' || to_jsonb(r)::text FROM ttr.rolling(7) AS r
  UNION ALL SELECT 'summary ' || ttr.summary()::text
  UNION ALL SELECT 'check ' || to_jsonb(c)::text FROM ttr.check() AS c;
END;
CREATE FUNCTION pg_temp.lines() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
  SELECT to_jsonb(l)::text FROM ttr_data.summary_of_database() AS l;
END;
CREATE FUNCTION pg_temp.complaint(question text) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM * FROM ttr.figures(tag => question);
  RETURN 'none';
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN SQLERRM;
END
$$;
CREATE TEMPORARY TABLE quiet AS SELECT * FROM pg_temp.answers() AS answer;
CREATE TEMPORARY TABLE loud (answer text);
CREATE TEMPORARY TABLE line (answer text);
SELECT cmp_ok((SELECT count(*) FROM quiet), '>', 50::bigint, 'there is something to compare');
GRANT SELECT, INSERT ON quiet, loud, line TO hostile_reader, hostile_loader;

-- What is called leaves a trace.
CREATE SCHEMA hostile;
CREATE SEQUENCE hostile.trace;
CREATE FUNCTION hostile.caught() RETURNS bigint LANGUAGE sql AS $$SELECT pg_catalog.nextval('hostile.trace')$$;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
GRANT USAGE ON SEQUENCE hostile.trace TO PUBLIC;
DO $$
DECLARE
  item record;
BEGIN
  -- Operators and functions of the very types that ours use; found first by a session with this search_path.
  FOR item IN
    SELECT DISTINCT o.oprname, l.typname AS l, r.typname AS r, t.typname AS result
    FROM pg_operator AS o
    JOIN pg_type AS l ON l.oid = o.oprleft JOIN pg_type AS r ON r.oid = o.oprright JOIN pg_type AS t ON t.oid = o.oprresult
    WHERE o.oprnamespace = 'pg_catalog'::regnamespace
      AND l.typname = ANY ('{text,date,timestamptz,timestamp,float8,int4,int8,jsonb,interval,bool,name,oid,tstzmultirange}')
      AND r.typname = ANY ('{text,date,timestamptz,timestamp,float8,int4,int8,jsonb,interval,bool,name,oid,tstzmultirange}')
  LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION hostile.op(pg_catalog.%1$I, pg_catalog.%2$I) RETURNS pg_catalog.%3$I LANGUAGE plpgsql AS
                    ''BEGIN PERFORM hostile.caught(); RETURN NULL; END''', item.l, item.r, item.result);
    EXECUTE format('CREATE OPERATOR hostile.%1$s (LEFTARG = pg_catalog.%2$I, RIGHTARG = pg_catalog.%3$I, FUNCTION = hostile.op)',
                   item.oprname, item.l, item.r);
    EXECUTE format('ALTER FUNCTION hostile.op(pg_catalog.%1$I, pg_catalog.%2$I) RENAME TO %3$I', item.l, item.r,
                   'op ' || item.oprname || item.l || item.r);
  END LOOP;
  FOR item IN
    SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, format_type(p.prorettype, NULL) AS result
    FROM pg_proc AS p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset AND p.provariadic = 0
      AND p.proname = ANY ('{lower,upper,format,date_trunc,date_part,now,array_to_string,quote_ident,to_char,greatest,length,substr,nextval,
                             current_setting,set_config,hashtextextended,pg_advisory_xact_lock,clock_timestamp,timezone,replace,split_part,
                             array_position,array_fill,jsonb_object_keys,starts_with,regexp_replace,isfinite,lower_inf,upper_inf}')
      AND NOT EXISTS (SELECT FROM pg_type AS t WHERE t.oid = ANY (p.proargtypes) AND t.typtype = 'p')
  LOOP
    EXECUTE format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE plpgsql AS ''BEGIN PERFORM hostile.caught(); RETURN %s; END''',
                   item.proname, item.arguments, item.result, CASE item.result WHEN 'void' THEN '' ELSE 'NULL' END);
  END LOOP;
END
$$;
CREATE DOMAIN hostile.text AS pg_catalog.text CHECK (hostile.caught() IS NOT NULL);
CREATE DOMAIN hostile.date AS pg_catalog.date CHECK (hostile.caught() IS NOT NULL);
CREATE TYPE hostile.bait AS (bait pg_catalog.text);
CREATE FUNCTION hostile.take(hostile.bait) RETURNS pg_catalog.text LANGUAGE plpgsql AS 'BEGIN PERFORM hostile.caught(); RETURN NULL; END';
CREATE CAST (hostile.bait AS pg_catalog.text) WITH FUNCTION hostile.take(hostile.bait) AS IMPLICIT;
CREATE FUNCTION hostile.give(pg_catalog.text) RETURNS hostile.bait LANGUAGE plpgsql AS 'BEGIN PERFORM hostile.caught(); RETURN NULL; END';
CREATE CAST (pg_catalog.text AS hostile.bait) WITH FUNCTION hostile.give(pg_catalog.text) AS IMPLICIT;

-- The session's own tables: of each name of ours, and of catalogues.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT DISTINCT relname::text FROM pg_class
    WHERE relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace) AND relkind IN ('r', 'v', 'm', 'c')
    UNION
    SELECT unnest('{touched,touched_24h,cell,promise_cell,daily_was,start_was,span,marked,pg_class,pg_attribute,pg_trigger}'::text[])
    EXCEPT SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
  LOOP
    EXECUTE format('CREATE TEMPORARY TABLE %I (day text, hour text)', name);
  END LOOP;
END
$$;

-- The role, and settings that change what a name, a text or a plan is.
CREATE FUNCTION pg_temp.be_hostile(who text) RETURNS void LANGUAGE sql BEGIN ATOMIC
  SELECT set_config(name, setting, true)
  FROM (VALUES ('DateStyle', 'German'), ('IntervalStyle', 'sql_standard'), ('TimeZone', 'Pacific/Apia'), ('quote_all_identifiers', 'on'),
               ('transform_null_equals', 'on'), ('array_nulls', 'off'), ('enable_hashagg', 'off'), ('enable_seqscan', 'off'),
               ('search_path', 'hostile, pg_temp, public, pg_catalog'), ('role', who)) AS s (name, setting);
END;
CREATE FUNCTION pg_temp.be_quiet() RETURNS void LANGUAGE sql BEGIN ATOMIC
  SELECT set_config('role', 'none', true);
  SELECT set_config(name, reset_val, true) FROM pg_settings
  WHERE name IN ('DateStyle', 'IntervalStyle', 'TimeZone', 'quote_all_identifiers', 'transform_null_equals', 'array_nulls',
                 'enable_hashagg', 'enable_seqscan', 'search_path');
END;

-- The traps work.
SELECT pg_temp.be_hostile('none');
SELECT lower('A'), lower('A') || 'b', 'a'::text;
SELECT pg_temp.be_quiet();
SELECT cmp_ok((SELECT last_value FROM hostile.trace), '>=', 2::bigint, 'what was prepared is found first, and leaves a trace');
SELECT setval('hostile.trace', 1, false);

SELECT pg_temp.be_hostile('hostile_reader');
INSERT INTO pg_temp.loud SELECT * FROM pg_temp.answers();
SELECT pg_temp.be_quiet();
SELECT bag_eq('TABLE quiet', 'TABLE loud', 'to a reader the answers are those of a quiet session');
SELECT pg_temp.be_hostile('hostile_reader');
CREATE TEMPORARY TABLE said AS SELECT pg_temp.complaint('vipp') AS complaint;
SELECT pg_temp.be_quiet();
SELECT is((SELECT complaint FROM said), 'no conversation has the tag "vipp"', 'and so is an error');

-- Changes of all kinds, by a loader.
SELECT pg_temp.be_hostile('hostile_loader');
UPDATE ttr_data.conversation SET resolved_at = '2025-04-02 12:00+00'
WHERE state OPERATOR(pg_catalog.=) 'closed' AND resolved_at IS NOT NULL;
INSERT INTO ttr_data.conversation (conversation_id, state, started_at, assignee_id, load_id, exported_at)
VALUES ('new', 'open', '2025-05-09 12:00+00', '7', 1, '2025-05-10');
INSERT INTO ttr_data.teammate (teammate_id, email, load_id) VALUES ('7', 'new@x', 1);
INSERT INTO pg_temp.line SELECT * FROM pg_temp.lines();
SELECT ttr_data.extend_calendars('2019-01-01 00:00+00', '2026-01-01 00:00+00'), ttr_data.watch_facts(), ttr_data.index_facts();
SELECT ttr.refresh();
SELECT pg_temp.be_quiet();
SELECT bag_eq('TABLE line', 'SELECT * FROM pg_temp.lines()', 'a loader''s summary is that of a quiet session');
SELECT is_empty('SELECT * FROM ttr.check()', 'a refresh follows every change');
SELECT is((SELECT from_day FROM ttr_data.calendar), '2018-01-01'::date, 'calendars follow');
SELECT ok((SELECT is_fresh FROM ttr.freshness), 'and nothing is left to do');
INSERT INTO ttr_data.mark DEFAULT VALUES;
SELECT pg_temp.be_hostile('hostile_reader');
SELECT ttr.refresh();
SELECT pg_temp.be_quiet();
SELECT is_empty('SELECT * FROM ttr.check()', 'one of everything, too, by whoever may call it');

SELECT is((SELECT is_called FROM hostile.trace), false, 'nothing that was prepared was called');

-- What is looked up at run time is looked up in pg_catalog alone.
SELECT is_empty(
  $$SELECT p.oid::regprocedure
    FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace)
      AND (p.prosecdef OR (l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL))
      AND NOT 'search_path=pg_catalog, pg_temp' = ANY (coalesce(p.proconfig, '{}'))
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = p.tableoid AND d.objid = p.oid AND d.deptype = 'e')$$,
  'every function of the schema that is parsed when it runs, or runs with its owner''s rights, names its search_path');

SELECT * FROM finish();
ROLLBACK;
