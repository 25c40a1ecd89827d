-- The tags of a conversation from a file that has a line for each: one record of all lines of its newest version that has an active
-- line; a conversation of which no line is active has no tags. A line that is not active has an empty tag. (loader/shape_tag_history.c)
--
-- The identifiers become names, each once, in the order of the identifiers, which no order of lines or lists changes; an identifier
-- without a name stands as "tag 17". No line has a state: a conversation that no other export has is open until one says
-- otherwise.
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
SET tags = gathered.tags, updated_at = gathered.updated_at, state = 'open'
FROM gathered
WHERE stage.record = gathered.record
