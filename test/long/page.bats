#!/usr/bin/env bats
# The page of a million conversations.

bats_require_minimum_version 1.5.0
load ../loader/support

# What this backend has used of a processor so far, in milliseconds: that does not depend on who else is at work.
readonly used="SELECT 10 * (split_part(stat, ' ', 14)::integer + split_part(stat, ' ', 15)::integer)
               FROM pg_read_file('/proc/self/stat', 0, 1000) AS stat;"

@test "of a million conversations ttr.page() takes less than 2 seconds, and the file less than 500 kB" {
	"$CHECKOUT/build/generate" --rows=1000000 | ttr-load -q --json --html=page.html - >/dev/null
	[ "$(stat -c %s page.html)" -lt 500000 ]
	sql 'VACUUM ANALYZE ttr_data.conversation'
	readarray -t measured < <(psql -XqAt <<-SQL
		SET max_parallel_workers_per_gather = 0; SELECT ttr.page() IS NULL; $used SELECT ttr.page() IS NULL; $used
	SQL
	)
	milliseconds=$((measured[3] - measured[1]))
	echo "took $milliseconds ms"
	[ "$milliseconds" -gt 0 ] && [ "$milliseconds" -lt 2000 ]
}
