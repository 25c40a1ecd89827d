#!/usr/bin/env bats
# How the bytes of a file become records: strictly by RFC 4180, and whatever breaks its rules costs as little as it can.

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

hexadecimal() {
	od -An -v -tx1 | tr -d ' \n'
}

# The only conversation's note, compared by the server.
note_is() {
	equals "$(sql "SELECT attributes ->> 'note' = $1 FROM ttr_data.conversation")" t
}

# As run_load; the most memory that ttr-load held is in the file peak, in kB.
measure_load() {
	run --separate-stderr python3 -c '
import resource, subprocess, sys
status = subprocess.call(["ttr-load", "--json", *sys.argv[1:]])
with open("peak", "w") as peak:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=peak)
sys.exit(status)' "$@"
}

stays_under_32_mb() {
	(($(<peak) < 32 * 1024)) || {
		echo "ttr-load held $(<peak) kB"
		return 1
	}
}

# --- where records and lines end

@test "lines end in LF" {
	list_attributes note
	printf '%s,note\n%s,x\n%s,x\n' "$columns" "$(row 1)" "$(row 2)" >lines.csv
	run_load lines.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, attributes FROM ttr_data.conversation ORDER BY 1')" $'1|{"note": "x"}\n2|{"note": "x"}'
}

@test "lines end in CRLF" {
	list_attributes note
	printf '%s,note\r\n%s,x\r\n%s,x\r\n' "$columns" "$(row 1)" "$(row 2)" >lines.csv
	run_load lines.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, attributes FROM ttr_data.conversation ORDER BY 1')" $'1|{"note": "x"}\n2|{"note": "x"}'
}

@test "lines end in a lone CR" {
	list_attributes note
	printf '%s,note\r%s,x\r%s,x\r' "$columns" "$(row 1)" "$(row 2)" >lines.csv
	run_load lines.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, attributes FROM ttr_data.conversation ORDER BY 1')" $'1|{"note": "x"}\n2|{"note": "x"}'
}

@test "line ends may be mixed in one file" {
	printf '%s\r\n%s\n%s\r%s\r\n%s' "$columns" "$(row 1)" "$(row 2)" "$(row 3)" "$(row 4)" >lines.csv
	run_load lines.csv
	equals "$status" 0
	equals "$(conversations)" '1 2 3 4'
}

@test "the last record needs no line end" {
	printf '%s\n%s\n%s' "$columns" "$(row 1)" "$(row 2)" >lines.csv
	run_load lines.csv
	equals "$status" 0
	equals "$(conversations)" '1 2'
}

@test "blank lines are no records, and count as lines" {
	printf '\n\n%s\n\n%s\r\n\r\n\r\nbad\n\n' "$columns" "$(row 1)" >lines.csv
	run_load lines.csv
	equals "$status" 4
	equals "$(field '.load | [.read, .inserted, .rejected]')" '[2,1,1]'
	equals "$(rejects)" '8|too_few_fields|'
}

# --- quotes

@test "a header and values in quotes are the same as without" {
	printf '"%s"\n' "${columns//,/\",\"}" "$(row 1 | sed 's/,/","/g')" >quoted.csv
	run_load quoted.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, user_id, started_at, resolved_at, state, assignee_email FROM ttr_data.conversation')" \
		'1|u|2025-05-01 09:00:00+00||open|ann@example.com'
}

@test "a doubled quote in quotes is one quote" {
	list_attributes note
	printf '%s,note\n%s,"""Pay ""now"", please"""\n' "$columns" "$(row 1)" >quoted.csv
	run_load quoted.csv
	equals "$status" 0
	note_is "'\"Pay \"now\", please\"'"
}

@test "commas and line ends of all kinds in quotes are data" {
	list_attributes note
	printf '%s,note\r\n%s,"a,b\nc\r\nd\re\n\n"\r\n' "$columns" "$(row 1)" >quoted.csv
	run_load quoted.csv
	equals "$status" 0
	note_is "E'a,b\nc\r\nd\re\n\n'"
}

@test "a line \\. in quotes is data" {
	list_attributes note
	printf '%s,note\n%s,"a\n\\.\nb"\n%s,c\n' "$columns" "$(row 1)" "$(row 2)" >dot.csv
	run_load dot.csv
	equals "$status" 0
	equals "$(sql "SELECT attributes ->> 'note' = E'a\n\\\\.\nb' FROM ttr_data.conversation WHERE conversation_id = '1'")" t
	equals "$(conversations)" '1 2'
}

@test "a line \\. outside quotes is a record with too few fields, and not the end" {
	export_csv dot.csv "$(row 1)" '\.' "$(row 2)"
	run_load dot.csv
	equals "$status" 4
	equals "$(rejects)" '3|too_few_fields|'
	equals "$(conversations)" '1 2'
}

@test "a value \\. is a value like any other" {
	export_csv dot.csv "$(row 1 '\.')"
	run_load dot.csv
	equals "$status" 0
	equals "$(sql 'SELECT user_id FROM ttr_data.conversation')" '\.'
}

@test "of a quote that never closes only the first line is lost" {
	export_csv quote.csv "$(row 1)" "$(row 2 '"u')" "$(row 3)" "$(row 4)"
	run_load quote.csv
	equals "$status" 4
	equals "$(rejects)" '3|unterminated_quote|'
	equals "$(details)" 'a quoted field is never closed'
	equals "$(conversations)" '1 3 4'
}

# Good records of more than 16 MB after a quote that never closes.
unclosed_before_16_mb() {
	local id
	printf '%s,note\n%s,n\n%s,"n\n' "$columns" "$(row 0001)" "$(row 0002)"
	for id in {0003..0022}; do
		row $id
		printf ','
		head -c 1M /dev/zero | tr '\0' x
		printf '\n'
	done
}

@test "of a quote that is not closed within 16 MB only the first line is lost" {
	list_attributes note
	measure_load - < <(unclosed_before_16_mb)
	equals "$status" 4
	equals "$(rejects)" '3|unterminated_quote|'
	equals "$(field '.load | [.read, .inserted, .rejected]')" '[22,21,1]'
	equals "$(sql "SELECT count(*), min(conversation_id), max(conversation_id) FROM ttr_data.conversation
	               WHERE length(attributes ->> 'note') = 1048576")" '20|0003|0022'
	stays_under_32_mb
}

@test "raw of a quote that is not closed within 16 MB is the first line, without its line end" {
	run_load - < <(unclosed_before_16_mb)
	equals "$(sql "SELECT convert_from(raw, 'UTF8') || '|' FROM ttr_data.reject")" "$(row 0002),\"n|"
}

@test "text after a closing quote is rejected" {
	export_csv quote.csv "$(row 1)" "$(row 2 '"u"v')" "$(row 3 '"u" ')" "$(row 4)"
	run_load quote.csv
	equals "$status" 4
	equals "$(rejects)" $'3|text_after_quote|\n4|text_after_quote|'
	equals "$(conversations)" '1 4'
}

@test "a quote inside an unquoted field is rejected" {
	export_csv quote.csv "$(row 1)" "$(row 2 'u"v"')" "$(row 3 ' "u"')" "$(row 4)"
	run_load quote.csv
	equals "$status" 4
	equals "$(rejects)" $'3|bare_quote|\n4|bare_quote|'
	equals "$(conversations)" '1 4'
}

# --- fields

@test "a record with too few fields is rejected, with both counts" {
	export_csv fields.csv "$(row 1)" '2,u,2025-05-01T09:00:00Z,,open' '3' "$(row 4)"
	run_load fields.csv
	equals "$status" 4
	equals "$(rejects)" $'3|too_few_fields|\n4|too_few_fields|'
	equals "$(details)" $'the header has 6 columns, the record 5\nthe header has 6 columns, the record 1'
	equals "$(conversations)" '1 4'
	contains "$stderr" 'fields.csv:3: the header has 6 columns, the record 5'
}

@test "a record with too many fields is rejected, with both counts, and so is a trailing comma" {
	export_csv fields.csv "$(row 1)" "$(row 2),x,y" "$(row 3)," "$(row 4)"
	run_load fields.csv
	equals "$status" 4
	equals "$(rejects)" $'3|too_many_fields|\n4|too_many_fields|'
	equals "$(details)" $'the header has 6 columns, the record 8\nthe header has 6 columns, the record 7'
	equals "$(conversations)" '1 4'
}

@test "a record of more fields than anybody counts on is rejected" {
	{ printf '%s\n' "$columns" "$(row 1)"; printf ',%.0s' {1..6000}; printf '\n%s\n' "$(row 2)"; } >fields.csv
	run_load fields.csv
	equals "$status" 4
	equals "$(rejects)" '3|too_many_fields|'
	equals "$(details)" 'the header has 6 columns, the record 6001'
	equals "$(conversations)" '1 2'
}

@test "a NUL byte is rejected, with its place" {
	{ printf '%s\n' "$columns" "$(row 1)"; printf '2,a\0b,2025-05-01T09:00:00Z,,open,\n%s\n' "$(row 3)"; } >nul.csv
	run_load nul.csv
	equals "$status" 4
	equals "$(rejects)" '3|nul_byte|'
	equals "$(details)" 'byte 4 is NUL'
	equals "$(conversations)" '1 3'
	equals "$(sql "SELECT encode(raw, 'hex') FROM ttr_data.reject")" \
		"$(printf '2,a\0b,2025-05-01T09:00:00Z,,open,' | hexadecimal)"
}

@test "bytes that are not UTF-8 are rejected, with the place of the first" {
	local bytes
	{
		printf '%s\n' "$columns" "$(row 1)"
		# overlong (2, 3 and 4 bytes), lone continuation, surrogate, beyond U+10FFFF, cut within a field, no such byte
		for bytes in '\xc0\xaf' '\xe0\x80\xaf' '\xf0\x80\x80\xaf' '\x80' '\xed\xa0\x80' '\xf4\x90\x80\x80' '\xe2\x82' '\xff'; do
			printf "2,ä$bytes,2025-05-01T09:00:00Z,,open,\n"
		done
		row 3
	} >bytes.csv
	run_load bytes.csv
	equals "$status" 4
	equals "$(rejects)" "$(printf '%d|invalid_utf8|\n' {3..10})"
	equals "$(details)" "$(printf 'byte 5, 0x%s, is not UTF-8\n' C0 E0 F0 80 ED F4 E2 FF)"
	equals "$(conversations)" '1 3'
}

@test "a character that is cut at the end of the file is rejected" {
	printf '%s\n%s\n%s\xf0\x9f\x98' "$columns" "$(row 1)" "$(row 2)" >cut.csv
	run_load cut.csv
	equals "$status" 4
	equals "$(rejects)" '3|invalid_utf8|'
	equals "$(details)" "byte $(($(row 2 | wc -c) + 1)), 0xF0, is not UTF-8"
	equals "$(conversations)" 1
}

@test "every character of UTF-8 but NUL is loaded as it stands" {
	list_attributes note
	printf '%s,note\n%s,"\x01\x1f\x7f\xc2\x80ß€\xef\xbf\xbf\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xef\xbb\xbf"\n' \
		"$columns" "$(row 1)" >characters.csv
	run_load characters.csv
	equals "$status" 0
	equals "$(sql "SELECT encode(convert_to(attributes ->> 'note', 'UTF8'), 'hex') FROM ttr_data.conversation")" \
		"$(printf '\x01\x1f\x7f\xc2\x80ß€\xef\xbf\xbf\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xef\xbb\xbf' | hexadecimal)"
}

# --- size

# A file whose second record has a field of 100 MB, in quotes or not.
giant() {
	local quote=$1
	printf '%s,note\n%s,n\n%s,%s' "$columns" "$(row 1)" "$(row 2)" "$quote"
	head -c 100M /dev/zero | tr '\0' x
	printf '%s\n%s,n\n' "$quote" "$(row 3)"
}

# The reject of such a file: where it stands, and its first 8 kB.
giant_is_rejected() {
	local quote=$1
	equals "$status" 4
	equals "$(field '.load | [.read, .inserted, .rejected]')" '[3,2,1]'
	equals "$(rejects)" '3|record_too_long|'
	equals "$(conversations)" '1 3'
	equals "$(sql "SELECT byte_offset, length(raw), md5(raw) FROM ttr_data.reject")" \
		"$(printf '%s,note\n%s,n\n' "$columns" "$(row 1)" | wc -c)|8192|$(giant "$quote" | tail -n +3 | head -c 8192 | md5sum | cut -d' ' -f1)"
	stays_under_32_mb
}

@test "a field of 100 MB is one reject; its neighbours load, in less than 32 MB of memory" {
	measure_load - < <(giant '')
	giant_is_rejected ''
}

@test "a field of 100 MB in quotes is one reject; its neighbours load, in less than 32 MB of memory" {
	measure_load - < <(giant '"')
	giant_is_rejected '"'
}

@test "a giant at the end of a file, without a line end, is one reject" {
	{ printf '%s\n' "$columns" "$(row 1)"; row 2; head -c 20M /dev/zero | tr '\0' x; } >giant.csv
	run_load giant.csv
	equals "$status" 4
	equals "$(rejects)" '3|record_too_long|'
	equals "$(field '.load.files[0] | [.read, .bytes]')" "[2,$(wc -c <giant.csv)]"
}

@test "lines after a giant that ends in CRLF are counted right" {
	{ printf '%s\n' "$columns" "$(row 1)"; head -c 17M /dev/zero | tr '\0' x; printf '\r\n%s\r\nbad\r\n' "$(row 2)"; } >giant.csv
	run_load giant.csv
	equals "$status" 4
	equals "$(rejects)" $'3|record_too_long|\n5|too_few_fields|'
	equals "$(conversations)" '1 2'
}

@test "the line end of a giant is found wherever the reading of pieces parts it" {
	local end length
	for end in '\r' '\r\n'; do
		for length in $((16 * 1024 * 1024)){-1,,+1}; do
			{
				printf '%s\n' "$columns"
				head -c $((length)) /dev/zero | tr '\0' x
				printf "$end%s${end}bad$end" "$(row 1)"
			} >giant.csv
			run_load giant.csv
			equals "$status" 4
			equals "$(sql "SELECT line, reason FROM ttr_data.reject WHERE load_id = $(field .load.load_id) ORDER BY line")" \
				$'2|record_too_long\n4|too_few_fields'
		done
	done
}

# One record with a field that takes nearly all of 16 MB, filled with $1.
nearly_giant() {
	printf '%s,note\n%s,"' "$columns" "$(row 1)"
	yes "$1" | tr -d '\n' | head -c $((16 * 1024 * 1024 - 1024))
	printf '"\n'
}

@test "a record just below 16 MB loads whole" {
	list_attributes note
	nearly_giant x >large.csv
	run_load large.csv
	equals "$status" 0
	equals "$(sql "SELECT length(attributes ->> 'note') FROM ttr_data.conversation")" $((16 * 1024 * 1024 - 1024))
}

@test "a record just below 16 MB loads in less than 32 MB of memory" {
	list_attributes note
	nearly_giant x >large.csv
	measure_load large.csv
	equals "$status" 0
	stays_under_32_mb
}

@test "a record just below 16 MB that is full of doubled quotes loads in less than 32 MB of memory" {
	list_attributes note
	nearly_giant '""' >large.csv
	measure_load large.csv
	equals "$status" 0
	stays_under_32_mb
}

# --- what is kept of a reject

@test "raw is the record's exact bytes, without its line end" {
	printf '%s,note\n' "$columns" >raw.csv
	printf '1,"u ""x""",2025-05-01T09:00:00Z,,nonsense,," a\r\nb "\r\n' >>raw.csv
	printf ' 2 ,u,2025-05-01T09:00:00Z,,nonsense,ä,\r' >>raw.csv
	printf '3,"u,2025-05-01T09:00:00Z,,open,,\n' >>raw.csv
	run_load raw.csv
	equals "$status" 4
	equals "$(rejects)" $'2|unknown_state|state\n4|unknown_state|state\n5|unterminated_quote|'
	equals "$(sql "SELECT encode(raw, 'hex') FROM ttr_data.reject ORDER BY line")" \
		"$(printf '1,"u ""x""",2025-05-01T09:00:00Z,,nonsense,," a\r\nb "' | hexadecimal)
$(printf ' 2 ,u,2025-05-01T09:00:00Z,,nonsense,ä,' | hexadecimal)
$(printf '3,"u,2025-05-01T09:00:00Z,,open,,' | hexadecimal)"
}

@test "raw is capped at 8,192 bytes" {
	local length
	printf '%s,note\n' "$columns" >raw.csv
	for length in 8191 8192 8193; do
		printf '%0*d\n' $length 0 >>raw.csv
	done
	run_load raw.csv
	equals "$status" 4
	equals "$(sql 'SELECT line, length(raw) FROM ttr_data.reject ORDER BY line')" $'2|8191\n3|8192\n4|8192'
}

@test "line and byte offset are right after a byte order mark and records of many lines" {
	local offset
	printf '\xef\xbb\xbf%s,"no\nte"\r\n' "$columns" >places.csv
	printf '%s,"a\nb\r\nc\rd"\r\n\n' "$(row 1)" >>places.csv
	offset=$(wc -c <places.csv)
	printf 'x,"\n\n"\r' >>places.csv
	printf '%s,"""\n"""\n' "$(row 2)" >>places.csv
	offset+=" $(wc -c <places.csv)"
	printf '"y' >>places.csv
	run_load places.csv
	equals "$status" 4
	equals "$(rejects)" $'8|too_few_fields|\n13|unterminated_quote|'
	equals "$(sql "SELECT string_agg(byte_offset::text, ' ' ORDER BY line) FROM ttr_data.reject")" "$offset"
	equals "$(sql "SELECT string_agg(encode(raw, 'hex'), ' ' ORDER BY line) FROM ttr_data.reject")" \
		"$(printf 'x,"\n\n"' | hexadecimal) $(printf '"y' | hexadecimal)"
}

@test "lines and byte offsets are counted anew in each file" {
	export_csv one.csv "$(row 1)" bad
	export_csv two.csv worse "$(row 2)"
	run_load one.csv two.csv
	equals "$status" 4
	equals "$(sql 'SELECT file, line, byte_offset FROM ttr_data.reject ORDER BY file')" \
		"one.csv|3|$(printf '%s\n%s\n' "$columns" "$(row 1)" | wc -c)
two.csv|2|$(printf '%s\n' "$columns" | wc -c)"
}

@test "the first rejects are told one by one with file, line, column, words and code, the others by their number" {
	export_csv many.csv "$(row 1)" bad{2..8} "$(row 9)"
	run_load many.csv
	equals "$status" 4
	contains "$stderr" 'warning: many.csv:3: the header has 6 columns, the record 1 [too_few_fields]'
	contains "$stderr" 'many.csv:7: '
	contains "$stderr" '2 more records were rejected'
	[[ $stderr != *many.csv:8:* ]]
	equals "$(field .load.rejected)" 7
}

@test "every record that was read is inserted, updated, unchanged, older, duplicate or rejected" {
	export_csv before.csv +updated_at "$(row 1),2025-05-02T00:00:00Z" "$(row 2),2025-05-02T00:00:00Z" "$(row 3),2025-05-02T00:00:00Z"
	run_load before.csv
	export_csv after.csv +updated_at \
		"$(row 1),2025-05-02T00:00:00Z" \
		"$(row 2 changed),2025-05-03T00:00:00Z" \
		"$(row 3 changed),2025-05-01T00:00:00Z" \
		"$(row 4),2025-05-03T00:00:00Z" \
		"$(row 4 again),2025-05-03T00:00:00Z" \
		bad
	run_load after.csv
	equals "$status" 4
	equals "$(field '.load | [.read, .inserted, .updated, .unchanged, .older, .duplicate, .rejected]')" '[6,1,1,1,1,1,1]'
	equals "$(sql 'SELECT conversation_id, user_id FROM ttr_data.conversation ORDER BY 1')" $'1|u\n2|changed\n3|u\n4|again'
}

# --- columns that nobody knows

@test "unknown columns are kept under their exact names, whatever these are" {
	printf '%s,"a ""big"" one",Priorität,,"x,y","two\nlines",back\\slash,conversation id,__proto__\n' "$columns" >names.csv
	printf '%s,1,2,3,4,5,6,7,8\n' "$(row 1)" >>names.csv
	run_load names.csv
	equals "$status" 0
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation' | jq -cS .)" "$(jq -cSn \
		'{"a \"big\" one": "1", "Priorität": "2", "column 9": "3", "x,y": "4", "two\nlines": "5", "back\\slash": "6",
		  "conversation id": "7", "__proto__": "8"}')"
}

@test "values of unknown columns are kept exactly, and those of empty ones are null" {
	list_attributes json
	printf '%s,blanks,escape,json,number,empty,quoted\n' "$columns" >values.csv
	printf '%s, a\tb ,\\u0041\\n\\,"{""a"": [1]}",007.50,,""\n' "$(row 1)" >>values.csv
	run_load values.csv
	equals "$status" 0
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation' | jq -cS .)" "$(jq -cSn \
		'{"blanks": " a\tb ", "escape": "\\u0041\\n\\", "json": "{\"a\": [1]}", "number": "007.50", "empty": null, "quoted": null}')"
}
