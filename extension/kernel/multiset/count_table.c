/*
 * count_table.c
 *	  A multiset of 64-bit values that counts equal ones, for data that repeats itself.
 *
 * Resolution times in whole seconds repeat: among ten million there are half a
 * million different ones.  Where a store of all values (value_store.c) would take
 * too much memory, pairs of a value and its count may take little:
 *
 *	  store    60  3600  60  86400  60  3600  ...        8 bytes a value
 *
 *	  counted  | 3600 x 2 |          | 60 x 3 | 86400 x 1 |          |
 *	           16 bytes a place, of which 3/8 to 3/4 are taken
 *
 * The pairs need no order, because selection needs none (selection.c).  So this is
 * a hash table: open addressing with linear probing (Knuth, "The Art of Computer
 * Programming", volume 3, 6.4, algorithm L), where a count of 0 marks a free place.
 *
 * Whether a table pays is not known beforehand.  So count_table_count() and
 * count_table_absorb() go on as long as the table grows slowly.  Where nearly every
 * value is new they stop early, with little done in vain.
 */
#include <string.h>

#include "kernel/multiset/count_table.h"

/* 1 kB. */
#define FIRST_PLACES	64

/* Values that are counted before the next check whether counting pays. */
#define COUNTED_AT_ONCE	4096

/* Values between the fetch of a place and its use. */
#define FETCHED_AHEAD	16

/*
 * Among this many values at least an eighth must be repeats.  Repeats become more
 * frequent the more values there are: an eighth here promises many later (of resolution
 * times in whole seconds two fifths are repeats here, and 19 in 20 among ten million).
 */
#define TRIAL	65536

void
count_table_init(CountTable *table)
{
	table->total = 0;
	table->distinct = 0;
	table->lowest = UINT64_MAX;
	table->highest = 0;
	table->places = 0;
	table->runs = NULL;
}

void
count_table_clear(CountTable *table, const Host *host)
{
	if (table->runs != NULL)
		host->release(host->context, table->runs);
	count_table_init(table);
}

size_t
count_table_memory(const CountTable *table)
{
	return table->places * sizeof(ValueCount);
}

/*
 * Doubles of few significant bits, such as whole numbers, differ in their high bits
 * only: those must reach the low ones before the multiplication (by 2^64 divided by
 * the golden ratio: Knuth, same volume, 6.4) brings all of them to the top.
 */
static inline size_t
first_place(const CountTable *table, uint64_t value)
{
	uint64_t	mixed = (value ^ (value >> 32)) * UINT64_C(0x9E3779B97F4A7C15);

	return (mixed >> 32) & (table->places - 1);
}

/* The run of this value, or the free place where it belongs. */
static inline ValueCount *
place_of(const CountTable *table, uint64_t value)
{
	size_t		place = first_place(table, value);

	while (table->runs[place].count != 0 && table->runs[place].value != value)
		place = (place + 1) & (table->places - 1);
	return &table->runs[place];
}

static inline bool
is_full(const CountTable *table)
{
	return table->distinct >= table->places / 4 * 3;
}

static void
resize(CountTable *table, size_t places, const Host *host)
{
	CountTable	larger = *table;

	assert((places & (places - 1)) == 0 && table->distinct < places / 4 * 3);
	larger.places = places;
	larger.runs = host->allocate(host->context, larger.places * sizeof(ValueCount));
	memset(larger.runs, 0, larger.places * sizeof(ValueCount));

	for (size_t i = 0; i < table->places; i++)
	{
		if (table->runs[i].count != 0)
			*place_of(&larger, table->runs[i].value) = table->runs[i];
		host_check_at_step(host, i);
	}

	if (table->runs != NULL)
		host->release(host->context, table->runs);
	*table = larger;
}

static void
grow(CountTable *table, const Host *host)
{
	resize(table, table->places == 0 ? FIRST_PLACES : table->places * 2, host);
}

void
count_table_reserve(CountTable *table, size_t more, const Host *host)
{
	size_t		places = table->places == 0 ? FIRST_PLACES : table->places;

	while (table->distinct + more > places / 4 * 3)
		places *= 2;
	if (places > table->places)
		resize(table, places, host);
}

void
count_table_add(CountTable *table, uint64_t value, uint64_t count, const Host *host)
{
	ValueCount *run;

	assert(count > 0 && count <= UINT64_MAX - table->total);
	if (is_full(table))
		grow(table, host);

	run = place_of(table, value);
	if (run->count == 0)
	{
		run->value = value;
		table->distinct++;
		if (value < table->lowest)
			table->lowest = value;
		if (value > table->highest)
			table->highest = value;
	}
	run->count += count;
	table->total += count;
	assert(table->distinct < table->places && table->lowest <= value && value <= table->highest);
}

/* A large table is in no cache: a place is fetched before it is needed. */
void
count_table_prefetch(const CountTable *table, uint64_t value)
{
	__builtin_prefetch(&table->runs[first_place(table, value)], 1);
}

void
count_table_add_runs(CountTable *table, const ValueCount *runs, size_t count, const Host *host)
{
	if (is_full(table))
		grow(table, host);
	for (size_t i = 0; i < count; i++)
	{
		if (i + FETCHED_AHEAD < count)
			count_table_prefetch(table, runs[i + FETCHED_AHEAD].value);
		count_table_add(table, runs[i].value, runs[i].count, host);
	}
}

void
count_table_merge(CountTable *table, const CountTable *from, const Host *host)
{
	assert(table != from);
	count_table_reserve(table, from->distinct, host);
	for (size_t i = 0; i < from->places; i++)
	{
		if (from->runs[i].count != 0)
			count_table_add(table, from->runs[i].value, from->runs[i].count, host);
		host_check_at_step(host, i);
	}
}

uint64_t
count_table_count_of(const CountTable *table, uint64_t value)
{
	return table->places == 0 ? 0 : place_of(table, value)->count;
}

/* A table that grows exists twice for a while, and the new one is twice as large. */
static bool
is_worthwhile(const CountTable *table, size_t most_memory)
{
	if (is_full(table) && 3 * count_table_memory(table) > most_memory)
		return false;
	return table->total < TRIAL || table->distinct < table->total / 8 * 7;
}

static void
add_each(CountTable *table, const uint64_t *values, size_t count, const Host *host)
{
	if (is_full(table))
		grow(table, host);
	for (size_t i = 0; i < count; i++)
	{
		if (i + FETCHED_AHEAD < count)
			count_table_prefetch(table, values[i + FETCHED_AHEAD]);
		count_table_add(table, values[i], 1, host);
	}
}

/* Values that may be added before the next check: so few that the table grows only right after a check. */
static size_t
next_batch(const CountTable *table)
{
	size_t		room = is_full(table) ? FIRST_PLACES / 2 : table->places / 4 * 3 - table->distinct;

	return room < COUNTED_AT_ONCE ? room : COUNTED_AT_ONCE;
}

size_t
count_table_count(CountTable *table, const uint64_t *values, size_t count, size_t most_memory, const Host *host)
{
	size_t		done = 0;

	while (done < count && is_worthwhile(table, most_memory))
	{
		size_t		batch = next_batch(table);

		if (batch > count - done)
			batch = count - done;
		add_each(table, values + done, batch, host);
		done += batch;
		host->check_interrupts();
	}
	return done;
}

bool
count_table_absorb(CountTable *table, ValueStore *store, size_t most_memory, const Host *host)
{
	while (is_worthwhile(table, most_memory))
	{
		ValueSpan	span = value_store_take(store, next_batch(table), host);

		if (span.count == 0)
			return true;
		add_each(table, span.values, span.count, host);
		host->check_interrupts();
	}
	return false;
}
