/*
 * test_format.c
 *	  The bytes of a distribution hold exactly the values that were written, and equal values
 *	  have equal bytes.
 */
#include "unit.h"
#include "multiset.h"

/* ----------------------------------------------------------------------
 * Known bytes
 * ----------------------------------------------------------------------
 */

static void
assert_bytes(const char *what, Bytes written, const void *expected, size_t size)
{
	if (written.size != size || memcmp(written.bytes, expected, size) != 0)
	{
		print_error("%s is written as", what);
		for (size_t i = 0; i < written.size; i++)
			print_error(" %02X", written.bytes[i]);
		fail_msg("%s has other bytes than by hand", what);
	}
	if (defect_of(written) != NULL)
		fail_msg("%s %s", what, defect_of(written));
	free(written.bytes);
}

/* Each was put together by hand from kernel/distribution/format.h. */
static void
test_known_bytes(void **state)
{
	static const struct
	{
		const char *what;
		struct
		{
			double		value;
			uint64_t	count;
		}			runs[4];	/* up to a count of 0, in ascending order */
		size_t		size;
		uint8_t		bytes[40];
	} known[] = {
		{"nothing", {{0, 0}}, 3, {1, 0, 0}},

		/* scale 0, 60 as 120, two repeats */
		{"60 three times", {{60, 3}}, 7, {1, 0, 1, 2, 0, 120, 2}},
		{"-1 and 0", {{-1, 1}, {-0.0, 1}}, 8, {1, 0, 2, 0, 0, 1, 0, 0}},

		/* A distance of 1, less 1, with a count: 2 * 0 + 1. The count, less 2. */
		{"1 and 2 three times", {{1, 1}, {2, 3}}, 9, {1, 0, 2, 2, 0, 2, 0, 1, 1}},

		/* 64 and 65, less 1, times 2: the first in one byte, the second in two. */
		{"0, 64, 129", {{0, 1}, {64, 1}, {129, 1}}, 10, {1, 0, 3, 0, 0, 0, 0, 0x7E, 0x80, 0x01}},

		/* scale 1: 72000, a repeat, 2 * 614, 2 * 3384 */
		{"the example of the header", {{3600, 2}, {3661.5, 1}, {4000, 1}}, 13,
		{1, 0, 3, 1, 1, 0xC0, 0xB2, 0x04, 1, 0xCC, 0x09, 0xF0, 0x34}},
		{"0.000001", {{0.000001, 1}}, 7, {1, 0, 1, 0, 6, 2, 0}},
		{"-infinity, infinity twice, NaN 300 times", {{-INFINITY, 1}, {INFINITY, 2}, {NAN, 300}}, 7,
		{1, 7, 1, 2, 0xAC, 0x02, 0}},
		{"0 and infinity", {{0, 1}, {INFINITY, 1}}, 8, {1, 2, 1, 1, 0, 0, 0, 0}},

		/* No scale: keys, big-endian. */
		{"the smallest", {{DBL_TRUE_MIN, 1}}, 14, {1, 0, 1, 0, 7, 0x80, 0, 0, 0, 0, 0, 0, 1, 0}},

		/* The distance FFDFFFFFFFFFFFFF, less 1, times 2, has 65 bits. */
		{"the lowest and the highest", {{-DBL_MAX, 1}, {DBL_MAX, 1}}, 24,
		{1, 0, 2, 0, 7, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xDF, 0xFF, 3}},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		ValueCount	runs[4];
		size_t		count = 0;

		for (; count < 4 && known[i].runs[count].count > 0; count++)
			runs[count] = (ValueCount) {key_of_double(known[i].runs[count].value), known[i].runs[count].count};
		assert_bytes(known[i].what, write_runs(runs, count), known[i].bytes, known[i].size);
	}
}

/* 0 to 512: in the directory a block begins with 512, after 512 values and 514 bytes. */
static void
test_known_directory(void **state)
{
	static const uint8_t header[] = {1, 0, 0x81, 0x04, 0};
	static const uint8_t directory[] = {0xC0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 2};
	static const uint8_t block_1[] = {0, 0x80, 0x08, 0};
	uint8_t		expected[5 + 20 + 514 + 4] = {0};
	ValueCount	runs[513];

	(void) state;
	memcpy(expected, header, 5);
	memcpy(expected + 5, directory, 20);
	memcpy(expected + 539, block_1, 4);
	for (int i = 0; i < 513; i++)
		runs[i] = (ValueCount) {key_of_double(i), 1};
	assert_bytes("0 to 512", write_runs(runs, 513), expected, sizeof(expected));
}

/* ----------------------------------------------------------------------
 * Reading
 * ----------------------------------------------------------------------
 */

static void
check_runs(uint64_t seed, Bytes bytes, const Multiset *set)
{
	DistributionReader reader = open_reader(bytes);
	ValueCount	run;

	assert_true(distribution_reader_count(&reader) == set->values);
	for (size_t i = 0; i < set->count; i++)
		if (!distribution_reader_next(&reader, &run) || run.value != set->runs[i].value ||
			run.count != set->runs[i].count)
			fail_msg("seed %llu: run %zu of %zu is %a x %llu, not %a x %llu: %s", (unsigned long long) seed, i, set->count,
					 double_of_key(run.value), (unsigned long long) run.count, double_of_key(set->runs[i].value),
					 (unsigned long long) set->runs[i].count, reader.damage);
	assert_false(distribution_reader_next(&reader, &run));
	assert_false(distribution_reader_next(&reader, &run));
	assert_null(reader.damage);
}

/* Credit for pages of counted numbers, which otherwise only large merges bring. */
#define NUMBERS_CREDIT	(1 << 20)

/* Counted and gathered again, they have the same bytes. */
static void
check_counting(uint64_t seed, Bytes bytes, const Multiset *set)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader reader = open_reader(bytes);
	DistributionWriter writer;
	Bytes		again;
	CountTable	table;
	DenseCounts	numbers;

	count_table_init(&table);
	dense_counts_init(&numbers);
	numbers.credit = seed % 2 ? NUMBERS_CREDIT : 0;
	distribution_count(&reader, &table, &numbers, &host);
	assert_true(table.total + numbers.total == set->values);
	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &table, &numbers, NULL, 0);
	again = finish(&writer);
	if (!same_bytes(again, bytes))
		fail_msg("seed %llu: the values that were counted are others", (unsigned long long) seed);
	count_table_clear(&table, &host);
	dense_counts_clear(&numbers, &host);
	assert_int_equal(held.pieces, 0);
	free(again.bytes);
}

/* The first and the last rank of each run, and one between: all together, or each from a new reader. */
static void
check_ranks(uint64_t seed, Bytes bytes, const Multiset *set)
{
	uint64_t   *ranks = malloc((3 * set->count + 1) * sizeof(uint64_t));
	uint64_t   *keys = malloc((3 * set->count + 1) * sizeof(uint64_t));
	DistributionReader reader = open_reader(bytes);
	uint64_t	before = 0;

	for (size_t i = 0; i < set->count; i++)
	{
		ranks[3 * i] = before;
		ranks[3 * i + 1] = before + set->runs[i].count / 2;
		before += set->runs[i].count;
		ranks[3 * i + 2] = before - 1;
		if (set->runs[i].count == 1)
			ranks[3 * i + 1] = before - 1;
	}
	assert_true(distribution_reader_select(&reader, ranks, 3 * set->count, keys));
	for (size_t i = 0; i < 3 * set->count; i++)
	{
		uint64_t	alone = 0;

		reader = open_reader(bytes);
		if (keys[i] != set->runs[i / 3].value || !distribution_reader_select(&reader, &ranks[i], 1, &alone) ||
			alone != keys[i])
			fail_msg("seed %llu: rank %llu of %llu is %a, and alone %a", (unsigned long long) seed,
					 (unsigned long long) ranks[i], (unsigned long long) set->values, double_of_key(keys[i]),
					 double_of_key(alone));
	}
	free(ranks);
	free(keys);
}

static void
check_count_up_to(uint64_t seed, DistributionReader *reader, uint64_t key, uint64_t expected)
{
	uint64_t	count = distribution_reader_count_up_to(reader, key);

	if (count != expected || reader->damage != NULL)
		fail_msg("seed %llu: %llu values are up to %a, not %llu", (unsigned long long) seed, (unsigned long long) count,
				 double_of_key(key), (unsigned long long) expected);
}

/* By each value, by the one just below it, and half-way to the next. */
static void
check_counts(uint64_t seed, Bytes bytes, const Multiset *set)
{
	DistributionReader reader = open_reader(bytes);
	uint64_t	before = 0;

	check_count_up_to(seed, &reader, 0, 0);
	for (size_t i = 0; i < set->count; i++)
	{
		uint64_t	key = set->runs[i].value;
		uint64_t	next = i + 1 < set->count ? set->runs[i + 1].value : UINT64_MAX;

		check_count_up_to(seed, &reader, key - 1, before);
		before += set->runs[i].count;
		check_count_up_to(seed, &reader, key, before);
		check_count_up_to(seed, &reader, key + (next - key) / 2, before);
	}
	check_count_up_to(seed, &reader, UINT64_MAX, set->values);
}

static void
check_round_trip(uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	set = random_multiset(&random);
	Bytes		bytes = write_runs(set.runs, set.count);

	if (defect_of(bytes) != NULL)
		fail_msg("seed %llu: %s", (unsigned long long) seed, defect_of(bytes));
	check_runs(seed, bytes, &set);
	check_counting(seed, bytes, &set);
	check_ranks(seed, bytes, &set);
	check_counts(seed, bytes, &set);
	free(bytes.bytes);
	free(set.runs);
}

static void
test_reads_what_was_written(void **state)
{
	(void) state;
	for_each_seed(200, check_round_trip);
}

/* Whole numbers in which each block is full, or just not. */
static void
test_reads_every_number_of_runs(void **state)
{
	ValueCount	runs[1100];

	(void) state;
	for (size_t i = 0; i < 1100; i++)
		runs[i] = (ValueCount) {key_of_double(3 * i + i % 2 * 0.5), 1 + i % 3};
	for (size_t count = 0; count <= 1100; count += count % 512 < 3 || count % 512 > 508 ? 1 : 101)
	{
		Multiset	set = {runs, count, 0};
		Bytes		bytes = write_runs(runs, count);

		for (size_t i = 0; i < count; i++)
			set.values += runs[i].count;
		assert_null(defect_of(bytes));
		check_runs(count, bytes, &set);
		check_ranks(count, bytes, &set);
		check_counts(count, bytes, &set);
		free(bytes.bytes);
	}
}

/* ----------------------------------------------------------------------
 * Writing
 * ----------------------------------------------------------------------
 */

/* True if the counts of numbers take this one. */
static bool
count_number(DenseCounts *numbers, ValueCount run, const Host *host)
{
	double		value = double_of_key(run.value);

	return value >= 0 && value < COUNTED_NUMBERS && value == floor(value) &&
		dense_counts_add(numbers, (uint64_t) value, run.count, host);
}

/* Each value any number of times among keys in any order, and in a count table or among counts of numbers. */
static void
check_any_order(uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	set = random_multiset(&random);
	Bytes		expected = write_runs(set.runs, set.count);
	Bytes		written;
	Held		held;
	Host		host = counting_host(&held);
	DistributionWriter writer;
	CountTable	table;
	DenseCounts	numbers;
	uint64_t   *keys = malloc((300 * set.count + 1) * sizeof(uint64_t));
	size_t		nkeys = 0;

	count_table_init(&table);
	dense_counts_init(&numbers);
	numbers.credit = seed % 2 ? NUMBERS_CREDIT : 0;
	for (size_t i = set.count; i-- > 0;)
	{
		ValueCount	rest = set.runs[i];
		uint64_t	loose = rest.count < 300 ? next_random(&random) % (rest.count + 1) : 3;

		for (uint64_t k = 0; k < loose; k++)
		{
			size_t		place = next_random(&random) % (nkeys + 1);

			keys[nkeys++] = keys[place];
			keys[place] = rest.value;
		}
		rest.count -= loose;
		if (rest.count > 1 && count_number(&numbers, (ValueCount) {rest.value, 1}, &host))
			rest.count--;
		if (rest.count > 0 && (next_random(&random) % 2 || !count_number(&numbers, rest, &host)))
			count_table_add(&table, rest.value, rest.count, &host);
	}
	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &table, numbers.total > 0 ? &numbers : NULL, keys, nkeys);
	written = finish(&writer);
	if (!same_bytes(written, expected))
		fail_msg("seed %llu: equal values have other bytes", (unsigned long long) seed);
	count_table_clear(&table, &host);
	dense_counts_clear(&numbers, &host);
	assert_int_equal(held.pieces, 0);
	free(keys);
	free(written.bytes);
	free(expected.bytes);
	free(set.runs);
}

static void
test_equal_values_have_equal_bytes(void **state)
{
	(void) state;
	for_each_seed(300, check_any_order);
}

static size_t
size_of(const Multiset *set)
{
	Bytes		written = write_runs(set->runs, set->count);

	free(written.bytes);
	return written.size;
}

static void
test_is_small(void **state)
{
	uint64_t	random = 1;
	ValueCount	runs[1000];
	Multiset	set = {runs, 1000, 1000};

	(void) state;
	for (int i = 0; i < 1000; i++)
		runs[i] = (ValueCount) {key_of_double(i), 1};
	assert_uint_in_range(size_of(&set), 1000, 1000 + 31);

	for (int i = 0; i < 1000; i++)
		runs[i] = (ValueCount) {key_of_double(random_value(WHOLE_SECONDS, &random)), 1};
	fold(&set);
	assert_uint_in_range(size_of(&set), 1000, 2 * 1000 - 1);

	for (int i = 0; i < 10000; i++)
	{
		Multiset	one = {runs, 1, 1};

		runs[0] = (ValueCount) {key_of_double(random_value(i % SHAPES, &random)), 1};
		assert_uint_in_range(size_of(&one), 4, 16);
	}
}

/* 2^63 - 1 values are written, one more is not. */
static void
test_too_many_values_overflow(void **state)
{
	static const struct
	{
		uint64_t	counts[3];	/* of -infinity, 1 and NaN */
		bool		overflow;
	} cases[] = {
		{{INT64_MAX, 0, 0}, false},
		{{0, INT64_MAX, 0}, false},
		{{0, 0, INT64_MAX}, false},
		{{INT64_MAX - 2, 1, 1}, false},
		{{INT64_MAX - 1, 1, 1}, true},
		{{1, INT64_MAX, 0}, true},
		{{0, 1, INT64_MAX}, true},
		{{0, (uint64_t) INT64_MAX + 1, 0}, true},
		{{UINT64_MAX, 0, 0}, true},
		{{1, UINT64_MAX, 5}, true},
	};
	const uint64_t keys[] = {key_of_double(-INFINITY), key_of_double(1), key_of_double(NAN)};

	(void) state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		Held		held;
		Host		host = counting_host(&held);
		DistributionWriter writer;

		distribution_writer_init(&writer, &host);
		for (int i = 0; i < 3; i++)
			if (cases[c].counts[i] > 0)
				distribution_writer_add(&writer, keys[i], cases[c].counts[i]);
		assert_int_equal(writer.overflow, cases[c].overflow);
		if (writer.overflow)
			distribution_writer_discard(&writer);
		else
		{
			Bytes		written = finish(&writer);

			assert_null(defect_of(written));
			free(written.bytes);
		}
		assert_int_equal(held.pieces, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_bytes),
		cmocka_unit_test(test_known_directory),
		cmocka_unit_test(test_reads_what_was_written),
		cmocka_unit_test(test_reads_every_number_of_runs),
		cmocka_unit_test(test_equal_values_have_equal_bytes),
		cmocka_unit_test(test_is_small),
		cmocka_unit_test(test_too_many_values_overflow),
	};

	return cmocka_run_group_tests_name("distribution_format", tests, NULL, NULL);
}
