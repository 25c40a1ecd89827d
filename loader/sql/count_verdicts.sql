-- How many conversations were updated, and of how many the newest record is older than what is known.
SELECT count(*) FILTER (WHERE NOT was_inserted AND was_updated),
       count(*) FILTER (WHERE NOT was_inserted AND NOT was_updated AND is_older)
FROM (
  SELECT bool_or(o.verdict = 'inserted') AS was_inserted,
         bool_or(o.verdict = 'updated') AS was_updated,
         bool_or(o.verdict = 'older' AND o.round = s.round) AS is_older
  FROM outcome AS o JOIN stage AS s USING (conversation_id)
  GROUP BY conversation_id
) AS by_conversation
