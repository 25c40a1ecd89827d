-- What Metabase shows of the published views: names, descriptions and semantic types.
--
-- Metabase looks for a relation of this name at every sync, in every edition, and takes over its rows. All of them follow from the
-- catalogue: a description is the comment, and a name and a semantic type follow from the column's own name.
--
-- A keypath has no schema: a table elsewhere in the database that is named as one of the views would be described as it is.

CREATE VIEW ttr._metabase_metadata AS
WITH published AS (
  SELECT oid, relname::text COLLATE "default" AS view
  FROM pg_catalog.pg_class
  WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v' AND relname <> '_metabase_metadata'
),
described AS (
  SELECT view AS path, view AS name, obj_description(oid, 'pg_class') COLLATE "default" AS description
  FROM published
  UNION ALL
  SELECT p.view || '.' || n.name, n.name, col_description(p.oid, a.attnum) COLLATE "default"
  FROM published AS p
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = p.oid AND a.attnum > 0
  CROSS JOIN LATERAL (SELECT a.attname::text COLLATE "default") AS n (name)
),
-- Without them Metabase takes a state of a conversation for a state of a country, and shows a share as 0.91 and not as 91 %.
meaning (pattern, semantic_type) AS (
  VALUES ('^(conversations|open_conversations)[.]conversation_id$|^load_history[.]load_id$', 'type/PK'),
         ('[.](share|(started_)?share_within_.+|cumulative_share|.+_ratio)$', 'type/Percentage'),
         ('[.](state|assignee|tag|dimension|basis|metric|policy|.+_policy|calendar|problem)$', 'type/Category')
)
SELECT path || '.description' AS keypath, description AS value
FROM described
UNION ALL
SELECT path || '.display_name',
       regexp_replace(regexp_replace(upper(left(name, 1)) || replace(substr(name, 2), '_', ' '), '\msla\M', 'SLA', 'i'), '\mid\M', 'ID')
FROM described
UNION ALL
SELECT path || '.semantic_type', semantic_type
FROM described
JOIN meaning ON path ~ pattern;

COMMENT ON VIEW ttr._metabase_metadata IS
  'Names, descriptions and semantic types of the published views. Metabase reads this at every sync, and shows it to nobody.';
