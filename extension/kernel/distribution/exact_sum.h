/*
 * exact_sum.h
 *	  The sum of doubles as if nothing were rounded before its end: see exact_sum.c.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_EXACT_SUM_H
#define TTR_KERNEL_DISTRIBUTION_EXACT_SUM_H

#include <stdint.h>

/* Bits from that of the smallest double, 2^-1074, to those of 2^63 times the largest. */
#define LIMB_BITS		32
#define LIMBS_IN_SUM	70

typedef struct ExactSum
{
	uint64_t	additions;		/* since the last carry */
	int64_t		limbs[LIMBS_IN_SUM];	/* the lowest first */
} ExactSum;

extern void exact_sum_init(ExactSum *sum);

/* Adds a finite value count times.  All counts of a sum together are less than 2^63. */
extern void exact_sum_add(ExactSum *sum, double value, uint64_t count);

/* The double that is nearest to the sum, of two the even one; infinite beyond the largest. */
extern double exact_sum_round(const ExactSum *sum);

#endif							/* TTR_KERNEL_DISTRIBUTION_EXACT_SUM_H */
