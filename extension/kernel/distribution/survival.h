/*
 * survival.h
 *	  The share that has not ended by an age, where some are still running: see survival.c.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_SURVIVAL_H
#define TTR_KERNEL_DISTRIBUTION_SURVIVAL_H

#include "kernel/distribution/run_cursor.h"
#include "kernel/distribution/wide_double.h"

/* The curve at a step: at an age at which some ended. */
typedef struct Survival
{
	RunCursor	ended;			/* of the next step */
	RunCursor	running;
	uint64_t	left;			/* at risk after this step */

	/* The stretch of steps since the last running one: */
	uint64_t	begin;			/* at risk at its begin */
	WideDouble	left_before;	/* share that had not ended by then */
	WideDouble	ended_before;	/* share that had */
	double		variance_before;

	/* The step itself: */
	uint64_t	age;			/* a key; see order_key.h */
	uint64_t	at_risk;
	uint64_t	endings;
} Survival;

/* Before the first step.  Both distributions together must have at most MOST_VALUES. */
extern Survival survival_start(DistributionReader *ended, DistributionReader *running, const Host *host);

/* Goes to the next step, in ascending order.  False after the last one. */
extern bool survival_next(Survival *survival);

/* The shares that have ended by this step and that have not, each the nearest double. */
extern double survival_share_ended(const Survival *survival);
extern double survival_share_left(const Survival *survival);

/* Greenwood's variance of the logarithm of the share that is left.  There must be one. */
extern double survival_variance(const Survival *survival);

/*
 * The share that has not ended by an age.  Starts before the first step.  False where
 * nothing is known, because the last ones that were seen are younger and running.
 */
extern bool survival_at(Survival *survival, uint64_t age, double *share);

/* Goes to the first step at which the share that has ended is at least p.  False if there is none. */
extern bool survival_reach(Survival *survival, double p);

#endif							/* TTR_KERNEL_DISTRIBUTION_SURVIVAL_H */
