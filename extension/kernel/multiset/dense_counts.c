/*
 * dense_counts.c
 *	  Counts of many whole numbers, for distributions of whole seconds that are merged
 *	  by the hundred.
 *
 * A number is the index of its counter.  Counters lie in pages, and a page exists once
 * one of its numbers was met:
 *
 *	  number      0 .. 2047   2048 .. 4095   4096 .. 6143   6144 .. 8191
 *	  page       +---------+  +---------+                   +---------+
 *	             | 0 2 1 . |  | 4 0 0 . |        -          | 1 3 0 . |
 *	             +---------+  +---------+                   +---------+
 *
 * The numbers of a distribution ascend, and so do the addresses that are touched: this
 * is several times faster than a hash table (count_table.c), and it comes out in order.
 *
 * A counter has 16 bits, so that a year of seconds fits into the processor's caches.
 * Larger counts are rare, and left to a hash table.
 *
 * A page with few counters in use would waste memory.  So pages are paid for: each
 * number that is added brings half of what it would take in a hash table, and a page is
 * made once there is enough credit.  Numbers far out, and all numbers of a small merge,
 * are left to the hash table too.
 */
#include <string.h>

#include "kernel/multiset/dense_counts.h"

#define PAGE_BYTES			(NUMBERS_IN_PAGE * sizeof(uint16_t))
#define DIRECTORY_BYTES		(MOST_PAGES * sizeof(uint16_t *))

/* Compared with 0 in one step. */
#define COUNTERS_IN_WORD	(sizeof(uint64_t) / sizeof(uint16_t))

void
dense_counts_init(DenseCounts *counts)
{
	memset(counts, 0, sizeof(*counts));
}

void
dense_counts_clear(DenseCounts *counts, const Host *host)
{
	if (counts->page != NULL)
	{
		for (size_t i = 0; i < MOST_PAGES; i++)
			if (counts->page[i] != NULL)
				host->release(host->context, counts->page[i]);
		host->release(host->context, counts->page);
	}
	dense_counts_init(counts);
}

static void *
allocate_zeros(DenseCounts *counts, size_t bytes, const Host *host)
{
	void	   *memory = host->allocate(host->context, bytes);

	counts->credit -= bytes;
	return memset(memory, 0, bytes);
}

bool
dense_counts_make_page(DenseCounts *counts, size_t page, const Host *host)
{
	assert(page < MOST_PAGES && (counts->page == NULL || counts->page[page] == NULL));
	if (counts->page == NULL)
	{
		if (counts->credit < DIRECTORY_BYTES + PAGE_BYTES)
			return false;
		counts->page = allocate_zeros(counts, DIRECTORY_BYTES, host);
	}
	if (counts->credit < PAGE_BYTES)
		return false;
	counts->page[page] = allocate_zeros(counts, PAGE_BYTES, host);
	counts->pages++;
	return true;
}

/* The first counter from this one on that is not 0; NUMBERS_IN_PAGE if there is none. */
static size_t
next_in_page(const uint16_t *page, size_t place)
{
	for (; place % COUNTERS_IN_WORD != 0; place++)
		if (page[place] != 0)
			return place;
	for (; place < NUMBERS_IN_PAGE; place += COUNTERS_IN_WORD)
	{
		uint64_t	word;

		memcpy(&word, &page[place], sizeof(word));
		if (word != 0)
			break;
	}
	while (place < NUMBERS_IN_PAGE && page[place] == 0)
		place++;
	return place;
}

uint64_t
dense_counts_next(const DenseCounts *counts, uint64_t number, uint64_t *count)
{
	size_t		place = number % NUMBERS_IN_PAGE;

	if (counts->page == NULL)
		return COUNTED_NUMBERS;
	for (size_t page = number / NUMBERS_IN_PAGE; page < MOST_PAGES; page++, place = 0)
	{
		if (counts->page[page] == NULL)
			continue;
		place = next_in_page(counts->page[page], place);
		if (place < NUMBERS_IN_PAGE)
		{
			*count = counts->page[page][place];
			return page * NUMBERS_IN_PAGE + place;
		}
	}
	return COUNTED_NUMBERS;
}
