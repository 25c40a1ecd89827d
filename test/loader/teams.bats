#!/usr/bin/env bats
# What teams are called: --teams, and the dimension whose values are teams.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# conversation ID TEAM HOURS: closed after so many hours, assigned to a team alone
conversation() {
	printf '{"type":"conversation","id":"%s","created_at":%d,"updated_at":%d,"state":"closed","team_assignee_id":%s,"admin_assignee_id":null,"statistics":{"last_close_at":%d}}\n' \
		"$1" "$(at 0)" "$(at "$3")" "$2" "$(at "$3")"
}

teams() {
	sql "SELECT value, total_closed, median_hours FROM ttr.by_dimension WHERE dimension = 'team' ORDER BY value"
}

@test "the list of GET /teams, an array, lines, a page of teams, a compressed list and a table come to the same" {
	billing='{"type":"team","id":"17","name":"Billing","admin_ids":[1,2]}' first='{"type":"team","id":18,"name":"First line"}'
	echo "{\"type\":\"list\",\"data\":[$billing,$first]}" >list
	echo "[$billing,$first]" >array
	printf '%s\n' "$billing" "$first" >lines
	echo "{\"type\":\"team.list\",\"teams\":[$billing,$first]}" >page
	gzip -c list >compressed
	printf '%s\n' id,_fivetran_synced,name 17,2025-05-01,Billing '18,2025-05-01,First line' >table
	ttr-load --init
	for file in list array lines page compressed table; do
		run_load --teams="$file"
		equals "$status" 0
		equals "$(sql 'SELECT team_id, name FROM ttr_data.team ORDER BY team_id')" $'17|Billing\n18|First line'
		contains "$stderr" "2 teams are listed in \"$file\""
		contains "$(jq -r '.load.files[].format' <<<"$output")" teams
		sql 'TRUNCATE ttr_data.team'
	done
}

@test "a conversation that a team has stands under its name, whichever comes first" {
	ttr-load --init
	sql "INSERT INTO ttr_data.dimension VALUES ('team', 'team_assignee_id')"
	conversation 1 17 2 >export.json
	conversation 2 17 4 >>export.json
	conversation 3 18 1 >>export.json
	conversation 4 null 1 >>export.json
	conversation 5 0 1 >>export.json # nobody
	echo '{"type":"team","id":"17","name":"Billing"}' >teams.json
	run_load export.json
	equals "$(teams)" $'17|2|3\n18|1|1\n|2|1'
	run_load --teams=teams.json
	equals "$(teams)" $'18|1|1\nBilling|2|3\n|2|1'
	equals "$(sql "SELECT attribute, median_hours FROM ttr.figures('{team}')")" $'18|1\nBilling|3\n|1'
	equals "$(sql "SELECT attribute, total_closed FROM ttr.figures('{team,assignee}')")" $'18|1\nBilling|2\n|2'
	equals "$(sql "SELECT attribute, closed FROM ttr.backlog_of('{team}', to_day => '2025-05-01')")" $'18|1\nBilling|2\n|2'
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0

	sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.team'
	run_load --teams=teams.json export.json
	equals "$(teams)" $'18|1|1\nBilling|2|3\n|2|1'
}

@test "the newest list names a team, and its figures follow" {
	ttr-load --init
	sql "INSERT INTO ttr_data.dimension VALUES ('team', 'team_assignee_id')"
	conversation 1 7 2 >export.json
	printf '%s\n' id,name 7,Old >old.csv
	printf '%s\n' id,name 7,New >new.csv
	run_load --teams=new.csv export.json
	run_load --teams=old.csv --exported-at=2025-05-01T00:00:00Z
	equals "$(teams)" 'New|1|2'
	printf '%s\n' id,name 7,Newer >newer.csv
	run_load --teams=newer.csv
	equals "$(teams)" 'Newer|1|2'
	sql "UPDATE ttr_data.team SET team_id = '8'"
	ttr-load --refresh
	equals "$(teams)" '7|1|2' # another number is another team
	equals "$(sql 'SELECT count(*) FROM ttr.check()')" 0
}

@test "what is no team is rejected, and a table of conversations is no list" {
	printf '%s\n' '{"type":"admin","id":"1","name":"Lee"}' '{"type":"team","name":"x"}' >teams.json
	run_load --teams=teams.json
	equals "$status" 4
	equals "$(rejects)" $'1|not_a_team|type\n2|missing_id|id'
	one_row a.csv
	run_load --teams=a.csv
	equals "$status" 1
	contains "$stderr" 'GET /teams, or a table with the columns id and name'
}

@test "--teams goes with loading, and not with --follow" {
	for arguments in '--init' '--refresh' '--follow -'; do
		run ttr-load --teams=teams.json $arguments </dev/null
		equals "$status" 1
		contains "$output" --teams
	done
}

@test "a list of teams comes to the same however its bytes arrive" {
	printf '%s\n' id,name 17,Billing ',"x"' '18,"First ""line"""' >teams.csv
	"$CHECKOUT/build/reading" --teams teams.csv >expected
	equals "$(grep -c '^team id=' expected)" 2
	for size in 1 2 3 7 4096; do
		TTR_READ_SIZE=$size "$CHECKOUT/build/reading" --teams teams.csv | cmp - expected
	done
}
