# Loading: ttr-load against psql's \copy, which checks nothing and merges nothing. Figures are left out: refresh.sh has them.
. bench/support.sh

rows=${ROWS:-1000000}
export=$SCRATCH/export.csv
"$CHECKOUT/build/generate" --rows="$rows" >"$export"
echo
echo "# $rows conversations, $(stat -c %s "$export") bytes"

columns=conversation_id,user_id,started_at,resolved_at,state,assignee_email,tags,message_count,reopen_count
# The tables as \copy needs them: tags as text, the rest as ttr_data.conversation has it, with its index.
cat >"$SCRATCH/tables.sql" <<SQL
DROP TABLE IF EXISTS plain;
CREATE TABLE plain (conversation_id text COLLATE "C" PRIMARY KEY, user_id text, started_at timestamptz NOT NULL,
  resolved_at timestamptz, state text NOT NULL, assignee_email text, tags text, message_count integer, reopen_count integer);
SQL
empty="psql -Xq -f $SCRATCH/tables.sql -c 'DROP SCHEMA IF EXISTS ttr_data, ttr CASCADE' && ttr-load --init"
copy="psql -Xq -c \"\\copy plain ($columns) FROM '$export' CSV HEADER\""
stage="psql -Xq -c 'CREATE TEMP TABLE s (LIKE plain)' -c \"\\copy s ($columns) FROM '$export' CSV HEADER\""

compare 'first load, figures left out, against \copy into the same indexed table' '<= 1.6' \
	"$empty" "ttr-load --no-refresh --json $export" "$empty" "$copy"

echo
echo '## memory of ttr-load, whatever the size of the input (wanted: <= 32 MB)'
"$CHECKOUT/build/generate" --rows=$((rows / 10)) --start-id=900000000000 >"$SCRATCH/part.csv"
/usr/bin/time -f "%M kB at most for $(stat -c %s "$SCRATCH/part.csv") bytes of CSV" ttr-load --dry-run --json "$SCRATCH/part.csv" >/dev/null

# A conversation of Intercom's API with its parts, 5 kB, over and over under new numbers, through a pipe.
conversations=$((rows * 2 / 5))
record=$(jq -c '.id = "NUMBER" | .source.body = ("Where is my refund? " * 50)' "$CHECKOUT/test/data/intercom/conversation.json")
awk -v record="$record" -v count="$conversations" \
	'BEGIN {split(record, part, "NUMBER"); for (i = 1; i <= count; i++) printf "%s%.0f%s\n", part[1], 215470000000000 + i, part[2]}' |
	/usr/bin/time -f "%M kB at most for $((conversations * (${#record} + 9))) bytes of JSON" ttr-load --dry-run --json - >"$SCRATCH/summary"
jq -c '.load | {read, events, seconds}' "$SCRATCH/summary"
