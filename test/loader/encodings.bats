#!/usr/bin/env bats
# Text that is not UTF-8: decoded where its encoding is certain or named, and else refused or rejected with a way out.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# Two conversations; $1 is a letter beyond ASCII.
export_of() {
	printf '%s\r\n' "$columns,tags" "1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,m$1ller@x,gr$1" \
		2,u,2025-05-01T08:00:00Z,,open,,
}

# UTF-8 on standard input, in UTF-16 with a byte order mark: LE or BE.
utf16() {
	[ "$1" = LE ] && printf '\377\376' || printf '\376\377'
	iconv -f UTF-8 -t "UTF-16$1"
}

is_loaded() {
	equals "$status" 0
	equals "$(sql "SELECT assignee_email, tags FROM ttr_data.conversation WHERE conversation_id = '1'")" "m$1ller@x|{gr$1}"
}

@test "a table in UTF-16 is decoded, whatever its byte order" {
	export_of ü | utf16 LE >little.csv
	run_load little.csv
	is_loaded ü
	equals "$(field '.load.files[0] | [.format, .read, .bytes]')" "[\"csv\",2,$(wc -c <little.csv)]"
	export_of 😀 | utf16 BE >big.csv
	run_load --exported-at=2025-06-01T00:00:00Z big.csv
	is_loaded 😀
}

@test "JSON in UTF-16 is decoded" {
	printf '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open","assignee_email":"müller@x","tags":["grü"]}' |
		utf16 LE >export.json
	run_load export.json
	is_loaded ü
	equals "$(field '.load.files[0].format')" '"json"'
}

@test "text in UTF-16 is decoded within gzip, zstd and tar, beside text in UTF-8" {
	export_of ü | utf16 LE >little.csv
	export_of ö | sed 's/^1,/3,/; s/^2,/4,/' >plain.csv
	gzip -k little.csv
	zstd -q little.csv
	tar -cf all.tar little.csv plain.csv
	for file in little.csv.gz little.csv.zst all.tar; do
		run_load $file
		is_loaded ü
	done
	equals "$(sql "SELECT assignee_email FROM ttr_data.conversation WHERE conversation_id = '3'")" möller@x
}

@test "places in rejects are those of the decoded text, and so is raw" {
	{ export_of ü; printf 'bäd\r\n'; } | utf16 LE >little.csv
	run_load little.csv
	equals "$status" 4
	equals "$(sql "SELECT line, byte_offset, convert_from(raw, 'UTF8') FROM ttr_data.reject")" "4|$(($(export_of ü | wc -c) + 3))|bäd"
}

@test "text in UTF-16 that is cut or has half a character fails the run" {
	export_of ü | utf16 LE | head -c -1 >cut.csv
	run_load cut.csv
	equals "$status" 1
	contains "$stderr" '"cut.csv" cannot be read as UTF-16LE: it ends within a character'
	{ export_of ü | utf16 LE; printf '\000\330x\000'; } >half.csv
	run_load half.csv
	equals "$status" 1
	contains "$stderr" "\"half.csv\" cannot be read as UTF-16LE: byte $(($(export_of ü | utf16 LE | wc -c) + 1)), 0x00, starts no character"
	contains "$stderr" 'save it in UTF-8'
}

@test "a NUL in UTF-16 is rejected as elsewhere" {
	printf '%s\n1,a\0b,2025-05-01T08:00:00Z,,open,\n' "$columns" | utf16 BE >nul.csv
	run_load nul.csv
	equals "$(rejects)" '2|nul_byte|'
}

@test "--encoding names the encoding, in any case of letters" {
	export_of ü | iconv -t WINDOWS-1252 >ansi.csv
	run_load --encoding=windows-1252 ansi.csv
	is_loaded ü
	export_of ř | iconv -t ISO-8859-2 >czech.csv
	run_load --encoding=ISO-8859-2 --exported-at=2025-06-01T00:00:00Z czech.csv
	is_loaded ř
	export_of ü | iconv -t UTF-16LE >unmarked.csv
	run_load --encoding=utf-16le --exported-at=2025-07-01T00:00:00Z unmarked.csv
	is_loaded ü
}

@test "--encoding reads a last character that waits for another one" {
	printf '%s\n1,u,2025-05-01T08:00:00Z,,open,a' "$columns" >last.csv
	run_load --encoding=windows-1258 last.csv
	equals "$status" 0
	equals "$(sql 'SELECT assignee_email FROM ttr_data.conversation')" a
}

@test "--encoding=utf-8 is as without" {
	export_of ü >export.csv
	run_load --encoding=UTF-8 export.csv
	is_loaded ü
}

@test "a byte order mark counts for more than --encoding" {
	export_of ü | utf16 LE >little.csv
	{ printf '\357\273\277'; export_of ü | sed 's/^1,/3,/; s/^2,/4,/'; } >mark.csv
	run_load --encoding=windows-1252 little.csv mark.csv
	is_loaded ü
	equals "$(sql "SELECT assignee_email FROM ttr_data.conversation WHERE conversation_id = '3'")" müller@x
}

@test "the list of --admins is not decoded by --encoding" {
	export_of ü | iconv -t WINDOWS-1252 >ansi.csv
	printf '{"admins":[{"type":"admin","id":"5","name":"Jürgen","email":"j@x"}]}' >admins.json
	run_load --encoding=windows-1252 --admins=admins.json ansi.csv
	is_loaded ü
	equals "$(sql 'SELECT name FROM ttr_data.teammate')" Jürgen
}

@test "an encoding that nobody knows is a usage error with an example" {
	local name
	for name in nonsense '' latin1//IGNORE; do
		run ttr-load --encoding="$name" x.csv
		equals "$status" 1
		contains "$output" "--encoding: there is no encoding \"$name\""
		contains "$output" '--encoding=windows-1252'
	done
}

@test "what the named encoding does not have fails the run, with the byte" {
	{ export_of ü | iconv -t WINDOWS-1252; printf '\201'; } >ansi.csv
	run_load --encoding=windows-1252 ansi.csv
	equals "$status" 1
	contains "$stderr" "\"ansi.csv\" cannot be read as windows-1252: byte $(($(export_of u | wc -c) + 1)), 0x81, starts no character"
	contains "$stderr" '--encoding='
}

@test "a table in windows-1252 has its records rejected, and the load says once what to do" {
	export_of ü | sed 's/^2,\(.*\)open,,/2,\1open,ä,/' | iconv -t WINDOWS-1252 >ansi.csv
	run_load ansi.csv
	equals "$status" 4
	equals "$(rejects)" $'2|invalid_utf8|\n3|invalid_utf8|'
	equals "$(grep -c 'warning: "ansi.csv" is not in UTF-8' <<<"$stderr")" 1
	contains "$stderr" 'It seems to be windows-1252. Load it by: ttr-load --encoding=windows-1252 ... FILE'
	contains "$stderr" 'iconv -f WINDOWS-1252 -t UTF-8 FILE | ttr-load ... -'
}

@test "a header in windows-1252 is refused with what to do" {
	printf '%s,Priorit\344t\n' "$columns" >ansi.csv
	run_load ansi.csv
	equals "$status" 1
	contains "$stderr" 'ttr-load --encoding=windows-1252 ... FILE'
}

@test "a table in UTF-16 without a byte order mark is refused with the encoding to name, by which it loads" {
	local order
	for order in le be; do
		export_of ü | iconv -t "UTF-16${order^^}" >unmarked.csv
		run_load unmarked.csv
		equals "$status" 1
		contains "$stderr" "UTF-16 without a byte order mark. Load it by: ttr-load --encoding=utf-16$order ... FILE"
		run_load --encoding=utf-16$order --dry-run unmarked.csv
		equals "$status" 0
	done
}

@test "bytes that are no text are named by no encoding" {
	{ printf '\201\001\002\356\003'; seq -s '' 9; } >random.csv
	run_load random.csv
	equals "$status" 1
	contains "$stderr" 'hint: It has bytes that no text has. Export it again, as CSV or JSON in UTF-8.'
	{ export_of u; printf '3,\001\002\203\356\n'; } >record.csv
	run_load record.csv
	contains "$stderr" 'hint: It has bytes that no text has.'
	[[ $stderr != *--encoding* ]]
}

@test "JSON in windows-1252 is named as a table is" {
	printf '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open","assignee_email":"m\374ller@x"}\n' >export.json
	run_load export.json
	equals "$(rejects)" '1|invalid_utf8|'
	contains "$stderr" 'It seems to be windows-1252.'
}

@test "bytes that windows-1252 does not have, and such beside characters of UTF-8, are named by no encoding" {
	local bytes
	local -i number=0
	for bytes in '\201' '\303\274\374' '\342\202\254\374'; do
		number+=1
		export_csv $number.csv "$(printf "1,$bytes,2025-05-01T08:00:00Z,,open,")"
	done
	run_load *.csv
	equals "$(field .load.rejected)" 3
	for number in 1 2 3; do
		contains "$stderr" "warning: \"$number.csv\" is not in UTF-8"
	done
	contains "$stderr" 'name its encoding, for example: ttr-load --encoding=iso-8859-2 ... FILE'
	[[ $stderr != *windows-1252* ]]
}

@test "a large file in UTF-16 is decoded in less than 32 MB of memory" {
	{ echo "$columns"; seq -f '%.0f,ü,2025-05-01T08:00:00Z,,open,a@x' 500000; } | utf16 LE >large.csv
	run --separate-stderr python3 -c '
import resource, subprocess, sys
status = subprocess.call(["ttr-load", "--json", "--dry-run", "large.csv"])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open("peak", "w"))
sys.exit(status)'
	equals "$status" 0
	equals "$(field .load.inserted)" 500000
	(($(<peak) < 32 * 1024))
}
