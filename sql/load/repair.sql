-- What DROP EXTENSION ttr CASCADE took comes back: everything that calls a function of the extension, such as views, rollups and indexes.
--
--   facts, which stayed       ttr_data   ->  ttr_data_before   set_facts_aside
--   what is left of the rest  ttr        ->  ttr_before
--   the schema's scripts      make both schemas anew, of the same version as before
--   facts                     ttr_data_before  ->  ttr_data    bring_facts_back
--
-- The figures follow with a refresh.

-- name: has_views
SELECT to_regclass('ttr_data.counted') IS NOT NULL

-- name: set_facts_aside
ALTER SCHEMA ttr_data RENAME TO ttr_data_before;
CREATE SCHEMA ttr_before;
DO $$
DECLARE
  item text;
BEGIN
  FOR item IN
    SELECT format('%s %s', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.oid::regclass)
    FROM pg_class AS c
    WHERE relnamespace = 'ttr'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ROUTINE %s', p.oid::regprocedure)
    FROM pg_proc AS p
    WHERE pronamespace = 'ttr'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = p.tableoid AND d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('ALTER %s SET SCHEMA ttr_before', item);
  END LOOP;
END
$$

-- name: bring_facts_back
-- Every table comes back but those that follow from others. What somebody else made would be lost with the old schemas: it is an error.
DO $$
DECLARE
  fact    record;
  others  text;
  grantee regrole;
BEGIN
  SELECT string_agg(DISTINCT pg_describe_object(o.classid, o.oid, 0), ', ')
  INTO others
  FROM (
    SELECT tableoid AS classid, oid,
           CASE WHEN relnamespace IN ('ttr_before'::regnamespace, 'ttr_data_before'::regnamespace)
                THEN relname NOT IN (SELECT relname FROM pg_class WHERE relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace))
                ELSE EXISTS (SELECT
                             FROM pg_rewrite AS w
                             JOIN pg_depend AS d ON d.classid = w.tableoid AND d.objid = w.oid AND d.refclassid = c.tableoid
                             JOIN pg_class AS t ON t.oid = d.refobjid
                             WHERE w.ev_class = c.oid AND t.relnamespace IN ('ttr_before'::regnamespace, 'ttr_data_before'::regnamespace))
           END AS is_foreign
    FROM pg_class AS c
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT tableoid, oid,
           proname NOT IN (SELECT proname FROM pg_proc WHERE pronamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace))
    FROM pg_proc
    WHERE pronamespace IN ('ttr_before'::regnamespace, 'ttr_data_before'::regnamespace)
  ) AS o
  WHERE o.is_foreign;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION 'objects that ttr did not make are in the way: %', replace(others, '_before.', '.')
      USING ERRCODE = 'dependent_objects_still_exist',
            DETAIL = 'DROP EXTENSION took the views. To make them again, the tables of schema ttr_data are made again, too.',
            HINT = 'Drop these views and functions, and move these tables (ALTER TABLE ... SET SCHEMA public). Then run: ttr-load --init';
  END IF;

  FOR fact IN
    SELECT n.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
    FROM pg_class AS n
    JOIN pg_attribute AS a ON a.attrelid = n.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE n.relnamespace = 'ttr_data'::regnamespace
      AND n.relkind = 'r'
      AND n.relname <> ALL ('{schema_version,mark,refreshed,rolling_24h}')
      AND n.relname NOT LIKE '%\_rollup'
    GROUP BY n.oid, n.relname
    ORDER BY n.relname <> 'calendar'  -- policies and settings name calendars
  LOOP
    EXECUTE format(CASE fact.relname
                     WHEN 'setting' THEN 'UPDATE ttr_data.setting SET (%2$s) = (SELECT %2$s FROM ttr_data_before.setting)'
                     ELSE 'INSERT INTO ttr_data.%1$I (%2$s) SELECT %2$s FROM ttr_data_before.%1$I'
                   END, fact.relname, fact.columns);
  END LOOP;
  PERFORM setval('ttr_data.load_load_id_seq', last_value, is_called) FROM ttr_data_before.load_load_id_seq;

  FOR grantee IN
    SELECT DISTINCT x.grantee
    FROM pg_class AS c
    CROSS JOIN aclexplode(c.relacl) AS x
    WHERE c.oid = 'ttr_data_before.conversation'::regclass AND x.privilege_type = 'INSERT' AND x.grantee NOT IN (0, c.relowner)
  LOOP
    PERFORM ttr.grant_load(grantee);
  END LOOP;
  FOR grantee IN
    SELECT DISTINCT x.grantee
    FROM pg_default_acl AS l
    CROSS JOIN aclexplode(l.defaclacl) AS x
    WHERE l.defaclnamespace = 'ttr'::regnamespace AND l.defaclobjtype = 'r' AND x.privilege_type = 'SELECT'
      AND x.grantee NOT IN (0, l.defaclrole)
  LOOP
    PERFORM ttr.grant_read(grantee);
  END LOOP;
  DROP SCHEMA ttr_before, ttr_data_before CASCADE;
END
$$
