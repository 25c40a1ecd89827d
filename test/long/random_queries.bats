#!/usr/bin/env bats
# Ten thousand random questions, of which test/extension/percentile/random_queries.sql asks a few: each is put to ttr and to PostgreSQL's own
# functions. Each seed draws other data. To repeat one that failed:
#
#   SEED=0.07 QUESTIONS=264 test/check test/extension/percentile/random_queries.sql

bats_require_minimum_version 1.5.0

setup() {
	export PGDATABASE=long_random_queries
	createdb --template=template_pgtap "$PGDATABASE"
}

teardown() {
	dropdb --if-exists --force "$PGDATABASE"
}

@test "10,560 random questions over data of 40 seeds have the answers that PostgreSQL's own functions give" {
	local seed spilled=0
	for seed in $(seq 0.01 0.01 0.40); do
		SEED=$seed QUESTIONS=264 run psql -XqAt -v ON_ERROR_STOP=1 -f "$CHECKOUT/test/extension/percentile/random_queries.sql"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"ok 13 - all of them were put"* && $output != *"not ok"* ]]
		spilled=$((spilled + $(sed -n 's/^# \([0-9]*\) over a group beyond work_mem/\1/p' <<<"$output")))
	done
	echo "# $spilled of them over a group beyond work_mem" >&3
	[ "$spilled" -ge 40 ]
}
