#!/usr/bin/env bats
# The shapes in which teams hold their exports: each is recognised by its columns, and comes to the same facts.
#
# test/data/shapes has one file a shape; its README's table says what each is.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly data=$CHECKOUT/test/data/shapes

# --- which shape it is

@test "the columns tell the shape, whatever the file is called" {
	for shape in report:report conversation:conversation conversation_prefixed:conversation \
		conversation_state:conversation_state conversation_part_history:parts conversation_parts:parts messages:parts \
		conversation_actions:actions conversation_history:history conversation_tag_history:tag_history; do
		cp "$data/${shape%:*}.csv" export.json
		same_by_any_read_size export.json
		equals "$("$CHECKOUT/build/reading" export.json | tail -n 1)" "${shape#*:}"
	done
}

@test "a complete header of the canonical columns is canonical, whatever else stands in it" {
	export_csv export.csv +'Conversation ID,part_type,created_at,conversation_state_started_at,ticket_id,ticket_state' \
		'1,u,2025-05-01T09:00:00Z,,open,a@x,x,x,2025-05-01T08:00:00Z,x,x,x'
	run_load export.csv
	equals "$status" 0
	equals "$(field '.load.files[0].format')" '"csv"'
	known 'started_at, attributes ->> $$created_at$$, attributes ->> $$part_type$$' '2025-05-01 09:00:00+00|2025-05-01T08:00:00Z|x'
}

@test "a shape that is asked for is taken, and its columns must be there" {
	run_load --format=report "$data/report.csv"
	equals "$status" 0
	run_load --format=conversation_state "$data/report.csv"
	equals "$status" 1
	contains "$stderr" 'lacks: conversation_id, conversation_state_started_at, conversation_state'
	run_load --format=csv "$data/report.csv"
	contains "$stderr" 'lacks: user_id, assignee_email'
}

@test "the manual shows what --shapes prints" {
	ttr-load --shapes >printed
	sed -n '/^```$/,/^```$/p' "$CHECKOUT/doc/shapes.md" | grep -v '^```$' | diff - printed
}

# --- the canonical columns under the names of others

@test "canonical columns are known by other names, the first of which counts" {
	printf '%s\n' 'id,user_id,first_contact_reply_created_at,conversation_last_closed_at,current_conversation_state,assignee_email' \
		'1,u,2025-05-01T09:00:00Z,2025-05-01T10:00:00Z,closed,' '2,u,2025-05-01T09:00:00Z,2025-05-01T10:00:00Z,open,' >aliases.csv
	run_load aliases.csv
	equals "$status" 0
	known 'conversation_id, started_at, resolved_at, state' \
		$'1|2025-05-01 09:00:00+00|2025-05-01 10:00:00+00|closed\n2|2025-05-01 09:00:00+00||open'
}

@test "every name of a start is known" {
	for name in conversation_started_at 'Conversation started at (UTC)' first_user_conversation_part_created_at \
		statistics.first_contact_reply_at statistics__first_contact_reply_at statistics_first_contact_reply_at \
		first_contact_reply.created_at created_at conversation_created_at 'Conversation created at (UTC)'; do
		printf '%s\n' "conversation_id,user_id,$name,resolved_at,state,assignee_email" '1,u,2025-05-01T09:00:00Z,,open,' >start.csv
		equals "$(read_of start.csv 'started=[^ ]*')" started=2025-05-01T09:00:00Z
	done
}

@test "a creation is a start where no other is told, and changes none that is known" {
	printf '%s\n' 'conversation_id,user_id,created_at,resolved_at,state,assignee_email' '1,u,2025-05-01T07:00:00Z,,open,' >created.csv
	run_load created.csv
	known started_at '2025-05-01 07:00:00+00'
	export_csv told.csv '1,u,2025-05-01T08:00:00Z,,open,'
	run_load told.csv
	run_load created.csv
	known started_at '2025-05-01 08:00:00+00'
}

# --- the report of the user interface

@test "a report: states in capitals, tags separated by commas, resolved while closed, all else but free text kept" {
	run_load --exported-at=2026-01-08T00:00:00Z "$data/report.csv"
	equals "$status" 0
	equals "$(field '.load.files[0].format')" '"report"'
	known 'conversation_id, state, resolved_at, tags' '215470000123456|closed|2026-01-06 14:10:00+00|{billing,refund}
215470000123457|snoozed||{}
215470000123459|closed|2025-11-02 08:00:00+00|{}'
	equals "$(sql "SELECT attributes ->> 'Time to close (seconds)', attributes ->> 'Time to close, within office hours (seconds)',
	               attributes -> 'Title' FROM ttr_data.conversation WHERE conversation_id = '215470000123459'")" '9000|0|null'
}

@test "the zone in a report's header is that of its times, by PostgreSQL's rule, whatever --timezone says" {
	run_load --timezone=Asia/Tokyo "$data/report.csv"
	known started_at $'2026-01-05 09:00:00+00\n2026-01-07 08:00:00+00\n2025-11-02 06:30:00+00'
	equals "$(field '.load | [.naive_timestamps, .ambiguous_timestamps]')" '[5,1]'
	contains "$stderr" 'a clock change in their zones skips or repeats 1 local time:'
}

@test "a report without a zone is in that of --timezone, and each file of a run in its own" {
	sed 's/ (America.New_York)//g; 3,$d' "$data/report.csv" >naive.csv
	sed 's/America.New_York/Europe\/Berlin/g; 3,$d; s/215470000123456/2/' "$data/report.csv" >berlin.csv
	run_load --timezone=Asia/Tokyo naive.csv berlin.csv "$data/report.csv"
	equals "$(sql "SELECT started_at FROM ttr_data.conversation WHERE conversation_id = '2'")" '2026-01-05 03:00:00+00'
	dropdb --force "$PGDATABASE" && createdb
	run_load --timezone=Asia/Tokyo naive.csv
	known started_at '2026-01-04 19:00:00+00'
}

@test "columns of one report may be in different zones, but not those that make one time" {
	sed '1s/last closed at (America.New_York)/last closed at (UTC)/; 3,$d' "$data/report.csv" >two.csv
	run_load two.csv
	known 'started_at, resolved_at' '2026-01-05 09:00:00+00|2026-01-06 09:10:00+00'
	sed '1s/created at (America.New_York)/created at (UTC)/; 3,$d' "$data/report.csv" >start.csv
	run_load start.csv
	equals "$status" 1
	contains "$stderr" 'has times in different zones that may be the started_at'
}

@test "a zone that the server does not know fails the run" {
	sed 's/America.New_York/Mars\/Olympus/g' "$data/report.csv" >mars.csv
	run_load mars.csv
	refused 'names a time zone that the server does not know: "Mars/Olympus"' 'America/New_York'
}

@test "a zone that the server takes for an offset without summer time fails the run" {
	sed 's/America.New_York/CET/g' "$data/report.csv" >cet.csv
	run_load cet.csv
	refused 'names a time zone that the server takes for an offset without summer time: "CET"' 'America/New_York'
}

@test "names of a report are known in any case" {
	sed '1s/.*/\L&/; 1s/america.new_york/America\/New_York/g' "$data/report.csv" >lower.csv
	equals "$(read_of lower.csv 'started=[^ ]*')" "$(read_of "$data/report.csv" 'started=[^ ]*')"
}

@test "a report's assignee is known by the identifier, and the name is the teammate's; else the name must do" {
	printf '%s\n' 'Conversation ID,Conversation started at (UTC),Current conversation state,Teammate currently assigned,Teammate currently assigned ID' \
		'1,2026-01-05 09:00:00,Open,Lee,8811001' '2,2026-01-05 09:00:00,Open,,' >both.csv
	cut -d, -f 1-4 both.csv | sed '1!s/^/1/' >name.csv
	run_load both.csv name.csv
	equals "$status" 0
	known 'conversation_id, assignee_id' $'1|8811001\n11|Lee\n12|\n2|'
	equals "$(sql "SELECT string_agg(coalesce(assignee, '-'), ' ' ORDER BY conversation_id) FROM ttr.conversations")" 'Lee Lee - -'
}

@test "a report that lacks a column is refused with the report's name of it" {
	cut -d, -f 1-5 "$data/report.csv" | head -n 3 >cut.csv
	run_load cut.csv
	refused 'the header of "cut.csv" lacks: current conversation state' 'Export it again with these columns'
}

@test "an export that does not tell the last close says so" {
	printf '%s\n' 'Conversation ID,Conversation started at (UTC),Current conversation state' '1,2026-01-05 09:00:00,Closed' >unclosed.csv
	run_load unclosed.csv
	equals "$status" 0
	contains "$stderr" 'has no column for the last close'
}

# --- the reporting data export

@test "the dataset conversation: text times, names beside raw identifiers, columns of one name" {
	run_load --exported-at=2026-01-09T00:00:00Z "$data/conversation.csv"
	equals "$status" 0
	known 'conversation_id, state, started_at, first_response_at, resolved_at, assignee_id, tags' \
		'215470000123456|closed|2026-01-05 09:00:00+00|2026-01-05 09:12:30+00|2026-01-06 14:10:00+00|8811001|{billing,refund}
215470000123457|snoozed|2026-01-07 08:00:00+00||||{}
215470000123460|open|2026-01-08 08:00:00+00|2026-01-08 08:30:00+00||8811002|{}'
	equals "$(sql "SELECT attributes ->> 'user_role', attributes ->> 'user_role.1' FROM ttr_data.conversation
	               WHERE conversation_id = '215470000123456'")" 'buyer|owner'
}

@test "identifiers of tags are no tags, and take none away" {
	run_load --exported-at=2026-01-09T00:00:00Z "$data/conversation.csv"
	sed 's/"billing, refund"/"9001, 9002"/' "$data/conversation.csv" >numbers.csv
	run_load --exported-at=2026-01-10T00:00:00Z numbers.csv
	equals "$(sql "SELECT tags, attributes ->> 'conversation_tag_ids' FROM ttr_data.conversation
	               WHERE conversation_id = '215470000123456'")" '{billing,refund}|9001, 9002'
}

@test "qualified names and epochs: a column's first time tells how all its times are written" {
	run_load "$data/conversation_prefixed.csv"
	equals "$status" 4
	known 'conversation_id, started_at, resolved_at, assignee_id' \
		$'215470000123456|2026-01-05 09:00:00+00|2026-01-06 14:10:00+00|Lee\n215470000123457|2026-01-07 08:00:00+00||'
	equals "$(rejects)" $'4|bad_time|timestamp.conversation_started_at\n5|bad_time|timestamp.conversation_started_at'
	contains "$(sql 'SELECT detail FROM ttr_data.reject WHERE line = 5')" 'is milliseconds since 1970, and the first time of the column is seconds'
}

@test "an empty time, or zeros, tell nothing about the others of the column" {
	printf '%s\n' 'conversation_id,conversation_started_at,conversation_last_closed_at,current_conversation_state' \
		'1,2026-01-05 09:00:00,,open' '2,2026-01-05 09:00:00,0,open' '3,2026-01-05 09:00:00,1767708600,closed' >sparse.csv
	run_load sparse.csv
	equals "$status" 0
	equals "$(sql "SELECT resolved_at FROM ttr_data.conversation WHERE conversation_id = '3'")" '2026-01-06 14:10:00+00'
}

@test "states in another language are rejected, with what to do" {
	run_load "$data/conversation_state_localized.csv"
	equals "$status" 4
	equals "$(rejects)" '3|unknown_state|conversation_state'
	contains "$(sql 'SELECT detail FROM ttr_data.reject')" "\"Fechado\" is none of Open, Snoozed and Closed: set the workspace's language to English"
}

# --- lines that stand for events

@test "intervals that are missing, as their states before tell, make a timeline truncated" {
	head=conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at,conversation_state_ended_at,conversation_started_at
	printf '%s\n' "$head" '1,Open,,2026-01-05 09:00:00,2026-01-05 10:00:00,2026-01-05 09:00:00' \
		'1,Closed,Open,2026-01-05 10:00:00,2026-02-06 09:00:00,2026-01-05 09:00:00' >january.csv
	printf '%s\n' "$head" '1,Open,Closed,2026-02-06 09:00:00,2026-02-06 10:00:00,2026-01-05 09:00:00' \
		'1,Closed,Open,2026-02-06 10:00:00,,2026-01-05 09:00:00' >february.csv
	run_load february.csv
	equals "$(sql 'SELECT resolved_at, basis, open_seconds FROM ttr.conversations')" '2026-02-06 10:00:00+00|span|'
	run_load january.csv
	equals "$(sql 'SELECT resolved_at, basis, open_seconds, reopen_count FROM ttr.conversations')" '2026-02-06 10:00:00+00|timeline|7200|1'
}

@test "of the states that begin in one second the one that lasts counts, in whatever order they stand" {
	printf '%s\n' 'conversation_id,conversation_state,previous_conversation_state,conversation_state_started_at,conversation_state_ended_at,conversation_started_at' >head
	printf '%s\n' 'reopened,Open,,2026-01-05 09:00:00,2026-01-05 09:00:00,2026-01-05 09:00:00' \
		'reopened,Closed,Open,2026-01-05 09:00:00,2026-01-05 09:00:00,2026-01-05 09:00:00' \
		'reopened,Open,Closed,2026-01-05 09:00:00,2026-01-05 10:00:00,2026-01-05 09:00:00' \
		'reopened,Closed,Open,2026-01-05 10:00:00,,2026-01-05 09:00:00' \
		'snoozed,Open,,2026-01-05 09:00:00,2026-01-05 10:00:00,2026-01-05 09:00:00' \
		'snoozed,Snoozed,Open,2026-01-05 10:00:00,2026-01-05 10:00:00,2026-01-05 09:00:00' \
		'snoozed,Closed,Snoozed,2026-01-05 10:00:00,,2026-01-05 09:00:00' >lines
	cat head lines >states.csv
	run_load states.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, is_closed, resolution_seconds FROM ttr.conversations ORDER BY 1')" $'reopened|t|3600\nsnoozed|t|3600'
	facts=$(sql 'SELECT conversation_id, state, resolved_at, reopen_count, open_intervals FROM ttr_data.conversation ORDER BY 1')
	sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
	tac lines | cat head - >states.csv
	run_load states.csv
	equals "$(sql 'SELECT conversation_id, state, resolved_at, reopen_count, open_intervals FROM ttr_data.conversation ORDER BY 1')" "$facts"
}

@test "the dataset conversation_state alone makes conversations, with their timelines" {
	run_load "$data/conversation_state.csv"
	equals "$status" 0
	equals "$(field '.load | [.read, .inserted, .duplicate, .rejected]')" '[7,2,5,0]'
	known 'conversation_id, state, started_at, resolved_at, reopen_count' \
		$'215470000123456|closed|2026-01-05 09:00:00+00|2026-01-06 14:10:00+00|1\n215470000123457|snoozed|2026-01-07 08:00:00+00||0'
	equals "$(sql 'SELECT resolution_seconds, basis FROM ttr.conversations WHERE is_closed')" '6300|timeline'
	run_load "$data/conversation_state.csv"
	equals "$(field '.load | [.unchanged, .duplicate, .events]')" '[2,5,0]'
}

@test "intervals told again, and one more, are one timeline" {
	head -n 5 "$data/conversation_state.csv" >before.csv
	run_load before.csv
	known 'state, resolved_at' 'closed|2026-01-06 09:20:00+00'
	run_load "$data/conversation_state.csv"
	equals "$(sql "SELECT state, resolved_at, reopen_count FROM ttr_data.conversation WHERE conversation_id = '215470000123456'")" \
		'closed|2026-01-06 14:10:00+00|1'
}

@test "a table of parts: versions of one part count once, the opening message is not in it" {
	run_load "$data/conversation_part_history.csv"
	equals "$status" 0
	equals "$(field '.load | [.read, .inserted, .duplicate, .events]')" '[9,1,8,8]'
	known 'state, first_response_at, resolved_at, closed_by, reopen_count, attributes' \
		'closed|2026-01-05 09:12:30+00|2026-01-06 14:10:00+00|bot|1|{}'
}

@test "parts with epochs, states and how many there are: a timeline that lacks one is known to be truncated" {
	run_load "$data/conversation_parts.csv"
	equals "$status" 0
	known 'conversation_id, state, started_at, resolved_at, open_intervals IS NOT NULL, event_total' \
		$'215470000123456|closed|2026-01-05 09:00:00+00|2026-01-06 09:20:00+00|t|3\n215470000123457|open|2026-01-07 08:00:00+00||f|2'
	equals "$(sql 'SELECT teammate_id, email, name FROM ttr_data.teammate ORDER BY 1')" $'8811001|lee@example.com|Lee\n8811002|kim@example.com|Kim'
}

@test "a vendor's messages: events, and the conversation beside each; what people wrote is not kept" {
	run_load "$data/messages.csv"
	equals "$status" 0
	known 'state, started_at, first_response_at, resolved_at, closed_by, tags, attributes' \
		'closed|2026-01-05 09:00:00+00|2026-01-05 09:12:30+00|2026-01-06 09:20:00+00|admin|{billing}|{}'
	equals "$(sql 'SELECT resolution_seconds FROM ttr.conversations')" 2100
}

@test "conversation actions: words of English, several at once; others are rejected" {
	run_load "$data/conversation_actions.csv"
	equals "$status" 4
	known 'state, first_response_at, resolved_at, closed_by' 'closed|2026-01-05 09:12:30+00|2026-01-06 09:20:00+00|admin'
	equals "$(sql 'SELECT resolution_seconds FROM ttr.conversations')" 2100
	equals "$(rejects)" '7|bad_event|action_type'
}

@test "an event without a time, or of no conversation, is rejected" {
	printf '%s\n' 'id,conversation_id,part_type,created_at' '1,,close,2026-01-05 09:00:00' '2,1,close,' >bad.csv
	run_load bad.csv
	equals "$(rejects)" $'2|missing_id|conversation_id\n3|bad_event|'
}

# --- tables of ETL tools

@test "a history: of the versions of a conversation the newest wins, in whatever order they stand" {
	run_load "$data/conversation_history.csv"
	equals "$status" 0
	equals "$(field '.load | [.read, .inserted, .duplicate]')" '[4,2,2]'
	known 'conversation_id, state, started_at, resolved_at, assignee_id, message_count, reopen_count' \
		$'215470000123456|closed|2026-01-05 09:00:00+00|2026-01-06 14:10:00+00|8811001|8|1\n215470000123458|closed|2026-01-07 08:05:00+00||||'
}

@test "of two versions of one time the one that is not active loses" {
	printf '%s\n' 'id,created_at,updated_at,state,_fivetran_active' '1,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,closed,true' \
		'1,2026-01-05 09:00:00Z,2026-01-06 09:00:00Z,open,false' >tie.csv
	run_load tie.csv
	known state closed
}

@test "names may be flattened by one underscore, two, or a point" {
	for separator in _ __ .; do
		sed "1s/__/$separator/g" "$data/conversation_history.csv" >flat.csv
		equals "$("$CHECKOUT/build/reading" flat.csv | cut -d' ' -f 2-)" "$("$CHECKOUT/build/reading" "$data/conversation_history.csv" | cut -d' ' -f 2-)"
	done
}

# --- what holds no conversations

@test "a content export and tables of tickets are refused, with what to export instead" {
	run_load "$data/content_export.csv"
	refused "holds no conversations: it is Intercom's content data export" 'GET /conversations/{id}'
	run_load "$data/tickets.csv"
	refused 'holds no conversations: it is tickets' 'conversation_state'
	printf '%s\n' 'id,ticket_state,ticket_type_id,created_at,updated_at' '1,submitted,2,2026-01-05 09:00:00,2026-01-05 09:00:00' >history.csv
	run_load history.csv
	refused 'it is tickets' conversation_state
}

@test "JSON of nothing but tickets is refused; tickets among conversations are rejected" {
	ticket='{"type":"ticket","id":"1","created_at":1767603600,"ticket_state":"submitted"}'
	printf '%s\n' "$ticket" "$ticket" >tickets.json
	run_load tickets.json
	refused 'it is tickets' 'GET /conversations/{id}'
	printf '{"type":"ticket.list","tickets":[%s],"total_count":1,"pages":null}' "$ticket" >page.json
	run_load page.json
	refused 'it is tickets' 'GET /conversations/{id}'
	printf '%s\n' "$ticket" '{"conversation_id":"1","started_at":1767603600,"state":"open"}' >mixed.json
	run_load mixed.json
	equals "$status" 4
	equals "$(field '.load | [.inserted, .rejected]')" '[1,1]'
}

@test "a name of a column with a comma does not break the file of rejects" {
	printf '%s\n' 'Conversation ID,"Conversation started at (Europe, Berlin)",Current conversation state' '1,never,Open' >comma.csv
	run_load --dry-run --rejects=rejects.csv comma.csv
	equals "$(python3 -c 'import csv; print(list(csv.DictReader(open("rejects.csv")))[0]["column"])')" 'Conversation started at (Europe, Berlin)'
}

# --- one conversation in many shapes

# The fields that the three shapes share, of the conversation that is in all of them.
shared() {
	sql "SELECT conversation_id, state, started_at, resolved_at, open_intervals FROM ttr_data.conversation
	     WHERE conversation_id IN ('215470000123456', '215470000123457') ORDER BY 1"
}

@test "the same conversations from the API, a report and the intervals, in every order, are the same facts" {
	local orders='a r s|a s r|r a s|r s a|s a r|s r a' order shape expected='' files
	jq -c '{conversations: [.]}' "$CHECKOUT/test/data/intercom/conversation.json" >a
	head -n 3 "$data/report.csv" >r
	cp "$data/conversation_state.csv" s
	declare -A at=([a]=2026-01-08T01:00:00Z [r]=2026-01-08T02:00:00Z [s]=2026-01-08T03:00:00Z)
	IFS='|' read -ra orders <<<"$orders"
	for order in "${orders[@]}"; do
		for shape in $order; do
			run_load --no-refresh --exported-at="${at[$shape]}" $shape
			equals "$status" 0
		done
		equals "$(sql "SELECT resolution_seconds FROM ttr.conversations WHERE is_closed")" 6300
		equals "$(sql "SELECT first_response_at, closed_by, reopen_count, message_count, assignee_id, tags FROM ttr_data.conversation
		               WHERE conversation_id = '215470000123456'")" '2026-01-05 09:12:30+00|bot|1|8|8811001|{billing,refund}'
		[ -n "$expected" ] || expected=$(shared)
		equals "$(shared)" "$expected"
		dropdb --force "$PGDATABASE" && createdb
	done
	contains "$expected" '215470000123457|snoozed|2026-01-07 08:00:00+00||{["2026-01-07 08:00:00+00","2026-01-07 10:00:00+00")}'
}
