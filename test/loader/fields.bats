#!/usr/bin/env bats
# What the values of the known columns mean, and which of them no conversation may have.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# A file of open conversations 1, 2, ... that differ in one column, of the values given, and loads it. The values stand
# in quotes.
load_values() {
	local column=$1 name value number=0 header='' fixed=''
	shift
	for name in user_id started_at resolved_at state assignee_email; do
		[ $name != "$column" ] || continue
		header+=",$name"
		case $name in
			user_id) fixed+=,u ;;
			started_at) fixed+=,2025-05-01T09:00:00Z ;;
			state) fixed+=,open ;;
			*) fixed+=, ;;
		esac
	done
	{
		printf 'conversation_id%s,%s\n' "$header" "$column"
		for value in "$@"; do
			printf '%d%s,"%s"\n' $((++number)) "$fixed" "$value"
		done
	} >values.csv
	run_load "${load_options[@]}" values.csv
}
load_options=()

# The column of all conversations in the order of the values; NULL is <null>.
loaded() {
	psql -XqAt -v ON_ERROR_STOP=1 -P 'null=<null>' \
		-c "SELECT $1 FROM ttr_data.conversation ORDER BY conversation_id::numeric"
}

# Every value of the last load was rejected, for this reason and in this column.
all_rejected() {
	equals "$status" 4
	equals "$(field .load.inserted)" 0
	equals "$(rejects)" "$(seq 2 $(($(wc -l <values.csv))) | sed "s/\$/|$1|$2/")"
}

details() {
	sql 'SELECT detail FROM ttr_data.reject ORDER BY line'
}

# Text of n bytes.
text_of() {
	printf "%0$1d" 0
}

# --- state

@test "a state is one of three words, whatever its case and the blanks around it" {
	load_values state closed OPEN ' Snoozed ' $'\tcLoSeD\r\n'
	equals "$status" 0
	equals "$(loaded state)" $'closed\nopen\nsnoozed\nclosed'
}

@test "another state, or none, is rejected" {
	load_values state resolved close closedd 'open closed' '' '   ' ÖPEN
	all_rejected unknown_state state
	equals "$(details | sed -n '1p;5p')" $'"resolved" is none of open, snoozed and closed\nthe conversation has no state'
}

# --- times

# Each argument is TEXT => INSTANT: the text as a start, and when that is in UTC.
starts_are() {
	load_values started_at "${@%% => *}"
	equals "$status" 0
	equals "$(loaded 'started_at::text')" "$(printf '%s\n' "${@##* => }")"
}

@test "an offset is Z, z, +hh:mm, +hhmm or +hh, before or after UTC" {
	starts_are '2025-05-01T09:30:15Z => 2025-05-01 09:30:15+00' \
		'2025-05-01T09:30:15z => 2025-05-01 09:30:15+00' \
		'2025-05-01T09:30:15+02:00 => 2025-05-01 07:30:15+00' \
		'2025-05-01T09:30:15-0330 => 2025-05-01 13:00:15+00' \
		'2025-05-01T09:30:15+05 => 2025-05-01 04:30:15+00' \
		'2025-05-01 09:30:15 +05 => 2025-05-01 04:30:15+00' \
		'2025-05-01T09:30:15+15:59 => 2025-04-30 17:31:15+00' \
		'2025-12-31T23:30:00-01:00 => 2026-01-01 00:30:00+00'
	equals "$(field .load.naive_timestamps)" 0
}

@test "a blank or a small t may stand between day and time, blanks around them, and seconds may be left out" {
	starts_are '2025-05-01 09:30:15Z => 2025-05-01 09:30:15+00' \
		'2025-05-01t09:30:15Z => 2025-05-01 09:30:15+00' \
		'  2025-05-01T09:30:15Z  => 2025-05-01 09:30:15+00' \
		'2025-05-01T09:30Z => 2025-05-01 09:30:00+00' \
		'2025-05-01 09:30+02 => 2025-05-01 07:30:00+00'
}

@test "a fraction of 1 to 9 digits is rounded to microseconds, and carries" {
	starts_are '2025-05-01T09:30:15.1Z => 2025-05-01 09:30:15.1+00' \
		'2025-05-01T09:30:15.12Z => 2025-05-01 09:30:15.12+00' \
		'2025-05-01T09:30:15.123Z => 2025-05-01 09:30:15.123+00' \
		'2025-05-01T09:30:15.1234Z => 2025-05-01 09:30:15.1234+00' \
		'2025-05-01T09:30:15.12345Z => 2025-05-01 09:30:15.12345+00' \
		'2025-05-01T09:30:15.123456Z => 2025-05-01 09:30:15.123456+00' \
		'2025-05-01T09:30:15.1234567Z => 2025-05-01 09:30:15.123457+00' \
		'2025-05-01T09:30:15.12345678Z => 2025-05-01 09:30:15.123457+00' \
		'2025-05-01T09:30:15.123456499Z => 2025-05-01 09:30:15.123456+00' \
		'2025-05-01T09:30:15.1234565Z => 2025-05-01 09:30:15.123457+00' \
		'2025-12-31T23:59:59.9999999Z => 2026-01-01 00:00:00+00' \
		'1969-12-31T23:59:59.999999600Z => 1970-01-01 00:00:00+00'
}

@test "leap days and the first and last years are read" {
	starts_are '2024-02-29T12:00:00Z => 2024-02-29 12:00:00+00' \
		'2000-02-29T12:00:00Z => 2000-02-29 12:00:00+00' \
		'0001-01-01T00:00:00Z => 0001-01-01 00:00:00+00' \
		'0001-01-01T00:00:00+01:00 => 0001-12-31 23:00:00+00 BC' \
		'9999-12-31T23:59:59Z => 9999-12-31 23:59:59+00' \
		'9999-12-31T23:59:59-01:00 => 10000-01-01 00:59:59+00'
}

@test "days that do not exist are rejected, 29 February of a wrong year among them" {
	load_values started_at 2025-02-29T12:00:00Z 1900-02-29T12:00:00Z 2025-04-31T12:00:00Z 2025-13-01T12:00:00Z \
		2025-00-01T12:00:00Z 2025-05-00T12:00:00Z 0000-01-01T12:00:00Z
	all_rejected bad_time started_at
	equals "$(details | head -n 1)" '"2025-02-29T12:00:00Z" is on a day that does not exist'
}

@test "times of day that do not exist are rejected, hour 24 and second 60 among them" {
	load_values started_at 2025-05-01T24:00:00Z 2025-05-01T23:60:00Z 2025-06-30T23:59:60Z
	all_rejected bad_time started_at
	equals "$(details | head -n 1)" '"2025-05-01T24:00:00Z" is at a time of day that does not exist'
}

@test "a day without a time is rejected" {
	load_values started_at 2025-05-01
	all_rejected bad_time started_at
	equals "$(details)" '"2025-05-01" has no time of day'
}

@test "what is not strictly ISO 8601 is rejected, whatever PostgreSQL makes of it" {
	load_values started_at 1746091815 1746091815000 45778.39 today now infinity -infinity 'May 1 2025 09:30' \
		'01/05/2025 09:30' '2025/05/01 09:30:15' '05-01-2025 09:30:15' 20250501T093015Z 2025-05-01T09 2025-5-1T9:30:15Z \
		'2025-05-01T09:30:15 PM' '2025-05-01T09:30:15 Europe/Berlin' '2025-05-01T09:30:15 UTC+2' 2025-05-01T09:30:15Zjunk \
		2025-05-01T09:30:15,5Z 2025-05-01T09:30:15.Z 2025-05-01T09:30:15.1234567890Z 2025-05-01T09:30:15+16:00 \
		2025-05-01T09:30:15+02:60 2025-05-01T09:30:15+2 NaT null
	all_rejected bad_time started_at
	equals "$(details | head -n 1)" '"1746091815" is not an ISO 8601 time such as 2025-05-01T09:30:00Z'
}

@test "every column of times names itself when one is wrong" {
	local column
	for column in started_at resolved_at first_response_at updated_at; do
		load_values $column tomorrow
		equals "$status" 4
	done
	equals "$(sql 'SELECT reason, column_name FROM ttr_data.reject ORDER BY load_id')" \
		$'bad_time|started_at\nbad_time|resolved_at\nbad_time|first_response_at\nbad_time|updated_at'
}

@test "a blank resolved_at, first_response_at or updated_at is none" {
	printf '%s,first_response_at,updated_at\n1,u,2025-05-01T09:00:00Z, ,open,, ,""\n' "$columns" >blank.csv
	run_load blank.csv
	equals "$status" 0
	equals "$(loaded 'resolved_at, first_response_at, updated_at')" '<null>|<null>|<null>'
}

@test "a time without an offset is in UTC unless --timezone names another zone" {
	starts_are '2025-05-01T09:30:15 => 2025-05-01 09:30:15+00' '2025-05-01 09:30 => 2025-05-01 09:30:00+00'
}

@test "a time without an offset is read in --timezone, summer and winter, and one with an offset is not" {
	load_options=(--timezone=Europe/Berlin)
	starts_are '2025-07-01T09:30:00 => 2025-07-01 07:30:00+00' \
		'2025-01-01T09:30:00 => 2025-01-01 08:30:00+00' \
		'2025-07-01T09:30:00.1234567 => 2025-07-01 07:30:00.123457+00' \
		'2025-07-01T09:30:00Z => 2025-07-01 09:30:00+00' \
		'2025-07-01T09:30:00+05 => 2025-07-01 04:30:00+00'
	equals "$(field .load.naive_timestamps)" 3
	equals "$(field .load.exported_at)" '"2025-07-01T09:30:00+00:00"'
}

@test "a local time that a clock change skips or repeats is the instant that PostgreSQL makes of it" {
	local column text
	load_options=(--timezone=Europe/Berlin)
	{
		printf '%s,first_response_at,updated_at,text\n' "$columns"
		# both ends of the gap of 30 March and of the overlap of 26 October, and what lies around them
		for text in 2025-03-30T0{1:59:59,2:00:00,2:30:00,2:59:59,3:00:00} 2025-10-26T0{1:59:59,2:00:00,2:30:00,2:59:59,3:00:00} \
			1893-03-31T23:55:00 0001-01-01T00:00:00 9999-12-31T23:59:59; do
			# A change is not still to come.
			printf '%s,u,%s,%s,open,,%s,%s,%s\n' "$text" "$text" "$text" "$text" "${text/9999*/2026-03-29T02:30:00}" "$text"
		done
	} >changes.csv
	run_load --timezone=Europe/Berlin changes.csv
	equals "$status" 0
	equals "$(field '.load | [.inserted, .naive_timestamps]')" '[13,52]'
	for column in started_at resolved_at first_response_at updated_at; do
		equals "$(sql "SELECT attributes ->> 'text', $column FROM ttr_data.conversation
		               WHERE $column IS DISTINCT FROM (attributes ->> 'text')::timestamp AT TIME ZONE 'Europe/Berlin'
		                 AND ('$column', attributes ->> 'text') <> ('updated_at', '9999-12-31T23:59:59')")" ''
	done
	equals "$(sql "SELECT updated_at FROM ttr_data.conversation WHERE conversation_id LIKE '9999%'")" '2026-03-29 01:30:00+00'
	# One of them in figures, so that not everything hangs on the comparison.
	equals "$(sql "SELECT started_at FROM ttr_data.conversation WHERE conversation_id = '2025-03-30T02:30:00'")" \
		'2025-03-30 01:30:00+00'
}

@test "of the times of one record only those without an offset are local" {
	local naive=2025-07-01T09:00:00 exact=2025-07-01T09:00:00Z
	export_csv mixed.csv +first_response_at,updated_at \
		"1,u,$naive,$exact,closed,,$exact,$exact" "2,u,$exact,$exact,closed,,$naive,$exact" \
		"3,u,$exact,$naive,closed,,$exact,$exact" "4,u,$exact,$exact,closed,,$exact,$naive"
	run_load --timezone=Europe/Berlin mixed.csv
	equals "$status" 0
	equals "$(loaded "concat_ws(' ', started_at::time, first_response_at::time, resolved_at::time, updated_at::time)")" \
		$'07:00:00 09:00:00 09:00:00 09:00:00\n09:00:00 07:00:00 09:00:00 09:00:00
09:00:00 09:00:00 07:00:00 09:00:00\n09:00:00 09:00:00 09:00:00 07:00:00'
}

@test "every time without an offset counts in naive_timestamps, but those of rejected records" {
	export_csv naive.csv +updated_at \
		'1,u,2025-05-01T09:00:00,2025-05-01T10:00:00,closed,,2025-05-01T10:00:00' \
		'2,u,2025-05-01T09:00:00,2025-05-01T10:00:00Z,closed,,' \
		'3,u,2025-05-01T09:00:00Z,,open,,' \
		'4,u,2025-05-01T09:00:00,,nonsense,,'
	run_load naive.csv
	equals "$status" 4
	equals "$(field .load.naive_timestamps)" 4
	equals "$(sql 'SELECT naive_timestamps FROM ttr_data.load')" 4
}

@test "a zone that the server does not know is refused, and nothing is loaded" {
	dropdb "$PGDATABASE" && createdb
	local zone
	for zone in Europe/Atlantis CET+1:30x +02:00 ''; do
		load_options=("--timezone=$zone")
		load_values started_at 2025-05-01T09:00:00
		equals "$status" 1
		equals "$output" ''
		contains "$stderr" "no time zone \"$zone\""
		contains "$stderr" 'IANA'
		equals "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'ttr_data'")" 0
	done
}

@test "a zone that the server takes for an offset without summer time is refused, and a place in it is not" {
	ttr-load --init
	for zone in CET EET MET WET cet; do
		[ "$(sql "SELECT count(*) FROM pg_timezone_names WHERE lower(name) = lower('$zone')")" == 1 ] # tzdata-legacy has it
		load_options=("--timezone=$zone")
		load_values started_at 2025-07-01T09:00:00
		equals "$status" 1
		contains "$stderr" "takes \"$zone\" for an offset without summer time"
		contains "$stderr" '--timezone=Europe/Berlin'
		run sql "UPDATE ttr_data.setting SET reporting_time_zone = '$zone'"
		contains "$output" setting_reporting_time_zone_is_no_abbreviation
	done
	load_options=(--timezone=Europe/Berlin)
	load_values started_at 2025-07-01T09:00:00
	equals "$(sql 'SELECT started_at FROM ttr_data.conversation')" '2025-07-01 07:00:00+00'
}

# Valid times of every shape, in a fixed but haphazard choice. Of a fraction the seventh digit is no 5: an exact half of a
# microsecond is rounded up here, and to the even neighbour by PostgreSQL.
haphazard_times() {
	awk 'BEGIN {
		srand(20250501)
		split("31 28 31 30 31 30 31 31 30 31 30 31", days)
		split("Z z +02:00 -03:30 +0545 -1130 +09 -08 +15:59 -15:59", offsets)
		for (n = 1; n <= 500; n++) {
			year = n % 3 ? 1970 + int(rand() * 80) : 1 + int(rand() * 9999)
			month = 1 + int(rand() * 12)
			leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
			day = 1 + int(rand() * (days[month] + (month == 2 && leap)))
			time = sprintf("%04d-%02d-%02d%s%02d:%02d", year, month, day, substr("TTt ", 1 + int(rand() * 4), 1),
			               int(rand() * 24), int(rand() * 60))
			if (rand() < 0.9)
				time = time sprintf(":%02d", int(rand() * 60))
			if (length(time) == 19 && rand() < 0.6) {
				time = time "."
				digits = 1 + int(rand() * 9)
				for (i = 1; i <= digits; i++)
					time = time (i == 7 ? substr("012346789", 1 + int(rand() * 9), 1) : rand() < 0.3 ? 9 : int(rand() * 10))
			}
			if (rand() < 0.9)
				time = time (rand() < 0.1 ? " " : "") offsets[1 + int(rand() * 10)]
			print time
		}
	}'
}

@test "haphazard valid times are the instants that PostgreSQL makes of the same texts" {
	{
		printf '%s,text\n' "$columns"
		haphazard_times | awk '{ printf "%d,u,%s,%s,closed,,%s\n", NR, $0, $0, $0 }'
	} >times.csv
	run_load times.csv
	equals "$status" 0
	equals "$(field .load.inserted)" 500
	equals "$(sql "SELECT count(DISTINCT started_at) > 450, count(*) FILTER (WHERE started_at::text LIKE '%.%') > 200
	               FROM ttr_data.conversation")" 't|t'
	equals "$(sql "SELECT attributes ->> 'text', started_at, resolved_at FROM ttr_data.conversation
	               WHERE started_at IS DISTINCT FROM (attributes ->> 'text')::timestamptz
	                  OR resolved_at IS DISTINCT FROM (attributes ->> 'text')::timestamptz")" ''
}

# --- what a conversation must have

@test "a conversation without an id is rejected" {
	export_csv ids.csv ',u,2025-05-01T09:00:00Z,,open,' '  ,u,2025-05-01T09:00:00Z,,open,' ',,,,open,'
	run_load ids.csv
	equals "$status" 4
	equals "$(rejects)" $'2|missing_id|conversation_id\n3|missing_id|conversation_id\n4|missing_id|conversation_id'
}

@test "a conversation without a start is rejected" {
	load_values started_at '' '  '
	all_rejected missing_start started_at
}

@test "a conversation that was resolved before it started is loaded, and not counted as closed" {
	export_csv before.csv '1,u,2025-05-01T09:00:00Z,2025-05-01T08:59:59Z,closed,' '2,u,2025-05-01T09:00:00Z,2025-05-01T09:00:00Z,closed,'
	run_load before.csv
	equals "$status" 0
	equals "$(field '[.total, .total_closed, .load.inserted, .load.rejected]')" '[2,1,2,0]'
	equals "$(sql 'SELECT conversation_id, is_closed, resolution_seconds FROM ttr.conversations ORDER BY 1')" $'1|f|\n2|t|0'
}

@test "ids stay exact: leading zeros, beyond 2^53, and whatever is no number" {
	local id ids=(007 7 9007199254740993 9007199254740992 123456789012345678901234567890 1e3 0x10 Ab aB ä -1 1.0)
	for id in "${ids[@]}"; do
		printf '%s,%s,2025-05-01T09:00:00Z,,open,\n' "$id" "$id"
	done | cat <(echo "$columns") - >ids.csv
	run_load ids.csv
	equals "$status" 0
	equals "$(field .load.inserted)" ${#ids[@]}
	equals "$(sql 'SELECT conversation_id FROM ttr_data.conversation WHERE conversation_id = user_id ORDER BY 1')" \
		"$(printf '%s\n' "${ids[@]}" | LC_ALL=C sort)"
}

@test "blanks around ids and addresses do not count, and blank ones are none" {
	export_csv blanks.csv +assignee_id ' 1 , u 1 ,2025-05-01T09:00:00Z,,open, ann@example.com , a1 ' '2, ,2025-05-01T09:00:00Z,,open," ",'
	run_load blanks.csv
	equals "$status" 0
	equals "$(loaded 'conversation_id, user_id, assignee_email, assignee_id')" $'1|u 1|ann@example.com|a1\n2|<null>|<null>|<null>'
}

# --- tags

@test "tags are split at semicolons, trimmed, and each is kept once in the order of the export" {
	load_values tags 'b; a ;;b; ;a' refund '' ' ; ;' 'needs  review;Äpfel' 'Refund;refund'
	equals "$status" 0
	equals "$(loaded "array_to_string(tags, '|')")" $'b|a\nrefund\n\n\nneeds  review|Äpfel\nRefund|refund'
}

@test "a backslash before a semicolon makes it a part of the tag; elsewhere it is a backslash" {
	load_values tags 'a\;b' 'a\;b;c' '\;' 'a\b;c\' 'a\;b;a\;b'
	equals "$status" 0
	equals "$(loaded "array_to_string(tags, '|')")" $'a;b\na;b|c\n;\na\\b|c\\\na;b'
}

@test "commas and doubled quotes in a quoted cell are parts of tags" {
	load_values tags 'a,b;c' 'say ""hi"";\;'
	equals "$status" 0
	equals "$(loaded "array_to_string(tags, '|')")" $'a,b|c\nsay "hi"|;'
}

@test "the raw bytes of a reject still have the backslashes of its tags" {
	export_csv tags.csv +tags,message_count '1,u,2025-05-01T09:00:00Z,,open,,a\;b;c,many'
	run_load tags.csv
	equals "$(sql "SELECT convert_from(raw, 'UTF8') FROM ttr_data.reject")" '1,u,2025-05-01T09:00:00Z,,open,,a\;b;c,many'
}

@test "a conversation has up to 1,000 tags, and with 1,001 it is rejected" {
	load_values tags "$(seq -s ';' 1000)" "$(seq -s ';' 1001)" "$(seq -s ';' 1000);1;2"
	equals "$status" 4
	equals "$(loaded 'conversation_id, cardinality(tags)')" $'1|1000\n3|1000'
	equals "$(rejects)" '3|too_many_tags|tags'
	equals "$(details)" 'the conversation has more than 1000 tags'
}

@test "a JSON array of tags may repeat them however often" {
	jq -nc '{conversation_id: "1", user_id: "u", state: "open", started_at: "2025-05-01T09:00:00Z",
	         tags: ([range(1001) | "a"] + ["b"])}' >tags.json
	run_load tags.json
	equals "$status" 0
	equals "$(loaded "array_to_string(tags, '|')")" 'a|b'
}

# --- limits

@test "an id, an assignee or a tag of 512 bytes loads, and of 513 is rejected" {
	local column
	for column in user_id assignee_email assignee_id tags; do
		load_values $column "$(text_of 512)" " $(text_of 512) " "$(text_of 513)"
		equals "$status" 4
		equals "$(sql "SELECT DISTINCT octet_length(translate($column::text, '{}', '')) FROM ttr_data.conversation")" 512
		equals "$(sql "SELECT line, reason, column_name FROM ttr_data.reject WHERE load_id = $(field .load.load_id)")" \
			"4|value_too_long|$column"
	done
}

@test "a conversation_id of 512 bytes loads, and of 513 is rejected" {
	export_csv ids.csv "$(text_of 512),u,2025-05-01T09:00:00Z,,open," "$(text_of 513),u,2025-05-01T09:00:00Z,,open,"
	run_load ids.csv
	equals "$status" 4
	equals "$(sql 'SELECT octet_length(conversation_id) FROM ttr_data.conversation')" 512
	equals "$(rejects)" '3|value_too_long|conversation_id'
	equals "$(details)" 'the value has 513 bytes, and 512 are the limit'
}

@test "limits count bytes, not characters" {
	load_values user_id "$(printf 'ä%.0s' {1..256})" "$(printf 'ä%.0s' {1..256})x"
	equals "$status" 4
	equals "$(loaded 'length(user_id)')" 256
	equals "$(rejects)" '3|value_too_long|user_id'
}

# --- counts and words

@test "a count is a whole number, with .0 or without, or none" {
	local column
	for column in message_count reopen_count; do
		load_values $column 3 3.0 3.00 '' ' ' ' 12 ' 0 007 2147483647
		equals "$status" 0
		equals "$(loaded $column)" $'3\n3\n3\n<null>\n<null>\n12\n0\n7\n2147483647'
	done
}

@test "a count that is negative, broken, too large or no number is rejected" {
	load_values message_count -1 3.5 abc 2147483648 99999999999999999999999 3. .0 +3 1e3 0x10 '1 000' 1,000 3.0.0 infinity ٣
	all_rejected bad_number message_count
	equals "$(details | head -n 1)" '"-1" is not a whole number from 0 to 2147483647'
	load_values reopen_count many
	equals "$(sql "SELECT reason, column_name FROM ttr_data.reject WHERE load_id = $(field .load.load_id)")" \
		'bad_number|reopen_count'
}

@test "closed_by is one of three words or none, and another is rejected" {
	load_values closed_by admin ' BOT ' User '' robot
	equals "$status" 4
	equals "$(loaded closed_by)" $'admin\nbot\nuser\n<null>'
	equals "$(rejects)" '6|unknown_closer|closed_by'
	equals "$(details)" '"robot" is none of admin, bot and user'
}

@test "what a reject quotes of a long value is cut between characters" {
	load_values state "$(printf 'x€%.0s' {1..400})"
	all_rejected unknown_state state
	contains "$(details)" '"x€x€'
	equals "$(sql 'SELECT octet_length(detail) < 240 FROM ttr_data.reject')" t
}

@test "of several things that are wrong with a record the leftmost is told" {
	export_csv wrong.csv '1,u,tomorrow,yesterday,nonsense,'
	run_load wrong.csv
	equals "$(rejects)" '2|bad_time|started_at'
}

@test "local times that a clock change repeats or skips follow PostgreSQL's rule, and are counted" {
	# New York, 2025: 1:30 occurs twice on 2 November, 2:30 never on 9 March.
	export_csv naive.csv 1,u,2025-11-02T01:30:00,2025-11-02T03:00:00,closed,a@x 2,u,2025-03-09T02:30:00,,open,a@x \
		3,u,2025-11-02T00:59:59,2025-11-02T02:00:00,closed,a@x 4,u,2025-03-09T01:59:59,2025-03-09T03:00:00,closed,a@x \
		5,u,2025-11-02T01:30:00-04:00,,open,a@x
	run_load --timezone=America/New_York naive.csv
	equals "$status" 0
	equals "$(field '.load | [.naive_timestamps, .ambiguous_timestamps]')" '[7,2]'
	equals "$(sql 'SELECT started_at FROM ttr_data.conversation ORDER BY conversation_id LIMIT 2')" \
		$'2025-11-02 06:30:00+00\n2025-03-09 07:30:00+00'
	contains "$stderr" 'a clock change in America/New_York skips or repeats 2 local times'
}

@test "the clock changes of all zones up to 2037 are counted where PostgreSQL would choose, and nowhere else" {
	ttr-load --init
	sql "CREATE TABLE change AS
	     SELECT name, at, before, after
	     FROM (SELECT name, at, (at AT TIME ZONE name) - (at AT TIME ZONE 'UTC') AS after,
	                  lag((at AT TIME ZONE name) - (at AT TIME ZONE 'UTC')) OVER (PARTITION BY name ORDER BY at) AS before
	           FROM unnest('{Europe/Berlin,Europe/Dublin,America/New_York,Australia/Lord_Howe,Africa/Casablanca,America/Sao_Paulo}'::text[]) AS name,
	                generate_series('1970-01-01', '2037-12-31', interval '30 minutes') AS at) AS hour
	     WHERE before <> after"
	for zone in $(sql 'SELECT DISTINCT name FROM change ORDER BY name'); do
		{
			echo "$columns"
			sql "SET TimeZone = 'UTC'; SELECT row_number() OVER () || ',u,' || to_char((at AT TIME ZONE 'UTC') + greatest(before, after) + shift, 'YYYY-MM-DD\"T\"HH24:MI:SS') || ',,open,a@x'
			     FROM change, unnest('{-30 minutes,-1 second,0}'::interval[]) AS shift WHERE name = '$zone'"
		} >naive.csv
		run_load --timezone="$zone" --exported-at=2025-01-01T00:00:00Z --dry-run naive.csv
		equals "$status" 0
		# Of each change the last half hour that is repeated or skipped, its last second, and not the moment after.
		equals "$zone $(field .load.ambiguous_timestamps)" "$zone $(sql "SELECT 2 * count(*) FROM change WHERE name = '$zone'")"
	done
}

@test "the assignee 0 is nobody, also as a column of floating-point numbers writes it" {
	export_csv a.csv +assignee_id '1,u,2025-05-01T08:00:00Z,,open,,0' '2,u,2025-05-01T08:00:00Z,,open,,0.0' \
		'3,u,2025-05-01T08:00:00Z,,open,,10.0'
	run_load a.csv
	equals "$(sql "SELECT conversation_id, assignee_id FROM ttr_data.conversation ORDER BY 1")" $'1|\n2|\n3|10.0'
}
