#!/usr/bin/env bats
# The page of ttr-load --html, as Debian's Chromium shows it: of the sample, of an empty database, of hardly anything, of
# hostile text, and of many assignees, tags and years.

bats_require_minimum_version 1.5.0
load ../loader/support

# Each page comes from a database of its own, which stays for the tests of this file.
setup_file() {
	cd "$BATS_FILE_TMPDIR"
	in_database page_sample ttr-load -q --json --html=sample.html "$CHECKOUT/test/data/may-2025.csv" >/dev/null
	printf '%s\n' "$columns" >nothing.csv
	in_database page_empty ttr-load -q --json --html=empty.html nothing.csv >/dev/null
	export_csv few.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T08:00:00Z,closed,' '2,u,2025-05-01T08:00:00Z,,open,a@x'
	in_database page_few ttr-load -q --json --html=few.html few.csv >/dev/null
	hostile_export >hostile.csv
	in_database page_hostile ttr-load --init >/dev/null
	PGDATABASE=page_hostile sql "INSERT INTO ttr_data.dimension VALUES ('help_channel', 'attribute \"<b>'), ('unknown', 'unknown')"
	PGDATABASE=page_hostile ttr-load -q --json --html=hostile.html hostile.csv >/dev/null
	many_export >many.csv
	in_database page_many ttr-load -q --json --html=many.html many.csv >/dev/null
	export_csv young.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T09:00:00Z,closed,' '2,u,2025-05-03T08:00:00Z,,open,a@x'
	in_database page_young ttr-load -q --json --exported-at=2025-05-02T00:00:00Z --html=young.html - <young.csv >/dev/null
	node "$CHECKOUT/test/page/look.mjs" {sample,empty,few,hostile,many,young}.html >broken 2>errors || sed 's/^/all: /' errors >>broken
}

teardown_file() {
	for database in page_sample page_empty page_few page_hostile page_many page_young; do dropdb --force "$database"; done
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	mkdir -p "$BATS_TEST_TMPDIR/work"
}

teardown() { :; }

in_database() {
	createdb "$1"
	PGDATABASE=$1 "${@:2}"
}

# Text that would be markup, script, another direction of reading, or the end of where it stands; in identifiers, assignees,
# tags and values of a dimension, of which every third conversation has none.
hostile_export() {
	printf '%s\n' "$columns,tags,\"attribute \"\"<b>\""
	local text texts=(
		'</script><img src=x onerror="window.harmed=1">' '<!--<script>' ']]>' '&lt;b&gt;&amp;' "'\";window.harmed=1//"
		$'\u202egnp.exe' $'\u2028line\u2029end' '👩‍👩‍👧‍👦 Zażółć' '{{constructor}}' 'javascript:alert(1)' '__proto__'
		"$(printf 'x%.0s' {1..512})"
	)
	local i=0 hour
	for text in "${texts[@]}"; do
		text=${text//\"/\"\"}
		for hour in {10..12}; do
			i=$((i + 1))
			printf '"%s %d",u,2025-05-01T08:00:00Z,2025-05-01T%d:00:00Z,closed,"%s","%s","%s"\n' "${text:0:400}" "$i" "$hour" "$text" \
				"${text//;/\\;}" "$([ "$hour" -eq 12 ] || printf '%s' "$text")"
		done
	done
}

# Three years of 500 assignees and 500 tags.
many_export() {
	printf '%s\n' "$columns,tags"
	awk 'BEGIN {
		srand(7)
		for (i = 1; i <= 20000; i++) {
			start = 1672531200 + int(rand() * 3 * 365 * 86400)
			end = start + int(exp(4 + 8 * rand()))
			state = i % 9 == 0 ? "open" : "closed"
			printf "%d,u,%s,%s,%s,agent%d@payfern.example,topic %d\n", i, strftime("%Y-%m-%dT%H:%M:%SZ", start, 1),
			       state == "open" ? "" : strftime("%Y-%m-%dT%H:%M:%SZ", end, 1), state, int(500 * rand() ^ 3), int(500 * rand() ^ 2)
		}
	}'
}

# Nothing of a promise is broken on any page, in any view.
kept() {
	run grep -E "^($1|all):" broken
	equals "$output" ''
}

@test "the page makes no request and logs no error, in any size, light and dark and on paper" {
	kept silent
}

@test "nothing is wider than a phone, a screen or a sheet, and no label lies outside of its chart" {
	kept fits
}

@test "no label of a chart lies over another one" {
	kept apart
}

@test "axe finds nothing serious: contrast, names, roles and order" {
	kept accessible
}

@test "the keyboard reaches everything, and one sees where it is" {
	kept keyboard
}

@test "each chart has a caption, a label and its numbers as a table; headings are in order" {
	kept told
}

@test "text of the database is never markup and never runs" {
	kept harmless
}

@test "what is not known is a dash, and never NaN, null or undefined" {
	kept sound
}

@test "the figures in the first sentence are those of ttr.overall" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" lead sample.html
	equals "$(field .values)" "$(PGDATABASE=page_sample sql "SELECT json_build_array(total_closed, median_hours, p95_hours,
		share_within_24h, started_share_within_24h, started_median_hours, total_open, total_snoozed) FROM ttr.overall" | jq -c .)"
	equals "$(field .words)" '"Half of 819 closed conversations were resolved within 3.0 hours, 95 of 100 within 41 hours; 91 % within 24 hours, and 75 % of all that started. Half of all that started are resolved within 4.5 hours, if those that have not ended yet go on as the others did. 125 are open and 56 snoozed, all past their target."'
}

@test "days of which the exports have only a part are said to be left out of the lines" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section days sample.html
	contains "$output" "left out of the lines: $(PGDATABASE=page_sample sql "SELECT count(*) FROM ttr.daily
		WHERE NOT is_covered AND total_closed > 0 AND day >= (SELECT max(day) - 90 FROM ttr.daily)") days"
}

@test "a last week of which the exports have only a part is not compared" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section weeks sample.html
	contains "$output" 'Median and 95th percentile of each week'
	[[ $output != *'beside the one before'* ]]
}

@test "the last whole week is compared with the one before, and a difference that may be chance is no change" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section weeks many.html
	contains "$output" 'beside the one before: median '
	contains "$output" 'no clear change'
	contains "$output" 'beside that of a year before: median '
}

@test "of an empty database the page says that it is empty" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" lead empty.html
	equals "$(field .words)" '"No conversation has been loaded yet."'
}

@test "the first sentence is right for one conversation, too" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" lead few.html
	equals "$(field .words)" '"The one closed conversation was resolved within 0 seconds. 1 is open, not past its target."'
}

@test "hostile names are shown as they are" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section assignees hostile.html
	contains "$output" '</script><img src=x onerror="window.harmed=1">'
	contains "$output" '&lt;b&gt;&amp;'
	contains "$output" $'\u202egnp.exe'
}

@test "the data stand in the page without a bracket, an ampersand or a line end of scripts" {
	data=$(sed -n '/^<script type="application.json" id="data">/,/<.script>$/p' hostile.html)
	data=${data#*>}
	data=${data%</script>}
	[[ $data == *'\u003c/script\u003e\u003cimg'* && $data == *'\u2028line\u2029end'* ]]
	[[ $data != *[\<\>\&]* && $data != *$'\u2028'* && $data != *$'\u2029'* ]]
	equals "$(jq -r '.by_tag | length' <<<"$data")" 12
}

@test "of many assignees and tags the first ones are drawn, all are in the table, and the page says so" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section assignees many.html
	all=$(PGDATABASE=page_many sql 'SELECT count(*) FROM ttr.by_assignee')
	contains "$output" "Drawn are the 15 assignees with the most closed conversations; $((all - 15)) more assignees are in the table."
	equals "$(grep -c '^agent[0-9]*@payfern.example' <<<"$output")" "$((all + 15))"
}

@test "the backlog is told as of the last day of which the exports have all, beside that of four weeks before" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section backlog many.html
	contains "$output" "$(PGDATABASE=page_many sql "
		WITH told AS (SELECT max(day) AS day FROM ttr.backlog WHERE is_covered AND day <= (SELECT max(resolved_on) FROM ttr.conversations)),
		counted AS (
			SELECT t.day,
			       count(*) FILTER (WHERE started_at < t.day + 1 AND coalesce(resolved_at >= t.day + 1, true)) AS total,
			       count(*) FILTER (WHERE started_at < t.day - 27 AND coalesce(resolved_at >= t.day - 27, true)) AS total_before,
			       count(*) FILTER (WHERE started_at < t.day AND coalesce(resolved_at >= t.day + 1, true)) AS past_target,
			       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.day + 1 - started_at) / 86400)
			         FILTER (WHERE started_at < t.day + 1 AND coalesce(resolved_at >= t.day + 1, true)) AS median_age,
			       count(*) FILTER (WHERE started_at >= t.day - 27 AND started_at < t.day + 1) AS opened,
			       count(*) FILTER (WHERE resolved_at >= t.day - 27 AND resolved_at < t.day + 1) AS closed
			FROM ttr.conversations CROSS JOIN told AS t
			GROUP BY t.day)
		SELECT format('At the end of %s, %s conversations were not closed, %s more than four weeks before; %s of them were past their '
		              'target, and the median age was %s days. In the four weeks up to then %s conversations were opened, and %s closed.',
		              to_char(day, 'FMDD Mon YYYY'), to_char(total, 'FM9,999'), total - total_before, to_char(past_target, 'FM9,999'),
		              round(median_age), opened, closed)
		FROM counted")"
}

@test "what an export has only a part of is outlined, and no day is told of which it lacks what started earlier or later" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section backlog sample.html
	contains "$output" "Outlined, and left out of the line: $(PGDATABASE=page_sample sql 'SELECT count(*) FROM ttr.backlog WHERE NOT is_covered') days"
	contains "$output" "At the end of $(PGDATABASE=page_sample sql "SELECT to_char(max(day), 'FMDD Mon YYYY') FROM ttr.backlog WHERE is_covered"), "
}

@test "one conversation that was not closed is told as one, and where nothing is loaded there is no backlog" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section backlog few.html
	contains "$output" '1 conversation was not closed; it was not past its target, and '
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section backlog empty.html
	[ "$status" -ne 0 ]
}

@test "each dimension that the owner listed has a section, and where none is listed there is none" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section dimension-help_channel hostile.html
	contains "$output" 'By help channel'
	contains "$output" '</script><img src=x onerror="window.harmed=1">'
	contains "$output" '“none” are conversations without a value.'
	contains "$output" "$(printf 'none\t12\t4.00\t4.00\t100.0 %%\t0')"
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section dimension-unknown hostile.html
	contains "$output" "$(printf 'none\t36\t3.00\t4.00\t100.0 %%\t0')"
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" sections hostile.html
	contains "$output" $'By tag\nBy help channel (attribute "<b>)\nBy unknown (unknown)\nBy hour of start'
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" sections sample.html
	contains "$output" $'By tag\nBy hour of start'
}

@test "years are shown by week, with the figures of the weeks" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section weeks many.html
	contains "$output" "$(PGDATABASE=page_many sql "SELECT concat_ws(E'\t', week, total_closed, to_char(median_hours, 'FM9990.00'))
		FROM ttr.weekly WHERE week = '2024-06-03'")"
}

@test "years are drawn by month, and the last two of them by week; a month has no chart where there are fewer" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section months many.html
	contains "$output" "$(PGDATABASE=page_many sql "SELECT concat_ws(E'\t', month, total_closed, to_char(median_hours, 'FM9990.00'))
		FROM ttr.monthly WHERE month = '2024-06-01'")"
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section weeks many.html
	weeks=$(PGDATABASE=page_many sql "SELECT json_array_length(ttr.page() -> 'weekly')")
	contains "$output" "Drawn are the last 104 weeks; $((weeks - 104)) more are in the table."
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section months sample.html
	[ "$status" -ne 0 ]
}

@test "the target stands where its time is, also far from what was resolved" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section days young.html
	grep -qx '1 day' <<<"${output//$'\t'/$'\n'}"
}

@test "what was read from standard input is said to be" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section omitted young.html
	contains "$output" 'standard input'
}

@test "an age that is not known is not told" {
	run --separate-stderr node "$CHECKOUT/test/page/look.mjs" section open young.html
	contains "$output" 'The strong part is past its target.'
	[[ $output != *'older than'* ]]
}

@test "whoever reads the published views can call ttr.page(), and nobody else" {
	export PGDATABASE=page_sample
	sql "CREATE ROLE page_reader; GRANT USAGE ON SCHEMA ttr TO page_reader; GRANT SELECT ON ALL TABLES IN SCHEMA ttr TO page_reader;
	     CREATE ROLE page_stranger; GRANT USAGE ON SCHEMA ttr TO page_stranger"
	equals "$(sql "SET ROLE page_reader; SELECT ttr.page() -> 'overall' ->> 'total_closed'")" 819
	run sql "SET ROLE page_stranger; SELECT ttr.page()"
	contains "$output" 'permission denied'
	sql "DROP OWNED BY page_reader, page_stranger; DROP ROLE page_reader, page_stranger"
}
