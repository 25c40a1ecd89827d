/*
 * value_store.c
 *	  An append-only bag of 64-bit values, good for one value and for a billion.
 *
 * The first values lie in the store itself, so that a group of a few rows costs
 * one small allocation.  The others lie in chunks, each twice as large as the
 * one before until 1 MB is reached:
 *
 *	  store                       newest             older              oldest
 *	  +-------------------+      +-----------+      +-----------+      +------+
 *	  | count low high    |  +-->| 1008 B    |----->| 496 B     |----->| 240 B|--> NULL
 *	  | next end newest --|--+   | used|free |      | all used  |      | used |
 *	  | 8 values          |      +-----------+      +-----------+      +------+
 *	  +-------------------+            ^    ^
 *	                                  next  end
 *
 * Values are never moved: growing copies nothing, no allocation grows with the
 * number of values (and so none meets PostgreSQL's limit of 1 GB), and a large
 * store wastes at most the rest of one chunk.
 *
 * The lowest and the highest value are kept while appending, where they cost
 * nothing beside the caller's own work: selection starts from them.
 */
#include "value_store.h"

/*
 * With a chunk's header these make 256 bytes and 1 MB.  Doubling and adding 2
 * leads from one to the other through powers of two, which PostgreSQL's allocator
 * hands out without waste, and through even numbers of values.
 */
#define FIRST_ROOM		30
#define LARGEST_ROOM	131070

void
value_store_init(ValueStore *store)
{
	store->count = 0;
	store->lowest = UINT64_MAX;
	store->highest = 0;
	store->next = store->first_values;
	store->end = store->first_values + VALUES_IN_STORE;
	store->newest = NULL;
}

void
value_store_clear(ValueStore *store, const Host *host)
{
	ValueChunk *chunk = store->newest;

	while (chunk != NULL)
	{
		ValueChunk *older = chunk->older;

		host->release(host->context, chunk);
		chunk = older;
	}
	value_store_init(store);
}

void
value_store_grow(ValueStore *store, const Host *host)
{
	size_t		room = FIRST_ROOM;
	ValueChunk *chunk;

	if (store->newest != NULL)
		room = store->newest->room < LARGEST_ROOM ? store->newest->room * 2 + 2 : LARGEST_ROOM;

	chunk = host->allocate(host->context, sizeof(ValueChunk) + room * sizeof(uint64_t));
	chunk->older = store->newest;
	chunk->room = room;
	store->newest = chunk;
	store->next = chunk->values;
	store->end = chunk->values + room;
}

ValueSpan
value_store_first_span(const ValueStore *store)
{
	ValueSpan	span;

	if (store->newest == NULL)
	{
		span.values = store->first_values;
		span.count = store->count;
		span.older = NULL;
	}
	else
	{
		span.values = store->newest->values;
		span.count = store->next - store->newest->values;
		span.older = store->newest->older;
	}
	return span;
}

ValueSpan
value_store_next_span(const ValueStore *store, ValueSpan span)
{
	if (span.older != NULL)
	{
		span.values = span.older->values;
		span.count = span.older->room;
		span.older = span.older->older;
	}
	else if (span.values != store->first_values)
	{
		span.values = store->first_values;
		span.count = VALUES_IN_STORE;
	}
	else
		span.count = 0;
	return span;
}
