#!/usr/bin/env bats
# Distributions outside of the server: dumped and restored, copied in binary, in an index and in a materialized view.

bats_require_minimum_version 1.5.0

setup_file() {
	export database=distribution_bats restored=distribution_bats_restored
	createdb --template=template_pgtap "$database"
	sql "$database" <<-'SQL'
		SET search_path = public, ttr;
		SET seed = 0.17;
		CREATE TABLE day (day int PRIMARY KEY, d ttr.distribution, e ttr.distribution DEFAULT '{60:2,NaN}');
		INSERT INTO day
		  SELECT i / 3000, distribution(CASE i / 3000 % 3 WHEN 0 THEN random() WHEN 1 THEN round(random() * 90000)
		                                ELSE round(random() * 9e6) / 100 END)
		  FROM generate_series(0, 59999) AS i GROUP BY i / 3000;
		INSERT INTO day VALUES (-1, '{}'), (-2, NULL), (-3, '{-Infinity,-0,1e-300:3,1e300,Infinity:9223372036854775000,NaN}');
		INSERT INTO day SELECT -4, distribution(random()) FROM generate_series(1, 300000);
		CREATE INDEX day_d_hash ON day USING hash (d);
		CREATE TABLE small (d ttr.distribution UNIQUE);
		INSERT INTO small SELECT ('{' || i || '}')::distribution FROM generate_series(1, 1000) AS i;
		CREATE MATERIALIZED VIEW week AS
		  SELECT day / 7 AS week, ttr.merge(d) AS d FROM public.day WHERE day >= 0 GROUP BY day / 7;
		CREATE UNIQUE INDEX ON week (week);
	SQL
}

teardown_file() {
	dropdb --if-exists "$restored"
	dropdb --if-exists "$database"
}

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f - "${@:2}"
}

# What is in a database, to the byte.
contents() {
	sql "$1" <<-'SQL'
		SELECT day, md5(ttr.distribution_send(d)), md5(ttr.distribution_send(e)), ttr.value_count(d), ttr.mean(e) FROM day ORDER BY day;
		SELECT week, md5(ttr.distribution_send(d)) FROM week ORDER BY week;
		SELECT count(*), md5(string_agg(d::text, ',' ORDER BY d)) FROM small;
	SQL
}

@test "a distribution of 300,000 doubles is stored out of line" {
	run sql "$database" <<<"SELECT pg_column_size(d) > 1000000, pg_relation_size(reltoastrelid) > 1000000
	                        FROM day, pg_class WHERE day = -4 AND oid = 'day'::regclass"
	[ "$output" == "t|t" ]
}

@test "pg_dump and a restore bring the same bytes, indexes and materialized view" {
	for format in plain custom; do
		dropdb --if-exists "$restored"
		createdb --template=template0 "$restored"
		pg_dump --format="$format" --file="$BATS_TEST_TMPDIR/dump" "$database"
		if [ "$format" == plain ]; then
			sql "$restored" <"$BATS_TEST_TMPDIR/dump"
		else
			pg_restore --exit-on-error --dbname="$restored" "$BATS_TEST_TMPDIR/dump"
		fi
		diff <(contents "$database") <(contents "$restored")
		[ "$(sql "$restored" <<<'SELECT count(*) FROM pg_indexes WHERE schemaname = $$public$$')" -eq 4 ]
	done
}

@test "COPY in binary and in text through a client brings the same bytes" {
	sql "$database" <<<"CREATE TABLE copied (LIKE day INCLUDING ALL)"
	for format in binary text csv; do
		psql -Xq -d "$database" -c "\\copy day TO '$BATS_TEST_TMPDIR/day' (FORMAT $format)"
		psql -Xq -d "$database" -c "\\copy copied FROM '$BATS_TEST_TMPDIR/day' (FORMAT $format)"
		run sql "$database" <<-'SQL'
			SELECT count(*), bool_and(ROW(ttr.distribution_send(a.d), ttr.distribution_send(a.e)) IS NOT DISTINCT FROM
			                          ROW(ttr.distribution_send(b.d), ttr.distribution_send(b.e)))
			FROM day a FULL JOIN copied b USING (day);
			TRUNCATE copied;
		SQL
		[ "$output" == "24|t" ]
	done
	sql "$database" <<<"DROP TABLE copied"
}

@test "an index on distributions finds each, and keeps them unique" {
	run sql "$database" <<-'SQL'
		SET search_path = public, ttr;
		SET enable_seqscan = off;
		SELECT count(*), sum((SELECT count(*) FROM small s WHERE s.d = small.d)) FROM small;
		SELECT count(*), sum((SELECT count(*) FROM day s WHERE s.d = day.d)) FROM day;
		EXPLAIN (COSTS OFF) SELECT FROM small WHERE d = '{7}';
		EXPLAIN (COSTS OFF) SELECT FROM day WHERE d = '{}';
	SQL
	echo "$output"
	[ "${lines[0]}" == "1000|1000" ]
	[ "${lines[1]}" == "24|23" ]
	[[ $output == *"using small_d_key on small"* && $output == *"day_d_hash"* ]]
	run ! sql "$database" <<<"INSERT INTO small VALUES ('{7:1}')"
	[[ $output == *"duplicate key value violates unique constraint"* ]]
}

@test "a materialized view is refreshed concurrently, and only rows that changed are written" {
	before=$(sql "$database" <<<"SELECT string_agg(ctid::text, ' ' ORDER BY week) FROM week WHERE week <> 1")
	sql "$database" <<<"UPDATE day SET d = d OPERATOR(ttr.+) '{1}' WHERE day = 8"
	sql "$database" <<<"REFRESH MATERIALIZED VIEW CONCURRENTLY week"
	run sql "$database" <<-'SQL'
		SELECT count(*), bool_and(week.d OPERATOR(ttr.=) (SELECT ttr.merge(d) FROM day WHERE day >= 0 AND day / 7 = week)) FROM week;
	SQL
	[ "$output" == "3|t" ]
	[ "$(sql "$database" <<<"SELECT string_agg(ctid::text, ' ' ORDER BY week) FROM week WHERE week <> 1")" == "$before" ]
}

@test "a file of COPY whose bytes are no distribution is refused, and the server stays" {
	psql -Xq -d "$database" -c "\\copy (SELECT d FROM day WHERE day = 1) TO '$BATS_TEST_TMPDIR/good' (FORMAT binary)"
	for place in 25 26 27 28 30 40 100 500 2000; do
		cp "$BATS_TEST_TMPDIR/good" "$BATS_TEST_TMPDIR/bad"
		printf '\377' | dd of="$BATS_TEST_TMPDIR/bad" bs=1 seek="$place" conv=notrunc status=none
		run psql -Xq -v VERBOSITY=verbose -d "$database" -c "\\copy small FROM '$BATS_TEST_TMPDIR/bad' (FORMAT binary)"
		echo "$place: $output"
		[[ $status -ne 0 && $output == *"22P03: invalid binary form of a distribution"* ]]
	done
	[ "$(sql "$database" <<<"SELECT count(*) FROM small")" -eq 1000 ]
}
