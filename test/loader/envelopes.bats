#!/usr/bin/env bats
# Records in what ETL tools put around them, and parts as records of their own.
#
# The conversation is open for a day: from 2024-01-01 to its close on 2024-01-02. What is read of a record is shown by
# build/reading; what becomes of it, by the database.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly conversation='{"type":"conversation","id":"1","created_at":1704067200,"updated_at":1704153600,"state":"closed","first_contact_reply":{"created_at":1704067200},"statistics":{"last_close_at":1704153600,"count_conversation_parts":2},"assignee":{"type":"admin","id":"42"}}'
readonly comment='{"type":"conversation_part","id":"11","part_type":"comment","body":"x","created_at":1704110400,"author":{"id":"42","type":"admin","name":"A","email":"a@x.example"},"conversation_id":1}'
readonly close='{"type":"conversation_part","id":"12","part_type":"close","body":null,"created_at":1704153600,"author":{"id":"42","type":"admin"},"conversation_id":1}'

# What is read of the lines given, without the places where they stand; the last line is the format.
read_of() {
	printf '%s\n' "$@" >lines.ndjson
	same_by_any_read_size lines.ndjson
	"$CHECKOUT/build/reading" lines.ndjson | sed 's/^[0-9]*:[0-9]* //'
}

# A text as a JSON string.
quoted() {
	jq -nc --arg text "$1" '$text'
}

# A text as a field of a CSV file.
field_of() {
	printf '"%s"' "${1//\"/\"\"}"
}

# --- envelopes

@test "a conversation in an envelope is read as it is without" {
	expected=$(read_of "$conversation")
	for envelope in "{\"stream\":\"conversations\",\"data\":$conversation,\"emitted_at\":1}" \
		"{\"data\":$conversation,\"stream\":\"intercom_conversations\"}" \
		"{\"_airbyte_ab_id\":\"x\",\"_airbyte_emitted_at\":1,\"_airbyte_data\":$conversation}" \
		"{\"_airbyte_raw_id\":\"x\",\"_airbyte_meta\":{\"errors\":[]},\"_airbyte_data\":$(quoted "$conversation")}" \
		"{\"type\":\"RECORD\",\"stream\":\"conversations\",\"record\":$conversation,\"time_extracted\":\"2024-01-05\"}" \
		"{\"type\":\"RECORD\",\"record\":{\"stream\":\"conversations\",\"data\":$conversation,\"emitted_at\":1}}"; do
		equals "$(read_of "$envelope")" "$expected"
	done
}

@test "what Singer sends as conversations needs no type" {
	equals "$(read_of '{"type":"RECORD","stream":"conversations","record":{"id":"5","created_at":"2024-01-01T00:00:00.000000Z","state":"open"}}')" \
		'conversation id=5 state=open started=2024-01-01T00:00:00Z created_at:"2024-01-01T00:00:00.000000Z" carries={attributes,conversation_id,resolved_at,state,closed_by}
intercom'
}

@test "a webhook, and a record of the canonical fields, may stand in an envelope" {
	canonical='{"conversation_id":"c","started_at":"2024-01-01T00:00:00Z","state":"open"}'
	webhook="{\"type\":\"notification_event\",\"topic\":\"conversation.admin.closed\",\"data\":{\"item\":$conversation}}"
	equals "$(read_of "{\"_airbyte_data\":$canonical}")" "$(read_of "$canonical")"
	equals "$(read_of "{\"_airbyte_data\":$webhook}")" "$(read_of "$webhook")"
}

@test "a record that has an identifier is no envelope, whatever its members are called" {
	equals "$(read_of '{"conversation_id":"c","started_at":1704067200,"state":"open","stream":"contacts","data":{"x":1},"record":2,"type_":"RECORD"}' | head -n 1)" \
		'conversation id=c state=open started=2024-01-01T00:00:00Z stream:"contacts" data:{"x":1} record:2 type_:"RECORD" carries={attributes,conversation_id,started_at,state}'
}

@test "text in an envelope is decoded as JSON has it" {
	for escapes in '\"\\\/\b\f\n\r\t' '\u00e9 \u20ac \ud83d\ude00'; do
		title=$(jq -nc --arg text "{\"conversation_id\":\"c\",\"started_at\":1704067200,\"state\":\"open\",\"x\":\"$escapes\"}" '$text')
		equals "$(read_of "{\"_airbyte_data\":$title}" | head -n 1 | grep -o 'x:"[^ ].*" c')" "x:\"$escapes\" c"
	done
	# Characters that stand in the envelope's own text as escapes.
	equals "$(read_of '{"_airbyte_data":"{\"conversation_id\":\"\u00e9\ud83d\ude00\",\"started_at\":1704067200,\"state\":\"open\"}"}' | head -n 1 | cut -d' ' -f 2)" 'id=é😀'
}

@test "text that is not one object is rejected, and costs no other record" {
	equals "$(read_of '{"_airbyte_data":"{\"id\":1"}' '{"_airbyte_data":"[]"}' '{"_airbyte_data":""}' '{"_airbyte_data":"{} {}"}' \
		'{"_airbyte_data":"{\"a\":nul}"}' '{"_airbyte_data":"{\"a\":\"\\u0000\"}"}' "$conversation" | cut -d' ' -f 1-3 | sed 's/ id=1$//')" \
		'reject bad_json _airbyte_data:
reject bad_json _airbyte_data:
reject bad_json _airbyte_data:
reject bad_json _airbyte_data:
reject bad_json -:
reject nul_byte -:
conversation id=1 state=closed
intercom'
}

@test "a bad text within a record of several lines costs that record alone" {
	equals "$(read_of '{"_airbyte_data":' '"{"' '}' "$conversation" | grep -o '^reject bad_json\|^conversation id=1')" $'reject bad_json\nconversation id=1'
}

@test "text in an envelope may be megabytes long" {
	python3 - >long.json <<-'PYTHON'
		import json
		record = {"type": "conversation", "id": "1", "created_at": 1704067200, "state": "open", "x": "\"" * 1500000}
		print(json.dumps({"_airbyte_data": json.dumps(record)}))
	PYTHON
	"$CHECKOUT/build/reading" long.json >out
	equals "$(head -c 30 out)" '1:0 conversation id=1 state=op'
}

# --- what is between records

@test "schemas, states and logs are ignored, and so are other streams" {
	equals "$(read_of '{"type":"SCHEMA","stream":"conversations","schema":{},"key_properties":["id"]}' '{"type":"STATE","value":{}}' \
		'{"type":"ACTIVATE_VERSION","stream":"conversations","version":1}' '{"type":"LOG","log":{"level":"INFO","message":"x"}}' \
		'{"type":"TRACE","trace":{}}' '{"stream":"contacts","data":{"type":"contact","id":"1"}}' \
		'{"type":"RECORD","stream":"tags","record":{"id":"1"}}' '{"type":"RECORD","record":{"stream":"admins","data":{"id":"1"}}}' \
		"$conversation" | cut -d' ' -f 1 | uniq -c | tr -s ' ')" $' 8 ignored\n 1 conversation\n 1 intercom'
}

@test "a file of nothing but other streams loads, with a warning" {
	echo '{"stream":"contacts","data":{"type":"contact","id":"1"}}' >contacts.ndjson
	run_load contacts.ndjson
	equals "$status" 0
	contains "$stderr" '"contacts.ndjson" holds no conversations, but records about other things: 1'
	equals "$(rejects)" ''
}

# --- parts

@test "a part by itself is an event of its conversation" {
	equals "$(read_of "$comment" "$close")" \
		'conversation id=1 event=11@2024-01-01T12:00:00Z,comment,-,admin,reply,by=42 teammate=42,a@x.example,A carries={conversation_id,conversation_id}
conversation id=1 event=12@2024-01-02T00:00:00Z,close,closed,admin,by=42 teammate=42,, carries={conversation_id,conversation_id}
parts'
}

@test "a part keeps its assignee, its tags, and what it says of the conversation" {
	equals "$(read_of '{"id":"13","part_type":"assignment","created_at":1704110400,"conversation_id":"1","assigned_to":{"type":"team","id":"77"},
		"event_details":{"tags_added":["vip"]},"conversation_created_at":1704067200,"conversation_updated_at":1704153600,"conversation_total_parts":3}' | head -n 1)" \
		'conversation id=1 started=2024-01-01T00:00:00Z updated=2024-01-02T00:00:00Z total=3 event=13@2024-01-01T12:00:00Z,assignment,-,-,team=77,tags=+vip carries={conversation_id,conversation_id,updated_at}'
}

@test "parts stand in envelopes, too, among their conversations" {
	equals "$(read_of "{\"stream\":\"conversation_parts\",\"data\":$comment}" "{\"type\":\"RECORD\",\"stream\":\"conversation_parts\",\"record\":$close}" | sed '$d')" \
		"$(read_of "$comment" "$close" | sed '$d')"
	equals "$(read_of "$conversation" "{\"_airbyte_data\":$comment}" | tail -n 1)" intercom
}

@test "a part that says neither which conversation it belongs to nor when it was is rejected" {
	equals "$(read_of '{"type":"conversation_part","id":"1","part_type":"close","created_at":1704110400}' \
		'{"type":"conversation_part","id":"1","part_type":"close","conversation_id":"1"}' \
		'{"type":"conversation_part","part_type":"close","created_at":1704110400,"conversation_id":"1"}' | sed 's/: {.*//')" \
		'reject missing_id conversation_id: the part does not say which conversation it belongs to
reject bad_event conversation_parts: a part has no time
reject bad_event conversation_parts: a part has no identifier
json'
}

# --- CSV

@test "a CSV file of Airbyte's is read by the JSON in its column, in both its versions" {
	{ echo '_airbyte_ab_id,_airbyte_emitted_at,_airbyte_data'; echo "0,1707747714058,$(field_of "$conversation")"; } >old.csv
	{ echo '_airbyte_raw_id,_airbyte_extracted_at,_airbyte_meta,_airbyte_data'; echo "0,1707747714058,{},$(field_of "$conversation")"; } >new.csv
	expected=$(read_of "$conversation" | head -n 1)
	for file in old new; do
		same_by_any_read_size $file.csv
		equals "$("$CHECKOUT/build/reading" $file.csv | cut -d' ' -f 2-)" "$expected"$'\nairbyte'
	done
}

@test "a record of a CSV file of Airbyte's that is bad costs no other" {
	{
		echo '_airbyte_ab_id,_airbyte_emitted_at,_airbyte_data'
		echo "0,1,$(field_of "$comment")"
		echo '0,1,'
		echo '0,1,"{""type"": ""contact"", ""id"": ""1""}"'
		echo '0,1'
		echo '0,1,"{""type"":""conversation"",""id"":""1"",""object"":""conversation"",""deleted"":true}"'
	} >parts.csv
	same_by_any_read_size parts.csv
	equals "$("$CHECKOUT/build/reading" parts.csv | cut -d' ' -f 2-4)" \
		'conversation id=1 event=11@2024-01-01T12:00:00Z,comment,-,admin,reply,by=42
reject bad_json _airbyte_data:
reject not_a_conversation type:
reject too_few_fields -:
conversation id=1 state=deleted
airbyte'
}

@test "--format=airbyte refuses a file without that column" {
	one_row other.csv
	run_load --format=airbyte other.csv
	equals "$status" 1
	contains "$stderr" 'the header of "other.csv" lacks: _airbyte_data'
}

# --- figures

@test "a conversation and its parts come to a day, whatever they stand in" {
	ttr-load --init
	echo "$conversation" >conversation.ndjson
	printf '%s\n' "$comment" "$close" >parts.ndjson
	printf '{"stream":"%s","data":%s}\n' conversations "$conversation" conversation_parts "$comment" conversation_parts "$close" >airbyte.ndjson
	for files in conversation.ndjson "conversation.ndjson parts.ndjson" "parts.ndjson conversation.ndjson" airbyte.ndjson; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.event'
		run_load $files
		equals "$status" 0
		equals "$(sql 'SELECT state, assignee, resolution_hours FROM ttr.conversations' | cut -d'|' -f 1,3)" 'closed|24'
	done
}
