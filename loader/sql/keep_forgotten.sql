-- Who was forgotten stays so: of a record that names such a customer, or tells of such a conversation, neither the user nor the
-- attributes are taken. The conversation is remembered, as the next record need not name the customer.
WITH forgotten AS (
  UPDATE stage
  SET user_id = NULL, attributes = CASE WHEN attributes IS NOT NULL THEN '{}'::jsonb END
  -- Asked once: usually nobody was.
  WHERE (EXISTS (SELECT FROM ttr_data.forgotten_user) OR EXISTS (SELECT FROM ttr_data.forgotten_conversation))
    AND (conversation_id IN (SELECT conversation_id FROM ttr_data.forgotten_conversation)
         OR ttr_data.user_digest((SELECT salt FROM ttr_data.forgotten_user LIMIT 1), user_id)
            IN (SELECT digest FROM ttr_data.forgotten_user))
  RETURNING conversation_id
)
INSERT INTO ttr_data.forgotten_conversation
SELECT DISTINCT conversation_id FROM forgotten
ON CONFLICT DO NOTHING
