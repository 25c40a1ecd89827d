#!/usr/bin/env bats
# The backlog of every day, from what Intercom's API exports: closes that did not hold, snoozes, and what became known later.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# Histories count in hours from 2025-05-01 00:00 UTC on.
backlog() {
	sql "SELECT string_agg(concat_ws(' ', extract(day FROM day), opened, reopened, closed, total_running, total_snoozed), E'\n' ORDER BY day)
	     FROM ttr.backlog WHERE day < '2025-05-05'"
}

@test "a close that did not hold left the backlog until the reopening" {
	history 1 10 closed 85 admin:comment@12 admin:close@20 user:open@60 admin:close@85 >history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 1 0 1 0 0
2 0 0 0 0 0
3 0 1 0 1 0
4 0 0 1 0 0"
}

@test "a snooze stays in the backlog" {
	history 1 10 open 60 admin:snoozed@12 bot:timer_unsnooze@60 >history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 1 0 0 1 1
2 0 0 0 1 1
3 0 0 0 1 0
4 0 0 0 1 0"
}

@test "a close ends a snooze, and the snooze that lasts has no end" {
	history 1 10 closed 30 admin:snoozed@12 admin:close@30 >history.json
	history 2 10 snoozed 12 admin:snoozed@12 >>history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 2 0 0 2 2
2 0 0 1 1 1
3 0 0 0 1 1
4 0 0 0 1 1"
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "what is closed in the second in which it is opened was in the backlog at no day's end" {
	history 1 10 closed 60 bot:close@10 user:open@60 bot:close@60 >history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 1 0 1 0 0
2 0 0 0 0 0
3 0 1 1 0 0
4 0 0 0 0 0"
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "a message of the team that waits closed for an answer is opened on its day, and again with the answer" {
	history 1 10 open 60 bot:close@10 user:open@60 >history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 1 0 1 0 0
2 0 0 0 0 0
3 0 1 0 1 0
4 0 0 0 1 0"
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "the last close stands on the day of the resolution" {
	history 1 10 closed 60 bot:close@11 user:open@60 admin:close@60 >history.json
	run_load --exported-at=2025-05-06T00:00:00Z history.json
	equals "$(backlog)" "1 1 0 1 0 0
2 0 0 0 0 0
3 0 1 1 0 0
4 0 0 0 0 0"
	equals "$(sql "SELECT day, total_closed FROM ttr.daily")" '2025-05-03|1'
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "a later export that knows more changes the days in between, whatever the order of loads" {
	history 1 10 open 10 >first.json
	history 2 34 open 34 >>first.json
	history 1 10 closed 85 admin:comment@12 admin:close@20 user:open@60 admin:close@85 >second.json
	run_load --exported-at=2025-05-02T12:00:00Z first.json
	equals "$(backlog)" "1 1 0 0 1 0
2 1 0 0 2 0"
	run_load --exported-at=2025-05-06T00:00:00Z second.json
	backlog >forwards
	equals "$(cat forwards)" "1 1 0 1 0 0
2 1 0 0 1 0
3 0 1 0 2 0
4 0 0 1 1 0"
	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.load CASCADE'
	run_load --exported-at=2025-05-06T00:00:00Z second.json
	run_load --exported-at=2025-05-02T12:00:00Z first.json
	equals "$(backlog)" "$(cat forwards)"
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "a table without timelines has its backlog from spans" {
	printf '%s\n' conversation_id,user_id,started_at,resolved_at,state,assignee_email \
		1,u,2025-05-01T10:00:00Z,2025-05-03T10:00:00Z,closed,ann@x \
		2,u,2025-05-02T10:00:00Z,,snoozed,ann@x >table.csv
	run_load --exported-at=2025-05-06T00:00:00Z table.csv
	equals "$(backlog)" "1 1 0 0 1 0
2 1 0 0 2 1
3 0 0 1 1 1
4 0 0 0 1 1"
}
