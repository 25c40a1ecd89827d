/*
 * quantile_interval.c
 *	  Confidence intervals of a quantile and of a share that are exact for every
 *	  distribution of the values.
 *
 * Values are a sample of what could have been.  Each of them is at most the true quantile
 * of p with a chance of p, so the number B of those that are is binomial, whatever the
 * values are.  The true quantile lies from the l-th value in order up to the u-th one if
 * l <= B < u:
 *
 *	  n = 10, p = 0.5		P(B < 2) = 0.011		P(B >= 9) = 0.011
 *	  values in order		1  [2   3   4   5   6   7   8   9]  10
 *
 * (W. J. Conover, "Practical Nonparametric Statistics", 3rd edition, 1999, 3.2; Gerald J.
 * Hahn and William Q. Meeker, "Statistical Intervals", 1991, 5.2.)  The limits are the
 * innermost values at which each tail is at most half of 1 - confidence.  Values that are
 * equal only make it surer.
 *
 * The interval of a share is the same read the other way: the chances p at which k
 * successes of n are in neither tail (C. J. Clopper and E. S. Pearson, "The Use of
 * Confidence or Fiducial Limits Illustrated in the Case of the Binomial", 1934).
 *
 * Both are found by bisection, because tails only fall.
 */
#include <math.h>
#include <stdbool.h>

#include "kernel/distribution/binomial.h"
#include "kernel/distribution/quantile_interval.h"

/* Tails that are equal to half of 1 - confidence must not miss it by their rounding. */
#define ROUNDING	1e-12

static double
largest_tail(double confidence)
{
	return (1 - confidence) / 2 * (1 + ROUNDING);
}

/*
 * The smallest k at which the chance of at least k is at most this; n + 1 if there is none.
 * Goes away from the mean by one standard deviation, two more, four more ..., then bisects.
 */
static uint64_t
first_in_tail(Trials trials, double most, const Host *host)
{
	uint64_t	too_low = 0;
	uint64_t	high = trials.n + 1;
	uint64_t	mean = (uint64_t) (trials.n * trials.p);
	uint64_t	step = 1 + (uint64_t) sqrt(trials.n * trials.p * trials.q);
	uint64_t	k = trials.n - step < mean || trials.n < step ? trials.n : mean + step;

	while (high - too_low > 1)
	{
		if (binomial_at_least(k, trials, host) <= most)
			high = k;
		else
			too_low = k;
		step *= 2;
		k = high <= trials.n || trials.n - too_low < step ? too_low + (high - too_low) / 2 : too_low + step;
	}
	return high;
}

RankInterval
quantile_ranks(uint64_t n, double p, double confidence, const Host *host)
{
	Trials		trials = {n, p, 1 - p};
	double		most = largest_tail(confidence);
	uint64_t	upper = first_in_tail(trials, most, host);
	uint64_t	lower = n + 1 - first_in_tail(mirrored(trials), most, host);
	double		below = lower == 0 ? 0 : binomial_at_most(lower - 1, trials, host);

	return (RankInterval) {lower, upper, 1 - below - binomial_at_least(upper, trials, host)};
}

/* The chance at which a tail is as large as it may be; it grows from low to high, or falls. */
static double
limit_of_share(uint64_t k, uint64_t n, double low, double high, bool upper, double most, const Host *host)
{
	for (;;)
	{
		double		middle = low + (high - low) / 2;
		Trials		trials = {n, middle, 1 - middle};
		double		tail;

		if (middle <= low || middle >= high)
			return middle;
		tail = upper ? binomial_at_most(k, trials, host) : binomial_at_least(k, trials, host);
		if ((tail <= most) == upper)
			high = middle;
		else
			low = middle;
	}
}

ShareInterval
share_limits(uint64_t k, uint64_t n, double confidence, const Host *host)
{
	double		share = (double) k / n;
	double		most = (1 - confidence) / 2;

	return (ShareInterval) {
		k == 0 ? 0 : limit_of_share(k, n, 0, share, false, most, host),
		k == n ? 1 : limit_of_share(k, n, share, 1, true, most, host)
	};
}
