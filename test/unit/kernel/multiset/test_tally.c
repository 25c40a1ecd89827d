/*
 * test_tally.c
 *	  A tally counts what was added, and knows when counting does not pay.
 */
#include "unit.h"

#include "kernel/multiset/order_key.h"
#include "kernel/multiset/tally.h"

/* Whole numbers as doubles, whose keys differ in the high bits only; or any bits. */
static uint64_t
random_key(uint64_t kinds, uint64_t *random)
{
	uint64_t	number = next_random(random) % kinds;

	return number % 2 ? key_of_double(number) : number * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t
count_of(const Tally *tally, uint64_t value)
{
	uint64_t	count = 0;

	for (size_t i = 0; i < tally->places; i++)
		if (tally->runs[i].value == value)
			count += tally->runs[i].count;
	return count;
}

static void
check_counts(uint64_t seed)
{
	uint64_t	random = seed;
	uint64_t	kinds = 1 + next_random(&random) % 300;
	uint64_t	added = next_random(&random) % 2000;
	uint64_t	lowest = UINT64_MAX;
	uint64_t	highest = 0;
	Held		held;
	Host		host = counting_host(&held);
	Tally		tally;
	ValueStore	all;
	ValueSpan	span;

	tally_init(&tally);
	value_store_init(&all);
	for (uint64_t i = 0; i < added; i++)
	{
		uint64_t	key = random_key(kinds, &random);

		lowest = key < lowest ? key : lowest;
		highest = key > highest ? key : highest;
		tally_add(&tally, key, 1, &host);
		value_store_add(&all, key, &host);
	}

	assert_int_equal(tally.total, added);
	assert_true(tally.lowest == lowest && tally.highest == highest);
	assert_in_range(tally.distinct, added > 0, kinds);
	for (span = value_store_first_span(&all); span.count > 0; span = value_store_next_span(&all, span))
		for (size_t i = 0; i < span.count; i += 97)
		{
			uint64_t	expected = 0;
			ValueSpan	other;

			for (other = value_store_first_span(&all); other.count > 0; other = value_store_next_span(&all, other))
				for (size_t k = 0; k < other.count; k++)
					expected += other.values[k] == span.values[i];
			if (count_of(&tally, span.values[i]) != expected)
				fail_msg("seed %llu: a value was counted %llu times, not %llu", (unsigned long long) seed,
						 (unsigned long long) count_of(&tally, span.values[i]), (unsigned long long) expected);
		}
	tally_clear(&tally, &host);
	value_store_clear(&all, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_counts(void **state)
{
	(void) state;
	for_each_seed(200, check_counts);
}

/* The place of this value must not be taken for free. */
static void
test_zero_is_a_value(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	Tally		tally;

	(void) state;
	tally_init(&tally);
	tally_add(&tally, 0, 3, &host);
	tally_add(&tally, UINT64_MAX, 1, &host);
	tally_add(&tally, 0, 4, &host);
	assert_int_equal(tally.distinct, 2);
	assert_int_equal(tally.total, 8);
	assert_int_equal(tally.lowest, 0);
	assert_true(tally.highest == UINT64_MAX);
	tally_clear(&tally, &host);
}

/* Without room being reserved this takes minutes: runs come in the order of the table. */
static void
test_merges_large_tallies(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	Tally		left;
	Tally		right;
	uint64_t	total = 0;

	(void) state;
	tally_init(&left);
	tally_init(&right);
	for (uint64_t i = 0; i < 300000; i++)
	{
		tally_add(&left, key_of_double(i), 1, &host);
		tally_add(&right, key_of_double(i + 150000), 2, &host);
	}
	tally_merge(&left, &right, &host);
	assert_int_equal(left.distinct, 450000);
	assert_int_equal(left.total, 900000);
	assert_true(left.highest == key_of_double(449999));
	for (size_t i = 0; i < left.places; i++)
		if (left.runs[i].count != 0)
		{
			double		value = double_of_key(left.runs[i].value);

			assert_int_equal(left.runs[i].count, value < 150000 ? 1 : value < 300000 ? 3 : 2);
			total += left.runs[i].count;
		}
	assert_int_equal(total, 900000);
	tally_clear(&left, &host);
	tally_clear(&right, &host);
}

static void
fill_store(ValueStore *store, size_t count, uint64_t kinds, const Host *host)
{
	uint64_t	random = 1;

	value_store_init(store);
	for (size_t i = 0; i < count; i++)
		value_store_add(store, key_of_double(next_random(&random) % kinds), host);
}

static void
test_absorbs_what_repeats(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	Tally		tally;

	(void) state;
	fill_store(&store, 1000000, 5000, &host);
	tally_init(&tally);
	assert_true(tally_absorb(&tally, &store, 1024 * 1024, &host));
	assert_int_equal(store.count, 0);
	assert_int_equal(tally.total, 1000000);
	assert_int_equal(tally.distinct, 5000);
	assert_int_equal(held.bytes, tally_memory(&tally));
	assert_in_range(held.bytes, 5000 * sizeof(Run), 3 * 5000 * sizeof(Run));
	tally_clear(&tally, &host);
	value_store_clear(&store, &host);
}

static void
test_stops_early_where_nothing_repeats(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	Tally		tally;

	(void) state;
	fill_store(&store, 1000000, UINT64_MAX, &host);
	tally_init(&tally);
	assert_false(tally_absorb(&tally, &store, SIZE_MAX, &host));
	assert_in_range(tally.total, 1, 70000);
	assert_int_equal(tally.total + store.count, 1000000);
	tally_clear(&tally, &host);
	value_store_clear(&store, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_takes_no_more_memory_than_it_may(void **state)
{
	static const size_t limits[] = {0, 1024, 100000, 4000000};

	(void) state;
	for (size_t l = 0; l < sizeof(limits) / sizeof(limits[0]); l++)
	{
		Held		held;
		Host		host = counting_host(&held);
		ValueStore	store;
		Tally		tally;
		size_t		before;

		fill_store(&store, 1000000, 400000, &host);
		tally_init(&tally);
		before = held.bytes;
		held.most_bytes = 0;
		assert_false(tally_absorb(&tally, &store, limits[l], &host));
		assert_in_range(tally_memory(&tally), 0, limits[l] + 1024);
		assert_in_range(held.most_bytes, 0, before + limits[l] + 1024);
		assert_int_equal(tally.total + store.count, 1000000);
		tally_clear(&tally, &host);
		value_store_clear(&store, &host);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_zero_is_a_value),
		cmocka_unit_test(test_merges_large_tallies),
		cmocka_unit_test(test_absorbs_what_repeats),
		cmocka_unit_test(test_stops_early_where_nothing_repeats),
		cmocka_unit_test(test_takes_no_more_memory_than_it_may),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
