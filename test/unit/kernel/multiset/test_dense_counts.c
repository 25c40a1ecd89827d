/*
 * test_dense_counts.c
 *	  Whole numbers are counted in pages where that pays, and refused where it does not.
 */
#include "unit.h"

#include "kernel/multiset/dense_counts.h"

/* Numbers that were offered before a page could be paid for. */
static uint64_t
offer_until_taken(DenseCounts *counts, uint64_t number, const Host *host)
{
	uint64_t	offered = 1;

	while (!dense_counts_add(counts, number, 1, host))
		offered++;
	return offered;
}

static void
test_a_small_merge_takes_no_memory(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	DenseCounts	counts;

	(void) state;
	dense_counts_init(&counts);
	for (uint64_t number = 0; number < 5000; number++)
		assert_false(dense_counts_add(&counts, number, 1, &host));
	assert_int_equal(held.pieces, 0);
	assert_int_equal(counts.total, 0);
	dense_counts_clear(&counts, &host);
}

static void
test_memory_grows_with_what_was_offered(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	DenseCounts	counts;
	uint64_t	random = 1;
	uint64_t	offered = 0;

	(void) state;
	dense_counts_init(&counts);
	for (; offered < 300000; offered++)
	{
		dense_counts_add(&counts, next_random(&random) % COUNTED_NUMBERS, 1, &host);
		assert_true(held.bytes <= 8 * (offered + 1));
	}
	assert_true(counts.pages > 100);
	dense_counts_clear(&counts, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_what_is_too_large_is_refused(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	DenseCounts	counts;
	uint64_t	count;

	(void) state;
	dense_counts_init(&counts);
	offer_until_taken(&counts, 7, &host);
	assert_true(dense_counts_add(&counts, 7, UINT16_MAX - 1, &host));
	assert_false(dense_counts_add(&counts, 7, 1, &host));
	assert_false(dense_counts_add(&counts, 8, UINT16_MAX + 1, &host));
	assert_false(dense_counts_add(&counts, COUNTED_NUMBERS, 1, &host));
	assert_false(dense_counts_add(&counts, UINT64_MAX, 1, &host));
	assert_int_equal(dense_counts_next(&counts, 0, &count), 7);
	assert_int_equal(count, UINT16_MAX);
	assert_int_equal(counts.total, UINT16_MAX);
	assert_int_equal(dense_counts_next(&counts, 8, &count), COUNTED_NUMBERS);
	dense_counts_clear(&counts, &host);
}

/* With as many as there are pages and counters at once: the first and last of each, and some between. */
static void
check_counts(uint64_t seed)
{
	Held		held;
	Host		host = counting_host(&held);
	DenseCounts	counts;
	uint64_t	random = seed;
	uint64_t	range = 1 + next_random(&random) % 40000;
	uint64_t	first = next_random(&random) % (COUNTED_NUMBERS - range);
	uint32_t   *expected = calloc(range, sizeof(uint32_t));
	uint64_t	number = 0;
	uint64_t	count;

	dense_counts_init(&counts);
	for (int i = 0; i < 60000; i++)
	{
		uint64_t	place = next_random(&random) % range;

		count = 1 + next_random(&random) % 3;
		if (dense_counts_add(&counts, first + place, count, &host))
			expected[place] += count;
	}
	for (uint64_t place = 0; place < range; place++)
		if (expected[place] > 0)
		{
			number = dense_counts_next(&counts, number, &count);
			assert_int_equal(number, first + place);
			assert_int_equal(count, expected[place]);
			number++;
		}
	assert_int_equal(dense_counts_next(&counts, number, &count), COUNTED_NUMBERS);
	dense_counts_clear(&counts, &host);
	assert_int_equal(held.pieces, 0);
	free(expected);
}

static void
test_numbers_come_out_in_order_with_their_counts(void **state)
{
	(void) state;
	for_each_seed(40, check_counts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_small_merge_takes_no_memory),
		cmocka_unit_test(test_memory_grows_with_what_was_offered),
		cmocka_unit_test(test_what_is_too_large_is_refused),
		cmocka_unit_test(test_numbers_come_out_in_order_with_their_counts),
	};

	return cmocka_run_group_tests_name("dense_counts", tests, NULL, NULL);
}
