-- Of the lines of tags: how many became part of another record, and how many identifiers have no name.
SELECT (SELECT count(*) FROM tagging) - (SELECT count(*) FROM gathered),
       (SELECT count(DISTINCT tag_id) FROM tagging WHERE counts AND name IS NULL)
