/*
 * quantile_interval.h
 *	  How far a quantile or a share of all may lie from that of a sample: see
 *	  quantile_interval.c.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_QUANTILE_INTERVAL_H
#define TTR_KERNEL_DISTRIBUTION_QUANTILE_INTERVAL_H

#include <stdint.h>

#include "kernel/host.h"

/*
 * The places of the limits among n values in order, from 1 on.  0 and n + 1 are no values:
 * none is low or high enough.
 */
typedef struct RankInterval
{
	uint64_t	lower;
	uint64_t	upper;
	double		coverage;
} RankInterval;

/*
 * For n > 0, p from 0 to 1, and a confidence of at least 0.5 and less than 1.  (Close to 0
 * it would take long, because tails converge slowly at the mean.)
 */
extern RankInterval quantile_ranks(uint64_t n, double p, double confidence, const Host *host);

typedef struct ShareInterval
{
	double		lower;
	double		upper;
} ShareInterval;

/* Of all, where k of a sample of n > 0 are such. */
extern ShareInterval share_limits(uint64_t k, uint64_t n, double confidence, const Host *host);

#endif							/* TTR_KERNEL_DISTRIBUTION_QUANTILE_INTERVAL_H */
