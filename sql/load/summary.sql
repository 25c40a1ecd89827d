-- What a load leaves: its summary, its report and its ledger row.
--
-- The ledger row keeps the summary as far as it is known: what was counted, then the figures of what the load named, both before its
-- COMMIT; those of the database after the refresh. From the ledger it is printed.

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
-- deletions, $9 conversations deleted, $10 placeholders, $11 dry run, $12 name of the report or NULL
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
   duplicate, rejected, ignored, deleted, events, naive_timestamps, placeholders, summary)
SELECT run.load_id, run.started_at, clock_timestamp(), run.loader_version, load.exported_at, load.files::jsonb, read.bytes,
       load.read, load.inserted, load.updated, load.unchanged, load.older, load.duplicate, load.rejected,
       load.ignored, load.deleted, load.events, load.naive_timestamps, load.placeholders,
       json_build_object('report_csv', $12::text, 'load', row_to_json(load))
FROM run CROSS JOIN read CROSS JOIN load
RETURNING load_id, read, inserted, updated, unchanged, older, duplicate, rejected, ignored

-- name: summarize_load
-- $1 number of the load. One conversation at a time: a join would measure all of the facts, and the run named a part.
UPDATE ttr_data.load AS l
SET summary = (
  SELECT row_to_json(s)
  FROM (
    SELECT (o.figures).*, l.summary -> 'report_csv' AS report_csv, o.by_assignee, o.by_tag, l.summary -> 'load' AS load
    FROM ttr_data.summary_scope(ARRAY(
      SELECT s
      FROM ttr_data.summary_of('SELECT m.* FROM pg_temp.named AS n CROSS JOIN LATERAL '
                               '(SELECT * FROM ttr_data.measured WHERE conversation_id = n.conversation_id OFFSET 0) AS m') AS s)) AS o
  ) AS s)
WHERE load_id = $1::bigint

-- name: summarize_database
-- $1 number of the load. Where it named all conversations, its figures are those of the database.
UPDATE ttr_data.load AS l
SET summary = (
  SELECT row_to_json(s, true)
  FROM (
    SELECT (n.figures).*, l.summary -> 'report_csv' AS report_csv, n.by_assignee, n.by_tag, l.summary -> 'load' AS load,
           row_to_json(d) AS database
    FROM ttr_data.summary_scope(ARRAY(SELECT s FROM ttr_data.summary_of_database() AS s)) AS o
    CROSS JOIN LATERAL (SELECT (o.figures).*, o.by_assignee, o.by_tag) AS d
    CROSS JOIN LATERAL (
      SELECT o.figures, o.by_assignee, o.by_tag
      WHERE l.summary -> 'by_assignee' IS NULL
      UNION ALL
      SELECT f, l.summary -> 'by_assignee', l.summary -> 'by_tag'
      FROM json_populate_record(NULL::ttr_data.summary_figures, l.summary) AS f
      WHERE l.summary -> 'by_assignee' IS NOT NULL
    ) AS n
  ) AS s)
WHERE load_id = $1::bigint

-- name: print_summary
-- $1 number of the load.
SELECT string_to_table(summary::text, chr(10)) FROM ttr_data.load WHERE load_id = $1::bigint

-- name: print_brief
-- $1 number of the load. Without assignees and tags.
SELECT string_to_table(row_to_json(s, true)::text, chr(10))
FROM (
  SELECT (f).*, summary -> 'report_csv' AS report_csv, summary -> 'load' AS load,
         json_populate_record(NULL::ttr_data.summary_figures, summary -> 'database') AS database
  FROM ttr_data.load CROSS JOIN LATERAL json_populate_record(NULL::ttr_data.summary_figures, summary) AS f
  WHERE load_id = $1::bigint
) AS s

-- name: table
-- $1 number of the load.
-- The summary for a terminal, as text: of each block the first lines. The last two columns are for the order only.
WITH listed AS MATERIALIZED (
  SELECT l.*
  FROM ttr_data.load
  CROSS JOIN LATERAL (
    VALUES (1, 'scope', json_build_array(summary, summary -> 'database')),
           (2, 'assignee', summary -> 'by_assignee'),
           (3, 'tag', summary -> 'by_tag')
  ) AS l (block, heading, lines)
  WHERE load_id = $1::bigint
),
line AS (
  SELECT block,
         place,
         heading,
         CASE WHEN block > 1 THEN coalesce(line ->> heading, '(nobody)') WHEN place = 1 THEN 'this load' ELSE 'database' END AS name,
         json_populate_record(NULL::ttr_data.summary_figures, line) AS figures
  FROM listed CROSS JOIN LATERAL (SELECT * FROM json_array_elements(lines) WITH ORDINALITY AS l (line, place) WHERE place <= 12) AS l
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
FROM (SELECT block, place, heading, name, (figures).* FROM line) AS l
UNION ALL
SELECT heading, format('and %s more', json_array_length(lines) - 12), '', '', '', '', '', '', block, 13
FROM listed
WHERE json_array_length(lines) > 12
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
