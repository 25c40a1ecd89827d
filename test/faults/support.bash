# The fault matrix: ttr-load runs again and again, and another call fails each time (shim.c), or the connection is cut at another message
# (proxy.py). Each run loads a conversation of its own and one record that is rejected. So what a run has left is seen at once, and no
# database has to be made anew.

# Counts of a test: runs that committed, runs that did not, and of which exit code.
declare -gA codes=()
committed=0
rolled_back=0
turn=0

# Another load is there already: what follows compares, merges and refreshes.
begin_matrix() {
	ttr-load --quiet --init
	export_csv first.csv 'first,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x'
	ttr-load --quiet first.csv
}

# The load of the matrix: compressed, with an attribute, and everything that a run can write.
load_file() {
	printf '%s\n' "$columns,plan" "$turn,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x,gold" "bad $turn,u,never,,open,a@x," |
		gzip >export.csv.gz
	timeout --kill-after=3 20 env "$@" ttr-load --json --report=report.csv --html=page.html --rejects=rejects.csv export.csv.gz \
		>summary 2>messages
}

# The same as a stream of two batches, in Intercom's layout.
follow_stream() {
	local number
	for number in 1 2 3; do
		printf '{"type":"conversation","id":"%s","created_at":1767603600,"updated_at":1767607200,"state":"open","plan":"gold"}\n' "$turn-$number"
		[ $number != 1 ] || echo "bad $turn"
	done >stream
	timeout --kill-after=3 60 env "$@" ttr-load --json --follow --batch=2 --rejects=rejects.csv - <stream >summary 2>messages
}

# What the database has, in one line: conversations of the run, its rejects, and all loads.
left() {
	sql "SELECT (SELECT count(*) FROM ttr_data.conversation WHERE conversation_id = '$turn' OR conversation_id LIKE '$turn-%'),
	            (SELECT count(*) FROM ttr_data.reject WHERE convert_from(raw, 'UTF8') ~ '^bad $turn(,|\$)'),
	            (SELECT count(*) FROM ttr_data.load)"
}

# Says what went wrong in the run, and ends the test.
wrong() {
	echo "run $turn, $fault: exit code $code, $1"
	cat messages
	exit 1
}

# Runs a load with a fault, by its words in the environment, and judges what it leaves: all of it or nothing, and a true exit code.
load_with() {
	local loads
	fault=$*
	turn=$((turn + 1))
	rm -f report.csv page.html rejects.csv
	loads=$(sql 'SELECT count(*) FROM ttr_data.load')
	load_file "$@" && code=0 || code=$?
	case $(left) in
		"1|1|$((loads + 1))") judge_committed ;;
		"0|0|$loads") judge_rolled_back ;;
		*) wrong "half of a load: $(left), after $loads loads" ;;
	esac
	codes[$code]=$((${codes[$code]:-0} + 1))
	equals "$(echo report.csv.* page.html.*)" 'report.csv.* page.html.*' || wrong 'an output is left behind'
}

judge_committed() {
	committed=$((committed + 1))
	case $code in
		4) [ "$(grep -c "^$turn," report.csv)$(wc -l <report.csv)$(tail -n 1 page.html)" == '12</html>' ] || wrong 'an output is not whole' ;;
		5) ;;
		1) grep -q 'is committed' messages || wrong 'nothing says that the load stands' ;;
		*) wrong 'the load is committed' ;;
	esac
	[ ! -e report.csv ] || equals "$(wc -l <report.csv)" 2 || wrong 'the report is cut off'
}

judge_rolled_back() {
	rolled_back=$((rolled_back + 1))
	case $code in
		1 | 2 | 3) [ -s messages ] || wrong 'nothing is said' ;;
		*) wrong 'the load is not committed' ;;
	esac
	! grep -q 'is committed' messages || wrong 'a load that is gone is said to stand'
	[ ! -e report.csv ] || wrong 'there is a report of what is not loaded'
}

# Runs a stream with a fault of the connection: everything is loaded, once, unless there was no connection to begin with.
follow_with() {
	local left
	fault=$*
	turn=$((turn + 1))
	rm -f rejects.csv
	follow_stream "$@" && code=0 || code=$?
	codes[$code]=$((${codes[$code]:-0} + 1))
	left=$(left)
	case $code,${left%|*} in
		4,'3|1')
			committed=$((committed + 1))
			[ "$(wc -l <rejects.csv)" == 2 ] || wrong 'a reject is not written once'
			;;
		2,'0|0') rolled_back=$((rolled_back + 1)) ;;
		*) wrong "loaded and rejected: ${left%|*}" ;;
	esac
	equals "$(sql "SELECT sum(read) - (SELECT count(*) FROM ttr_data.conversation) - (SELECT count(*) FROM ttr_data.reject)
	               FROM ttr_data.load")" 0 || wrong 'a record is loaded twice'
}


# The numbers up to the first, or so many of them at equal distances.
numbers() {
	seq 1 $(($1 / ${2:-$1} > 0 ? $1 / ${2:-$1} : 1)) "$1"
}

# Lets each call of a kind fail, or so many of them: matrix load memory [SAMPLE]
matrix() {
	local total number
	"$1_with" TTR_FAULT="$2:0" TTR_FAULT_COUNT=count LD_PRELOAD="$CHECKOUT/build/faults.so"
	equals "$code" 4
	total=$(<count)
	for number in $(numbers "$total" "${3:-}"); do
		"$1_with" TTR_FAULT="$2:$number" LD_PRELOAD="$CHECKOUT/build/faults.so"
	done
	report "$1, $2: $total calls"
}

report() {
	local code
	echo "# $1; $((committed + rolled_back)) runs: $committed committed, $rolled_back not; exit codes$(
		for code in $(printf '%s\n' "${!codes[@]}" | sort -n); do printf ' %s: %s' "$code" "${codes[$code]}"; done)" >&3
	codes=()
	committed=0
	rolled_back=0
}

# A proxy before the server, at PGHOST.
begin_proxy() {
	mkdir proxy
	echo '0 0' >proxy/control
	/usr/bin/python3 "$CHECKOUT/test/faults/proxy.py" "proxy/.s.PGSQL.$PGPORT" "$PGHOST/.s.PGSQL.$PGPORT" proxy/control 3>&- &
	proxy=$!
	until [ -S "proxy/.s.PGSQL.$PGPORT" ]; do sleep 0.05; done
}

end_proxy() {
	kill "$proxy"
	wait "$proxy" || true
}

# Cuts the connection at each message, or at so many of them: cuts load [SAMPLE]
cuts() {
	local total number
	echo "count 0" >proxy/control
	"$1_with" PGHOST="$PWD/proxy"
	equals "$code" 4
	total=$(<proxy/control.count)
	for number in $(numbers "$total" "${2:-}"); do
		echo "$number $number" >proxy/control
		"$1_with" PGHOST="$PWD/proxy"
	done
	report "$1, cut at each of $total messages"
}
