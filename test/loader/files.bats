#!/usr/bin/env bats
# What a file must be. One that is no export is refused in words that lead on, and nothing of its run is loaded.

bats_require_minimum_version 1.5.0
load support

readonly required='conversation_id, user_id, started_at, resolved_at, state, assignee_email'

# A record of the canonical columns: an open conversation.
row() {
	printf '%s,u,2025-05-01T09:00:00Z,,open,ann@example.com' "$1"
}

conversations() {
	sql "SELECT string_agg(conversation_id, ' ' ORDER BY conversation_id) FROM ttr_data.conversation"
}

# Exit code 1, no summary, not even a schema; and standard error says all of this.
refused() {
	local words
	equals "$status" 1
	equals "$output" ''
	for words in "$@"; do
		contains "$stderr" "$words"
	done
	equals "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname IN ('ttr', 'ttr_data')")" 0
}

@test "a file that is not there is named" {
	run_load missing.csv
	refused 'could not open "missing.csv": No such file or directory' "looks for it in \"$PWD\""
}

@test "a directory is refused, with how to name the files in it" {
	mkdir exports
	run_load exports
	refused '"exports" is a directory' 'exports/*.csv'
}

@test "an empty file is refused" {
	: >empty.csv
	run_load empty.csv
	refused '"empty.csv" is empty'
}

@test "an empty standard input is refused" {
	run_load - </dev/null
	refused '"-" is empty'
}

@test "a file of blank lines only is refused" {
	printf '\n\r\n\r\n\n' >blank.csv
	run_load blank.csv
	refused '"blank.csv" has only empty lines'
}

@test "a file of a byte order mark only is refused" {
	printf '\357\273\277' >mark.csv
	run_load mark.csv
	refused '"mark.csv"' 'empty'
}

@test "a header without records loads nothing, and that is no error" {
	printf '%s\n' "$columns" >header.csv
	run_load header.csv
	equals "$status" 0
	equals "$(field '[.total_closed, .median_hours, .p95_hours, .pct_within_24h, .total, .avg_messages, .sla_breaches]')" \
		'[0,null,null,null,0,null,0]'
	equals "$(field '[.by_assignee, .by_tag, .report_csv]')" '[[],[],null]'
	equals "$(field '.load | [.read, .inserted, .updated, .unchanged, .older, .duplicate, .rejected, .naive_timestamps]')" \
		'[0,0,0,0,0,0,0,0]'
	equals "$(field '.load.exported_at')" null
	equals "$(field '.load.files')" '[{"name":"header.csv","format":"csv","bytes":68,"read":0,"rejected":0}]'
	equals "$(sql 'SELECT load_id, read, exported_at IS NULL FROM ttr_data.load')" "$(field .load.load_id)|0|t"
}

@test "a header without a line end is a header" {
	printf '%s' "$columns" >header.csv
	run_load header.csv
	equals "$status" 0
	equals "$(field '.load.read')" 0
}

@test "prose is refused with the columns that it lacks and what was found instead" {
	printf 'Dear team\nplease find the export attached, "as agreed".\n' >letter.csv
	run_load letter.csv
	refused "the header of \"letter.csv\" lacks: $required" 'Dear team' 'The first line must name these columns'
}

@test "a header that lacks columns is refused with their names and what was found" {
	printf 'conversation_id,user_id,opened,resolved_at,assignee_email\n' >partial.csv
	run_load partial.csv
	refused 'the header of "partial.csv" lacks: started_at, state' \
		'conversation_id,user_id,opened,resolved_at,assignee_email' "$required"
}

@test "a program is refused as no CSV" {
	printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0\n' >program
	run_load program
	refused '"program" is not a CSV export' 'byte 8 is NUL'
}

@test "text in Latin-1 is refused with the byte that is not UTF-8" {
	printf '%s,Priorit\344t\n' "$columns" >latin1.csv
	run_load latin1.csv
	refused '"latin1.csv" is not a CSV export' 'byte 76, 0xE4, is not UTF-8'
}

@test "16 MB without a line end are refused as no CSV" {
	head -c 17M /dev/zero >zeros
	run_load zeros
	refused '"zeros" is not a CSV export: its header cannot be read' 'longer than 16 MB'
}

@test "a header whose quote never closes is refused" {
	printf '"%s\n%s\n' "$columns" "$(row 1)" >quote.csv
	run_load quote.csv
	refused '"quote.csv" is not a CSV export: its header cannot be read' 'never closed'
}

@test "what is compressed in a way that ttr-load does not know is named, with how to load it" {
	printf 'BZh91AY&SY\000\000' >export.csv.bz2
	run_load export.csv.bz2
	refused '"export.csv.bz2" is not an export: it is compressed by bzip2' 'bzcat'
	printf '\3757zXZ\000\000\004' >export.csv.xz
	run_load export.csv.xz
	refused '"export.csv.xz" is not an export: it is compressed by xz' 'xzcat'
}

@test "an archive in an archive is named, with how to load what is in it" {
	export_csv export.csv "$(row 1)"
	tar -cf inner.tar export.csv
	tar -czf outer.tgz inner.tar
	run_load outer.tgz
	refused '"outer.tgz/inner.tar" is not an export: it is a tar archive' 'tar -xOf'
}

@test "a workbook of Excel's old format is named, with what to do" {
	printf '\320\317\021\340\241\261\032\341\0\0\0\0' >export.xls
	run_load export.xls
	refused '"export.xls" is not an export: it is an Excel workbook' 'Save the sheet as CSV (UTF-8), and load that.'
}

@test "a ZIP archive or a workbook is named, with what to do" {
	printf 'PK\003\004\024\000\000\000' >export.xlsx
	run_load export.xlsx
	refused '"export.xlsx" is not an export: it is a ZIP archive or a workbook' 'save the sheet as CSV'
}

@test "a byte order mark is no part of the first name" {
	printf '\357\273\277%s\n%s\n' "$columns" "$(row 1)" >mark.csv
	run_load mark.csv
	equals "$status" 0
	equals "$(conversations)" 1
}

@test "a byte order mark may stand before a quoted name" {
	printf '\357\273\277"conversation_id"%s\n%s\n' "${columns#conversation_id}" "$(row 1)" >mark.csv
	run_load mark.csv
	equals "$status" 0
	equals "$(conversations)" 1
}

@test "a known column that is named twice is refused" {
	printf '%s,State\n%s,closed\n' "$columns" "$(row 1)" >twice.csv
	run_load twice.csv
	refused 'the header of "twice.csv" names the column state twice'
}

@test "unknown columns of one name are all kept, under names of their own" {
	list_attributes note
	printf '%s,note,note,note\n%s,first,second,third\n' "$columns" "$(row 1)" >twice.csv
	run_load twice.csv
	equals "$status" 0
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation')" \
		'{"note": "first", "note.1": "second", "note.2": "third"}'
}

@test "a name that is made for a repeated column never takes another column's" {
	list_attributes note
	printf '%s,note.1,note.2,note,note,note\n%s,a,b,c,d,e\n' "$columns" "$(row 1)" >twice.csv
	run_load twice.csv
	equals "$status" 0
	equals "$(sql 'SELECT value FROM ttr_data.conversation, jsonb_each_text(attributes) ORDER BY value')" $'a\nb\nc\nd\ne'
}

@test "a column that no other repeats keeps its name, even where another's begins with it" {
	printf '%s,plan.name,plan\n%s,Pro,p1\n' "$columns" "$(row 1)" >plan.csv
	run_load plan.csv
	equals "$status" 0
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation')" '{"plan": "p1", "plan.name": "Pro"}'
}

@test "a header of more columns than there may be is refused" {
	{ printf '%s' "$columns"; printf ',c%d' {1..5000}; printf '\n'; } >wide.csv
	run_load wide.csv
	refused '"wide.csv"' '4096'
}

@test "a header of as many columns as there may be is read" {
	{ printf '%s' "$columns"; printf ',c%d' {1..4090}; printf '\n'; row 1; printf ',%d' {1..4090}; } >wide.csv
	run_load wide.csv
	equals "$status" 0
	equals "$(sql "SELECT attributes ->> 'c1', attributes ->> 'c4090' FROM ttr_data.conversation")" '1|4090'
}

@test "columns stand in any order; the case of their names and blanks around them do not count" {
	printf '%s\n' ' State ,TAGS,Assignee_Email,"resolved_at",	STARTED_AT,User_Id,conversation_ID ' \
		'closed,a,ann@example.com,2025-05-01T10:00:00Z,2025-05-01T09:00:00Z,u,1' >order.csv
	run_load order.csv
	equals "$status" 0
	equals "$(sql "SELECT conversation_id, user_id, state, assignee_email, tags, started_at, resolved_at, attributes
	               FROM ttr_data.conversation")" \
		'1|u|closed|ann@example.com|{a}|2025-05-01 09:00:00+00|2025-05-01 10:00:00+00|{}'
}

@test "- is standard input, in the ledger and in rejects too" {
	export_csv export.csv "$(row 1)" 'bad'
	run_load - <export.csv
	equals "$status" 4
	equals "$(conversations)" 1
	equals "$(field '.load.files[0] | [.name, .read, .rejected]')" '["-",2,1]'
	equals "$(sql 'SELECT file FROM ttr_data.reject')" -
}

@test "a pipe is read as a file is" {
	export_csv export.csv "$(row 1)"
	run_load <(cat export.csv)
	equals "$status" 0
	equals "$(conversations)" 1
	equals "$(field '.load.files[0].bytes')" "$(wc -c <export.csv)"
}

@test "files are loaded together, each with its own columns" {
	export_csv one.csv +tags "$(row 1),a"
	export_csv two.csv +message_count "$(row 2),7" 'bad'
	run_load one.csv two.csv
	equals "$status" 4
	equals "$(sql 'SELECT conversation_id, tags, message_count FROM ttr_data.conversation ORDER BY 1')" $'1|{a}|\n2|{}|7'
	equals "$(field '[.load.files[] | [.name, .read, .rejected]]')" '[["one.csv",1,0],["two.csv",2,1]]'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 1
}

@test "if one file of several is refused, nothing of the others is loaded" {
	export_csv before.csv "$(row 1)"
	run_load before.csv
	equals "$status" 0

	export_csv good.csv "$(row 2)" 'bad'
	printf 'Dear team\n' >letter.csv
	run_load good.csv letter.csv
	equals "$status" 1
	equals "$output" ''
	contains "$stderr" 'the header of "letter.csv" lacks'
	equals "$(conversations)" 1
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 1
	equals "$(sql 'SELECT count(*) FROM ttr_data.reject')" 0
}

@test "a file that is named twice is read twice, and changes nothing the second time" {
	export_csv export.csv "$(row 1)" "$(row 2)"
	run_load export.csv export.csv
	equals "$status" 0
	equals "$(field '.load | [.read, .inserted, .updated, .unchanged, .older, .duplicate]')" '[4,2,0,0,0,2]'
	equals "$(conversations)" '1 2'
}

@test "a file whose name is not UTF-8 is refused" {
	export_csv $'export\xff.csv' "$(row 1)"
	run_load $'export\xff.csv'
	refused 'is not UTF-8'
}

@test "a report whose name is not UTF-8 is refused" {
	export_csv export.csv "$(row 1)"
	run_load --report=$'report\xff.csv' export.csv
	refused 'is not UTF-8'
	equals "$(ls)" export.csv
}

# The output of an option must not be the export; $1 names the export for the option, the rest for the load.
refuses_to_overwrite() {
	local option target=$1
	shift
	export_csv export.csv "$(row 1)"
	cp export.csv copy
	for option in --report --rejects; do
		run_load $option="$target" "$@" <export.csv
		cmp export.csv copy
		refused "\"$target\" would be overwritten"
	done
}

@test "an output that would overwrite an input is refused" {
	refuses_to_overwrite export.csv export.csv
}

@test "an output that would overwrite an input by another name of it is refused" {
	touch export.csv
	ln -s export.csv symbolic.csv
	ln export.csv hard.csv
	refuses_to_overwrite "$PWD/export.csv" export.csv
	refuses_to_overwrite symbolic.csv export.csv
	refuses_to_overwrite export.csv ./hard.csv
}

@test "an output that would overwrite the file that standard input comes from is refused" {
	refuses_to_overwrite export.csv -
}

@test "a report overwrites nothing but its own file while it is written" {
	export_csv closed.csv.tmp "$(row 1)"
	cp closed.csv.tmp copy
	run_load --report=closed.csv closed.csv.tmp
	equals "$status" 0
	cmp closed.csv.tmp copy
	equals "$(ls)" $'closed.csv\nclosed.csv.tmp\ncopy'
}

@test "report and rejects are not written to one file" {
	export_csv export.csv "$(row 1)"
	run_load --report=out.csv --rejects=out.csv export.csv
	refused 'cannot both be written to "out.csv"'
	run_load --report=out.csv --rejects=./out.csv export.csv
	refused 'cannot both be written'
}
