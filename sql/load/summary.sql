-- What a load says: its summary, its report and its ledger row.

-- name: summary_tables
CREATE TEMPORARY TABLE summary (
  scope          text NOT NULL,        -- load: the conversations that this run named; database: all
  total_closed   bigint NOT NULL,
  median_hours   double precision,
  p95_hours      double precision,
  pct_within_24h double precision,
  total          bigint NOT NULL,
  avg_messages   double precision,
  sla_breaches   bigint NOT NULL,
  by_assignee    json NOT NULL,
  by_tag         json NOT NULL
) ON COMMIT DROP;

-- The conversations that are summarized, and of each just what that takes.
CREATE TEMPORARY TABLE scope (
  assignee           text,
  tags               text[] NOT NULL,
  is_closed          boolean NOT NULL,
  resolution_seconds double precision,
  is_breach          boolean,
  message_count      integer
) ON COMMIT DROP;

-- What is merged into a summary: measures of some of its conversations, or all, for all of these and for each assignee and tag.
CREATE TEMPORARY TABLE part (
  dimension      text NOT NULL,        -- all, assignee or tag
  key            text COLLATE "C" NOT NULL,
  total          bigint NOT NULL,
  total_closed   bigint NOT NULL,
  resolution     ttr.distribution,     -- of resolution_seconds; NULL: none is counted as closed
  messages       bigint NOT NULL,      -- of the closed ones that tell
  messages_known bigint NOT NULL,      -- how many of them tell
  sla_breaches   bigint NOT NULL
) ON COMMIT DROP

-- name: scope_load
-- The conversations that this run named, as they stand after the merge.
INSERT INTO scope
SELECT c.assignee, c.tags, c.is_closed, c.resolution_seconds, c.is_breach, c.message_count
FROM ttr_data.counted AS c
JOIN named USING (conversation_id)

-- name: scope_database
-- All conversations, those of the load among them: those of days that a change touched since the last refresh, and the rollups
-- of the other days. One statement, so that no day is missed or taken twice when somebody else changes facts just then.
TRUNCATE part;
WITH rolled AS (
  INSERT INTO part
  SELECT dimension, key, total, total_closed, ttr_data.both(span, timeline), messages, messages_known, sla_breaches
  FROM ttr_data.standing_rollups()
)
INSERT INTO scope
SELECT * FROM ttr_data.unrolled_conversations()

-- name: group_scope
-- What is scoped is moved into the parts. Those of one assignee with the same tags are measured once, and what is measured of
-- all, of an assignee and of a tag is merged from there.
WITH alike AS MATERIALIZED (
  SELECT coalesce(assignee, '') COLLATE "C" AS assignee,
         tags,
         count(*) AS total,
         count(*) FILTER (WHERE is_closed) AS total_closed,
         ttr.distribution(resolution_seconds) AS resolution,
         coalesce(sum(message_count) FILTER (WHERE is_closed), 0) AS messages,
         count(message_count) FILTER (WHERE is_closed) AS messages_known,
         count(*) FILTER (WHERE is_breach) AS sla_breaches
  FROM scope
  GROUP BY 1, 2
)
INSERT INTO part
SELECT k.dimension, k.key, a.total, a.total_closed, a.resolution, a.messages, a.messages_known, a.sla_breaches
FROM alike AS a
CROSS JOIN LATERAL (
  SELECT 'all', ''
  UNION ALL
  SELECT 'assignee', a.assignee
  UNION ALL
  SELECT 'tag', t.tag FROM unnest(a.tags) AS t (tag)
) AS k (dimension, key);
TRUNCATE scope

-- name: summarize
-- $1 what the parts together are called in the summary: load or database
INSERT INTO summary
WITH figure AS (
  SELECT m.dimension, m.key, f.total_closed, f.median_hours, f.p95_hours, f.share_within_24h AS pct_within_24h, m.total, f.avg_messages,
         f.sla_breaches
  FROM (
    SELECT dimension,
           nullif(key, '') AS key,
           sum(total)::bigint AS total,
           sum(total_closed)::bigint AS total_closed,
           ttr.merge(resolution) AS resolution,
           sum(messages)::bigint AS messages,
           sum(messages_known)::bigint AS messages_known,
           sum(sla_breaches)::bigint AS sla_breaches
    FROM part
    GROUP BY dimension, key
  ) AS m
  CROSS JOIN LATERAL ttr_data.figures_of(
    ROW(m.total, NULL, NULL, NULL, m.total_closed, m.resolution, NULL, NULL, NULL, NULL, NULL, m.sla_breaches, m.messages, m.messages_known,
        NULL, NULL)::ttr_data.measures) AS f
),
assignee AS (
  SELECT key AS assignee, total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches
  FROM figure
  WHERE dimension = 'assignee'
  ORDER BY total_closed DESC, key
),
tag AS (
  SELECT key AS tag, total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches
  FROM figure
  WHERE dimension = 'tag'
  ORDER BY total_closed DESC, key
)
SELECT $1,
       coalesce(f.total_closed, 0),
       f.median_hours,
       f.p95_hours,
       f.pct_within_24h,
       coalesce(f.total, 0),
       f.avg_messages,
       coalesce(f.sla_breaches, 0),
       coalesce((SELECT json_agg(a) FROM assignee AS a), '[]'),
       coalesce((SELECT json_agg(t) FROM tag AS t), '[]')
FROM (VALUES ('all')) AS the (dimension)
LEFT JOIN figure AS f USING (dimension)

-- name: reuse_summary
-- When the run named every conversation that there is, all is said already.
INSERT INTO summary
SELECT 'database', total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches, by_assignee, by_tag
FROM summary
WHERE scope = 'load'

-- name: report
-- The closed conversations that this run named, tags written as they are read.
COPY (
  SELECT conversation_id,
         counted.user_id,
         to_json(counted.started_at) #>> '{}' AS started_at,
         to_json(counted.resolved_at) #>> '{}' AS resolved_at,
         resolution_seconds,
         coalesce(counted.assignee_email, teammate.email) AS assignee_email,
         CASE WHEN array_to_string(counted.tags, '') LIKE '%;%'
              THEN (SELECT string_agg(replace(tag, ';', '\;'), ';' ORDER BY place)
                    FROM unnest(counted.tags) WITH ORDINALITY AS t (tag, place))
              ELSE nullif(array_to_string(counted.tags, ';'), '')
         END AS tags
  FROM ttr_data.counted
  JOIN named USING (conversation_id)
  LEFT JOIN ttr_data.teammate ON teammate.teammate_id = counted.assignee_id
  WHERE is_closed
  ORDER BY conversation_id
) TO STDOUT (FORMAT csv, HEADER)

-- name: ledger
-- $1 inserted, $2 updated, $3 older, $4 duplicate, $5 naive timestamps, $6 ambiguous among these, $7 events, $8 records of
-- deletions, $9 conversations deleted, $10 placeholders, $11 name of the report or NULL, $12 dry run, $13 whether what is printed
-- is brief
--
-- A list of teammates or tags has no conversations. Its lines count under files only, but its rejects count for the load, too.
WITH read AS (
  SELECT coalesce(sum(bytes), 0)::bigint AS bytes,
         coalesce(sum(CASE WHEN is_export THEN read ELSE rejected END), 0)::bigint AS read,
         coalesce(sum(rejected), 0)::bigint AS rejected,
         coalesce(sum(ignored), 0)::bigint + $8::bigint AS ignored,
         max(exported_at) AS exported_at,
         (SELECT json_agg(f) FROM (SELECT name, format, bytes, read, rejected FROM file ORDER BY is_export DESC, file.file) AS f) AS files
  FROM file
),
load AS (
  SELECT CASE WHEN NOT $12::boolean THEN run.load_id END AS load_id,
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
),
everything AS (
  SELECT total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches, by_assignee, by_tag
  FROM summary
  WHERE scope = 'database'
),
printed AS (
  SELECT s.total_closed, s.median_hours, s.p95_hours, s.pct_within_24h, s.total, s.avg_messages, s.sla_breaches,
         $11::text AS report_csv,
         s.by_assignee,
         s.by_tag,
         (SELECT row_to_json(load) FROM load) AS load,
         (SELECT row_to_json(everything) FROM everything) AS database
  FROM summary AS s
  WHERE s.scope = 'load'
),
brief AS (
  SELECT total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches, report_csv, load,
         (SELECT row_to_json(d)
          FROM (SELECT total_closed, median_hours, p95_hours, pct_within_24h, total, avg_messages, sla_breaches
                FROM everything) AS d) AS database
  FROM printed
)
INSERT INTO ttr_data.load
  (load_id, started_at, finished_at, loader_version, exported_at, files, bytes, read, inserted, updated, unchanged, older,
   duplicate, rejected, ignored, deleted, events, naive_timestamps, placeholders, summary)
SELECT run.load_id, run.started_at, clock_timestamp(), run.loader_version, load.exported_at, load.files::jsonb, read.bytes,
       load.read, load.inserted, load.updated, load.unchanged, load.older, load.duplicate, load.rejected,
       load.ignored, load.deleted, load.events, load.naive_timestamps, load.placeholders, (SELECT row_to_json(printed, true) FROM printed)
FROM run CROSS JOIN read CROSS JOIN load
RETURNING CASE WHEN $13::boolean THEN (SELECT row_to_json(brief, true) FROM brief) ELSE summary END AS summary,
          read, inserted, updated, unchanged, older, duplicate, rejected, ignored

-- name: table
-- The summary for a terminal, as text: of each block the first lines. The last two columns are for the order only.
WITH line AS (
  SELECT 1 AS block,
         CASE scope WHEN 'load' THEN 1 ELSE 2 END::bigint AS place,
         'scope' AS heading,
         CASE scope WHEN 'load' THEN 'this load' ELSE 'database' END AS name,
         total, total_closed, median_hours, p95_hours, pct_within_24h, sla_breaches
  FROM summary
  UNION ALL
  SELECT b.block,
         e.place,
         b.heading,
         coalesce(r.assignee, r.tag, '(nobody)'),
         r.total, r.total_closed, r.median_hours, r.p95_hours, r.pct_within_24h, r.sla_breaches
  FROM summary
  CROSS JOIN LATERAL (VALUES (2, 'assignee', by_assignee), (3, 'tag', by_tag)) AS b (block, heading, figures)
  CROSS JOIN LATERAL json_array_elements(b.figures) WITH ORDINALITY AS e (figure, place)
  CROSS JOIN LATERAL json_to_record(e.figure) AS r (
    assignee text, tag text, total bigint, total_closed bigint, median_hours double precision, p95_hours double precision,
    pct_within_24h double precision, sla_breaches bigint)
  WHERE scope = 'load'
),
counted AS (
  SELECT line.*, count(*) OVER (PARTITION BY block) - 12 AS hidden FROM line
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
