-- The stage is made ready: local times become instants, tags get names, files get dates.

-- name: relate
-- Views of the run over the stage and the facts. The merge makes them, because a view locks its tables, and staging may take hours.
--
-- dated: the date of each load, for rows without a date of their own. The ledger row of this run does not exist yet.
CREATE TEMPORARY VIEW dated AS
SELECT load_id, coalesce(confirmed_at, exported_at) AS exported_at FROM ttr_data.load
UNION ALL
SELECT load_id, (SELECT max(exported_at) FROM file) FROM run;

-- named: all conversations that the run names.
CREATE TEMPORARY VIEW named AS
SELECT conversation_id FROM stage
UNION
SELECT c.conversation_id FROM named_range AS r JOIN ttr_data.conversation AS c ON c.conversation_id BETWEEN r.first_id AND r.last_id

-- name: find_zone
-- $1 a zone. Whether the server knows it, and whether it means an offset.
SELECT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower($1)), ttr_data.is_abbreviation($1)

-- name: find_unknown_zone
-- The first zone in the header of a file that the server does not know, or takes for an offset.
SELECT file.name, zone, ttr_data.is_abbreviation(zone)
FROM file
CROSS JOIN unnest(zones) AS named (zone)
WHERE zone IS NOT NULL
  AND (lower(zone) NOT IN (SELECT lower(name) FROM pg_timezone_names) OR ttr_data.is_abbreviation(zone))
ORDER BY file
LIMIT 1

-- name: count_ambiguous
-- $1 zone of naive times in files that name none. Of the naive times, still staged as if their clock stood in UTC: how many a
-- clock change skips, so that no clock ever showed them, or repeats, so that they may be either of two.
SELECT count(*)
FROM (
  SELECT at, coalesce(named, $1) AS zone
  FROM stage
  JOIN file USING (file)
  CROSS JOIN LATERAL (VALUES (started_at, naive & 1, zones[1]), (first_response_at, naive & 2, zones[2]),
                             (resolved_at, naive & 4, zones[3]), (updated_at, naive & 8, zones[4])) AS time (at, is_naive, named)
  WHERE naive <> 0 AND is_naive <> 0
  UNION ALL
  SELECT at, coalesce(zones[5], $1)
  FROM stage
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(event_at, event_naive) AS event (at, is_naive)
  WHERE event_naive IS NOT NULL AND is_naive IS NOT NULL
) AS staged
CROSS JOIN LATERAL (SELECT at AT TIME ZONE 'UTC' AS shown, at AT TIME ZONE 'UTC' AT TIME ZONE zone AS instant) AS local
CROSS JOIN LATERAL (SELECT instant - interval '24 hours' AS before) AS day
CROSS JOIN LATERAL (
  SELECT (shown - ((before AT TIME ZONE zone) - (before AT TIME ZONE 'UTC'))) AT TIME ZONE 'UTC' AS by_old_offset
) AS other
WHERE instant AT TIME ZONE zone <> shown
   OR (by_old_offset <> instant AND by_old_offset AT TIME ZONE zone = shown)

-- name: localize
-- $1 zone of naive times in files that name none. Naive times were staged as if their clock stood in UTC. The server converts
-- them, so that a time that a clock change skips or repeats becomes the same instant as everywhere else in PostgreSQL.
UPDATE stage
SET started_at        = CASE naive & 1 WHEN 0 THEN started_at
                        ELSE started_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[1], $1) END,
    first_response_at = CASE naive & 2 WHEN 0 THEN first_response_at
                        ELSE first_response_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[2], $1) END,
    resolved_at       = CASE naive & 4 WHEN 0 THEN resolved_at
                        ELSE resolved_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[3], $1) END,
    updated_at        = CASE naive & 8 WHEN 0 THEN updated_at
                        ELSE updated_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[4], $1) END,
    event_at          = CASE WHEN event_naive IS NULL THEN event_at
                        ELSE ARRAY(SELECT CASE WHEN e.naive IS NULL THEN e.at
                                               ELSE e.at AT TIME ZONE 'UTC' AT TIME ZONE coalesce(zones[5], $1) END
                                   FROM unnest(event_at, event_naive) WITH ORDINALITY AS e (at, naive, place)
                                   ORDER BY place) END
FROM file
WHERE file.file = stage.file
  AND (naive <> 0 OR event_naive IS NOT NULL)

-- name: add_tags
-- The names of the listed tags; the newest list counts. A list has no times: its version is --exported-at, else the start of this run.
INSERT INTO ttr_data.tag AS known (tag_id, name, name_version, load_id)
SELECT DISTINCT ON (l.tag_id) l.tag_id, l.name, coalesce(run.exported_at, run.started_at), run.load_id
FROM listed_tag AS l CROSS JOIN run
WHERE l.name IS NOT NULL
ORDER BY l.tag_id, l.record DESC
ON CONFLICT (tag_id) DO UPDATE
SET name = excluded.name, name_version = excluded.name_version,
    load_id = CASE WHEN known.name <> excluded.name THEN excluded.load_id ELSE known.load_id END
WHERE known.name_version <= excluded.name_version

-- name: add_teams
-- The names of the listed teams, by the same rules.
INSERT INTO ttr_data.team AS known (team_id, name, name_version, load_id)
SELECT DISTINCT ON (l.team_id) l.team_id, l.name, coalesce(run.exported_at, run.started_at), run.load_id
FROM listed_team AS l CROSS JOIN run
WHERE l.name IS NOT NULL
ORDER BY l.team_id, l.record DESC
ON CONFLICT (team_id) DO UPDATE
SET name = excluded.name, name_version = excluded.name_version,
    load_id = CASE WHEN known.name <> excluded.name THEN excluded.load_id ELSE known.load_id END
WHERE known.name_version <= excluded.name_version

-- name: name_tags
-- Tags that the facts have by identifier get the names that this run lists first: the facts are the same whether the list or the tags of
-- a conversation come first. Each name stands once, at its first place.
CREATE OR REPLACE FUNCTION pg_temp.with_names(tags text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(name ORDER BY place)
  FROM (SELECT coalesce(tag.name, w.tag) AS name, min(w.place) AS place
        FROM unnest(tags) WITH ORDINALITY AS w (tag, place)
        LEFT JOIN ttr_data.tag ON w.tag = 'tag ' || tag.tag_id
        GROUP BY 1) AS first
$$;
UPDATE ttr_data.statement
SET tags = pg_temp.with_names(tags)
WHERE tags && (SELECT array_agg('tag ' || tag_id) FROM ttr_data.tag JOIN run USING (load_id));
UPDATE ttr_data.conversation AS c
SET tags = pg_temp.with_names(tags),
    load_id = run.load_id,
    exported_at = coalesce(c.exported_at, (SELECT d.exported_at FROM dated AS d WHERE d.load_id = c.load_id))
FROM run
WHERE tags && (SELECT array_agg('tag ' || tag_id) FROM ttr_data.tag JOIN run USING (load_id))

-- name: gather_tags
-- The tags of a conversation from a file with a line for each: one record of all lines of its newest version that has an active line; a
-- conversation without an active line has no tags. A line that is not active has an empty tag (loader/read/export/table/tag_history.c).
--
-- The identifiers become names, each once, in the order of the identifiers, which no order of lines or lists changes; an identifier
-- without a name stands as "tag 17". No line has a state: a conversation that no other export has is open.
CREATE TEMPORARY TABLE tagging ON COMMIT DROP AS
WITH line AS (
  SELECT s.conversation_id, s.record, s.updated_at, s.tags[1] COLLATE "C" AS tag_id, s.tags <> '{""}' AS is_active
  FROM stage AS s JOIN file USING (file)
  WHERE split_part(file.format, '+', 1) = 'tag_history'
),
newest AS (
  SELECT DISTINCT ON (conversation_id) conversation_id, updated_at
  FROM line
  ORDER BY conversation_id, is_active DESC, updated_at DESC
)
SELECT conversation_id, line.record, newest.updated_at, line.is_active AND line.updated_at = newest.updated_at AS counts,
       tag_id, tag.name
FROM line JOIN newest USING (conversation_id) LEFT JOIN ttr_data.tag USING (tag_id);

CREATE TEMPORARY TABLE gathered ON COMMIT DROP AS
WITH named AS (
  SELECT DISTINCT ON (conversation_id, tag) conversation_id, tag, tag_id
  FROM (SELECT conversation_id, coalesce(name, 'tag ' || tag_id) AS tag, tag_id FROM tagging WHERE counts AND tag_id IS NOT NULL) AS t
  ORDER BY conversation_id, tag, octet_length(tag_id), tag_id
)
SELECT conversation_id,
       coalesce(max(t.record) FILTER (WHERE t.counts), max(t.record)) AS record,
       t.updated_at,
       coalesce(n.tags, '{}') AS tags
FROM tagging AS t
LEFT JOIN (SELECT conversation_id, array_agg(tag ORDER BY octet_length(tag_id), tag_id) AS tags FROM named GROUP BY conversation_id) AS n
  USING (conversation_id)
GROUP BY conversation_id, t.updated_at, n.tags;

DELETE FROM stage
USING tagging
WHERE stage.record = tagging.record
  AND NOT EXISTS (SELECT FROM gathered WHERE gathered.record = stage.record);

UPDATE stage
SET tags = gathered.tags, updated_at = gathered.updated_at, state = 'open', fingerprint = NULL
FROM gathered
WHERE stage.record = gathered.record

-- name: count_tags
-- How many identifiers of tags have no name.
SELECT count(DISTINCT tag_id) FROM tagging WHERE counts AND name IS NULL

-- name: keep_forgotten
-- A forgotten customer stays forgotten: records of the customer, or of a conversation of theirs, lose user and attributes. The
-- conversation is remembered, because its next record need not name the customer.
WITH forgotten AS (
  UPDATE stage
  SET user_id = NULL, fingerprint = NULL, attributes = CASE WHEN attributes IS NOT NULL THEN '{}'::jsonb END
  -- Once, and not for each record: usually nobody was.
  WHERE (EXISTS (SELECT FROM ttr_data.forgotten_user) OR EXISTS (SELECT FROM ttr_data.forgotten_conversation))
    AND (conversation_id IN (SELECT conversation_id FROM ttr_data.forgotten_conversation)
         OR ttr_data.user_digest((SELECT salt FROM ttr_data.forgotten_user LIMIT 1), user_id)
            IN (SELECT digest FROM ttr_data.forgotten_user))
  RETURNING conversation_id
)
INSERT INTO ttr_data.forgotten_conversation
SELECT DISTINCT conversation_id FROM forgotten
ON CONFLICT DO NOTHING

-- name: choose_joins
-- $1 number of records. A few for a large database are looked up one by one, through all the joins of the views. Statistics decide what is
-- large: a table that was empty when it was analyzed counts as small, and its joins stay as in session.sql.
SELECT set_config('enable_nestloop', 'on', true), set_config('join_collapse_limit', '20', true),
       set_config('random_page_cost', '1.1', true)
WHERE $1::bigint * 20 < (SELECT reltuples FROM pg_class WHERE oid = 'ttr_data.conversation'::regclass)

-- name: take_deletions
-- Records that have nothing but a deletion leave the stage. The deletion is kept even where nothing else is known of the conversation,
-- because an older export that still has it may be loaded later. Returns the number of records.
WITH gone AS (
  DELETE FROM stage WHERE state = 'deleted' RETURNING conversation_id, updated_at
),
kept AS (
  INSERT INTO ttr_data.deletion (conversation_id, deleted_at, load_id)
  SELECT conversation_id, coalesce(min(updated_at), run.started_at), run.load_id
  FROM gone CROSS JOIN run
  GROUP BY conversation_id, run.started_at, run.load_id
  ON CONFLICT DO NOTHING
)
SELECT count(*) FROM gone

-- name: date_export
-- Each file is an export of its own. Its date is --exported-at, else the newest time in it that is not in the future: a mistyped year
-- would make every later export look older. A list of teammates dates no facts. The loader has noted the times of records without local
-- times.
UPDATE file
SET exported_at = coalesce(run.exported_at, greatest(file.seen, local.seen),
                           CASE WHEN file.latest IS NOT NULL OR local.file IS NOT NULL THEN run.started_at END),
    earliest = least(file.earliest, local.earliest),
    latest = greatest(file.latest, local.latest)
FROM run
CROSS JOIN file AS f
LEFT JOIN (
  SELECT s.file,
         max(at) FILTER (WHERE at <= now()) AS seen,
         min(s.started_at) AS earliest,
         max(greatest(s.started_at, s.first_response_at, s.resolved_at, s.updated_at)) AS latest
  FROM stage AS s
  CROSS JOIN LATERAL unnest(s.event_at || ARRAY[s.started_at, s.first_response_at, s.resolved_at, s.updated_at]) AS at
  WHERE s.naive <> 0 OR s.event_naive IS NOT NULL
  GROUP BY s.file
) AS local ON local.file = f.file
WHERE f.file = file.file
  AND f.is_export

-- name: date_straight
-- The ledger dates rows that were written straight into the facts, and has the date of the newest file. Where the date of their file is
-- another, they get it as their own.
UPDATE ttr_data.conversation AS c
SET exported_at = file.exported_at
FROM run, file
WHERE c.load_id = run.load_id
  AND file.file = 0
  AND file.exported_at <> (SELECT d.exported_at FROM dated AS d WHERE d.load_id = run.load_id)
