/*
 * value_store.h
 *	  An append-only multiset of 64-bit values: see value_store.c for how they lie.
 *
 * The way into multiset/: values are added to a store, then counted (count_table.h), selected
 * (selection.h) or kept in order (ordered_blocks.h).
 */
#ifndef TTR_KERNEL_MULTISET_VALUE_STORE_H
#define TTR_KERNEL_MULTISET_VALUE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/host.h"
#include "kernel/multiset/tape.h"

/*
 * Even, like every chunk's room, so that pairs of values are never torn apart; and
 * few, so that the state of a group is 128 bytes.
 */
#define VALUES_IN_STORE		6

typedef struct ValueChunk
{
	struct ValueChunk *older;
	size_t		room;			/* in values */
	uint64_t	values[];
} ValueChunk;

typedef struct ValueStore
{
	uint64_t	count;
	uint64_t	lowest;			/* UINT64_MAX before the first value */
	uint64_t	highest;		/* 0 before; both are only bounds once values were taken */
	uint64_t   *next;			/* where the next value goes ... */
	uint64_t   *end;			/* ... unless there is no room for it */
	ValueChunk *newest;			/* NULL while first_values suffice */
	Tape	   *tape;			/* NULL while memory suffices */
	uint64_t	first_values[VALUES_IN_STORE];
} ValueStore;

/* A part of a store's values that lie side by side. */
typedef struct ValueSpan
{
	const uint64_t *values;
	size_t		count;			/* 0: there are no more parts */
	const ValueChunk *older;	/* the next chunk to be read, if there is one */
} ValueSpan;

/*
 * A store holds pointers into itself: it must stay where it was initialised.
 * Its chunks belong to it; value_store_clear() gives them back, and makes it
 * empty.
 */
extern void value_store_init(ValueStore *store);
extern void value_store_clear(ValueStore *store, const Host *host);

/*
 * Makes room in a full store for a value that is put at once.  All of a store's memory
 * must come from one host context.
 */
extern void value_store_grow(ValueStore *store, const Host *host);

/* Bytes that value_store_grow() would take, and those that it has taken. */
extern size_t value_store_growth(const ValueStore *store);
extern size_t value_store_memory(const ValueStore *store);

/*
 * The other way to make room in a full store that has a chunk: writes the newest
 * chunk to the store's tape, and empties it.
 */
extern void value_store_spool(ValueStore *store);

/*
 * Removes some of the values in memory, and returns them: at most this many, none only if
 * there are none.  The span is valid until the store changes.
 */
extern ValueSpan value_store_take(ValueStore *store, size_t most, const Host *host);

/*
 * The spans of a store, in no particular order; every value is in one of them.  A
 * store with a tape can be read by one reader at a time.
 */
extern ValueSpan value_store_first_span(const ValueStore *store);
extern ValueSpan value_store_next_span(const ValueStore *store, ValueSpan span);

static inline bool
value_store_is_full(const ValueStore *store)
{
	return store->next == store->end;
}

/* Appends to a store that is not full. */
static inline void
value_store_put(ValueStore *store, uint64_t value)
{
	assert(!value_store_is_full(store));
	*store->next++ = value;
	store->count++;
	if (value < store->lowest)
		store->lowest = value;
	if (value > store->highest)
		store->highest = value;
}

static inline void
value_store_add(ValueStore *store, uint64_t value, const Host *host)
{
	if (value_store_is_full(store))
		value_store_grow(store, host);
	value_store_put(store, value);
}

#endif							/* TTR_KERNEL_MULTISET_VALUE_STORE_H */
