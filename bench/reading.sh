# Reading alone, framing and parsing, without a server: conversations of Intercom's API with their parts, about 5 kB each.
. bench/support.sh

conversations=${CONVERSATIONS:-60000}

# $1: words in a message. The one invented conversation of test/data, over and over, under new numbers.
make_export() {
	/usr/bin/python3 - "$1" "$conversations" "$CHECKOUT/test/data/intercom/conversation.json" <<-'PYTHON'
		import json, random, sys
		words_in_a_message, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
		words = ("the invoice payment was charged twice to our account please send it again we would like to know when "
		         "refund für Überweisung arrives thank you card number support").split()
		conversation = json.load(open(path))
		parts = conversation["conversation_parts"]["conversation_parts"]
		if words_in_a_message > 2:
		    del parts[2:4], parts[4:5]
		random.seed(1)
		for i in range(count):
		    conversation["id"] = str(215470000000000 + i)
		    for part in [conversation["source"], *parts]:
		        if part.get("body") is not None:
		            part["body"] = "<p>" + " ".join(random.choices(words, k=words_in_a_message)) + ".</p>"
		    print(json.dumps(conversation, separators=(",", ":"), ensure_ascii=False))
	PYTHON
}

# speed WHAT BAR FILE
speed() {
	local run
	: >"$SCRATCH/speeds"
	for ((run = 0; run < RUNS; run++)); do
		"$CHECKOUT/build/reading" --time "$3" | awk '{printf "%.0f\n", $1 / $3}' >>"$SCRATCH/speeds"
	done
	printf '%-52s %4.0f MB/s, %d bytes a conversation   (wanted: %s)\n' "$1" "$(median <"$SCRATCH/speeds")" \
		$(($(stat -Lc %s "$3") / conversations)) "$2"
}

title 'reading conversations of about 5 kB: framing and parsing alone'
make_export 80 >"$SCRATCH/typical.ndjson"
make_export 2 >"$SCRATCH/dense.ndjson"
speed 'messages of 80 words, a line each' '>= 250 MB/s' "$SCRATCH/typical.ndjson"
{ printf '{"type":"conversation.list","conversations":['; paste -sd, "$SCRATCH/typical.ndjson"; printf ']}'; } >"$SCRATCH/page.json"
speed 'the same as one page' '>= 250 MB/s' "$SCRATCH/page.json"
speed 'hardly any words, all names and numbers' 'the worst case' "$SCRATCH/dense.ndjson"
