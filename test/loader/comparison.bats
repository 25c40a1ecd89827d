#!/usr/bin/env bats
# The figures of dbt_intercom from the same events: where they differ from ours, doc/comparison.md says why.

bats_require_minimum_version 1.5.0
load support

# What int_intercom__conversation_part_aggregates and intercom__conversation_metrics make of the parts, in hours.
dbt_intercom() {
	sql "SELECT conversation_id, round(extract(epoch FROM first_close - first_contact_reply) / 3600, 2),
	            round(extract(epoch FROM last_close - first_contact_reply) / 3600, 2), round(extract(epoch FROM first_response - started_at) / 3600, 2)
	     FROM (SELECT conversation_id,
	                  min(at) FILTER (WHERE type = 'comment' AND author = 'user') AS first_contact_reply,
	                  min(at) FILTER (WHERE type = 'close') AS first_close,
	                  max(at) FILTER (WHERE type = 'close') AS last_close,
	                  min(at) FILTER (WHERE type IN ('comment', 'assignment') AND is_reply) AS first_response
	           FROM ttr_data.event GROUP BY conversation_id) AS part
	     JOIN ttr_data.conversation USING (conversation_id) ORDER BY conversation_id COLLATE \"C\""
}

@test "the conversation of the manual has the hours that it says, by each definition" {
	history 1 9 closed 57.5 admin:COMMENT@9.5 user:COMMENT@10 admin:snoozed@10.5 bot:timer_unsnooze@34.5 admin:COMMENT@35 admin:close@35 \
		user:COMMENT@57 admin:close@57.5 >conversation.json
	run_load conversation.json
	equals "$(sql "SELECT resolution_seconds / 3600, elapsed_seconds / 3600, waiting_seconds / 3600, first_response_seconds / 3600 FROM ttr.conversations")" \
		'2.5|48.5|26|0.5'
	equals "$(sql "SELECT array_agg(s / 3600) FROM ttr_data.counted, unnest(next_response_seconds) AS s")" '{0.5,25}'
	equals "$(dbt_intercom)" '1|25.00|47.50|0.50'
}

@test "a conversation with one message of the customer has no time to close there, and one here" {
	history 1 9 closed 10 admin:COMMENT@9.5 admin:close@10 >conversation.json
	run_load conversation.json
	equals "$(dbt_intercom)" '1|||0.50'
	equals "$(sql 'SELECT resolution_seconds FROM ttr.conversations')" 3600
}

@test "a conversation that is open again has a time to close there, and none here" {
	history 1 9 open 20 admin:COMMENT@9.5 user:COMMENT@10 admin:close@11 user:COMMENT@20 >conversation.json
	run_load conversation.json
	equals "$(dbt_intercom)" '1|1.00|1.00|0.50'
	equals "$(sql 'SELECT is_closed, resolution_seconds FROM ttr.conversations')" 'f|'
}

@test "where neither was snoozed, reopened or written to twice before a close, both differ by the wait until the second message" {
	for i in 1 2 3 4 5; do
		history "$i" 9 closed 15 "admin:COMMENT@9.$i" "user:COMMENT@1$i" 'admin:COMMENT@15' 'admin:close@15'
	done >conversations.json
	run_load conversations.json
	equals "$(sql "SELECT count(*), bool_and(resolution_seconds = elapsed_seconds) FROM ttr.conversations WHERE is_closed")" '5|t'
	equals "$(dbt_intercom | cut -d'|' -f 2 | tr '\n' ' ')" '4.00 3.00 2.00 1.00 0.00 '
	equals "$(sql 'SELECT DISTINCT resolution_seconds / 3600 FROM ttr.conversations')" 6
}

# Of the assignments and closes: how often a part of such a type is there, and the hours to the first assignment, close and admin's close.
dbt_intercom_handling() {
	sql "SELECT count_assignments, round(extract(epoch FROM first_assignment - started_at) / 3600, 2),
	            round(extract(epoch FROM first_close - first_contact_reply) / 3600, 2),
	            round(extract(epoch FROM first_admin_close - first_contact_reply) / 3600, 2), last_close_by
	     FROM (SELECT conversation_id,
	                  count(*) FILTER (WHERE type LIKE '%assignment%') AS count_assignments,
	                  min(at) FILTER (WHERE type LIKE '%assignment%') AS first_assignment,
	                  min(at) FILTER (WHERE type = 'comment' AND author = 'user') AS first_contact_reply,
	                  min(at) FILTER (WHERE type = 'close') AS first_close,
	                  min(at) FILTER (WHERE type = 'close' AND author = 'admin') AS first_admin_close,
	                  (array_agg(author ORDER BY at DESC) FILTER (WHERE type = 'close'))[1] AS last_close_by
	           FROM ttr_data.event GROUP BY conversation_id) AS part
	     JOIN ttr_data.conversation USING (conversation_id)"
}

@test "assignments by the type of a part are not those of whom it was assigned to" {
	# The first part of that type has a text and assigns nobody; what assigns at last is of another type.
	history 1 9 closed 20 'admin:ASSIGNMENT@10' 'user:COMMENT@11' 'admin:close@12' 'user:OPEN@13' 'admin:assign_and_reopen@14' 'bot:close@15' |
		jq -c '.conversation_parts.conversation_parts[4].assigned_to = {"type": "admin", "id": "7"}' >conversation.json
	run_load conversation.json
	equals "$(dbt_intercom_handling)" '1|1.00|1.00|1.00|bot'
	equals "$(sql "SELECT assignment_count, round(first_assignment_seconds / 3600), round(first_close_seconds / 3600),
	                      round(first_teammate_close_seconds / 3600), closed_by FROM ttr.handling_by_conversation")" '1|5|3|3|bot'
}
