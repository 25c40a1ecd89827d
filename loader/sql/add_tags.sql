-- The names of the tags that are listed, of which the newest list counts. A list has no times in it: its version is --exported-at,
-- else the start of this run.
INSERT INTO ttr_data.tag AS known (tag_id, name, name_version, load_id)
SELECT DISTINCT ON (l.tag_id) l.tag_id, l.name, coalesce(run.exported_at, run.started_at), run.load_id
FROM listed_tag AS l CROSS JOIN run
WHERE l.name IS NOT NULL
ORDER BY l.tag_id, l.record DESC
ON CONFLICT (tag_id) DO UPDATE
SET name = excluded.name, name_version = excluded.name_version,
    load_id = CASE WHEN known.name <> excluded.name THEN excluded.load_id ELSE known.load_id END
WHERE known.name_version <= excluded.name_version
