#!/usr/bin/env bats
# What ttr-load takes of memory stays below 32 MB, whatever an export has very many of.

bats_require_minimum_version 1.5.0
load ../loader/support

# Runs ttr-load, and prints the most memory that it took, in kB.
memory_of() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(["ttr-load", *sys.argv[1:]], check=True, stdout=open("summary", "w"))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

takes_less_than_32_MB() {
	memory=$(memory_of "$@" 2>messages)
	echo "# $memory kB" >&3
	[ "$memory" -gt 1000 ] && [ "$memory" -lt 32768 ]
}

@test "100,000 assignees and as many tags" {
	echo "$columns,tags" >export.csv
	seq 100000 | awk '{ print $1 ",u,2025-05-01T08:00:00Z,2025-05-01T10:00:00Z,closed,agent" $1 "@example.com,tag " $1 }' >>export.csv
	takes_less_than_32_MB --json export.csv
	equals "$(jq -c '[.total_closed, (.by_assignee, .by_tag, .database.by_assignee, .database.by_tag | length)]' summary)" \
		'[100000,100000,100000,100000,100000]'
	takes_less_than_32_MB --table export.csv
	contains "$(cat summary)" 'and 99988 more'
}

@test "an archive of 50,000 files" {
	mkdir parts
	seq 50000 | awk '{
		file = sprintf("parts/conversations-%05d.json", $1)
		print "{\"conversation_id\":\"" $1 "\",\"started_at\":1767603600,\"resolved_at\":1767607200,\"state\":\"closed\",\"updated_at\":1767607200}" >file
		close(file)
	}'
	tar -czf export.tar.gz parts
	takes_less_than_32_MB --json export.tar.gz
	equals "$(jq -c '[.load.inserted, (.load.files | length), .load.files[1000].name]' summary)" '[50000,1001,"and 49000 more"]'
}
