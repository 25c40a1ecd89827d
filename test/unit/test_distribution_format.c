/*
 * test_distribution_format.c
 *	  What goes into the bytes of a distribution comes out again, from equal bytes for
 *	  equal values; and no bytes, however damaged, lead a reader astray.
 */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "distribution_format.h"
#include "order_key.h"

/* In memory of exactly their size, so that the sanitizer sees every access beyond it. */
typedef struct Bytes
{
	uint8_t    *bytes;
	size_t		size;
} Bytes;

/* What a distribution should have: runs that ascend. */
typedef struct Multiset
{
	Run		   *runs;
	size_t		count;
	uint64_t	values;
} Multiset;

static Bytes
bytes_of(const void *from, size_t size)
{
	Bytes		copy = {malloc(size + (size == 0)), size};

	memcpy(copy.bytes, from, size);
	return copy;
}

static Bytes
finish(DistributionWriter *writer)
{
	size_t		size = distribution_writer_size(writer);
	Bytes		written = {malloc(size), size};

	assert_false(writer->overflow);
	distribution_writer_finish(writer, written.bytes);
	return written;
}

static Bytes
write_runs(const Run *runs, size_t count)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionWriter writer;
	Bytes		written;

	distribution_writer_init(&writer, &host);
	for (size_t i = 0; i < count; i++)
		distribution_writer_add(&writer, runs[i].value, runs[i].count);
	written = finish(&writer);
	assert_int_equal(held.pieces, 0);
	return written;
}

static bool
same_bytes(Bytes left, Bytes right)
{
	return left.size == right.size && memcmp(left.bytes, right.bytes, left.size) == 0;
}

static const char *
defect_of(Bytes bytes)
{
	Held		held;
	Host		host = counting_host(&held);
	const char *defect = distribution_defect(bytes.bytes, bytes.size, &host);

	assert_int_equal(held.pieces, 0);
	return defect;
}

static DistributionReader
open_reader(Bytes bytes)
{
	DistributionReader reader;

	assert_true(distribution_reader_open(&reader, bytes.bytes, bytes.size));
	return reader;
}

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

/* Each was put together by hand from distribution_format.h. */
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
		Run			runs[4];
		size_t		count = 0;

		for (; count < 4 && known[i].runs[count].count > 0; count++)
			runs[count] = (Run) {key_of_double(known[i].runs[count].value), known[i].runs[count].count};
		assert_bytes(known[i].what, write_runs(runs, count), known[i].bytes, known[i].size);
	}
}

/* 0 to 512: the directory says that a block begins with 512, after 512 values and 514 bytes. */
static void
test_known_directory(void **state)
{
	static const uint8_t header[] = {1, 0, 0x81, 0x04, 0};
	static const uint8_t directory[] = {0xC0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 2};
	static const uint8_t block_1[] = {0, 0x80, 0x08, 0};
	uint8_t		expected[5 + 20 + 514 + 4] = {0};
	Run			runs[513];

	(void) state;
	memcpy(expected, header, 5);
	memcpy(expected + 5, directory, 20);
	memcpy(expected + 539, block_1, 4);
	for (int i = 0; i < 513; i++)
		runs[i] = (Run) {key_of_double(i), 1};
	assert_bytes("0 to 512", write_runs(runs, 513), expected, sizeof(expected));
}

/* ----------------------------------------------------------------------
 * Random multisets
 * ----------------------------------------------------------------------
 */

typedef enum Shape
{
	WHOLE_SECONDS,
	MILLISECONDS,
	TENTHS,
	NEGATIVE,
	UNIFORM,
	ANY_BITS,
	EDGES,
	SCALE_BY_BLOCK,
	LARGEST_INTEGERS,
	WITH_SPECIAL_VALUES,
	SHAPES
} Shape;

static double
log_normal(uint64_t *random)
{
	return exp(9.6 + 1.5 * sqrt(-2 * log(next_uniform(random))) * cos(2 * M_PI * next_uniform(random)));
}

static double
any_finite(uint64_t *random)
{
	double		value;

	do
		value = double_of_key(next_random(random));
	while (!isfinite(value));
	return value;
}

static double
random_value(Shape shape, uint64_t *random)
{
	static const double edges[] = {
		-DBL_MAX, -0x1p51 - 1, -0x1p51, -DBL_MIN, -DBL_TRUE_MIN, -0.0, 0, DBL_TRUE_MIN, 3 * DBL_TRUE_MIN, DBL_MIN, 0.1,
		1, 0x1p51, 0x1p51 + 1, 0x1p53 + 2, 1e22, DBL_MAX / 2, DBL_MAX
	};
	static const double special[] = {-INFINITY, INFINITY, NAN, -NAN};

	switch (shape)
	{
		case MILLISECONDS:
			return rint(1000 * log_normal(random)) / 1000;
		case TENTHS:
			return rint(10 * log_normal(random)) / 10;
		case NEGATIVE:
			return -rint(100 * log_normal(random)) / 100;
		case UNIFORM:
			return next_uniform(random);
		case ANY_BITS:
			return any_finite(random);
		case EDGES:
			return edges[next_random(random) % (sizeof(edges) / sizeof(edges[0]))];
		case SCALE_BY_BLOCK:
			{
				/* Of five ranges, four are integers at other scales. */
				int			range = next_random(random) % 5;
				double		whole = 1000000 * range + next_random(random) % 100000;

				return range == 4 ? whole + next_uniform(random) : whole / power_of_ten[2 * range];
			}
		case LARGEST_INTEGERS:
			return (0x1p51 + 20 - next_random(random) % 40) / power_of_ten[next_random(random) % 7];
		case WITH_SPECIAL_VALUES:
			if (next_random(random) % 8 == 0)
				return special[next_random(random) % 4];
			return rint(log_normal(random));
		default:
			return rint(log_normal(random));
	}
}

/* Mostly 1, sometimes up to 300, rarely up to 2^62; never beyond what is left. */
static uint64_t
random_count(uint64_t left, uint64_t *random)
{
	uint64_t	kind = next_random(random) % 400;
	uint64_t	count = kind > 40 ? 1 : kind > 0 ? 1 + next_random(random) % 300 :
		1 + (next_random(random) >> (2 + next_random(random) % 60));

	return count < left ? count : left;
}

static int
compare_runs(const void *left, const void *right)
{
	uint64_t	a = ((const Run *) left)->value;
	uint64_t	b = ((const Run *) right)->value;

	return (a > b) - (a < b);
}

/* Sorts, and puts runs of the same value together. */
static void
fold(Multiset *set)
{
	size_t		folded = 0;

	qsort(set->runs, set->count, sizeof(Run), compare_runs);
	for (size_t i = 0; i < set->count; i++)
		if (folded > 0 && set->runs[folded - 1].value == set->runs[i].value)
			set->runs[folded - 1].count += set->runs[i].count;
		else
			set->runs[folded++] = set->runs[i];
	set->count = folded;
}

static Multiset
random_multiset(uint64_t *random)
{
	static const size_t sizes[] = {0, 1, 2, 10, 100, 511, 512, 513, 1024, 1025, 5000};
	Shape		shape = next_random(random) % SHAPES;
	size_t		count = sizes[next_random(random) % (sizeof(sizes) / sizeof(sizes[0]))];
	Multiset	set = {malloc((count + 1) * sizeof(Run)), 0, 0};

	while (set.count < count && set.values < INT64_MAX / 2)
	{
		uint64_t	times = random_count(INT64_MAX / 2 - set.values, random);

		set.runs[set.count++] = (Run) {key_of_double(random_value(shape, random)), times};
		set.values += times;
	}
	fold(&set);
	return set;
}

/* ----------------------------------------------------------------------
 * Reading
 * ----------------------------------------------------------------------
 */

static void
check_runs(uint64_t seed, Bytes bytes, const Multiset *set)
{
	DistributionReader reader = open_reader(bytes);
	Run			run;

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

/* Memory for so many pages of counted numbers, which otherwise only large merges pay for. */
#define NUMBERS_CREDIT	(1 << 20)

/* Counted, and gathered from there, they are the same bytes. */
static void
check_counting(uint64_t seed, Bytes bytes, const Multiset *set)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader reader = open_reader(bytes);
	DistributionWriter writer;
	Bytes		again;
	Tally		tally;
	NumberCounts numbers;

	tally_init(&tally);
	number_counts_init(&numbers);
	numbers.credit = seed % 2 ? NUMBERS_CREDIT : 0;
	distribution_count(&reader, &tally, &numbers, &host);
	assert_true(tally.total + numbers.total == set->values);
	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &tally, &numbers, NULL, 0);
	again = finish(&writer);
	if (!same_bytes(again, bytes))
		fail_msg("seed %llu: the values that were counted are others", (unsigned long long) seed);
	tally_clear(&tally, &host);
	number_counts_clear(&numbers, &host);
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

/* By each value, and by what is just below it and half-way to the next. */
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
	Run			runs[1100];

	(void) state;
	for (size_t i = 0; i < 1100; i++)
		runs[i] = (Run) {key_of_double(3 * i + i % 2 * 0.5), 1 + i % 3};
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

/* Whether the counts of numbers take this one. */
static bool
count_number(NumberCounts *numbers, Run run, const Host *host)
{
	double		value = double_of_key(run.value);

	return value >= 0 && value < COUNTED_NUMBERS && value == floor(value) &&
		number_counts_add(numbers, (uint64_t) value, run.count, host);
}

/* Each value any number of times among keys in any order, and in a tally or among counts of numbers. */
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
	Tally		tally;
	NumberCounts numbers;
	uint64_t   *keys = malloc((300 * set.count + 1) * sizeof(uint64_t));
	size_t		nkeys = 0;

	tally_init(&tally);
	number_counts_init(&numbers);
	numbers.credit = seed % 2 ? NUMBERS_CREDIT : 0;
	for (size_t i = set.count; i-- > 0;)
	{
		Run			rest = set.runs[i];
		uint64_t	loose = rest.count < 300 ? next_random(&random) % (rest.count + 1) : 3;

		for (uint64_t k = 0; k < loose; k++)
		{
			size_t		place = next_random(&random) % (nkeys + 1);

			keys[nkeys++] = keys[place];
			keys[place] = rest.value;
		}
		rest.count -= loose;
		if (rest.count > 1 && count_number(&numbers, (Run) {rest.value, 1}, &host))
			rest.count--;
		if (rest.count > 0 && (next_random(&random) % 2 || !count_number(&numbers, rest, &host)))
			tally_add(&tally, rest.value, rest.count, &host);
	}
	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &tally, numbers.total > 0 ? &numbers : NULL, keys, nkeys);
	written = finish(&writer);
	if (!same_bytes(written, expected))
		fail_msg("seed %llu: equal values have other bytes", (unsigned long long) seed);
	tally_clear(&tally, &host);
	number_counts_clear(&numbers, &host);
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
	Run			runs[1000];
	Multiset	set = {runs, 1000, 1000};

	(void) state;
	for (int i = 0; i < 1000; i++)
		runs[i] = (Run) {key_of_double(i), 1};
	assert_in_range(size_of(&set), 1000, 1000 + 31);

	for (int i = 0; i < 1000; i++)
		runs[i] = (Run) {key_of_double(random_value(WHOLE_SECONDS, &random)), 1};
	fold(&set);
	assert_in_range(size_of(&set), 1000, 2 * 1000 - 1);

	for (int i = 0; i < 10000; i++)
	{
		Multiset	one = {runs, 1, 1};

		runs[0] = (Run) {key_of_double(random_value(i % SHAPES, &random)), 1};
		assert_in_range(size_of(&one), 4, 16);
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

/* ----------------------------------------------------------------------
 * Adding and subtracting
 * ----------------------------------------------------------------------
 */

/* Half of the runs of a multiset, with fewer values, and as many others. */
static Multiset
related_multiset(const Multiset *set, uint64_t *random)
{
	Multiset	related = random_multiset(random);

	related.runs = realloc(related.runs, (related.count + set->count + 1) * sizeof(Run));
	for (size_t i = 0; i < set->count; i++)
		if (next_random(random) % 2 && related.values < INT64_MAX / 2)
		{
			uint64_t	count = set->runs[i].count - next_random(random) % set->runs[i].count;

			count = count < INT64_MAX / 2 - related.values ? count : INT64_MAX / 2 - related.values;
			related.runs[related.count++] = (Run) {set->runs[i].value, count};
			related.values += count;
		}
	fold(&related);
	return related;
}

static Bytes
add(Bytes left, Bytes right)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader a = open_reader(left);
	DistributionReader b = open_reader(right);
	DistributionWriter writer;

	distribution_writer_init(&writer, &host);
	distribution_add(&a, &b, &writer);
	assert_true(a.damage == NULL && b.damage == NULL);
	return finish(&writer);
}

/* Without bytes where something is missing. */
static Bytes
subtract(Bytes left, Bytes right, Run *missing)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader a = open_reader(left);
	DistributionReader b = open_reader(right);
	DistributionWriter writer;

	distribution_writer_init(&writer, &host);
	if (distribution_subtract(&a, &b, &writer, missing))
		return finish(&writer);
	distribution_writer_discard(&writer);
	assert_int_equal(held.pieces, 0);
	return (Bytes) {NULL, 0};
}

static void
check_algebra(uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	a = random_multiset(&random);
	Multiset	b = related_multiset(&a, &random);
	Multiset	both = {malloc((a.count + b.count + 1) * sizeof(Run)), a.count + b.count, a.values + b.values};
	Bytes		left = write_runs(a.runs, a.count);
	Bytes		right = write_runs(b.runs, b.count);
	Bytes		sum = add(left, right);
	Bytes		mirrored = add(right, left);
	Bytes		expected;
	Bytes		back;
	Run			missing;

	memcpy(both.runs, a.runs, a.count * sizeof(Run));
	memcpy(both.runs + a.count, b.runs, b.count * sizeof(Run));
	fold(&both);
	expected = write_runs(both.runs, both.count);
	if (!same_bytes(sum, expected) || !same_bytes(mirrored, expected))
		fail_msg("seed %llu: a + b has other values", (unsigned long long) seed);
	back = subtract(sum, right, &missing);
	if (!same_bytes(back, left))
		fail_msg("seed %llu: a + b - b is not a", (unsigned long long) seed);

	/* What a lacks is the first run of which b has more. */
	free(back.bytes);
	back = subtract(left, right, &missing);
	for (size_t i = 0, k = 0; i < b.count; i++)
	{
		while (k < a.count && a.runs[k].value < b.runs[i].value)
			k++;
		if (k == a.count || a.runs[k].value != b.runs[i].value || a.runs[k].count < b.runs[i].count)
		{
			if (back.bytes != NULL || missing.value != b.runs[i].value || missing.count != b.runs[i].count)
				fail_msg("seed %llu: %a x %llu is missing", (unsigned long long) seed, double_of_key(b.runs[i].value),
						 (unsigned long long) b.runs[i].count);
			break;
		}
		if (i + 1 == b.count && back.bytes == NULL)
			fail_msg("seed %llu: nothing is missing", (unsigned long long) seed);
	}
	free(back.bytes);
	free(expected.bytes);
	free(mirrored.bytes);
	free(sum.bytes);
	free(right.bytes);
	free(left.bytes);
	free(both.runs);
	free(b.runs);
	free(a.runs);
}

static void
test_adds_and_subtracts(void **state)
{
	(void) state;
	for_each_seed(300, check_algebra);
}

/* Neither of equal values, nor of different ones, is their sum wrapped around. */
static void
test_sum_of_too_many_values_overflows(void **state)
{
	const Run	most[] = {{key_of_double(1), INT64_MAX}};
	const Run	one[] = {{key_of_double(NAN), 1}};
	Bytes		left = write_runs(most, 1);
	Bytes		others[2] = {write_runs(most, 1), write_runs(one, 1)};

	(void) state;
	for (int i = 0; i < 2; i++)
	{
		Held		held;
		Host		host = counting_host(&held);
		DistributionReader a = open_reader(left);
		DistributionReader b = open_reader(others[i]);
		DistributionWriter writer;

		distribution_writer_init(&writer, &host);
		distribution_add(&a, &b, &writer);
		assert_true(writer.overflow);
		distribution_writer_discard(&writer);
		assert_int_equal(held.pieces, 0);
		free(others[i].bytes);
	}
	free(left.bytes);
}

/* ----------------------------------------------------------------------
 * Damage
 * ----------------------------------------------------------------------
 */

#define SHORT	"is too short"
#define VERSION	"is of an unknown version"
#define FLAGS	"has unknown flags"
#define INTEGER	"ends within an integer, or has one that is too long"
#define NUMBER	"has an impossible number of values"
#define NO_BLOCK "ends where a block should begin"
#define IN_BLOCK "ends within a block"
#define SCALE	"has a block of an unknown scale"
#define LARGE	"has a value that is too large for its scale"
#define RUN		"has a run that makes no sense"
#define MORE	"has more values than it says"
#define ORDER	"has values that are not in ascending order"
#define LENGTH	"is not as long as its values take"
#define OTHERWISE	"is not written as its values are"

static const struct
{
	const char *what;
	const char *defect;			/* NULL: any */
	size_t		size;
	uint8_t		bytes[32];
} damages[] = {
	{"no bytes", SHORT, 0, {0}},
	{"one byte", SHORT, 1, {1}},
	{"version 0", VERSION, 3, {0, 0, 0}},
	{"version 2", VERSION, 3, {2, 0, 0}},
	{"flag 8", FLAGS, 4, {1, 8, 1, 0}},
	{"flag 128", FLAGS, 4, {1, 128, 1, 0}},
	{"-infinity 0 times", NUMBER, 4, {1, 1, 0, 0}},
	{"NaN 0 times", NUMBER, 5, {1, 6, 1, 0, 0}},
	{"NaN 2^63 times", NUMBER, 13, {1, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0}},
	{"infinity 2^63 - 1 times, and NaN", NUMBER, 13, {1, 6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0}},
	{"NaN 2^63 - 1 times, and 0", NUMBER, 16,
	{1, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 0, 0, 0}},
	{"2^63 runs", NUMBER, 13, {1, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0}},
	{"2^63 repeats", NUMBER, 13, {1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0}},
	{"no number of runs", INTEGER, 2, {1, 0}},
	{"half a number of runs", INTEGER, 3, {1, 0, 0x80}},
	{"a count that never ends", INTEGER, 13, {1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1}},
	{"no runs, in two bytes", LENGTH, 4, {1, 0, 0x80, 0}},
	{"an empty one and a byte", LENGTH, 4, {1, 0, 0, 0}},

	{"no block", NO_BLOCK, 4, {1, 0, 1, 0}},
	{"scale 8", SCALE, 7, {1, 0, 1, 0, 8, 2, 0}},
	{"scale 255", SCALE, 7, {1, 0, 1, 0, 255, 2, 0}},
	{"1 as 10 tenths", OTHERWISE, 7, {1, 0, 1, 0, 1, 20, 0}},
	{"0 as a key", LENGTH, 14, {1, 0, 1, 0, 7, 0x80, 0, 0, 0, 0, 0, 0, 0, 0}},
	{"half a key", IN_BLOCK, 12, {1, 0, 1, 0, 7, 0x80, 0, 0, 0, 0, 0, 0}},
	{"a key without a count", INTEGER, 13, {1, 0, 1, 0, 7, 0x80, 0, 0, 0, 0, 0, 0, 1}},
	{"2^51 + 1 as an integer", LARGE, 13, {1, 0, 1, 0, 0, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x08}},
	{"infinity among the finite", NULL, 14, {1, 0, 1, 0, 7, 0xFF, 0xF0, 0, 0, 0, 0, 0, 0, 0}},
	{"NaN among the finite", NULL, 14, {1, 0, 1, 0, 7, 0xFF, 0xF8, 0, 0, 0, 0, 0, 0, 0}},
	{"another NaN", NULL, 14, {1, 0, 1, 0, 7, 0xFF, 0xF0, 0, 0, 0, 0, 0, 1, 0}},
	{"a negative NaN", NULL, 14, {1, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0}},
	{"the smallest negative and -0", NULL, 15,
	{1, 0, 2, 0, 7, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0}},

	{"60 three times, but two values", MORE, 7, {1, 0, 1, 1, 0, 120, 2}},
	{"60 twice, but three values", OTHERWISE, 7, {1, 0, 1, 2, 0, 120, 1}},
	{"60 2^63 times", NUMBER, 16,
	{1, 0, 1, 2, 0, 120, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0}},
	{"one run of two", RUN, 7, {1, 0, 2, 0, 0, 2, 0}},
	{"half a distance", RUN, 8, {1, 0, 2, 0, 0, 2, 0, 0x80}},
	{"a distance without its count", RUN, 8, {1, 0, 2, 2, 0, 2, 0, 1}},
	{"a distance in more bytes than it needs", RUN, 9, {1, 0, 2, 0, 0, 2, 0, 0x80, 0}},
	{"a distance of 66 bits", RUN, 17,
	{1, 0, 2, 0, 0, 2, 0, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x07}},
	{"1 and, at a distance of -1, 0", ORDER, 17,
	{1, 0, 2, 0, 0, 2, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x03}},
	{"1 and, at a distance of 0, 1", ORDER, 17,
	{1, 0, 2, 0, 0, 2, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x03}},
	{"half a directory", "ends within its directory", 24, {1, 0, 0x81, 0x04, 0, 0xC0, 0x80}},
	{"2^63 - 1 runs", "ends within its directory", 24, {1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0}},
};

static void
test_known_damage(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++)
	{
		Bytes		bytes = bytes_of(damages[i].bytes, damages[i].size);
		const char *defect = defect_of(bytes);

		if (defect == NULL || (damages[i].defect != NULL && strcmp(defect, damages[i].defect) != 0))
			fail_msg("%s: it \"%s\", not \"%s\"", damages[i].what, defect == NULL ? "is good" : defect,
					 damages[i].defect == NULL ? "is not good" : damages[i].defect);
		free(bytes.bytes);
	}
}

/* As a good distribution is read, but for what comes out; it must come to an end. */
static void
read_all(Bytes bytes)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader reader;
	DistributionReader other;
	DistributionWriter writer;
	uint64_t	count;
	uint64_t	key;
	Run			run = {0, 0};
	Run			missing;
	size_t		runs = 0;
	Tally		tally;
	NumberCounts numbers;

	if (!distribution_reader_open(&reader, bytes.bytes, bytes.size))
		return;
	count = distribution_reader_count(&reader);
	while (distribution_reader_next(&reader, &run))
		assert_true(run.count > 0 && ++runs <= bytes.size + SPECIAL_VALUES);

	for (int i = 0; i <= 4 && count > 0; i++)
	{
		uint64_t	ranks[2] = {count / 4 * i, count - 1};

		if (ranks[0] >= count)
			ranks[0] = count - 1;
		distribution_reader_open(&reader, bytes.bytes, bytes.size);
		distribution_reader_select(&reader, &ranks[0], 1, &key);
		distribution_reader_open(&reader, bytes.bytes, bytes.size);
		distribution_reader_select(&reader, ranks, 2, (uint64_t[2]) {0});
		distribution_reader_open(&reader, bytes.bytes, bytes.size);
		distribution_reader_count_up_to(&reader, i % 2 ? run.value : UINT64_MAX / 4 * i);
	}

	distribution_reader_open(&reader, bytes.bytes, bytes.size);
	distribution_reader_open(&other, bytes.bytes, bytes.size);
	distribution_writer_init(&writer, &host);
	distribution_add(&reader, &other, &writer);
	distribution_writer_size(&writer);
	distribution_writer_discard(&writer);

	distribution_reader_open(&reader, bytes.bytes, bytes.size);
	distribution_reader_open(&other, bytes.bytes, bytes.size);
	distribution_writer_init(&writer, &host);
	distribution_subtract(&reader, &other, &writer, &missing);
	distribution_writer_size(&writer);
	distribution_writer_discard(&writer);

	distribution_reader_open(&reader, bytes.bytes, bytes.size);
	tally_init(&tally);
	number_counts_init(&numbers);
	distribution_count(&reader, &tally, &numbers, &host);
	assert_true(tally.total + numbers.total <= count);
	tally_clear(&tally, &host);
	number_counts_clear(&numbers, &host);
	assert_int_equal(held.pieces, 0);
}

/* Damaged bytes are refused, or are another distribution: the only way to write its values. */
static void
check_damaged(const uint8_t *damaged, size_t size)
{
	Bytes		bytes = bytes_of(damaged, size);
	const char *defect = defect_of(bytes);

	read_all(bytes);
	if (defect == NULL)
	{
		DistributionReader reader = open_reader(bytes);
		DistributionWriter writer;
		Held		held;
		Host		host = counting_host(&held);
		Bytes		again;
		Run			run;

		distribution_writer_init(&writer, &host);
		while (distribution_reader_next(&reader, &run))
			distribution_writer_add(&writer, key_of_double(double_of_key(run.value)), run.count);
		again = finish(&writer);
		if (!same_bytes(again, bytes))
		{
			for (size_t i = 0; i < size && i < 64; i++)
				print_error(" %02X", damaged[i]);
			fail_msg("passes, but is not how its values are written");
		}
		free(again.bytes);
	}
	free(bytes.bytes);
}

/* Every byte becomes every other, or some others; one is left out, one comes in, the end is cut off. */
static void
damage(Bytes good, size_t step, size_t others, uint64_t *random)
{
	uint8_t    *copy = malloc(good.size + 1);

	for (size_t size = 0; size < good.size; size += step)
		check_damaged(good.bytes, size);
	for (size_t at = 0; at < good.size; at += 1 + next_random(random) % step)
	{
		for (size_t i = 1; i <= others; i++)
		{
			memcpy(copy, good.bytes, good.size);
			copy[at] += others == 255 ? i : i == 1 ? 1 : i == 2 ? 255 : i == 3 ? 128 : next_random(random) % 255 + 1;
			check_damaged(copy, good.size);
		}
		memcpy(copy, good.bytes, at);
		memcpy(copy + at, good.bytes + at + 1, good.size - at - 1);
		check_damaged(copy, good.size - 1);
		for (int byte = 0; byte < 256; byte += 51)
		{
			copy[at] = byte;
			memcpy(copy + at + 1, good.bytes + at, good.size - at);
			check_damaged(copy, good.size + 1);
		}
	}
	for (int byte = 0; byte < 256; byte++)
	{
		memcpy(copy, good.bytes, good.size);
		copy[good.size] = byte;
		check_damaged(copy, good.size + 1);
	}
	free(copy);
}

/* Of each kind a few values, so that every byte can be every other. */
static void
test_any_damage_to_small_ones(void **state)
{
	static const double values[][5] = {
		{3600, 3600, 3661.5, 4000, 86400.25},
		{-INFINITY, -1, 0, INFINITY, NAN},
		{-DBL_MAX, -DBL_TRUE_MIN, 0, 0, DBL_MAX},
		{0.1, 0.2, 0.1 + 0.2, 0.1 + 0.2, 1e300},
		{-0x1p51, 1, 1, 1, 0x1p51},
	};

	(void) state;
	for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++)
	{
		uint64_t	random = v;
		Multiset	set = {malloc(5 * sizeof(Run)), 5, 5};
		Bytes		good;

		for (int i = 0; i < 5; i++)
			set.runs[i] = (Run) {key_of_double(values[v][i]), 1};
		fold(&set);
		good = write_runs(set.runs, set.count);
		damage(good, 1, 255, &random);
		free(good.bytes);
		free(set.runs);
	}
}

static void
check_damage_to_blocks(uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	set = random_multiset(&random);
	Bytes		good = write_runs(set.runs, set.count);

	damage(good, 1 + good.size / 30, 4, &random);
	free(good.bytes);
	free(set.runs);
}

static void
test_some_damage_to_large_ones(void **state)
{
	(void) state;
	for_each_seed(24, check_damage_to_blocks);
}

/* Three blocks, of which the second or third does not lie, begin or count as the directory says. */
static void
test_any_damage_to_a_directory(void **state)
{
	Run			runs[1025];
	Bytes		good;
	size_t		directory = 5;

	(void) state;
	for (int i = 0; i < 1025; i++)
		runs[i] = (Run) {key_of_double(i), 1};
	good = write_runs(runs, 1025);
	for (size_t at = directory; at < directory + 2 * DIRECTORY_ENTRY_SIZE; at++)
		for (int bit = 0; bit < 8; bit++)
		{
			good.bytes[at] ^= 1 << bit;
			assert_string_equal(defect_of(good), OTHERWISE);
			check_damaged(good.bytes, good.size);
			good.bytes[at] ^= 1 << bit;
		}

	/* An entry that leads out of the bytes, or claims more values than there are, is seen where it is used. */
	for (size_t at = directory + 8; at < directory + DIRECTORY_ENTRY_SIZE; at += 8)
	{
		DistributionReader reader = open_reader(good);

		good.bytes[at] = 0x7F;
		assert_true(distribution_reader_count_up_to(&reader, key_of_double(600)) <= 1025);
		assert_string_equal(reader.damage, "has an impossible directory");
		good.bytes[at] = 0;
	}
	free(good.bytes);
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
		cmocka_unit_test(test_adds_and_subtracts),
		cmocka_unit_test(test_sum_of_too_many_values_overflows),
		cmocka_unit_test(test_known_damage),
		cmocka_unit_test(test_any_damage_to_small_ones),
		cmocka_unit_test(test_some_damage_to_large_ones),
		cmocka_unit_test(test_any_damage_to_a_directory),
	};

	return cmocka_run_group_tests_name("distribution_format", tests, NULL, NULL);
}
