# What the tests of ttr-load share. Each test has an empty database, which PGDATABASE names, and an empty directory. In files that set
# database_template the schema is there already: that saves half a second a test.

setup() {
	PGDATABASE="loader_$(basename "$BATS_TEST_FILENAME" .bats)_$BATS_TEST_NUMBER"
	export PGDATABASE
	createdb ${database_template:+--template="$database_template"}
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

teardown() {
	no_timeline_begins_elsewhere && dropdb --force "$PGDATABASE"
}

# After whatever a test has loaded.
no_timeline_begins_elsewhere() {
	[ "$(sql "SELECT to_regclass('ttr_data.deletion') IS NOT NULL")" == t ] || return 0
	equals "$(psql -XqAt -v ON_ERROR_STOP=1 -f "$CHECKOUT/test/invariants.psql" -c 'SELECT pg_temp.timelines_that_begin_elsewhere()')" ''
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

# Runs ttr-load: its summary is in $output, what it says to people in $stderr, its exit code in $status. Every small
# file among the arguments is read again in small pieces, which must come to the same.
run_load() {
	same_by_any_read_size "$@"
	run --separate-stderr ttr-load --json "$@"
}

# The reading side of ttr-load makes the same of each of the files that is small, however its bytes arrive.
same_by_any_read_size() {
	local argument files=() options=()
	for argument; do
		case $argument in
			--encoding=* | --date-format=*) options+=("$argument") ;;
			*) [ ! -f "$argument" ] || files+=("$argument") ;;
		esac
	done
	"$CHECKOUT/build/reading" --read-sizes "${options[@]}" "${files[@]}" 2>/dev/null
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

one_row() {
	export_csv "$1" '1,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
}

# A load that reads from a pipe which stays open: it stays in COPY until the pipe is closed or something happens.
begin_endless_load() {
	mkfifo pipe
	# A shell lets its background jobs ignore Ctrl-C, and ttr-load leaves ignored what it finds ignored.
	env --default-signal=INT ttr-load --json "$@" - <pipe >summary 2>messages &
	loader=$!
	exec 7>pipe
	printf '%s\n' "$columns" '1,u,2025-05-01T08:00:00Z,,open,a@x' >&7
	wait_for "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^COPY (stage|ttr_data.conversation)'" 1
}

wait_for() {
	local end=$((SECONDS + 60))
	while ((SECONDS < end)); do
		[ "$(sql "$1")" == "$2" ] && return
		sleep 0.05
	done
	echo "never happened: $1" >&2
	[ ! -f messages ] || cat messages >&2
	return 1
}

end_endless_load() {
	exec 7>&-
	wait "$loader" && code=0 || code=$?
}

# The owner wants the text of these attributes: list_attributes title,custom_attributes.plan
list_attributes() {
	ttr-load --init
	sql "UPDATE ttr_data.setting SET attributes = '{$1}'"
}

# The columns of every view that people see, a line a view, but for what names loads.
published_columns() {
	sql "SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
	     FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
	     WHERE c.relnamespace = 'ttr'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND NOT a.attisdropped
	       AND a.attname <> 'load_id' AND c.relname NOT IN ('load_history', 'freshness')
	     GROUP BY c.relname"
}

# What people see: all rows of these columns, sorted. published FILE, which published_columns has written
published() {
	local view its_columns
	while IFS='|' read -r view its_columns; do
		sql "SELECT '$view', r FROM (SELECT $its_columns FROM ttr.$view) AS r"
	done <"$1" | LC_ALL=C sort
}

# Whether anything was left in the database: some or none.
facts() {
	[ "$(sql "SELECT to_regclass('ttr_data.load')")" ] || { echo none; return; }
	sql "SELECT CASE WHEN EXISTS (SELECT FROM ttr_data.conversation) OR EXISTS (SELECT FROM ttr_data.load) THEN 'some' ELSE 'none' END"
}

# What the database has of all conversations: known COLUMNS EXPECTED
known() {
	equals "$(sql "SELECT $1 FROM ttr_data.conversation ORDER BY conversation_id")" "$2"
}

# What is read of the file of that name, of the words of each line those that match.
read_of() {
	"$CHECKOUT/build/reading" "$1" | grep -oE "$2" | paste -sd ' '
}

# The run was refused with this failure and this hint, and nothing was made.
refused() {
	equals "$status" 1
	contains "$stderr" "$1"
	contains "$stderr" "$2"
	equals "$(facts)" none
}

# 2025-05-01T00:00:00Z and that many hours, with one decimal at most, as an epoch.
at() {
	local tenths=0
	[[ $1 != *.* ]] || tenths=${1#*.}
	echo $((1746057600 + ${1%.*} * 3600 + tenths * 360))
}

# A conversation of the API: history ID START STATE UPDATED [BY:TYPE@HOUR]..., hours as at() takes them; a type in capitals has a text.
history() {
	local id=$1 start=$2 state=$3 updated=$4 part parts='' number=0
	shift 4
	for part; do
		local by=${part%%:*} type=${part#*:} body=null
		local hour=${type#*@}
		type=${type%@*}
		[[ $type == "${type,,}" ]] || body='"<p>text</p>"'
		number=$((number + 1))
		parts+="${parts:+,}{\"id\":\"$number\",\"part_type\":\"${type,,}\",\"body\":$body,\"created_at\":$(at "$hour"),\"author\":{\"type\":\"$by\",\"id\":\"42\"}}"
	done
	printf '{"type":"conversation","id":"%s","created_at":%d,"first_contact_reply":{"created_at":%d},"updated_at":%d,"state":"%s","conversation_parts":{"conversation_parts":[%s],"total_count":%d}}\n' \
		"$id" "$(at "$start")" "$(at "$start")" "$(at "$updated")" "$state" "$parts" "$number"
}
