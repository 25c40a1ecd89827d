/*
 * test_exact_sum.c
 *	  A sum is rounded once, at its end: it is the double nearest to the true one, in
 *	  whatever order and in however many parts the values come.
 */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "kernel/distribution/exact_sum.h"

typedef struct Term
{
	double		value;
	uint64_t	count;
} Term;

static double
sum_of(const Term *terms, size_t count)
{
	ExactSum	sum;

	exact_sum_init(&sum);
	for (size_t i = 0; i < count; i++)
		exact_sum_add(&sum, terms[i].value, terms[i].count);
	return exact_sum_round(&sum);
}

/* Equal, and of one sign if 0. */
static void
assert_same(const char *what, double sum, double expected)
{
	if (memcmp(&sum, &expected, sizeof(sum)) != 0)
		fail_msg("%s: the sum is %a, not %a", what, sum, expected);
}

/* ----------------------------------------------------------------------
 * Known sums
 * ----------------------------------------------------------------------
 */

#define ULP_OF_MAX	0x1p971		/* DBL_MAX + ULP_OF_MAX is 2^1024 */
#define MOST_TERMS	5

/* Each ends with a count of 0, or is full. */
static const struct
{
	const char *what;
	double		sum;
	Term		terms[MOST_TERMS];
} known[] = {
	{"of nothing", 0, {{0, 0}}},
	{"of zeros", 0, {{0, 5}, {-0.0, 1}}},
	{"of a negative zero", 0, {{-0.0, 3}}},
	{"1e16 + 1 - 1e16, which is 0 in doubles", 1, {{1e16, 1}, {1, 1}, {-1e16, 1}}},
	{"1e300 + 1e-300 - 1e300", 1e-300, {{1e300, 1}, {1e-300, 1}, {-1e300, 1}}},
	{"ten times 0.1, which added in doubles is below 1", 1, {{0.1, 10}}},
	{"cancels", 0, {{0.1, 3}, {-0.1, 1}, {-0.1, 2}}},
	{"cancels from far apart", 0, {{DBL_MAX, 2}, {DBL_TRUE_MIN, 7}, {-DBL_MAX, 2}, {-DBL_TRUE_MIN, 7}}},
	{"negative", -3.5, {{-5, 1}, {1.5, 1}}},
	{"negative by the smallest", -DBL_TRUE_MIN, {{1e300, 1}, {-1e300, 1}, {-DBL_TRUE_MIN, 1}}},

	{"half-way, and 1 is even", 1, {{1, 1}, {0x1p-53, 1}}},
	{"half-way, and 1 + epsilon is odd", 1 + 2 * DBL_EPSILON, {{1 + DBL_EPSILON, 1}, {0x1p-53, 1}}},
	{"above half-way by the smallest", 1 + DBL_EPSILON, {{1, 1}, {0x1p-53, 1}, {DBL_TRUE_MIN, 1}}},
	{"below half-way by the smallest", 1 + DBL_EPSILON, {{1 + DBL_EPSILON, 1}, {0x1p-53, 1}, {-DBL_TRUE_MIN, 1}}},
	{"negative half-way", -1, {{-1, 1}, {-0x1p-53, 1}}},
	{"negative beyond half-way", -1 - DBL_EPSILON, {{-1, 1}, {-0x1p-53, 1}, {-DBL_TRUE_MIN, 1}}},
	{"half-way at 2^53", 0x1p53, {{0x1p53, 1}, {1, 1}}},
	{"beyond half-way at 2^53", 0x1p53 + 2, {{0x1p53, 1}, {1, 1}, {1e-9, 1}}},
	{"half-way across limbs", 0x1p86, {{0x1p86, 1}, {0x1p33, 1}}},
	{"rounded up to a power of two", 2, {{2 - DBL_EPSILON, 1}, {0x1p-53, 1}}},

	{"subnormal", 7 * DBL_TRUE_MIN, {{DBL_TRUE_MIN, 3}, {DBL_TRUE_MIN, 4}}},
	{"from subnormal to normal", DBL_MIN, {{DBL_MIN / 2, 2}}},
	{"from normal to subnormal", DBL_MIN / 2, {{DBL_MIN, 1}, {-DBL_MIN / 2, 1}}},
	{"just below normal", DBL_MIN - DBL_TRUE_MIN, {{DBL_MIN, 1}, {-DBL_TRUE_MIN, 1}}},
	{"subnormal, very often", 0x1p-1012, {{DBL_TRUE_MIN, UINT64_C(1) << 62}}},

	{"the largest", DBL_MAX, {{DBL_MAX, 1}}},
	{"below half-way beyond the largest", DBL_MAX, {{DBL_MAX, 1}, {ULP_OF_MAX / 2, 1}, {-DBL_TRUE_MIN, 1}}},
	{"half-way beyond the largest", INFINITY, {{DBL_MAX, 1}, {ULP_OF_MAX / 2, 1}}},
	{"half-way beyond the lowest", -INFINITY, {{-DBL_MAX, 1}, {-ULP_OF_MAX / 2, 1}}},
	{"beyond the largest, and back", DBL_MAX, {{DBL_MAX, 2}, {DBL_MAX, 1}, {-DBL_MAX, 2}}},
	{"twice the largest", INFINITY, {{DBL_MAX, 2}}},
	{"the lowest, very often", -INFINITY, {{-DBL_MAX, INT64_MAX}}},
	{"the largest very often, and back", 1.5, {{DBL_MAX, UINT64_C(1) << 62}, {1.5, 1}, {-DBL_MAX, UINT64_C(1) << 61},
	{-DBL_MAX, UINT64_C(1) << 61}}},

	{"2^62 times 3", 0x3p62, {{3, UINT64_C(1) << 62}}},
	{"2^62 + 1 times 1", 0x1p62, {{1, (UINT64_C(1) << 62) + 1}}},
	{"2^63 - 1 times -1", -0x1p63, {{-1, INT64_MAX}}},
	{"2^63 - 1 times 1, but for all but one", 1, {{1, INT64_MAX}, {-1, INT64_MAX - 1}}},
};

static void
test_known_sums(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		size_t		count = 0;

		while (count < MOST_TERMS && known[i].terms[count].count > 0)
			count++;
		assert_same(known[i].what, sum_of(known[i].terms, count), known[i].sum);
	}
}

/* ----------------------------------------------------------------------
 * Sums by other means
 * ----------------------------------------------------------------------
 */

/* Integers of 128 bits, whose conversion rounds to the nearest even double. */
static void
check_integers(uint64_t seed)
{
	uint64_t	random = seed;
	size_t		count = 1 + next_random(&random) % 200;
	int			value_bits = 1 + next_random(&random) % 53;
	int			count_bits = 1 + next_random(&random) % 55;
	int			exponent = (int) (next_random(&random) % 1600) - 900;
	__int128	expected = 0;
	ExactSum	sum;

	exact_sum_init(&sum);
	for (size_t i = 0; i < count; i++)
	{
		int64_t		value = next_random(&random) >> (64 - value_bits);
		uint64_t	times = 1 + (next_random(&random) >> (64 - count_bits));

		if (next_random(&random) % 2)
			value = -value;
		exact_sum_add(&sum, ldexp((double) value, exponent), times);
		expected += (__int128) value * times;
	}
	if (exact_sum_round(&sum) != ldexp((double) expected, exponent))
		fail_msg("seed %llu: %zu integers of %d bits at 2^%d are not their sum", (unsigned long long) seed, count,
				 value_bits, exponent);
}

static void
test_equals_integer_sums(void **state)
{
	(void) state;
	for_each_seed(3000, check_integers);
}

/*
 * Jonathan Shewchuk's sum, as Python's math.fsum() has it: parts that do not overlap
 * are together the sum, the largest last.
 */
static double
shewchuk_sum(const double *values, size_t count)
{
	double		parts[64];
	size_t		nparts = 0;
	double		high = 0;
	double		low = 0;

	for (size_t i = 0; i < count; i++)
	{
		double		x = values[i];
		size_t		kept = 0;

		for (size_t p = 0; p < nparts; p++)
		{
			double		larger = fabs(x) < fabs(parts[p]) ? parts[p] : x;
			double		smaller = fabs(x) < fabs(parts[p]) ? x : parts[p];

			x = larger + smaller;
			if (smaller - (x - larger) != 0)
				parts[kept++] = smaller - (x - larger);
		}
		parts[kept++] = x;
		nparts = kept;
	}

	while (nparts > 0 && low == 0)
	{
		double		x = high;

		high = x + parts[--nparts];
		low = parts[nparts] - (high - x);
	}

	/* Half-way: the rest decides. */
	if (nparts > 0 && ((low < 0 && parts[nparts - 1] < 0) || (low > 0 && parts[nparts - 1] > 0)))
	{
		double		x = high + 2 * low;

		if (2 * low == x - high)
			high = x;
	}
	return high;
}

static double
random_double(uint64_t *random, int exponents)
{
	double		value = ldexp(next_uniform(random), (int) (next_random(random) % exponents) - exponents / 2);

	return next_random(random) % 2 ? value : -value;
}

static void
check_doubles(uint64_t seed)
{
	static const int exponents[] = {1, 4, 60, 200, 1900};
	uint64_t	random = seed;
	int			spread = exponents[next_random(&random) % 5];
	size_t		count = 1 + next_random(&random) % 100;
	size_t		cancelling = seed % 2 ? count / 3 * 2 : 0;
	double		values[200];
	ExactSum	sum;
	double		expected;

	/* Half of the time the large ones cancel, so that the small ones show. */
	for (size_t i = 0; i < count; i++)
		values[i] = random_double(&random, spread);
	for (size_t i = 0; i < cancelling; i++)
		values[count++] = -values[i];

	exact_sum_init(&sum);
	for (size_t i = 0; i < count; i++)
		exact_sum_add(&sum, values[i], 1);
	expected = shewchuk_sum(values, count);
	if (exact_sum_round(&sum) != expected)
		fail_msg("seed %llu: %zu doubles are not %a", (unsigned long long) seed, count, expected);
}

static void
test_equals_shewchuk_sums(void **state)
{
	(void) state;
	for_each_seed(3000, check_doubles);
}

/* ----------------------------------------------------------------------
 * Order and parts
 * ----------------------------------------------------------------------
 */

static double
random_value(uint64_t *random)
{
	static const double edges[] = {DBL_MAX, -DBL_MAX, DBL_TRUE_MIN, -DBL_TRUE_MIN, DBL_MIN, 0.1, 1e16, -1e16, 1};

	return next_random(random) % 4 == 0 ? edges[next_random(random) % 9] : random_double(random, 2000);
}

static void
check_order_and_parts(uint64_t seed)
{
	uint64_t	random = seed;
	size_t		count = 1 + next_random(&random) % 50;
	Term		terms[300];
	Term		opposite[300];
	double		expected;

	for (size_t i = 0; i < count; i++)
		terms[i] = (Term) {random_value(&random), 1 + (next_random(&random) >> (8 + next_random(&random) % 56))};
	expected = sum_of(terms, count);

	/* Parts of counts, one after the other; then all in another order. */
	while (count < 300)
	{
		Term	   *term = &terms[next_random(&random) % count];
		uint64_t	part = next_random(&random) % (term->count + 1);

		term->count -= part;
		terms[count++] = (Term) {term->value, part};
	}
	for (size_t i = count - 1; i > 0; i--)
	{
		size_t		other = next_random(&random) % (i + 1);
		Term		term = terms[i];

		terms[i] = terms[other];
		terms[other] = term;
	}
	for (size_t i = 0; i < count; i++)
		opposite[i] = (Term) {-terms[i].value, terms[i].count};

	if (sum_of(terms, count) != expected)
		fail_msg("seed %llu: in other parts the sum is %a, not %a", (unsigned long long) seed, sum_of(terms, count),
				 expected);
	if (sum_of(opposite, count) != -expected)
		fail_msg("seed %llu: the sum of the opposites is %a, not that of %a", (unsigned long long) seed,
				 sum_of(opposite, count), expected);
}

static void
test_same_in_any_order_and_parts(void **state)
{
	(void) state;
	for_each_seed(2000, check_order_and_parts);
}

/* The carries of a billion additions move on from a limb, and nothing is lost. */
static void
test_carries_in_time(void **state)
{
	const double values[] = {-DBL_TRUE_MIN, -1e16, 1, 1e300, DBL_MAX};

	(void) state;
	for (int i = 0; i < 5; i++)
	{
		ExactSum	sum;

		exact_sum_init(&sum);
		exact_sum_add(&sum, values[i], 3);
		exact_sum_add(&sum, -1.5, UINT64_C(1) << 61);
		sum.additions = (UINT64_C(1) << 30) - 1;
		exact_sum_add(&sum, values[i], 1);
		assert_int_equal(sum.additions, 0);
		exact_sum_add(&sum, 1.5, UINT64_C(1) << 61);
		exact_sum_add(&sum, -values[i], 3);
		assert_same("after a carry", exact_sum_round(&sum), values[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_sums),
		cmocka_unit_test(test_equals_integer_sums),
		cmocka_unit_test(test_equals_shewchuk_sums),
		cmocka_unit_test(test_same_in_any_order_and_parts),
		cmocka_unit_test(test_carries_in_time),
	};

	return cmocka_run_group_tests_name("exact_sum", tests, NULL, NULL);
}
