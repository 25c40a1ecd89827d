-- What every connection of the loader sets first.

-- name: session
-- Nothing that this database, role or client environment sets may change what a load means, or end it half-way.
SET search_path = pg_catalog, pg_temp;
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET extra_float_digits = 1;
SET standard_conforming_strings = on;
SET quote_all_identifiers = off;
SET client_min_messages = 'warning';
SET lock_timeout = 0;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET default_transaction_read_only = off;
SET default_transaction_isolation = 'read committed';
-- The statements are few and large, and their tables grow while they run: JIT never pays, and a nested loop chosen for a table that was
-- empty when it was analyzed takes hours.
SET jit = off;
SET enable_nestloop = off;
SET check_function_bodies = off;  -- of the schema's functions: the tests have checked them
SELECT set_config('transaction_timeout', '0', false)
WHERE current_setting('transaction_timeout', true) IS NOT NULL;  -- since PostgreSQL 17
SELECT set_config('work_mem', '64MB', false)
WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB');
