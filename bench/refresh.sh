# Figures: everything fresh after a first load and after what follows it day by day, against scripts that compute four of them.
. bench/support.sh

rows=${ROWS:-1000000}
days=$((rows / 2740 + 1)) # conversations a day stay the same, whatever the size: a longer history is what grows
export=$SCRATCH/export.csv
"$CHECKOUT/build/generate" --rows="$rows" --from=2010-01-01 --days="$days" >"$export"
echo
echo "# $rows conversations of $days days, $(stat -c %s "$export") bytes"

empty="psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' && ttr-load --init"
first="ttr-load --json --exported-at=2026-01-01T00:00:00Z --report=$SCRATCH/report.csv $export"
script="/usr/bin/python3 $CHECKOUT/test/pandas_script.py $export $SCRATCH/pandas.csv"
compare 'everything fresh and the report written, against the pandas script' '<= 0.65' "$empty" "$first" true "$script"

mkdir "$SCRATCH/duckdb"
cp "$CHECKOUT/bench/duckdb/package.json" "$SCRATCH/duckdb"
(cd "$SCRATCH/duckdb" && npm install --loglevel=error --no-audit --no-fund --no-package-lock)
export DUCKDB_MODULES=$SCRATCH/duckdb
compare 'the same, against DuckDB' '<= 4' \
	"$empty" "$first" true "node $CHECKOUT/bench/duckdb/script.mjs $export $SCRATCH/duckdb.csv"

load="ttr-load --json --exported-at=2026-01-01T00:00:00Z $export"
compare 'the same export again, everything fresh, against the first load' '<= 0.4' "$empty && $load" "$load" "$empty" "$load"

# The export of the next day: the last 1,000 conversations have another number of messages, or 1,000 in all parts of it.
for which in 'NR > rows - 999' 'NR % every == 2'; do
	later=$SCRATCH/later.csv
	awk -F, -v OFS=, -v rows="$rows" -v every=$((rows / 1000)) "$which"' {$(NF - 1) += 100} {print}' "$export" >"$later"
	compare "the same export a day newer with 1,000 changes ($which), everything fresh, against the first load" '<= 0.5' \
		"$empty && $load" "ttr-load --json --exported-at=2026-01-02T00:00:00Z $later" "$empty" "$load"
done

# The last 1,000 conversations with another number of messages each time: an export of what changed lately.
change="(head -n 1 $export; tail -n 1000 $export | sed -E \"s/,[0-9]*,([0-9]*)\\r?$/,\$RANDOM,\\1/\") >$SCRATCH/changed.csv"
changed="ttr-load --json --exported-at=2026-01-02T00:00:00Z $SCRATCH/changed.csv"
seconds "$empty && $load" >/dev/null
compare '1,000 changed conversations of the last days, everything fresh, against the pandas script' '<= 0.05' \
	"$change" "$changed" true "$script"

thousand=$SCRATCH/thousand.csv
head -n 1001 "$export" >"$thousand"
title '1,000 conversations into an empty database, the schema with them, everything fresh (wanted: <= 0.4 s)'
: >"$SCRATCH/ours"
for ((run = 0; run < RUNS; run++)); do
	seconds "psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE'" >/dev/null
	seconds "ttr-load --json $thousand" >>"$SCRATCH/ours"
done
echo "$(median <"$SCRATCH/ours") s    ttr-load --json $thousand"
