-- Random questions have the answers that PostgreSQL's own functions give: percentile_cont() for percentiles, counts and sums for
-- distributions, operators of ranges for open intervals and business hours. What is drawn is in random_queries.psql;
-- test/long/random_queries.bats asks ten thousand.

BEGIN;
SELECT plan(15);

\set seed 0.18
\getenv seed SEED
\set questions 120
\getenv questions QUESTIONS
\ir random_queries.psql
SELECT pg_temp.ask(:seed, :questions) \g /dev/null

-- A question that fails is printed whole, with its seed.
SELECT diag(format(E'seed %s, question %s (%s)\n%s\n%s\n%s', seed, number, kind, settings, ours, theirs)) FROM contradiction LIMIT 3;
SELECT is((SELECT count(*) FROM contradiction AS c WHERE c.kind = t.kind), 0::bigint,
          format('%s questions of the kind %s have one answer: seed %s', count(*), t.kind, :seed))
FROM template AS t JOIN question AS q USING (kind) GROUP BY t.kind;

SELECT is(count(*), :questions::bigint, 'all of them were put') FROM question;
SELECT cmp_ok(count(*), '>', 0::bigint, 'some by workers, ' || count(*))
FROM question WHERE plan ~ '"Partial Mode": "Partial"';
SELECT cmp_ok(count(*), '>', 0::bigint, 'some over groups that are hashed, ' || count(*))
FROM question WHERE plan ~ '"Strategy": "Hashed"';
SELECT diag(count(*) || ' over a group beyond work_mem') FROM question
WHERE settings ~ 'work_mem = 64kB' AND ours ~ 'random_large WHERE (true|odd).*GROUP BY \(\)'
  AND kind IN ('ordered-set', 'plain', 'distribution');

SELECT * FROM finish();
ROLLBACK;
