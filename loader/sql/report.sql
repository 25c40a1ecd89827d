COPY (
  SELECT conversation_id,
         user_id,
         to_json(started_at) #>> '{}' AS started_at,
         to_json(resolved_at) #>> '{}' AS resolved_at,
         resolution_seconds,
         assignee_email,
         (SELECT string_agg(replace(tag, ';', '\;'), ';' ORDER BY place)
          FROM unnest(tags) WITH ORDINALITY AS t (tag, place)) AS tags
  FROM scope
  WHERE is_closed
  ORDER BY conversation_id
) TO STDOUT (FORMAT csv, HEADER)
