#!/usr/bin/env bats
# The figures against the facts after hundreds of random changes: what test/schema/rollups.sql does, for longer, and each change
# and each refresh in a transaction of its own.

bats_require_minimum_version 1.5.0

# Every third change is followed by a refresh.
follow() {
	local seed=$1
	export PGDATABASE=long_rollups
	createdb --template=template_pgtap "$PGDATABASE"
	psql -XqAt -v ON_ERROR_STOP=1 >"$BATS_TEST_TMPDIR/differences" <<-SQL
		SET client_min_messages = warning;
		\i $CHECKOUT/test/schema/facts.psql
		\i $CHECKOUT/test/schema/random_changes.psql
		CREATE TEMPORARY TABLE seen (days bigint);
		DO 'BEGIN PERFORM setseed($seed); END';
		SELECT command
		FROM generate_series(1, 300) AS step
		CROSS JOIN LATERAL (VALUES
		  (1, 'DO ''BEGIN PERFORM pg_temp.change(); END'''),
		  (2, format('SELECT ''step %s, summary: '' || d FROM pg_temp.differences_of_summary() AS d', step)),
		  (3, 'DO ''BEGIN PERFORM ttr.refresh(); END'''),
		  (4, format('SELECT ''step %s: '' || c FROM ttr.check() AS c', step)),
		  (5, 'INSERT INTO seen SELECT count(*) FROM ttr.daily')) AS c (place, command)
		WHERE place = 1 OR step % 3 = 0
		ORDER BY step, place
		\gexec
		SELECT 'nothing was seen' FROM seen HAVING coalesce(sum(days), 0) < 10000;
	SQL
	cat "$BATS_TEST_TMPDIR/differences"
	[ ! -s "$BATS_TEST_TMPDIR/differences" ]
}

teardown() {
	dropdb --if-exists --force long_rollups
}

@test "after 300 random changes every figure is what the facts say: seed 0.1" {
	follow 0.1
}

@test "after 300 random changes every figure is what the facts say: seed -0.3" {
	follow -0.3
}

@test "after 300 random changes every figure is what the facts say: seed 0.77" {
	follow 0.77
}

@test "after 300 random changes every figure is what the facts say: seed -0.92" {
	follow -0.92
}

@test "after 300 random changes every figure is what the facts say: seed 0.4711" {
	follow 0.4711
}
