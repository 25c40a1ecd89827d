-- Whom the schema belongs to.
--
-- Who may CREATE in a database may make schemas and functions of any name there, before us. Whatever stands in schemas ttr and ttr_data
-- runs with the rights of whoever loads. So before the loader reads or calls anything in them, it looks up their owners in PostgreSQL's own
-- catalogues.

-- name: check_owners
-- What belongs to the first superuser is pinned, and has no entry in pg_shdepend.
DO $$
DECLARE
  stranger record;
BEGIN
  WITH owned AS MATERIALIZED (  -- by a role that is not trusted: mostly nothing
    SELECT s.classid, s.objid, r.rolname AS owner, b.datdba::regrole::text AS trusted
    FROM pg_database AS b
    JOIN pg_shdepend AS s ON s.dbid = b.oid AND s.deptype = 'o'
    JOIN pg_roles AS r ON r.oid = s.refobjid
    WHERE b.datname = current_database()
      AND r.rolname NOT IN (current_user, 'pg_database_owner')
      AND NOT pg_has_role(r.oid, b.datdba, 'MEMBER')  -- true for superusers
  ),
  ours AS (
    SELECT 0 AS place, tableoid AS classid, oid AS objid FROM pg_namespace WHERE nspname IN ('ttr', 'ttr_data')
    UNION ALL
    SELECT 1, classid, objid
    FROM pg_depend
    WHERE deptype = 'n' AND refclassid = 'pg_namespace'::regclass
      AND refobjid IN (SELECT oid FROM pg_namespace WHERE nspname IN ('ttr', 'ttr_data'))
  )
  SELECT i.type, i.identity, quote_ident(owner) AS owner, trusted, quote_ident(current_database()) AS database
  INTO stranger
  FROM owned
  JOIN ours USING (classid, objid)
  CROSS JOIN LATERAL pg_identify_object(classid, objid, 0) AS i
  ORDER BY place, i.type, i.identity
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the % % belongs to the role %', stranger.type, stranger.identity, stranger.owner
      USING ERRCODE = 'insufficient_privilege',
            DETAIL = format('What stands in schemas ttr and ttr_data runs with the rights of whoever loads. Trusted owners are superusers, '
                            'the current role, and the owner of the database: %s.', stranger.trusted),
            HINT = format('If %1$s may act for all who load: ALTER DATABASE %2$s OWNER TO %1$s, or: REASSIGN OWNED BY %1$s TO %3$s. '
                          'If not, look what is in it, and then: DROP %4$s %5$s CASCADE',
                          stranger.owner, stranger.database, stranger.trusted, upper(stranger.type), stranger.identity);
  END IF;
END
$$
