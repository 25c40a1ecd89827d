/*
 * wide_double.h
 *	  Numbers of some 100 bits: the sum of two doubles, of which the second is at most half
 *	  a unit in the last place of the first.
 *
 * A product of a million shares is to be right in all digits of a double, so that what
 * equals 1/2 is 0.5.  Each step is the operation on doubles, and the exact error of that
 * operation, which is a double, too.  (T. J. Dekker, "A Floating-Point Technique for
 * Extending the Available Precision", 1971; the errors of sums are Donald Knuth's.)
 */
#ifndef TTR_KERNEL_DISTRIBUTION_WIDE_DOUBLE_H
#define TTR_KERNEL_DISTRIBUTION_WIDE_DOUBLE_H

#include <math.h>
#include <stdint.h>

/* high is the whole rounded to a double. */
typedef struct WideDouble
{
	double		high;
	double		low;
} WideDouble;

/* The exact sum of two doubles. */
static inline WideDouble
wide_sum_of(double a, double b)
{
	double		sum = a + b;
	double		rounded_b = sum - a;
	double		error = (a - (sum - rounded_b)) + (b - rounded_b);

	return (WideDouble) {sum, error};
}

/* Exactly, for n up to 2^63. */
static inline WideDouble
wide_of_count(uint64_t n)
{
	double		high = (double) n;

	return (WideDouble) {high, (double) (int64_t) (n - (uint64_t) high)};
}

static inline WideDouble
wide_add(WideDouble a, WideDouble b)
{
	WideDouble	sum = wide_sum_of(a.high, b.high);

	return wide_sum_of(sum.high, sum.low + (a.low + b.low));
}

static inline WideDouble
wide_multiply(WideDouble a, WideDouble b)
{
	double		product = a.high * b.high;
	double		error = fma(a.high, b.high, -product);

	return wide_sum_of(product, error + (a.high * b.low + a.low * b.high));
}

/* Long division: two digits of 53 bits, and what the second one is off. */
static inline WideDouble
wide_divide(WideDouble a, WideDouble b)
{
	double		first = a.high / b.high;
	WideDouble	rest = wide_add(a, wide_multiply(b, (WideDouble) {-first, 0}));
	double		second = rest.high / b.high;

	rest = wide_add(rest, wide_multiply(b, (WideDouble) {-second, 0}));
	return wide_add(wide_sum_of(first, second), (WideDouble) {rest.high / b.high, 0});
}

#endif							/* TTR_KERNEL_DISTRIBUTION_WIDE_DOUBLE_H */
