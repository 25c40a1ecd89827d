-- Of the lines of tags: how many are gone, and how many identifiers that count have no name.
SELECT (SELECT count(*) FROM tagging) - (SELECT count(*) FROM gathered),
       (SELECT count(DISTINCT tag_id) FROM tagging
        WHERE counts AND tag_id NOT IN (SELECT tag_id FROM ttr_data.tag))
