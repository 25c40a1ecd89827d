-- What Metabase is told of the published views: every key names what is there, and nothing is said twice.
BEGIN;
SELECT plan(9);

\ir schema.psql

CREATE TEMPORARY VIEW told AS
SELECT keypath, value, parts[1] AS view, CASE cardinality(parts) WHEN 3 THEN parts[2] END AS column, parts[cardinality(parts)] AS property,
       cardinality(parts) AS part_count
FROM (SELECT keypath, value, string_to_array(keypath, '.') AS parts FROM ttr._metabase_metadata) AS m;

CREATE TEMPORARY VIEW published AS
SELECT c.oid, c.relname, a.attname, a.attnum, a.atttypid::regtype AS type
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'ttr'::regnamespace AND c.relkind = 'v' AND c.relname <> '_metabase_metadata';

SELECT is_empty(
  $$SELECT keypath FROM told
    WHERE part_count NOT IN (2, 3) OR property NOT IN ('description', 'display_name', 'semantic_type')
       OR property = 'semantic_type' AND part_count = 2$$,
  'every keypath is one that Metabase takes: view.property or view.column.property');

SELECT is_empty(
  $$SELECT keypath FROM told
    WHERE NOT EXISTS (SELECT FROM published WHERE relname = told.view AND (told.column IS NULL OR attname = told.column))$$,
  'every keypath names a view, or a column of it, that is published');

SELECT is_empty('SELECT keypath FROM told GROUP BY keypath HAVING count(*) > 1', 'nothing is told twice');

SELECT set_eq(
  $$SELECT keypath, value FROM told WHERE property = 'description'$$,
  $$SELECT relname || '.description', obj_description(oid, 'pg_class') FROM published
    UNION SELECT relname || '.' || attname || '.description', col_description(oid, attnum) FROM published$$,
  'the descriptions are the comments, of every view and every column');

SELECT is_empty(
  $$SELECT keypath FROM told WHERE value IS NULL OR value !~ '\S' OR property = 'display_name' AND value !~ '^[A-Z][A-Za-z0-9 ]*$'$$,
  'there is a value for each, and a name is words');

SELECT results_eq(
  $$SELECT keypath, value FROM told
    WHERE keypath IN ('overall.p95_hours.display_name', 'sla_breaches.display_name', 'conversations.user_id.display_name')
    ORDER BY keypath$$,
  $$VALUES ('conversations.user_id.display_name', 'User ID'), ('overall.p95_hours.display_name', 'P95 hours'),
           ('sla_breaches.display_name', 'SLA breaches')$$,
  'names are those of the columns, in words');

SELECT is_empty(
  $$SELECT t.keypath, t.value, p.type
    FROM told AS t JOIN published AS p ON (p.relname, p.attname) = (t.view, t.column)
    WHERE t.property = 'semantic_type'
      AND (t.value, p.type::text) NOT IN (('type/Percentage', 'double precision'), ('type/Category', 'text'), ('type/PK', 'text'),
                                          ('type/PK', 'bigint'))$$,
  'a semantic type fits the type of its column');

SELECT set_eq(
  $$SELECT relname, attname FROM published WHERE attname ~ '^state$|_ratio$|^(started_)?share'$$,
  $$SELECT t.view, t.column FROM told AS t WHERE property = 'semantic_type' AND t.column ~ '^state$|_ratio$|^(started_)?share'$$,
  'no state is left to be taken for a state of a country, no share without its percent sign');

SELECT is(
  (SELECT string_agg(DISTINCT format_type(atttypid, atttypmod), ', ') FROM pg_attribute
   WHERE attrelid = 'ttr._metabase_metadata'::regclass AND attnum > 0),
  'text', 'both columns are text, as Metabase reads them');

SELECT * FROM finish();
ROLLBACK;
