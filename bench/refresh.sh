# Figures: everything fresh after a first load, against scripts that compute four of them; and after a small change.
. bench/support.sh

rows=${ROWS:-1000000}
days=$((rows / 2740 + 1)) # conversations a day stay the same, whatever the size: a longer history is what grows
export=$SCRATCH/export.csv
"$CHECKOUT/build/generate" --rows="$rows" --from=2010-01-01 --days="$days" >"$export"
echo
echo "# $rows conversations of $days days, $(stat -c %s "$export") bytes"

empty="psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' && ttr-load --init"
first="ttr-load --json --exported-at=2026-01-01T00:00:00Z --report=$SCRATCH/report.csv $export"
compare 'everything fresh and the report written, against the pandas script' '<= 0.6' \
	"$empty" "$first" true "/usr/bin/python3 $CHECKOUT/test/pandas_script.py $export $SCRATCH/pandas.csv"

mkdir "$SCRATCH/duckdb"
cp "$CHECKOUT/bench/duckdb/package.json" "$SCRATCH/duckdb"
(cd "$SCRATCH/duckdb" && npm install --loglevel=error --no-audit --no-fund --no-package-lock)
export DUCKDB_MODULES=$SCRATCH/duckdb
compare 'the same, against DuckDB' 'as near as may be' \
	"$empty" "$first" true "node $CHECKOUT/bench/duckdb/script.mjs $export $SCRATCH/duckdb.csv"

# The last 1,000 conversations with another number of messages each time: an export of what changed lately.
change='(head -n 1 EXPORT; tail -n 1000 EXPORT | sed -E "s/,[0-9]*,([0-9]*)\r?$/,$RANDOM,\1/") >CHANGED'
change=${change//EXPORT/$export}
change=${change//CHANGED/$SCRATCH/changed.csv}
changed="ttr-load --json --exported-at=2026-01-02T00:00:00Z $SCRATCH/changed.csv"
compare '1,000 changed conversations of the last days, everything fresh, against the first load' '<= 0.1' \
	"$change" "$changed" "$empty" "$first"

# The first load of ten times as many is not timed: only how much the small change costs then.
small=$(median <"$SCRATCH/ours")
rm "$SCRATCH"/*.csv
"$CHECKOUT/build/generate" --rows=$((rows * 10)) --from=2010-01-01 --days=$((days * 10)) >"$export"
seconds "$empty && ttr-load --json --exported-at=2026-01-01T00:00:00Z $export" >/dev/null
: >"$SCRATCH/ours"
for ((run = 0; run < RUNS; run++)); do
	seconds "$change" >/dev/null
	seconds "$changed" >>"$SCRATCH/ours"
done
large=$(median <"$SCRATCH/ours")
title "the same change among $((rows * 10)) conversations: $large s"
ratio "as many times $small s, which it takes among $rows" '<= 2' "$large" "$small"
