#!/usr/bin/env bats
# Questions about what was loaded: what ttr-load says and what the database answers is the same, and so is the manual.

bats_require_minimum_version 1.5.0
load support

@test "ttr.summary() is the summary that ttr-load printed, from the rollups and from the facts" {
	ttr-load --no-refresh --json "$CHECKOUT/test/data/may-2025.csv" >printed
	jq -S 'del(.load, .database, .report_csv)' printed >said
	sql 'SELECT ttr.summary()' | jq -S . | cmp - said
	ttr-load --refresh
	sql 'SELECT ttr.summary()' | jq -S . | cmp - said
}

@test "the examples of doc/questions.md answer what they say" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	awk '/^```/ { inside = 0 } /^=> / { inside = 1 } inside' "$CHECKOUT/doc/questions.md" >examples
	[ "$(grep -c '^=> ' examples)" -eq 6 ]
	# A question ends with its semicolon; what follows, up to an empty line, is the answer.
	awk '/^=> / { asks = 1; sub(/^=> /, "") } asks { print; if (/;$/) asks = 0 }' examples >questions.sql
	awk '/^=> / { asks = 1 } asks { if (/;$/) asks = 0; next } { print }' examples | sed '/^$/d' >answers
	psql -XqAt -P format=aligned -P tuples_only=off -P footer=off -v SHOW_CONTEXT=never <questions.sql 2>&1 | sed '/^$/d' | diff answers -
}
