/*
 * test_value_store.c
 *	  A store returns exactly the values that were put into it, and wastes little memory.
 */
#include "unit.h"

#include "kernel/multiset/value_store.h"

/* Around the sizes at which a store grows: 6 values in it, then chunks of 30, 62 ... */
static const size_t sizes[] = {0, 1, 5, 6, 7, 35, 36, 37, 98, 99, 1000, 131070, 300000, 1000000};

#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

static void
fill(ValueStore *store, size_t count, const Host *host)
{
	value_store_init(store);
	for (size_t i = 0; i < count; i++)
		value_store_add(store, i + 1, host);
}

static void
test_gives_back_every_value_once(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	for (size_t s = 0; s < SIZES; s++)
	{
		char	   *seen = calloc(sizes[s] + 2, 1);
		size_t		count = 0;
		ValueSpan	span;

		fill(&store, sizes[s], &host);
		for (span = value_store_first_span(&store); span.count > 0; span = value_store_next_span(&store, span))
			for (size_t i = 0; i < span.count; i++)
			{
				assert_uint_in_range(span.values[i], 1, sizes[s]);
				assert_int_equal(seen[span.values[i]]++, 0);
				count++;
			}
		assert_int_equal(count, sizes[s]);
		assert_int_equal(store.count, sizes[s]);
		value_store_clear(&store, &host);
		free(seen);
	}
}

static void
test_keeps_lowest_and_highest(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	value_store_init(&store);
	value_store_add(&store, 50, &host);
	assert_int_equal(store.lowest, 50);
	assert_int_equal(store.highest, 50);
	value_store_add(&store, 0, &host);
	value_store_add(&store, UINT64_MAX, &host);
	value_store_add(&store, 51, &host);
	assert_int_equal(store.lowest, 0);
	assert_true(store.highest == UINT64_MAX);
	value_store_clear(&store, &host);
}

static void
test_few_values_need_no_memory(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	fill(&store, VALUES_IN_STORE, &host);
	assert_int_equal(held.pieces, 0);
	assert_true(sizeof(ValueStore) <= 104);
}

static void
test_memory_is_bounded_and_given_back(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	fill(&store, 5000000, &host);
	assert_uint_in_range(held.bytes, 5000000 * 8, 5000000 * 8 + 1024 * 1024 + 1024);
	assert_int_equal(held.most_bytes, held.bytes);
	value_store_clear(&store, &host);
	assert_int_equal(held.pieces, 0);
	assert_int_equal(held.bytes, 0);
}

static void
test_cleared_store_can_be_filled_again(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	fill(&store, 1000, &host);
	value_store_clear(&store, &host);
	assert_int_equal(store.count, 0);
	assert_int_equal(value_store_first_span(&store).count, 0);
	value_store_add(&store, 7, &host);
	assert_int_equal(store.lowest, 7);
	assert_int_equal(store.highest, 7);
	assert_int_equal(store.count, 1);
}

static void
test_pairs_are_never_torn_apart(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	ValueSpan	span;

	(void) state;
	fill(&store, 1000000, &host);
	for (span = value_store_first_span(&store); span.count > 0; span = value_store_next_span(&store, span))
	{
		assert_int_equal(span.count % 2, 0);
		for (size_t i = 0; i < span.count; i += 2)
			assert_int_equal(span.values[i] + 1, span.values[i + 1]);
	}
	value_store_clear(&store, &host);
}

static void
test_takes_back_the_last_values(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;

	(void) state;
	for (size_t s = 0; s < SIZES; s++)
	{
		size_t		left = sizes[s];
		ValueSpan	span;

		fill(&store, sizes[s], &host);
		while ((span = value_store_take(&store, 1000, &host)).count > 0)
		{
			assert_uint_in_range(span.count, 1, 1000);
			left -= span.count;
			for (size_t i = 0; i < span.count; i++)
				assert_int_equal(span.values[i], left + i + 1);
			assert_int_equal(store.count, left);
		}
		assert_int_equal(left, 0);
		assert_int_equal(held.pieces, 0);

		value_store_add(&store, 7, &host);
		assert_int_equal(value_store_first_span(&store).values[0], 7);
		value_store_clear(&store, &host);
	}
}

/* A store that may take no more than three chunks, and 100,000 values. */
static void
test_spools_what_has_no_room(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	ValueStore	store;
	UnitTape   *tape = unit_tape_create();
	char	   *seen = calloc(100001, 1);

	(void) state;
	value_store_init(&store);
	for (size_t i = 1; i <= 100000; i++)
	{
		if (value_store_is_full(&store) && held.pieces < 3)
			value_store_grow(&store, &host);
		else if (value_store_is_full(&store))
		{
			store.tape = &tape->tape;
			value_store_spool(&store);
		}
		value_store_put(&store, i);
	}
	assert_int_equal(store.count, 100000);
	assert_int_equal(value_store_memory(&store), held.bytes);

	for (int reading = 0; reading < 2; reading++)
	{
		size_t		count = 0;
		ValueSpan	span;

		for (span = value_store_first_span(&store); span.count > 0; span = value_store_next_span(&store, span))
			for (size_t i = 0; i < span.count; i++)
			{
				assert_int_equal(seen[span.values[i]]++, reading);
				count++;
			}
		assert_int_equal(count, 100000);
	}
	value_store_clear(&store, &host);
	assert_int_equal(held.pieces, 0);
	unit_tape_free(tape);
	free(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_back_every_value_once),
		cmocka_unit_test(test_keeps_lowest_and_highest),
		cmocka_unit_test(test_few_values_need_no_memory),
		cmocka_unit_test(test_memory_is_bounded_and_given_back),
		cmocka_unit_test(test_cleared_store_can_be_filled_again),
		cmocka_unit_test(test_pairs_are_never_torn_apart),
		cmocka_unit_test(test_takes_back_the_last_values),
		cmocka_unit_test(test_spools_what_has_no_room),
	};

	return cmocka_run_group_tests_name("value_store", tests, NULL, NULL);
}
