#!/usr/bin/env bats
# What people wrote is not kept, unless the owner lists the attribute. (test_free_text: which text is prose.)

bats_require_minimum_version 1.5.0
load support

readonly data=$CHECKOUT/test/data

# A login of this test's own; the databases of the server share their roles.
reader=
teardown() {
	no_timeline_begins_elsewhere
	[ -z "$reader" ] || sql "DROP OWNED BY \"$reader\" CASCADE; DROP ROLE \"$reader\""
	dropdb --force "$PGDATABASE"
}

reader_logs_in() {
	reader="${PGDATABASE}_reader"
	sql "CREATE ROLE \"$reader\" LOGIN IN ROLE ttr_reader"
}

as_reader() {
	psql -XqAt -U "$reader" -c "$1" 2>&1
}

# All that a reader may select: every view to its end, every function by its defaults, and the figures by each attribute there is.
all_that_a_reader_sees() {
	local statement
	while read -r statement; do
		echo "== $statement"
		# Only an attribute that the owner has not listed is refused.
		as_reader "$statement" || [[ $statement == *'ttr.figures(ARRAY['* ]] || return 1
	done < <(sql "
		SELECT format('SELECT * FROM %s', oid::regclass) FROM pg_class
		WHERE relnamespace = 'ttr'::regnamespace AND has_table_privilege('$reader', oid, 'SELECT')
		UNION ALL
		SELECT format('SELECT * FROM %s()', oid::regproc) FROM pg_proc
		WHERE pronamespace = 'ttr'::regnamespace AND prosecdef AND pronargs = pronargdefaults AND has_function_privilege('$reader', oid, 'EXECUTE')
		UNION ALL
		SELECT DISTINCT format('SELECT * FROM ttr.figures(ARRAY[%L])', name)
		FROM ttr_data.conversation, jsonb_object_keys(attributes) AS n (name)")
}

has_no_marker() {
	! grep -q MARKER "$1" || {
		grep -n MARKER "$1"
		return 1
	}
}

# Some text in each place where an export has what people write.
exports_with_markers() {
	jq -c '.title = "MARKER title" | .source.subject = "MARKER subject" | .source.body = "<p>MARKER body</p>"
	       | .conversation_rating.remark = "MARKER remark" | .conversation_parts.conversation_parts[0].body = "MARKER part"
	       | .custom_attributes["Plan name"] = "MARKER plan" | .linked_objects = {data: [{category: [["open", {notes: ["MARKER note"]}]]}]}
	       ' "$data/intercom/conversation.json" >api.json
	printf '%s\n' '{"conversation_id":"2","state":"open","started_at":"2025-05-01T08:00:00Z","channel":"chat",
	               "topic":"MARKER, a text that is longer than what a vendor or an owner would choose for a word","lines":"two\nMARKER"}' >canonical.json
	export_csv report.csv '+Title,custom_attributes.region,Channel,rating' \
		'3,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,MARKER title,MARKER region,Chat,"{""remark"":""MARKER""}"'
	sed '1s/$/,source_subject/; 2,$s/$/,MARKER subject/' "$data/shapes/conversation_history.csv" >history.csv
}

readonly exports=(api.json canonical.json report.csv history.csv)

@test "a dump of the database has nothing of what people wrote, and has the words of the vendor" {
	exports_with_markers
	run_load "${exports[@]}"
	equals "$status" 0
	pg_dump "$PGDATABASE" >dump
	has_no_marker dump
	for word in '"sla_name": "Gold"' '"channel": "chat"' '"Channel": "Chat"' '"Refund amount": 19.5' 2026-01-09T00:00:00Z; do
		grep -qF "$word" dump
	done
}

@test "a reader sees nothing of what people wrote: in no view, and by no function" {
	exports_with_markers
	run_load "${exports[@]}"
	reader_logs_in
	all_that_a_reader_sees >seen
	(($(grep -c '^==' seen) > 30))
	grep -q '^215470000123456|' seen
	has_no_marker seen
}

@test "a record that is rejected is kept as it was read for the owner, and no reader sees it" {
	export_csv bad.csv +Title '1,u,yesterday,,open,a@x,MARKER title' '2,u,2025-05-01T08:00:00Z,,open,a@x,MARKER title'
	run_load bad.csv
	equals "$status" 4
	equals "$(sql "SELECT encode(raw, 'escape') ~ 'MARKER' FROM ttr_data.reject")" t
	reader_logs_in
	all_that_a_reader_sees >seen
	has_no_marker seen
	contains "$(as_reader 'SELECT * FROM ttr_data.reject')" 'permission denied for schema ttr_data'
	equals "$(sql "SELECT has_table_privilege('$reader', 'ttr_data.reject', 'SELECT')")" f
}

kept() {
	sql "SELECT attributes -> 'title', attributes -> 'custom_attributes' -> 'Plan name', attributes -> 'conversation_rating' -> 'remark'
	     FROM ttr_data.conversation"
}

@test "an attribute that is listed is kept by the next load, and cleared by a newer export when it is listed no more" {
	exports_with_markers
	run_load api.json
	equals "$(kept)" 'null|null|null'
	list_attributes 'title,custom_attributes.Plan name'
	run_load api.json
	equals "$(field .load.updated)" 1
	equals "$(kept)" '"MARKER title"|"MARKER plan"|null'
	list_attributes conversation_rating
	jq -c '.updated_at += 60' api.json >newer.json
	run_load newer.json
	equals "$(kept)" 'null|null|"MARKER remark"'
}

@test "columns are listed by their names, and attributes by a name that their path begins with" {
	list_attributes 'Title,custom_attributes'
	exports_with_markers
	run_load report.csv
	equals "$(sql 'SELECT attributes FROM ttr_data.conversation' | jq -cS .)" \
		'{"Channel":"Chat","Title":"MARKER title","custom_attributes.region":"MARKER region","rating":null}'
}

@test "a load names what it dropped, each attribute once, and says how to keep it" {
	export_csv a.csv +Title,plan,custom_region '1,u,2025-05-01T08:00:00Z,,open,a@x,one,gold,eu' '2,u,2025-05-01T08:00:00Z,,open,a@x,two,gold,us'
	run_load a.csv
	contains "$stderr" "ttr-load: text of these attributes was not kept: Title, custom_region
ttr-load: hint: To keep one for all readers to see, list it and load the export again: \
UPDATE ttr_data.setting SET attributes = attributes || ARRAY['Title']"
	list_attributes Title,custom_region
	run_load --exported-at=2025-05-03T00:00:00Z a.csv
	equals "$status$stderr" 0
}

@test "a stream that is followed obeys the list from batch to batch" {
	exports_with_markers
	list_attributes title
	ttr-load --json --follow --every=1 - <api.json >summary
	equals "$(kept)" '"MARKER title"|null|null'
}
