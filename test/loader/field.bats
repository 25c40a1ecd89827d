#!/usr/bin/env bats
# Files as teams hold them, and the right answers (test/data/field): in every order, in one run and in several.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly field=$BATS_TEST_DIRNAME/../data/field

# All orders of the arguments, a line each.
orders() {
	local i
	[ $# -gt 1 ] || { echo "$*"; return; }
	for ((i = 1; i <= $#; i++)); do
		orders "${@:1:i-1}" "${@:i+1}" | sed "s|^|${!i} |"
	done
}

# Loads the files in every order, in one run and one after the other: each time the query gives the same.
in_every_order() {
	local query=$1 expected=$2 order file
	shift 2
	(cd "$field" && same_by_any_read_size "$@")
	ttr-load --init
	while read -r order; do
		for runs in one several; do
			sql 'TRUNCATE ttr_data.conversation, ttr_data.event, ttr_data.teammate, ttr_data.load, ttr_data.deletion'
			if [ "$runs" == one ]; then
				(cd "$field" && run_quietly $order)
			else
				for file in $order; do
					(cd "$field" && run_quietly "$file")
				done
			fi
			equals "$order, $runs: $(sql "$query")" "$order, $runs: $expected"
			no_timeline_begins_elsewhere
		done
	done < <(orders "$@")
}

run_quietly() {
	ttr-load --json "$@" >/dev/null 2>"$BATS_TEST_TMPDIR/messages" || { cat "$BATS_TEST_TMPDIR/messages"; return 1; }
}

readonly clocks="SELECT string_agg(format('%s %s h %s', conversation_id, resolution_hours, basis), ', ' ORDER BY conversation_id) FROM ttr.conversations"
readonly both_whole='9001 50 h timeline, 9002 27 h timeline'

# --- a timeline begins where the conversation begins

@test "spans of a CSV file of one's own" {
	run_load "$field/canonical_for_parts.csv"
	equals "$(sql "$clocks")" '9001 50 h span, 9002 27 h span'
	equals "$(field '[.median_hours, .sla_breaches]')" '[38.5,2]'
}

@test "parts without the opening message, and the start from a CSV file" {
	in_every_order "$clocks" "$both_whole" canonical_for_parts.csv fivetran_part_history_no_opening_message.csv
}

@test "the same parts, and the start from Fivetran's conversations" {
	in_every_order "$clocks" "$both_whole" fivetran_conversation_history_assignee_id.csv fivetran_part_history_no_opening_message.csv
	equals "$(sql "SELECT assignee, attributes ->> 'team_assignee_id' FROM ttr_data.counted ORDER BY conversation_id")" $'4077639|\n|77'
	equals "$(sql "SELECT count(*) FROM ttr_data.teammate WHERE teammate_id = '77'")" 0
}

@test "the same parts, and the start from a report" {
	in_every_order "$clocks" "$both_whole" report_for_parts.csv fivetran_part_history_no_opening_message.csv
}

@test "the same parts, and the start from a dataset" {
	in_every_order "$clocks" "$both_whole" dataset_for_parts.csv fivetran_part_history_no_opening_message.csv
}

@test "actions without a start, and the start from a dataset" {
	in_every_order "$clocks" "$both_whole" dataset_for_parts.csv actions_without_start.csv
}

@test "parts and actions from everywhere, and the start from a dataset" {
	in_every_order "$clocks" "$both_whole" dataset_for_parts.csv actions_without_start.csv fivetran_part_history_no_opening_message.csv
}

@test "of parts alone the start is unknown: they are in no figure, and that is said" {
	for file in fivetran_part_history_no_opening_message.csv actions_without_start.csv; do
		run_load "$field/$file"
		equals "$status" 0
		equals "$(field '[.total, .total_closed, .median_hours]')" '[2,0,null]'
		contains "$stderr" '2 conversations have no known start: they are in no time to resolution'
		equals "$(sql 'SELECT state, started_at, is_closed, resolution_hours, basis FROM ttr.conversations')" $'closed||f||\nclosed||f||'
		equals "$(sql 'SELECT conversation_id, problem FROM ttr.data_quality ORDER BY 1')" $'9001|unknown_start\n9002|unknown_start'
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	done
}

@test "an event log of messages: the first one of the customer is the start" {
	run_load "$field/functory_events.csv"
	equals "$(sql "SELECT state, started_at, first_response_seconds FROM ttr.conversations")" 'open|2024-01-01 08:00:00+00|3600'
}

@test "the first interval of a state is the start where it has no state before it, and no column says more" {
	printf '%s\n' 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at' \
		'1,Open,,2026-01-05 09:00:00' '1,Closed,Open,2026-01-05 11:00:00' '2,Closed,Open,2026-01-05 11:00:00' >states.csv
	run_load states.csv
	equals "$(sql "SELECT conversation_id, started_at, resolution_hours FROM ttr.conversations ORDER BY 1")" $'1|2026-01-05 09:00:00+00|2\n2||'
}

# --- Airbyte and Singer

@test "Airbyte's conversations alone are a span" {
	run_load "$field/airbyte_conversations_data.jsonl"
	equals "$(sql "$clocks")" '1 24 h span'
}

@test "Airbyte's conversations, and their parts as a table" {
	in_every_order "$clocks" '1 24 h timeline' airbyte_conversations_data.jsonl airbyte_parts_table.csv
	equals "$(sql 'SELECT count(*) FROM ttr.data_quality')" 0
}

@test "Airbyte's conversations, and their parts as JSON lines" {
	in_every_order "$clocks" '1 24 h timeline' airbyte_conversations_data.jsonl airbyte_conversation_parts_data.jsonl
	equals "$(sql 'SELECT count(*) FROM ttr.data_quality')" 0
}

@test "Airbyte's envelopes are opened" {
	run_load "$field/airbyte_messages.jsonl"
	equals "$status" 0
	equals "$(sql "$clocks")" '1 24 h timeline'
	sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	run_load "$field/airbyte_csv_destination.csv"
	equals "$status" 0
	equals "$(sql "$clocks")" '1 24 h span'
}

@test "Singer's records are opened, and what it says to itself is ignored and counted" {
	run_load "$field/singer_record_only.jsonl"
	equals "$status $(sql "$clocks")" '0 5 24 h span'
	sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	run_load "$field/singer_messages.jsonl"
	equals "$status $(sql "$clocks")" '0 5 24 h span'
	equals "$(field '.load | [.read, .inserted, .rejected, .ignored]')" '[3,1,0,2]'
}

# --- Intercom, old and new

@test "before API 2.0 the wait begins with customer_first_reply" {
	run_load "$field/api1_customer_first_reply.json"
	equals "$(sql "$clocks")" '801 1 h timeline'
	equals "$(field .sla_breaches)" 0
}

@test "an assignee object says the address of the assignee" {
	run_load "$field/hull_like_webhook_close.json"
	equals "$(sql 'SELECT assignee FROM ttr.conversations')" andy@x.example
}

@test "deletions and pings are ignored, and a deleted conversation leaves the figures" {
	printf '%s\n' 'conversation_id,user_id,started_at,resolved_at,state,assignee_email' \
		'100,u,2024-03-01T10:00:00Z,2024-03-01T12:00:00Z,closed,' '101,u,2024-03-01T10:00:00Z,2024-03-01T13:00:00Z,closed,' >known.csv
	run_load known.csv
	run_load "$field/redacted_and_deleted.json"
	equals "$status $(rejects)" '0 '
	equals "$(field '.load | [.read, .rejected, .ignored, .deleted]')" '[3,0,3,1]'
	equals "$(field '.database | [.total, .total_closed, .median_hours]')" '[1,1,3]'
	contains "$stderr" '1 conversation was deleted by the vendor: the figures leave it out'
	equals "$(sql 'SELECT conversation_id FROM ttr.conversations')" 101
	equals "$(sql 'SELECT total, total_closed FROM ttr.overall')" '1|1'
	equals "$(sql 'SELECT conversation_id, problem FROM ttr.data_quality')" '100|deleted'
	equals "$(sql 'SELECT ttr.check()')" ''
}

@test "what was deleted stays so, whatever is loaded later" {
	run_load "$field/redacted_and_deleted.json"
	equals "$(field '.load | [.ignored, .deleted]')" '[3,0]'
	printf '%s\n' 'conversation_id,user_id,started_at,resolved_at,state,assignee_email' \
		'100,u,2024-03-01T10:00:00Z,2024-03-01T12:00:00Z,closed,' >known.csv
	run_load known.csv
	equals "$(field '[.total, .load.inserted, .load.deleted]')" '[0,1,1]'
	run_load known.csv
	equals "$(field '[.total, .load.unchanged, .load.deleted]')" '[0,1,0]'
	equals "$(sql 'SELECT count(*) FROM ttr.conversations')" 0
}

# --- spreadsheets

@test "identifiers that a spreadsheet rounded are rejected, and none is merged" {
	run_load "$field/excel_sci_ids.csv"
	equals "$status" 4
	equals "$(rejects)" $'2|rounded_identifier|conversation_id\n3|rounded_identifier|conversation_id'
	contains "$(sql 'SELECT detail FROM ttr_data.reject LIMIT 1')" text
	equals "$(field .total)" 0
}

@test "placeholders stand for nothing, and are counted" {
	run_load "$field/pandas_nan_nat.csv"
	equals "$status" 0
	equals "$(sql "SELECT conversation_id, state, resolution_hours, assignee, message_count FROM ttr.conversations ORDER BY 1")" \
		$'c1|closed|2|a@x.example|3\nc2|open|||\nc3|open|||'
	equals "$(field .load.placeholders)" 4
	contains "$stderr" placeholders
}

@test "times with a zone in words, a line that names the separator, and rows of nothing" {
	for file in ms_space_utc.csv sep_line.csv sheets_trailing_blank_rows.csv; do
		run_load "$field/$file"
		equals "$file $status $(sql "$clocks")" "$file 0 c1 2 h span, c2 28 h span"
		equals "$(field '.load | [.read, .rejected]')" '[2,0]'
		sql 'TRUNCATE ttr_data.conversation'
	done
}

# --- reports of Intercom's user interface

@test "a report without the last close: its updates are versions, and people and teams are kept" {
	run_load "$field/ui_report_updated_at.csv"
	equals "$status" 0
	contains "$stderr" 'has no column for the last close'
	equals "$(sql "SELECT conversation_id, user_id, state, resolved_at, updated_at FROM ttr.conversations ORDER BY 1")" \
		$'215468|ann@example.org|closed||2026-01-06 14:00:00+00\n215469|bo@example.org|closed||2026-03-08 07:30:00+00'
	equals "$(sql "SELECT DISTINCT attributes ->> 'Team currently assigned', attributes ->> 'Company name' FROM ttr_data.conversation")" 'Support|Acme'
	equals "$(sql 'SELECT DISTINCT problem FROM ttr.data_quality')" closed_without_resolved_at
}

@test "the first close is not taken for the resolution" {
	run_load "$field/ui_report_only_first_closed.csv"
	equals "$status" 0
	contains "$stderr" 'Conversation last closed at'
	equals "$(sql 'SELECT state, resolved_at, is_closed FROM ttr.conversations')" 'closed||f'
	equals "$(sql 'SELECT intercom_seconds, resolution_seconds, reason FROM ttr.intercom_comparison')" '3600||unknown resolution'
}

@test "ratings alone are no conversations" {
	run_load "$field/ui_csat.csv"
	equals "$status" 1
	contains "$stderr" 'onversation started at'
	contains "$stderr" 'urrent conversation state'
	equals "$(facts)" none
}
