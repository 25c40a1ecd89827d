#!/usr/bin/env bats
# A customer who was forgotten stays so, whatever is loaded afterwards.

bats_require_minimum_version 1.5.0
load support

readonly data=$CHECKOUT/test/data/intercom

known() {
	sql "SELECT conversation_id, user_id, attributes FROM ttr_data.conversation ORDER BY 1"
}

two_customers() {
	export_csv a.csv +plan '1,ann,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,gold' \
		'2,bob,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,gold'
}

forget() {
	sql "SELECT ttr.forget('$1')"
}

@test "the same export again brings nothing back, and changes nothing" {
	two_customers
	run_load a.csv
	equals "$(forget ann)" 1
	run_load a.csv
	equals "$(field '.load | [.unchanged, .updated]')" '[2,0]'
	equals "$(known)" $'1||{}\n2|bob|{"plan": "gold"}'
}

@test "newer and older exports do not either, and what else they say is taken" {
	two_customers
	run_load --exported-at=2025-05-10T00:00:00Z a.csv
	forget ann
	sed 's/T10:00:00Z,closed/T11:00:00Z,closed/' a.csv >newer.csv
	run_load --exported-at=2025-05-11T00:00:00Z newer.csv
	equals "$(known)" $'1||{}\n2|bob|{"plan": "gold"}'
	equals "$(sql "SELECT resolved_at FROM ttr_data.conversation WHERE conversation_id = '1'")" '2025-05-01 11:00:00+00'
	sed 's/plan$/older/' a.csv >older.csv
	run_load --exported-at=2025-05-01T00:00:00Z older.csv
	equals "$(known)" $'1||{}\n2|bob|{"plan": "gold", "older": "gold"}'
}

@test "a conversation of a forgotten customer that was not known before is loaded without identity" {
	ttr-load --init
	equals "$(forget ann)" 0
	two_customers
	run_load a.csv
	equals "$(field '[.load.inserted, .total_closed]')" '[2,2]'
	equals "$(known)" $'1||{}\n2|bob|{"plan": "gold"}'
}

@test "a record that does not name the customer brings no attributes back either" {
	two_customers
	run_load --exported-at=2025-05-10T00:00:00Z a.csv
	forget ann
	echo '{"conversation_id":"1","state":"closed","started_at":"2025-05-01T08:00:00Z","name":"Ann"}' >nameless.json
	run_load --exported-at=2025-05-11T00:00:00Z nameless.json
	equals "$(known)" $'1||{}\n2|bob|{"plan": "gold"}'
	ttr-load --init
	forget carl
	echo '{"conversation_id":"3","user_id":"carl","state":"open","started_at":"2025-05-01T08:00:00Z"}' >carl.json
	run_load carl.json
	sed 's/"user_id":"carl"/"name":"Carl"/' carl.json >nameless.json
	run_load nameless.json
	equals "$(sql "SELECT user_id, attributes FROM ttr_data.conversation WHERE conversation_id = '3'")" '|{}'
}

@test "conversations of the API and webhooks: neither contacts nor custom attributes come back, the timeline does" {
	run_load "$data/conversation.json"
	equals "$(forget cust-77)" 1
	for change in . '.updated_at += 9' '{type: "notification_event", data: {item: (.updated_at += 10)}}' '[del(.conversation_parts)]'; do
		jq -c "$change" "$data/conversation.json" >again.json
		run_load again.json
		equals "$status" 0
		equals "$(known)" '215470000123456||{}'
	done
	equals "$(sql 'SELECT basis, resolution_seconds, assignee FROM ttr.conversations')" 'timeline|6300|lee@example.com'
}

@test "attributes that an SLA policy needs stay as they were" {
	two_customers
	ttr-load --init
	sql "INSERT INTO ttr_data.sla_policy (name, attributes, target_seconds) VALUES ('gold', '{\"plan\": \"gold\"}', 3600)"
	run_load a.csv
	forget ann
	run_load a.csv
	equals "$(known)" $'1||{"plan": "gold"}\n2|bob|{"plan": "gold"}'
	equals "$(field .load.unchanged)" 2
	equals "$(sql "SELECT policy, sla_breaches FROM ttr.sla WHERE policy = 'gold'")" 'gold|2'
}

@test "a dry run remembers nothing" {
	ttr-load --init
	forget ann
	two_customers
	run_load --dry-run a.csv
	equals "$status$(sql 'SELECT count(*) FROM ttr_data.forgotten_conversation')" 00
}

@test "neither the ledger nor what it says of files names a customer" {
	two_customers
	run_load a.csv
	equals "$(sql "SELECT count(*) FROM ttr_data.load AS l WHERE l::text ~ '\\mann\\M'")" 0
}

@test "forgetting waits for a load that is running" {
	ttr-load --init
	begin_endless_load
	psql -XqAt -c "SET lock_timeout = '30s'" -c "SELECT ttr.forget('u')" >forgotten 7>&- &
	forgetting=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'" 1
	end_endless_load
	wait "$forgetting"
	equals "$code $(cat forgotten) $(known)" '0 1 1||{}'
}
