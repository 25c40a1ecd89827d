#!/usr/bin/env bats
# --admins: who the teammates are, from the list that Intercom's API gives for GET /admins.

bats_require_minimum_version 1.5.0
load support

readonly data=$CHECKOUT/test/data/intercom

lee='{"type":"admin","id":"8811001","name":"Lee","email":"lee@example.com","team_ids":[1,2],"avatar":null,"away_mode_enabled":false}'
kim='{"type":"admin","id":8811002,"name":"Kim","email":"Kim@Example.com"}'

list_of() {
	printf '{"type":"admin.list","admins":[%s]}\n' "$(paste -sd, < <(printf '%s\n' "$@"))"
}

teammates() {
	sql 'SELECT teammate_id, email, name FROM ttr_data.teammate ORDER BY teammate_id'
}

# A conversation without parts, which tells the assignee's number and nothing else.
export_of_numbers() {
	jq -c 'del(.conversation_parts)' "$data/conversation.json" >numbers.json
}

published() {
	sql 'SELECT assignee, total_closed FROM ttr.by_assignee'
}

# --- shapes

@test "the list that the API gives fills the teammates, numbers as identifiers included" {
	list_of "$lee" "$kim" >admins.json
	run_load --admins=admins.json
	equals "$status" 0
	equals "$(teammates)" $'8811001|lee@example.com|Lee\n8811002|Kim@Example.com|Kim'
}

@test "a list, an array, lines, one alone and a compressed list come to the same" {
	ttr-load --init
	list_of "$lee" "$kim" >list.json
	printf '[%s,\n%s]' "$lee" "$kim" >array.json
	printf '%s\n' "$lee" "$kim" >lines.ndjson
	gzip -k list.json
	jq -c '{type, total_count: 2, data: .admins}' list.json >data.json
	for file in list.json array.json lines.ndjson list.json.gz data.json; do
		sql 'TRUNCATE ttr_data.teammate'
		run_load --admins="$file"
		equals "$status" 0
		equals "$(teammates)" $'8811001|lee@example.com|Lee\n8811002|Kim@Example.com|Kim'
	done
}

@test "a table of teammates comes to the same as the list, whatever else stands in it" {
	printf '%s\n' id,name,_fivetran_deleted,email 8811001,Lee,false,lee@example.com 8811002,Kim,false,Kim@Example.com >admins.csv
	run_load --admins=admins.csv
	equals "$status" 0
	equals "$(teammates)" $'8811001|lee@example.com|Lee\n8811002|Kim@Example.com|Kim'
	equals "$(field '.load.files[0].format')" '"admins"'
	printf '%s\n' id,name 8811003,Ida ,Nobody >names.csv
	run_load --admins=names.csv
	equals "$status" 4
	equals "$(rejects)" '3|missing_id|id'
	equals "$(teammates | tail -n 1)" '8811003||Ida'
}

@test "lists of one teammate and of none" {
	list_of >none.json
	run_load --admins=none.json
	equals "$status$(teammates)" 0
	echo "$kim" >one.json
	run_load --admins=one.json
	equals "$(teammates)" '8811002|Kim@Example.com|Kim'
}

@test "the list may come from standard input, which then cannot be an export too" {
	list_of "$lee" | ttr-load --json --admins=- >summary
	equals "$(teammates)" '8811001|lee@example.com|Lee'
	run ttr-load --admins=- - </dev/null
	equals "$status" 1
	contains "$output" 'standard input is named twice'
}

@test "teams among the teammates, as lists of old have them, are passed over" {
	list_of '{"type":"team","id":"8811001","name":"Support","admin_ids":[1]}' "$kim" >admins.json
	run_load --admins=admins.json
	equals "$status" 0
	equals "$(teammates)" '8811002|Kim@Example.com|Kim'
	equals "$(field '.load.files[0] | [.read, .rejected]')" '[1,0]'
}

@test "a list comes to the same however its bytes arrive" {
	list_of "$lee" "$kim" '{"type":"contact","id":"2"}' null >admins.json
	"$CHECKOUT/build/reading" --admins admins.json >expected
	equals "$(grep -c teammate <expected)" 3
	for size in 1 2 3 7 4096; do
		TTR_READ_SIZE=$size "$CHECKOUT/build/reading" --admins admins.json | cmp - expected
	done
}

# --- rejects

@test "what is no teammate is rejected with its line, reason and path, and the others are kept" {
	printf '{"admins":[\n%s,\n%s,\n%s,\n%s,\n%s,\n%s]}' '{"type":"admin","id":null,"name":"nobody"}' \
		'{"type":"admin","id":"1","email":{"address":"x"}}' '{"type":"contact","id":"2"}' null \
		"{\"type\":\"admin\",\"id\":\"3\",\"name\":\"$(printf '%600s' | tr ' ' x)\"}" "$kim" >admins.json
	run_load --admins=admins.json
	equals "$status" 4
	equals "$(rejects)" $'2|missing_id|id\n3|wrong_type|email\n4|not_a_teammate|type\n5|not_an_object|\n6|value_too_long|name'
	equals "$(teammates)" '8811002|Kim@Example.com|Kim'
}

@test "a list that is damaged loads nothing, of the exports neither" {
	one_row a.csv
	list_of "$lee" | head -c 60 >cut.json
	run_load --admins=cut.json a.csv
	equals "$status" 1
	equals "$(facts)" none
}

@test "neither a table nor a page of conversations is a list of teammates" {
	one_row a.csv
	run_load --admins=a.csv
	equals "$status" 1
	contains "$stderr" 'GET /admins'
	run_load --admins="$data/page.json"
	equals "$status" 4
	equals "$(sql 'SELECT reason, count(*) FROM ttr_data.reject GROUP BY 1')" 'not_a_teammate|1'
	equals "$(teammates)" ''
}

@test "--max-rejects counts the teammates that were rejected" {
	list_of '{"type":"admin","id":null}' "$kim" >admins.json
	run_load --max-rejects=0 --admins=admins.json
	equals "$status" 3
	equals "$(facts)" none
	run_load --max-rejects=50% --rejects=rejects.csv --admins=admins.json
	equals "$status" 0
	contains "$(cat rejects.csv)" '"admins.json",1,31,id,missing_id,'
}

# --- with and without exports

@test "with an export, in the same transaction and ledger row: the published figures name the assignee" {
	export_of_numbers
	list_of "$lee" >admins.json
	run_load --admins=admins.json numbers.json
	equals "$status" 0
	equals "$(published)" 'lee@example.com|1'
	equals "$(field '.by_assignee[0].assignee')" '"lee@example.com"'
	equals "$(sql "SELECT load_id, read, inserted, rejected, jsonb_path_query_array(files, '\$[*].format') FROM ttr_data.load")" \
		'1|1|1|0|["intercom", "admins"]'
	equals "$(field '.load.files[1] | [.name, .read, .rejected]')" '["admins.json",1,0]'
}

@test "alone, later: what is stored under the number is published under the address" {
	export_of_numbers
	run_load numbers.json
	equals "$(published)" '8811001|1'
	list_of "$lee" >admins.json
	run_load --admins=admins.json
	equals "$(published)" 'lee@example.com|1'
	list_of "${lee/lee@example.com/lee.new@example.com}" >admins.json
	run_load --admins=admins.json
	equals "$(published)" 'lee.new@example.com|1'
	equals "$(field '.load | [.read, .inserted, .updated, .unchanged, .rejected]')" '[0,0,0,0,0]'
}

@test "a dry run publishes nothing" {
	export_of_numbers
	run_load numbers.json
	list_of "$lee" >admins.json
	run_load --dry-run --admins=admins.json
	equals "$status" 0
	equals "$(published)$(teammates)" '8811001|1'
}

@test "a list dates no facts: the age of what is open stays that of its export" {
	jq -c 'del(.conversation_parts) | .state = "open"' "$data/conversation.json" >open.json
	run_load open.json
	before=$(sql 'SELECT data_as_of, age_seconds FROM ttr.open_conversations')
	list_of "$lee" >admins.json
	run_load --admins=admins.json
	equals "$(field .load.exported_at)" null
	run_load --admins=admins.json --exported-at=2026-03-01T00:00:00Z
	equals "$(sql 'SELECT data_as_of, age_seconds FROM ttr.open_conversations')" "$before"
}

# --- which says what holds

@test "a list is newer than the parts of conversations that changed before it, in any order" {
	for order in 'conversation.json --admins=admins.json' '--admins=admins.json conversation.json'; do
		ttr-load --init
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event, ttr_data.teammate'
		cp "$data/conversation.json" .
		list_of "${lee/lee@example.com/renamed@example.com}" >admins.json
		for file in $order; do
			run_load "$file"
		done
		equals "$(published)" 'renamed@example.com|1'
	done
}

@test "a list that is dated gives way to what newer conversations tell" {
	cp "$data/conversation.json" .
	list_of "${lee/lee@example.com/old@example.com}" >admins.json
	run_load conversation.json
	run_load --admins=admins.json --exported-at=2026-01-01T00:00:00Z
	equals "$(published)" 'lee@example.com|1'
}

@test "of a teammate who is listed twice the last word counts; one without address and name takes nothing away" {
	list_of "${lee/Lee/First}" "$lee" '{"type":"admin","id":"8811001"}' >admins.json
	run_load --admins=admins.json
	equals "$(teammates)" '8811001|lee@example.com|Lee'
}

# --- the command line

@test "an export that knows the name only takes no address away, in any order" {
	conversation_by_lee='{"type":"conversation","id":"1","state":"open","created_at":1767603600,"updated_at":1767607200,"admin_assignee_id":8811001,
	  "conversation_parts":[{"id":1,"part_type":"comment","created_at":1767603700,"author":{"type":"admin","id":8811001,"name":"Lee","email":"lee@example.com"}}]}'
	tr -d '\n' <<<"$conversation_by_lee" >parts.json
	printf '%s\n' 'conversation_id,conversation_started_at,current_conversation_state,currently_assigned_teammate_raw_id,currently_assigned_teammate_id' \
		'2,2026-02-01 09:00:00,Open,8811001,Lee Example' >names.csv
	ttr-load --init
	for order in 'parts.json names.csv' 'names.csv parts.json'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event, ttr_data.teammate'
		for file in $order; do
			run_load "$file"
			equals "$status" 0
		done
		equals "$(teammates)" '8811001|lee@example.com|Lee Example'
		equals "$(sql 'SELECT DISTINCT assignee FROM ttr.conversations')" lee@example.com
	done
}

@test "--admins goes with loading, and not with --follow" {
	for arguments in '--init' '--refresh' '--follow -'; do
		run ttr-load --admins=admins.json $arguments </dev/null
		equals "$status" 1
		contains "$output" --admins
	done
}

@test "a list that is not there, or would be overwritten, is told before anything else" {
	run_load --admins=nonesuch.json
	equals "$status" 1
	contains "$stderr" 'could not open "nonesuch.json"'
	list_of "$lee" >admins.json
	run_load --admins=admins.json --rejects=admins.json
	equals "$status" 1
	contains "$stderr" 'would be overwritten'
}
