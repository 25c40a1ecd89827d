-- Tags that stand in the facts by their identifiers get the names that this run was the first to list: whether the list or the
-- tags of a conversation come first, the facts are the same. Each name stands once, at its first place.
UPDATE ttr_data.conversation AS c
SET tags = named.tags,
    load_id = named.load_id
FROM (
  SELECT conversation_id, run.load_id,
         (SELECT array_agg(name ORDER BY place)
          FROM (SELECT coalesce(tag.name, w.tag) AS name, min(w.place) AS place
                FROM unnest(k.tags) WITH ORDINALITY AS w (tag, place)
                LEFT JOIN ttr_data.tag ON w.tag = 'tag ' || tag.tag_id
                GROUP BY 1) AS first) AS tags
  FROM ttr_data.conversation AS k CROSS JOIN run
  WHERE k.tags && (SELECT array_agg('tag ' || tag_id) FROM ttr_data.tag WHERE load_id = run.load_id)
) AS named
WHERE c.conversation_id = named.conversation_id
