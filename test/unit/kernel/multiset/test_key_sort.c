/*
 * test_key_sort.c
 *	  Keys are sorted, whatever their number and whichever of their bits differ.
 */
#include "unit.h"

#include "kernel/multiset/key_sort.h"
#include "kernel/multiset/order_key.h"

/* Fewer than 65536 keys are sorted by narrow digits, more by wide ones. */
static const size_t large_counts[] = {1000, 65535, 65536, 70000, 100001};

#define LARGE_COUNTS	(sizeof(large_counts) / sizeof(large_counts[0]))

/* Makes the i-th of count keys. */
typedef uint64_t (*KeyMaker) (uint64_t i, uint64_t count, uint64_t *random);

static uint64_t
any_bits(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i, (void) count;
	return next_random(random);
}

static uint64_t
ascending(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) count, (void) random;
	return key_of_double(i);
}

static uint64_t
descending(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) random;
	return key_of_double(count - i);
}

static uint64_t
all_equal(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i, (void) count, (void) random;
	return UINT64_C(0x0123456789ABCDEF);
}

/* The last key belongs first; the others are in order. */
static uint64_t
last_is_lowest(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) random;
	return i + 1 == count ? 0 : i + 1;
}

/* Differ in bits 0, 31, 32 and 63, which no digit has together. */
static uint64_t
few_bits(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i, (void) count;
	return next_random(random) & UINT64_C(0x8000000180000001);
}

static uint64_t
highest_bit(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i, (void) count;
	return (next_random(random) & SIGN_BIT) | 42;
}

/* Nine and twelve bits in a row: one more than a digit has. */
static uint64_t
middle_bits(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i;
	return next_random(random) & (count % 2 ? UINT64_C(0x1FF) << 30 : UINT64_C(0xFFF) << 30);
}

static uint64_t
extremes(uint64_t i, uint64_t count, uint64_t *random)
{
	static const uint64_t keys[] = {0, 1, SIGN_BIT - 1, SIGN_BIT, SIGN_BIT + 1, UINT64_MAX - 1, UINT64_MAX};

	(void) i, (void) count;
	return keys[next_random(random) % (sizeof(keys) / sizeof(keys[0]))];
}

static uint64_t
whole_seconds(uint64_t i, uint64_t count, uint64_t *random)
{
	(void) i, (void) count;
	return key_of_double(next_random(random) % 1000000);
}

static const struct
{
	const char *name;
	KeyMaker	make;
} orders[] = {
	{"any bits", any_bits},
	{"ascending", ascending},
	{"descending", descending},
	{"all equal", all_equal},
	{"last is lowest", last_is_lowest},
	{"few bits", few_bits},
	{"highest bit", highest_bit},
	{"middle bits", middle_bits},
	{"extremes", extremes},
	{"whole seconds", whole_seconds},
};

#define ORDERS	(sizeof(orders) / sizeof(orders[0]))

static int
compare_keys(const void *left, const void *right)
{
	uint64_t	a = *(const uint64_t *) left;
	uint64_t	b = *(const uint64_t *) right;

	return (a > b) - (a < b);
}

/* In memory of exactly their size, so that the sanitizer sees every access beyond it. */
static void
check_sort(size_t order, size_t count, uint64_t seed)
{
	uint64_t	random = seed;
	uint64_t   *keys = malloc(count * sizeof(uint64_t) + (count == 0));
	uint64_t   *expected = malloc(count * sizeof(uint64_t) + (count == 0));
	Held		held;
	Host		host = counting_host(&held);

	for (size_t i = 0; i < count; i++)
		expected[i] = keys[i] = orders[order].make(i, count, &random);
	qsort(expected, count, sizeof(uint64_t), compare_keys);

	key_sort(keys, count, &host);
	for (size_t i = 0; i < count; i++)
		if (keys[i] != expected[i])
			fail_msg("seed %llu: of %zu keys (%s), the one at %zu is %016llx, not %016llx", (unsigned long long) seed,
					 count, orders[order].name, i, (unsigned long long) keys[i], (unsigned long long) expected[i]);
	assert_int_equal(held.pieces, 0);
	assert_uint_in_range(held.most_bytes, 0, count * sizeof(uint64_t));
	free(keys);
	free(expected);
}

static void
check_small_counts(uint64_t seed)
{
	for (size_t order = 0; order < ORDERS; order++)
		for (size_t count = 0; count <= 200; count++)
			check_sort(order, count, seed);
}

static void
test_sorts_few_keys(void **state)
{
	(void) state;
	for_each_seed(10, check_small_counts);
}

static void
check_large_counts(uint64_t seed)
{
	for (size_t order = 0; order < ORDERS; order++)
		for (size_t i = 0; i < LARGE_COUNTS; i++)
			check_sort(order, large_counts[i], seed);
}

static void
test_sorts_many_keys(void **state)
{
	(void) state;
	for_each_seed(3, check_large_counts);
}

/* Keys that differ in one bit alone, whichever it is. */
static void
test_sorts_by_each_bit(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	uint64_t	keys[100];

	(void) state;
	for (int bit = 0; bit < 64; bit++)
	{
		for (size_t i = 0; i < 100; i++)
			keys[i] = (uint64_t) (i % 3 == 0) << bit;
		key_sort(keys, 100, &host);
		for (size_t i = 0; i < 100; i++)
			if (keys[i] != (uint64_t) (i >= 66) << bit)
				fail_msg("bit %d: the key at %zu is %016llx", bit, i, (unsigned long long) keys[i]);
	}
	assert_int_equal(held.pieces, 0);
}

/* Data that comes sorted is read once, and takes no memory. */
static void
test_takes_no_memory_for_sorted_keys(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	uint64_t   *keys = malloc(70000 * sizeof(uint64_t));

	(void) state;
	for (uint64_t i = 0; i < 70000; i++)
		keys[i] = key_of_double(i / 2);
	key_sort(keys, 70000, &host);
	assert_int_equal(held.most_bytes, 0);
	free(keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorts_few_keys),
		cmocka_unit_test(test_sorts_many_keys),
		cmocka_unit_test(test_sorts_by_each_bit),
		cmocka_unit_test(test_takes_no_memory_for_sorted_keys),
	};

	return cmocka_run_group_tests_name("key_sort", tests, NULL, NULL);
}
