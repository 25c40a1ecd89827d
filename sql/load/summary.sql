-- What a load leaves: its summary, its report and its ledger row.
--
-- The loader keeps the lines of a summary (ttr_data.summary_line) as JSON and sends them back as parameters: those of the load are known
-- before its COMMIT, those of the database after the refresh, and no temporary table lasts that long.

-- name: summarize_load
-- One conversation at a time: a join would measure all of the facts, and the run named a part.
SELECT json_agg(l)
FROM ttr_data.summary_of('SELECT m.* FROM pg_temp.named AS n CROSS JOIN LATERAL '
                         '(SELECT * FROM ttr_data.measured WHERE conversation_id = n.conversation_id OFFSET 0) AS m') AS l

-- name: summarize_database
SELECT json_agg(l) FROM ttr_data.summary_of_database() AS l

-- name: report_named
COPY (SELECT report.* FROM ttr_data.report JOIN named USING (conversation_id) ORDER BY conversation_id) TO STDOUT (FORMAT csv, HEADER)

-- name: report_all
-- In the order of the key, and not sorted: the planner takes what has just been loaded for few rows, and would sort them. One process,
-- because the refresh runs at the same time.
SET LOCAL enable_sort = off;
SET LOCAL max_parallel_workers_per_gather = 0;
COPY (SELECT * FROM ttr_data.report ORDER BY conversation_id) TO STDOUT (FORMAT csv, HEADER)

-- name: ledger
-- $1 inserted, $2 updated, $3 older, $4 duplicate, $5 naive timestamps, $6 ambiguous among these, $7 events, $8 records of
-- deletions, $9 conversations deleted, $10 placeholders, $11 dry run
--
-- A list of teammates or tags has no conversations. Its lines count under files only, but its rejects count for the load, too. Of an
-- archive of very many files the first 1,000 are listed, and the others summed up in a last line.
WITH placed AS (
  SELECT name, format, bytes, read, rejected, row_number() OVER (ORDER BY is_export DESC, file.file) AS place FROM file
),
listed AS (
  SELECT name, format, bytes, read, rejected, place FROM placed WHERE place <= 1000
  UNION ALL
  SELECT format('and %s more', count(*)), 'several', sum(bytes)::bigint, sum(read)::bigint, sum(rejected)::bigint, 1001
  FROM placed
  WHERE place > 1000
  HAVING count(*) > 0
),
read AS (
  SELECT coalesce(sum(bytes), 0)::bigint AS bytes,
         coalesce(sum(CASE WHEN is_export THEN read ELSE rejected END), 0)::bigint AS read,
         coalesce(sum(rejected), 0)::bigint AS rejected,
         coalesce(sum(ignored), 0)::bigint + $8::bigint AS ignored,
         max(exported_at) AS exported_at,
         (SELECT json_agg(f) FROM (SELECT name, format, bytes, read, rejected FROM listed ORDER BY place) AS f) AS files
  FROM file
),
load AS (
  SELECT CASE WHEN NOT $11::boolean THEN run.load_id END AS load_id,
         read.read,
         $1::bigint AS inserted,
         $2::bigint AS updated,
         read.read - read.rejected - read.ignored - $1::bigint - $2::bigint - $3::bigint - $4::bigint AS unchanged,
         $3::bigint AS older,
         $4::bigint AS duplicate,
         read.rejected,
         read.ignored,
         $9::bigint AS deleted,
         $7::bigint AS events,
         $5::bigint AS naive_timestamps,
         $6::bigint AS ambiguous_timestamps,
         $10::bigint AS placeholders,
         read.exported_at,
         date_part('epoch', clock_timestamp() - run.started_at) AS seconds,
         read.files
  FROM run CROSS JOIN read
)
INSERT INTO ttr_data.load
  (load_id, started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, updated, unchanged, older,
   duplicate, rejected, ignored, deleted, events, naive_timestamps, placeholders)
SELECT run.load_id, run.started_at, clock_timestamp(), run.loader_version, load.exported_at, load.files::jsonb, read.bytes,
       load.read, load.inserted, load.updated, load.unchanged, load.older, load.duplicate, load.rejected,
       load.ignored, load.deleted, load.events, load.naive_timestamps, load.placeholders
FROM run CROSS JOIN read CROSS JOIN load
RETURNING load_id, (SELECT row_to_json(load) FROM load) AS load,
          read, inserted, updated, unchanged, older, duplicate, rejected, ignored

-- name: summary
-- $1 number of the load, $2 its counts as JSON, $3 lines of the load, $4 of the database, $5 name of the report or NULL, $6 whether
-- what is printed is brief. The ledger keeps all of it.
WITH line AS MATERIALIZED (
  SELECT s.scope, l.dimension, nullif(l.key, '') COLLATE "C" AS key, l.figures
  FROM (VALUES ('load', $3::json), ('database', $4::json)) AS s (scope, lines)
  CROSS JOIN LATERAL json_populate_recordset(NULL::ttr_data.summary_line, s.lines) AS l
),
scope AS (
  SELECT o.scope,
         o.figures,
         (SELECT coalesce(json_agg(a), '[]')
          FROM (SELECT key AS assignee, (figures).* FROM line WHERE scope = o.scope AND dimension = 'assignee'
                ORDER BY total_closed DESC, assignee) AS a) AS by_assignee,
         (SELECT coalesce(json_agg(t), '[]')
          FROM (SELECT key AS tag, (figures).* FROM line WHERE scope = o.scope AND dimension = 'tag'
                ORDER BY total_closed DESC, tag) AS t) AS by_tag
  FROM line AS o
  WHERE dimension = 'all'
),
printed AS (
  SELECT (l.figures).*, $5::text AS report_csv, l.by_assignee, l.by_tag, $2::json AS load, row_to_json(d) AS database
  FROM scope AS l CROSS JOIN (SELECT (figures).*, by_assignee, by_tag FROM scope WHERE scope = 'database') AS d
  WHERE l.scope = 'load'
),
brief AS (
  SELECT (l.figures).*, $5::text AS report_csv, $2::json AS load, d.figures AS database
  FROM scope AS l CROSS JOIN scope AS d
  WHERE l.scope = 'load' AND d.scope = 'database'
),
kept AS (
  UPDATE ttr_data.load SET summary = (SELECT row_to_json(printed, true) FROM printed) WHERE load_id = $1::bigint
)
SELECT CASE WHEN $6::boolean THEN (SELECT row_to_json(brief, true) FROM brief) ELSE (SELECT row_to_json(printed, true) FROM printed) END

-- name: table
-- $1 lines of the load, $2 of the database
-- The summary for a terminal, as text: of each block the first lines. The last two columns are for the order only.
WITH line AS (
  SELECT 1 AS block, s.place::bigint AS place, 'scope' AS heading, s.name, l.figures
  FROM (VALUES (1, 'this load', $1::json), (2, 'database', $2::json)) AS s (place, name, lines)
  CROSS JOIN LATERAL json_populate_recordset(NULL::ttr_data.summary_line, s.lines) AS l
  WHERE l.dimension = 'all'
  UNION ALL
  SELECT CASE dimension WHEN 'assignee' THEN 2 ELSE 3 END,
         row_number() OVER (PARTITION BY dimension ORDER BY (figures).total_closed DESC, nullif(key, '') COLLATE "C"),
         dimension,
         coalesce(nullif(key, ''), '(nobody)'),
         figures
  FROM json_populate_recordset(NULL::ttr_data.summary_line, $1::json)
  WHERE dimension <> 'all'
),
counted AS (
  SELECT block, place, heading, name, (figures).*, count(*) OVER (PARTITION BY block) - 12 AS hidden FROM line
)
SELECT heading,
       name,
       to_char(total, 'FM999,999,999,990') AS conversations,
       to_char(total_closed, 'FM999,999,999,990') AS closed,
       coalesce(to_char(median_hours, 'FM999,999,990.00'), '-') AS "median h",
       coalesce(to_char(p95_hours, 'FM999,999,990.00'), '-') AS "p95 h",
       coalesce(to_char(pct_within_24h * 100, 'FM990.0') || ' %', '-') AS "within 24 h",
       to_char(sla_breaches, 'FM999,999,999,990') AS breaches,
       block,
       place
FROM counted
WHERE place <= 12
UNION ALL
SELECT DISTINCT heading, format('and %s more', hidden), '', '', '', '', '', '', block, 13::bigint
FROM counted
WHERE hidden > 0
ORDER BY block, place

-- name: find_unreadable
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
