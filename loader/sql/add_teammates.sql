-- What the staged records tell about teammates: the address is that of the newest record that gives one, and so is the name, since
-- exports that name people need not know their addresses. As with events, what a newer record confirms gets its version. A list
-- has no times in it: it is as old as was said, else as this run.
WITH teller AS (
  SELECT t.teammate_id, t.email, t.name, coalesce(s.updated_at, file.exported_at) AS version, 0 AS place, s.record
  FROM stage AS s
  JOIN file USING (file)
  CROSS JOIN LATERAL unnest(s.teammate_id, s.teammate_email, s.teammate_name) AS t (teammate_id, email, name)
  WHERE s.teammate_id IS NOT NULL
  UNION ALL
  SELECT l.teammate_id, l.email, l.name, coalesce(run.exported_at, run.started_at), 1, l.record
  FROM listed_teammate AS l CROSS JOIN run
),
address AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, email, version AS email_version
  FROM teller
  WHERE email IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
naming AS (
  SELECT DISTINCT ON (teammate_id) teammate_id, name, version AS name_version
  FROM teller
  WHERE name IS NOT NULL
  ORDER BY teammate_id, version DESC, place DESC, record DESC
),
newest AS (
  SELECT teammate_id,
         CASE WHEN a.email_version < t.email_version OR a.email IS NULL THEN t.email ELSE a.email END AS email,
         CASE WHEN n.name_version < t.name_version OR n.name IS NULL THEN t.name ELSE n.name END AS name,
         greatest(a.email_version, t.email_version) AS email_version,
         greatest(n.name_version, t.name_version) AS name_version
  FROM address AS a
  FULL JOIN naming AS n USING (teammate_id)
  LEFT JOIN ttr_data.teammate AS t USING (teammate_id)
)
INSERT INTO ttr_data.teammate AS known (teammate_id, email, name, email_version, name_version, load_id)
SELECT newest.*, run.load_id
FROM newest
CROSS JOIN run
LEFT JOIN ttr_data.teammate AS t USING (teammate_id)
WHERE t.teammate_id IS NULL
   OR (newest.email, newest.name, newest.email_version, newest.name_version)
      IS DISTINCT FROM (t.email, t.name, t.email_version, t.name_version)
ON CONFLICT (teammate_id) DO UPDATE
SET email = excluded.email, name = excluded.name, email_version = excluded.email_version, name_version = excluded.name_version,
    load_id = CASE WHEN (known.email, known.name) IS DISTINCT FROM (excluded.email, excluded.name) THEN excluded.load_id ELSE known.load_id END
