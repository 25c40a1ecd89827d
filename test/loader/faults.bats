#!/usr/bin/env bats
# Faults: a sample of the matrix that test/long/faults.bats goes through call by call, and faults of the machine: a full disk, a full pipe, a
# closed terminal, a server that does not answer.

bats_require_minimum_version 1.5.0
load support
load ../faults/support

@test "whichever memory is lacking, the facts are as before or as after, the exit code is true, and nothing is left behind" {
	begin_matrix
	matrix load memory 24
}

@test "whichever file, pipe or stream fails, the same" {
	begin_matrix
	matrix load file 14
}

@test "whichever call of the socket or of libpq fails, the same, and a lost answer to COMMIT is no rollback" {
	begin_matrix
	matrix load socket 10
	matrix load libpq 10
	matrix load answer 14
}

@test "wherever the connection is cut, the same" {
	begin_matrix
	begin_proxy
	cuts load 14
	end_proxy
}

@test "wherever the connection of a stream is cut, every record is loaded, and none twice" {
	begin_matrix
	begin_proxy
	cuts follow 10
	end_proxy
}

@test "a file that may not grow, as on a full disk: an output, or the rejects that wait, cannot be written, and nothing is left" {
	begin_matrix
	"$CHECKOUT/build/generate" --rows=3000 --seed=3 --start-id=900 >many.csv
	# Blocks of 1,024 bytes.
	run --separate-stderr bash -c 'ulimit -f 8; ttr-load --json --report=report.csv many.csv'
	equals "$status" 1
	contains "$stderr" 'could not write the report "report.csv": File too large'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 1
	equals "$(echo report.csv*)" 'report.csv*'

	seq -f 'bad %g,u,never,,open,a@x' 1000 | { echo "$columns"; cat; } >bad.csv
	run --separate-stderr bash -c 'ulimit -f 8; ttr-load --json bad.csv'
	equals "$status" 1
	contains "$stderr" 'could not keep rejected records in a temporary file: File too large'
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 1
}

@test "a terminal that is closed: the load is done, and exit code 1 says that the summary could not be written" {
	begin_matrix
	one_row a.csv
	run /usr/bin/python3 - <<-'PYTHON'
		import os, pty, subprocess, sys
		master, slave = pty.openpty()
		os.close(master)
		sys.exit(subprocess.run(["ttr-load", "a.csv"], stdout=slave, stderr=slave).returncode)
	PYTHON
	equals "$status" 1
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 2
}

@test "a full pipe that nobody reads: a signal ends the run within two seconds, and nothing is loaded" {
	begin_matrix
	"$CHECKOUT/build/generate" --rows=3000 --seed=3 --start-id=900 >many.csv
	mkfifo pipe
	ttr-load --json --report=pipe many.csv >summary 2>messages 7>&- &
	loader=$!
	exec 7<pipe
	sleep 2
	kill -0 "$loader"
	ends_within_two_seconds TERM 143
	exec 7<&-
	equals "$(sql 'SELECT count(*) FROM ttr_data.load')" 1
}

# The loader, by this signal and with this exit code.
ends_within_two_seconds() {
	local begin=$EPOCHREALTIME
	kill -"$1" "$loader"
	wait "$loader" && code=0 || code=$?
	equals "$code" "$2"
	awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { exit end - begin > 2 }'
}

@test "a server that does not answer any more: a signal ends the run within two seconds, says what stands, and leaves no file behind" {
	begin_endless_load --report=report.csv --html=page.html
	backend=$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'ttr-load' AND datname = current_database()")
	kill -STOP "$backend"
	# More than the sockets take: the loader waits for the server.
	(yes '2,u,2025-05-01T08:00:00Z,,open,a@x' | head -n 200000 >&7 || true) &
	writer=$!
	sleep 0.5
	ends_within_two_seconds INT 130
	kill -CONT "$backend"
	exec 7>&-
	wait "$writer" || true
	contains "$(cat messages)" 'stopped by a signal: nothing is loaded'
	equals "$(echo report.csv* page.html*)" 'report.csv* page.html*'
	equals "$(facts)" none
}
