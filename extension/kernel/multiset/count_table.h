/*
 * count_table.h
 *	  A multiset of 64-bit values that counts equal ones: see count_table.c.
 */
#ifndef TTR_KERNEL_MULTISET_COUNT_TABLE_H
#define TTR_KERNEL_MULTISET_COUNT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/host.h"
#include "kernel/multiset/value_store.h"

/* A value and its count. */
typedef struct ValueCount
{
	uint64_t	value;
	uint64_t	count;			/* 0 in a free place */
} ValueCount;

typedef struct CountTable
{
	uint64_t	total;			/* of all counts */
	size_t		distinct;
	uint64_t	lowest;			/* UINT64_MAX while empty */
	uint64_t	highest;		/* 0 while empty */
	size_t		places;			/* a power of 2, or 0 */
	ValueCount *runs;			/* the places, free ones among them */
} CountTable;

extern void count_table_init(CountTable *table);
extern void count_table_clear(CountTable *table, const Host *host);
extern void count_table_add(CountTable *table, uint64_t value, uint64_t count, const Host *host);

/* Adds several runs, which is faster in a large table. */
extern void count_table_add_runs(CountTable *table, const ValueCount *runs, size_t count, const Host *host);

/*
 * Makes room for more different values.  Required before the runs of another count table
 * are added in the order in which they lie there: that is the order of their hash values,
 * and fills a table that is too small from one end.
 */
extern void count_table_reserve(CountTable *table, size_t more, const Host *host);

/* Adds all values of another count table, which does not change. */
extern void count_table_merge(CountTable *table, const CountTable *from, const Host *host);

/* Count of a value, 0 if absent.  count_table_prefetch() warms its place. */
extern uint64_t count_table_count_of(const CountTable *table, uint64_t value);
extern void count_table_prefetch(const CountTable *table, uint64_t value);

/* In bytes. */
extern size_t count_table_memory(const CountTable *table);

/*
 * Counts values as long as that saves memory, in at most most_memory bytes.  Returns the
 * number of values that it counted.  If some are left, counting does not pay: neither for
 * them nor for values that follow.
 */
extern size_t count_table_count(CountTable *table, const uint64_t *values, size_t count, size_t most_memory,
								const Host *host);

/* The same for the values of a store, which leave it.  False if some are left. */
extern bool count_table_absorb(CountTable *table, ValueStore *store, size_t most_memory, const Host *host);

#endif							/* TTR_KERNEL_MULTISET_COUNT_TABLE_H */
