# What the benchmarks share.

# Seconds that a command takes, its output left aside; a command that fails ends the benchmark.
seconds() {
	local start=$EPOCHREALTIME
	bash -c "$1" >"$SCRATCH/output" 2>&1 || { cat "$SCRATCH/output" >&2; exit 1; }
	echo "$start $EPOCHREALTIME" | awk '{printf "%.3f\n", $2 - $1}'
}

median() {
	sort -g | awk '{value[NR] = $1} END {printf "%.3f\n", (value[int((NR + 1) / 2)] + value[int((NR + 2) / 2)]) / 2}'
}

# compare WHAT BAR OUR_PREPARATION OURS THEIR_PREPARATION THEIRS: the median seconds of both commands and their ratio. The
# preparations run before each of them and are not timed.
compare() {
	local run
	echo
	echo "## $1 (wanted: $2)"
	: >"$SCRATCH/ours"
	: >"$SCRATCH/theirs"
	for ((run = 0; run < RUNS; run++)); do
		seconds "$3" >/dev/null
		seconds "$4" >>"$SCRATCH/ours"
		seconds "$5" >/dev/null
		seconds "$6" >>"$SCRATCH/theirs"
	done
	report "$4" "$6"
}

report() {
	local ours theirs
	ours=$(median <"$SCRATCH/ours")
	theirs=$(median <"$SCRATCH/theirs")
	echo "ours    $ours s    $1"
	echo "theirs  $theirs s    $2"
	echo "ratio   $(awk "BEGIN {printf \"%.2f\", $ours / $theirs}")"
}

# Milliseconds that the server takes for each of some statements, taking turns; medians in the array milliseconds.
declare -a milliseconds
measure() {
	local statement run number
	rm -f "$SCRATCH"/time.*
	for ((run = 0; run < RUNS; run++)); do
		number=0
		for statement; do
			psql -XqAt -c "EXPLAIN (ANALYZE, TIMING OFF) $statement" >"$SCRATCH/plan"
			sed -n 's/^Execution Time: \([0-9.]*\) ms/\1/p' "$SCRATCH/plan" >>"$SCRATCH/time.$number"
			number=$((number + 1))
		done
	done
	milliseconds=()
	number=0
	for statement; do
		milliseconds+=("$(median <"$SCRATCH/time.$number")")
		printf '%11.2f ms    %s\n' "${milliseconds[-1]}" "$statement"
		number=$((number + 1))
	done
}

# ratio WHAT BAR DIVIDEND DIVISOR: how many times the divisor the dividend is
ratio() {
	awk -v what="$1" -v bar="$2" -v dividend="$3" -v divisor="$4" \
		'BEGIN {printf "%-62s %5.2f   (wanted: %s)\n", what, dividend / divisor, bar}'
}

title() {
	echo
	echo "## $1"
}

# Of all statements that follow: -c NAME=VALUE...
set_options() {
	export PGOPTIONS="-c search_path=ttr,public $*"
}
