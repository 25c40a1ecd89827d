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
