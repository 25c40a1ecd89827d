#!/usr/bin/env bats
# Compressed exports, told by their content: read whole or not at all.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

row() {
	printf '%s,u,2025-05-01T09:00:00Z,,open,ann@example.com' "$1"
}

conversations() {
	sql "SELECT string_agg(conversation_id, ' ' ORDER BY conversation_id) FROM ttr_data.conversation"
}

# The run fails, says so of the file, and leaves nothing.
damaged() {
	run_load "$1"
	equals "$status" 1
	contains "$stderr" "\"$1\" is damaged: $2"
	equals "$(facts)" none
}

# An export of which each compressor makes several hundred bytes.
larger() {
	printf '%s\n' "$columns"
	for id in {1..300}; do row $((RANDOM * RANDOM + id)); echo; done
}

@test "gzip and zstd, whatever the file is called, and from standard input" {
	export_csv plain.csv "$(row 1)"
	gzip <plain.csv >export.csv
	zstd -q <plain.csv >export.json
	run_load export.csv
	equals "$status" 0
	equals "$(field '.load.files')" "[{\"name\":\"export.csv\",\"format\":\"csv+gzip\",\"bytes\":$(wc -c <export.csv),\"read\":1,\"rejected\":0}]"
	run_load export.json
	equals "$(field '.load | [.unchanged, .files[0].format]')" '[1,"csv+zstd"]'
	run_load - <export.csv
	equals "$(field '.load | [.unchanged, .files[0].format]')" '[1,"csv+gzip"]'
	gzip <"$CHECKOUT/test/data/intercom/conversation.json" >conversation
	run_load conversation
	equals "$(field '.load.files[0].format')" '"intercom+gzip"'
}

@test "gzip of several members, which may part a record anywhere" {
	export_csv plain.csv "$(row 1)" "$(row 2)" "$(row 3)"
	head -c 100 plain.csv | gzip >parts.gz
	printf '' | gzip >>parts.gz
	tail -c +101 plain.csv | gzip -1 >>parts.gz
	run_load parts.gz
	equals "$status" 0
	equals "$(conversations)" '1 2 3'
}

@test "zstd of several frames, and frames that are to be skipped" {
	export_csv plain.csv "$(row 1)" "$(row 2)" "$(row 3)"
	{ printf '\x50\x2a\x4d\x18\x03\x00\x00\x00abc'; head -c 100 plain.csv | zstd -q; printf '\x5f\x2a\x4d\x18\x00\x00\x00\x00'; tail -c +101 plain.csv | zstd -q --no-check; } >parts.zst
	run_load parts.zst
	equals "$status" 0
	equals "$(conversations)" '1 2 3'
}

@test "zeros behind the last member of gzip are no damage, other bytes are" {
	export_csv plain.csv "$(row 1)"
	{ gzip <plain.csv; printf '\0'; } >one.gz
	{ gzip <plain.csv; head -c 100000 /dev/zero; } >many.gz
	run_load one.gz many.gz
	equals "$status" 0
	{ gzip <plain.csv; printf 'x'; } >x.gz
	run_load x.gz
	equals "$status" 1
	contains "$stderr" '"x.gz" is damaged: other bytes follow the end of the compressed data'
	{ gzip <plain.csv; printf '\0\0'; gzip <plain.csv; } >between.gz
	run_load between.gz
	equals "$status" 1
	equals "$(conversations)" 1
}

@test "bytes behind the last frame of zstd are damage" {
	export_csv plain.csv "$(row 1)"
	{ zstd -q <plain.csv; printf 'tail'; } >tail.zst
	damaged tail.zst ''
}

@test "what is cut off anywhere is damaged" {
	larger | gzip >whole.gz
	larger | zstd -q >whole.zst
	for file in whole.gz whole.zst; do
		size=$(wc -c <$file)
		for length in 5 20 $((size / 2)) $((size - 9)) $((size - 1)); do
			head -c "$length" $file >cut
			damaged cut 'the compressed data ends too early'
		done
	done
}

@test "a checksum that does not match is damage" {
	larger | gzip >whole.gz
	larger | zstd -q >whole.zst
	for file in whole.gz:8 whole.zst:4; do
		size=$(wc -c <"${file%:*}")
		{ head -c $((size - ${file#*:})) "${file%:*}"; printf '\x5a\xa5'; tail -c $((${file#*:} - 2)) "${file%:*}"; } >wrong
		damaged wrong ''
	done
}

@test "a byte that is changed in the middle is damage" {
	larger | gzip >whole.gz
	size=$(wc -c <whole.gz)
	{ head -c $((size / 2)) whole.gz; head -c 20 /dev/zero; tail -c +$((size / 2 + 21)) whole.gz; } >changed
	damaged changed ''
}

@test "gzip of nothing is an empty file" {
	printf '' | gzip >nothing.gz
	run_load nothing.gz
	equals "$status" 1
	contains "$stderr" '"nothing.gz" is empty'
}

@test "zstd with a window that is larger than the loader's memory is refused" {
	larger | zstd -q --ultra --long=27 >long.zst
	run_load long.zst
	equals "$status" 1
	contains "$stderr" 'zstdcat'
}

@test "a compressed export of 200 MB loads in less than 32 MB of memory" {
	{ printf '%s,note\n' "$columns"; for id in {1..20}; do row $id; printf ','; head -c 10M /dev/zero | tr '\0' x; echo; done; } | tee >(zstd -q >large.zst) | gzip >large.gz
	/usr/bin/python3 - <<-'PYTHON'
		import os, resource, subprocess
		for file in "large.gz", "large.zst":
		    subprocess.check_call([os.environ["CHECKOUT"] + "/build/reading", "--time", file], stdout=open("out", "w"))
		assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 32 * 1024
	PYTHON
	contains "$(<out)" ' 20 records'
}
