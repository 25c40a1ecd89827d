#!/usr/bin/env bats
# Whom a conversation waits for: the ball is with the team from a customer's message to the next reply or close. Where messages are not
# known, nothing is guessed.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# The waits of the one conversation, or those that a reply ended, in hours since its start, from-to; an open end has no number.
waits() {
	local column=${1:-waiting_intervals}
	sql "SELECT coalesce((SELECT coalesce(string_agg(concat(extract(epoch FROM lower(w) - started_at)::bigint / 3600, '-',
	                                                        extract(epoch FROM upper(w) - started_at)::bigint / 3600), ' ' ORDER BY w), 'none')
	                      FROM unnest($column) AS w),
	                     'unknown')
	     FROM ttr_data.conversation WHERE $column IS NOT NULL
	     UNION ALL SELECT 'unknown' FROM ttr_data.conversation WHERE $column IS NULL"
}

# come_to WAITS STATE UPDATED [PART]..., of the waits that a reply ended with column=answered_waits
come_to() {
	local expected=$1
	shift
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
	history 1 0 "$@" >history.json
	ttr-load --json --no-refresh history.json >/dev/null 2>messages || cat messages
	equals "$*: $(waits "${column:-}")" "$*: $expected"
}

@test "the customer waits from the start to the first reply, and from each question to the next one" {
	come_to '0-' open 0
	come_to '0-2' open 2 admin:comment@2
	come_to '0-2 3-' open 3 admin:comment@2 user:comment@3
	come_to '0-2 3-5' open 5 admin:comment@2 user:comment@3 user:comment@4 admin:comment@5
	come_to '0-2 3-5' closed 6 admin:comment@2 lead:comment@3 contact:comment@4 admin:comment@5 admin:close@6
	come_to '0-3' open 4 user:comment@1 admin:comment@3 admin:comment@4
}

@test "a close ends a wait, answered or not, whoever closes" {
	come_to '0-2' closed 2 admin:close@2
	come_to '0-2' closed 2 bot:close@2
	come_to '0-2' closed 2 user:close@2
	come_to '0-1' closed 3 admin:comment@1 admin:CLOSE@3
}

@test "a reply answers a wait, and a close without one does not" {
	local column=answered_waits
	come_to 'none' open 0
	come_to '0-2' open 3 admin:comment@2 user:comment@3
	come_to '0-2 3-5' closed 6 admin:comment@2 user:comment@3 user:comment@4 admin:comment@5 admin:close@6
	come_to 'none' closed 2 admin:close@2
	come_to '0-2' closed 2 admin:CLOSE@2
	come_to '0-2' closed 2 admin:comment@2 admin:close@2
	come_to '0-1' closed 9 admin:comment@1 user:comment@5 admin:close@9
	come_to '5-7' closed 7 admin:close@2 user:open@5 admin:COMMENT@7 admin:close@7
	run_load history.json
	equals "$(sql 'SELECT next_response_count, next_response_median_hours FROM ttr.overall')" '1|2'
}

@test "a customer who reopens waits again; a teammate who reopens keeps nobody waiting" {
	come_to '0-2 5-7' closed 7 admin:CLOSE@2 user:open@5 admin:close@7
	come_to '0-2 5-' open 5 admin:close@2 user:comment@5
	come_to '0-2' open 5 admin:close@2 admin:open@5
	come_to '0-2 6-' open 6 admin:close@2 admin:assign_and_reopen@5 user:comment@6
}

@test "a note, an assignment and a snooze hand the ball to nobody" {
	come_to '0-9' open 9 admin:NOTE@1 bot:default_assignment@2 admin:assignment@3 admin:snoozed@4 bot:timer_unsnooze@8 admin:comment@9
	come_to '0-' snoozed 4 admin:note@1 admin:snoozed@4
	come_to '0-1' snoozed 4 admin:comment@1 admin:snoozed@4
	come_to '0-1 6-' open 6 admin:comment@1 admin:snoozed@4 user:comment@6
	come_to '0-1' open 5 admin:comment@1 user:conversation_rating_changed@5
}

@test "a reply may stand in an assignment or a close; what a bot writes is no teammate's reply" {
	come_to '0-3' open 4 bot:comment@1 admin:ASSIGNMENT@3 admin:comment@4
	come_to '0-' open 1 bot:COMMENT@1
	equals "$(sql 'SELECT first_response_at FROM ttr_data.conversation')" ''
}

@test "of two parts in one second the later identifier holds" {
	come_to '0-1' open 1 user:comment@1 admin:comment@1
	come_to '0-' open 1 admin:comment@1 user:comment@1
	come_to none open 0 admin:comment@0
	come_to '0-3' open 3 admin:comment@0 user:comment@0 admin:comment@3
}

@test "what happened before the customer first wrote is no wait" {
	come_to '0-2' open 2 admin:comment@-5 user:comment@-4 admin:comment@2
	come_to '0-2' open 2 admin:comment@-5 admin:close@-4 user:open@0 admin:comment@2
}

@test "where the team wrote first, nobody waits until the customer writes" {
	outbound='s/"first_contact_reply":{[^}]*}/"source":{"type":"email","delivered_as":"WAY"}/'
	for way in admin_initiated automated campaigns_initiated; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
		history 1 0 closed 0 | sed "${outbound/WAY/$way}; s/\"state\":\"closed\"/\"state\":\"open\"/" >outbound.json
		run_load outbound.json
		equals "$way: $(waits)" "$way: none"
		history 1 0 open 4 user:comment@4 | sed "${outbound/WAY/$way}" >outbound.json
		run_load outbound.json
		equals "$way: $(waits)" "$way: 4-"
	done
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
	history 1 0 open 0 | sed "${outbound/WAY/customer_initiated}" >inbound.json
	run_load inbound.json
	equals "$(waits)" 0-
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
	history 1 0 open 0 | sed 's/"first_contact_reply"/"source":{"delivered_as":"admin_initiated"},&/' >answered.json
	run_load answered.json
	equals "$(waits)" 0-
}

@test "messages that are not known are NULL: states and actions of teammates alone, missing parts, parts by nobody" {
	printf '%s\n' 'conversation_id,user_id,started_at,resolved_at,state,assignee_email' '1,u,2025-05-01T00:00:00Z,2025-05-01T08:00:00Z,closed,a' >spans.csv
	printf '%s\n' 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at' "1,Open,,$(at 0)" "1,Closed,Open,$(at 8)" >states.csv
	printf '%s\n' 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id' "1,a1,$(at 1),Reply,42" "1,a2,$(at 8),Close,42" >actions.csv
	printf '%s\n' 'id,conversation_id,part_type,created_at,author_type,author_id' "1,1,comment,$(at 1),admin,42" "2,1,close,$(at 8),admin,42" >parts.csv
	printf '%s\n' 'id,conversation_id,part_type,created_at' "1,1,comment,$(at 1)" "2,1,close,$(at 8)" >nobody.csv
	for files in spans.csv 'spans.csv states.csv' 'spans.csv actions.csv' 'actions.csv spans.csv states.csv' 'spans.csv nobody.csv' parts.csv; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
		for file in $files; do
			ttr-load --json --no-refresh "$file" >/dev/null 2>&1
		done
		equals "$files: $(waits)" "$files: unknown"
		equals "$(sql 'SELECT count(waiting_seconds) FROM ttr.conversations')" 0
	done
	for files in 'spans.csv parts.csv' 'parts.csv spans.csv' 'actions.csv parts.csv spans.csv' 'states.csv spans.csv parts.csv actions.csv'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
		for file in $files; do
			ttr-load --json --no-refresh "$file" >/dev/null 2>&1
		done
		equals "$files: $(waits)" "$files: 0-1"
	done
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
	history 1 0 closed 8 admin:comment@1 admin:close@8 | sed 's/"total_count":2/"total_count":3/' >truncated.json
	ttr-load --json --no-refresh truncated.json >/dev/null 2>&1
	equals "$(waits)" unknown
}

@test "a log of messages by a script has them, too" {
	printf '%s\n' 'conversation_id,event_type,author_type,created_at' "1,message,user,$(at 0)" "1,message,admin,$(at 2)" "1,message,user,$(at 3)" \
		"1,note,admin,$(at 4)" "1,close,admin,$(at 6)" >log.csv
	run_load log.csv
	equals "$(waits)" '0-2 3-6'
	equals "$(sql 'SELECT waiting_hours, longest_wait_seconds, round(customer_time_ratio::numeric, 4) FROM ttr.conversations')" '5|10800|0.1667'
}

@test "records of one conversation come to the same waits in any order and in any runs" {
	history 1 0 open 3 admin:comment@2 user:comment@3 >early.json
	history 1 0 closed 6 admin:comment@2 user:comment@3 admin:note@4 admin:COMMENT@5 admin:close@6 >middle.json
	history 1 0 open 9 admin:comment@2 user:comment@3 admin:note@4 admin:COMMENT@5 admin:close@6 user:open@9 >late.json
	for order in 'early middle late' 'late middle early' 'middle late early' 'late early middle' 'early+middle+late' 'late+early middle' 'middle early+late'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
		for run in $order; do
			# shellcheck disable=SC2046
			ttr-load --json --no-refresh $(printf '%s.json ' ${run//+/ }) >/dev/null 2>&1
		done
		equals "$order: $(waits)" "$order: 0-2 3-5 9-"
	done
}

@test "a message that comes late lengthens the wait, and counts as an update" {
	history 1 0 open 5 admin:comment@5 >first.json
	history 1 0 open 5 admin:comment@2 admin:comment@5 | sed 's/"updated_at":[0-9]*/"updated_at":'"$(at 6)"'/' >second.json
	sed -i 's/"id":"1","part_type"/"id":"2","part_type"/' first.json
	run_load first.json
	equals "$(waits)" '0-5'
	run_load second.json
	equals "$(field '[.load.updated, .load.events]')" '[1,1]'
	equals "$(waits)" '0-2'
	run_load second.json
	equals "$(field '[.load.updated, .load.events]')" '[0,0]'
}

@test "a running wait counts up to the newest export, by the wall clock and in business hours" {
	history 1 0 open 3 admin:comment@2 user:comment@3 >open.json
	ttr-load --json --exported-at 2025-05-02T09:00:00Z open.json >/dev/null 2>&1
	equals "$(sql 'SELECT waiting_hours, longest_wait_seconds / 3600, waiting_business_seconds FROM ttr.conversations')" '32|30|'
	sql "INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'UTC', 'mon-fri 01:00-17:00'); UPDATE ttr_data.setting SET calendar = 'office'"
	equals "$(sql 'SELECT waiting_business_seconds / 3600 FROM ttr.conversations')" '23'
}
