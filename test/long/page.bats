#!/usr/bin/env bats
# The page of a million conversations.

bats_require_minimum_version 1.5.0
load ../loader/support

@test "of a million conversations ttr.page() takes less than 2 seconds, and the file less than 500 kB" {
	"$CHECKOUT/build/generate" --rows=1000000 | ttr-load -q --json --html=page.html - >/dev/null
	[ "$(stat -c %s page.html)" -lt 500000 ]
	milliseconds=$(for i in {1..5}; do
		psql -XqAt -c '\timing on' -c 'SELECT ttr.page() IS NULL' | sed -n 's/^Time: \([0-9]*\).*/\1/p'
	done | sort -n | head -1)
	echo "took $milliseconds ms"
	[ "$milliseconds" -lt 2000 ]
}
