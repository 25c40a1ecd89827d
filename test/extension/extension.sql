-- What CREATE EXTENSION ttr brings, and what is left of it after DROP EXTENSION.

BEGIN;
SELECT plan(12);

CREATE TEMP VIEW member AS
  SELECT p.oid, p.proname, p.prokind, p.proisstrict, p.provolatile, p.proparallel, p.proacl, p.prosecdef, l.lanname,
         p.oid::regprocedure AS signature, p.pronamespace::regnamespace::text AS schema
  FROM pg_depend d
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'ttr'
  JOIN pg_proc p ON p.oid = d.objid
  JOIN pg_language l ON l.oid = p.prolang
  WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e';

SELECT isnt_empty('SELECT signature FROM member', 'the extension has functions');
SELECT is_empty($$SELECT signature FROM member WHERE schema <> 'ttr'$$, 'all of them are in the schema ttr');
-- The array of a type comes with the type; from 17 on it is a member too.
SELECT is_empty($$
  SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'ttr'
       LEFT JOIN pg_type a ON d.classid = 'pg_type'::regclass AND a.oid = d.objid AND a.typcategory = 'A'
  WHERE a.oid IS NULL AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND coalesce(obj_description(d.objid, d.classid::regclass::name), '') = '' $$,
  'every object of the extension has a comment');
-- roll_up() runs a query, which may call whatever it likes and reads what may change.
SELECT set_eq($$SELECT signature FROM member WHERE proparallel <> 's'$$,
              $$VALUES ('ttr.roll_up(text,text[],text[],anyelement)'::regprocedure)$$,
              'every function is parallel safe, but for the one that runs a query');
SELECT set_eq($$SELECT signature, provolatile::text FROM member WHERE lanname = 'c' AND provolatile <> 'i'$$,
              $$VALUES ('ttr.roll_up(text,text[],text[],anyelement)'::regprocedure, 's')$$,
              'every function in C is immutable, but for that one, which is stable');
SELECT is_empty($$SELECT signature FROM member WHERE proacl IS NOT NULL$$, 'everybody may call every function');
SELECT is_empty($$SELECT signature FROM member WHERE prosecdef$$, 'no function runs with the rights of its owner');
SELECT is_empty($$
  SELECT signature FROM member JOIN pg_aggregate ON aggfnoid = oid WHERE aggfinalmodify = 'w' $$,
  'no aggregate spoils its state, so that aggregates can share it');
SELECT is(count(DISTINCT aggtransfn), 2::bigint,
          'p95 and percentile have one transition function for doubles and one for intervals')
FROM member JOIN pg_aggregate ON aggfnoid = oid WHERE proname IN ('p95', 'percentile');

CREATE TEMP TABLE member_oid AS SELECT oid FROM member;
DROP EXTENSION ttr CASCADE;
SELECT is_empty($$SELECT oid FROM pg_proc WHERE oid IN (TABLE member_oid) OR probin LIKE '%/ttr'$$,
                'DROP EXTENSION leaves no function behind');
SELECT is_empty($$
  SELECT objoid FROM pg_description WHERE classoid = 'pg_proc'::regclass AND objoid IN (TABLE member_oid) $$,
  'nor a comment');
SELECT lives_ok('CREATE EXTENSION ttr', 'and it can be created again');

SELECT * FROM finish();
ROLLBACK;
