-- The tables of one run, and what fills them: files become rows.

-- name: stage
-- The tables of one run, gone at its commit.

CREATE TEMPORARY TABLE run (
  load_id        bigint NOT NULL,
  started_at     timestamptz NOT NULL,
  loader_version text NOT NULL,
  exported_at    timestamptz,          -- as given
  has_straight   boolean NOT NULL DEFAULT false -- whether it has written into the facts already, which were empty
) ON COMMIT DROP;

CREATE TEMPORARY TABLE file (
  file        integer NOT NULL,
  name        text NOT NULL,
  format      text NOT NULL,
  bytes       bigint NOT NULL,
  read        bigint NOT NULL,
  rejected    bigint NOT NULL,
  ignored     bigint NOT NULL,         -- records of no conversation
  is_export   boolean NOT NULL,        -- false: it lists teammates or tags
  zones       text[] NOT NULL,         -- of its naive times, as the bits of stage.naive, and of events; NULL where it names none
  seen        timestamptz,             -- newest time in it that is not later than the run; NULL: there is none
  earliest    timestamptz,             -- start in it; NULL: there is no record
  latest      timestamptz,             -- of all times in it; of these three, records with local times do not count at first
  exported_at timestamptz              -- NULL: not given, and no record has it
) ON COMMIT DROP;

-- One row a record.
CREATE TEMPORARY TABLE stage (
  record            bigint NOT NULL,   -- place in the run, over all files
  file              integer NOT NULL,
  naive             smallint NOT NULL, -- which times are local: started_at 1, first_response_at 2, resolved_at 4, updated_at 8
  field_set         integer NOT NULL,  -- which fields the record has, as ttr_data.conversation numbers them
  fingerprint       bigint,            -- of all fields of the record; NULL: not to be compared by it
  conversation_id   text COLLATE "C" NOT NULL,
  user_id           text,
  state             text,              -- NULL: the record has none; deleted: the record has nothing else
  started_at        timestamptz,       -- a guess where field_set lacks it; NULL: the record has none
  first_response_at timestamptz,
  resolved_at       timestamptz,
  updated_at        timestamptz,
  assignee_id       text,
  assignee_email    text,
  closed_by         text,
  tags              text[] NOT NULL,
  message_count     integer,
  reopen_count      integer,
  attributes        jsonb,             -- NULL: the record has none
  -- The timeline, in order of time; all NULL: the record has none.
  event_id          text[],
  event_at          timestamptz[],
  event_type        text[],            -- as exported
  event_state       text[],            -- open, snoozed or closed after it; NULL: it changes nothing
  event_before      text[],            -- the same before it; NULL: the record has none
  event_author      text[],            -- admin, bot or user; NULL: unknown
  event_author_id   text[],            -- the teammate who did it; NULL: no teammate did, or unknown
  event_reply       boolean[],         -- whether it is a teammate's reply that the customer could see; NULL: unknown
  event_part        boolean[],         -- whether it is one of the parts that the vendor counts
  event_assignee    text[],            -- the teammate who has the conversation from then on; 0: nobody; NULL: unchanged
  event_team        text[],            -- the same of the team
  event_tags        text[],            -- the tags that it adds and removes; NULL: none
  event_total       integer,           -- number of events, as far as the vendor has it
  -- The teammates that the record has; NULL: none.
  teammate_id       text[],
  teammate_email    text[],
  teammate_name     text[],
  event_naive       text[]             -- naive where the event's time is local; NULL: none is
) ON COMMIT DROP;

-- Conversations that the run names without staging them, because the facts already have the record: all rows of the facts from the first
-- identifier to the last, except those in the stage.
CREATE TEMPORARY TABLE named_range (
  file     integer NOT NULL,
  first_id text COLLATE "C" NOT NULL,
  last_id  text COLLATE "C" NOT NULL
) ON COMMIT DROP;

-- The conversations that are staged more than once.
CREATE TEMPORARY TABLE repeated (
  conversation_id text COLLATE "C" NOT NULL
) ON COMMIT DROP;

-- One row a teammate whom the file of --admins lists.
CREATE TEMPORARY TABLE listed_teammate (
  record      bigint NOT NULL,
  teammate_id text NOT NULL,
  email       text,
  name        text
) ON COMMIT DROP

-- name: stage_tags
-- One row a tag that the file of --tags lists; gone at the commit.
CREATE TEMPORARY TABLE listed_tag (
  record bigint NOT NULL,
  tag_id text NOT NULL,
  name   text
) ON COMMIT DROP

-- name: stage_teams
-- The same of --teams.
CREATE TEMPORARY TABLE listed_team (
  record  bigint NOT NULL,
  team_id text NOT NULL,
  name    text
) ON COMMIT DROP

-- name: begin_run
-- $1 version of the loader, $2 when the export was taken or NULL
INSERT INTO run (load_id, started_at, loader_version, exported_at)
VALUES (ttr_data.next_load_id(), now(), $1, $2::timestamptz)
RETURNING load_id, started_at, (extract(epoch FROM started_at - timestamptz '2000-01-01 00:00Z') * 1000000)::bigint

-- name: list_attributes
-- Attributes whose text is kept, as paths: those that the owner lists, those of dimensions, and conditions of SLA policies. Readers do not
-- see the last.
WITH RECURSIVE condition (path, value) AS (
  SELECT key, value FROM ttr_data.sla_policy AS p CROSS JOIN LATERAL jsonb_each(p.attributes)
  UNION ALL
  SELECT c.path || '.' || e.key, e.value
  FROM condition AS c
  CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) AS e
)
SELECT unnest(attributes) FROM ttr_data.setting
UNION
SELECT path FROM ttr_data.dimension
UNION
SELECT path FROM condition WHERE jsonb_typeof(value) <> 'object'

-- name: find_way
-- Which way records take into the facts: whether any are known, to compare with; and whether COPY may fill the facts straight away,
-- because nothing known changes a record, and no policy on rows forbids COPY to this role.
SELECT EXISTS (SELECT FROM ttr_data.conversation),
       NOT EXISTS (SELECT FROM ttr_data.conversation)
       AND NOT EXISTS (SELECT FROM ttr_data.event)
       AND NOT EXISTS (SELECT FROM ttr_data.statement)
       AND NOT EXISTS (SELECT FROM ttr_data.deletion)
       AND NOT EXISTS (SELECT FROM ttr_data.tag)
       AND NOT EXISTS (SELECT FROM ttr_data.forgotten_user)
       AND NOT EXISTS (SELECT FROM ttr_data.forgotten_conversation)
       AND NOT row_security_active('ttr_data.conversation')

-- name: copy_facts
COPY ttr_data.conversation ( -- in the order of add_values(); the other columns have their defaults
  load_id, field_set, fingerprint, conversation_id, user_id, state, started_at, first_response_at, resolved_at, updated_at,
  assignee_id, assignee_email, closed_by, tags, message_count, reopen_count
) FROM STDIN (FORMAT binary)

-- name: copy_facts_with_attributes
COPY ttr_data.conversation (
  load_id, field_set, fingerprint, conversation_id, user_id, state, started_at, first_response_at, resolved_at, updated_at,
  assignee_id, assignee_email, closed_by, tags, message_count, reopen_count, attributes
) FROM STDIN (FORMAT binary)

-- name: copy_stage
COPY stage ( -- the server takes a fifth longer over the columns of timelines, even where they are NULL
  record, file, naive, field_set, fingerprint, conversation_id, user_id, state, started_at, first_response_at, resolved_at,
  updated_at, assignee_id, assignee_email, closed_by, tags, message_count, reopen_count, attributes
) FROM STDIN (FORMAT binary)

-- name: copy_stage_with_timelines
COPY stage (
  record, file, naive, field_set, fingerprint, event_id, event_at, event_type, event_state, event_before, event_author, event_author_id,
  event_reply, event_part, event_assignee, event_team, event_tags, event_total, teammate_id, teammate_email, teammate_name, event_naive,
  conversation_id, user_id, state, started_at, first_response_at, resolved_at, updated_at, assignee_id, assignee_email, closed_by,
  tags, message_count, reopen_count, attributes
) FROM STDIN (FORMAT binary)

-- name: begin_known
-- $1 an identifier. It does not wait for a lock on the facts, which the load itself may hold while it upgrades the schema. Facts without
-- statistics are fresh from a first load and lie in the order of its records, mostly that of identifiers; the planner would sort them.
SELECT set_config('lock_timeout', '100ms', true),
       set_config('ttr_load.after', $1, true),
       set_config('enable_sort', EXISTS (SELECT FROM pg_stats WHERE schemaname = 'ttr_data' AND tablename = 'conversation')::text, true)

-- name: copy_known
COPY ( -- what is known, in the order of identifiers, beyond the one of begin_known
  SELECT conversation_id, fingerprint
  FROM ttr_data.conversation
  WHERE conversation_id > current_setting('ttr_load.after')
  ORDER BY conversation_id
) TO STDOUT (FORMAT binary)

-- name: add_file
-- $1 number of the file, $2 name, $3 format, $4 bytes, $5 records read, $6 of these rejected, $7 ignored, $8 whether they are
-- conversations, $9 newest time in it that is not later than the run, $10 earliest start, $11 latest time, all three since 2000 in
-- UTC, $12 and on the zones that it names for naive times; NULL where it names none
INSERT INTO file (file, name, format, bytes, read, rejected, ignored, is_export, seen, earliest, latest, zones)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, epoch + $9, epoch + $10, epoch + $11, ARRAY[$12, $13, $14, $15, $16]
FROM (VALUES (timestamptz '2000-01-01 00:00Z')) AS since (epoch)

-- name: analyze_stage
-- Statistics for joins, from a small sample: identifiers hardly repeat, files are few. The planner then knows that the tables beside the
-- stage are small, looks up each conversation in them, and keeps the order of the stage: inserting in the order of the key takes half the
-- time.
SET LOCAL default_statistics_target = 10;
ANALYZE stage (conversation_id, file), run, file, named_range;
