/*
 * test_count_table.c
 *	  A count table counts added values, and stops where counting does not pay.
 */
#include "unit.h"

#include "kernel/multiset/order_key.h"
#include "kernel/multiset/count_table.h"

/* Whole numbers as doubles, whose keys differ in the high bits only; or any bits. */
static uint64_t
random_key(uint64_t kinds, uint64_t *random)
{
	uint64_t	number = next_random(random) % kinds;

	return number % 2 ? key_of_double(number) : number * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t
count_of(const CountTable *table, uint64_t value)
{
	uint64_t	count = 0;

	for (size_t i = 0; i < table->places; i++)
		if (table->runs[i].value == value)
			count += table->runs[i].count;
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
	CountTable	table;
	ValueStore	all;
	ValueSpan	span;

	count_table_init(&table);
	value_store_init(&all);
	for (uint64_t i = 0; i < added; i++)
	{
		uint64_t	key = random_key(kinds, &random);

		lowest = key < lowest ? key : lowest;
		highest = key > highest ? key : highest;
		count_table_add(&table, key, 1, &host);
		value_store_add(&all, key, &host);
	}

	assert_int_equal(table.total, added);
	assert_true(table.lowest == lowest && table.highest == highest);
	assert_uint_in_range(table.distinct, added > 0, kinds);
	for (span = value_store_first_span(&all); span.count > 0; span = value_store_next_span(&all, span))
		for (size_t i = 0; i < span.count; i += 97)
		{
			uint64_t	expected = 0;
			ValueSpan	other;

			for (other = value_store_first_span(&all); other.count > 0; other = value_store_next_span(&all, other))
				for (size_t k = 0; k < other.count; k++)
					expected += other.values[k] == span.values[i];
			if (count_of(&table, span.values[i]) != expected)
				fail_msg("seed %llu: a value was counted %llu times, not %llu", (unsigned long long) seed,
						 (unsigned long long) count_of(&table, span.values[i]), (unsigned long long) expected);
		}
	count_table_clear(&table, &host);
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
	CountTable	table;

	(void) state;
	count_table_init(&table);
	count_table_add(&table, 0, 3, &host);
	count_table_add(&table, UINT64_MAX, 1, &host);
	count_table_add(&table, 0, 4, &host);
	assert_int_equal(table.distinct, 2);
	assert_int_equal(table.total, 8);
	assert_int_equal(table.lowest, 0);
	assert_true(table.highest == UINT64_MAX);
	count_table_clear(&table, &host);
}

/* Without room being reserved this takes minutes: runs come in the order of the table. */
static void
test_merges_large_count_tables(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	CountTable	left;
	CountTable	right;
	uint64_t	total = 0;

	(void) state;
	count_table_init(&left);
	count_table_init(&right);
	for (uint64_t i = 0; i < 300000; i++)
	{
		count_table_add(&left, key_of_double(i), 1, &host);
		count_table_add(&right, key_of_double(i + 150000), 2, &host);
	}
	count_table_merge(&left, &right, &host);
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
	count_table_clear(&left, &host);
	count_table_clear(&right, &host);
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
	CountTable	table;

	(void) state;
	fill_store(&store, 1000000, 5000, &host);
	count_table_init(&table);
	assert_true(count_table_absorb(&table, &store, 1024 * 1024, &host));
	assert_int_equal(store.count, 0);
	assert_int_equal(table.total, 1000000);
	assert_int_equal(table.distinct, 5000);
	assert_int_equal(held.bytes, count_table_memory(&table));
	assert_uint_in_range(held.bytes, 5000 * sizeof(ValueCount), 3 * 5000 * sizeof(ValueCount));
	count_table_clear(&table, &host);
	value_store_clear(&store, &host);
}

static void
test_stops_early_where_nothing_repeats(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	CountTable	table;

	(void) state;
	fill_store(&store, 1000000, UINT64_MAX, &host);
	count_table_init(&table);
	assert_false(count_table_absorb(&table, &store, SIZE_MAX, &host));
	assert_uint_in_range(table.total, 1, 70000);
	assert_int_equal(table.total + store.count, 1000000);
	count_table_clear(&table, &host);
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
		CountTable	table;
		size_t		before;

		fill_store(&store, 1000000, 400000, &host);
		count_table_init(&table);
		before = held.bytes;
		held.most_bytes = 0;
		assert_false(count_table_absorb(&table, &store, limits[l], &host));
		assert_uint_in_range(count_table_memory(&table), 0, limits[l] + 1024);
		assert_uint_in_range(held.most_bytes, 0, before + limits[l] + 1024);
		assert_int_equal(table.total + store.count, 1000000);
		count_table_clear(&table, &host);
		value_store_clear(&store, &host);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_zero_is_a_value),
		cmocka_unit_test(test_merges_large_count_tables),
		cmocka_unit_test(test_absorbs_what_repeats),
		cmocka_unit_test(test_stops_early_where_nothing_repeats),
		cmocka_unit_test(test_takes_no_more_memory_than_it_may),
	};

	return cmocka_run_group_tests_name("count_table", tests, NULL, NULL);
}
