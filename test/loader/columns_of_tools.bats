#!/usr/bin/env bats
# The columns of other tools, what they say and what they do not say: first closes, assignees that are teams, assignments,
# logs of events, and columns that nobody maps.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly data=$CHECKOUT/test/data/shapes

# --- the report of the user interface

@test "a report's first close is no resolution: a warning names the column of the last one" {
	local head='Conversation ID,Conversation started at (UTC),Current conversation state,Conversation first closed at (UTC)'
	printf '%s\n' "$head,Time to close (seconds)" \
		'1,2026-01-05 09:00:00,Closed,2026-01-05 10:00:00,3600' >first.csv
	run_load first.csv
	equals "$status" 0
	known "resolved_at, attributes ->> 'Conversation first closed at (UTC)', attributes ->> 'Time to close (seconds)'" \
		'|2026-01-05 10:00:00|3600'
	contains "$stderr" 'the first close is not taken for the resolution, because a conversation may be reopened after it'
	contains "$stderr" 'add the column "Conversation last closed at (UTC)"'
}

@test "the first close is distinguished from the last one in every shape that has it" {
	printf '%s\n' conversation_id,conversation_started_at,current_conversation_state,conversation_first_closed_at \
		'1,2026-01-05 09:00:00,Closed,2026-01-05 10:00:00' >dataset.csv
	printf '%s\n' id,created_at,updated_at,state,statistics_first_close_at \
		'1,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,closed,2026-01-05 10:00:00Z' >history.csv
	for file in dataset:conversation_last_closed_at history:statistics_last_close_at; do
		"$CHECKOUT/build/reading" "${file%:*}.csv" >read 2>messages
		contains "$(cat messages)" "add the column \"${file#*:}\""
		equals "$(grep -c resolved= read)" 0
		contains "$(cat read)" 'first_close'
	done
}

@test "a first close beside the last one is an attribute, and nobody is warned" {
	run_load --exported-at=2026-01-08T00:00:00Z "$data/report.csv"
	equals "$(grep -c 'first close' <<<"$stderr")" 0
	equals "$(sql "SELECT attributes ->> 'Conversation first closed at (America/New_York)' FROM ttr_data.conversation
	               WHERE conversation_id = '215470000123456'")" '2026-01-06 04:20:00'
}

@test "a report's Updated at is the version, and who has no identifier is known by the address" {
	local head='Conversation ID,Conversation started at (UTC),Updated at (UTC),Current conversation state,User email'
	printf '%s\n' "$head,Team currently assigned,Channel" \
		'1,2026-01-05 09:00:00,2026-01-06 09:00:00,Open,ann@example.org,Support,Chat' >updated.csv
	run_load updated.csv
	known "user_id, updated_at, attributes ->> 'Team currently assigned', attributes ->> 'Channel'" \
		'ann@example.org|2026-01-06 09:00:00+00|Support|Chat'
	sed '1s/Channel/User ID/; 2s/Chat/7/' updated.csv >both.csv
	equals "$(read_of both.csv 'user=[^ ]*|User email:[^ ]*')" 'user=7 User email:ann@example.org'
}

@test "ratings without the conversations are refused with the columns that make a conversation" {
	printf '%s\n' 'Conversation ID,Updated at (UTC),Conversation rating,Agent rated type' '1,2026-01-05 09:00:00,5,Teammate' >ratings.csv
	run_load ratings.csv
	refused 'the header of "ratings.csv" lacks: conversation started at, current conversation state' \
		'with these columns: conversation id, conversation started at, current conversation state'
}

# --- lines that stand for events

@test "an assignment is an event with its assignee: a teammate or a team, and 0 for nobody" {
	printf '%s\n' id,conversation_id,part_type,created_at,assigned_to_id,assigned_to_type \
		'1,1,assignment,2026-01-05 09:00:00Z,8811001,admin' '2,1,assignment,2026-01-05 09:01:00Z,77,team' \
		'3,1,assignment,2026-01-05 09:02:00Z,8811002,' '4,1,assignment,2026-01-05 09:03:00Z,0,nobody_admin' >parts.csv
	printf '%s\n' conversation_id,action_id,action_time,action_type,action_teammate_assignee_id,action_team_assignee_id \
		'2,5,1767603600,Assign,8811001,' '2,6,1767603660,Assign,0,77' '2,7,1767603720,Close,,' >actions.csv
	equals "$(read_of parts.csv '(^| )event=[0-9]|,(to|team)=[^ ]*| teammate=[^ ]*')" \
		' event=1 ,to=8811001  teammate=8811001,,  event=2 ,team=77  event=3 ,to=8811002  teammate=8811002,,  event=4 ,to=0'
	equals "$(read_of actions.csv '(^| )event=[0-9]|,(to|team)=[^ ]*| teammate=[^ ]*')" \
		' event=5 ,to=8811001  teammate=8811001,,  event=6 ,to=0,team=77  event=7'
	run_load parts.csv actions.csv
	equals "$(sql 'SELECT event_id, assignee_id, team_id FROM ttr_data.event ORDER BY 1')" \
		$'1|8811001|\n2||77\n3|8811002|\n4|0|\n5|8811001|\n6|0|77\n7||'
}

@test "a part that a table assigns to nobody or to a bot has 0, to no team a team of 0, and an empty cell changes nothing" {
	printf '%s\n' id,conversation_id,part_type,created_at,assigned_to_id,assigned_to_type \
		'1,1,assignment,2026-01-05 09:00:00Z,,nobody_admin' '2,1,assignment,2026-01-05 09:01:00Z,8811000,bot' \
		'3,1,assignment,2026-01-05 09:02:00Z,0.0,admin' '4,1,assignment,2026-01-05 09:03:00Z,0,' \
		'5,1,assignment,2026-01-05 09:04:00Z,0,team' '6,1,comment,2026-01-05 09:05:00Z,,' '7,1,assignment,2026-01-05 09:06:00Z,,admin' >parts.csv
	run_load parts.csv
	equals "$(sql 'SELECT event_id, assignee_id, team_id FROM ttr_data.event ORDER BY 1')" \
		$'1|0|\n2|0|\n3|0|\n4|0|\n5||0\n6||\n7||'
	equals "$(sql 'SELECT count(*) FROM ttr_data.teammate')" 0
	known assignee_id ''
}

# actions COLUMNS LINE...: what the actions assign, each line of which has a type and the cells of the columns.
assigned_by_actions() {
	local line number=0
	echo "conversation_id,action_id,action_time,action_type,$1" >actions.csv
	for line in "${@:2}"; do
		echo "1,$((++number)),17676036$((number + 10)),$line" >>actions.csv
	done
	"$CHECKOUT/build/reading" actions.csv | sed -nE 's/.*,(-|closed),-((,(to|team)=[^, ]*)*) .*/\2/p' | sed 's/^$/-/; s/^,//' | paste -sd ' '
}

@test "an action unassigns, or assigns to nobody: no teammate has the conversation from then on" {
	local both=action_teammate_assignee_id,action_team_assignee_id
	equals "$(assigned_by_actions $both Unassign,, Unassigned,8811001, Unassign,,77 Assign,, Reassign,, 'Assign,Unassigned,')" \
		'to=0 to=0 to=0,team=77 to=0 to=0 to=0'
	equals "$(assigned_by_actions $both Assign,8811001, Assign,,77 Assign,,0 '"Unassign, Assign",8811001,' '"Assign, Unassign",8811001,')" \
		'to=8811001 team=77 team=0 to=8811001 to=0'
}

@test "an action that is no assignment, or whose assignee may be in a column that a file lacks, changes none" {
	equals "$(assigned_by_actions action_teammate_assignee_id,action_team_assignee_id Reply,, Close,, Note,,)" '- - -'
	equals "$(assigned_by_actions action_teammate_assignee_id Assign, Assign,0 Unassign,)" '- to=0 to=0'
	equals "$(assigned_by_actions action_team_assignee_id Assign, Assign,77 Unassign,)" '- team=77 to=0'
}

@test "an event of a table keeps who did it if that is a teammate, who becomes known, and never a customer or a bot" {
	printf '%s\n' id,conversation_id,part_type,created_at,author_type,author_id,author_email \
		'1,1,comment,2026-01-05 09:00:00Z,admin,8811001,lee@x.example' '2,1,comment,2026-01-05 09:01:00Z,user,65a0c0ff,ida@x.example' \
		'3,1,close,2026-01-05 09:02:00Z,bot,8811000,' '4,1,close,2026-01-05 09:03:00Z,Admin,0,x@x.example' '5,1,close,2026-01-05 09:04:00Z,,8811001,' \
		>parts.csv
	printf '%s\n' message_id,message_type,message_created_at,message_author_type,message_author_id,conversation_id \
		'6,comment,2026-01-05 09:00:00Z,admin,8811002,2' '7,conversation_message,2026-01-05 09:00:00Z,lead,65a0c0fe,2' >messages.csv
	printf '%s\n' conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id,action_by_automation \
		3,8,1767603600,Reply,8811003,false 3,9,1767603660,Close,8811003,true 3,91,1767603660,Close,0,false >actions.csv
	equals "$(read_of actions.csv ' teammate=[^ ]*')" ' teammate=8811003,,'
	run_load parts.csv messages.csv actions.csv
	equals "$status" 0
	equals "$(sql 'SELECT event_id, author, author_id FROM ttr_data.event ORDER BY 1')" \
		$'1|admin|8811001\n2|user|\n3|bot|\n4|admin|\n5||\n6|admin|8811002\n7|user|\n8|admin|8811003\n9|bot|\n91||'
	equals "$(sql 'SELECT teammate_id, email FROM ttr_data.teammate')" '8811001|lee@x.example'
}

@test "a teammate or a team whose identifier a spreadsheet rounded is a reject, in a table of events too" {
	printf '%s\n' id,conversation_id,part_type,created_at,author_type,author_id,assigned_to_id '1,1,comment,2026-01-05 09:00:00Z,admin,8.811E+06,' \
		'2,1,assignment,2026-01-05 09:00:00Z,admin,8811001,8.811E+06' >parts.csv
	run_load parts.csv
	equals "$(rejects)" $'2|rounded_identifier|author_id\n3|rounded_identifier|assigned_to_id'
	printf '%s\n' conversation_id,action_id,action_time,action_type,action_team_assignee_id 2,5,1767603600,Assign,7.7E+11 >actions.csv
	run_load actions.csv
	contains "$(rejects)" '2|rounded_identifier|action_team_assignee_id'
	printf '%s\n' id,created_at,updated_at,state,assignee_id 1,2026-01-05T09:00:00Z,2026-01-06T09:00:00Z,open,8.811E+06 >history.csv
	run_load history.csv
	contains "$(rejects)" '2|rounded_identifier|assignee_id'
}

@test "every name of whom a part is assigned to is known" {
	for separator in _ __ .; do
		printf '%s\n' "id,conversation_id,part_type,created_at,assigned_to${separator}id,assigned_to${separator}type" \
			'1,1,assignment,2026-01-05 09:00:00Z,77,team' >parts.csv
		equals "$(read_of parts.csv ',team=[^ ]*')" ,team=77
	done
}

@test "a log of events: messages have the opening one among them, whose time is a guess of the start" {
	printf '%s\n' conversation_id,event_type,author_type,author_id,body,created_at >head
	printf '%s\n' 'C1,message,user,u1,hi,2024-01-01T08:00:00Z' 'C1,message,admin,42,yes,2024-01-01T09:00:00Z' \
		'C1,message,user,u1,well,2024-01-01T10:00:00Z' >lines
	for order in cat tac; do
		"$order" lines | cat head - >log.csv
		run_load log.csv
		equals "$status" 0
		known 'state, started_at, first_response_at' 'open|2024-01-01 08:00:00+00|2024-01-01 09:00:00+00'
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	done
}

@test "a customer's message in a log opens a conversation that is closed, as a comment does" {
	printf '%s\n' conversation_id,event_type,author_type,created_at 'C1,message,user,2024-01-01T08:00:00Z' \
		'C1,close,admin,2024-01-01T09:00:00Z' 'C1,message,lead,2024-01-01T10:00:00Z' >log.csv
	equals "$(read_of log.csv 'message,[a-z-]*,user|close,[a-z]*,admin')" 'message,open,user close,closed,admin message,open,user'
}

@test "the message that opens a vendor's export is a guess of the start and no reply, whoever wrote it" {
	printf '%s\n' message_id,message_type,message_created_at,message_author_type,message_body,conversation_id \
		'1,conversation_message,2026-01-05 09:00:00Z,admin,hello,1' >opening.csv
	equals "$(read_of opening.csv 'started=[^ ]*|,reply')" started=2026-01-05T09:00:00Z
}

@test "parts of Intercom guess no start: the message that opened the conversation is not among them" {
	printf '%s\n' id,conversation_id,part_type,created_at,author_type '1,1,comment,2026-01-05 09:00:00Z,user' >parts.csv
	equals "$(read_of parts.csv 'started=[^ ]*')" ''
}

@test "a start that is guessed from an event is in the zone of the event" {
	printf '%s\n' 'conversation_id,event_type,author_type,created_at (America/New_York)' '1,message,user,2026-01-05 09:00:00' >log.csv
	run_load --timezone=Asia/Tokyo log.csv
	known started_at '2026-01-05 14:00:00+00'
}

@test "parts of Airbyte are known, and its own columns are not kept" {
	printf '%s\n' id,conversation_id,part_type,created_at,updated_at,author_type,author_id,body,_airbyte_emitted_at \
		'11,1,comment,1704110400,1704110400,admin,42,x,2024-01-05 00:00:00' >airbyte.csv
	equals "$(read_of airbyte.csv 'event=[^ ]*|_airbyte[^ ]*')" 'event=11@2024-01-01T12:00:00Z,comment,-,admin,reply,by=42'
	equals "$("$CHECKOUT/build/reading" airbyte.csv | tail -n 1)" parts
}

# --- tables of ETL tools

@test "an assignee is a teammate or a team, as its type says, and a team is no teammate" {
	printf '%s\n' id,created_at,updated_at,state,assignee_id,assignee_type \
		'1,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,open,8811001,admin' '2,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,open,77,team' \
		'3,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,open,8811002,' '4,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,open,0,nobody_admin' >types.csv
	run_load types.csv
	equals "$status" 0
	known "conversation_id, assignee_id, attributes ->> 'team_assignee_id'" $'1|8811001|\n2||77\n3|8811002|\n4||'
}

@test "an assignee without a type is a teammate, and a column of teams stays as it is" {
	printf '%s\n' id,created_at,updated_at,state,assignee__id 1,2026-01-05T09:00:00Z,2026-01-06T09:00:00Z,open,8811001 >untyped.csv
	equals "$(read_of untyped.csv 'assignee=[^ ]*|team[^ ]*')" assignee=8811001
	printf '%s\n' id,created_at,updated_at,state,admin_assignee_id,team_assignee_id,assignee_id,assignee_type \
		1,2026-01-05T09:00:00Z,2026-01-06T09:00:00Z,open,8811001,78,77,team >both.csv
	equals "$(read_of both.csv 'assignee=[^ ]*|team[^ ]*')" 'assignee=8811001 team_assignee_id:78'
}

# --- what became an attribute and looks like a field

@test "a column that looks like an assignee, a start or a close and is none is noted once a run" {
	local head='Conversation ID,Conversation started at (UTC),Current conversation state,Conversation last closed at (UTC)'
	printf '%s\n' "$head,Assignee,closed_at,Channel" \
		'1,2026-01-05 09:00:00,Closed,2026-01-05 10:00:00,Lee,2026-01-05 10:00:00,Chat' >report.csv
	sed '1s/closed_at/Closed At (UTC)/; 2s/^1/2/' report.csv >second.csv
	export_csv canonical.csv +start_time,owner '3,u,2025-05-01T08:00:00Z,,open,a@x,x,y'
	run_load report.csv second.csv canonical.csv report.csv
	equals "$status" 0
	equals "$(grep -o 'kept as attribute: .*' <<<"$stderr")" \
		$'kept as attribute: Assignee, closed_at\nkept as attribute: Closed At (UTC)\nkept as attribute: start_time, owner'
	equals "$(sql "SELECT attributes ->> 'Assignee', attributes ->> 'closed_at' FROM ttr_data.conversation
	               WHERE conversation_id = '1'")" 'Lee|2026-01-05 10:00:00'
}

@test "columns of known exports are no news: durations, teams, ratings, first closes, other names of a field" {
	local file
	for file in "$data"/*.csv; do
		equals "$("$CHECKOUT/build/reading" "$file" 2>&1 | grep 'kept as attribute')" ''
	done
	printf '%s,' 'Conversation ID' 'Conversation created at (UTC)' 'Conversation started at (UTC)' 'Updated at (UTC)' 'Started by' \
		'Current conversation state' 'Conversation state' 'Team currently assigned' 'Teammate currently assigned' \
		'Teammate currently assigned ID' 'Last teammate rated' 'Conversation first closed at (UTC)' \
		'Conversation last closed at (UTC)' 'First response time (seconds)' 'Time to close (seconds)' 'Closed by' >report.csv
	printf '%s\n' 'User email' '1,,2026-01-05 09:00:00,,Customer,Open,Open,Support,Lee,1,,,,60,,,a@x.example' >>report.csv
	equals "$("$CHECKOUT/build/reading" report.csv 2>/dev/null | tail -n 1)" report
	equals "$("$CHECKOUT/build/reading" report.csv 2>&1 | grep 'kept as attribute')" ''
}
