#!/usr/bin/env bats
# What a timeline must have to count: a start that nothing refutes, all of its parts, and an end that no newer record contradicts.
# Where it has not, the span counts or nothing does, and ttr.data_quality says why.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

spans() {
	printf '%s\n' 'conversation_id,user_id,started_at,resolved_at,state,assignee_email' \
		'1,u,2025-05-01T00:00:00Z,2025-05-03T02:00:00Z,closed,a' >spans.csv
}

# parts NAME TYPE@HOUR...
parts() {
	local file=$1 part
	shift
	echo 'id,conversation_id,part_type,created_at,author_type,author_id' >"$file"
	for part; do
		echo "9${part#*@},1,${part%@*},$(at "${part#*@}"),admin,42" >>"$file"
	done
}

# The clock of the one conversation, and what data_quality has of it.
clock() {
	sql "SELECT concat_ws(' ', resolution_hours, basis) || coalesce(' ' || (SELECT string_agg(problem, ',' ORDER BY problem) FROM ttr.data_quality), '')
	     FROM ttr.conversations"
}

# Loads the files in both orders, and in one run.
come_to() {
	local expected=$1 order
	shift
	ttr-load --init
	for order in "$1 $2" "$2 $1" "$1+$2"; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event, ttr_data.teammate'
		for file in $order; do
			ttr-load --json --no-refresh ${file//+/ } >/dev/null 2>&1
		done
		equals "$order: $(clock)" "$order: $expected"
	done
}

@test "parts that end before the recorded close leave the span as it is: those behind it are missing" {
	spans
	parts early.csv close@10
	come_to '50 span truncated_timeline' spans.csv early.csv
	parts early.csv snoozed@10
	come_to '50 span truncated_timeline' spans.csv early.csv
	parts early.csv snoozed@10 open@20 close@50
	come_to '40 timeline' spans.csv early.csv
}

@test "a note changes no state, however new it is" {
	spans
	parts states.csv snoozed@10 open@20 close@50
	parts note.csv note@60
	run_load spans.csv
	for file in states.csv note.csv; do
		run_load "$file"
	done
	equals "$(sql 'SELECT state, resolution_hours, basis FROM ttr.conversations')" 'closed|40|timeline'
	sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	for file in note.csv states.csv spans.csv; do
		run_load "$file"
	done
	equals "$(sql 'SELECT state, resolution_hours, basis FROM ttr.conversations')" 'closed|40|timeline'
}

@test "what is no part does not make up for a part that is missing" {
	printf '{"type":"conversation","id":"1","created_at":%d,"first_contact_reply":{"created_at":%d},"updated_at":%d,"state":"closed",
	         "conversation_parts":{"conversation_parts":[{"id":"7","part_type":"close","created_at":%d,"author":{"type":"admin","id":42}}],"total_count":2}}' \
		"$(at 0)" "$(at 0)" "$(at 12)" "$(at 11)" | tr -d '\n' >api.jsonl
	printf '%s\n' 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at' "1,Open,,$(at 0)" >states.csv
	come_to '11 span truncated_timeline' api.jsonl states.csv
	printf '%s\n' 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id' \
		"1,a1,$(at 1),Reply,42" "1,a2,$(at 11),Close,42" >actions.csv
	come_to '11 span truncated_timeline' api.jsonl actions.csv
	parts rest.csv snoozed@1
	come_to '1 timeline' api.jsonl rest.csv
}

@test "a guess of the start that an event precedes is none: a lone close is no resolution in 0 hours" {
	header='conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at'
	printf '%s\n' "$header" "1,Closed,,$(at 5)" >born_closed.csv
	printf '%s\n' "$header" "1,Snoozed,,$(at 4)" "1,Closed,Snoozed,$(at 5)" >born_snoozed.csv
	printf '%s\n' 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id,conversation_created_at' \
		"1,a,$(at 5),Close,42,$(at 6)" >close_first.csv
	printf '%s\n' 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id,conversation_created_at' \
		"1,a,$(at 5),Close,42,$(at 5)" >close_at_once.csv
	printf '%s\n' 'conversation_id,event_type,author_type,created_at' "1,close,admin,$(at 5)" "1,message,user,$(at 6)" "1,close,admin,$(at 7)" >cut_log.csv
	for file in born_closed born_snoozed close_first close_at_once cut_log; do
		run_load "$file.csv"
		equals "$file: $(clock)" "$file:  unknown_start"
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	done
}

@test "the same history by clocks of different grain is one timeline" {
	printf '%s\n' 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at' \
		'1,Open,,2025-05-01T00:00:00.600Z' '1,Closed,Open,2025-05-01T01:00:00.600Z' '1,Open,Closed,2025-05-01T02:00:00.600Z' \
		'1,Closed,Open,2025-05-01T03:00:00.600Z' >states.csv
	parts parts.csv close@1 open@2 close@3
	run_load states.csv
	equals "$(clock)" '2 timeline'
	run_load parts.csv
	equals "$(sql "SELECT round(resolution_hours::numeric, 3), basis FROM ttr.conversations")" '2.000|timeline'
	equals "$(sql 'SELECT count(*) FROM ttr.data_quality')" 0
}

@test "placeholders are no identifiers of conversations: none is merged" {
	printf '%s\n' 'conversation_id,user_id,started_at,resolved_at,state,assignee_email' \
		'nan,u1,2025-05-01T00:00:00Z,,open,' '#N/A,u2,2025-05-01T00:00:00Z,,open,' 'nan,u3,2025-05-01T00:00:00Z,,open,' >placeholders.csv
	run_load placeholders.csv
	equals "$status" 4
	equals "$(rejects)" $'2|missing_id|conversation_id\n3|missing_id|conversation_id\n4|missing_id|conversation_id'
	echo '{"conversation_id":"NaN","started_at":1746057600,"state":"open"}' >placeholder.json
	run_load placeholder.json
	equals "$(field '[.load.rejected, .database.total]')" '[1,0]'
}

@test "an SLA policy finds the attribute that is its condition, though readers may not divide by it" {
	ttr-load --init
	sql "INSERT INTO ttr_data.sla_policy (name, metric, target_seconds, attributes) VALUES ('gold', 'resolution', 3600, '{\"custom_attributes\": {\"plan\": \"gold\"}}')"
	echo '{"conversation_id":"1","started_at":1746057600,"resolved_at":1746068400,"state":"closed","custom_attributes":{"plan":"gold","note":"private"}}' >gold.json
	run_load gold.json
	equals "$(sql "SELECT sla_policy, is_breach FROM ttr.conversations")" 'gold|t'
	equals "$(sql "SELECT attributes -> 'custom_attributes' FROM ttr_data.conversation")" '{"note": null, "plan": "gold"}'
}
