#!/usr/bin/env bats
# Conversations of Intercom's REST API: every shape in which they come, and what is known to be odd about them.
#
# test/data/intercom has a conversation with its parts, a search page and a webhook; a test changes what it is about.
# What is staged of a record is shown by build/reading; what becomes of it, by the database.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly data=$CHECKOUT/test/data/intercom

# The conversation with parts, changed by a jq filter.
conversation() {
	jq -c "${@:2}" "${1:-.}" "$data/conversation.json"
}

# What is read of a conversation that is changed by a filter: of the words of its line those that start with $2.
read_of() {
	conversation "$1" >read.json
	same_by_any_read_size read.json
	"$CHECKOUT/build/reading" read.json | head -n 1 | tr ' ' '\n' | grep "^$2" | paste -sd ' '
}

# Events as state changes: time after the start in seconds, and the state.
states_of() {
	conversation "$1" >read.json
	"$CHECKOUT/build/reading" read.json | head -n 1 | tr ' ' '\n' | grep '^event=' | cut -d, -f 3 | paste -sd ' '
}

carries() {
	read_of "$1" carries= | grep -qw "$2"
}

known() {
	equals "$(sql "SELECT $1 FROM ttr_data.conversation ORDER BY conversation_id")" "$2"
}

# --- shapes

@test "a conversation with its parts" {
	run_load "$data/conversation.json"
	equals "$status" 0
	equals "$(field '.load.files[0].format')" '"intercom"'
	known 'conversation_id, user_id, state, started_at, first_response_at, resolved_at, closed_by' \
		'215470000123456|cust-77|closed|2026-01-05 09:00:00+00|2026-01-05 09:12:30+00|2026-01-06 14:10:00+00|bot'
	known 'assignee_id, assignee_email, tags, message_count, reopen_count, updated_at' \
		'8811001||{"billing, refund"}|8|1|2026-01-06 14:10:02+00'
	equals "$(sql 'SELECT assignee, basis, resolution_seconds, elapsed_seconds FROM ttr.conversations')" 'lee@example.com|timeline|6300|105000'
}

@test "its parts are staged as events, in order" {
	equals "$(read_of . event= | tr ' ' '\n' | sed 's/^event=//')" \
		'31000000001@2026-01-05T09:04:00Z,default_assignment,open,bot,to=8811001
31000000002@2026-01-05T09:12:30Z,comment,open,admin,reply,by=8811001
31000000003@2026-01-05T09:15:00Z,snoozed,snoozed,admin,by=8811001
31000000004@2026-01-06T09:00:00Z,timer_unsnooze,open,bot
31000000005@2026-01-06T09:20:00Z,close,closed,admin,reply,by=8811001
31000000006@2026-01-06T13:00:00Z,open,open,user
31000000007@2026-01-06T13:40:00Z,comment,open,admin,reply,by=8811001
31000000008@2026-01-06T14:10:00Z,close,closed,bot'
	equals "$(read_of . total=) $(read_of . teammate=)" 'total=8 teammate=8811001,lee@example.com,Lee'
}

@test "a search page: snoozed with 0 as assignee, and closed from birth with nothing but nulls" {
	run_load "$data/page.json"
	equals "$status" 0
	known 'conversation_id, user_id, state, started_at, resolved_at, assignee_id, message_count' \
		'215470000123457|65a0c0ffee0000000000a002|snoozed|2026-01-07 08:00:00+00|||2
215470000123458|65a0c0ffee0000000000a003|closed|2026-01-07 08:05:00+00|||'
	equals "$("$CHECKOUT/build/reading" "$data/page.json" | grep -c event=)" 0
}

@test "one, an array, lines, a list page, the API's data page and webhooks come to the same" {
	webhook='{type: "notification_event", topic: "conversation.admin.closed", data: {type: "notification_event_data", item: .}}'
	conversation . >one.json
	conversation '[.]' >array.json
	conversation '{type: "conversation.list", total_count: 1, pages: null, conversations: [.]}' >page.json
	conversation '{type: "list", data: [.], has_more: false}' >data.json
	{ conversation '[.]'; conversation .; conversation '{conversations: [.]}'; } >lines.ndjson
	"$CHECKOUT/build/reading" one.json | cut -d' ' -f 2- >expected
	for file in array page data lines; do
		"$CHECKOUT/build/reading" $file.* | cut -d' ' -f 2- | sort -u | diff - <(sort -u expected)
	done
	conversation "$webhook" >webhook.json
	conversation "$webhook | {data, type}" >backwards.json
	for file in webhook backwards; do
		"$CHECKOUT/build/reading" $file.json | cut -d' ' -f 2- | diff - expected
	done
}

# --- the start and the first response (1.3, 1.5)

@test "the start is the first customer's message, else the statistics', else the creation" {
	equals "$(read_of '.created_at -= 3600' started=)" started=2026-01-05T09:00:00Z
	equals "$(read_of '.created_at -= 3600 | .first_contact_reply = null' started=)" started=2026-01-05T09:00:00Z
	equals "$(read_of '.created_at -= 3600 | .first_contact_reply = null | .statistics = null' started=)" started=2026-01-05T08:00:00Z
	equals "$(read_of '.created_at -= 3600 | del(.first_contact_reply, .statistics)' started=)" started=2026-01-05T08:00:00Z
}

# Of the parts those that are replies: their times.
replies_of() {
	read_of "$1" event= | tr ' ' '\n' | sed -n 's/.*@\(.*Z\),.*,reply\(,.*\)*$/\1/p' | paste -sd ' '
}

@test "a reply is what a teammate writes to the customer: no bot's, no note, no assignment without words" {
	equals "$(replies_of .)" '2026-01-05T09:12:30Z 2026-01-06T09:20:00Z 2026-01-06T13:40:00Z'
	equals "$(replies_of '.conversation_parts.conversation_parts[1].author.type = "bot"')" '2026-01-06T09:20:00Z 2026-01-06T13:40:00Z'
	equals "$(replies_of '.conversation_parts.conversation_parts[1].part_type = "note"')" '2026-01-06T09:20:00Z 2026-01-06T13:40:00Z'
	equals "$(replies_of '.conversation_parts.conversation_parts |= [.[0] | .author.type = "admin" | .body = "Hello"]')" 2026-01-05T09:04:00Z
}

@test "the first response is the first reply among the parts; without parts, that of the statistics" {
	conversation '.statistics.first_admin_reply_at = 1767603660' >parts.json
	run_load parts.json
	known first_response_at '2026-01-05 09:12:30+00'
	equals "$(read_of 'del(.conversation_parts)' response=)" response=2026-01-05T09:12:30Z
}

@test "a reply before the start is none to what the customer wrote" {
	conversation '.first_contact_reply.created_at = 1767690600 | del(.statistics)' >later.json
	run_load later.json
	known 'started_at, first_response_at' '2026-01-06 09:10:00+00|2026-01-06 09:20:00+00'
}

@test "what happened to a message of ours before the customer answered it is no time waited, and no reopening" {
	# Open for a minute, closed, answered, closed, and opened once more.
	conversation '.created_at = 1767600000 | .first_contact_reply.created_at = 1767603600 | del(.statistics)
		| .conversation_parts.conversation_parts |= [.[0, 4, 5, 7, 5, 7]]
		| .conversation_parts.conversation_parts |= ([., [1767600060, 1767600120, 1767603600, 1767607200, 1767610800, 1767614400]] | transpose
			| to_entries | map(.value[0] + {id: "\(.key + 1)", created_at: .value[1]}))
		| .conversation_parts.total_count = 6' >outbound.json
	run_load outbound.json
	known 'started_at, resolved_at, reopen_count' '2026-01-05 09:00:00+00|2026-01-05 12:00:00+00|1'
	equals "$(sql 'SELECT basis, open_seconds, elapsed_seconds FROM ttr.conversations')" 'timeline|7200|10800'
}

@test "what people wrote is not kept, the opening message of before 2.0 included" {
	conversation '.conversation_message = {subject: "private", body: "private", author: {id: 1}} | .title = "private"' >old.json
	run_load old.json
	known "attributes ->> 'title' IS NULL, attributes::text LIKE '%private%', attributes ?| '{conversation_message,conversation_parts}'" 't|f|f'
}

# The attribute of that name, as JSON.
attribute() {
	conversation "$2" >read.json
	same_by_any_read_size read.json
	"$CHECKOUT/build/reading" read.json | head -n 1 | grep -o " $1:[^ ]*" | cut -d: -f 2-
}

@test "of the source its type and how it was delivered are kept, and nothing that people wrote" {
	equals "$(attribute source .)" '{"type":"conversation","delivered_as":"customer_initiated"}'
	equals "$(attribute source '.source.delivered_as = null')" '{"type":"conversation"}'
	equals "$(attribute source '.source.type = "a\"b\\c\td"')" '{"type":"a\"b\\c\u0009d","delivered_as":"customer_initiated"}'
	equals "$(attribute source '.source.type = ([range(600)] | map("x") | add)')" '{"delivered_as":"customer_initiated"}'
	for nothing in null '"email"' '{}' '[]' '{type: {x: 1}}'; do
		equals "$(attribute source ".source = $nothing")" ''
	done
}

@test "of a company its identifiers, its name and its plan are kept" {
	equals "$(attribute company '.company = {type: "company", id: "c1", company_id: 7, name: "Acme", plan: {type: "plan", name: "Pro"}, website: "x", custom_attributes: {}}')" \
		'{"id":"c1","company_id":7,"name":"Acme","plan":"Pro"}'
	equals "$(attribute company '.company = {plan: "Pro", user_count: 3}')" '{"plan":"Pro"}'
	equals "$(attribute company '.company = null')" ''
}

@test "priority, team, rating, channel, policy and custom attributes are kept as they are" {
	equals "$(attribute priority '.priority = "high"')" '"high"'
	equals "$(attribute team_assignee_id .)" 550001
	equals "$(attribute channel '.channel = {initial: "email", current: "chat"}')" '{"initial":"email","current":"chat"}'
	contains "$(attribute conversation_rating .)" '{"rating":4,'
	contains "$(attribute sla_applied .)" '"sla_name":"Gold"'
	equals "$(attribute custom_attributes '.custom_attributes = {plan: "pro"}')" '{"plan":"pro"}'
}

@test "the vendor's durations, from which office hours are left out, are attributes and nothing else" {
	run_load "$data/conversation.json"
	known "attributes -> 'statistics' ->> 'time_to_last_close', resolved_at - started_at" '105000|1 day 05:10:00'
	conversation '.statistics.time_to_last_close = 1 | .statistics.time_to_admin_reply = 2' >changed.json
	run_load changed.json
	known "resolved_at - started_at, first_response_at - started_at" '1 day 05:10:00|00:12:30'
}

@test "before 2.0, the start is the customer's first reply, whatever stands beside it" {
	old='.created_at -= 3600 | .customer_first_reply = {created_at: 1767603600, type: "conversation"} | del(.statistics)'
	equals "$(read_of "$old | del(.first_contact_reply)" started=)" started=2026-01-05T09:00:00Z
	carries "$old | del(.first_contact_reply)" started_at
	equals "$(read_of "$old | .first_contact_reply.created_at += 60" started=)" started=2026-01-05T09:01:00Z
	equals "$(read_of "$old | .first_contact_reply = null" started=)" started=2026-01-05T09:00:00Z
	equals "$(read_of "$old | .first_contact_reply = null | .customer_first_reply = null" started=)" started=2026-01-05T08:00:00Z
}

# --- the resolution (1.5, 1.7)

@test "resolved is the close that still holds, not the first one and not a repeated one" {
	equals "$(read_of 'del(.statistics)' resolved=)" resolved=2026-01-06T14:10:00Z
	again='.conversation_parts.conversation_parts += [.conversation_parts.conversation_parts[7] | .id = "31000000009" | .created_at += 60]'
	equals "$(read_of "del(.statistics) | $again" resolved=)" resolved=2026-01-06T14:10:00Z
}

@test "without parts, resolved is the last close of the statistics, when closed" {
	equals "$(read_of 'del(.conversation_parts)' resolved=)" resolved=2026-01-06T14:10:00Z
	equals "$(read_of 'del(.conversation_parts) | .state = "open"' resolved=)" ''
	equals "$(read_of 'del(.conversation_parts) | .state = "snoozed"' resolved=)" ''
}

@test "a page without statistics does not take back when it was resolved" {
	run_load "$data/conversation.json"
	for statistics in '.statistics = null' 'del(.statistics)'; do
		conversation "del(.conversation_parts) | .updated_at += 9 | $statistics | {conversations: [.]}" >page.json
		run_load page.json
		known "resolved_at, closed_by" '2026-01-06 14:10:00+00|bot'
	done
}

@test "a conversation that is closed though its parts leave it open takes the statistics' word" {
	equals "$(read_of '.conversation_parts.conversation_parts |= .[0:7]' resolved=)" resolved=2026-01-06T14:10:00Z
	equals "$(read_of '.conversation_parts.conversation_parts |= .[0:7] | .statistics.last_close_at = null' resolved=)" ''
}

@test "a conversation that is open is not resolved, whatever its parts say" {
	equals "$(read_of '.state = "open"' resolved=)$(read_of '.state = "open"' closed_by=)" ''
}

@test "who closed it is an admin, a bot or a customer: users, leads and contacts are customers" {
	for author in admin:admin bot:bot user:user lead:user contact:user; do
		equals "$(read_of ".conversation_parts.conversation_parts[7].author.type = \"${author%:*}\"" closed_by=)" "closed_by=${author#*:}"
	done
	equals "$(read_of '.conversation_parts.conversation_parts[7].author.type = "team"' closed_by=)" ''
	equals "$(read_of '.conversation_parts.conversation_parts[7].author = null' closed_by=)" ''
}

# --- parts (1.6, 1.7)

@test "where parts have no state, their type tells: closing, snoozing, and all that reopens" {
	for effect in close:closed snoozed:snoozed open:open unsnoozed:open timer_unsnooze:open assign_and_unsnooze:open \
		note_and_unsnooze:open note_and_reopen:open assign_and_reopen:open comment:- note:- quick_reply:- assignment:- \
		participant_added:- conversation_rating_changed:- ticket_state_updated_by_admin:- merged_primary_conversation:- \
		never_heard_of:-; do
		equals "$(states_of ".conversation_parts.conversation_parts |= [.[4] | del(.state) | .part_type = \"${effect%:*}\"]")" "${effect#*:}"
	done
}

@test "the state of a part comes before its type" {
	equals "$(states_of '.conversation_parts.conversation_parts |= [.[4] | .part_type = "comment" | .state = "snoozed"]')" snoozed
	equals "$(states_of '.conversation_parts.conversation_parts |= [.[4] | .state = "no such state"]')" closed
}

@test "what a customer writes wakes a conversation, whoever the customer is called" {
	for author in user lead contact; do
		equals "$(states_of ".conversation_parts.conversation_parts |= [.[1] | del(.state) | .author.type = \"$author\"]")" open
	done
}

@test "an unknown type of part is kept" {
	equals "$(read_of '.conversation_parts.conversation_parts |= [.[4] | del(.state) | .part_type = "brand_new"]' event=)" \
		'event=31000000005@2026-01-06T09:20:00Z,brand_new,-,admin,reply,by=8811001'
}

@test "a part without a type is kept, and fails no run" {
	for type in null '""' absent; do
		conversation '.conversation_parts.conversation_parts[1] |= if $type == "absent" then del(.part_type) else .part_type = ($type | fromjson) end' \
			--arg type "$type" >untyped.json
		run_load untyped.json
		equals "$status" 0
	done
	equals "$(sql "SELECT count(*) FROM ttr_data.event WHERE type = ''")" 1
}

@test "parts are ordered by time, those of one second by their identifiers" {
	equals "$(read_of '.conversation_parts.conversation_parts |= reverse' event=)" "$(read_of . event=)"
	equals "$(states_of '.conversation_parts.conversation_parts |= [.[4], .[5], .[7] | .created_at = 1767604500]')" 'closed open closed'
}

@test "a part that is repeated counts once" {
	equals "$(read_of '.conversation_parts.conversation_parts |= . + [.[4]] + [.[0]]' event=)" "$(read_of . event=)"
}

@test "of more than 500 parts the oldest are missing: the total says so, and the first response is not taken from the rest" {
	equals "$(read_of '.conversation_parts |= (.conversation_parts |= .[4:] | .total_count = 8)' total=)" total=8
	equals "$(read_of '.conversation_parts |= (.conversation_parts |= .[4:] | .total_count = 8)' response=)" response=2026-01-05T09:12:30Z
	equals "$(read_of '.statistics.count_conversation_parts = 612' total=)" total=612
	! carries 'del(.statistics) | .conversation_parts |= (.conversation_parts |= .[4:] | .total_count = 8)' first_response_at
}

@test "the start is no event: a part may be called so" {
	conversation '.conversation_parts.conversation_parts[0].id = "start"' >start.json
	run_load start.json
	equals "$(sql "SELECT count(*) FROM ttr_data.event")" 8
	equals "$(sql "SELECT started_at, resolution_seconds FROM ttr.conversations")" '2026-01-05 09:00:00+00|6300'
}

# Of the event of one part, changed by a filter, what stands behind the teammate who did it.
change_of() {
	conversation ".conversation_parts.conversation_parts |= [.[2] | $1]" >read.json
	same_by_any_read_size read.json
	"$CHECKOUT/build/reading" read.json | sed -n 's/.*,snoozed,snoozed,admin,by=8811001\(.*\) teammate=.*/\1/p'
}

@test "a part of any type keeps the teammate or the team that it assigns the conversation to" {
	equals "$(change_of '.assigned_to = {type: "admin", id: "7"}')" ,to=7
	equals "$(change_of '.assigned_to = {type: "team", id: 77}')" ,team=77
	equals "$(change_of '.assigned_to = 7')$(change_of '.assigned_to = "7"')$(change_of '.assigned_to = {id: "7"}')" ,to=7,to=7,to=7
}

@test "a part that takes the conversation away assigns it to 0: to nobody, to a bot, or to no team" {
	for nobody in 0 '"0"' '"0.0"' '{type: "nobody_admin", id: null}' '{type: "admin", id: 0}' '{type: "bot", id: "7"}'; do
		equals "$(change_of ".assigned_to = $nobody")" ,to=0
	done
	equals "$(change_of '.assigned_to = {type: "team", id: 0}')" ,team=0
}

@test "a part without an assignee changes none, and so does one of a type that is not known" {
	for unchanged in null '""' '{}' '{type: "admin", id: null}' '{type: "team"}' '{type: "brand_new", id: "7"}'; do
		equals "$(change_of ".assigned_to = $unchanged")" ''
	done
	equals "$(change_of 'del(.assigned_to)')" ''
}

@test "a part with both identifiers, as since version 2.17, changes the teammate and the team" {
	equals "$(change_of '.admin_assignee_id = 7 | .team_assignee_id = 77')" ,to=7,team=77
	equals "$(change_of '.admin_assignee_id = 0 | .team_assignee_id = 0')" ,to=0,team=0
	equals "$(change_of '.admin_assignee_id = null | .team_assignee_id = null')" ''
	equals "$(change_of '.assigned_to = {type: "team", id: "77"} | .admin_assignee_id = 0 | .team_assignee_id = 77')" ,to=0,team=77
	equals "$(change_of '.assigned_to = {type: "bot", id: "5"} | .admin_assignee_id = 5')" ,to=0
}

# The teammate whom the event of one part names as its author, where a filter changes the part.
author_of() {
	read_of ".conversation_parts.conversation_parts |= [.[2] | $1]" event= | sed 's/.*,snoozed,snoozed,//'
}

@test "a part keeps who did it if that is a teammate, and never a customer or a bot" {
	equals "$(author_of .)" admin,by=8811001
	equals "$(author_of '.author.id = 8811001')" admin,by=8811001
	equals "$(author_of '.author.type = "bot"')" bot
	for customer in user lead contact; do
		equals "$(author_of ".author.type = \"$customer\"")" user
	done
	for other in '.author = null' '.author = 8811001' 'del(.author.type)' '.author.type = "team"'; do
		equals "$(author_of "$other")" -
	done
}

@test "a teammate without an identifier is nobody who is known" {
	for unknown in 'del(.author.id)' '.author.id = null' '.author.id = 0' '.author.id = "0"' '.author.id = "NaN"' '.author.id = ""'; do
		equals "$(author_of "$unknown")" admin
	done
}

@test "an author whose identifier is none, or too long, or rounded, is a reject" {
	for bad in 'true:wrong_type' '([range(513)] | map("x") | add):value_too_long' '"8.811E+06":rounded_identifier'; do
		conversation ".conversation_parts.conversation_parts[1].author.id = ${bad%:*}" >bad.json
		equals "$("$CHECKOUT/build/reading" bad.json | cut -d' ' -f 2-4 | head -n 1)" "reject ${bad#*:} author.id:"
	done
}

@test "events say who did them and who has the conversation from then on; 0 is no teammate, and nobody's conversation" {
	conversation '.conversation_parts.conversation_parts |= (.[2].assigned_to = {type: "nobody_admin", id: null} |
	              .[6].assigned_to = {type: "team", id: 77} | .[7].assigned_to = {type: "team", id: 0}) | .admin_assignee_id = 0' >taken.json
	run_load taken.json
	equals "$status" 0
	equals "$(sql "SELECT right(event_id, 1), author, author_id, assignee_id, team_id FROM ttr_data.event ORDER BY event_id")" '1|bot||8811001|
2|admin|8811001||
3|admin|8811001|0|
4|bot|||
5|admin|8811001||
6|user|||
7|admin|8811001||77
8|bot|||0'
	equals "$(sql 'SELECT teammate_id FROM ttr_data.teammate')" 8811001
	known assignee_id ''
}

@test "a newer export that knows who did it, or that it took the conversation away, changes the event, in any order" {
	conversation 'del(.conversation_parts.conversation_parts[].author.id)' >nameless.json
	conversation '.updated_at += 60 | .conversation_parts.conversation_parts[2].assigned_to = 0' >named.json
	ttr-load --init
	for order in 'nameless named' 'named nameless' 'named named'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event'
		for file in $order; do
			run_load --no-refresh $file.json
		done
		equals "$(sql "SELECT count(author_id), count(*) FILTER (WHERE assignee_id = '0') FROM ttr_data.event")" '4|1'
	done
}

@test "a part whose assignee is no identifier is rejected" {
	conversation '.conversation_parts.conversation_parts[0].assigned_to = true' >odd.json
	equals "$("$CHECKOUT/build/reading" odd.json | cut -d' ' -f 2-5 | head -n 1)" 'reject wrong_type conversation_parts.assigned_to: a'
}

@test "a part keeps the tags that it adds and removes, as names or as objects with names" {
	equals "$(change_of '.event_details = {tags_added: ["vip", "b;c"], tags_removed: ["trial"]}')" ',tags=+vip; +b\;c; -trial'
	equals "$(change_of '.event_details = {tags_added: [{id: "1", name: "vip"}, {name: 7}, {id: "2"}], tags_removed: []}')" ',tags=+vip; +7'
	equals "$(change_of '.tags = [{type: "tag", id: "1", name: "vip"}]')" ,tags=+vip
	equals "$(change_of '.tags = ["vip"] | .event_details = {tags_removed: ["trial"]}')" ,tags=-trial
	equals "$(change_of '.tags = [] | .event_details = {until: "until tomorrow"}')" ''
	equals "$(change_of '.tags = null | .event_details = {tags_added: null}')" ''
}

@test "each part keeps its own tags, in whatever order the parts stand" {
	two='.conversation_parts.conversation_parts |= (.[1].tags = ["a"] | .[5].tags = ["b", "c"])'
	equals "$(read_of "$two" event= | grep -o '[0-9]*@[^ ]*,tags=[^ ]*' | sed 's/@.*,/ /')" $'31000000002 tags=+a\n31000000006 tags=+b;'
	equals "$(read_of "$two | .conversation_parts.conversation_parts |= reverse" event=)" "$(read_of "$two" event=)"
}

@test "a tag of a part is no longer than any other" {
	conversation '.conversation_parts.conversation_parts[0].tags = [[range(513)] | map("x") | add]' >long.json
	equals "$("$CHECKOUT/build/reading" long.json | cut -d' ' -f 2-4 | head -n 1)" 'reject value_too_long conversation_parts:'
}

@test "parts stand in a list object, or in a plain array" {
	equals "$(read_of '.conversation_parts |= .conversation_parts' event=)" "$(read_of . event=)"
}

# --- webhooks

@test "a webhook with one part clears nothing that is known" {
	run_load "$data/conversation.json"
	before=$(sql "SELECT user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
	                     message_count, reopen_count FROM ttr_data.conversation")
	jq -c '.data.item.updated_at += 60 | .data.item.conversation_parts.conversation_parts[0] |= (.id = "31000000009" |
	       .part_type = "note" | .created_at += 60 | .author.type = "admin")' "$data/webhook.json" >note.json
	run_load note.json
	equals "$status" 0
	equals "$(sql "SELECT user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
	                     message_count, reopen_count FROM ttr_data.conversation")" "$before"
}

@test "a webhook that does not tell the start moves neither it nor the timeline" {
	ttr-load --init
	for statistics in 'del(.statistics)' '.statistics = null' '.statistics = null | .first_contact_reply = null'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
		conversation '.created_at -= 36000' >full.json
		run_load full.json
		before=$(sql "SELECT started_at, open_intervals FROM ttr_data.conversation")
		conversation "del(.first_contact_reply) | .created_at -= 36000 | .updated_at += 9 | $statistics
		              | {type: \"notification_event\", data: {item: .}}" >webhook.json
		run_load webhook.json
		equals "$(sql "SELECT started_at, open_intervals FROM ttr_data.conversation")" "$before"
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
		run_load webhook.json
		run_load full.json
		equals "$(sql "SELECT started_at, open_intervals FROM ttr_data.conversation")" "$before"
	done
}

@test "a webhook of a close resolves a conversation that was open" {
	conversation '.state = "open" | .updated_at -= 10 | .conversation_parts.conversation_parts |= .[0:7]' >open.json
	run_load open.json
	known 'state, resolved_at, closed_by' 'open||'
	run_load "$data/webhook.json"
	equals "$(field .load.updated)" 1
	known 'state, resolved_at, closed_by, first_response_at, message_count' 'closed|2026-01-06 14:10:00+00|bot|2026-01-05 09:12:30+00|8'
}

@test "a webhook of old, with ISO times in its statistics" {
	jq -c '.data.item.statistics = {first_contact_reply_at: "2026-01-05T09:00:00.000Z", first_admin_reply_at: "2026-01-05T09:12:30Z",
	       last_close_at: "2026-01-06T14:10:00+00:00"}' "$data/webhook.json" >old.json
	run_load old.json
	equals "$status" 0
	known 'started_at, first_response_at, resolved_at' '2026-01-05 09:00:00+00|2026-01-05 09:12:30+00|2026-01-06 14:10:00+00'
}

# --- all parts that are known, whichever record told them

# A conversation that was closed by an admin, reopened, and closed by a bot: told with the first five parts, by a webhook of
# the reopening, by one of what came after, and by a page without parts that is newer than all of them.
pieces() {
	conversation '.updated_at = 1767691200 | .conversation_parts |= (.conversation_parts |= .[:5] | .total_count = 5)
	              | .statistics |= (.count_conversation_parts = 5 | .count_reopens = 0 | .last_close_at = 1767691200)' >first.json
	conversation '.updated_at = 1767704400 | .state = "open" | .conversation_parts.conversation_parts |= .[5:6]
	              | del(.statistics) | {type: "notification_event", data: {item: .}}' >reopened.json
	conversation '.updated_at = 1767708601 | .conversation_parts.conversation_parts |= .[6:]
	              | del(.statistics) | {type: "notification_event", data: {item: .}}' >closed.json
	conversation 'del(.conversation_parts) | .statistics.first_admin_reply_at += 60 | {conversations: [.]}' >page.json
}

@test "what follows from parts does not depend on the order in which they are loaded" {
	pieces
	ttr-load --init
	for order in {first,reopened,closed,page}' '{first,reopened,closed,page}' '{first,reopened,closed,page}' '{first,reopened,closed,page}; do
		[ "$(tr ' ' '\n' <<<"$order" | sort -u | wc -l)" = 4 ] || continue
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
		for export in $order; do
			run_load --no-refresh $export.json
			# A closer is never that of another close.
			equals "$(sql "SELECT count(*) FROM ttr_data.conversation
			               WHERE closed_by IS DISTINCT FROM 'admin' AND resolved_at < '2026-01-06 14:00+00' OR
			                     closed_by = 'admin' AND (resolved_at IS NULL OR resolved_at > '2026-01-06 14:00+00')")" 0
		done
		known 'state, resolved_at, closed_by, first_response_at, reopen_count' \
			'closed|2026-01-06 14:10:00+00|bot|2026-01-05 09:12:30+00|1'
		equals "$(sql 'SELECT basis, resolution_seconds FROM ttr.conversations')" 'timeline|6300'
	done
}

@test "a newer page of a later close takes back who did the one before" {
	pieces
	run_load first.json
	known 'resolved_at, closed_by' '2026-01-06 09:20:00+00|admin'
	run_load page.json
	known 'resolved_at, closed_by' '2026-01-06 14:10:00+00|'
}

@test "a reopening takes back resolution and closer, and is counted" {
	conversation '.updated_at += 60 | .state = "open" | del(.statistics) | .conversation_parts.conversation_parts |= [.[5] | .id = "31000000009" | .created_at = 1767708660]
	              | {type: "notification_event", data: {item: .}}' >again.json
	ttr-load --init
	for order in "$data/conversation.json again.json" "again.json $data/conversation.json"; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
		for export in $order; do
			run_load $export
		done
		known 'state, resolved_at, closed_by, reopen_count' 'open|||2'
	done
}

@test "where parts are missing the record's own word counts" {
	conversation '.statistics.count_reopens = 4 | .conversation_parts |= (.conversation_parts |= .[5:] | .total_count = 612)' >truncated.json
	run_load truncated.json
	known 'resolved_at, closed_by, reopen_count, open_intervals' '2026-01-06 14:10:00+00|bot|4|'
}

# --- people (1.3)

@test "identifiers are numbers or strings; 0, 0.0 and null are nobody" {
	for nobody in 0 0.0 '"0"' '"0.0"' null; do
		echo "{\"type\":\"conversation\",\"id\":\"1\",\"state\":\"open\",\"created_at\":1767603600,\"admin_assignee_id\":$nobody}" >nobody.json
		equals "$("$CHECKOUT/build/reading" nobody.json | grep -c 'assignee=\|teammate=')" 0
	done
	equals "$(read_of '.admin_assignee_id = "8811001"' assignee=)" assignee=8811001
	equals "$(read_of '.id = 215470000123456' id=)" id=215470000123456
	conversation . | sed 's/"id":"215470000123456"/"id":98765432109876543210/' >big.json
	run_load big.json
	known conversation_id 98765432109876543210
}

@test "the assignee of versions before 2.2, whose type may be nobody" {
	equals "$(read_of 'del(.admin_assignee_id) | .assignee = {type: "admin", id: "8811001"}' assignee=)" assignee=8811001
	equals "$(read_of 'del(.admin_assignee_id) | .assignee = {type: "nobody_admin", id: null}' assignee=)" ''
	carries 'del(.admin_assignee_id) | .assignee = {type: "nobody_admin", id: null}' assignee_id
}

@test "an assignee that is a team is no teammate: its identifier is an attribute, unless the record names the team itself" {
	team='del(.admin_assignee_id, .team_assignee_id) | .assignee = {type: "team", id: "77"}'
	equals "$(read_of "$team" assignee=)$(read_of "$team" teammate=77)" ''
	equals "$(attribute team_assignee_id "$team")" 77
	equals "$(attribute team_assignee_id "$team | .team_assignee_id = 5")" 5
	equals "$(attribute team_assignee_id "$team | .assignee.id = 0")" ''
}

@test "an assignee's address and name are known, whatever the authors of parts say later" {
	andy='.assignee = {type: "admin", id: "8811001", name: "Andy", email: "andy@x.example"}'
	equals "$(read_of "del(.conversation_parts) | $andy" teammate=)" teammate=8811001,andy@x.example,Andy
	bare='.conversation_parts.conversation_parts[].author |= (del(.email) | .name = null)'
	equals "$(read_of "$andy | $bare" teammate=)" teammate=8811001,andy@x.example,Andy
	equals "$(read_of "$bare | .conversation_parts.conversation_parts[0].assigned_to |= . + {email: \"a@x.example\"}" teammate=)" teammate=8811001,a@x.example,
}

@test "the customer is the first contact, by the external identifier if there is one" {
	equals "$(read_of '.contacts.contacts[0].external_id = null' user=)" user=65a0c0ffee0000000000a001
	equals "$(read_of '.contacts.contacts |= [{id: "first"}, {id: "second", external_id: "x"}]' user=)" user=first
	equals "$(read_of '.contacts = [{id: "plain", external_id: "array"}]' user=)" user=array
	equals "$(read_of 'del(.contacts) | .user = {type: "user", id: "old", user_id: "external"}' user=)" user=external
}

@test "an assignee of whom nothing else is told keeps no other's address" {
	run_load "$data/conversation.json"
	conversation 'del(.conversation_parts) | .admin_assignee_id = 9 | .updated_at += 60' >other.json
	run_load other.json
	equals "$(sql 'SELECT assignee FROM ttr.conversations')" 9
	equals "$(read_of 'del(.conversation_parts) | .admin_assignee_id = 9' teammate=)" 'teammate=9,,'
}

# --- what else is odd

@test "a very old export has no state, but says whether it is open" {
	equals "$(read_of 'del(.state) | .open = true' state=) $(read_of 'del(.state) | .open = false' state=)" 'state=open state=closed'
	equals "$(read_of 'del(.state) | .open = true | .snoozed_until = 1767859200' state=)" state=snoozed
}

@test "open is true while snoozed: the state counts" {
	equals "$(read_of '.open = true | .state = "snoozed"' state=)" state=snoozed
}

@test "an implausible time in a field that is not read harms nobody" {
	equals "$(read_of '.waiting_since = 64654125776' id=)" id=215470000123456
}

@test "times in milliseconds are recognised" {
	equals "$(read_of '.created_at *= 1000 | .first_contact_reply.created_at *= 1000' started=)" started=2026-01-05T09:00:00Z
}

@test "local times of parts are read in the zone that was named, as the start is" {
	conversation '.created_at = "2026-01-05 04:00:00" | .first_contact_reply.created_at = .created_at | del(.statistics)
	              | .conversation_parts |= (.conversation_parts |= [.[4] | .created_at = "2026-01-05 05:00:00"] | .total_count = 1)' >local.json
	run_load --timezone=America/New_York local.json
	equals "$(field .load.naive_timestamps)" 3
	equals "$(sql "SELECT resolved_at, open_intervals, resolution_seconds FROM ttr_data.counted")" \
		'2026-01-05 10:00:00+00|{["2026-01-05 09:00:00+00","2026-01-05 10:00:00+00")}|3600'
}

@test "local times of parts that a clock change skips or repeats are counted, the start once" {
	conversation '.created_at = "2026-03-08 02:30:00" | .first_contact_reply = null | del(.statistics) | .state = "open"
	              | .conversation_parts |= (.conversation_parts |= [.[1], .[6] | .created_at = ("2026-03-08 02:45:00", "2026-11-01 01:30:00")])' >local.json
	jq -c '.conversation_parts.conversation_parts |= [.[0], .[3] | .id += "0"]' local.json >two.json
	run_load --timezone=America/New_York two.json
	equals "$(field '.load | [.naive_timestamps, .ambiguous_timestamps]')" '[3,3]'
}

@test "tags are a list object or a plain array" {
	equals "$(read_of '.tags = [{type: "tag", id: "1", name: "vip"}]' tag=)" tag=vip
	equals "$(read_of '.tags = {type: "tag.list", tags: []}' tag=)" ''
	equals "$(read_of '.tags = {type: "tag.list", tags: null}' tag=)" ''
}

@test "an object that has no list of tags is rejected, and clears none" {
	run_load "$data/conversation.json"
	for tags in '{}' '{type: "tag.list"}' '{type: "tag.list", tags: "vip"}' '{tags: {name: "vip"}}'; do
		conversation ".updated_at += 60 | .tags = $tags" >odd.json
		sql 'TRUNCATE ttr_data.reject'
		run_load odd.json
		equals "$(rejects)" '1|wrong_type|tags'
		known tags '{"billing, refund"}'
	done
}

@test "the name of a tag may be a number" {
	equals "$(read_of '.tags.tags = [{name: 2024}, {name: "b"}]' tag=)" "tag=2024 tag=b"
}

@test "custom attributes are kept with their names, numbers and times; what people wrote is not" {
	run_load "$data/conversation.json"
	known "attributes -> 'custom_attributes'" '{"Due": "2026-01-09T00:00:00Z", "Refund amount": 19.5, "Zwölf/ключ": null}'
	known "attributes::text ~ 'charged twice|Refund sent'" f
	known "attributes -> 'sla_applied' ->> 'sla_name', attributes ->> 'team_assignee_id', attributes -> 'conversation_rating' ->> 'rating'" 'Gold|550001|4'
}

@test "tickets and contacts are no conversations" {
	printf '%s\n' '{"type":"ticket","id":"1","created_at":1767603600,"ticket_state":"submitted","ticket_parts":{}}' \
		'{"type":"contact","id":"1","created_at":1767603600}' \
		'{"object":"contact","id":"1","deleted":true}' \
		'{"type":"notification_event","topic":"ticket.created","data":{"item":{"type":"ticket","id":"1"}}}' >others.ndjson
	run_load others.ndjson
	equals "$status" 4
	equals "$(rejects)" $'1|not_a_conversation|type\n2|not_a_conversation|type\n3|not_a_conversation|object\n4|not_a_conversation|type'
}

# What becomes of each of the lines given: its first words.
verdicts_of() {
	printf '%s\n' "$@" >lines.ndjson
	same_by_any_read_size lines.ndjson
	"$CHECKOUT/build/reading" lines.ndjson | sed '$d' | cut -d' ' -f 2-6 | sed 's/ carries.*//'
}

@test "a deleted conversation is one, however that is said, since then" {
	equals "$(verdicts_of '{"id":"1","object":"conversation","deleted":true}' \
		'{"type":"conversation","id":"1","deleted":true}' \
		'{"type":"conversations.list","conversations":[{"type":"conversation","id":"1","metrics_retained":true,"deleted_at":1767603600}],"pages":{}}' \
		'{"type":"notification_event","topic":"conversation.deleted","created_at":1767603600,"data":{"item":{"type":"conversation_deleted","id":"1"}}}' \
		'{"type":"notification_event","topic":"conversation.deleted","created_at":5,"data":{"item":{"type":"conversation","id":1,"deleted_at":1767603600}}}')" \
		'conversation id=1 state=deleted
conversation id=1 state=deleted
conversation id=1 state=deleted updated=2026-01-05T09:00:00Z
conversation id=1 state=deleted updated=2026-01-05T09:00:00Z
conversation id=1 state=deleted updated=2026-01-05T09:00:00Z'
}

@test "a conversation that says that it is not deleted stands" {
	equals "$(read_of '.deleted = false | .deleted_at = null' state=)" state=closed
	equals "$(read_of '.deleted_at = 0' state=)" state=closed
}

@test "a deletion that does not say of what is rejected" {
	equals "$(verdicts_of '{"type":"conversation_deleted"}' | cut -d: -f 1)" 'reject missing_id id'
}

@test "pings, and notifications of contacts and companies, are ignored, and no rejects" {
	equals "$(verdicts_of '{"type":"notification_event","topic":"ping","data":{"item":{"type":"ping","message":"x"}}}' \
		'{"type":"notification_event","topic":"ping"}' \
		'{"type":"notification_event","topic":"contact.created","data":{"item":{"type":"contact","id":"1"}}}' \
		'{"type":"notification_event","topic":"company.updated","data":{"item":{"type":"company","id":"1"}}}' \
		'{"type":"notification_event","topic":"conversation_part.redacted","data":{"item":{"type":"conversation_part","id":"1"}}}')" \
		$'ignored\nignored\nignored\nignored\nignored'
}

@test "a file of nothing but pings loads, with a warning" {
	echo '{"type":"notification_event","topic":"ping","data":{"item":{"type":"ping"}}}' >pings.json
	run --separate-stderr "$CHECKOUT/build/reading" pings.json
	equals "$status" 0
	contains "$stderr" '"pings.json" holds no conversations, but records about other things: 1'
}

@test "the same conversation as a page and with its parts does not go back and forth" {
	run_load "$data/conversation.json"
	conversation '{conversations: [del(.conversation_parts)]}' >page.json
	run_load page.json
	equals "$(field '.load | [.unchanged, .updated]')" '[1,0]'
	run_load "$data/conversation.json"
	equals "$(field '.load | [.unchanged, .updated]')" '[1,0]'
}
