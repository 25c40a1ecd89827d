-- The type distribution: equal multisets are equal bytes, texts and bytes that are none are refused, and it is small.

BEGIN;
SELECT plan(124);
SET LOCAL search_path = public, ttr;
SET LOCAL seed = 0.93;

\ir ../statements.psql

-- Distributions of several shapes, up to six blocks of 512 different values.

CREATE TEMP TABLE sample AS
  SELECT shape, size, distribution(x) AS d, array_agg(x) AS xs
  FROM (SELECT shape, size,
               CASE shape
                 WHEN 'whole seconds' THEN round(seconds)
                 WHEN 'tenths' THEN round(seconds * 10) / 10
                 WHEN 'microseconds' THEN round(seconds * 1000000) / 1000000
                 WHEN 'doubles' THEN random()
                 WHEN 'huge and tiny' THEN sign(random() - 0.5) * power(10::float8, random() * 600 - 300)
                 WHEN 'denormal' THEN floor(random() * 2000 - 1000) * '5e-324'::float8
                 WHEN 'at 2^51' THEN power(2::float8, 51) + floor(random() * 100 - 50)
                 ELSE (ARRAY['NaN', 'Infinity', '-Infinity', '-0', 1e308, -1e308, round(seconds), random()]
                      )[1 + floor(random() * 8)]
               END AS x
        FROM (SELECT *, exp(9.57 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS seconds
              FROM unnest(ARRAY['whole seconds', 'tenths', 'microseconds', 'doubles', 'huge and tiny', 'denormal',
                                'at 2^51', 'special ones']) AS shape,
                   unnest(ARRAY[1, 2, 3, 10, 100, 512, 513, 3000]) AS size, generate_series(1, size)) AS drawn) AS value
  GROUP BY shape, size
  UNION ALL SELECT 'nothing', 0, '{}', '{}';

-- Text

SELECT is_empty(format($$
  SELECT shape, size FROM sample, set_config('extra_float_digits', %L, true)
  WHERE d::text::distribution IS DISTINCT FROM d OR distribution_send(d::text::distribution) <> distribution_send(d)
  $$, digits),
  'a text is read back as what was written, with extra_float_digits = ' || digits)
FROM unnest(ARRAY['-15', '0', '3']) AS digits;
RESET extra_float_digits;
SELECT is(d::distribution::text, expected, 'read: ' || to_json(d))
FROM (VALUES ('{}', '{}'), (E' {\t}\n', '{}'), ('{60:3, 3600, 86400:2}', '{60:3,3600,86400:2}'),
             (E' { 3600 ,\n60 : 2\t, 60,60:1 } ', '{60:4,3600}'), ('{2,1,3,1:1}', '{1:2,2,3}'), ('{-0,0}', '{0:2}'),
             ('{1e3,1000.0,+1E+3,1000.}', '{1000:4}'), ('{.5,-.5}', '{-0.5,0.5}'), ('{0.1}', '{0.1}'),
             ('{0.30000000000000004}', '{0.30000000000000004}'), ('{1e22,1e21}', '{1e+21,1e+22}'),
             ('{nan,NaN,NAN:2}', '{NaN:4}'), ('{inf,Infinity,+inf,-INFINITY,-inf:2}', '{-Infinity:3,Infinity:3}'),
             ('{5e-324,1.7976931348623157e308}', '{5e-324,1.7976931348623157e+308}'),
             ('{1:0000000000000000003}', '{1:3}'),
             ('{1:9223372036854775807}', '{1:9223372036854775807}'),
             ('{NaN:9223372036854775806,1}', '{1,NaN:9223372036854775806}'))
       AS v (d, expected);
SELECT throws_matching(format('SELECT %L::distribution', d), 'malformed distribution literal',
                       'malformed: ' || quote_literal(d))
FROM unnest(ARRAY['', ' ', '{', '}', '{1', '{1,', '{1,}', '{,1}', '{,}', '{1}x', '{1}{2}', '{{1}}', '{1 2}', '{1:}',
                  '{:2}', '{1::2}', '{1:2:3}', '{1:-1}', '{1:+1}', '{1:1.5}', '{1:1e3}', '{1:x}', '{NULL}', '{abc}',
                  '{0x10}', '{nan(1)}', '{infinit}', '{- 1}', '{--1}', '{1e}', '{1e+}', '{.}', '{1.2.3}', '{"1"}',
                  '[1]', '1', '(1)', E'{1\u00A0}', E'{1,\u2003' || repeat('ü', 100) || '}']) AS d;
SELECT throws_ok(format('SELECT %L::distribution', d), '22P02', 'malformed distribution literal', 'its SQLSTATE: ' || d)
FROM unnest(ARRAY['', '{1', '{1:x}', '{abc}']) AS d;
SELECT throws_ok(format('SELECT %L::distribution', d), '22003', 'count of a distribution is out of range',
                 'count: ' || d)
FROM unnest(ARRAY['{1:0}', '{1:00}', '{1:9223372036854775808}', '{1:18446744073709551615}', '{1:18446744073709551617}',
                  '{1:99999999999999999999999}', '{1:9223372036854775807,1}', '{1:9223372036854775807,2}',
                  '{NaN:5000000000000000000,1:5000000000000000000}']) AS d;
SELECT throws_ok(format('SELECT %L::distribution', d), '22003',
                 'value of a distribution is out of range for type double precision', 'value: ' || d)
FROM unnest(ARRAY['{1e309}', '{-1e309}', '{1e-400}', '{1,1e999999999999}']) AS d;

-- What becomes of an input: an error's SQLSTATE, or 'same', or 'changed': another distribution, whose every figure can
-- be asked and which is written as it was read.
CREATE FUNCTION pg_temp.judge(original distribution, received distribution) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF received::text::distribution <> received OR received + original - received <> original
     OR received - received <> '{}'
     OR (histogram(received, ARRAY[coalesce(lowest(received), 0)]))[1] > value_count(received)
     OR share_within(received, highest(received)) <> 1
     OR quantile(received, ARRAY[0, 1]) <> ARRAY[lowest(received), highest(received)] THEN
    RETURN 'contradictory';
  END IF;
  RETURN CASE WHEN received = original THEN 'same' ELSE 'changed' END;
EXCEPTION WHEN numeric_value_out_of_range THEN  -- twice a count that is very large
  RETURN CASE WHEN value_count(received) > 4000000000000000000 THEN 'changed' ELSE 'contradictory' END;
END $$;

CREATE FUNCTION pg_temp.read_text(original distribution, input bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN pg_temp.judge(original, convert_from(input, 'UTF8')::distribution);
EXCEPTION WHEN invalid_text_representation OR numeric_value_out_of_range OR character_not_in_repertoire THEN
  RETURN SQLSTATE;
END $$;

CREATE TEMP TABLE good AS
  SELECT d, convert_to(d::text, 'UTF8') AS text, distribution_send(d) AS bytes
  FROM unnest(ARRAY['{-Infinity,-1.5:2,0:70000,60:3,3600,86400.25:9,Infinity:2,NaN:3}', '{60}',
                    '{-1e300,1e-300:2,0.1}']) AS v (t),
       LATERAL (SELECT t::distribution AS d) AS l
  UNION ALL
  SELECT d, convert_to(d::text, 'UTF8'), distribution_send(d)
  FROM (SELECT distribution(round(pow(i, 1.3))) AS d FROM generate_series(1, 520) AS i) AS blocks;

SELECT is(array_agg(DISTINCT outcome), ARRAY['22P02'], 'every text that ends too early is refused')
FROM good, generate_series(0, least(length(text) - 1, 100)) AS size,
     pg_temp.read_text(d, substr(text, 1, size)) AS outcome;
SELECT is(array_agg(DISTINCT outcome ORDER BY outcome), ARRAY['22003', '22021', '22P02', 'changed', 'same'],
          'a text with another byte is refused or another distribution')
FROM good, generate_series(0, least(length(text), 60) - 1) AS place,
     unnest(ARRAY[0, 9, 32, 43, 44, 45, 46, 48, 53, 57, 58, 69, 73, 78, 101, 123, 125, 195, 255]) AS byte,
     pg_temp.read_text(d, set_byte(text, place, byte)) AS outcome;

-- Bytes, as COPY BINARY has them

CREATE TEMP TABLE inbox (d distribution);
CREATE FUNCTION pg_temp.copied(bytes bytea) RETURNS distribution LANGUAGE plpgsql AS $$
DECLARE
  file text := current_setting('data_directory') || '/distribution_type.copy';
  large_object oid := lo_from_bytea(0, '\x5047434f50590aff0d0a0000000000000000000001'::bytea ||
                                       int4send(length(bytes)) || bytes || '\xffff');
  answer distribution;
BEGIN
  PERFORM lo_export(large_object, file), lo_unlink(large_object);
  DELETE FROM inbox;
  EXECUTE format('COPY inbox FROM %L (FORMAT binary)', file);
  SELECT d INTO answer FROM inbox;
  RETURN answer;
END $$;
CREATE FUNCTION pg_temp.read_bytes(original distribution, input bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  received distribution := pg_temp.copied(input);
BEGIN
  RETURN CASE WHEN distribution_send(received) = input THEN pg_temp.judge(original, received) ELSE 'other bytes' END;
END $$;
CREATE FUNCTION pg_temp.try_bytes(original distribution, input bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN pg_temp.read_bytes(original, input);
EXCEPTION WHEN invalid_binary_representation THEN
  RETURN SQLSTATE;
END $$;

SELECT is_empty($$SELECT shape, size FROM sample WHERE pg_temp.read_bytes(d, distribution_send(d)) <> 'same'$$,
                'what is sent is received');
SELECT is(array_agg(DISTINCT outcome), ARRAY['22P03'], 'bytes that end too early, or too late, are refused')
FROM good, generate_series(0, least(length(bytes) - 1, 150)) AS size,
     unnest(ARRAY[substr(bytes, 1, size), bytes || substr(bytes, 1, size + 1)]) AS input,
     pg_temp.try_bytes(d, input) AS outcome;
SELECT is(array_agg(DISTINCT outcome ORDER BY outcome), ARRAY['22P03', 'changed'],
          'every byte that is another makes them refused, or another distribution that is written so')
FROM good, generate_series(0, length(bytes) - 1) AS place, unnest(ARRAY[1, 2, 64, 128, 255]) AS difference,
     pg_temp.try_bytes(d, set_byte(bytes, place, get_byte(bytes, place) # difference)) AS outcome
WHERE place < 100 OR (place + difference) % 5 = 0;
SELECT is(pg_temp.try_bytes('{}', input), '22P03', 'refused: ' || input::text)
FROM unnest(ARRAY['\x', '\x01', '\x0000', '\x0200', '\x010800', '\x010100', '\x01000100', '\x01008000',
                  '\x0100ffffffffffffffff7f00', '\x0100feffffffffffffffff01ffffffffffffffffff01',
                  '\x01ffffffffffffffffff', '\x0100818080801000000000']::bytea[]) AS input;

-- Equality: however they were made

CREATE TEMP TABLE made AS
  SELECT shape, size, way, made
  FROM sample,
       LATERAL (VALUES ('text', d::text::distribution), ('sum', d + '{}'), ('difference', d + '{5,NaN}' - '{NaN,5}'),
                       ('merge', (SELECT merge(part) FROM unnest(ARRAY[d, '{}', NULL]) AS part)),
                       ('backwards', coalesce((SELECT distribution(x ORDER BY x DESC) FROM unnest(xs) AS x), '{}')),
                       ('in random order',
                        coalesce((SELECT distribution(x ORDER BY random()) FROM unnest(xs) AS x), '{}'))
               ) AS w (way, made);
SELECT is_empty($$
  SELECT way, shape, size FROM made JOIN sample USING (shape, size)
  WHERE made IS DISTINCT FROM d OR distribution_send(made) <> distribution_send(d) OR made <> d OR made < d OR made > d
     OR NOT made <= d OR NOT made >= d OR distribution_compare(made, d) <> 0
     OR distribution_hash(made) <> distribution_hash(d)
     OR distribution_hash_extended(made, 7) <> distribution_hash_extended(d, 7) $$,
  'equal distributions have equal bytes and hashes, however they were made');
SELECT is_empty($$
  SELECT a.shape, b.shape FROM sample a, sample b
  WHERE (a.d = b.d) <> (a.d::text = b.d::text) OR (a.d <> b.d) = (a.d = b.d) OR (a.d < b.d) <> (b.d > a.d)
     OR (a.d <= b.d) <> (a.d < b.d OR a.d = b.d) OR (a.d >= b.d) <> (b.d <= a.d)
     OR distribution_compare(a.d, b.d) <> - distribution_compare(b.d, a.d) $$, 'and all others differ, in an order');

CREATE TEMP TABLE several AS
  SELECT ('{' || i % 100 || ':' || 1 + i % 3 || '}')::distribution AS d FROM generate_series(1, 900) AS i;
INSERT INTO several VALUES (NULL), (NULL), ('{}');
SELECT is(count(DISTINCT d), 301::bigint, 'count(DISTINCT d)') FROM several;
CREATE FUNCTION pg_temp.rows(statement text, without text, plan text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
  setting text;
BEGIN
  PERFORM set_config(name, 'on', true) FROM unnest(ARRAY['enable_sort', 'enable_hashagg', 'enable_hashjoin',
                                                         'enable_mergejoin', 'enable_nestloop']) AS name;
  PERFORM set_config(name, 'off', true) FROM unnest(string_to_array(without, ' ')) AS name;
  RETURN NEXT matches(pg_temp.plan_of(statement), plan, format('%s: %s', plan, statement));
  EXECUTE format('SELECT count(*) FROM (%s) AS s', statement) INTO rows;
  RETURN NEXT is(rows, 302::bigint, 'and has 302 rows');
END $$;
SELECT pg_temp.rows(statement, without, plan)
FROM (VALUES ('SELECT DISTINCT d FROM several', 'enable_sort', 'HashAggregate'),
             ('SELECT DISTINCT d FROM several', 'enable_hashagg', 'Unique'),
             ('SELECT d, count(*) FROM several GROUP BY d', 'enable_sort', 'HashAggregate'),
             ('SELECT d, count(*) FROM several GROUP BY d', 'enable_hashagg', 'GroupAggregate'),
             ('SELECT d FROM several UNION TABLE several', 'enable_sort', 'HashAggregate'),
             ('SELECT d FROM several UNION TABLE several', 'enable_hashagg', 'Unique'),
             ('SELECT DISTINCT a.d::text FROM several a LEFT JOIN several b ON a.d = b.d',
              'enable_mergejoin enable_nestloop', 'Hash (Right |Left )?Join'),
             ('SELECT DISTINCT a.d::text FROM several a LEFT JOIN several b ON a.d = b.d',
              'enable_hashjoin enable_nestloop', 'Merge (Right |Left )?Join')) AS v (statement, without, plan);

-- Comparing does not keep what it fetched: 400 of 9 kB each, compared some 3,500 times.

CREATE TEMP TABLE stored AS
  SELECT (SELECT distribution(floor(random() * 1e9)) FROM generate_series(1, 3000) WHERE i > 0) AS d FROM generate_series(1, 400) AS i;
SET LOCAL enable_hashagg = off;
DECLARE in_order CURSOR FOR SELECT DISTINCT d FROM stored;
FETCH 1 FROM in_order \gset
SELECT cmp_ok((SELECT sum(used_bytes) FROM pg_backend_memory_contexts), '<', 20e6, 'sorting takes no memory for what it compared');
SELECT is(distribution_compare('{1}', '{5000}'), -1, 'and the order is -1, 0 or 1');
CLOSE in_order;
RESET enable_hashagg;

-- Size, as stored

CREATE TEMP TABLE sized AS
  SELECT description, d, most
  FROM (SELECT distribution(round(s)) FILTER (WHERE i <= 1000) AS thousand, distribution(round(s)) AS million
        FROM (SELECT i, exp(9.57 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS s
              FROM generate_series(1, 1000000) AS i) AS drawn) AS log_normal,
       (SELECT distribution(x) AS hundred FROM generate_series(1, 100) AS x) AS ascending,
       LATERAL (VALUES ('nothing', '{}', 20), ('a whole second', '{86400}', 20), ('a millisecond', '{86400.123}', 20),
                       ('a double', '{0.12345678901234567}', 20), ('a huge one', '{-1.7976931348623157e308}', 20),
                       ('not a number', '{NaN}', 20), ('a value a billion times', '{86400:1000000000}', 20),
                       ('100 values of a byte each', hundred, 100 + 32),
                       ('1,000 log-normal whole seconds', thousand, 1999),
                       ('1,000,000 log-normal whole seconds', million, 300000)) AS v (description, d, most);
SELECT cmp_ok(pg_column_size(d), '<=', most, format('%s: at most %s bytes', description, most)) FROM sized;

SELECT * FROM finish();
ROLLBACK;
