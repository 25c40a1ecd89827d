/*
 * tally.c
 *	  A bag of 64-bit values that counts equal ones, for data that repeats itself.
 *
 * Resolution times in whole seconds repeat: among ten million there are half a
 * million different ones.  Where a store of all values (value_store.c) would take
 * too much memory, pairs of a value and its count may take little:
 *
 *	  store    60  3600  60  86400  60  3600  ...        8 bytes a value
 *
 *	  tally    | 3600 x 2 |          | 60 x 3 | 86400 x 1 |          |
 *	           16 bytes a place, of which 3/8 to 3/4 are taken
 *
 * The pairs need no order, because selection needs none (selection.c).  So this is
 * a hash table: open addressing with linear probing (Knuth, "The Art of Computer
 * Programming", volume 3, 6.4, algorithm L), where a count of 0 marks a free place.
 *
 * Whether it pays is not known beforehand.  tally_absorb() moves values over and
 * watches, as does tally_count(): as long as the table grows slowly it goes on, and
 * where nearly every value turns out to be new it stops early, with little done in
 * vain.
 */
#include <string.h>

#include "kernel/multiset/tally.h"

/* 1 kB. */
#define FIRST_PLACES	64

/* Values that are counted between two looks at how it goes. */
#define COUNTED_AT_ONCE	4096

/* Long enough for memory to answer meanwhile. */
#define FETCHED_AHEAD	16

/*
 * By then at least an eighth must be repeats.  Repeats become more frequent the more
 * values there are: an eighth here promises many later (of resolution times in
 * whole seconds two fifths are repeats by now, and 19 in 20 among ten million).
 */
#define TRIAL	65536

void
tally_init(Tally *tally)
{
	tally->total = 0;
	tally->distinct = 0;
	tally->lowest = UINT64_MAX;
	tally->highest = 0;
	tally->places = 0;
	tally->runs = NULL;
}

void
tally_clear(Tally *tally, const Host *host)
{
	if (tally->runs != NULL)
		host->release(host->context, tally->runs);
	tally_init(tally);
}

size_t
tally_memory(const Tally *tally)
{
	return tally->places * sizeof(Run);
}

/*
 * Doubles of few significant bits, such as whole numbers, differ in their high bits
 * only: those must reach the low ones before the multiplication (by 2^64 divided by
 * the golden ratio: Knuth, same volume, 6.4) brings all of them to the top.
 */
static inline size_t
first_place(const Tally *tally, uint64_t value)
{
	uint64_t	mixed = (value ^ (value >> 32)) * UINT64_C(0x9E3779B97F4A7C15);

	return (mixed >> 32) & (tally->places - 1);
}

/* The run of this value, or the free place where it belongs. */
static inline Run *
place_of(const Tally *tally, uint64_t value)
{
	size_t		place = first_place(tally, value);

	while (tally->runs[place].count != 0 && tally->runs[place].value != value)
		place = (place + 1) & (tally->places - 1);
	return &tally->runs[place];
}

static inline bool
is_full(const Tally *tally)
{
	return tally->distinct >= tally->places / 4 * 3;
}

static void
resize(Tally *tally, size_t places, const Host *host)
{
	Tally		larger = *tally;

	larger.places = places;
	larger.runs = host->allocate(host->context, larger.places * sizeof(Run));
	memset(larger.runs, 0, larger.places * sizeof(Run));

	for (size_t i = 0; i < tally->places; i++)
		if (tally->runs[i].count != 0)
			*place_of(&larger, tally->runs[i].value) = tally->runs[i];

	if (tally->runs != NULL)
		host->release(host->context, tally->runs);
	*tally = larger;
}

static void
grow(Tally *tally, const Host *host)
{
	resize(tally, tally->places == 0 ? FIRST_PLACES : tally->places * 2, host);
}

void
tally_reserve(Tally *tally, size_t more, const Host *host)
{
	size_t		places = tally->places == 0 ? FIRST_PLACES : tally->places;

	while (tally->distinct + more > places / 4 * 3)
		places *= 2;
	if (places > tally->places)
		resize(tally, places, host);
}

void
tally_add(Tally *tally, uint64_t value, uint64_t count, const Host *host)
{
	Run		   *run;

	if (is_full(tally))
		grow(tally, host);

	run = place_of(tally, value);
	if (run->count == 0)
	{
		run->value = value;
		tally->distinct++;
		if (value < tally->lowest)
			tally->lowest = value;
		if (value > tally->highest)
			tally->highest = value;
	}
	run->count += count;
	tally->total += count;
}

/* A large table is in no cache: the processor is told early which places it will need. */
void
tally_expect(const Tally *tally, uint64_t value)
{
	__builtin_prefetch(&tally->runs[first_place(tally, value)], 1);
}

void
tally_add_runs(Tally *tally, const Run *runs, size_t count, const Host *host)
{
	if (is_full(tally))
		grow(tally, host);
	for (size_t i = 0; i < count; i++)
	{
		if (i + FETCHED_AHEAD < count)
			tally_expect(tally, runs[i + FETCHED_AHEAD].value);
		tally_add(tally, runs[i].value, runs[i].count, host);
	}
}

void
tally_merge(Tally *tally, const Tally *from, const Host *host)
{
	tally_reserve(tally, from->distinct, host);
	for (size_t i = 0; i < from->places; i++)
		if (from->runs[i].count != 0)
			tally_add(tally, from->runs[i].value, from->runs[i].count, host);
}

uint64_t
tally_count_of(const Tally *tally, uint64_t value)
{
	return tally->places == 0 ? 0 : place_of(tally, value)->count;
}

/* While growing there are two tables, of which the new one is twice as large. */
static bool
is_worthwhile(const Tally *tally, size_t most_memory)
{
	if (is_full(tally) && 3 * tally_memory(tally) > most_memory)
		return false;
	return tally->total < TRIAL || tally->distinct < tally->total / 8 * 7;
}

static void
add_each(Tally *tally, const uint64_t *values, size_t count, const Host *host)
{
	if (is_full(tally))
		grow(tally, host);
	for (size_t i = 0; i < count; i++)
	{
		if (i + FETCHED_AHEAD < count)
			tally_expect(tally, values[i + FETCHED_AHEAD]);
		tally_add(tally, values[i], 1, host);
	}
}

/* How many values may be added before the next look, lest the tally grow unasked. */
static size_t
next_batch(const Tally *tally)
{
	size_t		room = is_full(tally) ? FIRST_PLACES / 2 : tally->places / 4 * 3 - tally->distinct;

	return room < COUNTED_AT_ONCE ? room : COUNTED_AT_ONCE;
}

size_t
tally_count(Tally *tally, const uint64_t *values, size_t count, size_t most_memory, const Host *host)
{
	size_t		done = 0;

	while (done < count && is_worthwhile(tally, most_memory))
	{
		size_t		batch = next_batch(tally);

		if (batch > count - done)
			batch = count - done;
		add_each(tally, values + done, batch, host);
		done += batch;
		host->check_interrupts();
	}
	return done;
}

bool
tally_absorb(Tally *tally, ValueStore *store, size_t most_memory, const Host *host)
{
	while (is_worthwhile(tally, most_memory))
	{
		ValueSpan	span = value_store_take(store, next_batch(tally), host);

		if (span.count == 0)
			return true;
		add_each(tally, span.values, span.count, host);
		host->check_interrupts();
	}
	return false;
}
