/*
 * value_store.c
 *	  An append-only multiset of 64-bit values, good for one value and for a billion.
 *
 * The first values lie in the store itself, so that a group of a few rows costs
 * one small allocation.  The others lie in chunks, each twice as large as the
 * one before until 1 MB is reached:
 *
 *	  store                       newest             older              oldest
 *	  +-------------------+      +-----------+      +-----------+      +------+
 *	  | count low high    |  +-->| 1008 B    |----->| 496 B     |----->| 240 B|--> NULL
 *	  | next end newest --|--+   | used|free |      | all used  |      | used |
 *	  | 6 values     tape |      +-----------+      +-----------+      +------+
 *	  +----------------|--+            ^    ^
 *	                   |              next  end
 *	                   +--> what did not fit into memory
 *
 * Values are never moved: growing copies nothing, no allocation grows with the
 * number of values (and so none meets PostgreSQL's limit of 1 GB), and a large
 * store wastes at most the rest of one chunk.
 *
 * Where memory is limited the owner stops growing the store and sets a tape: the newest
 * chunk is then written to the tape whenever it is full, and used again.
 *
 * Appending keeps the lowest and the highest value, which costs nothing beside the
 * caller's own work: selection starts from them.
 */
#include "kernel/multiset/value_store.h"

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
	store->tape = NULL;
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

static size_t
chunk_size(size_t room)
{
	return sizeof(ValueChunk) + room * sizeof(uint64_t);
}

static size_t
next_room(const ValueStore *store)
{
	if (store->newest == NULL)
		return FIRST_ROOM;
	return store->newest->room < LARGEST_ROOM ? store->newest->room * 2 + 2 : LARGEST_ROOM;
}

size_t
value_store_growth(const ValueStore *store)
{
	return chunk_size(next_room(store));
}

size_t
value_store_memory(const ValueStore *store)
{
	size_t		memory = 0;

	for (const ValueChunk *chunk = store->newest; chunk != NULL; chunk = chunk->older)
		memory += chunk_size(chunk->room);
	return memory;
}

void
value_store_grow(ValueStore *store, const Host *host)
{
	size_t		room = next_room(store);
	ValueChunk *chunk = host->allocate(host->context, chunk_size(room));

	assert(value_store_is_full(store));
	chunk->older = store->newest;
	chunk->room = room;
	store->newest = chunk;
	store->next = chunk->values;
	store->end = chunk->values + room;
}

void
value_store_spool(ValueStore *store)
{
	assert(store->tape != NULL && store->newest != NULL && value_store_is_full(store));
	store->tape->write(store->tape, store->newest->values, store->newest->room);
	store->next = store->newest->values;
}

ValueSpan
value_store_take(ValueStore *store, size_t most, const Host *host)
{
	ValueChunk *newest = store->newest;
	ValueSpan	span = {NULL, 0, NULL};

	if (newest != NULL && store->next == newest->values)
	{
		store->newest = newest->older;
		host->release(host->context, newest);
		newest = store->newest;
		store->end = newest != NULL ? newest->values + newest->room : store->first_values + VALUES_IN_STORE;
		store->next = store->end;
	}

	span.count = store->next - (newest != NULL ? newest->values : store->first_values);
	if (span.count > most)
		span.count = most;
	assert(span.count <= store->count);
	store->next -= span.count;
	store->count -= span.count;
	span.values = store->next;
	return span;
}

static ValueSpan
next_taped_span(Tape *tape)
{
	ValueSpan	span = {tape->buffer, tape->read(tape), NULL};

	return span;
}

/* The values of a chunk, which is full unless it is the newest. */
static ValueSpan
chunk_span(const ValueStore *store, const ValueChunk *chunk)
{
	ValueSpan	span = {chunk->values, chunk->room, chunk->older};

	if (chunk == store->newest)
		span.count = store->next - chunk->values;
	return span;
}

/* Full once there is a chunk. */
static ValueSpan
first_values_span(const ValueStore *store)
{
	ValueSpan	span = {store->first_values, VALUES_IN_STORE, NULL};

	if (store->newest == NULL)
		span.count = store->next - store->first_values;
	return span;
}

ValueSpan
value_store_first_span(const ValueStore *store)
{
	ValueSpan	span;

	if (store->newest == NULL)
		return first_values_span(store);
	span = chunk_span(store, store->newest);
	return span.count > 0 ? span : value_store_next_span(store, span);
}

ValueSpan
value_store_next_span(const ValueStore *store, ValueSpan span)
{
	ValueSpan	none = {NULL, 0, NULL};

	if (span.older != NULL)
		return chunk_span(store, span.older);
	if (store->tape != NULL && span.values == store->tape->buffer)
		return next_taped_span(store->tape);
	if (span.values != store->first_values)
		return first_values_span(store);
	if (store->tape == NULL)
		return none;
	store->tape->rewind(store->tape);
	return next_taped_span(store->tape);
}
