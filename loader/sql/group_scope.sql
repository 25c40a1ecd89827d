-- What is scoped is moved into the parts.
INSERT INTO part
SELECT assignee COLLATE "C",
       tags,
       count(*),
       count(*) FILTER (WHERE is_closed),
       ttr.distribution(resolution_seconds),
       count(*) FILTER (WHERE resolution_seconds <= 86400),
       sum(message_count) FILTER (WHERE is_closed),
       count(message_count) FILTER (WHERE is_closed),
       count(*) FILTER (WHERE is_breach)
FROM scope
GROUP BY assignee COLLATE "C", tags;
TRUNCATE scope
