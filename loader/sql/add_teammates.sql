-- What the staged records tell about teammates: the newest one that gives an address or a name counts. As with events,
-- what a newer one confirms gets its version. A list has no times in it: it is as old as was said, else as this run.
WITH told AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, email, name, version
  FROM (
    SELECT t.teammate_id, t.email, t.name, coalesce(s.updated_at, file.exported_at) AS version, 0 AS place, s.record
    FROM stage AS s
    JOIN file USING (file)
    CROSS JOIN LATERAL unnest(s.teammate_id, s.teammate_email, s.teammate_name) AS t (teammate_id, email, name)
    WHERE s.teammate_id IS NOT NULL
    UNION ALL
    SELECT l.teammate_id, l.email, l.name, coalesce(run.exported_at, run.started_at), 1, l.record
    FROM listed_teammate AS l CROSS JOIN run
  ) AS teller
  WHERE email IS NOT NULL OR name IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
confirmed AS (
  UPDATE ttr_data.teammate AS t
  SET version = told.version
  FROM told
  WHERE t.teammate_id = told.teammate_id
    AND t.version < told.version
    AND (t.email, t.name) IS NOT DISTINCT FROM (told.email, told.name)
)
INSERT INTO ttr_data.teammate AS known (teammate_id, email, name, version, load_id)
SELECT told.*, run.load_id
FROM told
CROSS JOIN run
LEFT JOIN ttr_data.teammate AS t USING (teammate_id)
WHERE t.teammate_id IS NULL
   OR (t.version <= told.version AND (t.email, t.name) IS DISTINCT FROM (told.email, told.name))
ON CONFLICT (teammate_id) DO UPDATE
SET email = excluded.email, name = excluded.name, version = excluded.version, load_id = excluded.load_id
