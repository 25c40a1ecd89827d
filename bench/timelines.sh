# What timelines cost: conversations with five events each, a calendar and five SLA policies, against the same conversations without.
. bench/support.sh

rows=${ROWS:-1000000}
plain=$SCRATCH/plain.csv without=$SCRATCH/without.json whole=$SCRATCH/whole.json
"$CHECKOUT/build/generate" --rows="$rows" --from=2025-01-01 --days=$((rows / 2740 + 1)) --closed=1 | grep -v '["\\]' >"$plain" # nothing is quoted or escaped
perl bench/timelines.pl parts "$plain" >"$whole"
perl bench/timelines.pl statistics "$plain" >"$without"
echo
echo "# $rows conversations: $(stat -c %s "$plain") bytes of CSV, $(stat -c %s "$without") of JSON, $(stat -c %s "$whole") of JSON with five events each"

empty="psql -Xq -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' && ttr-load --init"
promised="$empty && psql -Xq -v ON_ERROR_STOP=1 -f bench/timelines.sql"
compare 'with a calendar, five policies and five events each, against without' '<= 2' \
	"$promised" "ttr-load --json $whole" "$empty" "ttr-load --json $without"
compare 'the same against CSV, which is shorter and has no teammates' 'none' \
	"$promised" "ttr-load --json $whole" "$empty" "ttr-load --json $plain"
