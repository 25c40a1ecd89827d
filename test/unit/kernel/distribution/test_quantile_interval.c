/*
 * test_quantile_interval.c
 *	  Tails of the binomial distribution are the sums of its chances, and those that R
 *	  computes where nobody can sum; the limits of a quantile and of a share are those of
 *	  their definition.
 */
#include <float.h>
#include <math.h>

#include "unit.h"

#include "kernel/distribution/binomial.h"
#include "kernel/distribution/quantile_interval.h"

static const Host *
host_of_test(void)
{
	static Held held;
	static Host host;

	host = counting_host(&held);
	return &host;
}

static void
assert_close(const char *what, double found, double expected, double error)
{
	if (!(fabs(found - expected) <= error * fabs(expected)))
		fail_msg("%s is %.17g, not %.17g", what, found, expected);
}

/* ----------------------------------------------------------------------
 * Sums, up to 60 trials
 * ----------------------------------------------------------------------
 */

#define MOST_SUMMED		60

static const double grid[] = {
	0, DBL_TRUE_MIN, 1e-300, 1e-17, 1e-9, 0.001, 0.01, 0.05, 0.1, 0.2, 0.25, 1 / 3.0, 0.4, 0.45, 0.5,
	0.55, 0.6, 2 / 3.0, 0.75, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9, 1 - DBL_EPSILON, 1
};

#define IN_GRID			((int) (sizeof(grid) / sizeof(grid[0])))

/* The chance of each number of successes. */
static void
chances_of(int n, double p, long double *chances)
{
	for (int k = 0; k <= n; k++)
	{
		chances[k] = powl(p, k) * powl(1 - (long double) p, n - k);
		for (int i = 1; i <= k; i++)
			chances[k] = chances[k] * (n - k + i) / i;
	}
}

/* The smallest first, so that little is lost. */
static long double
sum_of(const long double *chances, int from, int to)
{
	long double sum = 0;

	for (int i = 0; i <= to - from; i++)
		sum += chances[from] < chances[to] ? chances[from + i] : chances[to - i];
	return sum;
}

/* A tiny tail is the exponential function of a large number. */
static long double
error_of(long double tail)
{
	return (tail > 1e-10L ? 2e-14L : 1e-12L) * tail + DBL_MIN;
}

static void
test_tails_are_sums(void **state)
{
	long double chances[MOST_SUMMED + 1];
	int			tails = 0;

	(void) state;
	for (int n = 1; n <= MOST_SUMMED; n++)
		for (int i = 0; i < IN_GRID; i++)
		{
			Trials		trials = {n, grid[i], 1 - grid[i]};

			chances_of(n, grid[i], chances);
			for (int k = 0; k <= n; k++, tails += 2)
			{
				long double above = sum_of(chances, k, n);
				long double below = sum_of(chances, 0, k);

				if (fabsl(binomial_at_least(k, trials, host_of_test()) - above) > error_of(above))
					fail_msg("at least %d of %d at %g: %.17g, not %.17Lg", k, n, grid[i],
							 binomial_at_least(k, trials, host_of_test()), above);
				if (fabsl(binomial_at_most(k, trials, host_of_test()) - below) > error_of(below))
					fail_msg("at most %d of %d at %g: %.17g, not %.17Lg", k, n, grid[i],
							 binomial_at_most(k, trials, host_of_test()), below);
			}
		}
	assert_true(tails > 90000);
}

static void
test_ranks_are_those_of_the_definition(void **state)
{
	static const double confidences[] = {0.5, 0.6, 0.75, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-9};
	long double chances[MOST_SUMMED + 1];

	(void) state;
	for (int n = 1; n <= MOST_SUMMED; n++)
		for (int i = 0; i < IN_GRID; i++)
		{
			chances_of(n, grid[i], chances);
			for (int c = 0; c < 9; c++)
			{
				long double most = (1 - (long double) confidences[c]) / 2 * (1 + 1e-12L);
				RankInterval found = quantile_ranks(n, grid[i], confidences[c], host_of_test());
				int			lower = 0;
				int			upper = n + 1;

				while (lower < n && sum_of(chances, 0, lower) <= most)
					lower++;
				while (upper > 1 && sum_of(chances, upper - 1, n) <= most)
					upper--;
				if (found.lower != lower || found.upper != upper)
					fail_msg("n = %d, p = %g, %g: %d to %d, not %d to %d", n, grid[i], confidences[c], (int) found.lower,
							 (int) found.upper, lower, upper);
				assert_true(fabsl(found.coverage - (lower < upper ? sum_of(chances, lower, upper - 1) : 0)) < 1e-13L);
				assert_true(found.coverage >= confidences[c] - 1e-12);
			}
		}
}

/* ----------------------------------------------------------------------
 * What R 4.2.2 has: pbinom(), qbinom(), binom.test()
 * ----------------------------------------------------------------------
 */

/*
 * From a billion trials on, the rounding of n p to a double shows in the last digits, in R
 * as here.
 */
static void
test_large_tails_are_those_of_r(void **state)
{
	static const struct
	{
		uint64_t	k;
		uint64_t	n;
		double		p;
		double		tail;
	}			known[] = {
		{600, 1000, 0.5, 1.3642320780330136e-10},
		{990, 1000, 0.95, 2.7977985614855616e-12},
		{50200, 1000000, 0.05, 0.17996963722785195},
		{1000100, 2000000, 0.5, 0.44404784610427667},
		{500100000, 1000000000, 0.5, 1.2700741798772775e-10},
		{3, 1000000000, 1e-9, 0.080301396979424289},
		{11, 1000000000, 1e-9, 1.0047765919491259e-08},
		{940020000, 1000000000, 0.94, 0.0038704077036187706},
		{4000000, 4000000000, 1e-3, 0.50006659017398469},
		{500001000000, 1000000000000, 0.5, 0.022750185939172708},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		Trials		trials = {known[i].n, known[i].p, 1 - known[i].p};

		assert_close("tail", binomial_at_least(known[i].k, trials, host_of_test()), known[i].tail, 1e-10);
		assert_close("rest", binomial_at_most(known[i].k - 1, trials, host_of_test()), 1 - known[i].tail, 1e-10);
	}
}

static void
test_ranks_are_those_of_r(void **state)
{
	static const struct
	{
		uint64_t	n;
		double		p;
		double		confidence;
		RankInterval ranks;
	}			known[] = {
		{5, 0.5, 0.95, {0, 6, 1}},
		{10, 0.5, 0.95, {2, 9, 0.978515625}},
		{27, 0.5, 0.95, {8, 20, 0.9808427095413208}},
		{59, 0.95, 0.9, {53, 59, 0.92413361734093669}},
		{100, 0.5, 0.95, {40, 61, 0.96479979978229524}},
		{100, 0.9, 0.95, {84, 96, 0.95569010719122305}},
		{1000, 0.5, 0.95, {469, 532, 0.95370880263950175}},
		{1000000, 0.5, 0.95, {499020, 500981, 0.95012103134763182}},
		{1000000, 0.95, 0.95, {949572, 950428, 0.95044681204871784}},
		{1000000000, 0.5, 0.95, {499969010, 500030991, 0.95000553244275432}},
		{1000000000, 0.95, 0.99, {949982246, 950017753, 0.99000344728155554}},
		{1000000000, 1e-8, 0.95, {4, 18, 0.97538633643859751}},
		{4000000000, 0.999, 0.95, {3995996082, 3996003918, 0.95000190361917214}},
		{1000000000000, 0.5, 0.95, {499999020018, 500000979983, 0.95000011869719092}},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		RankInterval found = quantile_ranks(known[i].n, known[i].p, known[i].confidence, host_of_test());

		if (found.lower != known[i].ranks.lower || found.upper != known[i].ranks.upper)
			fail_msg("of %llu at %g: %llu to %llu", (unsigned long long) known[i].n, known[i].p,
					 (unsigned long long) found.lower, (unsigned long long) found.upper);
		assert_close("coverage", found.coverage, known[i].ranks.coverage, 1e-10);
	}
}

static void
test_shares_are_those_of_r(void **state)
{
	static const struct
	{
		uint64_t	k;
		uint64_t	n;
		double		confidence;
		ShareInterval limits;
	}			known[] = {
		{0, 10, 0.95, {0, 0.308497107818761}},
		{10, 10, 0.95, {0.691502892181239, 1}},
		{4, 20, 0.95, {0.0573339970500328, 0.436614002996668}},
		{1, 3, 0.95, {0.00840375865961264, 0.905700675949754}},
		{50, 100, 0.99, {0.368861437358924, 0.631138562641076}},
		{748, 1000, 0.95, {0.719884967575382, 0.774646554826521}},
		{1, 1000000, 0.95, {2.53178076637942e-08, 5.57163065517224e-06}},
		{450000, 1000000, 0.9, {0.449181303341436, 0.450818910526508}},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		ShareInterval found = share_limits(known[i].k, known[i].n, known[i].confidence, host_of_test());

		assert_close("lower limit", found.lower, known[i].limits.lower, 1e-13);
		assert_close("upper limit", found.upper, known[i].limits.upper, 1e-13);
	}
}

/* ----------------------------------------------------------------------
 * Any size
 * ----------------------------------------------------------------------
 */

/* Innermost: each tail is small enough, and that of one value further in is not. */
static void
check_ranks(uint64_t seed)
{
	uint64_t	random = seed;
	uint64_t	n = 1 + (next_random(&random) >> (11 + next_random(&random) % 53));
	double		p = seed % 3 == 0 ? exp(-30 * next_uniform(&random)) : next_uniform(&random);
	double		confidence = 1 - exp(-20 * next_uniform(&random)) / 2;
	Trials		trials = {n, p, 1 - p};
	double		most = (1 - confidence) / 2;
	RankInterval found = quantile_ranks(n, p, confidence, host_of_test());
	RankInterval wider = quantile_ranks(n, p, 0.5 + confidence / 2, host_of_test());

	if (found.lower > found.upper || found.upper > n + 1 ||
		(found.lower > 0 && binomial_at_most(found.lower - 1, trials, host_of_test()) > most * (1 + 1e-9)) ||
		binomial_at_least(found.upper, trials, host_of_test()) > most * (1 + 1e-9) ||
		binomial_at_most(found.lower, trials, host_of_test()) < most * (1 - 1e-9) ||
		binomial_at_least(found.upper - 1, trials, host_of_test()) < most * (1 - 1e-9) ||
		found.coverage < confidence - 1e-9 || wider.lower > found.lower || wider.upper < found.upper)
		fail_msg("seed %llu: n = %llu, p = %g, %g: %llu to %llu, coverage %g", (unsigned long long) seed,
				 (unsigned long long) n, p, confidence, (unsigned long long) found.lower,
				 (unsigned long long) found.upper, found.coverage);
}

static void
test_ranks_of_any_size_are_the_innermost(void **state)
{
	(void) state;
	for_each_seed(2000, check_ranks);
}

/* At each limit the tail is half of 1 - confidence. */
static void
check_shares(uint64_t seed)
{
	uint64_t	random = seed;
	uint64_t	n = 1 + (next_random(&random) >> (30 + next_random(&random) % 34));
	uint64_t	k = next_random(&random) % (n + 1);
	double		confidence = 1 - exp(-10 * next_uniform(&random)) / 2;
	double		most = (1 - confidence) / 2;
	ShareInterval found = share_limits(k, n, confidence, host_of_test());
	Trials		at_lower = {n, found.lower, 1 - found.lower};
	Trials		at_upper = {n, found.upper, 1 - found.upper};
	double		share = (double) k / n;

	if (found.lower > share || found.upper < share || (k == 0) != (found.lower == 0) || (k == n) != (found.upper == 1))
		fail_msg("seed %llu: %llu of %llu: %g to %g", (unsigned long long) seed, (unsigned long long) k,
				 (unsigned long long) n, found.lower, found.upper);
	if (k > 0)
		assert_close("lower tail", binomial_at_least(k, at_lower, host_of_test()), most, 1e-6);
	if (k < n)
		assert_close("upper tail", binomial_at_most(k, at_upper, host_of_test()), most, 1e-6);
}

static void
test_shares_of_any_size_leave_half_on_each_side(void **state)
{
	(void) state;
	for_each_seed(500, check_shares);
}

/* Beyond 2^53 counts are not exact any more, but ranks are ranks, and found in no time. */
static void
test_the_most_values(void **state)
{
	static const double confidences[] = {0.5, 0.95, 1 - DBL_EPSILON / 2};

	(void) state;
	for (uint64_t n = INT64_MAX - 1; n <= INT64_MAX; n++)
		for (int i = 0; i < IN_GRID; i++)
			for (int c = 0; c < 3; c++)
			{
				RankInterval found = quantile_ranks(n, grid[i], confidences[c], host_of_test());
				ShareInterval share = share_limits(n / 3, n, confidences[c], host_of_test());

				assert_true(found.lower <= found.upper && found.upper <= n + 1);
				assert_true(found.coverage >= 0 && found.coverage <= 1);
				assert_true(share.lower <= share.upper && fabs(share.lower - 1 / 3.0) < 1e-8);
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tails_are_sums),
		cmocka_unit_test(test_ranks_are_those_of_the_definition),
		cmocka_unit_test(test_large_tails_are_those_of_r),
		cmocka_unit_test(test_ranks_are_those_of_r),
		cmocka_unit_test(test_shares_are_those_of_r),
		cmocka_unit_test(test_ranks_of_any_size_are_the_innermost),
		cmocka_unit_test(test_shares_of_any_size_leave_half_on_each_side),
		cmocka_unit_test(test_the_most_values),
	};

	return cmocka_run_group_tests_name("quantile_interval", tests, NULL, NULL);
}
