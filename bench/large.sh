# Large bases: how what dashboards ask grows with ten times as many conversations of as many a day.
. bench/support.sh

rows=${ROWS:-1000000}

# $1: conversations; loads them into an empty base, whose newest export is of the day after the last start.
load() {
	local days=$(($1 / 2740 + 1))
	"$CHECKOUT/build/generate" --rows="$1" --from=2010-01-01 --days="$days" >"$SCRATCH/export.csv"
	psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' 2>"$SCRATCH/output"
	ttr-load --json --exported-at="$(date -u -d "2010-01-01 + $days days" +%FT%TZ)" "$SCRATCH/export.csv" >"$SCRATCH/output"
	rm "$SCRATCH/export.csv"
	psql -Xq -c 'VACUUM ANALYZE'
}

statements=(
	'SELECT length(ttr.page()::text)'
	"SELECT count(*) FROM ttr.figures('{assignee,tag}')"
	'SELECT count(*), sum(late_seconds) FROM ttr.sla_breaches'
	'SELECT problem, count(*) FROM ttr.data_quality GROUP BY problem'
)
bars=('<= 4' '<= 11' '<= 11' '<= 4')

title "what dashboards ask of $rows conversations"
load "$rows"
measure "${statements[@]}"
small=("${milliseconds[@]}")

title "the same of $((rows * 10))"
load $((rows * 10))
measure "${statements[@]}"

for number in "${!statements[@]}"; do
	ratio "${statements[number]}" "${bars[number]}" "${milliseconds[number]}" "${small[number]}"
done
