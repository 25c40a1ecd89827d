/*
 * test_selection.c
 *	  Selection finds what sorting would, whatever the data, in bounded memory.
 */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "kernel/multiset/order_key.h"
#include "kernel/multiset/selection.h"

typedef double (*Shape) (size_t i, size_t count, uint64_t *random);

/* Whole seconds, median 4 h: like resolution times. */
static double
lognormal_seconds(size_t i, size_t count, uint64_t *random)
{
	double		radius = sqrt(-2 * log(next_uniform(random)));

	(void) i, (void) count;
	return round(exp(log(14400) + 1.5 * radius * cos(2 * M_PI * next_uniform(random))));
}

static double
uniform(size_t i, size_t count, uint64_t *random)
{
	(void) i, (void) count;
	return next_uniform(random);
}

static double
any_bits(size_t i, size_t count, uint64_t *random)
{
	uint64_t	bits = next_random(random);
	double		value;

	(void) i, (void) count;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static double
few_distinct(size_t i, size_t count, uint64_t *random)
{
	(void) i, (void) count;
	return next_random(random) % 5;
}

static double
all_equal(size_t i, size_t count, uint64_t *random)
{
	(void) i, (void) count, (void) random;
	return 86400;
}

static double
sorted(size_t i, size_t count, uint64_t *random)
{
	(void) count, (void) random;
	return i * 0.5;
}

static double
reversed(size_t i, size_t count, uint64_t *random)
{
	(void) random;
	return (count - i) * 0.5;
}

static double
with_nan(size_t i, size_t count, uint64_t *random)
{
	return next_random(random) % 10 == 0 ? NAN : lognormal_seconds(i, count, random);
}

static double
with_infinities(size_t i, size_t count, uint64_t *random)
{
	switch (next_random(random) % 10)
	{
		case 0:
			return INFINITY;
		case 1:
			return -INFINITY;
		default:
			return lognormal_seconds(i, count, random);
	}
}

static double
zeros_of_both_signs(size_t i, size_t count, uint64_t *random)
{
	static const double values[] = {-0.0, 0.0, -1.0, 1.0};

	(void) i, (void) count;
	return values[next_random(random) % 4];
}

static double
denormals(size_t i, size_t count, uint64_t *random)
{
	(void) i, (void) count;
	return (int64_t) (next_random(random) % 2001 - 1000) * DBL_TRUE_MIN;
}

/*
 * Each level of digits finds nearly all values in one bucket, and one value apart:
 * the slowest data there is for a selection by digits.
 */
static double
nested_clusters(size_t i, size_t count, uint64_t *random)
{
	uint64_t	key = (UINT64_C(1) << 63) | (next_random(random) % 1000 == 0 ?
											UINT64_C(1) << (i % 63) : next_random(random) % 2);

	(void) count;
	return double_of_key(key);
}

static const struct
{
	const char *name;
	Shape		shape;
}			shapes[] = {
	{"log-normal seconds", lognormal_seconds},
	{"uniform", uniform},
	{"any bits", any_bits},
	{"few distinct", few_distinct},
	{"all equal", all_equal},
	{"sorted", sorted},
	{"reversed", reversed},
	{"with NaN", with_nan},
	{"with infinities", with_infinities},
	{"zeros of both signs", zeros_of_both_signs},
	{"denormals", denormals},
	{"nested clusters", nested_clusters},
};

#define SHAPES	(sizeof(shapes) / sizeof(shapes[0]))

static int
compare_keys(const void *left, const void *right)
{
	uint64_t	a = *(const uint64_t *) left;
	uint64_t	b = *(const uint64_t *) right;

	return a < b ? -1 : a > b;
}

/* Most groups are small; the limits between methods are at 6, 32 and 4096 values. */
static size_t
random_size(uint64_t *random)
{
	static const size_t limits[] = {6, 32, 33, 100, 4095, 4096, 5000, 20000};

	if (next_random(random) % 3 == 0)
		return limits[next_random(random) % 8];
	return 1 + next_random(random) % 300;
}

/* Few ranks or many, but always ascending and distinct. */
static size_t
random_ranks(uint64_t *ranks, size_t count, uint64_t *random)
{
	size_t		step = 1 + next_random(random) % (next_random(random) % 2 ? count : 10);
	size_t		nranks = 0;

	for (size_t rank = next_random(random) % step; rank < count; rank += 1 + next_random(random) % step)
		ranks[nranks++] = rank;
	if (nranks == 0)
		ranks[nranks++] = count - 1;
	return nranks;
}

static void
check_selection(const char *name, Shape shape, uint64_t seed, size_t count, uint64_t *random)
{
	Held		held;
	Host		host = counting_host(&held);
	size_t		held_before;
	ValueStore	store;
	uint64_t   *keys = malloc(count * sizeof(uint64_t));
	uint64_t   *ranks = malloc(count * sizeof(uint64_t));
	uint64_t   *selected = malloc(count * sizeof(uint64_t));
	size_t		nranks = random_ranks(ranks, count, random);

	value_store_init(&store);
	for (size_t i = 0; i < count; i++)
	{
		keys[i] = key_of_double(shape(i, count, random));
		value_store_add(&store, keys[i], &host);
	}
	qsort(keys, count, sizeof(uint64_t), compare_keys);

	held_before = held.bytes;
	select_ranks(&store, ranks, nranks, selected, &host);
	for (size_t i = 0; i < nranks; i++)
		if (selected[i] != keys[ranks[i]])
			fail_msg("seed %llu, %s, %zu values: rank %llu is %.17g, not %.17g", (unsigned long long) seed, name,
					 count, (unsigned long long) ranks[i], double_of_key(selected[i]),
					 double_of_key(keys[ranks[i]]));
	if (held.bytes != held_before)
		fail_msg("seed %llu, %s, %zu values: %zu bytes of scratch memory were kept", (unsigned long long) seed,
				 name, count, held.bytes - held_before);

	value_store_clear(&store, &host);
	free(keys);
	free(ranks);
	free(selected);
}

static void
check_random_case(uint64_t seed)
{
	for (size_t s = 0; s < SHAPES; s++)
	{
		uint64_t	random = seed * SHAPES + s;
		size_t		count = random_size(&random);

		check_selection(shapes[s].name, shapes[s].shape, seed, count, &random);
	}
}

static void
test_random_cases(void **state)
{
	(void) state;
	for_each_seed(300, check_random_case);
}

static void
check_large_case(uint64_t seed)
{
	for (size_t s = 0; s < SHAPES; s++)
	{
		uint64_t	random = seed * SHAPES + s;

		check_selection(shapes[s].name, shapes[s].shape, seed, 100000, &random);
	}
}

static void
test_large_cases(void **state)
{
	(void) state;
	for_each_seed(3, check_large_case);
}

static void
check_every_small_size(uint64_t seed)
{
	for (size_t s = 0; s < SHAPES; s++)
		for (size_t count = 1; count <= 150; count++)
		{
			uint64_t	random = (seed * SHAPES + s) * 1000 + count;

			check_selection(shapes[s].name, shapes[s].shape, seed, count, &random);
		}
}

static void
test_every_small_size(void **state)
{
	(void) state;
	for_each_seed(1, check_every_small_size);
}

static void
test_no_ranks_need_no_values(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	value_store_init(&store);
	select_ranks(&store, NULL, 0, NULL, &host);
	assert_int_equal(held.most_bytes, 0);
}

static void
fill_with_lognormal_seconds(ValueStore *store, size_t count, const Host *host)
{
	uint64_t	random = 1;

	value_store_init(store);
	for (size_t i = 0; i < count; i++)
		value_store_add(store, key_of_double(lognormal_seconds(i, count, &random)), host);
}

static void
test_store_is_left_as_it_was(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	uint64_t	ranks[] = {49999, 95000};
	uint64_t	first[2];
	uint64_t	second[2];

	(void) state;
	fill_with_lognormal_seconds(&store, 100000, &host);
	select_ranks(&store, ranks, 2, first, &host);
	select_ranks(&store, ranks, 2, second, &host);
	assert_memory_equal(first, second, sizeof(first));
	assert_int_equal(store.count, 100000);
	value_store_clear(&store, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_few_ranks_need_little_scratch_memory(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	uint64_t	ranks[] = {500000, 950000};
	uint64_t	selected[2];
	size_t		before;

	(void) state;
	fill_with_lognormal_seconds(&store, 1000000, &host);
	before = held.bytes;
	select_ranks(&store, ranks, 2, selected, &host);
	assert_uint_in_range(held.most_bytes - before, 1, before / 20);
	value_store_clear(&store, &host);
}

static void
test_scratch_memory_is_at_most_twice_the_store(void **state)
{
	uint64_t   *ranks = malloc(100000 * sizeof(uint64_t));
	uint64_t   *selected = malloc(100000 * sizeof(uint64_t));

	(void) state;
	for (size_t i = 0; i < 100000; i++)
		ranks[i] = i;
	for (size_t s = 0; s < SHAPES; s++)
	{
		Held		held;
		Host		host = counting_host(&held);
		ValueStore	store;
		uint64_t	random = 1;
		size_t		before;

		value_store_init(&store);
		for (size_t i = 0; i < 100000; i++)
			value_store_add(&store, key_of_double(shapes[s].shape(i, 100000, &random)), &host);
		before = held.bytes;
		select_ranks(&store, ranks, 100000, selected, &host);

		/* And the parts themselves: at most 2048 on a level. */
		if (held.most_bytes - before > 2 * before + 1024 * 1024)
			fail_msg("%s: %zu bytes of scratch memory for %zu", shapes[s].name, held.most_bytes - before, before);
		value_store_clear(&store, &host);
	}
	free(ranks);
	free(selected);
}

/* The values of a multiset, spread over all its parts. */
typedef struct Spread
{
	ValueStore	store;
	CountTable	table;
	UnitTape   *tape;
} Spread;

static void
spread_value(Spread *spread, uint64_t key, uint64_t where, const Host *host)
{
	if (where == 0)
	{
		count_table_add(&spread->table, key, 1, host);
		return;
	}
	if (value_store_is_full(&spread->store))
	{
		if (spread->store.newest == NULL || where == 1)
			value_store_grow(&spread->store, host);
		else
		{
			spread->store.tape = &spread->tape->tape;
			value_store_spool(&spread->store);
		}
	}
	value_store_put(&spread->store, key);
}

/* In a store, a count table and on a tape at once, with so little scratch memory that ranges are narrowed. */
static void
check_spread_multiset(uint64_t seed)
{
	for (size_t s = 0; s < SHAPES; s++)
	{
		uint64_t	random = seed * SHAPES + s;
		size_t		count = seed % 10 == 0 ? 50000 : random_size(&random);
		uint64_t	parts = 1 + next_random(&random) % 4;
		Held		held;
		Host		host = counting_host(&held);
		size_t		held_before;
		Spread		spread;
		Multiset	set;
		uint64_t   *keys = malloc(count * sizeof(uint64_t));
		uint64_t   *ranks = malloc(count * sizeof(uint64_t));
		uint64_t   *selected = malloc(count * sizeof(uint64_t));
		size_t		nranks;

		value_store_init(&spread.store);
		count_table_init(&spread.table);
		spread.tape = unit_tape_create();
		for (size_t i = 0; i < count; i++)
		{
			keys[i] = key_of_double(shapes[s].shape(i, count, &random));
			spread_value(&spread, keys[i], next_random(&random) % parts, &host);
		}
		qsort(keys, count, sizeof(uint64_t), compare_keys);

		set = multiset_of(&spread.store, &spread.table);
		set.most_gathered = next_random(&random) % 3 == 0 ? UINT64_MAX : next_random(&random) % 200;
		nranks = random_ranks(ranks, count, &random);
		if (set.most_gathered < UINT64_MAX && nranks > 5)
			nranks = 5;

		held_before = held.bytes;
		select_from_multiset(&set, ranks, nranks, selected, &host);
		for (size_t i = 0; i < nranks; i++)
			if (selected[i] != keys[ranks[i]])
				fail_msg("seed %llu, %s, %zu values, at most %llu gathered: rank %llu is %.17g, not %.17g",
						 (unsigned long long) seed, shapes[s].name, count, (unsigned long long) set.most_gathered,
						 (unsigned long long) ranks[i], double_of_key(selected[i]), double_of_key(keys[ranks[i]]));
		assert_int_equal(held.bytes, held_before);

		value_store_clear(&spread.store, &host);
		count_table_clear(&spread.table, &host);
		assert_int_equal(held.pieces, 0);
		unit_tape_free(spread.tape);
		free(keys);
		free(ranks);
		free(selected);
	}
}

static void
test_multisets_of_values_runs_and_tapes(void **state)
{
	(void) state;
	for_each_seed(300, check_spread_multiset);
}

/* Selection takes memory for the values that it may gather, and for its tables. */
static void
test_scratch_memory_is_limited(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	uint64_t	ranks[] = {500000, 950000};
	uint64_t	unlimited[2];
	uint64_t	limited[2];
	Multiset	set;
	size_t		before;

	(void) state;
	fill_with_lognormal_seconds(&store, 1000000, &host);
	select_ranks(&store, ranks, 2, unlimited, &host);

	set = multiset_of(&store, NULL);
	set.most_gathered = 1000;
	before = held.bytes;
	held.most_bytes = held.bytes;
	select_from_multiset(&set, ranks, 2, limited, &host);
	assert_uint_in_range(held.most_bytes - before, 1, 3 * 1000 * sizeof(uint64_t));
	assert_memory_equal(limited, unlimited, sizeof(limited));
	value_store_clear(&store, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_cases),
		cmocka_unit_test(test_large_cases),
		cmocka_unit_test(test_every_small_size),
		cmocka_unit_test(test_no_ranks_need_no_values),
		cmocka_unit_test(test_store_is_left_as_it_was),
		cmocka_unit_test(test_few_ranks_need_little_scratch_memory),
		cmocka_unit_test(test_scratch_memory_is_at_most_twice_the_store),
		cmocka_unit_test(test_multisets_of_values_runs_and_tapes),
		cmocka_unit_test(test_scratch_memory_is_limited),
	};

	return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
