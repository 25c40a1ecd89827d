# What the tests of ttr-load share. Each test has an empty database of its own, which PGDATABASE names.

setup() {
	PGDATABASE="loader_$(basename "$BATS_TEST_FILENAME" .bats)_$BATS_TEST_NUMBER"
	export PGDATABASE
	createdb
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	dropdb --force "$PGDATABASE"
}

readonly columns=conversation_id,user_id,started_at,resolved_at,state,assignee_email

# A CSV file of the canonical columns from the lines given; further columns go before the lines, as +tags,message_count
export_csv() {
	local file=$1 header=$columns
	shift
	if [[ ${1:-} == +* ]]; then
		header+=",${1#+}"
		shift
	fi
	printf '%s\n' "$header" "$@" >"$file"
}

# Runs ttr-load: its summary is in $output, what it says to people in $stderr, its exit code in $status.
run_load() {
	run --separate-stderr ttr-load --json "$@"
}

# What the summary says: field .total_closed
field() {
	jq -c "$1" <<<"$output"
}

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

# The reject's line, reason and column: the parts that a program may rely on.
rejects() {
	sql "SELECT line, reason, column_name FROM ttr_data.reject ORDER BY load_id, line"
}

# Fails with what differs.
equals() {
	[ "$1" == "$2" ] || {
		printf 'expected: %s\n     got: %s\n' "$2" "$1"
		[ -z "${stderr:-}" ] || printf '  stderr: %s\n' "$stderr"
		return 1
	}
}

contains() {
	[[ $1 == *"$2"* ]] || {
		printf 'expected to find: %s\n              in: %s\n' "$2" "$1"
		return 1
	}
}
