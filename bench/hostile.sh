# Reading hostile input without a server: the time grows as the size does, whatever the bytes are.
. bench/support.sh

# repeat START PIECE END MEGABYTES: a file of the piece over and over; \n and \0 stand for these bytes.
repeat() {
	perl -e '
		my ($start, $piece, $end, $megabytes) = map { s/\\n/\n/gr =~ s/\\0/\0/gr } @ARGV;
		my $many = $piece x (1_000_000 / length($piece));
		print $start;
		print $many for 1 .. $megabytes;
		print $end;' "$@"
}

# Tar archives of tables of one line each, 1,024 bytes a file.
archive() { # MEGABYTES
	/usr/bin/python3 - "$1" <<-'PYTHON'
		import io, sys, tarfile
		content = (b"conversation_id,user_id,started_at,resolved_at,state,assignee_email\n"
		           b"1,u,2025-05-01T08:00:00Z,,open,a@x\n")
		with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
		    for i in range(int(sys.argv[1]) * 1000000 // 1024):
		        member = tarfile.TarInfo("%d.csv" % i)
		        member.size = len(content)
		        archive.addfile(member, io.BytesIO(content))
	PYTHON
}

# Members of gzip, 23 bytes each, of one byte.
members() { # MEGABYTES
	printf ' ' | gzip -n >"$SCRATCH/member"
	perl -e 'my ($megabytes, $file) = @ARGV; open my $in, "<:raw", $file or die; local $/; my $many = <$in> x 43478;
		print $many for 1 .. $megabytes;' "$1" "$SCRATCH/member"
}

# Median milliseconds of a processor for a megabyte of the file: the clock on the wall would count what else the machine does.
time_per_megabyte() { # FILE
	local run TIMEFORMAT='%U %S'
	: >"$SCRATCH/times"
	rm -f "$SCRATCH/refused"
	for ((run = 0; run < RUNS; run++)); do
		# What is refused in the end was read all the same.
		{ time "$CHECKOUT/build/reading" --time "$1" >/dev/null 2>&1 || touch "$SCRATCH/refused"; } 2>>"$SCRATCH/times"
	done
	awk '{print ($1 + $2) * 1000}' "$SCRATCH/times" | median |
		awk -v bytes="$(stat -Lc %s "$1")" '{printf "%.3f\n", $1 / (bytes / 1e6)}'
}

# grows WHAT COMMAND...: the command writes as many megabytes as its last argument says.
grows() {
	local what=$1 size
	shift
	local -a times=()
	local refused=
	for size in 1 10 100; do
		"$@" "$size" >"$SCRATCH/hostile"
		times+=("$(time_per_megabyte "$SCRATCH/hostile")")
		[ ! -e "$SCRATCH/refused" ] || refused='   (refused in the end)'
	done
	rm "$SCRATCH/hostile"
	awk -v what="$what" -v one="${times[0]}" -v ten="${times[1]}" -v hundred="${times[2]}" -v refused="$refused" 'BEGIN {
		printf "%-52s %8.2f %8.2f %8.2f   %5.1f times%s\n", what, one, ten, hundred, 10 * hundred / ten, refused }'
}

readonly columns='conversation_id,user_id,started_at,resolved_at,state,assignee_email\n'

title 'hostile input: milliseconds of a processor a megabyte at 1, 10 and 100 MB; 100 MB as many times 10 MB   (wanted: <= 12)'
grows 'JSON: objects that are never closed' repeat '' '{"conversation_id":"1","x":\n' ''
grows 'the same before a string that is never closed' repeat '' '{"x":\n' '"\n'
grows 'the same with records between' repeat '' '{"x":[\n{"y":1},\n' ''
grows 'strings that are never closed' repeat '' '{"x":"y\n' ''
grows 'arrays that are never closed' repeat '' '[{},\n' ''
grows 'one endless line' repeat '{"x":"' 'y' ''
grows 'escapes only' repeat '{"x":"' '\\' ''
grows 'deep nesting' repeat '' '{"x":[' ''
grows 'lists in a record' repeat '{"conversation_id":"1"' ',"data":[]' '}'
grows 'line ends in the string of an array' repeat '[{"x":"' '\n' ''
grows 'empty objects' repeat '' '{}' ''
grows 'NUL bytes' repeat '{' '\0' ''
grows 'CSV: NUL bytes' repeat "$columns" '\0' ''
grows 'quotes only' repeat "$columns" '"' ''
grows 'separators only' repeat "$columns" ',' ''
grows 'a header without an end' repeat '' 'y;' ''
grows 'line ends only' repeat "$columns" '\n' ''
grows 'a quoted field that is never closed' repeat "$columns\"" '1,u,2025-05-01T08:00:00Z,,open,a@x\n' ''
grows 'a quote in each line' repeat "$columns" 'x,"\n' ''
grows 'tar: files of one line' archive
grows 'gzip: members of one byte' members
