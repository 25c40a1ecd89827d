# Large bases: how what dashboards ask grows with ten times as many conversations of as many a day.
. bench/support.sh

rows=${ROWS:-1000000}

# $1: conversations. Loads them into an empty base, whose newest export is of the day after the last start, and measures: the first
# load and 1,000 changes, everything fresh (medians of RUNS, in the array seconds), and what dashboards ask (milliseconds).
declare -a seconds
measure_base() {
	local days=$(($1 / 2740 + 1)) run export=$SCRATCH/export.csv changed=$SCRATCH/changed.csv
	local taken=2010-01-01
	"$CHECKOUT/build/generate" --rows="$1" --from=2010-01-01 --days="$days" >"$export"
	tail -n 1000 "$export" >"$SCRATCH/last.csv"
	: >"$SCRATCH/first"
	: >"$SCRATCH/change"
	for ((run = 0; run < RUNS; run++)); do
		seconds "psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' && ttr-load --init" >/dev/null
		taken=$(date -u -d "2010-01-01 + $days days" +%FT%TZ)
		seconds "ttr-load --json --exported-at=$taken --report=$SCRATCH/report.csv $export" >>"$SCRATCH/first"
	done
	psql -Xq -c 'VACUUM ANALYZE'
	for ((run = 0; run < RUNS; run++)); do
		(head -n 1 "$export"; sed -E "s/,[0-9]*,([0-9]*)\r?$/,$RANDOM,\1/" "$SCRATCH/last.csv") >"$changed"
		taken=$(date -u -d "2010-01-01 + $days days + $((run + 1)) hours" +%FT%TZ)
		seconds "ttr-load --json --exported-at=$taken $changed" >>"$SCRATCH/change"
	done
	rm "$export" "$changed"
	seconds=("$(median <"$SCRATCH/first")" "$(median <"$SCRATCH/change")")
	echo "${seconds[0]} s    first load, everything fresh, with the report"
	echo "${seconds[1]} s    1,000 changed conversations, everything fresh"
	measure "${statements[@]}"
}

statements=(
	'SELECT length(ttr.page()::text)'
	"SELECT count(*) FROM ttr.figures('{assignee,tag}')"
	'SELECT count(*), sum(late_seconds) FROM ttr.sla_breaches'
	'SELECT problem, count(*) FROM ttr.data_quality GROUP BY problem'
)
bars=('<= 4' '<= 11' '<= 11' '<= 4')

title "$rows conversations"
measure_base "$rows"
small=("${milliseconds[@]}") small_seconds=("${seconds[@]}")

title "$((rows * 10)) conversations"
measure_base $((rows * 10))

title "ten times as many conversations, as many times the time"
ratio 'first load' '<= 11' "${seconds[0]}" "${small_seconds[0]}"
ratio '1,000 changed' '<= 1.5' "${seconds[1]}" "${small_seconds[1]}"
for number in "${!statements[@]}"; do
	ratio "${statements[number]}" "${bars[number]}" "${milliseconds[number]}" "${small[number]}"
done
psql -XqAt -c "SELECT 'ttr.check() finds ' || count(*) || ' differences' FROM ttr.check()"
