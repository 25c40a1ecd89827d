-- The tags of a conversation from a file that has a line for each: one record of all lines of its newest version that has an active
-- line; a conversation of which no line is active has no tags. A line that is not active has an empty tag. (loader/shape_tag_history.c)
--
-- The identifiers become names, each once, in the order of the identifiers, which no order of lines or lists changes; an identifier
-- without a name stands as "tag 17". Nobody says a state: a conversation that no other export has is open until one says
-- otherwise.
CREATE TEMPORARY TABLE tagging ON COMMIT DROP AS
WITH line AS (
  SELECT s.conversation_id, s.record, s.updated_at, s.tags[1] AS tag_id, s.tags IS DISTINCT FROM '{""}' AS is_active
  FROM stage AS s JOIN file USING (file)
  WHERE split_part(file.format, '+', 1) = 'tag_history'
),
newest AS (
  SELECT DISTINCT ON (conversation_id) conversation_id, updated_at
  FROM line
  ORDER BY conversation_id, is_active DESC, updated_at DESC
)
SELECT line.conversation_id, line.record, line.is_active AND line.updated_at = newest.updated_at AS counts,
       line.tag_id, newest.updated_at
FROM line JOIN newest USING (conversation_id);

CREATE TEMPORARY TABLE gathered ON COMMIT DROP AS
SELECT conversation_id,
       coalesce(max(record) FILTER (WHERE counts), max(record)) AS record,
       updated_at,
       coalesce((SELECT array_agg(name ORDER BY octet_length(tag_id), tag_id)
                 FROM (SELECT DISTINCT ON (coalesce(tag.name, 'tag ' || w.tag_id)) coalesce(tag.name, 'tag ' || w.tag_id) AS name, w.tag_id
                       FROM unnest(array_agg(tag_id) FILTER (WHERE counts AND tag_id IS NOT NULL)) AS w (tag_id)
                       LEFT JOIN ttr_data.tag USING (tag_id)
                       ORDER BY coalesce(tag.name, 'tag ' || w.tag_id), octet_length(w.tag_id), w.tag_id) AS once), '{}') AS tags
FROM tagging
GROUP BY conversation_id, updated_at;

DELETE FROM stage
USING tagging
WHERE stage.record = tagging.record
  AND stage.record NOT IN (SELECT record FROM gathered);

UPDATE stage
SET tags = gathered.tags, updated_at = gathered.updated_at, state = 'open'
FROM gathered
WHERE stage.record = gathered.record
