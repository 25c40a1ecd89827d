#!/usr/bin/env bats
# What the extension promises of time and of memory: a query that runs in it ends when it is cancelled, and stays within work_mem where
# its manual says so.

bats_require_minimum_version 1.5.0

setup_file() {
	export PGDATABASE=limits_bats
	createdb --template=template_pgtap "$PGDATABASE"
}

teardown_file() {
	dropdb --if-exists --force limits_bats
}

# Large values, of which a single call has much to do.
large_values() {
	psql -Xq -v ON_ERROR_STOP=1 <<-'SQL'
		CREATE UNLOGGED TABLE many AS
		  SELECT random() AS x, floor(random() * 1e6) AS s, timestamptz '2025-05-01 00:00+00' - i * interval '1 minute' AS at,
		         (ARRAY['open', 'closed'])[1 + i % 2] AS state, i % 1000 AS n,
		         make_interval(years => (random() * 2000000 - 1000000)::int, secs => random() * 1000) AS v
		  FROM generate_series(1, 1000000) AS i;
		CREATE UNLOGGED TABLE large (d ttr.distribution, e ttr.distribution, whole ttr.distribution, text text, p double precision[],
		                             bounds double precision[], open tstzmultirange, tags text[]);
		ALTER TABLE large ALTER text SET STORAGE EXTERNAL, ALTER p SET STORAGE EXTERNAL, ALTER bounds SET STORAGE EXTERNAL,
		                  ALTER open SET STORAGE EXTERNAL;
		INSERT INTO large
		SELECT d, e, whole, d::text, p, bounds, open, tags
		FROM (SELECT ttr.distribution(random()) AS d, ttr.distribution(i + random()) AS e, ttr.distribution(i * 3) AS whole,
		             array_agg(random()) AS p, array_agg(i / 2e6 ORDER BY i)::double precision[] AS bounds,
		             array_agg('tag ' || i) FILTER (WHERE i < 900) AS tags FROM generate_series(1, 2000000) AS i) AS arrays,
		     (SELECT ttr.open_intervals(at, state) AS open FROM many) AS timeline;
	SQL
}

# Calls that never end on their own: every function and aggregate that SQL can call, of rows without end.
endless_statements() {
	cat <<-'SQL'
		SELECT format('SELECT count(%s) FROM (SELECT generate_series(1, 2000000000) AS i) AS number', expression)
		FROM call WHERE way = 'directly'
		UNION ALL SELECT format('SELECT %s FROM few CROSS JOIN (SELECT generate_series(1, 2000000000)) AS number', expression) FROM aggregate
		UNION ALL SELECT format('SELECT count(a) FROM (SELECT %s OVER (ROWS 1000 PRECEDING) AS a
		                         FROM few CROSS JOIN (SELECT generate_series(1, 2000000000)) AS number) AS w', expression)
		FROM aggregate JOIN pg_aggregate ON aggfnoid = of WHERE aggmtransfn <> 0
	SQL
}

# Calls that end, some after seconds: a call of its own has all of the work.
long_statements() {
	cat <<-'SQL'
		SELECT statement FROM (VALUES
		  ('SELECT ttr.quantile(d, p) IS NULL FROM large'), ('SELECT ttr.histogram(d, bounds) IS NULL FROM large'),
		  ('SELECT ttr.total(d), ttr.mean(e), ttr.total(whole) FROM large'), ('SELECT (d OPERATOR(ttr.+) e) IS NULL FROM large'),
		  ('SELECT d OPERATOR(ttr.-) d FROM large'), ('SELECT length(e::text) FROM large'), ('SELECT text::ttr.distribution IS NULL FROM large'),
		  ('SELECT ttr.survival(d, e, 1e9), ttr.survival_quantile(e, d, 0.999999), ttr.survival(whole, d, 1e9) FROM large'),
		  ('SELECT count(lower) FROM large, ttr.survival_curve(e, whole)'),
		  ('SELECT ttr.merge(v) IS NULL FROM large, unnest(ARRAY[d, e, whole, d]) AS v'),
		  ('SELECT ttr.merge(whole) IS NULL FROM large, generate_series(1, 20)'),
		  ('SELECT ttr.merged_quantile(v, p) IS NULL FROM large, unnest(ARRAY[d, e]) AS v'),
		  ('SELECT ttr.merged_quantile(v, ''{0.5}'') OVER (ORDER BY n ROWS 1 PRECEDING) FROM large, unnest(ARRAY[d, e, d]) WITH ORDINALITY AS u (v, n)'),
		  ('SELECT ttr.running_quantile(v, ''{0.5}'', v) OVER (ORDER BY n) FROM large, unnest(ARRAY[d, e, d]) WITH ORDINALITY AS u (v, n)'),
		  ('SELECT ttr.backlog_changes(NULL, NULL, open, open, ''2024-06-01'', ''Europe/Berlin'') IS NULL FROM large'),
		  ('SELECT ttr.open_seconds(open, ''2025-06-01''), ttr.longest_seconds(open, ''2025-06-01''), ttr.business_seconds(open, open, ''2025-06-01'') FROM large'),
		  ('SELECT ttr.open_due_at(open, 1e15), ttr.open_due_at(open, 1e6, open), ttr.business_due_at(''2024-01-01'', 1e6, open) FROM large'),
		  ('SELECT ttr.open_intervals(at, state) IS NULL FROM many'),
		  ('SELECT ttr.percentile((SELECT p FROM large)) WITHIN GROUP (ORDER BY x) IS NULL FROM many'),
		  ('SELECT ttr.percentile((SELECT p FROM large)) WITHIN GROUP (ORDER BY v) IS NULL FROM many'),
		  ('SELECT ttr.quantile(v, (SELECT p[1:100] FROM large)) IS NULL FROM many, generate_series(1, 3)'),
		  ('SELECT max(m[1]) FROM (SELECT ttr.quantile(x, (SELECT p[1:10000] FROM large)) OVER (ORDER BY at ROWS 1000 PRECEDING) AS m FROM many) AS w'),
		  ('SELECT ttr.distribution(x) IS NULL FROM many, generate_series(1, 3)'),
		  ('SELECT count(*) FROM ttr.roll_up(''SELECT tags AS n, tags AS state, 1::float8 AS x FROM large, generate_series(1, 9)'',
		                                     ''{"n, state"}'', ''{x}'', NULL::tags_rolled_up)'),
		  ('SELECT count(*) FROM ttr.roll_up(''SELECT n, state, x FROM many'', ''{n,state,"n, state",""}'', ''{x,x,x,x}'', NULL::few_rolled_up)'),
		  ('SELECT ttr.business_calendar(''mon-sun 09:00-17:00'', ''Europe/Berlin'', ''2025-01-01'', ''2172-01-01'',
		           (SELECT string_agg(to_char(date ''2025-01-01'' + i, ''YYYY-MM-DD''), ''; '') FROM generate_series(1, 50000) AS i)) IS NULL'))
		AS listed (statement)
	SQL
}

# Runs the statements that queries list, each with some milliseconds: what took longer, and by how much, and the errors.
run_limited() { # MILLISECONDS QUERY
	{
		cat <<-SQL
			\set SHOW_CONTEXT never
			\ir $CHECKOUT/test/extension/calls.psql
			CREATE TYPE tags_rolled_up AS (n text, state text, x ttr.distribution);
			CREATE TABLE clock (statement text, at timestamptz);
			SELECT command FROM (SELECT statement, row_number() OVER () AS n FROM ($2) AS s (statement)) AS s
			CROSS JOIN LATERAL (VALUES (1, 'SET statement_timeout = 0'), (3, 'SET statement_timeout = $1'), (4, statement),
			                           (2, format('INSERT INTO clock VALUES (%L, clock_timestamp())', statement))) AS c (place, command)
			ORDER BY n, place
		SQL
		cat <<-SQL
			\gexec
			SET statement_timeout = 0;
			INSERT INTO clock VALUES ('', clock_timestamp());
			\o $BATS_TEST_TMPDIR/took
			SELECT round(1000 * extract(epoch FROM lead(at) OVER (ORDER BY at) - at)), replace(statement, E'\n', '')
			FROM clock ORDER BY 1 DESC NULLS LAST;
			DROP TABLE clock, few CASCADE;
			DROP TYPE tags_rolled_up, few_rolled_up;
		SQL
	} >"$BATS_TEST_TMPDIR/script"
	psql -XqAt -f "$BATS_TEST_TMPDIR/script" >/dev/null 2>"$BATS_TEST_TMPDIR/errors"
	cut -c1-200 "$BATS_TEST_TMPDIR/took" | head -5
	grep -v 'statement timeout' "$BATS_TEST_TMPDIR/errors" | head -20 || true
}

longest() {
	head -1 "$BATS_TEST_TMPDIR/took" | cut -d'|' -f1
}

# Each statement ends within a second of the limit. What does not may have met other work on the machine: a call that cannot be cancelled
# takes too long each of three times.
ends_in_time() { # MILLISECONDS QUERY
	local attempt
	for attempt in 1 2 3; do
		run_limited "$1" "$2"
		[ "$(longest)" -ge $(($1 + 1000)) ] || return 0
	done
	return 1
}

@test "every function and aggregate, called without end, is over within a second of a statement_timeout of 200 ms" {
	ends_in_time 200 "$(endless_statements)"
	[ "$(grep -c 'canceling statement due to statement timeout' "$BATS_TEST_TMPDIR/errors")" -eq "$(grep -c SELECT "$BATS_TEST_TMPDIR/took")" ]
	[ "$(grep -c 'SELECT' "$BATS_TEST_TMPDIR/took")" -ge 55 ]
}

@test "so is a single call that has millions of values to work on, whenever the time is up" {
	large_values
	for limit in 100 200 400 800; do
		ends_in_time "$limit" "$(long_statements)"
		run ! grep -v 'statement timeout' "$BATS_TEST_TMPDIR/errors"
	done
}

# Kilobytes that a session of its own takes at most for many rows, beyond what it takes for few.
memory_of() { # SETTINGS EXPRESSION VALUE
	local most=() rows
	for rows in 1000 3000000; do
		most+=("$(psql -XqAt -v ON_ERROR_STOP=1 -c "SET jit = off; SET max_parallel_workers_per_gather = 0; $1" \
			-c "SELECT $2 IS NULL FROM (SELECT $3 AS x FROM (SELECT generate_series(1, $rows) AS i) AS n OFFSET 0) AS v" \
			-c "SELECT substring(pg_read_file('/proc/self/status', 0, 4000) FROM 'VmHWM:\s+(\d+)')" | tail -1)")
	done
	echo $((most[1] - most[0]))
}

@test "a group of three million values stays within work_mem, whatever they are" {
	for value in 'random()' 'floor(random() * 1e6)' 'make_interval(months => i % 5, secs => random() * 1e6)'; do
		for aggregate in 'ttr.median(x)' 'ttr.quantile(x, ARRAY[0.001, 0.5, 0.95])' 'ttr.p95() WITHIN GROUP (ORDER BY x)'; do
			# Pages of shared memory that a session happens to touch come on top, up to 4 MB: the least of three times counts.
			for attempt in 1 2 3; do
				taken=$(memory_of "SET work_mem = '8MB'" "$aggregate" "$value")
				echo "$aggregate of $value: $taken kB"
				[ "$taken" -ge 9500 ] || break
			done
			[ "$taken" -lt 9500 ]
		done
	done
}
