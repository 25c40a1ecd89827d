-- Whatever values a function is called with, it returns what makes sense, or an error that says what is wrong with them: infinities
-- and NaN, the ends of time, empty and endless ranges, counts near 2^63, arrays of several dimensions, and NULL in any place.

BEGIN;
SELECT plan(47);
SET LOCAL TimeZone = 'UTC';

\ir calls.psql

CREATE TEMP TABLE hostile (type regtype, value text);
INSERT INTO hostile
SELECT type, value
FROM (VALUES
  ('double precision'::regtype, '{0,-0,1,0.5,-1,NaN,Infinity,-Infinity,5e-324,1e308,-1.7976931348623157e308,9223372036854775807}'::text[]),
  ('bigint', '{0,-1,9223372036854775807,-9223372036854775808}'),
  ('timestamp with time zone', '{infinity,-infinity,"4714-11-24 00:00:00+00 BC","294276-12-31 23:59:59.999999+00",epoch,
                                 "2025-05-01 09:30:00.000001+00","2025-03-30 01:00+00"}'),
  ('date', '{infinity,-infinity,"4713-01-01 BC",5874897-12-31,294276-12-31,2025-05-01,2025-06-01,2172-01-01}'),
  ('tstzrange', '{empty,"(,)","[infinity,)","(,-infinity]","[-infinity,infinity]","[2025-05-01,2025-06-01)","[2025-05-01,)",
                  "[4714-11-24 BC,294276-12-31 23:59:59.999999+00]"}'),
  ('tstzmultirange', $${"{}","{(,)}","{[infinity,)}","{[infinity,infinity]}","{(,2025-05-01)}","{[-infinity,2025-05-01)}",
                        "{[2025-05-01,2025-05-02),[2025-05-04,)}","{[2025-05-01,2025-05-01]}","{[2025-05-01,infinity]}",
                        "{[2025-05-01,2025-05-02),[infinity,infinity]}",
                        "{[4714-11-24 BC,294276-12-31 23:59:59.999999+00]}"}$$),
  ('ttr.distribution', $${"{}","{0}","{NaN}","{Infinity}","{-Infinity:3,Infinity:2}","{NaN:2,-Infinity}","{1:9223372036854775807}",
                          "{1:9007199254740993,2:3}","{1e308:9223372036854775807}","{-1.7e308,1.7e308}","{5e-324,-5e-324}",
                          "{1:4611686018427387904,NaN:4611686018427387903}","{-1:4611686018427387905,1:4611686018427387902}"}$$),
  ('double precision[]', $${"{}","{NULL}","{0,1}","{{0,0.5},{1,NULL}}","[-3:-2]={0.5,0.95}","{NaN}","{-0.1}","{1.1}","{Infinity}",
                            "{-Infinity,0,1e308}"}$$),
  ('text', '{"",Europe/Berlin,mon-fri 09:00-17:00,2025-05-01,CET,ßÄ,../UTC}'),
  ('cstring', $${"","{}","{1:","{NaN:0}","{1e999}","{1:99999999999999999999}"}$$)
) AS listed (type, choices)
CROSS JOIN LATERAL unnest(choices || NULL::text) AS value;

-- Every combination of hostile arguments of a function, as calls; of many arguments some 20,000 of the combinations.
CREATE FUNCTION pg_temp.hostile_calls(f regprocedure) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  lists text;
  arguments text;
BEGIN
  SELECT string_agg(format('(SELECT format(''%%L::%s'', value) AS a%s FROM hostile WHERE type = %s) AS t%2$s',
                           type::regtype, place, type), ', '),
         string_agg('a' || place, ', ')
  INTO lists, arguments
  FROM pg_proc, unnest(proargtypes) WITH ORDINALITY AS argument (type, place) WHERE pg_proc.oid = f;
  RETURN QUERY EXECUTE format('SELECT call
                               FROM (SELECT format(''%s(%%s)'', concat_ws('', '', %s)) AS call, count(*) OVER () AS total FROM %s) AS c
                               WHERE hashtext(call) %% greatest(total / 20000, 1) = 0', f::regproc, arguments, lists);
END $$;

-- What a call comes to: 'value', or the SQLSTATE.
CREATE FUNCTION pg_temp.outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE 'SELECT (' || call || ')::text' INTO answer;
  RETURN CASE WHEN answer IS NULL THEN 'NULL' ELSE 'value' END;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

CREATE TEMP TABLE tried AS
  SELECT of, c AS call, pg_temp.outcome(c) AS outcome
  FROM (SELECT of FROM call WHERE way = 'directly' AND of::text !~ 'roll_up') AS f, pg_temp.hostile_calls(of) AS c;
SELECT cmp_ok(count(*), '>', 50000::bigint, 'many calls were tried: ' || count(*)) FROM tried;
SELECT is((SELECT count(DISTINCT of) FROM tried), (SELECT count(*) - 1 FROM call WHERE way = 'directly'),
          'of every function that can be called');
SELECT is_empty($$SELECT of, outcome, min(call) FROM tried
                  WHERE outcome NOT IN ('value', 'NULL') AND outcome !~ '^(22003|22007|22008|22023|22P02|54000|42P22)$' GROUP BY 1, 2$$,
                'each returns, or says which argument is wrong');
SELECT is_empty('SELECT of FROM tried GROUP BY of HAVING NOT bool_or(outcome = ''value'')', 'and each returns something for some of them');

-- What is returned makes sense.
CREATE TEMP VIEW d AS SELECT value::ttr.distribution AS d FROM hostile WHERE type = 'ttr.distribution'::regtype AND value IS NOT NULL;
SELECT is_empty($$
  SELECT d, p, ttr.quantile(d, p) FROM d, unnest(ARRAY[0, 0.25, 0.5, 0.999, 1]) AS p
  WHERE NOT ttr.quantile(d, p) BETWEEN ttr.lowest(d) AND ttr.highest(d) AND ttr.quantile(d, p) <> 'NaN' AND d::text !~ 'e.308'
     OR ttr.quantile(d, 0) <> ttr.lowest(d) OR ttr.quantile(d, 1) <> ttr.highest(d)
     OR ttr.quantile(d, ARRAY[p]) <> ARRAY[ttr.quantile(d, p)] $$,
  'a quantile lies between the lowest and the highest value, and is the highest at 1, however many values there are');
SELECT is_empty($$SELECT d FROM d WHERE ttr.share_within(d, ttr.highest(d)) <> 1
                    OR (SELECT sum(c) FROM unnest(ttr.histogram(d, '{0,1}')) AS c) <> ttr.value_count(d)
                    OR CASE WHEN d::text !~ 'e.308' THEN ttr.mean(d) <> ttr.total(d) / ttr.value_count(d) END$$,
                'shares, counts and totals agree');
SELECT is_empty($$
  SELECT a.d, b.d, x FROM d AS a, d AS b, unnest(ARRAY['-Infinity', 0, 1, 1e308, 'NaN']::float8[]) AS x
  WHERE CASE WHEN ttr.value_count(a.d)::numeric + ttr.value_count(b.d) < 9223372036854775808
             THEN NOT ttr.survival(a.d, b.d, x) BETWEEN 0 AND 1
               OR ttr.survival(a.d, b.d, ttr.survival_quantile(a.d, b.d, 0.5)) > 0.5
               OR ttr.survival_quantile(a.d, '{}', 1) <> ttr.highest(a.d) END $$,
  'a share that is left is one, half have ended by the median, and all by the highest value');
SELECT is_empty($$
  SELECT d, p, i FROM d, unnest(ARRAY[0, 5e-324, 0.1, 0.5, 0.999, 1]) AS p, ttr.quantile_interval(d, p) AS i, ttr.share_interval(d, p) AS s
  WHERE i.lower > i.upper OR NOT i.coverage BETWEEN 0.95 - 1e-9 AND 1 OR NOT ttr.share_within(d, p) BETWEEN s.lower AND s.upper $$,
  'an interval begins before it ends, covers as much as it says, and has the share in it');
SELECT is_empty($$
  SELECT o.value, target, ttr.open_due_at(o.value::tstzmultirange, target)
  FROM hostile AS o, unnest(ARRAY[0, 1, 10, 1e10, 9.3e12, 1e300]) AS target
  WHERE o.type = 'tstzmultirange'::regtype AND o.value !~ '\((,|-inf)|\[-inf'
    AND NOT (ttr.open_due_at(o.value::tstzmultirange, target) BETWEEN lower(o.value::tstzmultirange) AND '294276-12-31 23:59:59.999999+00'
             AND isfinite(ttr.open_due_at(o.value::tstzmultirange, target))) $$,
  'a due time is a time, and after the start');

-- Aggregates of the same values.
CREATE TEMP TABLE hostile_row AS
  SELECT row_number() OVER () AS n, value::float8 AS x, ('{' || value || ':2}')::ttr.distribution AS d
  FROM hostile WHERE type = 'double precision'::regtype;
SELECT is(ttr.median(x) FILTER (WHERE x NOT IN ('NaN')), percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE x NOT IN ('NaN')),
          'the median of infinities and of the smallest and largest numbers')
FROM hostile_row;
SELECT is(ttr.quantile(x, p), percentile_cont(p) WITHIN GROUP (ORDER BY x), 'and their quantile of ' || p)
FROM hostile_row, unnest(ARRAY[0, 0.1, 0.3, 0.77, 0.95, 1]) AS p GROUP BY p;
SELECT throws_ok(format('SELECT %s(x, %L::float8) FROM hostile_row', f, p), '22003', NULL, format('no %s of %s', f, p))
FROM unnest(ARRAY['ttr.quantile']) AS f, unnest(ARRAY['NaN', 'Infinity', '-Infinity', '-5e-324', '1.0000000000000002']) AS p;
SELECT throws_ok(format('SELECT ttr.open_intervals(%L, ''open'')', at), '22023', NULL, 'no event at ' || at)
FROM unnest(ARRAY['infinity', '-infinity']) AS at;
SELECT is(ttr.open_intervals(at::timestamptz, state), '{["4714-11-24 00:00:00+00 BC","294276-12-31 23:59:59.999999+00")}',
          'a conversation from the beginning of time to its end')
FROM (VALUES ('294276-12-31 23:59:59.999999+00', 'closed'), ('4714-11-24 00:00:00+00 BC', 'open')) AS event (at, state);
SELECT is_empty(format('SELECT a FROM (SELECT %s AS a FROM few WHERE n < 0) AS nothing WHERE a IS NOT NULL', expression),
                'no rows, no figure: ' || expression)
FROM aggregate GROUP BY expression;

SELECT throws_ok($$SELECT ttr.merged_quantile(d, '{0.5}') FROM unnest('{"{1:1000}","{2:134217000}"}'::ttr.distribution[]) AS d$$, '54000',
                 'merged_quantile has too many values', 'values that would take more than 1 GB are refused, not tried');
SELECT throws_ok($$SELECT ttr.running_quantile('{1:134217729}', '{0.5}', NULL)$$, '54000',
                 'running_quantile has too many values', 'by each aggregate');

-- Functions with a state cannot be called by SQL: their states come from PostgreSQL alone.
SELECT is_empty($$
  SELECT oid::regprocedure FROM pg_proc
  WHERE pronamespace = 'ttr'::regnamespace AND 'internal'::regtype = ANY (proargtypes) AND probin ~ 'ttr'
    AND pg_temp.outcome(format('ttr.%s(%s) IS NULL', proname,
                               (SELECT string_agg('NULL::' || t::regtype, ', ') FROM unnest(proargtypes) AS t))) <> '42846' $$,
  'functions that take a state refuse to be called by SQL');

-- roll_up() over a table that has lost a column, a query without rows of its own, and arrays that combine too often.
CREATE TABLE shrunk ("grouping" integer, gone text, n integer, state text, more text, x ttr.distribution);
ALTER TABLE shrunk DROP COLUMN gone, DROP COLUMN more;
SELECT is((SELECT count(*) FROM ttr.roll_up('SELECT n, state, x FROM few', '{n,state}', '{x,x}', NULL::shrunk)), 11::bigint,
          'roll_up() into rows of a table whose columns were dropped');
CREATE TABLE combined (a text, b text, n bigint);
SELECT throws_ok(format('SELECT * FROM ttr.roll_up(%L, ''{"a, b"}'', ''{n}'', NULL::combined)',
                        'SELECT array_agg(i::text) AS a, array_agg(i::text) AS b, 1 AS n FROM generate_series(1, 1001) AS i'), '54000',
                 'a row falls into too many cells of roll_up()', 'a row with a million combinations of elements is refused');

SELECT * FROM finish();
ROLLBACK;
