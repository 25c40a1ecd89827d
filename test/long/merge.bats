#!/usr/bin/env bats
# Whatever the order in which exports come, and however they are put into runs: the facts are the same, in a thousand orders. The
# server is one of its own, because each run of the file is one transaction that makes many hundred temporary tables.

setup_file() {
	CLUSTER=$(mktemp -d /tmp/ttr-merge.XXXXXX)
	export CLUSTER PGHOST=$CLUSTER PGDATABASE=orders
	# Descriptor 3 is how bats hears its tests: a server that inherits it keeps bats waiting for ever.
	"$CHECKOUT/test/cluster" start "$CLUSTER" max_locks_per_transaction=2000 3>&-
	createdb
	psql -Xq -c 'CREATE EXTENSION pgtap; CREATE EXTENSION ttr'
}

teardown_file() {
	"$CHECKOUT/test/cluster" stop "$CLUSTER" immediate 3>&-
	rm -rf "$CLUSTER"
}

@test "1,000 random orders of 40 sets of exports with every set of fields, put into runs at random, give the same facts and statements" {
	local seed
	for seed in $(seq 0.01 0.01 0.40); do
		echo "seed $seed"
		ORDERS=25 SEED=$seed run psql -XqAt -v ON_ERROR_STOP=1 -f "$CHECKOUT/test/schema/merge.sql"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *" - any order of exports, in any runs, gives the same facts"* && $output != *"not ok"* ]]
	done
}
