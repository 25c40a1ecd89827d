-- The closed conversations that this run named, tags written as they are read.
COPY (
  SELECT conversation_id,
         counted.user_id,
         to_json(counted.started_at) #>> '{}' AS started_at,
         to_json(counted.resolved_at) #>> '{}' AS resolved_at,
         resolution_seconds,
         coalesce(counted.assignee_email, teammate.email) AS assignee_email,
         CASE WHEN array_to_string(counted.tags, '') LIKE '%;%'
              THEN (SELECT string_agg(replace(tag, ';', '\;'), ';' ORDER BY place)
                    FROM unnest(counted.tags) WITH ORDINALITY AS t (tag, place))
              ELSE nullif(array_to_string(counted.tags, ';'), '')
         END AS tags
  FROM ttr_data.counted
  JOIN stage USING (conversation_id)
  LEFT JOIN ttr_data.teammate ON teammate.teammate_id = counted.assignee_id
  WHERE is_closed
  ORDER BY conversation_id
) TO STDOUT (FORMAT csv, HEADER)
