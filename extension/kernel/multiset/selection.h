/*
 * selection.h
 *	  Finds values by their rank without sorting: see selection.c for how.
 */
#ifndef TTR_KERNEL_MULTISET_SELECTION_H
#define TTR_KERNEL_MULTISET_SELECTION_H

#include "kernel/multiset/count_table.h"
#include "kernel/multiset/value_store.h"

/* Values with their counts, which may be 0. */
typedef struct RunSpan
{
	const ValueCount *runs;
	size_t		count;
} RunSpan;

/* One of a count table, and one of runs that came from other processes. */
#define RUN_SPANS	2

/* Values that count once each, and values with their counts. */
typedef struct Multiset
{
	uint64_t	count;			/* of all values */
	uint64_t	lowest;			/* bounds, not necessarily tight */
	uint64_t	highest;
	const ValueStore *values;
	RunSpan		runs[RUN_SPANS];

	/* Most values that may be gathered into scratch memory. */
	uint64_t	most_gathered;
} Multiset;

/* The values of a store and of a count table, which may be NULL. */
extern Multiset multiset_of(const ValueStore *values, const CountTable *table);

/*
 * selected[i] = the value at index ranks[i], counted from 0, of the multiset's values in
 * ascending order.
 *
 * The ranks must ascend, be distinct, and be less than the multiset's count.  The multiset
 * does not change.  Scratch memory comes from the host and is released: the size of the
 * buckets that hold a rank, usually a few per cent of the multiset, at worst twice the
 * multiset.
 *
 * Cost: two passes over the multiset, whatever the order of the values, however many
 * are equal, and however many ranks there are; then the same over the buckets that hold
 * a rank, at most 8 times.  Where those buckets exceed most_gathered values, each takes
 * passes of its own over the multiset until they do not.
 */
extern void select_from_multiset(const Multiset *set, const uint64_t *ranks, size_t nranks, uint64_t *selected,
								 const Host *host);

/* The same from a store alone, without a limit on scratch memory. */
extern void select_ranks(const ValueStore *store, const uint64_t *ranks, size_t nranks, uint64_t *selected,
						 const Host *host);

#endif							/* TTR_KERNEL_MULTISET_SELECTION_H */
