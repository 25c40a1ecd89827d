#!/usr/bin/env bats
# What a record does to what is known: the newest version wins, nothing is written twice, nothing unsaid is lost.

bats_require_minimum_version 1.5.0
load support

# Where the rows lie and who wrote them: the same only if none was rewritten.
rows() {
	sql "SELECT md5(string_agg((xmin, ctid, c)::text, '' ORDER BY conversation_id)) FROM ttr_data.conversation c"
}

verdicts() {
	field '.load | [.inserted, .updated, .unchanged, .older, .duplicate]'
}

@test "loading the same export again reports every row unchanged and rewrites none" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$status" 0
	equals "$(verdicts)" '[1000,0,0,0,0]'
	before=$(rows)

	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$status" 0
	equals "$(verdicts)" '[0,0,1000,0,0]'
	equals "$(rows)" "$before"
}

@test "a newer export updates what changed, adds what is new and leaves the rest" {
	export_csv monday.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv tuesday.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x' \
		'2,u,2025-05-01T08:00:00Z,,open,a@x' '3,u,2025-05-02T07:00:00Z,,snoozed,'
	run_load monday.csv
	run_load tuesday.csv
	equals "$(verdicts)" '[1,1,1,0,0]'
	equals "$(sql "SELECT conversation_id, state, load_id FROM ttr_data.conversation ORDER BY 1")" \
		$'1|closed|2\n2|open|1\n3|snoozed|2'
}

@test "an older export, loaded late, overwrites nothing" {
	export_csv tuesday.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	export_csv monday.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load tuesday.csv
	run_load monday.csv
	equals "$(verdicts)" '[0,0,0,1,0]'
	equals "$(sql "SELECT state FROM ttr_data.conversation")" closed
}

@test "a version in between is older than one that confirmed the same facts" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,,snoozed,a@x'
	run_load --exported-at=2025-05-01T09:00:00Z a.csv
	run_load --exported-at=2025-05-03T09:00:00Z a.csv
	equals "$(verdicts)" '[0,0,1,0,0]'
	run_load --exported-at=2025-05-02T09:00:00Z b.csv
	equals "$(verdicts)" '[0,0,0,1,0]'
	equals "$(sql "SELECT state, load_id FROM ttr_data.conversation")" 'open|1'
}

@test "an equal version that differs overwrites" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,,snoozed,a@x'
	run_load --exported-at=2025-05-01T09:00:00Z a.csv
	run_load --exported-at=2025-05-01T09:00:00Z b.csv
	equals "$(verdicts)" '[0,1,0,0,0]'
	equals "$(sql "SELECT state FROM ttr_data.conversation")" snoozed
}

@test "updated_at, where the export has it, is the version of a record" {
	export_csv new.csv +updated_at '1,u,2025-05-01T08:00:00Z,,snoozed,a@x,2025-05-01T12:00:00Z'
	export_csv old.csv +updated_at '1,u,2025-05-01T08:00:00Z,,open,a@x,2025-05-01T11:00:00Z'
	run_load --exported-at=2025-06-01T00:00:00Z new.csv
	run_load --exported-at=2025-06-02T00:00:00Z old.csv
	equals "$(verdicts)" '[0,0,0,1,0]'
}

@test "any order of exports with distinct versions leads to the same facts" {
	export_csv a.csv +tags '1,u,2025-05-01T08:00:00Z,,open,a@x,one' '2,u,2025-05-01T08:00:00Z,,open,a@x,'
	export_csv b.csv +tags '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,b@x,one;two'
	export_csv c.csv +tags '1,u,2025-05-01T08:00:00Z,,open,b@x,two' '3,u,2025-05-03T08:00:00Z,,open,,'
	expected=
	for order in 'a b c' 'a c b' 'b a c' 'b c a' 'c a b' 'c b a'; do
		psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' 2>/dev/null
		for export in $order; do
			case $export in a) day=1 ;; b) day=2 ;; c) day=3 ;; esac
			run_load "--exported-at=2025-06-0${day}T00:00:00Z" $export.csv
			equals "$status" 0
		done
		facts=$(sql "SELECT conversation_id, state, resolved_at, assignee_email, tags, exported_at
		             FROM ttr_data.conversation ORDER BY 1")
		equals "$facts" "${expected:=$facts}"
	done
	contains "$facts" '1|open||b@x|{two}'
}

@test "the same conversation twice in one file: the last wins, and the other is counted" {
	export_csv twice.csv '1,u,2025-05-01T08:00:00Z,,open,first@x' '2,u,2025-05-01T08:00:00Z,,open,' \
		'1,u,2025-05-01T08:00:00Z,,snoozed,last@x'
	run_load twice.csv
	equals "$status" 0
	equals "$(verdicts)" '[2,0,0,0,1]'
	equals "$(field '.total')" 2
	equals "$(sql "SELECT assignee_email FROM ttr_data.conversation WHERE conversation_id = '1'")" last@x
}

@test "of the same conversation twice in one run the higher updated_at wins, wherever it stands" {
	export_csv twice.csv +updated_at '1,u,2025-05-01T08:00:00Z,,open,newer@x,2025-05-02T00:00:00Z' \
		'1,u,2025-05-01T08:00:00Z,,open,older@x,2025-05-01T00:00:00Z'
	run_load twice.csv
	equals "$(sql "SELECT assignee_email FROM ttr_data.conversation")" newer@x
}

@test "a column that a file does not have leaves what is known; an empty cell clears it" {
	export_csv full.csv +tags,message_count,first_response_at,channel \
		'1,u,2025-05-01T08:00:00Z,,open,a@x,vip,7,2025-05-01T08:05:00Z,email'
	export_csv bare.csv '1,u,2025-05-02T08:00:00Z,,snoozed,a@x'
	export_csv cleared.csv +tags,channel '1,u,2025-05-03T08:00:00Z,,snoozed,a@x,,'
	facts="SELECT state, tags, message_count, first_response_at, attributes FROM ttr_data.conversation"
	run_load full.csv
	equals "$(sql "$facts")" 'open|{vip}|7|2025-05-01 08:05:00+00|{"channel": "email"}'
	run_load bare.csv
	equals "$(sql "$facts")" 'snoozed|{vip}|7|2025-05-01 08:05:00+00|{"channel": "email"}'
	run_load cleared.csv
	equals "$(sql "$facts")" 'snoozed|{}|7|2025-05-01 08:05:00+00|{"channel": null}'
}

@test "a conversation that an export does not name stays" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv b.csv '2,u,2025-05-02T08:00:00Z,,open,a@x'
	run_load a.csv
	run_load b.csv
	equals "$(sql "SELECT count(*) FROM ttr_data.conversation")" 2
}

@test "an export that nobody dated is as old as its newest time" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-04T10:30:00Z,closed,a@x' '2,u,2025-05-02T08:00:00Z,,open,a@x'
	run_load a.csv
	equals "$(field '.load.exported_at')" '"2025-05-04T10:30:00+00:00"'
	equals "$(sql "SELECT exported_at FROM ttr_data.load")" '2025-05-04 10:30:00+00'
}

@test "merging into a table that was analyzed while it was empty is planned for a large one" {
	run_load "$CHECKOUT/test/data/may-2025.csv" && sql "DELETE FROM ttr_data.conversation" && sql "VACUUM ANALYZE ttr_data.conversation"
	"$CHECKOUT/build/generate" --rows=60000 >many.csv
	equals "$(sql "SELECT reltuples FROM pg_class WHERE oid = 'ttr_data.conversation'::regclass")" 0
	# A nested loop needs minutes for these rows; the hash join well under a second.
	run timeout 20 ttr-load many.csv
	equals "$status" 0
}

@test "a time that is still to come does not date the export, so that the next one is not taken for older" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,9999-12-31T00:00:00Z,closed,a@x' '2,u,2025-05-01T09:00:00Z,,open,a@x'
	export_csv b.csv '2,u,2025-05-01T09:00:00Z,2025-05-02T09:00:00Z,closed,a@x'
	run_load a.csv
	equals "$(field '.load.exported_at')" '"2025-05-01T09:00:00+00:00"'
	run_load b.csv
	equals "$(verdicts)" '[0,1,0,0,0]'
}

@test "each file of a run is an export of its own: an older one, named last, overwrites nothing" {
	export_csv tuesday.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv monday.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '3,u,2025-05-01T07:00:00Z,,open,a@x'
	run_load tuesday.csv monday.csv
	equals "$(sql "SELECT conversation_id, state, exported_at FROM ttr.conversations ORDER BY 1")" \
		$'1|closed|2025-05-02 08:00:00+00\n2|open|2025-05-02 08:00:00+00\n3|open|2025-05-01 08:00:00+00'
	equals "$(field .load.exported_at)" '"2025-05-02T08:00:00+00:00"'
}

@test "an export cannot be dated into the future" {
	one_row a.csv
	run_load --exported-at=2099-01-01T00:00:00Z a.csv
	equals "$status" 1
	contains "$stderr" 'is still to come'
}

@test "a record cannot be dated into the future: no true one would count any more" {
	echo '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open","updated_at":"2025-05-02T08:00:00Z"}' >true.json
	for updated_at in '"2999-01-01T00:00:00Z"' '"2999-01-01T00:00:00"' 32472144000 32472144000000; do
		echo '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"snoozed","updated_at":'"$updated_at"'}' >forged.json
		run_load forged.json true.json
		equals "$status" 4
		contains "$stderr" 'updated_at: "2999-01-01T00:00:00'
		contains "$stderr" 'is still to come [bad_time]'
		known state,updated_at 'open|2025-05-02 08:00:00+00'
	done
	# A clock that is a little ahead, and one in a zone of its own, are no forgery.
	ahead=$(date -u -d '+50 minutes' +%Y-%m-%dT%H:%M:%S)
	echo '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"snoozed","updated_at":"'"$ahead"'Z"}' >ahead.json
	run_load ahead.json
	equals "$status" 0
	local=$(date -u -d '+14 hours' +%Y-%m-%dT%H:%M:%S)
	echo '{"conversation_id":"2","started_at":"2025-05-01T08:00:00Z","state":"snoozed","updated_at":"'"$local"'"}' >local.json
	run_load --timezone=Pacific/Kiritimati local.json
	equals "$status" 0
}

@test "a thousand versions of a conversation, each with an attribute of its own, are all kept, in whatever order, within seconds" {
	for n in {1..1000}; do
		printf '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open","updated_at":%d,"a%d":%d}\n' $((1746172800 + n)) $n $n
	done >versions.json
	run timeout 20 ttr-load --json versions.json
	equals "$status" 0
	equals "$(sql "SELECT count(*) FROM ttr_data.conversation, jsonb_each_text(attributes) WHERE key = 'a' || value")" 1000
	equals "$(sql 'SELECT count(*) FROM ttr_data.statement')" 1000
	sed 's/"a1000"/"a1001"/; s/1746173800/1746173801/' <(tail -n 1 versions.json) >next.json
	run timeout 20 ttr-load --json next.json
	equals "$(field .load.updated)" 1
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation, jsonb_object_keys(attributes)')" 1001
	# In any order, and in several files, it comes to the same.
	sql "CREATE TABLE together AS SELECT attributes FROM ttr_data.conversation; TRUNCATE ttr_data.conversation, ttr_data.statement"
	cat versions.json next.json | shuf --random-source=versions.json | split -l 100 - part.
	ttr-load --json part.* >summary
	equals "$(sql 'SELECT c.attributes = t.attributes FROM ttr_data.conversation AS c, together AS t')" t
}

@test "records that are older than what is known are told on standard error" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load a.csv
	run_load b.csv
	contains "$stderr" '1 record is older than what is known of its conversation, and is left out'
}

# What an export says of an event or of a teammate may change, and change back.
timeline() {
	printf '{"type":"conversation","id":"1","state":"open","created_at":1767603600,"first_contact_reply":{"created_at":%d},"updated_at":%d,
	         "conversation_parts":[{"id":1,"part_type":"comment","created_at":1767609999,"author":{"type":"admin","id":9,"name":"%s"}}]}' \
		"$2" "$1" "$3" | tr -d '\n'
}

@test "events and teammates that change and change back are the same in any order, and written once" {
	timeline 1767700001 1767607000 Lee >1.json
	timeline 1767700002 1767603600 Kim >2.json
	timeline 1767700003 1767607000 Lee >3.json
	facts="SELECT string_agg(f::text, ' ' ORDER BY f::text COLLATE \"C\") FROM (SELECT event_id::text, at, version FROM ttr_data.event
	       UNION ALL SELECT name, NULL, name_version FROM ttr_data.teammate) AS f"
	rows="SELECT md5(string_agg(f, ' ' ORDER BY f)) FROM (SELECT (xmin, ctid)::text FROM ttr_data.event
	      UNION ALL SELECT (xmin, ctid)::text FROM ttr_data.teammate) AS r (f)"
	expected='(1,"2026-01-05 10:46:39+00","2026-01-06 11:46:43+00") (Lee,,"2026-01-06 11:46:43+00")'
	ttr-load --init
	for order in '1 2 3' '1 3 2' '2 1 3' '2 3 1' '3 1 2' '3 2 1'; do
		sql 'TRUNCATE ttr_data.conversation, ttr_data.statement, ttr_data.event, ttr_data.teammate'
		for export in $order; do
			run_load "$export.json"
		done
		equals "$(sql "$facts")" "$expected"
		before=$(sql "$rows")
		for export in $order; do
			run_load "$export.json"
		done
		equals "$(sql "$rows")" "$before"
	done
}

@test "of many records of a conversation those stay that say what newer ones do not" {
	for i in $(seq 1 40); do
		printf '{"conversation_id":"1","started_at":1767603600,"state":"open","updated_at":%d,"old":%d%s}\n' \
			$((1767603600 + i)) "$i" "$([ "$i" = 40 ] || echo ",\"gone\":$i")"
	done >told.json
	run_load told.json
	equals "$(verdicts)" '[1,0,0,0,39]'
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation')" '{"old": 40, "gone": 39}'
	equals "$(sql 'SELECT updated_at, attributes FROM ttr_data.statement ORDER BY updated_at')" \
		$'2026-01-05 09:00:39+00|{"old": 39, "gone": 39}\n2026-01-05 09:00:40+00|{"old": 40}'
}

@test "an edit by hand stays while exports repeat the record, until one has another record" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	run_load a.csv
	sql "UPDATE ttr_data.conversation SET assignee_email = 'b@x'"
	run_load a.csv
	known assignee_email b@x
	run_load b.csv
	known assignee_email,state 'a@x|closed'
}
