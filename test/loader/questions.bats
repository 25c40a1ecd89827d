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
	[ "$(grep -c '^=> ' examples)" -eq 7 ]
	# A question ends with its semicolon; what follows, up to an empty line, is the answer.
	awk '/^=> / { asks = 1; sub(/^=> /, "") } asks { print; if (/;$/) asks = 0 }' examples >questions.sql
	awk '/^=> / { asks = 1 } asks { if (/;$/) asks = 0; next } { print }' examples | sed '/^$/d' >answers
	psql -XqAt -P format=aligned -P tuples_only=off -P footer=off -v SHOW_CONTEXT=never <questions.sql 2>&1 | sed '/^$/d' | diff answers -
}

@test "the attribute of a custom dimension is kept, whatever its name is, and its values have figures" {
	printf '{"type":"conversation","id":"1","created_at":1746086400,"state":"closed","statistics":{"last_close_at":1746090000},"custom_attributes":{"plan":"gold"}}\n' >export.json
	run_load export.json
	equals "$(sql "SELECT attributes #>> '{custom_attributes,plan}' FROM ttr_data.conversation")" ''
	sql "INSERT INTO ttr_data.dimension VALUES ('plan', 'custom_attributes.plan'); TRUNCATE ttr_data.conversation, ttr_data.statement"
	run_load export.json
	equals "$(sql "SELECT dimension, value, total_closed FROM ttr.by_dimension")" 'plan|gold|1'
	equals "$(sql "SELECT attribute, median_hours FROM ttr.figures('{plan}')")" 'gold|1'
}
