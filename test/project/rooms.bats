#!/usr/bin/env bats
# The rooms of the house: includes point one way, as the drawing in doc/architecture.md has it.

bats_require_minimum_version 1.5.0

setup() {
	cd "$CHECKOUT"
}

# What is wrong in the tree here, a line each. The drawing has the rooms from top to bottom: where no arrow leads upward, there
# is no cycle between rooms.
wrong_arrows() {
	{
		sed -nE 's/^((extension|loader)\/[a-z\/]*) +([a-z_]+\.[ch]) .*/room \1 \3/p' doc/architecture.md
		find extension loader -name '*.[ch]' | sort | sed 's/^/file /'
		grep -rE --include='*.[ch]' '^ *# *include' extension loader | sort | sed -E 's/^([^:]+):.*(["<])(.*)[">].*/include \1 \2 \3/'
	} | awk '
		function room(path) { sub(/[^\/]*$/, "", path); return path }
		function wrong(why) { print $2 ($1 == "include" ? " includes " $4 : "") ": " why }

		$1 == "room" { height[$2] = -NR; entrance[$2] = $2 $3; next }
		$1 == "file" { files[$2]; used[room($2)]; if (!(room($2) in height)) wrong("its room is not drawn"); next }

		{ from = room($2); house = $2; sub(/\/.*/, "/", house); to = room(house $4) }
		!(house $4 in files) && from $4 in files { wrong("it does not name the room"); next }
		house $4 in files && height[to] > height[from] { wrong("an arrow upward") }
		from ~ /^extension\/kernel\// && $3 == "\"" && to !~ /^extension\/kernel\// { wrong("a kernel is plain C") }
		from ~ /^loader\/(read|copy|terminal)\// && ($4 ~ /^libpq/ || to ~ /^loader\/database\//) { wrong("reading knows no server") }

		END {
			for (r in height) {
				if (!(r in used)) print r ": drawn, and not there"
				else if (!(entrance[r] in files)) print entrance[r] ": drawn, and not there"
			}
		}'
}

@test "every include leads into its own room or one below it; kernels know no PostgreSQL, and reading no server" {
	run wrong_arrows
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "each room is drawn once, and its entrance says in a sentence how one gets in" {
	rooms=$(sed -nE 's/^((extension|loader)\/[a-z\/]*) +([a-z_]+\.[ch]) .*/\1 \3/p' doc/architecture.md)
	[ "$(wc -l <<<"$rooms")" -eq "$(find extension loader -name '*.[ch]' -printf '%h\n' | sort -u | wc -l)" ]
	while read -r room entrance; do
		grep -q "^ \* The way into $(basename "$room")/: " "$room$entrance" || { echo "missing: $room$entrance"; return 1; }
	done <<<"$rooms"
}

# A small house in order, and what is wrong with it after a line more in one of its files.
wrong_with() { # FILE LINE
	cd "$BATS_TEST_TMPDIR"
	rm -rf doc extension loader
	mkdir -p doc extension/kernel/sort loader/read/csv loader/database
	cat >doc/architecture.md <<-'EOF'
		loader/                 main.c    one run
		loader/database/        row.h     the server
		loader/read/            file.h    records
		loader/read/csv/        line.h    lines
		extension/              sql.c     functions
		extension/kernel/sort/  sort.h    sorting
		extension/kernel/       host.h    what it asks for
	EOF
	echo '#include "database/row.h"' >loader/main.c
	echo '#include <libpq-fe.h>' >loader/database/row.h
	echo '#include "read/csv/line.h"' >loader/read/file.h
	echo '#include <stdlib.h>' >loader/read/csv/line.h
	printf '#include "postgres.h"\n\n#include "kernel/sort/sort.h"\n' >extension/sql.c
	echo '#include "kernel/host.h"' >extension/kernel/sort/sort.h
	touch extension/kernel/host.h
	[ -z "$1" ] || echo "$2" >>"$1"
	wrong_arrows
}

@test "a wrong arrow is found: a kernel with PostgreSQL, a reader with a server, a cycle, a way up, a room that is not drawn" {
	[ -z "$(wrong_with '')" ]
	while IFS='|' read -r file line found; do
		run wrong_with "$file" "$line"
		echo "$file, $line: $output"
		[ "$output" == "$found" ]
	done <<-'EOF'
		extension/kernel/host.h|#include "postgres.h"|extension/kernel/host.h includes postgres.h: a kernel is plain C
		extension/kernel/host.h|#include "utils/memutils.h"|extension/kernel/host.h includes utils/memutils.h: a kernel is plain C
		extension/kernel/host.h|#include "kernel/sort/sort.h"|extension/kernel/host.h includes kernel/sort/sort.h: an arrow upward
		extension/kernel/sort/sort.c|#include "sort.h"|extension/kernel/sort/sort.c includes sort.h: it does not name the room
		loader/read/csv/line.h|#include <libpq-fe.h>|loader/read/csv/line.h includes libpq-fe.h: reading knows no server
		loader/read/csv/line.h|  #  include "read/file.h"|loader/read/csv/line.h includes read/file.h: an arrow upward
		loader/database/row.h|#include "main.c"|loader/database/row.h includes main.c: an arrow upward
		doc/architecture.md|loader/attic/  roof.h  nothing|loader/attic/: drawn, and not there
		doc/architecture.md|loader/read/csv/  gone.h  lines|loader/read/csv/gone.h: drawn, and not there
	EOF
	run wrong_with loader/read/csv/line.h '#include "database/row.h"'
	[[ $output == *"database/row.h: reading knows no server"* && $output == *"database/row.h: an arrow upward"* ]]
	run wrong_with extension/kernel/sort/sort.h '#include "sql.c"'
	[[ $output == *"sql.c: a kernel is plain C"* && $output == *"sql.c: an arrow upward"* ]]
	wrong_with '' >/dev/null
	mkdir "$BATS_TEST_TMPDIR/loader/cellar"
	touch "$BATS_TEST_TMPDIR/loader/cellar/box.h"
	run bash -c "$(declare -f wrong_arrows); cd '$BATS_TEST_TMPDIR' && wrong_arrows"
	[ "$output" == "loader/cellar/box.h: its room is not drawn" ]
}
