/*
 * survival.c
 *	  The product-limit estimator over two distributions: the ages at which some ended, and
 *	  the ages of those that are running.
 *
 * A share of the ended ones alone flatters: the slow ones have not ended yet.  Those that
 * are running count as long as they were seen.  At each age at which some ended, d of the
 * n that had got so far, the share that is left falls by the factor (n - d) / n.
 * (E. L. Kaplan and Paul Meier, "Nonparametric Estimation from Incomplete Observations",
 * 1958.)  At equal ages endings come before those that are running, as they have it.
 *
 *	  ended      2   3 x 2       8
 *	  running                5
 *	  at risk    5   4           1
 *	  left      4/5  4/5 * 2/4   4/5 * 2/4 * 0/1
 *
 * One pass over both in ascending order suffices, and no count is expanded.
 *
 * The idea that makes it exact: between two running ones the factors cancel.  So a stretch
 * of steps is the one factor left / begin, here 2/5 at the age of 3, and without anything
 * running all is one stretch: the share is the quotient of two counts.  Only after a
 * running one a product is kept, of numbers of 100 bits (wide_double.h).
 *
 * The variance of the logarithm is the sum of d / (n (n - d)) (Major Greenwood, "The Natural
 * Duration of Cancer", 1926).  That is 1 / (n - d) - 1 / n, and cancels in the same way.
 *
 * The share that has ended is a sum of its own, and not 1 - left, so that it is exact where
 * it is small.
 */
#include "kernel/distribution/survival.h"

Survival
survival_start(DistributionReader *ended, DistributionReader *running, const Host *host)
{
	uint64_t	left = distribution_reader_count(ended) + distribution_reader_count(running);

	return (Survival) {
		.ended = run_cursor_start(ended, host),
		.running = run_cursor_start(running, host),
		.left = left,
		.begin = left,
		.left_before = {1, 0},
	};
}

/* A share of those at the begin of the stretch, as a share of all. */
static WideDouble
share_of_begin(const Survival *survival, uint64_t count)
{
	return wide_multiply(survival->left_before, wide_divide(wide_of_count(count), wide_of_count(survival->begin)));
}

static WideDouble
share_ended(const Survival *survival)
{
	return wide_add(survival->ended_before, share_of_begin(survival, survival->begin - survival->left));
}

double
survival_share_ended(const Survival *survival)
{
	return share_ended(survival).high;
}

double
survival_share_left(const Survival *survival)
{
	return share_of_begin(survival, survival->left).high;
}

double
survival_variance(const Survival *survival)
{
	double		left = survival->left;
	double		begin = survival->begin;

	return survival->variance_before + (survival->begin - survival->left) / left / begin;
}

/* Takes those away that are running and younger; then a stretch begins. */
static void
drop_younger(Survival *survival, uint64_t age)
{
	RunCursor  *running = &survival->running;

	if (!running->has_run || running->run.value >= age)
		return;
	if (survival->left < survival->begin)
	{
		WideDouble	ended = share_ended(survival);

		survival->variance_before = survival_variance(survival);
		survival->left_before = share_of_begin(survival, survival->left);
		survival->ended_before = ended;
	}
	for (; running->has_run && running->run.value < age; run_cursor_advance(running))
		survival->left -= running->run.count;
	survival->begin = survival->left;
}

bool
survival_next(Survival *survival)
{
	if (!survival->ended.has_run)
		return false;
	survival->age = survival->ended.run.value;
	survival->endings = survival->ended.run.count;
	drop_younger(survival, survival->age);
	survival->at_risk = survival->left;
	survival->left -= survival->endings;
	run_cursor_advance(&survival->ended);
	return true;
}

bool
survival_at(Survival *survival, uint64_t age, double *share)
{
	bool		has_ended = false;

	while (survival->ended.has_run && survival->ended.run.value <= age)
		has_ended = survival_next(survival);
	*share = has_ended ? survival_share_left(survival) : 1;
	if (has_ended && survival->left == 0)
		return true;
	drop_younger(survival, age);
	return survival->left > 0;
}

/* Many times the rounding of a double. */
#define ROUGHLY		1e-9

/* Whether a double suffices to see that the share that has ended is less than p. */
static bool
is_far_from(const Survival *survival, double p)
{
	double		of_stretch = (double) (survival->begin - survival->left) / survival->begin;

	return survival->ended_before.high + survival->left_before.high * of_stretch < p - ROUGHLY;
}

bool
survival_reach(Survival *survival, double p)
{
	while (survival_next(survival))
		if (!is_far_from(survival, p) && survival_share_ended(survival) >= p)
			return true;
	return false;
}
