#!/usr/bin/env bats
# The tags of conversations by their identifiers, as ETL tools keep them, and --tags: what the tags are called.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly data=$CHECKOUT/test/data/shapes
readonly head=conversation_id,conversation_updated_at,tag_id,_fivetran_active

# Conversations without tags, of the same version as their tags.
conversations() {
	printf '%s\n' id,created_at,updated_at,state
	printf '%s,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,open\n' "$@"
}

# --- lines: tag_history FILE CONVERSATION,DAY,TAG[,ACTIVE]...
tag_history() {
	local file=$1 line
	shift
	echo "$head" >"$file"
	for line; do
		IFS=, read -r conversation day tag active <<<"$line"
		echo "$conversation,2025-05-0${day}T08:00:00Z,$tag,${active:-true}"
	done >>"$file"
}

names() {
	printf '%s\n' id,name "$@"
}

tags() {
	sql 'SELECT conversation_id, tags FROM ttr_data.conversation ORDER BY conversation_id'
}

# --- which tags a conversation has

@test "a table of tags is known by its columns, and gives conversations their tags" {
	conversations 215470000123456 215470000123458 >history.csv
	names 9,refund 17,billing >tags.csv
	run_load --tags=tags.csv history.csv "$data/conversation_tag_history.csv"
	equals "$status" 0
	equals "$(field '[.load.files[].format]')" '["history","tag_history","tags"]'
	equals "$(tags)" $'215470000123456|{refund,billing}\n215470000123458|{}'
	equals "$(field '.load | [.read, .inserted, .duplicate, .rejected]')" '[6,2,4,0]'
}

@test "the newest version of a conversation that has an active line counts, in every order of the lines" {
	conversations 1 >history.csv
	names 7,a 8,b 9,c >tags.csv
	for order in '1,1,7 1,2,8 1,2,9' '1,2,9 1,1,7 1,2,8' '1,3,7,false 1,2,8 1,2,9' '1,2,8 1,2,9 1,2,7,false'; do
		tag_history lines.csv $order
		run_load --tags=tags.csv history.csv lines.csv
		equals "$status" 0
		equals "$(tags)" '1|{b,c}'
		sql 'TRUNCATE ttr_data.conversation'
	done
}

@test "a conversation of which no line is active has no tags any more" {
	conversations 1 >history.csv
	names 7,a >tags.csv
	tag_history on.csv 1,2,7
	tag_history off.csv 1,2,7,false
	run_load --tags=tags.csv history.csv on.csv
	equals "$(tags)" '1|{a}'
	run_load off.csv
	equals "$(tags)" '1|{}'
}

@test "lines of one conversation in several files of a run are put together" {
	conversations 1 >history.csv
	names 7,a 8,b >tags.csv
	tag_history one.csv 1,2,7
	tag_history two.csv 1,2,8 1,1,9
	run_load --tags=tags.csv history.csv one.csv two.csv
	equals "$(tags)" '1|{a,b}'
	equals "$(field '.load | [.read, .inserted, .updated, .duplicate]')" '[4,1,0,3]'
	run_load two.csv one.csv history.csv
	equals "$(field '.load | [.inserted, .updated, .unchanged, .duplicate]')" '[0,0,1,3]'
}

@test "a table without versions of its lines has only active ones" {
	printf '%s\n' 1,2025-05-02T08:00:00Z,7 1,2025-05-02T08:00:00Z,7 | sed "1i ${head%,*}" >lines.csv
	conversations 1 >history.csv
	run_load history.csv lines.csv
	equals "$(tags)" '1|{"tag 7"}'
}

@test "a newer export that has tags replaces them, an older one does not" {
	conversations 1 >history.csv
	tag_history lines.csv 1,2,7
	names 7,a >tags.csv
	run_load --tags=tags.csv history.csv lines.csv
	export_csv older.csv +tags,updated_at '1,u,2025-05-01T08:00:00Z,,open,,old,2025-05-01T09:00:00Z'
	export_csv newer.csv +tags,updated_at '1,u,2025-05-01T08:00:00Z,,open,,new,2025-05-03T09:00:00Z'
	run_load older.csv
	equals "$(tags)" '1|{a}'
	run_load newer.csv
	equals "$(tags)" '1|{new}'
	run_load lines.csv
	equals "$(tags)" '1|{new}'
}

@test "a line without a conversation or a version is rejected" {
	printf '%s\n' "$head" ,2025-05-02T08:00:00Z,7,true 1,,7,true 1,soon,7,true >lines.csv
	run_load lines.csv
	equals "$(rejects)" $'2|missing_id|conversation_id\n3|bad_time|conversation_updated_at\n4|bad_time|conversation_updated_at'
}

@test "tags alone take nothing else from a conversation" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load a.csv
	before=$(sql 'SELECT user_id, state, started_at, resolved_at, assignee_email FROM ttr_data.conversation')
	tag_history lines.csv 1,2,7
	run_load lines.csv
	equals "$(sql 'SELECT user_id, state, started_at, resolved_at, assignee_email FROM ttr_data.conversation')" "$before"
	equals "$(tags)" '1|{"tag 7"}'
}

# --- what they are called

@test "an identifier without a name stands for itself until a list names it, and a warning counts these" {
	conversations 1 2 >history.csv
	tag_history lines.csv 1,2,17 1,2,9 2,2,17
	run_load history.csv lines.csv
	equals "$status" 0
	contains "$stderr" '2 identifiers of tags have no name'
	contains "$stderr" '--tags=FILE'
	equals "$(tags)" $'1|{"tag 9","tag 17"}\n2|{"tag 17"}'
	names 17,vip >tags.csv
	run_load --tags=tags.csv
	equals "$status" 0
	equals "$(tags)" $'1|{"tag 9",vip}\n2|{vip}'
	equals "$(sql 'SELECT conversation_id, tags FROM ttr.conversations ORDER BY 1')" $'1|tag 9; vip\n2|vip'
	run_load lines.csv
	contains "$stderr" '1 identifier of a tag has no name'
	equals "$(field '.load | [.unchanged, .duplicate]')" '[2,1]'
}

@test "conversations, their tags and the names come to the same in every order, in one run and in several" {
	local order name runs expected=$'1|open|{a,b}\n2|open|{"tag 5",b}'
	conversations 1 2 >c
	tag_history t 1,2,7 1,2,8 2,2,8 2,2,5 2,1,7
	names 7,a 8,b 6,unused >n
	ttr-load --init
	for order in 'c t n' 'c n t' 't c n' 't n c' 'n c t' 'n t c'; do
		for name in $order; do
			[ "$name" == n ] && name=--tags=n
			run_load --no-refresh "$name"
			equals "$status" 0
		done
		equals "$(sql 'SELECT conversation_id, state, tags FROM ttr_data.conversation ORDER BY 1')" "$expected"
		equals "$(sql 'SELECT DISTINCT started_at FROM ttr_data.conversation')" '2025-05-01 08:00:00+00'
		sql 'TRUNCATE ttr_data.conversation, ttr_data.tag'
	done
	for runs in 'c t' 't c'; do
		run_load --no-refresh --tags=n $runs
		equals "$(sql 'SELECT conversation_id, state, tags FROM ttr_data.conversation ORDER BY 1')" "$expected"
		sql 'TRUNCATE ttr_data.conversation, ttr_data.tag'
	done
}

@test "two identifiers of one name are one tag" {
	conversations 1 >history.csv
	tag_history lines.csv 1,2,7 1,2,8
	names 7,a 8,a >tags.csv
	run_load --no-refresh history.csv lines.csv
	run_load --tags=tags.csv
	equals "$(tags)" '1|{a}'
	run_load lines.csv
	equals "$(tags)" '1|{a}'
	equals "$(field '.load.unchanged')" 1
}

@test "the list of GET /tags, an array, lines, a page of tags, a compressed list and a table come to the same" {
	vip='{"type":"tag","id":"17","name":"vip","applied_count":3}' trial='{"type":"tag","id":18,"name":"trial"}'
	echo "{\"type\":\"list\",\"data\":[$vip,$trial]}" >list
	echo "[$vip,$trial]" >array
	printf '%s\n' "$vip" "$trial" >lines
	echo "{\"type\":\"tag.list\",\"tags\":[$vip,$trial]}" >page
	gzip -c list >compressed
	printf '%s\n' id,_fivetran_deleted,name 17,false,vip 18,false,trial >table
	ttr-load --init
	for file in list array lines page compressed table; do
		run_load --tags="$file"
		equals "$status" 0
		equals "$(sql 'SELECT tag_id, name FROM ttr_data.tag ORDER BY tag_id')" $'17|vip\n18|trial'
		contains "$stderr" "2 tags are listed in \"$file\""
		sql 'TRUNCATE ttr_data.tag'
	done
}

@test "the newest list names a tag" {
	names 7,old >old.csv
	names 7,new >new.csv
	run_load --tags=new.csv
	run_load --tags=old.csv --exported-at=2025-05-01T00:00:00Z
	equals "$(sql 'SELECT name FROM ttr_data.tag')" new
}

@test "what is no tag is rejected, and a table of conversations is no list" {
	printf '%s\n' '{"type":"admin","id":"1","name":"Lee"}' '{"type":"tag","name":"x"}' >tags.json
	run_load --tags=tags.json
	equals "$status" 4
	equals "$(rejects)" $'1|not_a_tag|type\n2|missing_id|id'
	names ,x >tags.csv
	run_load --tags=tags.csv
	equals "$(sql 'SELECT reason, count(*) FROM ttr_data.reject GROUP BY 1 ORDER BY 1')" $'missing_id|2\nnot_a_tag|1'
	one_row a.csv
	run_load --tags=a.csv
	equals "$status" 1
	contains "$stderr" 'GET /tags, or a table with the columns id and name'
}

@test "--tags goes with loading, and not with --follow" {
	for arguments in '--init' '--refresh' '--follow -'; do
		run ttr-load --tags=tags.json $arguments </dev/null
		equals "$status" 1
		contains "$output" --tags
	done
}

@test "a list of tags comes to the same however its bytes arrive" {
	names 17,vip ',"x"' '18,"a ""b"""' >tags.csv
	"$CHECKOUT/build/reading" --tags tags.csv >expected
	equals "$(grep -c '^tag id=' expected)" 2
	for size in 1 2 3 7 4096; do
		TTR_READ_SIZE=$size "$CHECKOUT/build/reading" --tags tags.csv | cmp - expected
	done
}
