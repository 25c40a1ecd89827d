-- Forgetting a customer: the identity goes and the times stay, so that every figure stands.
--
-- An export that is loaded again would bring back what was forgotten. So a salted digest of the user is kept: nobody can read the
-- identifier from it, but with an identifier one can check it. Conversations are kept by their own identifiers.
-- ttr-load takes neither the user nor the attributes of a record that concerns one of the two (sql/load/prepare.sql).

CREATE TABLE ttr_data.forgotten_user (
  digest       bytea PRIMARY KEY,
  salt         uuid NOT NULL,
  forgotten_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ttr_data.forgotten_user IS 'Customers whom ttr.forget() has forgotten; later loads do not bring them back.';

CREATE TABLE ttr_data.forgotten_conversation (
  conversation_id text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE ttr_data.forgotten_conversation IS 'Conversations of forgotten customers: loads take no identity and no attribute.';

CREATE FUNCTION ttr_data.user_digest(salt uuid, user_id text) RETURNS bytea
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN sha256(convert_to(salt || user_id, 'UTF8'));
COMMENT ON FUNCTION ttr_data.user_digest IS 'What stands for a forgotten customer.';

CREATE FUNCTION ttr_data.join_objects(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF jsonb_typeof(a) = 'array' AND jsonb_typeof(b) = 'array' THEN
    RETURN a || b;
  ELSIF jsonb_typeof(a) <> 'object' OR jsonb_typeof(b) <> 'object' THEN
    RETURN a;
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(key, coalesce(ttr_data.join_objects(x.value, y.value), x.value, y.value)), '{}')
          FROM jsonb_each(a) AS x FULL JOIN jsonb_each(b) AS y USING (key));
END
$$;
COMMENT ON FUNCTION ttr_data.join_objects IS 'All members of two JSON objects, and of the objects in them; the first object wins.';

CREATE AGGREGATE ttr_data.joined_objects(jsonb) (SFUNC = ttr_data.join_objects, STYPE = jsonb, INITCOND = '{}');
COMMENT ON AGGREGATE ttr_data.joined_objects(jsonb) IS 'All members of all objects, and of the objects in them.';

-- Without them another policy would apply, and its breaches would be others.
CREATE FUNCTION ttr_data.promised_attributes(attributes jsonb) RETURNS jsonb
LANGUAGE sql STABLE STRICT
RETURN (SELECT ttr_data.joined_objects(p.attributes) FROM ttr_data.sla_policy AS p WHERE promised_attributes.attributes @> p.attributes);
COMMENT ON FUNCTION ttr_data.promised_attributes IS 'The attributes that meet conditions of SLA policies.';

-- Whether the identifier stands in the bytes as a whole, and not as a part of a longer word or number: as it is, as JSON escapes
-- it, or as CSV does. In doubt it does: a word begins after an escape of JSON, and after a letter beyond ASCII, which looks like a
-- quotation mark here.
CREATE FUNCTION ttr_data.names_user(raw bytea, user_id text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT bool_or(position(spelling IN names_user.raw) > 0
                 AND encode(names_user.raw, 'escape') ~ ('(^|[^[:alnum:]_]|\\\\([bfnrt]|u[[:xdigit:]]{4})|\\[0-7]{3})'
                                                         || regexp_replace(encode(spelling, 'escape'), '([^[:alnum:]])', '\\\1', 'g')
                                                         || '([^[:alnum:]_]|$)'))
  FROM (SELECT regexp_replace(to_json(names_user.user_id)::text, '^"|"$', '', 'g')) AS j (json)
  CROSS JOIN LATERAL (VALUES (names_user.user_id), (json), (replace(json, '/', '\/')), (replace(names_user.user_id, '"', '""')))
    AS w (written)
  CROSS JOIN LATERAL convert_to(written, 'UTF8') AS s (spelling);
END;
COMMENT ON FUNCTION ttr_data.names_user IS 'Whether a record as it was read names a customer.';

CREATE FUNCTION ttr.forget(user_id text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  customer text := forget.user_id;
  blanked  bigint;
BEGIN
  IF customer IS NULL OR customer = '' THEN
    RAISE EXCEPTION 'nobody to forget'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Name a customer as ttr.conversations does: SELECT ttr.forget(''cust-77'')';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('ttr load', 0));  -- what a load has staged already would come back

  INSERT INTO ttr_data.forgotten_user (digest, salt)
  SELECT ttr_data.user_digest(known.salt, customer), known.salt
  FROM (SELECT coalesce((SELECT salt FROM ttr_data.forgotten_user LIMIT 1), gen_random_uuid())) AS known (salt)
  ON CONFLICT DO NOTHING;

  INSERT INTO ttr_data.forgotten_conversation
  SELECT conversation_id FROM ttr_data.conversation WHERE user_id = customer
  ON CONFLICT DO NOTHING;

  -- Another record of the conversation need not name the customer.
  UPDATE ttr_data.statement AS s
  SET user_id = NULL, fingerprint = NULL, attributes = ttr_data.promised_attributes(s.attributes)
  FROM ttr_data.conversation AS c
  WHERE c.conversation_id = s.conversation_id AND c.field_set IS NULL AND c.user_id = customer;

  UPDATE ttr_data.conversation
  SET user_id = NULL, fingerprint = NULL, attributes = ttr_data.promised_attributes(attributes)
  WHERE user_id = customer;
  GET DIAGNOSTICS blanked = ROW_COUNT;

  UPDATE ttr_data.reject
  SET raw = '', detail = CASE WHEN ttr_data.names_user(convert_to(detail, 'UTF8'), customer) THEN '' ELSE detail END
  WHERE ttr_data.names_user(raw, customer) OR ttr_data.names_user(convert_to(detail, 'UTF8'), customer);
  RETURN blanked;
END
$$;
REVOKE EXECUTE ON FUNCTION ttr.forget(text) FROM PUBLIC;
COMMENT ON FUNCTION ttr.forget IS
  'Forgets a customer: blanks the identity and the attributes of all conversations, and rejects that name the customer, for good; every '
  'figure stands. Returns the number of conversations.';
