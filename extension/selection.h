/*
 * selection.h
 *	  Finds values by their rank without sorting: see selection.c for how.
 */
#ifndef TTR_SELECTION_H
#define TTR_SELECTION_H

#include "value_store.h"

/*
 * selected[i] = the value at index ranks[i], counted from 0, of the store's values
 * in ascending order.
 *
 * The ranks must ascend, be distinct, and be less than the store's count.  The
 * store is left as it is.  Scratch memory comes from the host and goes back to
 * it: the size of the buckets that hold a rank, usually a few per cent of the
 * store, at worst twice the store.
 *
 * Cost: two passes over the store, whatever the order of the values, however many
 * are equal, and however many ranks are asked for; then the same over the buckets
 * that hold a rank, at most 8 times.
 */
extern void select_ranks(const ValueStore *store, const uint64_t *ranks, size_t nranks, uint64_t *selected,
						 const Host *host);

#endif							/* TTR_SELECTION_H */
