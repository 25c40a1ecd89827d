/*
 * dense_counts.h
 *	  Counts of many whole numbers: see dense_counts.c.
 */
#ifndef TTR_KERNEL_MULTISET_DENSE_COUNTS_H
#define TTR_KERNEL_MULTISET_DENSE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"

#define NUMBERS_IN_PAGE		2048
#define MOST_PAGES			8192

/* Whole seconds: 194 days. */
#define COUNTED_NUMBERS		((uint64_t) NUMBERS_IN_PAGE * MOST_PAGES)

typedef struct DenseCounts
{
	uint64_t	total;			/* of all counts */
	size_t		pages;			/* that exist */
	size_t		credit;			/* memory that may be taken, in bytes */
	uint16_t  **page;			/* MOST_PAGES, each NULL until it is needed; NULL before the first one */
} DenseCounts;

extern void dense_counts_init(DenseCounts *counts);
extern void dense_counts_clear(DenseCounts *counts, const Host *host);

/* Makes a page.  False if that would not pay yet. */
extern bool dense_counts_make_page(DenseCounts *counts, size_t page, const Host *host);

/* The credit that each number brings, new or not. */
#define CREDIT_BYTES		8

/*
 * Adds to the count of a number.  False, with nothing added, if the number or its count
 * is too large, or if a page would not pay yet: then it must be counted elsewhere.
 */
static inline bool
dense_counts_add(DenseCounts *counts, uint64_t number, uint64_t count, const Host *host)
{
	size_t		page = number / NUMBERS_IN_PAGE;
	uint16_t   *counter;

	if (number >= COUNTED_NUMBERS || count > UINT16_MAX)
		return false;
	counts->credit += CREDIT_BYTES;
	if ((counts->page == NULL || counts->page[page] == NULL) && !dense_counts_make_page(counts, page, host))
		return false;
	counter = &counts->page[page][number % NUMBERS_IN_PAGE];
	if (count > (uint64_t) UINT16_MAX - *counter)
		return false;
	*counter += count;
	counts->total += count;
	return true;
}

/*
 * The lowest number from this one on whose count is not 0, and its count;
 * COUNTED_NUMBERS if there is none.
 */
extern uint64_t dense_counts_next(const DenseCounts *counts, uint64_t number, uint64_t *count);

#endif							/* TTR_KERNEL_MULTISET_DENSE_COUNTS_H */
