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

/* Of a count table, and those that were received from other processes. */
#define RUN_SPANS	2

/* What is selected from: values that count once each, and values with their counts. */
typedef struct Multiset
{
	uint64_t	count;			/* of all values */
	uint64_t	lowest;			/* bounds of them, not necessarily tight */
	uint64_t	highest;
	const ValueStore *values;
	RunSpan		runs[RUN_SPANS];

	/* Scratch memory for so many values at most, unless it takes none for fewer. */
	uint64_t	most_gathered;
} Multiset;

/* A multiset of what is in the store and in the count table, which may be NULL. */
extern Multiset multiset_of(const ValueStore *values, const CountTable *table);

/*
 * selected[i] = the value at index ranks[i], counted from 0, of the multiset's values in
 * ascending order.
 *
 * The ranks must ascend, be distinct, and be less than the multiset's count.  The multiset is
 * left as it is.  Scratch memory comes from the host and goes back to it: the size
 * of the buckets that hold a rank, usually a few per cent of the multiset, at worst
 * twice the multiset.
 *
 * Cost: two passes over the multiset, whatever the order of the values, however many
 * are equal, and however many ranks are asked for; then the same over the buckets
 * that hold a rank, at most 8 times.  Where those would exceed most_gathered values
 * each of them takes passes of its own over the multiset, until they do not.
 */
extern void select_from_multiset(const Multiset *set, const uint64_t *ranks, size_t nranks, uint64_t *selected,
								 const Host *host);

/* The same from a store alone, with all the scratch memory that it takes. */
extern void select_ranks(const ValueStore *store, const uint64_t *ranks, size_t nranks, uint64_t *selected,
						 const Host *host);

#endif							/* TTR_KERNEL_MULTISET_SELECTION_H */
