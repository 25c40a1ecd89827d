/*
 * interval_key.h
 *	  Intervals among 64-bit values: see interval_key.c for how they lie.
 */
#ifndef TTR_PERCENTILE_INTERVAL_KEY_H
#define TTR_PERCENTILE_INTERVAL_KEY_H

#include "datatype/timestamp.h"

#include "kernel/multiset/selection.h"

/*
 * An integer in the order in which PostgreSQL compares intervals.  Clears *regular if the
 * key does not determine the interval: then the interval must be kept among the irregular
 * ones too, as two words.
 */
extern uint64_t interval_key(const Interval *interval, bool *regular);

#define WORDS_PER_INTERVAL	(sizeof(Interval) / sizeof(uint64_t))

/*
 * selected[i] = the interval at index ranks[i] in ascending order, or one that
 * compares equal to it: see select_from_multiset().  keys has the keys of all intervals;
 * irregular is NULL if there are none.
 */
extern void interval_key_select(const Multiset *keys, const ValueStore *irregular, const uint64_t *ranks, size_t nranks,
								Interval *selected, const Host *host);

#endif							/* TTR_PERCENTILE_INTERVAL_KEY_H */
