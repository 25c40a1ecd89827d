/*
 * test_order_key.c
 *	  Keys are in the order of their values, and become those values again.
 */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "kernel/multiset/order_key.h"

/* Ascending, as PostgreSQL orders doubles. */
static const double ascending[] = {
	-INFINITY, -DBL_MAX, -1e300, -86400.5, -1.0 - DBL_EPSILON, -1.0, -0.1, -DBL_MIN, -DBL_MIN / 2,
	-DBL_TRUE_MIN, 0.0, DBL_TRUE_MIN, DBL_MIN / 2, DBL_MIN, 0.1, 1.0, 1.0 + DBL_EPSILON, 86400.5, 1e300,
	DBL_MAX, INFINITY, NAN
};

static void
test_known_order(void **state)
{
	size_t		count = sizeof(ascending) / sizeof(ascending[0]);

	(void) state;
	for (size_t i = 1; i < count; i++)
		if (key_of_double(ascending[i - 1]) >= key_of_double(ascending[i]))
			fail_msg("the key of %g is not below the key of %g", ascending[i - 1], ascending[i]);
}

static void
test_zeros_are_equal(void **state)
{
	(void) state;
	assert_int_equal(key_of_double(-0.0), key_of_double(0.0));
	assert_false(signbit(double_of_key(key_of_double(-0.0))));
}

static double
double_of_bits(uint64_t bits)
{
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void
test_nans_are_equal(void **state)
{
	static const uint64_t nans[] = {
		UINT64_C(0x7FF8000000000000), UINT64_C(0xFFF8000000000000), UINT64_C(0x7FF0000000000001),
		UINT64_C(0xFFFFFFFFFFFFFFFF)
	};

	(void) state;
	for (size_t i = 0; i < sizeof(nans) / sizeof(nans[0]); i++)
		if (key_of_double(double_of_bits(nans[i])) != KEY_OF_NAN)
			fail_msg("NaN of the bits %016llx has another key", (unsigned long long) nans[i]);
	assert_true(isnan(double_of_key(KEY_OF_NAN)));
}

static void
check_random_doubles(uint64_t seed)
{
	uint64_t	random = seed;

	for (int i = 0; i < 10000; i++)
	{
		double		a = double_of_bits(next_random(&random));
		double		b = double_of_bits(next_random(&random));

		if (isnan(a) || isnan(b))
			continue;
		if ((a < b) != (key_of_double(a) < key_of_double(b)))
			fail_msg("seed %llu: %g and %g have keys in another order", (unsigned long long) seed, a, b);
		if (double_of_key(key_of_double(a)) != a)
			fail_msg("seed %llu: the key of %.17g leads elsewhere", (unsigned long long) seed, a);
	}
}

static void
test_random_doubles(void **state)
{
	(void) state;
	for_each_seed(50, check_random_doubles);
}

static void
test_integers(void **state)
{
	static const int64_t integers[] = {INT64_MIN, INT64_MIN + 1, -86400000000, -1, 0, 1, 86400000000, INT64_MAX};

	(void) state;
	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
	{
		assert_true(int64_of_key(key_of_int64(integers[i])) == integers[i]);
		if (i > 0)
			assert_true(key_of_int64(integers[i - 1]) < key_of_int64(integers[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_order),
		cmocka_unit_test(test_zeros_are_equal),
		cmocka_unit_test(test_nans_are_equal),
		cmocka_unit_test(test_random_doubles),
		cmocka_unit_test(test_integers),
	};

	return cmocka_run_group_tests_name("order_key", tests, NULL, NULL);
}
