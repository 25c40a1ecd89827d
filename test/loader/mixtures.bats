#!/usr/bin/env bats
# 10,000 conversations, each in a random mixture of layouts (test/mixtures.py), loaded in random orders: the open time of each is
# that of its history, wherever its start and its events come from, its customer waits when the history says so, and no timeline
# begins elsewhere than its conversation.

bats_require_minimum_version 1.5.0
load support

# Conversations that came to something else than the truth.
differences() {
	psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL'
		CREATE TEMPORARY TABLE truth (conversation_id text COLLATE "C", has_start boolean, resolution_seconds double precision, basis text,
		                              waiting_intervals tstzmultirange);
		\copy truth FROM truth.csv (FORMAT csv)
		SELECT count(*) FROM truth;
		(SELECT 'expected', * FROM truth
		 EXCEPT SELECT 'expected', conversation_id, started_at IS NOT NULL, resolution_seconds, basis, waiting_intervals FROM ttr_data.counted)
		UNION ALL
		(SELECT 'got', conversation_id, started_at IS NOT NULL, resolution_seconds, basis, waiting_intervals FROM ttr_data.counted
		 EXCEPT SELECT 'got', * FROM truth)
		LIMIT 10;
	SQL
}

in_order() {
	ttr-load --init
	sql 'TRUNCATE ttr_data.conversation, ttr_data.event, ttr_data.teammate, ttr_data.load'
	for run in "$@"; do
		ttr-load --json --no-refresh ${run//+/ } >summary 2>messages || { cat messages; return 1; }
		no_timeline_begins_elsewhere
	done
	equals "$(differences)" "$(wc -l <truth.csv)"
	equals "$(sql "SELECT count(*) FROM ttr.data_quality WHERE problem NOT IN ('unknown_start', 'closed_without_resolved_at', 'resolved_after_export', 'started_after_export')")" 0
}

@test "mixtures of records and parts come to the history of each conversation, in any order" {
	python3 "$CHECKOUT/test/mixtures.py" 10000 15
	in_order canonical.csv history.csv dataset.csv parts.csv actions.csv states.csv api.jsonl parts.jsonl
	in_order parts.jsonl actions.csv+parts.csv api.jsonl states.csv dataset.csv history.csv+canonical.csv
	in_order actions.csv api.jsonl+dataset.csv parts.csv+parts.jsonl+history.csv canonical.csv+states.csv
	in_order api.jsonl+states.csv+parts.csv+canonical.csv+parts.jsonl+history.csv+actions.csv+dataset.csv
}
