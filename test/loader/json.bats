#!/usr/bin/env bats
# JSON: how it is cut into records, what grammar they must have, and how the canonical fields are read.
#
# A grammar case is a file in test/data/json, with the verdict in its name:
#
#   accept_WHAT          every record is loaded
#   reject_CODE.WHAT     one record is rejected with that code; the one before and the one behind it are loaded
#   fail_WHAT            nothing tells where the next record would start: the file is refused, and with it the run

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly cases=$CHECKOUT/test/data/json

# A record of the canonical fields: an open conversation, and more members if they are given.
record() {
	printf '{"conversation_id":"%s","started_at":"2025-05-01T08:00:00Z","state":"open"%s}' "$1" "${2:+,$2}"
}

# The only conversation's expression, compared by the server.
is() {
	equals "$(sql "SELECT $1 FROM ttr_data.conversation")" "$2"
}

conversations() {
	sql "SELECT string_agg(conversation_id, ' ' ORDER BY conversation_id) FROM ttr_data.conversation"
}

# --- grammar

@test "what is to be accepted is accepted" {
	run_load "$cases"/accept_*.json
	equals "$status" 0
	equals "$(field '[.load.files[] | select(.read == 0) | .name | split("/")[-1]]')" \
		'["accept_empty_array.json","accept_empty_page.json"]'
	equals "$(field '[.load.files[].format] | unique')" '["json"]'
	equals "$(field .load.rejected)" 0
}

@test "what is to be rejected is rejected, with the code in its name, and costs no other record" {
	run_load "$cases"/reject_*.json
	equals "$status" 4
	sql "SELECT regexp_replace(file, '.*/', '') || ' ' || reason FROM ttr_data.reject ORDER BY 1" >found
	for file in "$cases"/reject_*.json; do
		name=${file##*/reject_}
		echo "reject_$name ${name%%.*}"
	done | LC_ALL=C sort >expected
	LC_ALL=C sort -o found found
	diff expected found
	equals "$(field '[.load.files[] | [.read, .rejected]] | unique')" '[[3,1]]'
}

@test "what is to fail fails the run, and says from where on the file cannot be read" {
	for file in "$cases"/fail_*.json; do
		run_load "$file"
		equals "$status" 1
		contains "$stderr" 'is damaged'
		contains "$stderr" 'It cannot be read on from the record at line 1, byte '
	done
	equals "$(facts)" none
}

@test "the verdicts are the same however the bytes arrive" {
	same_by_any_read_size "$cases"/*.json
}

# --- framing

@test "line and byte offset of a reject are those of its record, in lines and in arrays" {
	{ record 1; printf '\n\n  '; record 2 '"closed_by":"cat"'; printf '\n[\n'; record 3; printf ',\n '; record 4 '"closed_by":"cat"'; printf ']'; } >places.json
	run_load places.json
	equals "$status" 4
	equals "$(sql 'SELECT line, byte_offset FROM ttr_data.reject ORDER BY line')" \
		"3|$(($(record 1 | wc -c) + 4))
6|$(($(record 1 | wc -c) + 4 + $(record 2 '"closed_by":"cat"' | wc -c) + 3 + $(record 3 | wc -c) + 3))"
	equals "$(sql "SELECT encode(raw, 'escape') FROM ttr_data.reject ORDER BY line LIMIT 1")" "$(record 2 '"closed_by":"cat"')"
}

@test "of a record in lines that lacks its end only its line is lost, whatever follows" {
	{ record 1; echo; record 2 '"x":{"y":[' | head -c -1; echo; record 3; echo; printf '{"conversation_id":'; echo; record 5; echo; record 6; echo; } >lines.ndjson
	run_load lines.ndjson
	equals "$status" 4
	equals "$(rejects)" $'2|bad_json|\n4|bad_json|'
	equals "$(conversations)" '1 3 5 6'
}

@test "a million objects in one line load in less than 32 MB of memory" {
	python3 -c '
import sys
for i in range(1000000):
    sys.stdout.write("{\"conversation_id\":\"%d\",\"started_at\":1767603600,\"state\":\"open\"}" % i)' >million.json
	/usr/bin/python3 - <<-'PYTHON'
		import resource, subprocess
		subprocess.check_call([__import__("os").environ["CHECKOUT"] + "/build/reading", "--time", "million.json"], stdout=open("out", "w"))
		assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 32 * 1024
	PYTHON
	contains "$(<out)" '1000000 records'
}

@test "a page of a million conversations is read in less than 32 MB of memory" {
	python3 -c '
import sys
sys.stdout.write("{\"type\":\"conversation.list\",\"conversations\":[")
for i in range(1000000):
    sys.stdout.write("%s{\"type\":\"conversation\",\"id\":\"%d\",\"created_at\":1767603600,\"state\":\"open\"}" % ("," if i else "", i))
sys.stdout.write("],\"pages\":{}}")' >page.json
	/usr/bin/python3 - <<-'PYTHON'
		import resource, subprocess
		subprocess.check_call([__import__("os").environ["CHECKOUT"] + "/build/reading", "--time", "page.json"], stdout=open("out", "w"))
		assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 32 * 1024
	PYTHON
	contains "$(<out)" '1000000 records'
}

@test "a record of 100 MB is one reject in an array, in lines and in a stream; its neighbours load" {
	giant() { record 2 '"x":"' | head -c -1; head -c 100M /dev/zero | tr '\0' x; printf '"}'; }
	{ printf '['; record 1; printf ','; giant; printf ','; record 3; printf ']'; } >array.json
	{ record 1; echo; giant; echo; record 3; echo; } >lines.json
	{ record 1; giant; record 3; } >stream.json
	for file in array.json lines.json stream.json; do
		run_load "$file"
		equals "$status" 4
		equals "$(field '.load | [.read, .rejected]')" '[3,1]'
		equals "$(sql "SELECT reason, length(raw) FROM ttr_data.reject WHERE file = '$file'")" 'record_too_long|8192'
	done
	equals "$(conversations)" '1 3'
}

@test "files of all kinds load in one run" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	record 2 >b.json
	{ printf '['; record 3; printf ']'; } | gzip >c
	run_load a.csv b.json c "$CHECKOUT/test/data/intercom/page.json"
	equals "$status" 0
	equals "$(field '[.load.files[].format]')" '["csv","json","json+gzip","intercom"]'
	equals "$(conversations)" '1 2 215470000123457 215470000123458 3'
}

@test "--format=csv and --format=json say what auto would have to find out" {
	record 1 >a.json
	run_load --format=json a.json
	equals "$status" 0
	run_load --format=csv a.json
	equals "$status" 1
	contains "$stderr" '"a.json" is not a CSV export'
}

# --- the canonical fields

@test "the canonical fields are those of a CSV file" {
	cat >all.json <<-'JSON'
		{"conversation_id": "1", "user_id": "u", "started_at": "2025-05-01T08:00:00Z", "resolved_at": "2025-05-01 12:00:00+02",
		 "state": "Closed", "assignee_email": "a@x", "tags": ["b", " a ", "b", "", "c;d"], "message_count": 3, "reopen_count": 1,
		 "first_response_at": "2025-05-01T08:30:00Z", "updated_at": "2025-05-02T00:00:00Z", "assignee_id": "7", "closed_by": "bot"}
	JSON
	run_load all.json
	equals "$status" 0
	is 'conversation_id, user_id, started_at, resolved_at, state, assignee_email, tags' \
		'1|u|2025-05-01 08:00:00+00|2025-05-01 10:00:00+00|closed|a@x|{b,a,c;d}'
	is 'message_count, reopen_count, first_response_at, updated_at, assignee_id, closed_by, attributes' \
		'3|1|2025-05-01 08:30:00+00|2025-05-02 00:00:00+00|7|bot|{}'
}

@test "strings may stand where numbers are expected, and numbers where strings are" {
	record 1 '"message_count":"3","reopen_count":2.0,"user_id":7,"assignee_id":8,"updated_at":"1767603600"' >types.json
	run_load types.json
	equals "$status" 0
	is 'message_count, reopen_count, user_id, assignee_id, updated_at' '3|2|7|8|2026-01-05 09:00:00+00'
}

@test "identifiers beyond 2^53 are kept exactly, as numbers and as strings" {
	record 1 '"user_id":9007199254740993,"assignee_id":"9007199254740993","x":9007199254740993' |
		sed 's/"conversation_id":"1"/"conversation_id":123456789012345678901234567890/' >ids.json
	run_load ids.json
	equals "$status" 0
	is "conversation_id, user_id, assignee_id, attributes ->> 'x'" \
		'123456789012345678901234567890|9007199254740993|9007199254740993|9007199254740993'
}

@test "0 and null are nobody, and no time" {
	{ record 1 '"assignee_id":0,"resolved_at":0,"updated_at":null'; record 2 '"assignee_id":"0"'; record 3 '"assignee_id":null'; } >nobody.json
	run_load nobody.json
	equals "$status" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation WHERE assignee_id IS NULL AND resolved_at IS NULL AND updated_at IS NULL')" 3
}

@test "times are seconds, milliseconds or ISO 8601" {
	for time in 1767603600 1767603600000 1767603600.0 '"1767603600"' '"1767603600000"' '"2026-01-05T09:00:00Z"' '"2026-01-05 10:00:00+01:00"'; do
		record "$time" "\"resolved_at\":$time" | sed 's/"conversation_id":"[^,]*,/"conversation_id":"'"${time//\"/}"'",/'
	done >times.json
	run_load times.json
	equals "$status" 0
	equals "$(sql 'SELECT DISTINCT resolved_at FROM ttr_data.conversation')" '2026-01-05 09:00:00+00'
}

@test "times without an offset are read in --timezone, and counted" {
	record 1 '"resolved_at":"2026-01-05 09:00:00"' >naive.json
	run_load --timezone=America/New_York naive.json
	equals "$status" 0
	is resolved_at '2026-01-05 14:00:00+00'
	equals "$(field .load.naive_timestamps)" 1
}

@test "tags are strings, objects with names, or a text in which they are separated" {
	{ record 1 '"tags":["a","b;c"]'; record 2 '"tags":[{"id":"1","name":"a"},{"id":"2","name":"b;c"}]'; record 3 '"tags":"a; b\\;c"'; } >tags.json
	run_load tags.json
	equals "$status" 0
	equals "$(sql 'SELECT DISTINCT tags FROM ttr_data.conversation')" '{a,b;c}'
}

@test "every other member is kept as it is, in attributes" {
	list_attributes x
	record 1 '"x":{"y":[1,2.25,"\u00e9\n",true]},"a name with \"quotes\"":"","z":null' >other.json
	run_load other.json
	equals "$status" 0
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation' | jq -cS .)" \
		'{"a name with \"quotes\"":"","x":{"y":[1,2.25,"é\n",true]},"z":null}'
}

# What the lines given are rejected for: reason, column and words.
reasons() {
	printf '%s\n' "$@" >lines.ndjson
	"$CHECKOUT/build/reading" lines.ndjson | sed -n 's/^[0-9:]* reject \(.*\): {.*/\1/p'
}

@test "a reject of an object without conversation_id says what the object has" {
	equals "$(reasons '{"id":"7","name":"Ida","state":"open"}' '{"name":"Ida","state":"open"}' '{"conversation_id":""}' '{}')" \
		'missing_id conversation_id: the object has an id, but no type, no created_at and no conversation_id; it has: id, name, state
missing_id conversation_id: the object has no conversation_id; it has: name, state
missing_id conversation_id: conversation_id is empty
missing_id conversation_id: the object is empty'
}

@test "a reject of an object of many members names the first ones" {
	equals "$(reasons "$(jq -nc '[range(100) | {key: "name \(.)", value: 1}] | from_entries')" | grep -o 'name 12, .*')" 'name 12, name 13, ...'
}

@test "a member that looks like an assignee, a start or a close and is none is noted once, whatever has it" {
	{ record 1 '"assignee":"a","closed_at":1,"priority":1'; record 2 '"assignee":"b","created_by":1'; } >a.json
	record 3 '"Closed At":2,"assignee":"c"' >b.json
	run --separate-stderr "$CHECKOUT/build/reading" a.json b.json
	equals "$status" 0
	contains "$stderr" 'kept as attribute: assignee, closed_at
'
	contains "$stderr" 'kept as attribute: Closed At
'
	equals "$(grep -c 'kept as attribute' <<<"$stderr")" 2
}

@test "members of Intercom's conversations are known, and not noted" {
	run --separate-stderr "$CHECKOUT/build/reading" "$CHECKOUT/test/data/intercom/conversation.json"
	equals "$stderr" ''
}

@test "a record speaks only of the members that it has; null clears" {
	record 1 '"user_id":"u","resolved_at":"2025-05-01T10:00:00Z","assignee_email":"a@x","tags":["t"],"message_count":5,"x":1' >full.json
	run_load --exported-at=2025-06-01T00:00:00Z full.json
	record 1 '"tags":null,"y":2' >part.json
	run_load --exported-at=2025-06-02T00:00:00Z part.json
	equals "$(field .load.updated)" 1
	is 'user_id, resolved_at, assignee_email, tags, message_count, attributes' 'u|2025-05-01 10:00:00+00|a@x|{}|5|{"x": 1, "y": 2}'
	record 1 '"user_id":null,"resolved_at":null,"assignee_email":"","message_count":null,"x":null' >clear.json
	run_load --exported-at=2025-06-03T00:00:00Z clear.json
	is 'user_id, resolved_at, assignee_email, message_count, attributes' '||||{"x": null, "y": 2}'
}

@test "loading the same JSON again changes nothing" {
	{ record 1 '"tags":["a"],"x":{"y":null}'; record 2; } >same.json
	run_load same.json
	equals "$(field .load.inserted)" 2
	run_load same.json
	equals "$(field '.load | [.unchanged, .updated]')" '[2,0]'
}

# --- size

# Members that together take nearly all of 16 MB: $1 is a Python expression for their text.
nearly_giant() {
	python3 -c "
print('{\"conversation_id\":\"1\",\"started_at\":1767603600,\"state\":\"open\",' + $1 + '}')"
}

@test "a record just below 16 MB is read in less than 32 MB of memory, whatever it is full of" {
	for members in "'\"x\":\"' + 'x' * 16777000 + '\"'" "'\"x\":\"' + r'\n' * 8388500 + '\"'" "'\"x\":\"' + r'\"' + 'x' * 16776000 + r'\\\\' + '\"'" \
		"'\"x\":[' + ','.join(['1'] * 8388000) + ']'" "'\"x\":[' + ','.join(['\"a\"'] * 4000000) + ']'"; do
		nearly_giant "$members" >large.json
		/usr/bin/python3 - <<-'PYTHON'
			import os, resource, subprocess
			subprocess.check_call([os.environ["CHECKOUT"] + "/build/reading", "--time", "large.json"], stdout=open("out", "w"))
			assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 28 * 1024
		PYTHON
		contains "$(<out)" ' 1 records'
	done
}

@test "a string of megabytes is kept whole as an attribute, checked, and too long for a field or a name" {
	list_attributes x
	python3 - >long.ndjson <<-'PYTHON'
		x = "x" * 3000000
		for members in r'"x":"\"' + x + '"', r'"x":"\q' + x + '"', '"user_id":"' + x + '"', '"tags":["' + x + '"]', '"' + x + '":1':
		    print('{"conversation_id":"1","started_at":1767603600,"state":"open",' + members + "}")
	PYTHON
	run_load long.ndjson
	equals "$status" 4
	equals "$(rejects)" $'2|bad_json|\n3|value_too_long|user_id\n4|value_too_long|tags\n5|value_too_long|'
	is "length(attributes ->> 'x'), left(attributes ->> 'x', 2)" '3000001|"x'
}
