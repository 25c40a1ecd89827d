#!/usr/bin/env bats
# What a dashboard meets: the catalogue as Metabase's driver reads it, and every statement of the dashboards, by a login that may
# only read.

bats_require_minimum_version 1.5.0
load support

setup_file() {
	create_support
	provision --representations="$BATS_FILE_TMPDIR/metabase"
	client catalogue >"$BATS_FILE_TMPDIR/catalogue"
	statements metabase "$BATS_FILE_TMPDIR/metabase" >"$BATS_FILE_TMPDIR/statements"
	statements grafana "$CHECKOUT"/dashboards/grafana/dashboards/*.json "$CHECKOUT"/dashboards/grafana/provisioning/alerting/*.yaml \
		>>"$BATS_FILE_TMPDIR/statements"
	client statements <"$BATS_FILE_TMPDIR/statements" >"$BATS_FILE_TMPDIR/results"
}

teardown_file() {
	drop_support
}

setup() {
	catalogue=$BATS_FILE_TMPDIR/catalogue
	results=$BATS_FILE_TMPDIR/results
}

# The first value that a statement gave
value_of() {
	grep -F "$1"$'\t' "$results" | cut -f 4
}

@test "a sync finds the published views, all of them and nothing else" {
	diff <(awk -F'\t' '$1 == "relation" {print $2 "." $3, $4}' "$catalogue" | sort) \
		<(sql "SELECT 'ttr.' || relname || ' v' FROM pg_class WHERE relnamespace = 'ttr'::regnamespace AND relkind = 'v'" | sort)
	grep -q $'^relation\tttr\t_metabase_metadata' "$catalogue"
}

@test "a sync finds a description of every view and every column" {
	run awk -F'\t' '$1 == "relation" && $5 == "" || $1 == "column" && $6 == ""' "$catalogue"
	[ -z "$output" ]
	[ "$(grep -c '^column' "$catalogue")" -gt 200 ]
}

@test "a sync finds only types that Metabase and Grafana can filter, sum up and draw" {
	run awk -F'\t' '$1 == "column" && $5 !~ /^(int4|int8|float8|text|bool|date|timestamptz)$/' "$catalogue"
	[ -z "$output" ]
}

@test "a sync without the use of the schema fails, as Metabase's does: ttr.grant_read() grants both" {
	sql "CREATE ROLE client_stranger LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA ttr TO client_stranger"
	run env PGUSER=client_stranger bash -c "psql -XqAt -c \"SELECT 'ttr.daily'::regclass\""
	[[ $output == *"permission denied for schema ttr"* ]]
	sql "SELECT ttr.grant_read('client_stranger')" >/dev/null
	run env PGUSER=client_stranger psql -XqAt -c "SELECT count(*) FROM ttr.daily"
	[ "$output" -gt 0 ]
	sql "DROP OWNED BY client_stranger; DROP ROLE client_stranger"
}

@test "no name of a view or column is one that Metabase hides, or takes for something else" {
	hidden='^(config|queue|sessions|flood|sequences|schema_migrations)$|^cache|_cache$|^registry|^semaphore|_revision$'
	run awk -F'\t' -v hidden="$hidden" '$1 == "relation" && $3 ~ hidden' "$catalogue"
	[ -z "$output" ]
	# Places on a map, money, sizes of data, addresses: _metabase_metadata says what a state is, and a rating is the score that it is taken for.
	misleading='_?(lat|lon|lng|long)$|margin|cost|discount|income|score|rating|stars|_size$|_data$|traffic|storage|capacity|bandwidth|city|country|zip|_url$|number|duration'
	run awk -F'\t' -v misleading="$misleading" '$1 == "column" && $4 ~ misleading && $4 !~ /^(avg_)?rating$/' "$catalogue"
	[ -z "$output" ]
	run grep -E $'^(relation|column)\t[^\t]*(pg_|catalog_history)' "$catalogue"
	[ -z "$output" ]
}

@test "days are the same for clients in three time zones" {
	{
		printf 'daily\037SELECT day, total_closed, median_hours FROM ttr.daily ORDER BY day\036'
		printf 'weekly\037SELECT week, total_closed FROM ttr.weekly ORDER BY week\036'
		printf 'conversations\037SELECT conversation_id, resolved_on FROM ttr.conversations ORDER BY conversation_id\036'
		printf 'cohorts\037SELECT week, total_started FROM ttr.cohorts ORDER BY week\036'
		printf "figures\037SELECT period, total_closed FROM ttr.figures(every => 'day')\036"
	} >"$BATS_TEST_TMPDIR/days"
	for zone in UTC America/Los_Angeles Pacific/Kiritimati; do
		TZ=$zone client statements <"$BATS_TEST_TMPDIR/days" >"$BATS_TEST_TMPDIR/${zone//\//_}"
	done
	[ "$(cut -f 2 "$BATS_TEST_TMPDIR/UTC" | sort -n | head -1)" -gt 4 ]
	cmp "$BATS_TEST_TMPDIR/UTC" "$BATS_TEST_TMPDIR/America_Los_Angeles"
	cmp "$BATS_TEST_TMPDIR/UTC" "$BATS_TEST_TMPDIR/Pacific_Kiritimati"
	# and the clients did differ
	printf 'zone\037SHOW TimeZone\036' | TZ=Pacific/Kiritimati client statements | grep -q Kiritimati
}

@test "every statement of the dashboards runs with each filter given and not given, and has rows" {
	[ "$(wc -l <"$results")" -eq "$(tr -cd '\036' <"$BATS_FILE_TMPDIR/statements" | wc -c)" ]
	[ "$(wc -l <"$results")" -gt 150 ]
	run awk -F'\t' '$2 !~ /^[1-9]/' "$results"
	echo "$output"
	[ -z "$output" ]
}

@test "what the cards of Metabase draw are columns of their statements" {
	/usr/bin/python3 - "$BATS_FILE_TMPDIR/metabase" "$results" <<'PYTHON'
import glob, sys, yaml

columns = {}
for line in open(sys.argv[2], encoding="utf-8"):
    name, rows, described = line.split("\t")[:3]
    columns[name.split(" [")[0]] = {column.split(":")[0] for column in described.split()}
drawn = 0
for path in glob.glob(sys.argv[1] + "/collections/main/*/*.yaml"):
    card = yaml.safe_load(open(path, encoding="utf-8"))
    if "dataset_query" not in card:
        continue
    settings = card["visualization_settings"]
    named = settings.get("graph.dimensions", []) + settings.get("graph.metrics", []) + list(settings.get("series_settings", {}))
    for rule in settings.get("table.column_formatting", []):
        named += rule["columns"]
    assert set(named) <= columns[settings["ttr.card"]], (card["name"], named)
    assert card["display"] not in ("bar", "line", "row") or settings["graph.dimensions"] and settings["graph.metrics"], card["name"]
    assert card["display"] != "scalar" or len(columns[settings["ttr.card"]]) == 1, card["name"]
    drawn += len(named)
assert drawn > 10
PYTHON
}

@test "a card or panel asks one question: it does not ask again for each row" {
	/usr/bin/python3 - "$BATS_FILE_TMPDIR/statements" <<'PYTHON'
import re, sys

asked = 0
for statement in open(sys.argv[1], encoding="utf-8").read().split("\x1e"):
    questions = re.findall(r"ttr[.](figures|rolling|slowest|summary)\(", statement)
    assert len(questions) < 2, statement
    asked += len(questions)
assert asked > 100
PYTHON
}

@test "the line through the days is the median of the seven days up to each, whatever the filters" {
	export DAYS="COLUMN BETWEEN date '2025-05-15' AND date '2025-05-15'"
	expected=$(sql "
		SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution_seconds) / 3600
		FROM ttr.conversations AS c
		WHERE is_closed AND resolved_on BETWEEN '2025-05-09' AND '2025-05-15' AND assignee = 'maya.lindqvist@payfern.example'
		  AND EXISTS (SELECT FROM ttr.conversation_tags AS t WHERE t.conversation_id = c.conversation_id AND t.tag = 'refund')")
	statements metabase "$BATS_FILE_TMPDIR/metabase" | /usr/bin/python3 -c '
import sys
given = dict(one.strip().split("\x1f") for one in sys.stdin.read().split("\x1e") if one.strip())
print(given["daily [assignee period tag]"])' >"$BATS_TEST_TMPDIR/daily.sql"
	[ "$(psql -XqAt -f "$BATS_TEST_TMPDIR/daily.sql" | cut -d "|" -f 1,4)" == "2025-05-15|$expected" ]
}

@test "the headline figures of a slice are those of its conversations, whatever the filters" {
	expected=$(sql "
		SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY resolution_hours)
		FROM ttr.conversations AS c
		WHERE is_closed AND resolved_on BETWEEN '2025-05-05' AND '2025-05-25' AND assignee = 'maya.lindqvist@payfern.example'
		  AND EXISTS (SELECT FROM ttr.conversation_tags AS t WHERE t.conversation_id = c.conversation_id AND t.tag = 'refund')")
	[ "$(value_of 'p95 [assignee period tag]')" == "$expected" ]
	[ "$(value_of 'p95 []')" == "$(sql 'SELECT p95_hours FROM ttr.overall')" ]
	[ "$(sql "SELECT abs($(value_of 'panel 2 table [assignee tag]') / 3600 - $expected) < 1e-9")" == t ]
}

@test "days that do not follow each other, or no day at all, give no figure instead of a wrong one" {
	cards='^(median|p95|met|daily|by_assignee|by_tag|slowest) \[[a-z ]*period'
	for days in 'extract(isodow FROM COLUMN) < 6' "COLUMN > date '2030-01-01'"; do
		DAYS=$days statements metabase "$BATS_FILE_TMPDIR/metabase" | client statements |
			grep -E "$cards" >"$BATS_TEST_TMPDIR/some"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/some")" -eq 28 ]
		run grep -vE $'\t0\t' "$BATS_TEST_TMPDIR/some"
		[ -z "$output" ]
	done
}

@test "Grafana finds a time in every series, numbers to draw, and one number in every alert" {
	run awk -F'\t' '/ time_series / && $3 !~ /^time:timestamptz [a-z]/' "$results"
	[ -z "$output" ]
	grep -q ' time_series ' "$results"
	run awk -F'\t' '/^alert / {numbers = 0
		count = split($3, columns, " ")
		for (i = 1; i <= count; i++) {
			if (columns[i] ~ /:(int4|int8|float8)$/) numbers++
			else if (columns[i] !~ /:text$/) print
		}
		if (numbers != 1) print}' "$results"
	[ -z "$output" ]
	[ "$(grep -c '^alert ' "$results")" -eq 3 ]
}
