#!/usr/bin/env bats
# What a run says and writes: summary, report, rejects, ledger, progress.

bats_require_minimum_version 1.5.0
load support

@test "the summary is one JSON object with the keys people already use" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$(field 'keys_unsorted')" '["total_closed","median_hours","p95_hours","pct_within_24h","total","avg_messages","sla_breaches","report_csv","by_assignee","by_tag","load","database"]'
	equals "$(field '.load | keys_unsorted')" '["load_id","read","inserted","updated","unchanged","older","duplicate","rejected","ignored","deleted","events","naive_timestamps","ambiguous_timestamps","placeholders","exported_at","seconds","files"]'
	equals "$(field '.load.files')" "[{\"name\":\"$CHECKOUT/test/data/may-2025.csv\",\"format\":\"csv\",\"bytes\":116581,\"read\":1000,\"rejected\":0}]"
	equals "$(field '.by_assignee[0], .by_tag[0] | keys_unsorted')" '["assignee","total_closed","median_hours","p95_hours","pct_within_24h","total","avg_messages","sla_breaches"]
["tag","total_closed","median_hours","p95_hours","pct_within_24h","total","avg_messages","sla_breaches"]'
	equals "$stderr" ''
}

@test "the summary tells of the conversations of this run, and under database of all" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,A@x' '2,u,2025-05-01T08:00:00Z,2025-05-01T12:00:00Z,closed,a@x'
	export_csv b.csv '3,u,2025-05-01T08:00:00Z,2025-05-01T20:00:00Z,closed,b@x'
	run_load a.csv
	run_load b.csv
	equals "$(field '[.total_closed, .median_hours, .database.total_closed, .database.median_hours]')" '[1,12,3,4]'
	equals "$(field '[.by_assignee[].assignee]')" '["b@x"]'
	equals "$(field '[.database.by_assignee[] | [.assignee, .total_closed]]')" '[["a@x",2],["b@x",1]]'
}

@test "a summary over a part of the database is right after the merge, not before" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	export_csv b.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T18:00:00Z,closed,a@x'
	run_load a.csv
	run_load b.csv
	equals "$(field '[.total, .total_closed, .median_hours, .database.total, .database.total_closed]')" '[1,1,10,2,1]'
}

@test "the database's figures in the summary are those of the published views" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	same='total_closed, median_hours, p95_hours, share_within_24h AS pct_within_24h, total, avg_messages, sla_breaches'
	equals "$(field '.database | del(.by_assignee, .by_tag)')" "$(sql "SELECT row_to_json(o) FROM (SELECT $same FROM ttr.overall) AS o")"
	same=${same/ total,/}
	equals "$(field '[.database.by_tag[] | del(.total)] | sort_by(.tag)')" \
		"$(sql "SELECT json_agg(t ORDER BY tag) FROM (SELECT tag, $same FROM ttr.by_tag) AS t" | jq -c 'sort_by(.tag)')"
	equals "$(field '[.database.by_assignee[] | del(.total)] | sort_by(.assignee)')" \
		"$(sql "SELECT json_agg(t) FROM (SELECT assignee, $same FROM ttr.by_assignee) AS t" | jq -c 'sort_by(.assignee)')"
}

@test "the ledger keeps the counts and the summary as printed" {
	export_csv a.csv '1,u,2025-05-01 08:00,2025-05-01T10:00:00Z,closed,a@x' '2,u,never,,open,a@x'
	run_load a.csv
	equals "$(sql 'SELECT summary FROM ttr_data.load')" "$output"
	equals "$(sql 'SELECT load_id, files, bytes, read, inserted, rejected, naive_timestamps, total_closed, median_hours
	               FROM ttr.load_history')" "1|a.csv|$(stat -c %s a.csv)|2|1|1|1|1|2"
}

@test "the report holds the closed conversations of this run, tags as they can be read back" {
	export_csv a.csv +tags '2,"u, v",2025-05-01T08:00:00Z,2025-05-01T10:00:00.5Z,closed,A@x,one;t\;wo' \
		'1,,2025-05-01T10:00:00+02:00,2025-05-02T08:00:00Z,closed,,' '3,u,2025-05-01T08:00:00Z,,open,a@x,'
	run_load --report=report.csv a.csv
	equals "$(cat report.csv)" 'conversation_id,user_id,started_at,resolved_at,resolution_seconds,assignee_email,tags
1,,2025-05-01T08:00:00+00:00,2025-05-02T08:00:00+00:00,86400,,
2,"u, v",2025-05-01T08:00:00+00:00,2025-05-01T10:00:00.5+00:00,7200.5,A@x,one;t\;wo'
	equals "$(field .report_csv)" '"report.csv"'
	equals "$(echo report.csv*)" report.csv
}

@test "a report that cannot be written fails the run before anything is loaded" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load --report=nowhere/report.csv a.csv
	equals "$status" 1
	contains "$stderr" 'could not write the report "nowhere/report.csv": No such file or directory'
	equals "$(sql "SELECT to_regclass('ttr_data.load')")" ''
}

@test "a load that is rolled back leaves no report and the old one untouched" {
	echo old >report.csv
	export_csv a.csv '1,u,never,,open,a@x'
	run_load --max-rejects=0 --report=report.csv a.csv
	equals "$status" 3
	equals "$(cat report.csv)$(echo report.csv*)" oldreport.csv
}

@test "rejects are kept in the database and, with --rejects, in a file" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,"u ""x""",never,,open,a@x' '3,u,2025-05-01T08:00:00Z,,lost,a@x'
	run_load --rejects=rejects.csv a.csv
	equals "$status" 4
	equals "$(rejects)" $'3|bad_time|started_at\n4|unknown_state|state'
	equals "$(sql 'SELECT convert_from(raw, $$UTF8$$) FROM ttr_data.reject WHERE line = 3')" '2,"u ""x""",never,,open,a@x'
	equals "$(cat rejects.csv)" 'file,line,byte_offset,column,reason,detail,raw
"a.csv",3,103,started_at,bad_time,"""never"" is not an ISO 8601 time such as 2025-05-01T09:30:00Z","2,""u """"x"""""",never,,open,a@x"
"a.csv",4,131,state,unknown_state,"""lost"" is none of open, snoozed and closed","3,u,2025-05-01T08:00:00Z,,lost,a@x"'
}

@test "the first rejects are told one by one, and how many more there are" {
	export_csv a.csv $(seq -f '%g,u,never,,open,a@x' 1 9)
	run_load a.csv
	contains "$stderr" 'a.csv:2: started_at: "never" is not an ISO 8601 time such as 2025-05-01T09:30:00Z [bad_time]'
	contains "$stderr" '4 more records were rejected'
	equals "$(wc -l <<<"$stderr")" 7
}

@test "where the other rejects are is said in a hint: in the table, or in the file of --rejects" {
	export_csv a.csv $(seq -f '%g,u,never,,open,a@x' 1 9)
	run_load a.csv
	equals "$(sql "$(grep -o 'SELECT [^;]*' <<<"$stderr")" | wc -l)" 9
	run_load --rejects=rejects.csv a.csv
	contains "$stderr" 'hint: All of them are in "rejects.csv".'
	equals "$(wc -l <rejects.csv)" 10
}

@test "--max-rejects rolls everything back, and the file of rejects stays" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,u,never,,open,a@x' '3,u,never,,open,a@x'
	run_load --max-rejects=1 --rejects=rejects.csv a.csv
	equals "$status" 3
	contains "$stderr" '2 of 3 records were rejected, more than --max-rejects=1 allows'
	equals "$output" ''
	equals "$(wc -l <rejects.csv)" 3
	equals "$(sql "SELECT to_regclass('ttr_data.load')")" ''

	run_load --max-rejects=66% a.csv
	equals "$status" 3
}

@test "rejects that --max-rejects allows are kept and counted, and the exit code is 0" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,u,never,,open,a@x' '3,u,never,,open,a@x'
	for most in 2 67%; do
		run_load --max-rejects=$most a.csv
		equals "$status" 0
		equals "$(field .load.rejected)" 2
		contains "$stderr" '[bad_time]'
	done
	equals "$(sql 'SELECT load_id, count(*) FROM ttr_data.reject GROUP BY 1 ORDER BY 1')" $'1|2\n2|2'
	run_load a.csv
	equals "$status" 4
}

@test "rejects that --max-rejects allows in a batch of a stream do not count for the exit code either" {
	printf '%s\n' '{"conversation_id":"1","started_at":"2025-05-01T08:00:00Z","state":"open"}' '{"conversation_id":"2"}' >a.json
	run --separate-stderr ttr-load --json --follow - <a.json
	equals "$status" 4
	run --separate-stderr ttr-load --json --follow --max-rejects=1 - <a.json
	equals "$status" 0
	equals "$(field .load.rejected)" 1
}

@test "--dry-run does everything, files included, and changes nothing" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x' '2,u,never,,open,a@x'
	run_load --dry-run --report=report.csv --rejects=rejects.csv a.csv
	equals "$status" 4
	equals "$(field '[.total_closed, .median_hours, .load.load_id, .load.inserted]')" '[1,2,null,1]'
	equals "$(wc -l <report.csv)$(wc -l <rejects.csv)" 22
	equals "$(sql "SELECT to_regclass('ttr_data.load'), count(*) FROM pg_extension WHERE extname = 'ttr'")" '|0'
}

@test "--no-refresh leaves the figures of before, and --refresh brings them up to date" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load --no-refresh a.csv
	equals "$status" 0
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 0
	run_load --refresh
	equals "$status" 0
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 1
}

@test "a load whose refresh fails is loaded, and says so with exit code 5" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'no'; END \$\$"
	run_load a.csv
	equals "$status" 5
	contains "$stderr" 'the published figures are those of before'
	contains "$stderr" 'ttr-load --refresh'
	equals "$(field .total_closed)" 1
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1
}

@test "the table shows the figures, aligned whatever the alphabet" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,żółć@x' '2,u,2025-05-01T08:00:00Z,,open,'
	run ttr-load --table a.csv
	equals "$output" '2 read, 2 inserted, 0 updated, 0 unchanged, 0 older, 0 duplicate, 0 rejected, 0 ignored

scope         conversations  closed  median h  p95 h  within 24 h  breaches
this load                 2       1      2.00   2.00      100.0 %         0
database                  2       1      2.00   2.00      100.0 %         0

assignee      conversations  closed  median h  p95 h  within 24 h  breaches
żółć@x                    1       1      2.00   2.00      100.0 %         0
(nobody)                  1       0         -      -            -         0'
}

@test "on a terminal the summary is a table and progress is shown; elsewhere neither" {
	"$CHECKOUT/build/generate" --rows=200000 >many.csv
	script -qec "ttr-load many.csv" typescript >/dev/null
	contains "$(cat typescript)" 'this load'
	contains "$(cat typescript)" 'records'
	contains "$(cat typescript)" '[===='
	contains "$(cat typescript)" 'ETA'
	contains "$(cat typescript)" 'refreshing ...'
	run_load many.csv
	equals "$stderr" ''
	run --separate-stderr bash -c "cat many.csv | ttr-load --json --progress=always -"
	contains "$stderr" 'MB/s'
	[[ $stderr != *ETA* ]]
}

@test "--quiet prints nothing at all when there is no error: no summary, no warning, no note" {
	export_csv a.csv '1,u,never,,open,a@x' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	echo '{"admins":[{"type":"admin","id":"8","email":"lee@example.com"}]}' >admins.json
	run --separate-stderr ttr-load --quiet --admins=admins.json a.csv
	equals "$status$output$stderr" 4
	run --separate-stderr ttr-load -q --max-rejects=1 a.csv
	equals "$status$output$stderr" 0
	run --separate-stderr ttr-load -q --follow - <<<'{"conversation_id":"3","started_at":"2025-05-01T08:00:00Z","state":"open"}'
	equals "$status$output$stderr" 0
	run --separate-stderr ttr-load -q --init
	equals "$status$output$stderr" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 2
	run script -qec 'ttr-load -q a.csv' typescript
	equals "$status" 4
	equals "$(grep -v '^Script ' typescript)" ''
}

@test "with --quiet an error keeps its hint, and what is no error has none either" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run --separate-stderr ttr-load -q --timezone=Nowhere a.csv
	equals "$status" 1
	equals "$stderr" 'ttr-load: error: the server knows no time zone "Nowhere"
ttr-load: hint: Use an IANA name, for example: --timezone=America/New_York'
	ttr-load -q --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'no'; END \$\$"
	run --separate-stderr ttr-load -q a.csv
	equals "$status" 5
	equals "$stderr" 'ttr-load: error: no'
}

@test "with --quiet --json and --table ask for the summary, in any order" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x' '2,u,never,,open,a@x'
	for options in '-q --json' '--json -q' '-q --json=full'; do
		run --separate-stderr ttr-load $options a.csv
		equals "$(field .median_hours)$stderr" 2
	done
	run --separate-stderr ttr-load -q --table a.csv
	contains "$output" 'this load'
	equals "$stderr" ''
}

@test "--json=brief is the summary without assignees and tags, and the ledger keeps all" {
	export_csv a.csv +tags '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,vip'
	export_csv b.csv +tags '2,u,2025-05-01T08:00:00Z,2025-05-01T12:00:00Z,closed,b@x,refund'
	run_load a.csv
	run_load --json=full b.csv
	shorter='del(.by_assignee, .by_tag, .database.by_assignee, .database.by_tag, .load.load_id, .load.seconds, .load.inserted, .load.unchanged)'
	full=$(field "$shorter")
	run --separate-stderr ttr-load --json=brief b.csv
	equals "$(field "$shorter")" "$full"
	equals "$(field '[.. | objects | keys_unsorted[] | select(startswith("by_"))]')" '[]'
	equals "$(sql "SELECT summary -> 'by_assignee' -> 0 ->> 'assignee', summary -> 'database' -> 'by_tag' -> 1 ->> 'tag'
	               FROM ttr_data.load ORDER BY load_id DESC LIMIT 1")" 'b@x|vip'
}

@test "--verbose says how long each phase took" {
	export_csv a.csv '1,u,never,,open,a@x'
	run_load --verbose a.csv
	contains "$stderr" 'merging took'
}

@test "a summary that cannot be written, short or long, is an error, and what is loaded stays" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	for export in a.csv "$CHECKOUT/test/data/may-2025.csv"; do
		run bash -c "ttr-load --json '$export' >/dev/full"
		equals "$status" 1
		contains "$output" 'loaded, but could not write the summary'
		contains "$output" 'is committed'
	done
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 1001
}

@test "a report goes through a symbolic link, keeps the rights of the old one, and can be a device" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	echo old >target.csv
	chmod 600 target.csv
	ln -s target.csv link.csv
	run_load --report=link.csv a.csv
	equals "$status" 0
	equals "$(readlink link.csv) $(stat -c %a target.csv) $(wc -l <target.csv)" 'target.csv 600 2'
	equals "$(ttr-load --quiet --table --report=/dev/stderr a.csv 2>&1 >/dev/null | wc -l)" 2
}

@test "rejects that cannot be written are known before the commit" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x' '2,u,never,,open,a@x'
	run_load --rejects=/dev/full a.csv
	equals "$status" 1
	equals "$(facts)" none
}

@test "a run that another one keeps from starting leaves its old rejects as they are" {
	begin_endless_load
	echo precious >rejects.csv
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load --rejects=rejects.csv a.csv
	equals "$status" 6
	equals "$(cat rejects.csv)" precious
	end_endless_load
}

@test "control characters of the input reach no terminal" {
	export_csv a.csv +tags $'1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,\e[31mred' \
		$'2,u,2025-05-01T08:00:00Z,,\e[31mlost,a@x,'
	run ttr-load --table a.csv
	contains "$output" '\x1B[31mred'
	contains "$output" '\x1B[31mlost'
	[[ $output != *$'\e'* ]]
}

@test "while the figures are refreshed, whoever reads them goes on" {
	run_load "$CHECKOUT/test/data/may-2025.csv"
	# A reader in the middle of a transaction holds a lock that any other refresh would have to wait for.
	mkfifo reader
	psql -XqAt <reader >read &
	exec 7>reader
	echo 'BEGIN; SELECT total_closed FROM ttr.overall;' >&7
	wait_for "SELECT count(*) FROM pg_locks WHERE relation = 'ttr_data.overall'::regclass AND mode = 'AccessShareLock'" 1
	run timeout 20 ttr-load --refresh
	equals "$status" 0
	echo 'SELECT total_closed FROM ttr.overall; COMMIT;' >&7
	exec 7>&-
	wait
	equals "$(cat read)" $'819\n819'
}

@test "--html writes a page of the published figures, after a load or a refresh" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load --html=page.html a.csv
	equals "$status" 0
	contains "$(cat page.html)" '"total_closed":1,'
	export_csv b.csv '2,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load --no-refresh --html=page.html b.csv
	contains "$(cat page.html)" '"is_fresh" : false'
	contains "$(cat page.html)" '"total_closed":1,'
	run_load --refresh --html=page.html
	equals "$status" 0
	contains "$(cat page.html)" '"is_fresh" : true'
	contains "$(cat page.html)" '"total_closed":2,'
	equals "$(echo page.html*)" page.html
}

@test "a page that cannot be written fails the run before anything is loaded" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load --html=nowhere/page.html a.csv
	equals "$status" 1
	contains "$stderr" 'could not write the page "nowhere/page.html": No such file or directory'
	equals "$(facts)" none
}

@test "a page that is too large for its place is an error, and what is loaded stays" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run --separate-stderr ttr-load --json --html=/dev/full a.csv
	equals "$status" 1
	contains "$stderr" 'could not write the page "/dev/full": No space left on device'
	contains "$stderr" 'is committed'
	equals "$(facts)" some
}

@test "when the load is rolled back, or the refresh fails, the old page stays" {
	echo old >page.html
	export_csv a.csv '1,u,never,,open,a@x' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load --max-rejects=0 --html=page.html a.csv
	equals "$status" 3
	equals "$(cat page.html*)" old
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.refresh() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'no'; END \$\$"
	run_load --html=page.html a.csv
	equals "$status" 5
	contains "$stderr" 'the page "page.html" is left as it was'
	equals "$(cat page.html*)" old
}

@test "a page that cannot read the figures is left as it was, with exit code 5" {
	echo old >page.html
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load --init
	sql "CREATE OR REPLACE FUNCTION ttr.page() RETURNS json LANGUAGE sql AS \$\$ SELECT to_json(1 / 0) \$\$"
	run_load --html=page.html a.csv
	equals "$status" 5
	contains "$stderr" 'division by zero'
	equals "$(cat page.html*)" old
}

@test "--html goes with loading and --refresh only, and has a place of its own" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	for options in --dry-run --follow --init --print-sql; do
		run --separate-stderr ttr-load $options --html=page.html a.csv
		equals "$status" 1
		contains "$stderr" '--html goes with loading or --refresh'
	done
	run_load --html=same --report=same a.csv
	equals "$status" 1
	contains "$stderr" 'the report and the page cannot both be written to "same"'
	run_load --html=a.csv a.csv
	contains "$stderr" '"a.csv" would be overwritten'
	run_load --html=/dev/null --report=/dev/null a.csv
	equals "$status" 0
}

@test "what --help, --version, --shapes and --print-sql print is all there, or the exit code is 1" {
	for option in --help --version --shapes --print-sql; do
		run --separate-stderr bash -c "ttr-load $option >/dev/full"
		equals "$status" 1
		equals "$stderr" 'ttr-load: error: could not write to standard output: No space left on device'
		run --separate-stderr bash -c "ttr-load $option >/dev/null"
		equals "$status" 0
		equals "$stderr" ''
	done
}

@test "--spreadsheet: no cell of the report, and no tag in it, is a formula to a spreadsheet" {
	export_csv a.csv +tags \
		'=1+1,"=HYPERLINK(""http://x"",""y"")",2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,@x,one;=2;-3;+4;@5' \
		$'2,"-x, =y",2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,+49@x,"a""=b"'
	run_load --report=plain.csv --no-refresh a.csv
	run_load --report=report.csv --spreadsheet --no-refresh a.csv
	equals "$status" 0
	equals "$(tail -n +2 report.csv)" $'2,"\'-x, =y",2025-05-01T08:00:00+00:00,2025-05-01T10:00:00+00:00,7200,\'+49@x,"a""=b"
\'=1+1,"\'=HYPERLINK(""http://x"",""y"")",2025-05-01T08:00:00+00:00,2025-05-01T10:00:00+00:00,7200,\'@x,one;\'=2;\'-3;\'+4;\'@5'
	equals "$(tr -d "'" <report.csv)" "$(cat plain.csv)"
}

@test "--spreadsheet goes with --report" {
	one_row a.csv
	run_load --spreadsheet a.csv
	refused '--spreadsheet goes with --report' 'hint: For example: ttr-load -d support --report=closed.csv --spreadsheet may.csv'
}
