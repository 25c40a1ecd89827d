/*
 * key_sort.c
 *	  Sorts 64-bit keys by their digits, from the lowest to the highest.
 *
 * Every pass deals the keys out by one digit and keeps the order of those that share
 * it, so that after the highest digit all are in order (Knuth, "The Art of Computer
 * Programming", volume 3, 5.2.5, algorithm R, with counting instead of chains):
 *
 *	  keys      by the lower digit      by the higher digit
 *	   32             21                       21
 *	   21      -->    31               -->     22
 *	   31             32                       31
 *	   22             22                       32
 *
 * Only bits in which the keys differ are looked at.  Doubles that are whole seconds
 * differ in some thirty of their 64 bits, so that three passes sort millions of them.
 */
#include <stdbool.h>
#include <string.h>

#include "kernel/multiset/key_sort.h"

/* Fewer are sorted by insertion. */
#define FEW		32

/* With fewer keys the counters of a wide digit do not pay. */
#define MANY	65536

/* Keys between two checks for interrupts. */
#define BATCH	65536

#define NARROW_DIGIT	8
#define WIDE_DIGIT		11

static void
sort_few(uint64_t *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		uint64_t	key = keys[i];
		size_t		place = i;

		for (; place > 0 && keys[place - 1] > key; place--)
			keys[place] = keys[place - 1];
		keys[place] = key;
	}
}

/* The bits in which keys differ; 0 if the keys need no sorting. */
static uint64_t
differing_bits(const uint64_t *keys, size_t count)
{
	uint64_t	differing = 0;
	bool		sorted = true;

	for (size_t i = 1; i < count; i++)
	{
		differing |= keys[i] ^ keys[0];
		sorted &= keys[i - 1] <= keys[i];
	}
	return sorted ? 0 : differing;
}

static size_t
end_of_batch(size_t start, size_t count)
{
	return count - start < BATCH ? count : start + BATCH;
}

/* Deals the keys out by the digit that begins at this bit. */
static void
deal(const uint64_t *keys, size_t count, int bit, int digit_bits, uint64_t *dealt, const Host *host)
{
	size_t		places[1 << WIDE_DIGIT] = {0};
	size_t		digits = (size_t) 1 << digit_bits;
	size_t		place = 0;

	for (size_t start = 0; start < count; start = end_of_batch(start, count))
	{
		for (size_t i = start; i < end_of_batch(start, count); i++)
			places[keys[i] >> bit & (digits - 1)]++;
		host->check_interrupts();
	}
	for (size_t digit = 0; digit < digits; digit++)
	{
		size_t		with_digit = places[digit];

		places[digit] = place;
		place += with_digit;
	}
	for (size_t start = 0; start < count; start = end_of_batch(start, count))
	{
		for (size_t i = start; i < end_of_batch(start, count); i++)
			dealt[places[keys[i] >> bit & (digits - 1)]++] = keys[i];
		host->check_interrupts();
	}
}

static void
sort_many(uint64_t *keys, size_t count, const Host *host)
{
	uint64_t	differing = differing_bits(keys, count);
	int			digit_bits = count < MANY ? NARROW_DIGIT : WIDE_DIGIT;
	uint64_t   *scratch;
	uint64_t   *from = keys;
	uint64_t   *to;

	if (differing == 0)
		return;
	scratch = host->allocate(host->context, count * sizeof(uint64_t));
	to = scratch;
	while (differing != 0)
	{
		int			bit = __builtin_ctzll(differing);
		uint64_t   *dealt = to;

		deal(from, count, bit, digit_bits, dealt, host);
		to = from;
		from = dealt;
		differing &= ~((((uint64_t) 1 << digit_bits) - 1) << bit);
	}
	if (from != keys)
		memcpy(keys, from, count * sizeof(uint64_t));
	host->release(host->context, scratch);
}

void
key_sort(uint64_t *keys, size_t count, const Host *host)
{
	if (count <= FEW)
		sort_few(keys, count);
	else
		sort_many(keys, count, host);
}
