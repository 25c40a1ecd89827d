/*
 * test_damage.c
 *	  No bytes, however damaged, lead a reader of distributions astray.
 */
#include "unit.h"
#include "multiset.h"

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
#define MORE	"has more values than its header counts"
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
	{"the smallest negative and -0", "has -0, which is 0", 15,
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

/* Reads to an end, whatever the values are. */
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
	ValueCount	run = {0, 0};
	ValueCount	missing;
	size_t		runs = 0;
	CountTable	table;
	DenseCounts	numbers;

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
	count_table_init(&table);
	dense_counts_init(&numbers);
	distribution_count(&reader, &table, &numbers, &host);
	assert_true(table.total + numbers.total <= count);
	count_table_clear(&table, &host);
	dense_counts_clear(&numbers, &host);
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
		ValueCount	run;

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

/* Every byte becomes every other, or some others; a byte is left out or added, or the end is cut off. */
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

/* Few values of each kind, so that every byte can become every other. */
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
		Multiset	set = {malloc(5 * sizeof(ValueCount)), 5, 5};
		Bytes		good;

		for (int i = 0; i < 5; i++)
			set.runs[i] = (ValueCount) {key_of_double(values[v][i]), 1};
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

/* Three blocks; the directory has a wrong place, first value or count of the second or third. */
static void
test_any_damage_to_a_directory(void **state)
{
	ValueCount	runs[1025];
	Bytes		good;
	size_t		directory = 5;

	(void) state;
	for (int i = 0; i < 1025; i++)
		runs[i] = (ValueCount) {key_of_double(i), 1};
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
		cmocka_unit_test(test_known_damage),
		cmocka_unit_test(test_any_damage_to_small_ones),
		cmocka_unit_test(test_some_damage_to_large_ones),
		cmocka_unit_test(test_any_damage_to_a_directory),
	};

	return cmocka_run_group_tests_name("distribution_damage", tests, NULL, NULL);
}
