-- SLA policies: what was promised to whom. Of the policies whose conditions a conversation meets, that with the most conditions
-- applies, then that with the smallest target, then the first by name.

CREATE FUNCTION ttr_data.distinct_count(texts text[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT count(DISTINCT t)::integer FROM unnest(texts) AS t);
COMMENT ON FUNCTION ttr_data.distinct_count IS 'The number of texts in an array, a repeated one counted once.';

CREATE TABLE ttr_data.sla_policy (
  name           text PRIMARY KEY CHECK (name <> ''),
  metric         text NOT NULL DEFAULT 'resolution'
                 CHECK (metric IN ('resolution', 'first_response', 'next_response', 'waiting', 'close')),
  tags           text[] NOT NULL DEFAULT '{}' CHECK (array_position(tags, NULL) IS NULL),
  assignee       text CHECK (assignee <> ''),
  attributes     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
  target_seconds double precision NOT NULL CHECK (target_seconds BETWEEN 0.000001 AND 3155760000),
  calendar       text REFERENCES ttr_data.calendar (name) ON UPDATE CASCADE,
  conditions     integer GENERATED ALWAYS AS (ttr_data.distinct_count(tags) + (assignee IS NOT NULL)::integer
                   + jsonb_array_length(jsonb_path_query_array(attributes, '$.keyvalue()'))) STORED
);
COMMENT ON TABLE ttr_data.sla_policy IS 'What was promised to whom: a target for the conversations that meet all conditions of a row.';
COMMENT ON COLUMN ttr_data.sla_policy.tags IS 'Condition: the conversation has all of these tags.';
COMMENT ON COLUMN ttr_data.sla_policy.assignee IS 'Condition: the assignee as in ttr.conversations, in upper or lower case; NULL for any.';
COMMENT ON COLUMN ttr_data.sla_policy.attributes IS 'Condition: the conversation has all of these attributes, such as {"plan": "gold"}.';

-- Every conversation is compared with the policies, so they are sorted and joined once. A missing condition is NULL. The first tag is
-- compared first: most conversations lack it.
CREATE VIEW ttr_data.promise AS
WITH ranked AS MATERIALIZED (
  SELECT p.name, p.metric, nullif(p.tags, '{}') AS tags, p.tags[1] AS first_tag, lower(p.assignee) AS assignee,
         nullif(p.attributes, '{}') AS attributes, p.target_seconds, p.calendar, k.working_time, k.covered
  FROM ttr_data.sla_policy AS p
  LEFT JOIN ttr_data.calendar AS k ON k.name = p.calendar
  ORDER BY p.conditions DESC, p.target_seconds, p.name COLLATE "C"
)
SELECT name, metric, tags, first_tag, assignee, attributes, target_seconds, calendar, working_time, covered FROM ranked;
COMMENT ON VIEW ttr_data.promise IS 'SLA policies with their calendars, those that win first.';
