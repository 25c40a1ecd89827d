# Distributions: how large a stored one is, what a quantile of it takes, what merging a year of days takes; and distribution(x)
# against sum(x), which reads as many values and keeps none.
. bench/support.sh

rows=${ROWS:-10000000}
set_options -c max_parallel_workers_per_gather=0 -c work_mem=256MB

psql -Xq <<SQL
CREATE EXTENSION ttr;
SET seed = 0.5;
-- Resolution times, log-normal with a median of 4 hours, in whole seconds; and as many uniform doubles, of which none repeats.
CREATE TABLE whole AS
  SELECT round(exp(ln(14400) + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) AS x
  FROM generate_series(1, $rows);
CREATE TABLE uniform AS SELECT random() AS x FROM generate_series(1, $rows);
-- A million of them, of 365 days.
CREATE TABLE million AS SELECT (row_number() OVER () - 1) / 2740 AS day, x FROM (SELECT x FROM whole LIMIT 1000000) AS s;
CREATE TABLE day AS SELECT day, distribution(x) AS d FROM million GROUP BY day;
CREATE TABLE year AS SELECT distribution(x) AS d FROM million;
SQL
psql -Xq -c 'VACUUM ANALYZE'

echo
echo "# distributions: medians of $RUNS runs"

title 'a million whole seconds'
bytes=$(psql -XqAt -c 'SELECT pg_column_size(d) FROM year')
ratio 'kilobytes' '<= 300' "$bytes" 1000
thousand='FROM year, generate_series(1, 1000) AS i'
measure "SELECT max(quantile(d, i / 1000.0)) $thousand" "SELECT max(share_within(d, i * 86)) $thousand" \
	'SELECT quantile(x, 0.95) FROM million'
ratio 'milliseconds for a quantile' '< 1' "${milliseconds[0]}" 1000
ratio 'milliseconds for a share' 'nothing, for comparison' "${milliseconds[1]}" 1000
ratio 'the quantile of the values takes so many times what one of these takes' 'nothing, for comparison' "${milliseconds[2]}" \
	"$(awk "BEGIN {print ${milliseconds[0]} / 1000}")"

title '365 distributions of 2,740 values'
measure 'SELECT quantile(merge(d), 0.95) FROM day' 'SELECT sum(x) FROM million'
ratio 'milliseconds for merging them' '< 20' "${milliseconds[0]}" 1
ratio 'sum(x) of the values takes so many times that' 'nothing, for comparison' "${milliseconds[1]}" "${milliseconds[0]}"

for data in whole uniform; do
	title "$rows values, $data $([ $data = whole ] && echo seconds || echo doubles), work_mem 256MB, serial"
	measure "SELECT sum(x) FROM $data" "SELECT value_count(distribution(x)) FROM $data"
	ratio 'distribution(x) takes so many times what sum(x) takes' '<= 3' "${milliseconds[1]}" "${milliseconds[0]}"
done
