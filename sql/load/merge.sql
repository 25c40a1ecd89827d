-- From the stage into the facts.

-- name: find_repeated
-- The conversations that the run names more than once: few exports have any.
INSERT INTO repeated
SELECT conversation_id FROM stage GROUP BY conversation_id HAVING count(*) > 1

-- name: deduplicate
-- Of the records of a conversation all are superfluous that say nothing of which newer ones do not speak too; among equal
-- versions the last one read is the newest. Where all of them guess the start, the earliest guess is needed.
WITH ranked AS (
  SELECT s.record, s.conversation_id, s.started_at, s.attributes, shape.carried,
         row_number() OVER (PARTITION BY s.conversation_id
                            ORDER BY coalesce(s.updated_at, file.exported_at) DESC, s.record DESC) AS place
  FROM stage AS s JOIN repeated USING (conversation_id) JOIN file USING (file) JOIN shape USING (shape)
),
covered AS (
  SELECT record, place, carried,
         bit_or(carried) OVER (PARTITION BY conversation_id ORDER BY place
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer_carried,
         bit_or(carried) OVER (PARTITION BY conversation_id) & 2 = 0
         AND first_value(record) OVER (PARTITION BY conversation_id ORDER BY started_at, place) = record AS is_first_guess
  FROM ranked
),
-- Of each attribute the newest record that names it.
naming AS (
  SELECT DISTINCT ON (r.conversation_id, n.name) r.record
  FROM ranked AS r CROSS JOIN LATERAL jsonb_object_keys(r.attributes) AS n (name)
  ORDER BY r.conversation_id, n.name, r.place
)
DELETE FROM stage
USING covered
WHERE covered.record = stage.record
  AND covered.place > 1
  AND covered.carried & ~covered.newer_carried = 0
  AND NOT covered.is_first_guess
  AND NOT EXISTS (SELECT FROM naming WHERE naming.record = covered.record)

-- name: take_turns
-- The records of a conversation that are left are merged in the order of their versions, one a round.
ALTER TABLE stage ADD COLUMN round integer NOT NULL DEFAULT 1;
UPDATE stage
SET round = ranked.round
FROM (
  SELECT record,
         row_number() OVER (PARTITION BY conversation_id ORDER BY coalesce(s.updated_at, file.exported_at), record) AS round
  FROM stage AS s JOIN repeated USING (conversation_id) JOIN file USING (file)
) AS ranked
WHERE ranked.record = stage.record
  AND ranked.round > 1;
ANALYZE stage (round);
CREATE TEMPORARY TABLE outcome (
  conversation_id text COLLATE "C" NOT NULL,
  round           integer NOT NULL,
  verdict         text NOT NULL
) ON COMMIT DROP

-- name: count_rounds
-- How many records a conversation has at most.
SELECT coalesce(max(round), 1) FROM stage JOIN repeated USING (conversation_id)

-- name: look_up
-- What is left after the first round is little, and looked up record by record.
CREATE INDEX ON stage (round);
SET LOCAL enable_nestloop = on

-- name: begin_round
-- $1 number of the round
UPDATE run SET round = $1

-- name: compare
-- What the staged records of a round mean for the conversations that are known: a row for each that is not simply
-- unchanged, with all its fields as they will be.
--
-- Each field is that of the newest record that speaks of it, whatever the order in which records come. Most rows come whole
-- from one record: its version is the row's, and carried says of which fields it spoke. Of the others versions says when
-- they were said last; what nobody ever said stands in neither. Attributes have versions of their own, each by its name. The
-- timeline decides some fields in place of what records said (settle.sql); then told keeps that.
--
--   older       a lower version than the known one; what it alone says is taken all the same, and then it counts as updated
--   updated     the facts differ
--   new         nothing is known of it; the row says no more
--   confirmed   the same facts by a higher version: only the version is written, so that a version in between, loaded
--               later, is recognised as older
CREATE TEMPORARY TABLE revision ON COMMIT DROP AS
SELECT v.verdict,
       s.conversation_id,
       n.*,
       CASE WHEN version.is_newer THEN s.updated_at ELSE c.updated_at END AS updated_at,
       CASE WHEN version.is_newer THEN f.exported_at ELSE c.exported_at END AS exported_at,
       run.load_id,
       r.carried,
       w.versions
FROM stage AS s
LEFT JOIN ttr_data.conversation AS c USING (conversation_id)
JOIN shape AS h USING (shape)
JOIN file AS f USING (file)
JOIN run USING (round)
LEFT JOIN timeline AS t USING (conversation_id)
CROSS JOIN LATERAL (
  SELECT coalesce(s.updated_at, f.exported_at) AS staged,
         coalesce(c.updated_at, c.exported_at) AS known,
         coalesce(s.updated_at, f.exported_at) >= coalesce(c.updated_at, c.exported_at) AS is_newer
) AS version
CROSS JOIN LATERAL (SELECT CASE WHEN version.is_newer THEN h.carried ELSE c.carried END AS carried) AS r
-- When the known row's fields were said; NULL for never.
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.carried & 1 <> 0 THEN version.known ELSE (c.versions ->> 'user_id')::timestamptz END AS user_id,
         CASE WHEN c.carried & 2 <> 0 THEN version.known ELSE (c.versions ->> 'started_at')::timestamptz END AS started_at,
         CASE WHEN c.carried & 4 <> 0 THEN version.known ELSE (c.versions ->> 'first_response_at')::timestamptz END AS first_response_at,
         CASE WHEN c.carried & 8 <> 0 THEN version.known ELSE (c.versions ->> 'resolved_at')::timestamptz END AS resolved_at,
         CASE WHEN c.carried & 16 <> 0 THEN version.known ELSE (c.versions ->> 'assignee')::timestamptz END AS assignee,
         CASE WHEN c.carried & 32 <> 0 THEN version.known ELSE (c.versions ->> 'closed_by')::timestamptz END AS closed_by,
         CASE WHEN c.carried & 64 <> 0 THEN version.known ELSE (c.versions ->> 'tags')::timestamptz END AS tags,
         CASE WHEN c.carried & 128 <> 0 THEN version.known ELSE (c.versions ->> 'message_count')::timestamptz END AS message_count,
         CASE WHEN c.carried & 256 <> 0 THEN version.known ELSE (c.versions ->> 'reopen_count')::timestamptz END AS reopen_count,
         CASE WHEN c.carried & 512 <> 0 THEN version.known ELSE (c.versions ->> 'attributes')::timestamptz END AS attributes,
         CASE WHEN c.carried & 1024 <> 0 THEN version.known ELSE (c.versions ->> 'state')::timestamptz END AS state,
         CASE WHEN c.event_total IS NOT NULL THEN coalesce((c.versions ->> 'event_total')::timestamptz, version.known) END AS event_total
) AS said
-- Which of its fields the record decides.
CROSS JOIN LATERAL (
  SELECT h.user_id AND (said.user_id IS NULL OR said.user_id <= version.staged) AS user_id,
         h.started_at AND (said.started_at IS NULL OR said.started_at <= version.staged) AS started_at,
         h.first_response_at AND (said.first_response_at IS NULL OR said.first_response_at <= version.staged) AS first_response_at,
         h.resolved_at AND (said.resolved_at IS NULL OR said.resolved_at <= version.staged) AS resolved_at,
         h.assignee AND (said.assignee IS NULL OR said.assignee <= version.staged) AS assignee,
         h.closed_by AND (said.closed_by IS NULL OR said.closed_by <= version.staged) AS closed_by,
         h.tags AND (said.tags IS NULL OR said.tags <= version.staged) AS tags,
         h.message_count AND (said.message_count IS NULL OR said.message_count <= version.staged) AS message_count,
         h.reopen_count AND (said.reopen_count IS NULL OR said.reopen_count <= version.staged) AS reopen_count,
         h.attributes AND (said.attributes IS NULL OR said.attributes <= version.staged) AS attributes,
         h.state AND (said.state IS NULL OR said.state <= version.staged) AS state,
         t.event_total IS NOT NULL AND (said.event_total IS NULL OR said.event_total <= t.event_total_version) AS event_total
) AS takes
-- The attributes and their versions where they are not all those of the known row: [{"plan": "gold"}, {"plan": "2025-05-01"}]
CROSS JOIN LATERAL (
  SELECT CASE WHEN h.attributes AND NOT (takes.attributes AND s.attributes = c.attributes AND c.versions -> 'attribute' IS NULL)
              THEN (
                SELECT jsonb_build_array(jsonb_object_agg(key, value), jsonb_object_agg(key, said_at) FILTER (WHERE said_at < latest))
                FROM (SELECT CASE WHEN takes.attributes THEN version.staged ELSE said.attributes END) AS whole (latest),
                     (SELECT DISTINCT ON (key) key, value, said_at
                      FROM (SELECT key, value, coalesce((c.versions -> 'attribute' ->> key)::timestamptz, said.attributes) AS said_at, 0 AS place
                            FROM jsonb_each(c.attributes)
                            UNION ALL
                            SELECT key, value, version.staged, 1 FROM jsonb_each(s.attributes)) AS told
                      ORDER BY key, said_at DESC, place DESC) AS newest
              )
         END AS attributes
  OFFSET 0
) AS merged
-- What records said of the fields that the timeline may decide: up to now, and with this one.
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.told IS NULL THEN c.state ELSE c.told ->> 'state' END AS state,
         CASE WHEN c.told IS NULL THEN c.started_at ELSE (c.told ->> 'started_at')::timestamptz END AS started_at,
         CASE WHEN c.told IS NULL THEN c.first_response_at ELSE (c.told ->> 'first_response_at')::timestamptz END AS first_response_at,
         CASE WHEN c.told IS NULL THEN c.resolved_at ELSE (c.told ->> 'resolved_at')::timestamptz END AS resolved_at,
         CASE WHEN c.told IS NULL THEN c.closed_by ELSE c.told ->> 'closed_by' END AS closed_by,
         CASE WHEN c.told IS NULL THEN c.resolved_at ELSE (c.told ->> 'closed_at')::timestamptz END AS closed_at,
         CASE WHEN c.told IS NULL THEN c.reopen_count ELSE (c.told ->> 'reopen_count')::integer END AS reopen_count
) AS known
CROSS JOIN LATERAL (
  SELECT CASE WHEN takes.state THEN s.state ELSE known.state END AS state,
         CASE WHEN takes.state THEN version.staged ELSE said.state END AS state_version,
         CASE WHEN takes.started_at THEN s.started_at
              WHEN said.started_at IS NOT NULL THEN known.started_at
              ELSE least(known.started_at, s.started_at)
         END AS started_at,
         CASE WHEN takes.first_response_at THEN s.first_response_at ELSE known.first_response_at END AS first_response_at,
         CASE WHEN takes.resolved_at THEN s.resolved_at ELSE known.resolved_at END AS resolved_at,
         CASE WHEN takes.closed_by THEN s.closed_by ELSE known.closed_by END AS closed_by,
         CASE WHEN takes.closed_by THEN s.resolved_at ELSE known.closed_at END AS closed_at,
         CASE WHEN takes.reopen_count THEN s.reopen_count ELSE known.reopen_count END AS reopen_count,
         CASE WHEN takes.event_total THEN t.event_total ELSE c.event_total END AS event_total,
         CASE WHEN takes.event_total THEN t.event_total_version ELSE said.event_total END AS event_total_version
) AS told
CROSS JOIN LATERAL pg_temp.settle(told.state, told.state_version, told.started_at, takes.started_at OR said.started_at IS NOT NULL,
                                  told.first_response_at, told.resolved_at, told.closed_by, told.closed_at, told.reopen_count,
                                  told.event_total, t) AS settled
LEFT JOIN LATERAL (
  SELECT CASE WHEN takes.user_id THEN s.user_id ELSE c.user_id END AS user_id,
         settled.state,
         settled.started_at,
         settled.first_response_at,
         settled.resolved_at,
         settled.closed_by,
         settled.reopen_count,
         CASE WHEN takes.assignee THEN s.assignee_id ELSE c.assignee_id END AS assignee_id,
         CASE WHEN takes.assignee THEN s.assignee_email ELSE c.assignee_email END AS assignee_email,
         CASE WHEN takes.tags THEN s.tags ELSE c.tags END AS tags,
         CASE WHEN takes.message_count THEN s.message_count ELSE c.message_count END AS message_count,
         CASE WHEN merged.attributes IS NULL THEN c.attributes
              WHEN jsonb_typeof(merged.attributes -> 0) = 'object' THEN merged.attributes -> 0
              ELSE '{}'
         END AS attributes,
         told.event_total,
         CASE WHEN t.event_count IS NULL AND told.event_total IS NULL THEN c.open_intervals
              ELSE settled.open_intervals
         END AS open_intervals,
         settled.told
) AS n ON c.conversation_id IS NOT NULL
CROSS JOIN LATERAL (
  SELECT CASE WHEN version.is_newer AND c.versions IS NULL AND c.carried & ~h.carried = 0 AND merged.attributes IS NULL
                   AND (told.event_total_version IS NULL OR told.event_total_version = version.staged) THEN NULL
              ELSE nullif(jsonb_strip_nulls(jsonb_build_object(
                'user_id', CASE WHEN r.carried & 1 <> 0 THEN NULL WHEN takes.user_id THEN version.staged ELSE said.user_id END,
                'started_at', CASE WHEN r.carried & 2 <> 0 THEN NULL WHEN takes.started_at THEN version.staged ELSE said.started_at END,
                'first_response_at', CASE WHEN r.carried & 4 <> 0 THEN NULL WHEN takes.first_response_at THEN version.staged ELSE said.first_response_at END,
                'resolved_at', CASE WHEN r.carried & 8 <> 0 THEN NULL WHEN takes.resolved_at THEN version.staged ELSE said.resolved_at END,
                'assignee', CASE WHEN r.carried & 16 <> 0 THEN NULL WHEN takes.assignee THEN version.staged ELSE said.assignee END,
                'closed_by', CASE WHEN r.carried & 32 <> 0 THEN NULL WHEN takes.closed_by THEN version.staged ELSE said.closed_by END,
                'tags', CASE WHEN r.carried & 64 <> 0 THEN NULL WHEN takes.tags THEN version.staged ELSE said.tags END,
                'message_count', CASE WHEN r.carried & 128 <> 0 THEN NULL WHEN takes.message_count THEN version.staged ELSE said.message_count END,
                'reopen_count', CASE WHEN r.carried & 256 <> 0 THEN NULL WHEN takes.reopen_count THEN version.staged ELSE said.reopen_count END,
                'attributes', CASE WHEN r.carried & 512 <> 0 THEN NULL WHEN takes.attributes THEN version.staged ELSE said.attributes END,
                'state', CASE WHEN r.carried & 1024 <> 0 THEN NULL WHEN takes.state THEN version.staged ELSE said.state END,
                'event_total', nullif(told.event_total_version, CASE WHEN version.is_newer THEN version.staged ELSE version.known END),
                'attribute', CASE WHEN merged.attributes IS NULL THEN c.versions -> 'attribute'
                                  ELSE merged.attributes -> 1 END
              )), '{}')
         END AS versions
) AS w
CROSS JOIN LATERAL (
  SELECT CASE
           WHEN c.conversation_id IS NULL THEN 'new'
           WHEN (c.user_id, c.state, c.started_at, c.first_response_at, c.resolved_at, c.assignee_id,
                 c.assignee_email, c.closed_by, c.tags, c.message_count, c.reopen_count, c.attributes, c.event_total, c.open_intervals)
                IS DISTINCT FROM
                (n.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, n.assignee_id,
                 n.assignee_email, n.closed_by, n.tags, n.message_count, n.reopen_count, n.attributes, n.event_total, n.open_intervals) THEN 'updated'
           WHEN version.staged > version.known THEN 'confirmed'
           WHEN version.staged < version.known THEN 'older'
           WHEN (c.carried, c.versions, c.told) IS DISTINCT FROM (r.carried, w.versions, n.told) THEN 'confirmed'
         END AS verdict
) AS v
WHERE v.verdict IS NOT NULL
  -- Most records of an export that is loaded again say the same as before, by the same version, of the same fields, and know of
  -- no timeline: then nothing of the above needs to be looked at.
  AND (c.conversation_id IS NULL OR version.staged <> version.known OR c.carried <> h.carried OR c.versions IS NOT NULL OR c.told IS NOT NULL
       OR t.conversation_id IS NOT NULL
       OR (c.user_id, c.state, c.started_at, c.first_response_at, c.resolved_at, c.assignee_id,
           c.assignee_email, c.closed_by, c.tags, c.message_count, c.reopen_count, c.attributes)
          IS DISTINCT FROM
          (s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id,
           s.assignee_email, s.closed_by, s.tags, s.message_count, s.reopen_count, coalesce(s.attributes, '{}')))

-- name: keep_verdicts
-- What a round meant for conversations; of new ones only where they are named more than once, because they count once.
INSERT INTO outcome
SELECT conversation_id, run.round, verdict FROM revision CROSS JOIN run WHERE verdict IN ('updated', 'older')
UNION ALL
SELECT s.conversation_id, s.round, 'inserted'
FROM stage AS s JOIN repeated USING (conversation_id) JOIN run USING (round)
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)

-- name: update
-- Content and version of what changed; a confirmed conversation keeps the load that wrote its facts.
UPDATE ttr_data.conversation AS c
SET user_id = r.user_id,
    state = r.state,
    started_at = r.started_at,
    first_response_at = r.first_response_at,
    resolved_at = r.resolved_at,
    assignee_id = r.assignee_id,
    assignee_email = r.assignee_email,
    closed_by = r.closed_by,
    tags = r.tags,
    message_count = r.message_count,
    reopen_count = r.reopen_count,
    attributes = r.attributes,
    event_total = r.event_total,
    open_intervals = r.open_intervals,
    updated_at = r.updated_at,
    exported_at = r.exported_at,
    carried = r.carried,
    versions = r.versions,
    told = r.told,
    load_id = CASE r.verdict WHEN 'updated' THEN r.load_id ELSE c.load_id END
FROM revision AS r
WHERE c.conversation_id = r.conversation_id
  AND (r.verdict <> 'older' OR (c.carried, c.versions, c.told) IS DISTINCT FROM (r.carried, r.versions, r.told))

-- name: insert
INSERT INTO ttr_data.conversation
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by,
   tags, message_count, reopen_count, attributes, event_total, open_intervals, updated_at, exported_at, carried, versions, told,
   load_id)
SELECT s.conversation_id, s.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, s.assignee_id,
       s.assignee_email, n.closed_by, s.tags, s.message_count, n.reopen_count, coalesce(s.attributes, '{}'), t.event_total,
       n.open_intervals, s.updated_at, f.exported_at, h.carried,
       CASE WHEN t.event_total_version <> version.staged THEN jsonb_build_object('event_total', t.event_total_version) END,
       n.told, run.load_id
FROM stage AS s
JOIN shape AS h USING (shape)
JOIN file AS f USING (file)
JOIN run USING (round)
LEFT JOIN timeline AS t USING (conversation_id)
CROSS JOIN LATERAL (SELECT coalesce(s.updated_at, f.exported_at) AS staged) AS version
CROSS JOIN LATERAL pg_temp.settle(s.state, CASE WHEN h.state THEN version.staged END, s.started_at, h.started_at,
                                  s.first_response_at, s.resolved_at, s.closed_by, s.resolved_at, s.reopen_count,
                                  t.event_total, t) AS n
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id)

-- name: keep_newest
-- After the last round each conversation stands in the stage once, by its newest record.
DELETE FROM stage
USING repeated JOIN stage AS later USING (conversation_id)
WHERE later.conversation_id = stage.conversation_id
  AND later.round > stage.round

-- name: count_verdicts
-- How many conversations were updated, and of how many the newest record is older than what is known.
SELECT count(*) FILTER (WHERE NOT was_inserted AND was_updated),
       count(*) FILTER (WHERE NOT was_inserted AND NOT was_updated AND is_older)
FROM (
  SELECT bool_or(o.verdict = 'inserted') AS was_inserted,
         bool_or(o.verdict = 'updated') AS was_updated,
         bool_or(o.verdict = 'older' AND o.round = s.round) AS is_older
  FROM outcome AS o JOIN stage AS s USING (conversation_id)
  GROUP BY conversation_id
) AS by_conversation

-- name: mark_deleted
-- Conversations of which a deletion is known leave the figures, whichever of the two was loaded first.
UPDATE ttr_data.conversation AS c
SET deleted_at = d.deleted_at
FROM ttr_data.deletion AS d
CROSS JOIN run
WHERE EXISTS (SELECT FROM ttr_data.deletion)
  AND d.conversation_id = c.conversation_id
  AND c.deleted_at IS NULL
  AND (d.load_id = run.load_id OR d.conversation_id IN (SELECT conversation_id FROM stage))

-- name: count_left_out
-- Of the conversations that the run named, those that are in no time to resolution though they are closed, or have no known start:
-- how many lack the start, the close, or were closed before they started.
SELECT count(*) FILTER (WHERE c.started_at IS NULL),
       count(*) FILTER (WHERE c.started_at IS NOT NULL AND c.resolved_at IS NULL),
       count(*) FILTER (WHERE c.resolved_at < c.started_at)
FROM stage
JOIN ttr_data.conversation AS c USING (conversation_id)
WHERE c.deleted_at IS NULL
  AND (c.started_at IS NULL OR (c.state = 'closed' AND (c.resolved_at >= c.started_at) IS NOT TRUE))
