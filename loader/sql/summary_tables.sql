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

-- Those of one assignee with the same tags together: each is counted once, and what is counted of all, of an assignee and of a
-- tag is merged from here.
CREATE TEMPORARY TABLE part (
  assignee      text COLLATE "C",
  tags          text[] NOT NULL,
  total         bigint NOT NULL,
  total_closed  bigint NOT NULL,
  resolution    ttr.distribution,      -- of resolution_seconds; NULL: none is counted as closed
  within_24h    bigint NOT NULL,
  messages      bigint,                -- of the closed ones; NULL: none tells
  message_count bigint NOT NULL,       -- how many of them tell
  sla_breaches  bigint NOT NULL
) ON COMMIT DROP
