#!/usr/bin/env bats
# tar archives: as many files as are in them, in order, without a byte on disk.

bats_require_minimum_version 1.5.0
load support
readonly database_template=template_loader

readonly data=$CHECKOUT/test/data/shapes

refused() {
	equals "$status" 1
	contains "$stderr" "$1"
	equals "$(facts)" none
}

@test "the files of an archive are read in order, each by what it is, and each has its place in the summary" {
	tar -czf export.tgz -C "$data" conversation_state.csv report.csv -C "$CHECKOUT/test/data/intercom" page.json
	run_load --exported-at=2026-01-09T00:00:00Z export.tgz
	equals "$status" 0
	equals "$(field '.load.files | map([.name, .format, .read])')" \
		'[["export.tgz/conversation_state.csv","conversation_state+tar+gzip",7],["export.tgz/report.csv","report+tar+gzip",3],["export.tgz/page.json","intercom+tar+gzip",2]]'
	equals "$(field '[.load.files[].bytes]')" "[$(wc -c <"$data/conversation_state.csv"),$(wc -c <"$data/report.csv"),$(wc -c <"$CHECKOUT/test/data/intercom/page.json")]"
}

@test "plain, gzip, zstd and standard input come to the same" {
	tar -cf export.tar -C "$data" report.csv
	gzip -k export.tar
	zstd -q export.tar
	for file in export.tar export.tar.gz export.tar.zst; do
		run_load $file
		equals "$(field '.load.files[0].read')" 3
	done
	run_load - <export.tar.gz
	equals "$(field '.load.files[0].name')" '"-/report.csv"'
}

@test "archives of every kind are read, also where names are long; directories and links are passed over" {
	local long
	long=$(printf 'd%.0s' {1..90})/$(printf 'e%.0s' {1..90})
	mkdir -p "$long"
	cp "$data/report.csv" "$long"
	ln -s nowhere "$long/link"
	for kind in pax gnu; do
		tar --format=$kind -cf $kind.tar d*
		run_load $kind.tar
		equals "$(field '[.load.files[].name]')" "[\"$kind.tar/$long/report.csv\"]"
	done
	for kind in ustar oldgnu v7; do
		tar --format=$kind -cf $kind.tar -C "$data" report.csv
		run_load $kind.tar
		equals "$(field '[.load.files[].name]')" "[\"$kind.tar/report.csv\"]"
	done
}

@test "rejects name the file in the archive" {
	tar -cf export.tar -C "$data" conversation_prefixed.csv
	run_load export.tar
	equals "$status" 4
	equals "$(sql 'SELECT DISTINCT file FROM ttr_data.reject')" export.tar/conversation_prefixed.csv
}

@test "an archive that is cut off anywhere, or goes on behind its end, fails the run" {
	tar -b 1 -cf export.tar -C "$data" report.csv tickets.csv
	tar -b 1 --delete -f export.tar tickets.csv
	for length in 600 1023 1100 1536 2048; do
		head -c $length export.tar >cut.tar
		run_load cut.tar
		refused '"cut.tar" is damaged: the archive'
	done
	{ cat export.tar; echo more; } >longer.tar
	run_load longer.tar
	refused 'other bytes follow the end of the archive'
}

@test "a header whose sum is wrong fails the run, and so does a damaged compression behind the last file" {
	tar -cf export.tar -C "$data" report.csv conversation.csv
	sed 's/conversation.csv/conversatioN.csv/' export.tar >damaged.tar
	run_load damaged.tar
	refused '"damaged.tar" is damaged: a header of the archive cannot be read'
	tar -czf export.tgz -C "$data" report.csv
	head -c -4 export.tgz >cut.tgz
	run_load cut.tgz
	refused '"cut.tgz" is damaged'
}

@test "if one file of an archive is refused, nothing of the others is loaded" {
	tar -cf export.tar -C "$data" report.csv tickets.csv
	run_load export.tar
	refused '"export.tar/tickets.csv" holds no conversations'
}

@test "an archive without a file is refused" {
	mkdir empty
	tar -cf export.tar empty
	run_load export.tar
	refused '"export.tar" is an archive without a file in it'
}

@test "an archive of any size is read in less than 32 MB of memory" {
	"$CHECKOUT/build/generate" --rows=300000 >big.csv
	tar -cf - big.csv big.csv | python3 -c '
import resource, subprocess, sys
status = subprocess.call([sys.argv[1] + "/build/reading", "--time", "-"], stdout=subprocess.DEVNULL)
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 32 * 1024)' "$CHECKOUT" >result
	equals "$(<result)" '0 True'
}

@test "of an archive of very many files the summary lists 1,000, and sums up the others; all are counted, and each is an export of its own" {
	mkdir files
	for number in {1..2400}; do
		export_csv "files/$number.csv" "$number,u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,a@x"
	done
	sed -i 's/closed/lost/' files/77.csv files/2001.csv
	tar -cf export.tar --sort=name files
	run --separate-stderr ttr-load --json --max-rejects=2 export.tar
	equals "$status" 0
	equals "$(field '[.load.read, .load.inserted, .load.rejected, (.load.files | length), ([.load.files[].read] | add)]')" '[2400,2398,2,1001,2400]'
	equals "$(field '.load.files[1000] | [.name, .read]')" '["and 1400 more",1400]'
	run --separate-stderr ttr-load --json --max-rejects=1 export.tar
	equals "$status" 3
	contains "$stderr" '2 of 2400 records were rejected'
}
