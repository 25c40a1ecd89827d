#!/usr/bin/env bats
# What test/extension/growth.sql does with 20,000 calls of each function, with a million.

bats_require_minimum_version 1.5.0

teardown() {
	dropdb --if-exists --force long_growth
}

@test "a session that calls each function of the extension a million times does not grow" {
	createdb --template=template_pgtap long_growth
	CALLS=1000000 run psql -d long_growth -XqAt -v ON_ERROR_STOP=1 -f "$CHECKOUT/test/extension/growth.sql"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"ok 1 - every function of the extension is called here"* && $output != *"not ok"* ]]
}
