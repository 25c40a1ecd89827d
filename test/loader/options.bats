#!/usr/bin/env bats
# The command line.

bats_require_minimum_version 1.5.0
load support

@test "--help fits in 60 lines and has three examples" {
	run ttr-load --help
	equals "$status" 0
	[ "${#lines[@]}" -lt 60 ]
	equals "$(grep -c '^  .*ttr-load .*-d ' <<<"$output")" 3
	contains "$output" 'curl -sf'
	run ttr-load '-?'
	equals "$status" 0
	contains "$output" 'Usage:'
}

@test "--version is the extension's version" {
	run ttr-load --version
	equals "$output" "ttr-load $(sed -n "s/^default_version = '\(.*\)'/\1/p" "$CHECKOUT/ttr.control")"
}

@test "no file, an unknown option and a missing value are usage errors that point to --help" {
	for arguments in '' '--nonsense x.csv' '-X x.csv' '--timezone'; do
		run ttr-load $arguments
		equals "$status" 1
		contains "$output" 'ttr-load --help'
	done
}

@test "an option that is not taken is unknown, ambiguous or has a value too many, and the nearest is named" {
	while IFS='|' read -r argument message; do
		run ttr-load "$argument" x.csv
		equals "$status" 1
		contains "$output" "error: $message"
	done <<-'END'
		--hepl|there is no option --hepl
		--dryrun|there is no option --dryrun
		--nonsense=3|there is no option --nonsense
		--re|the option --re is ambiguous: 3 options begin so
		--dry-run=yes|the option --dry-run takes no value
	END
	run ttr-load --hepl
	contains "$output" 'hint: The nearest is --help; ttr-load --help lists all options.'
	run ttr-load --nonsense
	contains "$output" 'hint: ttr-load --help lists the options.'
}

@test "values that make no sense are refused with an example" {
	for arguments in --json=short --max-rejects=lots --max-rejects=-1 --max-rejects=101% --format=xml --progress=maybe \
		--date-format=US --encoding=nonsense --exported-at=yesterday --exported-at=2025-05-01 \
		--exported-at=2025-05-01T00:00:00; do
		run ttr-load $arguments x.csv
		equals "$status" 1
		contains "$output" "or example: ${arguments%%=*}="
	done
	contains "$output" '--exported-at=2025-06-01T06:00:00Z'
}

@test "the connection is given as psql has it: options, environment, URI, conninfo" {
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	database=$PGDATABASE host=$PGHOST
	unset PGHOST PGPORT PGUSER
	PGDATABASE= run_load -h "$host" -p 5439 -U postgres -d "$database" a.csv
	equals "$status" 0
	PGDATABASE= run_load -d "postgresql:///$database?host=$host&port=5439&user=postgres" a.csv
	equals "$(field .load.unchanged)" 1
	PGDATABASE= run_load -d "host=$host port=5439 user=postgres dbname=$database" a.csv
	equals "$(field .load.unchanged)" 1
	export PGHOST=$host PGPORT=5439 PGUSER=postgres
}

@test "--init makes the schema and loads nothing; doing it twice changes nothing" {
	run_load --init
	equals "$status" 0
	before=$(sql "SELECT version, name, applied_at FROM ttr_data.schema_version ORDER BY 1")
	run_load --init
	equals "$status" 0
	equals "$(sql "SELECT version, name, applied_at FROM ttr_data.schema_version ORDER BY 1")" "$before"
	equals "$(sql 'SELECT total_closed, median_hours FROM ttr.overall')" '0|'
}

@test "--print-sql prints what --init would run" {
	ttr-load --print-sql >schema.sql
	psql -Xq -v ON_ERROR_STOP=1 -f schema.sql
	run_load --init
	equals "$status" 0
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	run_load a.csv
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 1
}

@test "a schema that is newer than this ttr-load is refused" {
	run_load --init
	sql "INSERT INTO ttr_data.schema_version VALUES (999, 'tomorrow')"
	export_csv a.csv '1,u,2025-05-01T08:00:00Z,,open,a@x'
	run_load a.csv
	equals "$status" 1
	contains "$stderr" 'has version 999'
	equals "$(sql 'SELECT count(*) FROM ttr_data.conversation')" 0
}

@test "a schema that lacks the newest script gets it" {
	ttr-load --print-sql >all.sql
	# Up to the record of the script before the last one.
	end=$(grep -n '^INSERT INTO ttr_data.schema_version' all.sql | tail -n 2 | head -n 1 | cut -d : -f 1)
	{ head -n "$end" all.sql; echo 'COMMIT;'; } | psql -XqAt -v ON_ERROR_STOP=1 >psql.out  # too long for an argument
	before=$(sql 'SELECT count(*) FROM ttr_data.schema_version')
	run_load "$CHECKOUT/test/data/may-2025.csv"
	equals "$status" 0
	equals "$(sql 'SELECT count(*) FROM ttr_data.schema_version')" $((before + 1))
	equals "$(sql 'SELECT total_closed FROM ttr.overall')" 819
}
