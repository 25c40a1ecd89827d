#!/usr/bin/env bats
# What spreadsheets and pandas make of an export: rounded identifiers, placeholders, separators, empty rows and dates. What
# has one meaning is read; what has two is rejected, with what to do.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# A record of the canonical columns: an open conversation.
row() {
	printf '%s,%s,2025-05-01T09:00:00Z,,open,ann@example.com' "$1" "${2:-u}"
}

conversations() {
	sql "SELECT string_agg(conversation_id, ' ' ORDER BY conversation_id) FROM ttr_data.conversation"
}

details() {
	sql 'SELECT detail FROM ttr_data.reject ORDER BY line'
}

hours() {
	sql 'SELECT conversation_id, round(resolution_hours::numeric, 3)::float FROM ttr.conversations WHERE is_closed ORDER BY 1'
}

# The only conversation's expression.
is() {
	equals "$(sql "SELECT $1 FROM ttr_data.conversation")" "$2"
}

# --- identifiers that were rounded

@test "conversations whose identifiers a spreadsheet rounded are rejected, and none becomes another" {
	export_csv rounded.csv 2.15468E+14,u1,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x \
		2.15468E+14,u2,2025-05-01T08:00:00Z,2025-05-02T12:00:00Z,closed,a@x
	run_load rounded.csv
	equals "$status" 4
	equals "$(field '.load | [.inserted, .duplicate, .rejected]')" '[0,0,2]'
	equals "$(rejects)" $'2|rounded_identifier|conversation_id\n3|rounded_identifier|conversation_id'
	contains "$(details | head -n 1)" '"2.15468E+14" is an identifier that a spreadsheet rounded: export it again'
	contains "$(details | head -n 1)" 'let the spreadsheet read the column as text'
}

@test "a rounded identifier has a fraction or none, a point or a comma, and a large or a small E" {
	export_csv rounded.csv "$(row 2E+14)" "$(row 2e+14)" "$(row 2.15E+14)" "$(row '"2,15E+14"')" "$(row ' 2.1e+9 ')"
	run_load rounded.csv
	equals "$(rejects)" "$(printf '%d|rounded_identifier|conversation_id\n' {2..6})"
}

@test "what only looks like a rounded identifier is one like any other" {
	export_csv whole.csv "$(row 12e45)" "$(row 2.15E14)" "$(row E+14)" "$(row 2E+)" "$(row 2E+x1)" "$(row +2)" "$(row a2E+14)" \
		"$(row 2.1E+14x)"
	run_load whole.csv
	equals "$status" 0
	equals "$(field .load.inserted)" 8
}

@test "a rounded identifier is rejected in every column of identifiers" {
	export_csv user.csv "$(row 1 2.1E+14)"
	export_csv assignee.csv +assignee_id "$(row 1),8.8E+11"
	printf '%s\n' 'Conversation ID,Conversation started at,Current conversation state,Teammate currently assigned' \
		'1,2025-05-01 09:00:00,Open,8.8E+11' >name.csv
	printf 'conversation_id,id,created_at,part_type,author_id\n1,3.1E+10,2025-05-01T09:00:00Z,close,7\n' >event.csv
	printf 'conversation_id,id,created_at,part_type,author_id\n1,31,2025-05-01T09:00:00Z,close,8.8E+11\n' >author.csv
	run_load user.csv assignee.csv name.csv event.csv author.csv
	equals "$status" 4
	equals "$(sql 'SELECT file, reason, column_name FROM ttr_data.reject ORDER BY file')" \
		"assignee.csv|rounded_identifier|assignee_id
author.csv|rounded_identifier|author_id
event.csv|rounded_identifier|id
name.csv|rounded_identifier|Teammate currently assigned
user.csv|rounded_identifier|user_id"
}

# A conversation of the API with a part, of the identifiers given: its own, its contact's, its part's, its author's and its
# assignee's.
api_conversation() {
	printf '{"type":"conversation","id":%s,"created_at":1746086400,"updated_at":1746093600,"state":"open","contacts":[{"id":%s}],
		"admin_assignee_id":%s,"conversation_parts":[{"id":%s,"part_type":"comment","created_at":1746090000,
		"author":{"type":"admin","id":%s}}]}\n' "$1" "$2" "$5" "$3" "$4" | tr -d '\n\t'
	echo
}

@test "a rounded identifier is rejected in every member of identifiers, be it a text or a number" {
	local rounded
	for rounded in 2.1E+14 '"2.1E+14"'; do
		api_conversation "$rounded" 2 3 4 5
		api_conversation 1 "$rounded" 3 4 5
		api_conversation 1 2 "$rounded" 4 5
		api_conversation 1 2 3 "$rounded" 5
		api_conversation 1 2 3 4 "$rounded"
		printf '{"conversation_id":"1","user_id":%s,"started_at":"2025-05-01T08:00:00Z","state":"open"}\n' "$rounded"
	done >rounded.json
	run_load rounded.json
	equals "$status" 4
	equals "$(rejects | cut -d'|' -f2,3)" "$(printf 'rounded_identifier|%s\n' \
		id contacts.id conversation_parts.id author.id admin_assignee_id user_id \
		id contacts.id conversation_parts.id author.id admin_assignee_id user_id)"
}

# --- placeholders

@test "what pandas writes for no value is no value, and is counted" {
	export_csv pandas.csv +message_count 'c1,u1,2025-05-01 08:00:00+00:00,2025-05-01 10:00:00+00:00,closed,a@x,3.0' \
		'c2,u2,2025-05-01 08:00:00+00:00,NaT,open,nan,nan' 'c3,u2,2025-05-01 08:00:00+00:00,,open,None,'
	run_load pandas.csv
	equals "$status" 0
	equals "$(hours)" 'c1|2'
	equals "$(sql "SELECT conversation_id, state, assignee_email IS NULL, message_count IS NULL FROM ttr_data.conversation
	               WHERE conversation_id > 'c1' ORDER BY 1")" $'c2|open|t|t\nc3|open|t|t'
	contains "$stderr" 'ttr-load: 4 placeholders, such as "nan" or "-", were read as empty'
}

@test "one placeholder is counted as one" {
	export_csv one.csv "$(row 1 -)"
	run_load one.csv
	contains "$stderr" 'ttr-load: 1 placeholder, such as'
}

@test "where nothing is a placeholder, none is spoken of" {
	export_csv none.csv "$(row 1 nancy)" "$(row 2 n/ab)" "$(row 3 --)" "$(row 4 ' x-')" "$(row 5 N)"
	run_load none.csv
	equals "$(sql "SELECT string_agg(user_id, ' ' ORDER BY conversation_id) FROM ttr_data.conversation")" 'nancy n/ab -- x- N'
	[[ $stderr != *placeholder* ]]
}

@test "every placeholder counts in any case, with blanks around it and in quotes" {
	local -i number=0
	local word rows=()
	for word in nan NaN NaT None NONE NULL null '\N' - N/A n/a '#N/A' '<NA>' Unassigned ' unassigned ' '"nan"'; do
		number+=1
		rows+=("$(row $number "$word")")
	done
	export_csv words.csv "${rows[@]}"
	run_load words.csv
	equals "$status" 0
	equals "$(sql 'SELECT count(*), count(user_id) FROM ttr_data.conversation')" '16|0'
	contains "$stderr" '16 placeholders'
}

@test "a placeholder is no value in every column of which a record can do without" {
	export_csv all.csv +first_response_at,updated_at,assignee_id,closed_by,message_count,reopen_count,tags \
		'1,nan,2025-05-01T09:00:00Z,NaT,open,Unassigned,NaT,NULL,\N,None,nan,-,N/A'
	run_load all.csv
	equals "$status" 0
	equals "$(sql "SELECT concat(user_id, resolved_at, assignee_email, first_response_at, updated_at, assignee_id, closed_by, message_count,
	                             reopen_count, nullif(tags, '{}')) FROM ttr_data.conversation")" ''
	contains "$stderr" '10 placeholders'
}

@test "in an event log a placeholder is no start, no identifier, no author, no text and no automation" {
	printf '%s\n' 'conversation_id,conversation_created_at,id,created_at,part_type,author_type,author_id,author_email,author_name,body' \
		'1,NaT,nan,2025-05-01 08:00:00,open,user,nan,None,-,nan' '1,NaT,nan,2025-05-01 09:00:00,assignment,admin,None,nan,-,nan' \
		'1,NaT,nan,2025-05-01 10:00:00,close,admin,5,e@x,None,nan' >parts.csv
	run_load parts.csv
	equals "$status" 0
	equals "$(sql "SELECT type, is_reply FROM ttr_data.event ORDER BY at")" $'open|f\nassignment|f\nclose|f'
	equals "$(sql 'SELECT teammate_id, email, name FROM ttr_data.teammate')" '5|e@x|'
	printf '%s\n' 'conversation_id,action_id,action_time,action_type,action_performed_by_teammate_id,action_by_automation' \
		'2,nan,2025-05-01 08:00:00,Close,5,nan' >actions.csv
	run_load actions.csv
	equals "$(sql "SELECT author FROM ttr_data.event WHERE conversation_id = '2' AND type = 'Close'")" admin
}

@test "a placeholder is an error where a record cannot do without the value" {
	export_csv needed.csv '1,u,NaT,,open,' '2,u,2025-05-01T08:00:00Z,,nan,'
	printf 'conversation_id,id,created_at,part_type\n1,2,NaT,close\n' >event.csv
	run_load needed.csv event.csv
	equals "$(sql 'SELECT file, reason FROM ttr_data.reject ORDER BY file, line')" \
		$'event.csv|bad_time\nneeded.csv|bad_time\nneeded.csv|unknown_state'
}

@test "a placeholder is no start where another column gives one" {
	printf '%s\n' id,state,created_at,updated_at,statistics_first_contact_reply_at \
		'1,open,2025-05-01 08:00:00,2025-05-02 08:00:00,NaT' >history.csv
	run_load history.csv
	equals "$status" 0
	is started_at '2025-05-01 08:00:00+00'
}

@test "as one of several tags and as an attribute a placeholder stays what it says" {
	export_csv words.csv +tags,plan "$(row 1),none;refund,None"
	run_load words.csv
	is "tags, attributes ->> 'plan'" '{none,refund}|None'
	[[ $stderr != *placeholder* ]]
}

@test "a text that is a placeholder is as null in JSON" {
	printf '%s\n' '{"conversation_id":"1","user_id":"nan","started_at":"2025-05-01T08:00:00Z","resolved_at":"NaT","state":"open",
		"assignee_email":"None","assignee_id":"Unassigned","tags":"-","message_count":"nan","closed_by":"NULL","plan":"None"}' >canonical.json
	printf '%s\n' '{"type":"conversation","id":"2","created_at":1746086400,"updated_at":"NaT","state":"open","admin_assignee_id":"None",
		"contacts":[{"id":"7","external_id":"nan"}],"statistics":{"last_close_at":"NaT"},"conversation_parts":[{"id":"3","part_type":"comment",
		"created_at":1746090000,"author":{"type":"admin","id":"4","name":"N/A","email":"d@x"}}]}' >api.json
	run_load canonical.json api.json
	equals "$status" 0
	equals "$(sql "SELECT conversation_id, user_id, assignee_id, assignee_email, message_count, tags, attributes ->> 'plan'
	               FROM ttr_data.conversation ORDER BY 1")" $'1|||||{}|None\n2|7||||{}|'
	equals "$(sql 'SELECT teammate_id, email, name FROM ttr_data.teammate')" '4|d@x|'
	contains "$stderr" '12 placeholders'
}

# --- separators

# The canonical columns and two records, separated by $1; a tag has a comma in it.
separated() {
	echo "${columns//,/$1}$1tags"
	printf "%s$1%s$1%s$1%s$1%s$1%s$1%s\n" 1 u 2025-05-01T08:00:00Z 2025-05-01T10:00:00Z closed a@x '"a,b;c"' \
		2 u 2025-05-01T08:00:00Z '' open '' ''
}

@test "columns may be separated by semicolons or tabs, and the load says so" {
	separated ';' >german.csv
	separated $'\t' >table.tsv
	for file in german.csv table.tsv; do
		run_load $file
		equals "$status" 0
		equals "$(field .load.read)" 2
		equals "$(sql "SELECT tags FROM ttr_data.conversation WHERE conversation_id = '1'")" '{"a,b",c}'
		equals "$(hours)" '1|2'
		contains "$stderr" "ttr-load: \"$file\" is separated by $([ $file = german.csv ] && echo semicolons || echo tabs)"
	done
}

@test "commas separate unless the header has more of another one, outside of quotes" {
	printf '%s,"a;b;c;d;e;f;g;h"\n%s,x;y;z\n' "$columns" "$(row 1)" >commas.csv
	run_load commas.csv
	equals "$status" 0
	is 'attributes' '{"a;b;c;d;e;f;g;h": "x;y;z"}'
	[[ $stderr != *separated* ]]
}

@test "a line sep= names the separator and is no header; lines are counted as they stand in the file" {
	local line end
	local -i number=0
	for line in 'sep=,' 'SEP=,' '"sep=,"' '\357\273\277sep=,'; do
		for end in '\n' '\r\n' '\r'; do
			number+=1
			printf "$line$end%s$end%s${end}bad$end" "$columns" "$(row $number)" >$number.csv
		done
	done
	run_load *.csv
	equals "$(field '.load | [.inserted, .rejected]')" '[12,12]'
	equals "$(sql 'SELECT DISTINCT line, reason FROM ttr_data.reject')" '4|too_few_fields'
}

@test "a line sep= counts for more than the header" {
	printf 'sep=;\r\n%s;"a,b,c,d,e,f,g,h,i"\n%s\n' "${columns//,/;}" '1;u;2025-05-01T08:00:00Z;;open;;x' >sep.csv
	{ printf 'sep=\t\n'; separated $'\t'; } >tabs.csv
	run_load sep.csv tabs.csv
	equals "$status" 0
	equals "$(field '[.load.files[].read]')" '[1,2]'
}

@test "a line that names another separator is a header that lacks everything" {
	printf 'sep=|\n%s\n' "$columns" >sep.csv
	run_load sep.csv
	equals "$status" 1
	contains "$stderr" 'The header is: sep=|'
}

# --- rows and columns of nothing

@test "rows of nothing but separators are no records, and count as lines" {
	printf ',,,,,\n%s\n%s\n,,,,,\n"","",,,,\n, ,,,,\n,,\n,,,,,,,,\nbad\n' "$columns" "$(row 1)" >rows.csv
	run_load rows.csv
	equals "$status" 4
	equals "$(field '.load | [.read, .inserted, .rejected]')" '[2,1,1]'
	equals "$(rejects)" '9|too_few_fields|'
}

@test "a file of empty rows only is refused" {
	printf ',,,\n,,,\n' >rows.csv
	run_load rows.csv
	equals "$status" 1
	contains "$stderr" '"rows.csv" has only empty lines'
}

@test "a column without a name is an attribute only where it has a value" {
	printf '%s,,\n%s,,\n%s,x,\n' "$columns" "$(row 1)" "$(row 2)" >sheet.csv
	run_load sheet.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, attributes FROM ttr_data.conversation ORDER BY 1')" $'1|{}\n2|{"column 7": "x"}'
}

# --- times and dates

@test "times are read as warehouses and spreadsheets write UTC" {
	local time number=0 rows=()
	for time in '08:00:00 UTC' '08:00:00UTC' '08:00:00 GMT' '08:00:00 utc' 08:00:00+00 '08:00:00 +00' '08:00:00 +0000' \
		'03:00:00 -05:00' 08:00:00.000Z '08:00:00 Z' '08:00:00.000000 UTC' '08:00 UTC'; do
		rows+=("$((++number)),u,2025-05-01 $time,,open,")
	done
	export_csv utc.csv "${rows[@]}"
	run_load --timezone=Asia/Tokyo utc.csv
	equals "$status" 0
	equals "$(sql 'SELECT count(*), min(started_at), max(started_at) FROM ttr_data.conversation')" \
		'12|2025-05-01 08:00:00+00|2025-05-01 08:00:00+00'
	equals "$(field .load.naive_timestamps)" 0
}

@test "without --date-format a day of another order is rejected, and the words name the patterns that fit" {
	export_csv dates.csv '1,u,05/01/2025 08:00,,open,' '2,u,05/13/2025 08:00,,open,' '3,u,13/05/2025,,open,' \
		'4,u,01.13.2025 08:00:00,,open,' '5,u,2025/05/01 08:00,,open,' '6,u,13/13/2025,,open,'
	run_load dates.csv
	equals "$status" 4
	equals "$(rejects)" "$(printf '%d|bad_time|started_at\n' {2..7})"
	equals "$(details | sed 's/.*time/time/')" 'time; say how its day is written by --date-format=MM/DD/YYYY or DD/MM/YYYY
time; say how its day is written by --date-format=MM/DD/YYYY
time; say how its day is written by --date-format=DD/MM/YYYY
time; say how its day is written by --date-format=MM.DD.YYYY
time; say how its day is written by --date-format=YYYY/MM/DD
time such as 2025-05-01T09:30:00Z'
}

@test "--date-format says how days are written; times go on as they do elsewhere, or by a clock of twelve hours" {
	export_csv american.csv '1,u,5/1/2025 8:00,05/01/2025 10:00 AM,closed,' '2,u,05/01/2025 12:00:00 am,5/1/2025 12:30 PM,closed,' \
		'3,u,05/01/2025 08:00:00 +02:00,2025-05-01T08:00:00Z,closed,' '4,u,05/01/2025,05/02/2025,closed,'
	run_load --date-format=MM/DD/YYYY american.csv
	equals "$status" 0
	equals "$(hours)" $'1|2\n2|12.5\n3|2\n4|24'
	equals "$(sql "SELECT started_at FROM ttr_data.conversation WHERE conversation_id = '4'")" '2025-05-01 00:00:00+00'
	equals "$(field .load.naive_timestamps)" 6
}

@test "German and British days are read by their patterns, in --timezone" {
	printf '%s\n' "${columns//,/;}" '1;u;01.05.2025 08:00:00;2.5.2025 8:00;closed;' >german.csv
	export_csv british.csv '2,u,01/05/2025 08:00:00,02/05/2025 08:00,closed,'
	run_load --date-format=DD.MM.YYYY --timezone=Europe/Berlin german.csv
	equals "$status" 0
	run_load --date-format=D/M/YYYY --timezone=Europe/Berlin british.csv
	equals "$status" 0
	equals "$(sql 'SELECT DISTINCT started_at, resolved_at FROM ttr_data.conversation')" '2025-05-01 06:00:00+00|2025-05-02 06:00:00+00'
}

@test "days of other exports are read by --date-format, too, but not those of JSON" {
	printf '%s\n' 'Conversation ID,Conversation started at (UTC),Conversation last closed at (UTC),Current conversation state' \
		'1,01.05.2025 08:00,02.05.2025 08:00,Closed' >report.csv
	printf '{"conversation_id":"2","started_at":"01.05.2025 08:00","state":"open"}\n' >export.json
	run_load --date-format=DD.MM.YYYY report.csv export.json
	equals "$(hours)" '1|24'
	equals "$(sql 'SELECT file, reason, detail FROM ttr_data.reject')" \
		'export.json|bad_time|"01.05.2025 08:00" is not an ISO 8601 time such as 2025-05-01T09:30:00Z'
}

@test "what a pattern does not fit is rejected with the pattern" {
	export_csv dates.csv '1,u,13/05/2025 08:00,,open,' '2,u,05.01.2025 08:00,,open,' '3,u,05/01/25 08:00,,open,' \
		'4,u,02/29/2025 08:00,,open,' '5,u,05/01/2025 13:00 PM,,open,' '6,u,05/01/2025 0:30 AM,,open,' '7,u,05/01/2025 08,,open,'
	run_load --date-format=MM/DD/YYYY dates.csv
	equals "$(field .load.rejected)" 7
	equals "$(details | sed -n 1,2p)" '"13/05/2025 08:00" has no day by --date-format=MM/DD/YYYY; it fits DD/MM/YYYY
"05.01.2025 08:00" is neither a time by --date-format=MM/DD/YYYY nor an ISO 8601 time such as 2025-05-01T09:30:00Z'
}

@test "a pattern that is none is a usage error with an example" {
	local pattern
	for pattern in '' US MM/DD/YY MM/DD MM/DD/YYYY/ MM.DD/YYYY DD/DD/YYYY YYYY-DD-MM MM/YYYY/DD mm/dd/yy 'MM DD YYYY' DDD/MM/YYYY; do
		run ttr-load --date-format="$pattern" x.csv
		equals "$status" 1
		contains "$output" "--date-format: \"$pattern\" is no pattern of a day"
		contains "$output" 'a year of four digits'
		contains "$output" '--date-format=DD.MM.YYYY'
	done
}

@test "a pattern may be written in small letters" {
	export_csv american.csv '1,u,05/13/2025 08:00,05/13/2025 10:00,closed,'
	run_load --date-format=mm/dd/yyyy american.csv
	equals "$(hours)" '1|2'
}

@test "a day that the pattern does not have names the pattern that has it, and one that none has does not" {
	export_csv us.csv '1,u,05/01/2025 08:00,,open,' '2,u,05/13/2025 08:00,,open,' '3,u,31/04/2025 08:00,,open,' '4,u,13/13/2025,,open,'
	run_load --date-format=DD/MM/YYYY us.csv
	equals "$(details)" '"05/13/2025 08:00" has no day by --date-format=DD/MM/YYYY; it fits MM/DD/YYYY
"31/04/2025 08:00" is on a day that does not exist
"13/13/2025" is on a day that does not exist'
}
