-- What the staged records tell about teammates: the newest one that gives an address or a name counts. As with events,
-- what a newer one confirms gets its version.
WITH told AS (
  SELECT DISTINCT ON (t.teammate_id) t.teammate_id, t.email, t.name, coalesce(s.updated_at, file.exported_at) AS version
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.teammate_id, s.teammate_email, s.teammate_name) AS t (teammate_id, email, name)
  WHERE s.teammate_id IS NOT NULL AND (t.email IS NOT NULL OR t.name IS NOT NULL)
  ORDER BY t.teammate_id, coalesce(s.updated_at, file.exported_at) DESC, s.record DESC
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
