#!/usr/bin/env bats
# The whole fault matrix: every call of each kind fails once, and the connection is cut at every message. A line of each test says how many
# runs that were, and how they ended.

bats_require_minimum_version 1.5.0
load ../loader/support
load ../faults/support

@test "every allocation of memory fails once" {
	begin_matrix
	matrix load memory
}

@test "every call for a file, a pipe or a stream fails once" {
	begin_matrix
	matrix load file
}

@test "every call for a socket fails once" {
	begin_matrix
	matrix load socket
}

@test "every call of libpq fails once" {
	begin_matrix
	matrix load libpq
}

@test "the answer to every statement is lost once" {
	begin_matrix
	matrix load answer
}

@test "the connection is cut at every message" {
	begin_matrix
	begin_proxy
	cuts load
	end_proxy
}

@test "every call for a socket fails once in a stream, and every record is loaded once" {
	begin_matrix
	matrix follow socket
}

@test "the connection of a stream is cut at every message, and every record is loaded once" {
	begin_matrix
	begin_proxy
	cuts follow
	end_proxy
}

@test "a server whose disk is full, for facts or for temporary files: exit code 3, nothing is loaded, and with room it is" {
	cluster=$(mktemp -d /tmp/ttr-full.XXXXXX)
	# No file of the server may grow beyond 17 MB: a segment of WAL has 16.
	(
		ulimit -f 17408
		"$CHECKOUT/test/cluster" start "$cluster" 3>&-
	)
	"$CHECKOUT/build/generate" --rows=150000 --seed=5 >many.csv
	export PGHOST=$cluster
	createdb
	ttr-load --quiet --init
	for times in 1 2; do
		# Once straight into the facts, and once by way of the stage.
		run --separate-stderr ttr-load --json $(yes many.csv | head -n $times)
		equals "$status" 3
		contains "$stderr" 'could not extend file'
		equals "$(facts)" none
	done
	one_row a.csv
	run --separate-stderr ttr-load --json a.csv
	equals "$status" 0
	"$CHECKOUT/test/cluster" stop "$cluster"
	rm -rf "$cluster"
	PGHOST=$CLUSTER
}
