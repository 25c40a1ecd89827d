/*
 * binomial.h
 *	  Tails of the binomial distribution: see binomial.c.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_BINOMIAL_H
#define TTR_KERNEL_DISTRIBUTION_BINOMIAL_H

#include <stdint.h>

#include "kernel/host.h"

/* n trials, each of which succeeds with a chance of p, and fails with a chance of q = 1 - p. */
typedef struct Trials
{
	uint64_t	n;
	double		p;
	double		q;
} Trials;

/* The same trials, counted by what fails. */
static inline Trials
mirrored(Trials trials)
{
	return (Trials) {trials.n, trials.q, trials.p};
}

/* The chance that at least k succeed, and that at most k do. */
extern double binomial_at_least(uint64_t k, Trials trials, const Host *host);
extern double binomial_at_most(uint64_t k, Trials trials, const Host *host);

#endif							/* TTR_KERNEL_DISTRIBUTION_BINOMIAL_H */
