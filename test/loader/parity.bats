#!/usr/bin/env bats
# The figures are the ones people already get: those of the pandas script that teams run today.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

# The four figures of the script and of ttr-load, and the two reports, must be the same to 1e-9.
same_figures() {
	/usr/bin/python3 "$CHECKOUT/test/pandas_script.py" "$1" pandas_report.csv >pandas.json
	run_load --report=ttr_report.csv "${@:2}" "$1"
	equals "$status" 0
	equals "$(jq -n --argjson ours "$output" --slurpfile theirs pandas.json '
		["total_closed", "median_hours", "p95_hours", "pct_within_24h"]
		| map(select(. as $key | $ours[$key] as $a | $theirs[0][$key] as $b
			| if $a == null or $b == null then $a != $b else ($a - $b | fabs) > 1e-9 end))' -c)" '[]'
	same_reports
}

same_reports() {
	/usr/bin/python3 - <<-'PYTHON'
		import pandas
		ours, theirs = (pandas.read_csv(name + "_report.csv", dtype=str, keep_default_na=False)
		                .sort_values("conversation_id", ignore_index=True) for name in ("ttr", "pandas"))
		assert list(ours.columns) == list(theirs.columns), (ours.columns, theirs.columns)
		for column in ("conversation_id", "user_id", "assignee_email"):
		    assert (ours[column] == theirs[column]).all(), column
		for column in ("started_at", "resolved_at"):
		    # One by one: pandas 2 expects all times of a column in the form of the first one.
		    assert (ours[column].map(pandas.Timestamp) == theirs[column].map(pandas.Timestamp)).all(), column
		difference = (ours.resolution_seconds.astype(float) - theirs.resolution_seconds.astype(float)).abs()
		assert len(difference) == 0 or difference.max() < 1e-9
	PYTHON
}

@test "the sample export" {
	same_figures "$CHECKOUT/test/data/may-2025.csv"
}

@test "generated exports of many sizes and seeds" {
	for rows in 1 2 3 20 21 999 5000; do
		for seed in 1 2 3; do
			"$CHECKOUT/build/generate" --rows=$rows --seed=$seed --start-id=$((seed * 1000000000 + rows * 100000)) >export.csv
			same_figures export.csv
		done
	done
}

@test "a hundred thousand rows" {
	"$CHECKOUT/build/generate" --rows=100000 --seed=7 >export.csv
	same_figures export.csv
}

@test "no closed conversation at all" {
	"$CHECKOUT/build/generate" --rows=50 --closed=0 >export.csv
	same_figures export.csv
	equals "$(field '[.total_closed, .median_hours, .p95_hours, .pct_within_24h]')" '[0,null,null,null]'
}

@test "one closed conversation" {
	export_csv export.csv +tags '1,u,2025-05-01T08:00:00Z,2025-05-01T09:30:00Z,closed,a@x,vip' '2,u,2025-05-01T08:00:00Z,,open,a@x,'
	same_figures export.csv
	equals "$(field '[.total_closed, .median_hours, .p95_hours, .pct_within_24h]')" '[1,1.5,1.5,1]'
}

@test "every conversation closed" {
	"$CHECKOUT/build/generate" --rows=500 --closed=1 >export.csv
	same_figures export.csv
}

@test "offsets, naive times and fractions of a second" {
	export_csv export.csv +tags '1,u,2025-05-01T08:00:00+02:00,2025-05-01T08:00:00.25Z,closed,a@x,' \
		'2,u,2025-05-01 08:00:00,2025-05-02 08:00:00.000001,closed,a@x,' \
		'3,u,2025-05-01T08:00:00-05:30,2025-05-01T14:00:00Z,closed,,'
	same_figures export.csv
}

@test "exactly 24 hours are within 24 hours, and meet a target of 24 hours" {
	export_csv export.csv +tags '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x,' \
		'2,u,2025-05-01T08:00:00Z,2025-05-02T08:00:01Z,closed,a@x,'
	same_figures export.csv
	equals "$(field '[.pct_within_24h, .sla_breaches]')" '[0.5,1]'
}

@test "resolved before started, or without a resolution: neither counts it as closed" {
	export_csv export.csv +tags '1,u,2025-05-02T08:00:00Z,2025-05-01T08:00:00Z,closed,a@x,' \
		'2,u,2025-05-01T08:00:00Z,,closed,a@x,' '3,u,2025-05-01T08:00:00Z,2025-05-01T08:00:00Z,closed,a@x,'
	same_figures export.csv
	equals "$(field '[.total_closed, .total]')" '[1,3]'
}

# What pandas swallows in silence, ttr counts or refuses, and says so.

@test "pandas drops 'Closed' and ' closed ' in silence; ttr counts them" {
	export_csv export.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T09:00:00Z,Closed,a@x' \
		'2,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z, closed ,a@x'
	equals "$(/usr/bin/python3 "$CHECKOUT/test/pandas_script.py" export.csv | jq .total_closed)" 0
	run_load export.csv
	equals "$(field .total_closed)" 2
}

@test "pandas drops a row with an unparsable time in silence; ttr rejects it and keeps it" {
	export_csv export.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T09:00:00Z,closed,a@x' \
		'2,u,2025-05-01T08:00:00Z,2025-02-30T09:00:00Z,closed,a@x'
	equals "$(/usr/bin/python3 "$CHECKOUT/test/pandas_script.py" export.csv | jq .total_closed)" 1
	run_load export.csv
	equals "$status" 4
	equals "$(field '[.total_closed, .load.rejected]')" '[1,1]'
	equals "$(rejects)" '3|bad_time|resolved_at'
}

@test "pandas counts a repeated conversation twice; ttr once, and says so" {
	export_csv export.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T09:00:00Z,closed,a@x' \
		'1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	equals "$(/usr/bin/python3 "$CHECKOUT/test/pandas_script.py" export.csv | jq .total_closed)" 2
	run_load export.csv
	equals "$(field '[.total_closed, .load.duplicate]')" '[1,1]'
}

@test "pandas reads a user called NA as missing; ttr keeps the name" {
	export_csv export.csv '1,NA,2025-05-01T08:00:00Z,2025-05-01T09:00:00Z,closed,a@x'
	run_load --report=ttr_report.csv export.csv
	equals "$(sql "SELECT user_id FROM ttr_data.conversation")" NA
	contains "$(cat ttr_report.csv)" '1,NA,'
}
