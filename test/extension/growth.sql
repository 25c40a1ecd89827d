-- A session does not grow, however often it calls a function of the extension. Here each is called 20,000 times (2,000
-- times where sanitizers make it slow), in test/long/growth.bats a million times.

BEGIN;
SELECT plan(78);
SET LOCAL jit = off;

\set calls 20000
\getenv sanitized SANITIZE
\if :{?sanitized}
  \set calls 2000
\endif
\getenv calls CALLS
\ir calls.psql

SELECT is_empty('TABLE uncalled', 'every function of the extension is called here');

-- What a call leaves behind is there as often as the function was called. A single byte of each call is more than this, and what the
-- session's caches take when another session changes the catalogs is less.
SELECT greatest(16000, :calls / 10 * 8) AS tolerance \gset

CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql PARALLEL RESTRICTED AS
'SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts';

-- Bytes that the session took from a tenth of the calls of one query on to its last one.
CREATE FUNCTION pg_temp.growth(expression text, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  memory bigint[];
  called bigint;
BEGIN
  EXECUTE format('SELECT array_agg(memory) FILTER (WHERE memory IS NOT NULL), count(is_null)
                  FROM (SELECT %s IS NULL AS is_null, CASE WHEN i IN (%2$s / 10, %2$s) THEN pg_temp.memory() END AS memory
                        FROM (SELECT generate_series(1, %2$s) AS i) AS number OFFSET 0) AS called', expression, calls) INTO memory, called;
  RETURN CASE WHEN called = calls THEN memory[2] - memory[1] END;
END $$;

SELECT cmp_ok(pg_temp.growth(expression, :calls), '<', :tolerance::bigint, format('%s, %s', of, way)) FROM call;

-- States that travel from workers to their leader, two or three for each group, of which there are a quarter as many.
CREATE TABLE many AS SELECT g, few.* FROM few, generate_series(1, :calls / 4) AS g;
ALTER TABLE many SET (parallel_workers = 2);
ANALYZE many;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
SET LOCAL enable_hashagg = off;
CREATE FUNCTION pg_temp.growth_of_leader(expression text, groups integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  query text := format('SELECT array_agg(memory) FILTER (WHERE memory IS NOT NULL), count(is_null)
                        FROM (SELECT a IS NULL AS is_null, CASE WHEN g IN (%2$s / 10, %2$s) THEN pg_temp.memory() END AS memory
                              FROM (SELECT g, %1$s AS a FROM many GROUP BY g OFFSET 0) AS combined OFFSET 0) AS watched',
                       expression, groups);
  memory bigint[];
  combined bigint;
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  EXECUTE query INTO memory, combined;
  RETURN CASE WHEN plan::text ~ '"Partial Mode": "Finalize"' AND combined = groups THEN memory[2] - memory[1] END;
END $$;
SELECT cmp_ok(pg_temp.growth_of_leader(expression, :calls / 4), '<', :tolerance::bigint, format('%s, by workers', of))
FROM aggregate JOIN pg_aggregate ON aggfnoid = of WHERE aggcombinefn <> 0;

-- Bytes that come from outside.
CREATE TABLE received (n serial, d ttr.distribution);
CREATE TABLE seen (memory bigint);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n IN (TG_ARGV[0]::integer / 10, TG_ARGV[0]::integer) THEN
    INSERT INTO seen VALUES (pg_temp.memory());
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER watch BEFORE INSERT ON received FOR EACH ROW EXECUTE FUNCTION watch(:calls);
SELECT format('COPY (SELECT d FROM few, generate_series(1, %s / 9 + 1)) TO %L (FORMAT binary)', :calls, file),
       format('COPY received (d) FROM %L (FORMAT binary)', file)
FROM (SELECT current_setting('data_directory') || '/growth.copy' AS file) AS f \gexec
SELECT cmp_ok(max(memory) - min(memory), '<', :tolerance::bigint, 'ttr.distribution_recv(internal), from COPY')
FROM seen HAVING count(*) = 2;

SELECT * FROM finish();
ROLLBACK;
