-- The role, one object that ttr.page() reads and the role may not, and the role as ttr.grant_load() takes it. No row: it may read all.
SELECT current_user, unreadable.name, quote_literal(quote_ident(current_user))
FROM (
  SELECT oid::regclass::text AS name
  FROM pg_class
  WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v' AND NOT has_table_privilege(oid, 'SELECT')
  UNION ALL
  SELECT oid::regprocedure::text
  FROM pg_proc
  WHERE pronamespace = 'ttr'::regnamespace AND proname = 'page' AND NOT has_function_privilege(oid, 'EXECUTE')
  UNION ALL
  SELECT 'schema ttr' WHERE NOT has_schema_privilege('ttr', 'USAGE')
) AS unreadable
LIMIT 1
