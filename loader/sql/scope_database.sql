-- All conversations, those of the load among them: those of days that a change touched since the last refresh, and the rollups
-- of the other days. One statement, so that no day is missed or taken twice when somebody else changes facts just then.
TRUNCATE part;
WITH rolled AS (
  INSERT INTO part
  SELECT dimension, key, total, total_closed, ttr_data.both(span, timeline), messages, messages_known, sla_breaches
  FROM ttr_data.standing_rollups()
)
INSERT INTO scope
SELECT * FROM ttr_data.unrolled_conversations()
