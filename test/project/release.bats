#!/usr/bin/env bats
# What a release freezes: databases have run its scripts, so a change is another script that follows. The newest tag is the release.

bats_require_minimum_version 1.5.0

version() {
	sed -n "s/^default_version = '\(.*\)'/\1/p" ttr.control
}

# What breaks the promise in the working tree of this directory, a line each.
broken_promises() {
	local tag newest script
	ls sql/schema | cut -d _ -f 1 | uniq -d | sed 's/$/: two scripts of the schema have this number/'
	tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || return 0
	git diff --no-renames --name-only --diff-filter=a "$tag" -- sql/ttr.sql 'sql/ttr--*.sql' sql/schema |
		sed "s/\$/: $tag has it, and it has changed/"
	newest=$(git ls-tree --name-only "$tag" sql/schema/ | sed 's/.*\///' | tail -n 1)
	git diff --no-renames --name-only --diff-filter=A "$tag" -- sql/schema | while read -r script; do
		[[ ${script##*/} > $newest ]] || echo "$script: it is new, but does not follow $newest"
	done
	[ "v$(version)" == "$tag" ] || [ -e "sql/ttr--${tag#v}--$(version).sql" ] ||
		echo "sql/ttr--${tag#v}--$(version).sql: missing, and ALTER EXTENSION ttr UPDATE would find no way to this version"
}

@test "no script of a release has changed, and what is new follows it" {
	cd "$CHECKOUT"
	run broken_promises
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# A repository with a release, in the current directory.
released() {
	cd "$BATS_TEST_TMPDIR"
	git init -q .
	git config user.name somebody
	git config user.email somebody@example.com
	mkdir -p sql/schema
	echo "default_version = '0.9.0'" >ttr.control
	echo 'SELECT 1;' | tee sql/ttr.sql sql/ttr--0.8.0--0.9.0.sql sql/schema/001_facts.sql sql/schema/002_rest.sql >/dev/null
	git add .
	git commit -q -m 'Release'
	git tag v0.9.0
}

broken() {
	git add .
	run broken_promises
	[[ $output == "$1"* ]] || { printf 'expected: %s\n     got: %s\n' "$1" "$output"; return 1; }
	[ "${#lines[@]}" -eq "${2:-1}" ]
	git reset -q --hard
}

@test "a released script that is edited, removed or renamed is found, of the extension and of the schema" {
	released
	for script in sql/ttr.sql sql/ttr--0.8.0--0.9.0.sql sql/schema/001_facts.sql; do
		echo '-- better' >>"$script"
		broken "$script: v0.9.0 has it, and it has changed"
		rm "$script"
		broken "$script: v0.9.0 has it, and it has changed"
	done
	git mv sql/schema/002_rest.sql sql/schema/003_rest.sql
	broken 'sql/schema/002_rest.sql: v0.9.0 has it, and it has changed'
}

@test "a script of the schema between released ones is found, and two of one number" {
	released
	touch sql/schema/000_before.sql
	broken 'sql/schema/000_before.sql: it is new, but does not follow 002_rest.sql'
	touch sql/schema/003_one.sql sql/schema/003_other.sql
	broken '003: two scripts of the schema have this number'
}

@test "a new version without a script for the extension is found, and one with all that it needs is not" {
	released
	echo "default_version = '0.10.0'" >ttr.control
	broken 'sql/ttr--0.9.0--0.10.0.sql: missing'
	echo "default_version = '0.10.0'" >ttr.control
	touch sql/ttr--0.9.0--0.10.0.sql sql/schema/003_more.sql
	broken '' 0
}

@test "the version is three numbers, by which ttr-load compares" {
	cd "$CHECKOUT"
	[[ $(version) =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
}
