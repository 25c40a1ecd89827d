-- The tables of one run, and what fills them: files become rows.

-- name: stage
-- The tables of one run, gone at its commit.

CREATE TEMPORARY TABLE run (
  load_id        bigint NOT NULL,
  started_at     timestamptz NOT NULL,
  loader_version text NOT NULL,
  exported_at    timestamptz,          -- as given
  round          integer NOT NULL      -- of the merge: the records of a conversation are taken in the order of their versions
) ON COMMIT DROP;

CREATE TEMPORARY TABLE file (
  file        integer NOT NULL,
  name        text NOT NULL,
  format      text NOT NULL,
  bytes       bigint NOT NULL,
  read        bigint NOT NULL,
  rejected    bigint NOT NULL,
  ignored     bigint NOT NULL,         -- records that speak of no conversation
  is_export   boolean NOT NULL,        -- false: it lists teammates or tags
  zones       text[] NOT NULL,         -- of its naive times, as the bits of stage.naive, and of events; NULL where it names none
  exported_at timestamptz,             -- NULL: nobody said, and no record has it
  earliest    timestamptz,             -- start in it; NULL: there is no record
  latest      timestamptz              -- of all times in it
) ON COMMIT DROP;

-- Which fields a record speaks of: what its shape does not carry stays as it is known. Identifier and address of the assignee
-- go together; events are carried by whoever has them. In carried they are numbers to be added, as ttr_data.conversation keeps them.
CREATE TEMPORARY TABLE shape (
  shape             smallint NOT NULL,
  user_id           boolean NOT NULL, -- 1
  started_at        boolean NOT NULL, -- 2
  first_response_at boolean NOT NULL, -- 4
  resolved_at       boolean NOT NULL, -- 8
  assignee          boolean NOT NULL, -- 16
  closed_by         boolean NOT NULL, -- 32
  tags              boolean NOT NULL, -- 64
  message_count     boolean NOT NULL, -- 128
  reopen_count      boolean NOT NULL, -- 256
  attributes        boolean NOT NULL, -- 512
  state             boolean NOT NULL, -- 1024
  carried           integer NOT NULL GENERATED ALWAYS AS
                      (user_id::integer + started_at::integer * 2 + first_response_at::integer * 4 + resolved_at::integer * 8
                       + assignee::integer * 16 + closed_by::integer * 32 + tags::integer * 64 + message_count::integer * 128
                       + reopen_count::integer * 256 + attributes::integer * 512 + state::integer * 1024) STORED
) ON COMMIT DROP;

-- One row a record, in the order of stage.c.
CREATE TEMPORARY TABLE stage (
  record            bigint NOT NULL,   -- place in the run, over all files
  file              integer NOT NULL,
  shape             smallint NOT NULL,
  naive             smallint NOT NULL, -- which times are local: started_at 1, first_response_at 2, resolved_at 4, updated_at 8
  conversation_id   text COLLATE "C" NOT NULL,
  user_id           text,
  state             text,              -- NULL: the shape carries none; deleted: the record says that alone
  started_at        timestamptz,       -- a guess where the shape does not carry it; NULL: the record does not say
  first_response_at timestamptz,
  resolved_at       timestamptz,
  updated_at        timestamptz,
  assignee_id       text,
  assignee_email    text,
  closed_by         text,
  tags              text[] NOT NULL,
  message_count     integer,
  reopen_count      integer,
  attributes        jsonb,             -- NULL: the shape carries none
  -- The timeline, in order of time; all NULL: the record carries none.
  event_id          text[],
  event_at          timestamptz[],
  event_type        text[],            -- as exported
  event_state       text[],            -- open, snoozed or closed after it; NULL: it changes nothing
  event_before      text[],            -- the same before it; NULL: the record does not say
  event_author      text[],            -- admin, bot or user; NULL: unknown
  event_reply       boolean[],         -- whether it is a teammate's reply that the customer could see; NULL: unknown
  event_part        boolean[],         -- whether it is one of the parts that the vendor counts
  event_assignee    text[],            -- the teammate whom the event assigns the conversation to; NULL: none
  event_team        text[],            -- the team; NULL: none
  event_tags        text[],            -- the tags that it adds and removes; NULL: none
  event_total       integer,           -- how many events there are, as far as the vendor says
  -- What the record says about teammates; NULL: nothing.
  teammate_id       text[],
  teammate_email    text[],
  teammate_name     text[],
  event_naive       text[]             -- naive where the event's time is local; NULL: none is
) ON COMMIT DROP;

-- The conversations that the run names more than once.
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

-- name: begin_run
-- $1 version of the loader, $2 when the export was taken or NULL
INSERT INTO run (load_id, started_at, loader_version, exported_at, round)
VALUES (nextval(pg_get_serial_sequence('ttr_data.load', 'load_id')), now(), $1, $2::timestamptz, 1)
RETURNING load_id, started_at

-- name: list_attributes
-- Attributes whose text is kept: those that the owner lists, and those that are a condition of an SLA policy, as paths. What a policy
-- looks for must be there to be found; readers divide by listed attributes alone.
WITH RECURSIVE condition (path, value) AS (
  SELECT key, value FROM ttr_data.sla_policy AS p CROSS JOIN LATERAL jsonb_each(p.attributes)
  UNION ALL
  SELECT c.path || '.' || e.key, e.value
  FROM condition AS c
  CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) AS e
)
SELECT unnest(attributes) FROM ttr_data.setting
UNION
SELECT path FROM condition WHERE jsonb_typeof(value) <> 'object'

-- name: copy_plain
COPY stage ( -- the columns before the timeline, for records that tell neither of one nor of teammates
  record, file, shape, naive, conversation_id, user_id, state, started_at, first_response_at, resolved_at, updated_at,
  assignee_id, assignee_email, closed_by, tags, message_count, reopen_count, attributes
) FROM STDIN (FORMAT binary)

-- name: copy_whole
COPY stage FROM STDIN (FORMAT binary) -- all columns

-- name: add_file
-- $1 number of the file, $2 name, $3 format, $4 bytes, $5 records read, $6 of these rejected, $7 ignored, $8 whether they are
-- conversations, $9 and on the zones that it names for naive times; NULL where it names none
INSERT INTO file (file, name, format, bytes, read, rejected, ignored, is_export, zones)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ARRAY[$9, $10, $11, $12, $13]::text[])

-- name: add_shape
-- $1 number of the shape, $2 the fields that it carries
INSERT INTO shape
SELECT $1::smallint, 'user_id' = ANY (f), 'started_at' = ANY (f), 'first_response_at' = ANY (f), 'resolved_at' = ANY (f),
       'assignee_id' = ANY (f) OR 'assignee_email' = ANY (f), 'closed_by' = ANY (f), 'tags' = ANY (f),
       'message_count' = ANY (f), 'reopen_count' = ANY (f), 'attributes' = ANY (f), 'state' = ANY (f)
FROM (SELECT $2::text[]) AS carried (f)

-- name: analyze_stage
-- What decides on joins, from a small sample: identifiers hardly repeat, files and shapes are few. The planner is told that the
-- tables beside the stage are small, so that each conversation is looked up in them, and conversations keep their order: in
-- that of the key, what is inserted takes half the time.
SET LOCAL default_statistics_target = 10;
ANALYZE stage (conversation_id, file, shape), run, file, shape;
