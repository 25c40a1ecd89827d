-- The first zone in the header of a file that the server does not know.
SELECT file.name, zone
FROM file
CROSS JOIN unnest(zones) AS named (zone)
WHERE zone IS NOT NULL
  AND lower(zone) NOT IN (SELECT lower(name) FROM pg_timezone_names)
ORDER BY file
LIMIT 1
