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
