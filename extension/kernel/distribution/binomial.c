/*
 * binomial.c
 *	  Tails of the binomial distribution, of up to billions of trials, without a sum over
 *	  them.
 *
 * A tail is the chance of its first number of successes, times a continued fraction:
 *
 *	  P(at least k) = I_p(k, n - k + 1) = P(just k) (1 - p) k / (b1 + a2 / (b2 + a3 / ...))
 *
 * I is the regularized incomplete beta function (NIST, "Digital Library of Mathematical
 * Functions", 8.17.5).  Its fraction is that of A. R. DiDonato and A. H. Morris, "Significant
 * Digit Computation of the Incomplete Beta Function Ratios", 1992, whose terms do not cancel.
 * Two standard deviations from the mean it converges within some 50 steps, whatever n is; at
 * the mean it takes a thousand for a billion trials.  It is evaluated from its begin, by the
 * quotients of successive numerators and of denominators (W. J. Lentz, "Generating Bessel
 * Functions in Mie Scattering Calculations Using Continued Fractions", 1976).  A tail that has
 * the mean in it is 1 less the other one.
 *
 * n! would lose all digits where n is a billion.  So the chance of just k comes from the
 * errors of Stirling's formula, and from how far k and n - k lie from what is expected
 * (Catherine Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000).
 *
 * All counts are doubles here: they are exact up to 2^53.
 */
#include <float.h>
#include <math.h>

#include "kernel/distribution/binomial.h"

/* ----------------------------------------------------------------------
 * The chance of just k
 * ----------------------------------------------------------------------
 */

/* Below, the series is not exact. */
#define LEAST_OF_SERIES		16

/* log(n!) less Stirling's log(sqrt(2 pi n) (n / e)^n), for n > 0.  Series: DLMF 5.11.1. */
static double
stirling_error(double n)
{
	double		factorial = 1;
	double		x = 1 / (n * n);

	if (n >= LEAST_OF_SERIES)
		return (1.0 / 12 - x * (1.0 / 360 - x * (1.0 / 1260 - x * (1.0 / 1680 - x / 1188)))) / n;
	for (int i = 2; i <= n; i++)
		factorial *= i;
	return log(factorial / sqrt(2 * M_PI * n)) - n * log(n) + n;
}

/* x log(x / mean) + mean - x, for positive ones. */
static double
deviance(double x, double mean)
{
	double		difference = x - mean;
	double		v = difference / (x + mean);
	double		sum = difference * v;
	double		term = 2 * x * v;

	if (fabs(v) >= 0.1)
		return x * log(x / mean) - difference;

	/* Near the mean the two cancel, and a series of the inverse hyperbolic tangent does not. */
	for (int i = 3; fabs(term) > DBL_EPSILON * sum; i += 2)
	{
		term *= v * v;
		sum += term / i;
	}
	return sum;
}

/* For k > 0. */
static double
chance_of_just(double k, Trials trials)
{
	double		n = trials.n;
	double		rest = n - k;
	double		exponent;

	if (rest == 0)
		return exp(n * (trials.p < 0.5 ? log(trials.p) : log1p(-trials.q)));
	exponent = stirling_error(n) - stirling_error(k) - stirling_error(rest)
		- deviance(k, n * trials.p) - deviance(rest, n * trials.q);
	return exp(exponent) * sqrt(n / (2 * M_PI * k * rest));
}

/* ----------------------------------------------------------------------
 * Tails
 * ----------------------------------------------------------------------
 */

/* k / (b1 + a2 / (b2 + a3 / (b3 + ...))), where fewer than k are expected: no term is negative. */
static double
continued_fraction(double k, Trials trials, const Host *host)
{
	double		rest = trials.n - k + 1;
	double		p = trials.p;

	/* k - (n + 1) p, from the smaller of p and q, so that less is rounded. */
	double		excess = p < 0.5 ? k - (trials.n + 1.0) * p : (trials.n + 1.0) * trials.q - rest;
	double		value = k / (k + 1) * (excess + 1);
	double		numerators = value;
	double		denominators = INFINITY;
	double		change = 0;

	for (size_t step = 1; step < rest && fabs(change - 1) > DBL_EPSILON; step++)
	{
		double		i = step;
		double		even = k + 2 * i;
		double		a = (k + i - 1) / (even - 1) * ((k + rest + i - 1) * p) / (even - 1) * (i * (rest - i) * p);
		double		b = i + i * (rest - i) * p / (even - 1) + (k + i) / (even + 1) * (excess + 1 + i * (1 + trials.q));

		denominators = b + a / denominators;
		numerators = b + a / numerators;
		change = numerators / denominators;
		value *= change;
		host_check_at_step(host, step);
	}
	return k / value;
}

/* At least k, where fewer are expected. */
static double
tail_beyond_mean(uint64_t k, Trials trials, const Host *host)
{
	return chance_of_just(k, trials) * trials.q * continued_fraction(k, trials, host);
}

double
binomial_at_least(uint64_t k, Trials trials, const Host *host)
{
	if (k == 0 || (trials.q == 0 && k <= trials.n))
		return 1;
	if (k > trials.n || trials.p == 0)
		return 0;
	if (trials.p * (trials.n + 1.0) < k)
		return tail_beyond_mean(k, trials, host);
	return 1 - tail_beyond_mean(trials.n - k + 1, mirrored(trials), host);
}

double
binomial_at_most(uint64_t k, Trials trials, const Host *host)
{
	return k >= trials.n ? 1 : binomial_at_least(trials.n - k, mirrored(trials), host);
}
