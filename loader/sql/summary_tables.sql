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

-- What summarize.sql and report.sql read: the conversations that this run named, as they stand after the merge.
CREATE TEMPORARY VIEW scope AS
SELECT c.* FROM ttr_data.counted AS c JOIN stage AS s USING (conversation_id)
