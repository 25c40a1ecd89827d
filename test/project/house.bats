#!/usr/bin/env bats
# The house itself: what a release promises about its files.

bats_require_minimum_version 1.5.0

setup() {
	cd "$CHECKOUT"
}

version() {
	sed -n "s/^default_version = '\(.*\)'/\1/p" ttr.control
}

@test "the version stands in the control file and nowhere else" {
	run git grep -nF "$(version)" -- ':!CHANGELOG.md'
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == ttr.control:* ]]
}

@test "the changelog has an entry for the version" {
	grep -q "^## $(version)" CHANGELOG.md
}

@test "the release archive carries a META.json with the version" {
	make -s dist
	tar -xzOf "build/ttr-$(version).tar.gz" "ttr-$(version)/META.json" >"$BATS_TEST_TMPDIR/META.json"
	[ "$(jq -r '.version + " " + .provides.ttr.version' "$BATS_TEST_TMPDIR/META.json")" == "$(version) $(version)" ]
	[ "$(tar -tzf "build/ttr-$(version).tar.gz" | grep -c '/META.json$')" -eq 1 ]
}

@test "the sample export is what the generator makes" {
	build/generate | cmp - test/data/may-2025.csv
}

@test "the generator makes the same bytes for the same seed, and others for another" {
	cmp <(build/generate --rows=5000 --seed=9) <(build/generate --rows=5000 --seed=9)
	run cmp -s <(build/generate --rows=50 --seed=9) <(build/generate --rows=50 --seed=10)
	[ "$status" -eq 1 ]
}

@test "the sample is shaped as it is said to be: 82 % closed, a median of 3 hours, 40 assignees, 16 tags" {
	run /usr/bin/python3 - <<-'PYTHON'
		import pandas as pd
		d = pd.read_csv("test/data/may-2025.csv")
		assert len(d) == 1000
		assert 0.81 <= (d.state == "closed").mean() <= 0.83
		assert set(d.state) == {"open", "snoozed", "closed"}
		hours = (pd.to_datetime(d.resolved_at) - pd.to_datetime(d.started_at)).dt.total_seconds() / 3600
		assert 2.8 <= hours.median() <= 3.2
		load = d.assignee_email.value_counts()
		assert len(load) == 40 and load.iloc[0] > 20 * load.iloc[-1]
		tags = d.tags.fillna("").str.replace(r"\;", ",", regex=False).map(lambda t: [x for x in t.split(";") if x])
		assert tags.map(len).between(0, 3).all() and len(set(tags.sum())) == 16
	PYTHON
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the loader's sources are formatted as .clang-format says" {
	# Each version of it formats in another way, and newer releases do not carry this one.
	if command -v clang-format-14 >/dev/null; then
		clang-format-14 --dry-run --Werror $(git ls-files 'loader/*.[ch]')
	else
		echo "# not checked: there is no clang-format-14 here" >&3
	fi
}

@test "no line of SQL is longer than 140 columns" {
	run perl -CSD -ne 'chomp; print "$ARGV:$.\n" if length > 140; close ARGV if eof' $(git ls-files '*.sql' '*.psql')
	echo "$output"
	[ -z "$output" ]
}

@test "every reject reason of the loader is explained in its manual" {
	reasons=$(sed -n 's/.*\] = "\(.*\)",/\1/p' loader/read/text/defect.c)
	[ -n "$reasons" ]
	for reason in $reasons; do
		grep -q "^|.*\`$reason\`" doc/loader.md
	done
}

@test "every published figure is explained in the README" {
	for column in $(psql -d template_pgtap -XqAt -f - <<-SQL
		BEGIN; $(cat sql/schema/*.sql) SELECT attname FROM pg_attribute WHERE attnum > 0 AND attrelid IN
		('ttr.overall'::regclass, 'ttr.conversations'::regclass, 'ttr.load_history'::regclass); ROLLBACK;
	SQL
	); do
		grep -qE "\`$column\`|$column" README.md || { echo "missing: $column"; return 1; }
	done
}

@test "the dictionary of columns explains none that is not there" {
	psql -d template_pgtap -XqAt -f - <<-SQL | sort -u >"$BATS_TEST_TMPDIR/columns"
		BEGIN; $(cat sql/schema/*.sql) SELECT attname FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
		WHERE attnum > 0 AND relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace); ROLLBACK;
	SQL
	sed -n "s/^ *('\([a-z0-9_ ]*\)', '.*/\1/p" sql/schema/023_columns.sql | tr ' ' '\n' | sort >"$BATS_TEST_TMPDIR/explained"
	[ -s "$BATS_TEST_TMPDIR/explained" ]
	uniq -d "$BATS_TEST_TMPDIR/explained" | cmp - /dev/null
	comm -23 "$BATS_TEST_TMPDIR/explained" "$BATS_TEST_TMPDIR/columns" | cmp - /dev/null
}

@test "what is tested is what was built, on a server that no other install can reach" {
	library=$(psql -d template_pgtap -XqAt -c "SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'")
	[[ $library == "$CLUSTER"/* ]]
	cmp "$library/ttr.so" build/extension/ttr.so
	cmp "$(command -v ttr-load)" build/ttr-load
	[[ $(command -v ttr-load) == "$CLUSTER"/* ]]
}

@test "no file names a path of a machine" {
	run git grep -nE '/(home|root|work|Users)/' -- ':!test/project/house.bats'
	[ "$status" -eq 1 ]
}

# Nobody sees them, and a pattern with one never matches.
@test "no text has a control character" {
	run git grep -lIP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' -- ':!test/fuzz/corpus' ':!test/data/json'
	[ "$status" -eq 1 ]
}
