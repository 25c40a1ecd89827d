# Percentiles: against sum(), which reads as many values and keeps none; against percentile_cont(), which sorts them; against
# a t-digest, which is not exact; and moving medians against count(*) over the same frame.
. bench/support.sh

rows=${ROWS:-10000000}
moving=${MOVING_ROWS:-1000000}
export PGOPTIONS='-c max_parallel_workers_per_gather=0 -c work_mem=256MB -c search_path=ttr,public'

psql -Xq <<SQL
CREATE EXTENSION IF NOT EXISTS ttr;
CREATE EXTENSION IF NOT EXISTS tdigest;
SELECT setseed(0.5);
-- Resolution times, log-normal with a median of 4 hours, in whole seconds; and as many uniform doubles, of which none repeats.
CREATE TABLE resolution AS
  SELECT floor(random() * 41)::int AS assignee,
         round(exp(ln(14400) + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) AS seconds,
         random() AS uniform
  FROM generate_series(1, $rows);
CREATE TABLE whole AS SELECT seconds AS x FROM resolution;
CREATE TABLE uniform AS SELECT uniform AS x FROM resolution;
-- A conversation every 3 seconds: 28,800 in 24 hours.
CREATE TABLE stream AS
  SELECT timestamptz '2025-01-01 00:00+00' + i * interval '3 seconds' AS at, seconds AS x
  FROM (SELECT row_number() OVER () AS i, seconds FROM resolution LIMIT $moving) AS numbered;
SQL
psql -Xq -c 'VACUUM ANALYZE'

echo
echo "# percentiles of $rows values: medians of $RUNS runs"

for memory in 256MB 64MB; do
	set_options -c max_parallel_workers_per_gather=0 -c work_mem=$memory
	[ $memory = 256MB ] && bars=('<= 1.25' '>= 4') || bars=('<= 1.5' '>= 3.3')
	for data in whole uniform; do
		title "one group, $data $([ $data = whole ] && echo seconds || echo doubles), work_mem $memory, serial"
		measure "SELECT sum(x) FROM $data" "SELECT p95() WITHIN GROUP (ORDER BY x) FROM $data" \
			"SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY x) FROM $data"
		ratio 'p95() takes so many times what sum(x) takes' "${bars[0]}" "${milliseconds[1]}" "${milliseconds[0]}"
		ratio 'percentile_cont() takes so many times what p95() takes' "${bars[1]}" "${milliseconds[2]}" "${milliseconds[1]}"
	done
done

set_options -c max_parallel_workers_per_gather=0 -c work_mem=256MB
title '41 hashed groups, work_mem 256MB, serial'
measure 'SELECT assignee, sum(seconds) FROM resolution GROUP BY assignee' \
	'SELECT assignee, quantile(seconds, ARRAY[0.5, 0.95]) FROM resolution GROUP BY assignee' \
	'SELECT assignee, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) FROM resolution GROUP BY assignee'
ratio 'quantile() takes so many times what sum() takes' '<= 1.3' "${milliseconds[1]}" "${milliseconds[0]}"
ratio 'two percentile_cont() take so many times what quantile() takes' '>= 3.3' "${milliseconds[2]}" "${milliseconds[1]}"

for data in whole uniform; do
	title "2 workers, $data $([ $data = whole ] && echo seconds || echo doubles), work_mem 256MB"
	questions=("SELECT sum(x) FROM $data" "SELECT quantile(x, 0.95) FROM $data")
	set_options -c max_parallel_workers_per_gather=0 -c work_mem=256MB
	measure "${questions[@]}"
	serial=("${milliseconds[@]}")
	set_options -c max_parallel_workers_per_gather=2 -c work_mem=256MB
	measure "${questions[@]}"
	ratio 'sum(x) gains' 'nothing, for comparison' "${serial[0]}" "${milliseconds[0]}"
	ratio 'quantile(x, 0.95) gains' 'nothing, for comparison' "${serial[1]}" "${milliseconds[1]}"
	ratio 'the gain of quantile() is so much of that of sum()' '>= 0.85' \
		"$(awk "BEGIN {print ${serial[1]} / ${milliseconds[1]}}")" "$(awk "BEGIN {print ${serial[0]} / ${milliseconds[0]}}")"
done

set_options -c max_parallel_workers_per_gather=0 -c work_mem=256MB -c search_path=ttr,public
title 'against a t-digest, serial'
measure 'SELECT quantile(x, 0.95) FROM whole' 'SELECT tdigest_percentile(x, 100, 0.95) FROM whole'
ratio 'tdigest_percentile() takes so many times what quantile() takes' '>= 2' "${milliseconds[1]}" "${milliseconds[0]}"

set_options -c max_parallel_workers_per_gather=0 -c work_mem=20GB
title 'a million hashed groups of 3 rows, serial (a work_mem of 20 GB, of which neither takes a fiftieth, keeps both from setting groups aside)'
groups='(SELECT i % 1000000 AS g, i::float8 AS x FROM generate_series(1, 3000000) AS i) AS s GROUP BY g) AS groups'
measure "SELECT count(a) FROM (SELECT array_agg(x) AS a FROM $groups" \
	"SELECT count(a) FROM (SELECT median(x) AS a FROM $groups"
ratio 'median(x) takes so many times what array_agg(x) takes' '<= 1' "${milliseconds[1]}" "${milliseconds[0]}"

set_options -c max_parallel_workers_per_gather=0 -c work_mem=64MB
title "moving over $moving rows, serial"
over="OVER (ORDER BY at RANGE BETWEEN '%s' PRECEDING AND CURRENT ROW) AS y FROM stream) AS moving"
day=${over/\%s/24 hours}
hour=${over/\%s/1 hour}
measure "SELECT count(y) FROM (SELECT count(*) $day" "SELECT count(y) FROM (SELECT median(x) $day" \
	"SELECT count(y) FROM (SELECT median(x) $hour" "SELECT count(y) FROM (SELECT sum(x::bigint) $day"
ratio 'median(x) takes so many times what count(*) takes' '<= 1.8' "${milliseconds[1]}" "${milliseconds[0]}"
ratio 'a row takes in frames of 28,800 so many times what in 1,200' '<= 1.5' "${milliseconds[1]}" "${milliseconds[2]}"
ratio 'sum(x::bigint) takes so many times what count(*) takes' 'nothing, for comparison' "${milliseconds[3]}" "${milliseconds[0]}"
