/*
 * value_store.h
 *	  An append-only bag of 64-bit values: see value_store.c for how they lie.
 */
#ifndef TTR_VALUE_STORE_H
#define TTR_VALUE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"

/* Even, like every chunk's room, so that pairs of values are never torn apart. */
#define VALUES_IN_STORE		8

typedef struct ValueChunk
{
	struct ValueChunk *older;
	size_t		room;			/* in values */
	uint64_t	values[];
} ValueChunk;

typedef struct ValueStore
{
	uint64_t	count;
	uint64_t	lowest;			/* UINT64_MAX while empty */
	uint64_t	highest;		/* 0 while empty */
	uint64_t   *next;			/* where the next value goes ... */
	uint64_t   *end;			/* ... unless there is no room for it */
	ValueChunk *newest;			/* NULL while first_values suffice */
	uint64_t	first_values[VALUES_IN_STORE];
} ValueStore;

/* A part of a store's values that lie side by side. */
typedef struct ValueSpan
{
	const uint64_t *values;
	size_t		count;			/* 0: there are no more parts */
	const ValueChunk *older;	/* what comes after, NULL for first_values */
} ValueSpan;

/*
 * A store holds pointers into itself: it must stay where it was initialised.
 * Its chunks belong to it; value_store_clear() gives them back, and makes it
 * empty.
 */
extern void value_store_init(ValueStore *store);
extern void value_store_clear(ValueStore *store, const Host *host);

/*
 * Makes room in a full store, for a value that is put right away.  All of a
 * store's memory must come from one host context.
 */
extern void value_store_grow(ValueStore *store, const Host *host);

/* The spans of a store, in no particular order; every value is in one of them. */
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

#endif							/* TTR_VALUE_STORE_H */
