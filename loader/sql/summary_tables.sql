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
