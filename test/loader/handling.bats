#!/usr/bin/env bats
# Who handled what, from the parts of exports to the views: who had a conversation, who replied and who closed it. test/handling.py counts the
# same of random conversations.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# Whoever has a part may stand for an author or a new assignee.
somebody() {
	case $1 in
		ann) echo '{"type":"admin","id":"1"}' ;;
		bob) echo '{"type":"admin","id":"2"}' ;;
		unnamed) echo '{"type":"admin","id":null}' ;;
		billing) echo '{"type":"team","id":"70"}' ;;
		sales) echo '{"type":"team","id":"80"}' ;;
		nobody) echo '{"type":"nobody_admin","id":"0"}' ;;
		bot) echo '{"type":"bot","id":"9"}' ;;
		*) echo "{\"type\":\"$1\",\"id\":\"5\"}" ;;
	esac
}

# A conversation of the API: story STATE UPDATED [BY:TYPE[>ASSIGNEE]@HOUR]..., from hour 0 on; a type in capitals has a text. Of the record:
# $id, 1 if it is not set, the identifier $assignee, and how many parts the vendor counts besides, $missing.
story() {
	local state=$1 updated=$2 part parts='' number=0
	shift 2
	for part; do
		local by=${part%%:*} type=${part#*:} body=null to=null
		local hour=${type##*@}
		type=${type%@*}
		[[ $type != *'>'* ]] || to=$(somebody "${type#*>}")
		type=${type%>*}
		[[ $type == "${type,,}" ]] || body='"<p>text</p>"'
		number=$((number + 1))
		parts+="${parts:+,}{\"id\":\"$number\",\"part_type\":\"${type,,}\",\"body\":$body,\"created_at\":$(at "$hour"),\"author\":$(somebody "$by"),\"assigned_to\":$to}"
	done
	printf '{"type":"conversation","id":"%s","created_at":%d,"first_contact_reply":{"created_at":%d},"updated_at":%d,"state":"%s","admin_assignee_id":%s,"conversation_parts":{"conversation_parts":[%s],"total_count":%d}}\n' \
		"${id:-1}" "$(at 0)" "$(at 0)" "$(at "$updated")" "$state" "${assignee:-null}" "$parts" $((number + ${missing:-0}))
}

# Loads one conversation alone: tell STATE UPDATED [PART]...
tell() {
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.handling, ttr_data.teammate, ttr_data.load CASCADE'
	story "$@" >story.json
	run_load --exported-at=2025-05-03T00:00:00Z story.json
	equals "$status" 0
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
}

# Each handler with the hours held, in one line: ann 2 bob 3
held() {
	named 'held_hours IS NOT NULL' held_hours
}

# Of the handlers with this condition: named CONDITION EXPRESSION
named() {
	sql "SELECT string_agg(CASE concat(handler_type, handler) WHEN 'teammate1' THEN 'ann' WHEN 'teammate2' THEN 'bob' WHEN 'teammate' THEN 'unnamed'
	                            WHEN 'team70' THEN 'billing' WHEN 'team80' THEN 'sales' ELSE handler_type END || ' ' || ($2), ' '
	                       ORDER BY handler_type DESC, handler)
	     FROM ttr.handling WHERE $1"
}

all_of() {
	sql "SELECT $1 FROM ttr.handling_by_conversation"
}

# Everything that the views say of handlers, sorted, as test/handling.py prints it.
handled() {
	sql "SELECT 'handling', h.conversation_id, h.handler_type, h.handler, is_closed, held_seconds, h.assignment_count, h.handoff_count,
	            h.reply_count, h.close_count, has_resolved, was_reopened,
	            ARRAY(SELECT s FROM unnest(ttr.each_seconds(f.answered_waits)) AS s ORDER BY s)
	     FROM ttr.handling AS h
	     JOIN ttr_data.handling AS f ON (f.conversation_id, f.handler_type, f.handler_id) = (h.conversation_id, h.handler_type, coalesce(h.handler, ''));
	     SELECT 'handling_by_conversation', conversation_id, first_assignment_seconds, first_close_seconds, first_teammate_close_seconds,
	            handling_seconds, unassigned_seconds, assignment_count, team_assignment_count, handoff_count, reply_count, replying_teammates
	     FROM ttr.handling_by_conversation;
	     SELECT 'by_teammate', teammate, total, held_median_hours, held_hours, assignments, handoffs, total_closed, reopened_ratio, replies,
	            next_response_count, next_response_median_hours
	     FROM ttr.by_teammate;
	     SELECT 'by_team', team, total, held_median_hours, held_hours, assignments, handoffs FROM ttr.by_team;
	     SELECT 'clocks', clock, total, median_hours, mean_hours FROM ttr.clocks;
	     SELECT 'clocks_by_closer', clock, closed_by, total, median_hours, mean_hours FROM ttr.clocks_by_closer" | LC_ALL=C sort
}

# load_in_order EXPORT...: into an empty database, one load an export
load_in_order() {
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.handling, ttr_data.teammate, ttr_data.load CASCADE'
	for export; do
		run_load --exported-at="$as_of" "$export"
		equals "$status" 0
	done
	equals "$(sql 'SELECT * FROM ttr.check()')" ''
}

@test "an assignment is held until the next one, and what is snoozed or closed is held by nobody" {
	tell closed 12 'bot:assignment>ann@1' 'ann:assignment>bob@3' 'bob:snoozed@5' 'bot:timer_unsnooze@8' 'bob:close@10'
	equals "$(held)" 'ann 2 bob 4'
	equals "$(all_of "first_assignment_seconds / 3600, handling_hours, unassigned_seconds / 3600, assignment_count, handoff_count")" '1|6|1|2|1'
	equals "$(named has_resolved close_count)" 'bob 1'
}

@test "nobody, or a bot, takes it from a teammate; a team does not" {
	tell closed 12 'bot:assignment>ann@0' 'ann:assignment>nobody@2' 'ann:close@10'
	equals "$(held)" 'ann 2'
	equals "$(all_of 'unassigned_seconds / 3600')" 8
	tell closed 12 'bot:assignment>ann@0' 'ann:assignment>bot@3' 'ann:close@10'
	equals "$(held)" 'ann 3'
	tell closed 12 'bot:assignment>ann@0' 'ann:assignment>billing@4' 'ann:assignment>sales@6' 'ann:close@10'
	equals "$(held)" 'ann 10 billing 2 sales 4'
	equals "$(named "handler_type = 'team'" handoff_count)" 'billing 1 sales 0'
}

@test "of two assignments in one second the later part holds" {
	tell closed 12 'bot:assignment>ann@1' 'bot:assignment>bob@1' 'bob:close@5'
	equals "$(held)" 'bob 4'
	equals "$(named 'assignment_count > 0' "assignment_count || '/' || handoff_count")" 'ann 1/1 bob 1/0'
}

@test "where no event assigns, whom the export names had it from the start on" {
	assignee=1 tell closed 12 'ann:COMMENT@1' 'ann:close@5'
	equals "$(held)" 'ann 5'
	equals "$(all_of 'assignment_count, first_assignment_seconds')" '0|'
	# One that assigns says that nobody had it before.
	assignee=2 tell closed 12 'ann:assignment>bob@1' 'ann:close@5'
	equals "$(held)" 'bob 4'
}

@test "a reply is of whoever wrote it, and ends the wait" {
	tell closed 12 'bot:assignment>ann@0' 'bob:COMMENT@1' 'user:COMMENT@2' 'unnamed:COMMENT@5' 'ann:close@6'
	equals "$(named 'reply_count > 0' reply_count)" 'bob 1 unnamed 1'
	equals "$(sql "SELECT teammate, next_response_count, next_response_median_hours FROM ttr.by_teammate WHERE replies > 0 ORDER BY 1")" $'2|1|1\n|1|3'
}

@test "a close is of whoever made it, and reopened where it did not hold" {
	tell closed 12 'ann:close@2' 'user:OPEN@3' 'bot:close@5'
	equals "$(named 'close_count > 0' "has_resolved || ' ' || was_reopened")" 'ann false true bot true false'
	equals "$(all_of 'closed_by, first_close_seconds / 3600, first_teammate_close_seconds / 3600')" 'bot|2|2'
	equals "$(sql 'SELECT total_closed, reopened_ratio FROM ttr.by_teammate')" '0|1'
	equals "$(sql "SELECT closed_by, median_hours FROM ttr.clocks_by_closer WHERE clock = 'first_close'")" 'bot|2'
}

@test "what was assigned before the start counts from the start on, and replies and closes before it do not count" {
	tell closed 12 'bot:assignment>ann@-5' 'ann:COMMENT@-4' 'ann:close@-3' 'user:OPEN@0' 'bob:COMMENT@2' 'bob:close@6'
	equals "$(held)" 'ann 6'
	equals "$(named true "reply_count || '/' || close_count")" 'ann 0/0 bob 1/1'
	equals "$(all_of 'first_assignment_seconds, first_close_seconds / 3600, unassigned_seconds')" '0|6|0'
}

@test "two replies end a wait each; of two in one second, or of two closes, one counts" {
	tell closed 12 'ann:COMMENT@1' 'user:COMMENT@2' 'ann:COMMENT@5' 'user:close@6'
	equals "$(sql 'SELECT replies, next_response_count, next_response_median_hours FROM ttr.by_teammate')" '2|2|2'
	equals "$(named 'close_count > 0' has_resolved)" 'user true'
	tell closed 12 'bob:COMMENT@1' 'ann:COMMENT@1' 'ann:close@6' 'user:OPEN@6' 'bob:close@6'
	equals "$(sql 'SELECT teammate, replies, next_response_count, total_closed, reopened_ratio FROM ttr.by_teammate ORDER BY 1')" $'1|1|0|0|1\n2|1|1|1|0'
	tell closed 12 'bot:assignment>ann@1' 'bot:assignment>nobody@1' 'bot:close@6'
	equals "$(all_of 'first_assignment_seconds / 3600, assignment_count, unassigned_seconds / 3600')" '1|1|6'
}

@test "a later export changes the rows and, once refreshed, the figures, whichever is loaded first" {
	story closed 5 'bot:assignment>ann@1' 'ann:close@5' >early.json
	story closed 12 'bot:assignment>ann@1' 'ann:close@5' 'user:OPEN@6' 'ann:assignment>bob@8' 'bob:close@10' >late.json
	as_of=2025-05-03T00:00:00Z
	load_in_order early.json
	equals "$(sql 'SELECT teammate, total_closed, held_hours FROM ttr.by_teammate')" '1|1|4'
	load_in_order early.json late.json
	equals "$(sql 'SELECT teammate, total_closed, held_hours FROM ttr.by_teammate ORDER BY 1')" $'1|0|6\n2|1|2'
	sql 'TABLE ttr_data.handling ORDER BY 1, 2, 3' >forwards
	load_in_order late.json early.json
	sql 'TABLE ttr_data.handling ORDER BY 1, 2, 3' | diff forwards -
}

@test "what lacks events has no handlers, also where a later export says so" {
	missing=1 tell closed 12 'bot:assignment>ann@0' 'ann:close@5'
	equals "$(sql 'SELECT count(*) FROM ttr_data.handling')" 0
	tell closed 12 'bot:assignment>ann@0' 'ann:close@5'
	equals "$(held)" 'ann 5'
	missing=1 story closed 20 'bot:assignment>ann@0' 'ann:close@5' >later.json
	run_load --exported-at=2025-05-04T00:00:00Z later.json
	equals "$(sql 'SELECT count(*) FROM ttr_data.handling')" 0
	equals "$(sql 'SELECT * FROM ttr.by_teammate')" ''
}

@test "a reload changes nothing, and a rename shows at once" {
	tell closed 12 'bot:assignment>ann@0' 'ann:close@5'
	run_load --no-refresh --exported-at=2025-05-03T00:00:00Z story.json
	equals "$(sql 'SELECT is_fresh FROM ttr.freshness')" t
	echo '{"admins":[{"id":"1","email":"Ann@x.example","name":"Ann"}]}' >admins.json
	run_load --no-refresh --admins=admins.json story.json
	equals "$(sql 'SELECT teammate FROM ttr.by_teammate')" ann@x.example
}

@test "random conversations: the views have what a walk through their parts counts, in any order of two exports" {
	as_of=2025-05-06T00:00:00Z
	for seed in 1 2 3; do
		"$CHECKOUT/test/handling.py" write 150 $seed early.json late.json
		for exports in early.json late.json 'early.json late.json' 'late.json early.json'; do
			# shellcheck disable=SC2086
			"$CHECKOUT/test/handling.py" expect "$(date -d $as_of +%s)" $exports | LC_ALL=C sort >expected
			# shellcheck disable=SC2086
			load_in_order $exports
			handled | diff expected - >differences || { echo "seed $seed, $exports:"; cat differences; return 1; }
		done
	done
}
