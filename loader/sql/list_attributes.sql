-- Attributes whose text is kept: those that the owner lists, and those that are a condition of an SLA policy, as paths. What a policy
-- looks for must be there to be found; readers divide by listed attributes alone.
WITH RECURSIVE condition (path, value) AS (
  SELECT key, value FROM ttr_data.sla_policy AS p CROSS JOIN LATERAL jsonb_each(p.attributes)
  UNION ALL
  SELECT c.path || '.' || e.key, e.value
  FROM condition AS c
  CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) AS e
)
SELECT unnest(attributes) FROM ttr_data.setting
UNION
SELECT path FROM condition WHERE jsonb_typeof(value) <> 'object'
