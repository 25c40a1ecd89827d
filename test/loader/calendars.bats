#!/usr/bin/env bats
# Business hours are known for whatever was loaded, because loads extend calendars.

bats_require_minimum_version 1.5.0
load support

@test "a load extends calendars to what it brings, whether it refreshes or not" {
	export_csv may.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	export_csv old.csv '2,u,2016-05-02T08:00:00Z,2016-05-03T08:00:00Z,closed,a@x'
	export_csv older.csv '3,u,2014-05-05T08:00:00Z,2014-05-06T08:00:00Z,closed,a@x'
	run_load may.csv
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
	     UPDATE ttr_data.setting SET calendar = 'office'"
	equals "$(sql 'SELECT from_day FROM ttr_data.calendar')" 2025-01-01

	run_load old.csv
	equals "$status" 0
	equals "$(sql 'SELECT from_day FROM ttr_data.calendar')" 2016-01-01
	run_load --no-refresh older.csv
	equals "$status" 0
	equals "$(sql 'SELECT conversation_id, business_seconds FROM ttr.conversations ORDER BY 1')" $'1|28800\n2|28800\n3|28800'
}

@test "a load that is rolled back leaves calendars as they were" {
	export_csv may.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	export_csv old.csv '2,u,2016-05-02T08:00:00Z,2016-05-03T08:00:00Z,closed,a@x'
	run_load may.csv
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00')"
	run_load --dry-run old.csv
	equals "$(sql 'SELECT from_day FROM ttr_data.calendar')" 2025-01-01
}

@test "a calendar that is changed in one transaction with a refresh, and a load that extends calendars, do not wait for each other" {
	export_csv may.csv '1,u,2025-05-01T08:00:00Z,2025-05-02T08:00:00Z,closed,a@x'
	run_load may.csv
	sql "INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00'); UPDATE ttr_data.setting SET calendar = 'office'"
	begin_endless_load
	psql -XqAt -v ON_ERROR_STOP=1 -c "BEGIN; UPDATE ttr_data.calendar SET weekly = 'mon-fri 08:00-16:00'; SELECT ttr.refresh(); COMMIT" >/dev/null 7>&- &
	changer=$!
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()" 1
	echo '2,u,2016-05-02T08:00:00Z,2016-05-03T08:00:00Z,closed,a@x' >&7
	end_endless_load
	equals "$code" 0
	wait "$changer"
	equals "$(sql 'SELECT weekly, from_day FROM ttr_data.calendar')" 'mon-fri 08:00-16:00|2016-01-01'
	equals "$(sql 'SELECT * FROM ttr.check()')$(sql 'SELECT business_seconds FROM ttr.conversations WHERE is_closed')" $'28800\n28800'
}
