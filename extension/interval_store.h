/*
 * interval_store.h
 *	  A bag of intervals: see interval_store.c for how they lie.
 */
#ifndef TTR_INTERVAL_STORE_H
#define TTR_INTERVAL_STORE_H

#include "datatype/timestamp.h"

#include "value_store.h"

typedef struct IntervalStore
{
	ValueStore	keys;			/* of all intervals */
	ValueStore *irregular;		/* those that no key stands for, two words each */
} IntervalStore;

extern void interval_store_init(IntervalStore *store);

/*
 * An integer in the order in which PostgreSQL compares intervals.  Clears
 * *regular if the interval cannot be told from its key: then it must be kept with
 * interval_store_keep(), besides putting the key.
 */
extern uint64_t interval_key(const Interval *interval, bool *regular);

extern void interval_store_keep(IntervalStore *store, const Interval *interval, const Host *host);

/*
 * selected[i] = the interval at index ranks[i] in ascending order, or one that
 * compares equal to it: see select_ranks().
 */
extern void interval_store_select(const IntervalStore *store, const uint64_t *ranks, size_t nranks,
								  Interval *selected, const Host *host);

#endif							/* TTR_INTERVAL_STORE_H */
