/*
 * test_ordered_blocks.c
 *	  An ordered multiset holds the values that were inserted and not removed, in order,
 *	  in little memory.
 */
#include "unit.h"

#include "kernel/multiset/ordered_blocks.h"

/* The same by brute force: a sorted array. */
typedef struct Sorted
{
	uint64_t	values[30000];
	size_t		count;
} Sorted;

static size_t
place_in_sorted(const Sorted *sorted, uint64_t value)
{
	size_t		low = 0;
	size_t		high = sorted->count;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (sorted->values[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
insert_sorted(Sorted *sorted, uint64_t value)
{
	size_t		place = place_in_sorted(sorted, value);

	memmove(sorted->values + place + 1, sorted->values + place, (sorted->count - place) * sizeof(uint64_t));
	sorted->values[place] = value;
	sorted->count++;
}

static void
remove_sorted(Sorted *sorted, uint64_t value)
{
	size_t		place = place_in_sorted(sorted, value);

	sorted->count--;
	memmove(sorted->values + place, sorted->values + place + 1, (sorted->count - place) * sizeof(uint64_t));
}

static void
check_all_ranks(const OrderedBlocks *set, const Sorted *sorted, uint64_t seed)
{
	assert_int_equal(set->count, sorted->count);
	for (size_t rank = 0; rank < sorted->count; rank++)
		if (ordered_blocks_at(set, rank) != sorted->values[rank])
			fail_msg("seed %llu: rank %zu of %zu is %llu, not %llu", (unsigned long long) seed, rank, sorted->count,
					 (unsigned long long) ordered_blocks_at(set, rank), (unsigned long long) sorted->values[rank]);
}

static void
check_block_counts(const OrderedBlocks *set)
{
	uint64_t	count = 0;

	for (size_t i = 0; i < set->nblocks; i++)
	{
		assert_true(set->blocks[i].count > 0 || set->nblocks == 1);
		assert_uint_in_range(set->blocks[i].count, 0, set->blocks[i].room);
		count += set->blocks[i].count;
	}
	assert_int_equal(count, set->count);
}

/* A window that grows and shrinks over data of one kind. */
static void
check_moving_window(uint64_t seed)
{
	uint64_t	random = seed;
	uint64_t	kinds = (uint64_t[]) {1, 5, 1000, UINT64_MAX}[next_random(&random) % 4];
	bool		ascending = next_random(&random) % 4 == 0;
	size_t		widest = 1 + next_random(&random) % (seed % 20 == 0 ? 20000 : 2000);
	size_t		rows = 3 * widest + 100;
	uint64_t   *row = malloc(rows * sizeof(uint64_t));
	Sorted	   *sorted = calloc(1, sizeof(Sorted));
	size_t		head = 0;
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	ordered_blocks_init(&set);
	for (size_t i = 0; i < rows; i++)
	{
		size_t		width = next_random(&random) % 50 == 0 ? next_random(&random) % widest : widest;

		row[i] = ascending ? i : next_random(&random) % kinds;
		ordered_blocks_insert(&set, row[i], &host);
		insert_sorted(sorted, row[i]);
		for (; i + 1 - head > width; head++)
		{
			assert_true(ordered_blocks_remove(&set, row[head], &host));
			remove_sorted(sorted, row[head]);
		}
		if (set.count > 0)
		{
			uint64_t	rank = next_random(&random) % set.count;

			if (ordered_blocks_at(&set, rank) != sorted->values[rank])
				fail_msg("seed %llu, row %zu: rank %llu is wrong", (unsigned long long) seed, i,
						 (unsigned long long) rank);
		}
		if (i % (rows / 8) == 0)
		{
			check_all_ranks(&set, sorted, seed);
			check_block_counts(&set);
		}
	}
	ordered_blocks_clear(&set, &host);
	assert_int_equal(held.pieces, 0);
	free(sorted);
	free(row);
}

static void
test_moving_windows(void **state)
{
	(void) state;
	for_each_seed(300, check_moving_window);
}

/* In no order, down to the last one and up again. */
static void
check_any_order(uint64_t seed)
{
	uint64_t	random = seed;
	Sorted	   *sorted = calloc(1, sizeof(Sorted));
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	ordered_blocks_init(&set);
	for (int round = 0; round < 3; round++)
	{
		for (size_t i = next_random(&random) % 3000; i > 0; i--)
		{
			uint64_t	value = next_random(&random) % 10000;

			ordered_blocks_insert(&set, value, &host);
			insert_sorted(sorted, value);
		}
		check_all_ranks(&set, sorted, seed);
		while (sorted->count > (round == 1 ? 100 : 0))
		{
			uint64_t	value = sorted->values[next_random(&random) % sorted->count];

			assert_true(ordered_blocks_remove(&set, value, &host));
			remove_sorted(sorted, value);
			if (sorted->count % 500 == 0)
				check_all_ranks(&set, sorted, seed);
		}
		check_block_counts(&set);
	}
	ordered_blocks_clear(&set, &host);
	assert_int_equal(held.pieces, 0);
	free(sorted);
}

static void
test_any_order(void **state)
{
	(void) state;
	for_each_seed(50, check_any_order);
}

/* Ascending values, some of them equal, fill all blocks; then others come in any order, and all of them go. */
static void
check_ascending(uint64_t seed)
{
	uint64_t	random = seed;
	size_t		count = 1 + next_random(&random) % (seed % 20 == 0 ? 20000 : 2000);
	uint64_t	step = 1 + next_random(&random) % 3;
	bool		descend = next_random(&random) % 2;
	Sorted	   *sorted = calloc(1, sizeof(Sorted));
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	ordered_blocks_init(&set);
	for (size_t i = 0; i < count; i++)
	{
		sorted->values[sorted->count++] = 1000 + i / step;
		ordered_blocks_insert(&set, 1000 + i / step, &host);
		if (set.nblocks != (i + BLOCK_ROOM) / BLOCK_ROOM)
			fail_msg("seed %llu: %zu blocks of %zu values", (unsigned long long) seed, set.nblocks, i + 1);
	}
	check_all_ranks(&set, sorted, seed);
	check_block_counts(&set);

	for (size_t i = 0; i < 1000; i++)
	{
		uint64_t	value = descend ? 1000 + count - i : next_random(&random) % (count + 2000);

		ordered_blocks_insert(&set, value, &host);
		insert_sorted(sorted, value);
	}
	check_all_ranks(&set, sorted, seed);
	check_block_counts(&set);

	while (sorted->count > 0)
	{
		uint64_t	value = sorted->values[next_random(&random) % sorted->count];

		assert_true(ordered_blocks_remove(&set, value, &host));
		remove_sorted(sorted, value);
		if (sorted->count % 500 == 0)
			check_all_ranks(&set, sorted, seed);
	}
	ordered_blocks_clear(&set, &host);
	assert_int_equal(held.pieces, 0);
	free(sorted);
}

static void
test_ascending_values_fill_all_blocks(void **state)
{
	(void) state;
	for_each_seed(100, check_ascending);
}

/* The highest value leaves and comes again, beside a full block; so does another one in its place. */
static void
test_highest_value_comes_and_goes(void **state)
{
	enum {COUNT = 5 * BLOCK_ROOM};
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	(void) state;
	ordered_blocks_init(&set);
	for (uint64_t value = 0; value < COUNT; value++)
		ordered_blocks_insert(&set, value, &host);
	for (uint64_t above = 1; above < 20; above++)
	{
		ordered_blocks_insert(&set, COUNT + above % 3, &host);
		assert_int_equal(set.nblocks, 6);
		assert_int_equal(ordered_blocks_at(&set, COUNT), COUNT + above % 3);
		assert_int_equal(ordered_blocks_at(&set, COUNT - 1), COUNT - 1);
		assert_true(ordered_blocks_remove(&set, COUNT + above % 3, &host));
		assert_int_equal(set.nblocks, 5);
	}
	ordered_blocks_clear(&set, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_does_not_remove_what_is_not_there(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	(void) state;
	ordered_blocks_init(&set);
	assert_false(ordered_blocks_remove(&set, 5, &host));
	for (uint64_t value = 0; value < 2000; value += 2)
		ordered_blocks_insert(&set, value, &host);
	assert_false(ordered_blocks_remove(&set, 1, &host));
	assert_false(ordered_blocks_remove(&set, 1999, &host));
	assert_false(ordered_blocks_remove(&set, UINT64_MAX, &host));
	assert_int_equal(set.count, 1000);
	assert_true(ordered_blocks_remove(&set, 1000, &host));
	assert_false(ordered_blocks_remove(&set, 1000, &host));
	ordered_blocks_clear(&set, &host);
}

/* 28,800 values in the frame, a million having passed; and a single one. */
static void
test_takes_little_memory(void **state)
{
	enum {FRAME = 28800};
	uint64_t	entering = 1;
	uint64_t	leaving = 1;
	Held		held;
	Host		host = counting_host(&held);
	OrderedBlocks set;

	(void) state;
	ordered_blocks_init(&set);
	ordered_blocks_insert(&set, next_random(&entering), &host);
	assert_uint_in_range(held.bytes, 1, 160);
	for (size_t i = 1; i < 1000000; i++)
	{
		ordered_blocks_insert(&set, next_random(&entering), &host);
		if (i >= FRAME)
			ordered_blocks_remove(&set, next_random(&leaving), &host);
	}
	assert_int_equal(set.count, FRAME);
	assert_uint_in_range(held.bytes, FRAME * 8, FRAME * 20);
	ordered_blocks_clear(&set, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moving_windows),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_ascending_values_fill_all_blocks),
		cmocka_unit_test(test_highest_value_comes_and_goes),
		cmocka_unit_test(test_does_not_remove_what_is_not_there),
		cmocka_unit_test(test_takes_little_memory),
	};

	return cmocka_run_group_tests_name("ordered_blocks", tests, NULL, NULL);
}
