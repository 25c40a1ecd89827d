#!/usr/bin/env bats
# The figures against the facts after hundreds of random changes: what test/pgtap/rollups.sql does, for longer.

bats_require_minimum_version 1.5.0

@test "after each of 300 random changes every figure is what the facts say, from three seeds" {
	PGDATABASE=long_rollups
	export PGDATABASE
	createdb --template=template_pgtap "$PGDATABASE"
	for seed in 0.1 -0.3 0.77; do
		psql -XqAt -v ON_ERROR_STOP=1 >"$BATS_TEST_TMPDIR/differences" <<-SQL
			BEGIN;
			\i $CHECKOUT/test/pgtap/facts.psql
			\i $CHECKOUT/test/pgtap/random_changes.psql
			SELECT setseed($seed);
			CREATE FUNCTION pg_temp.follow(steps integer) RETURNS SETOF text LANGUAGE plpgsql AS \$\$
			BEGIN
			  FOR step IN 1..steps LOOP
			    PERFORM pg_temp.change();
			    PERFORM ttr.refresh();
			    RETURN QUERY SELECT 'seed $seed, step ' || step || ': ' || c FROM ttr.check() AS c;
			  END LOOP;
			END
			\$\$;
			SELECT * FROM pg_temp.follow(300) AS difference WHERE difference IS NOT NULL;
			ROLLBACK;
		SQL
		cat "$BATS_TEST_TMPDIR/differences"
		[ -z "$(grep . "$BATS_TEST_TMPDIR/differences")" ]
	done
	dropdb "$PGDATABASE"
}
