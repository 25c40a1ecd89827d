/*
 * tally.h
 *	  A bag of 64-bit values that counts equal ones: see tally.c.
 */
#ifndef TTR_KERNEL_MULTISET_TALLY_H
#define TTR_KERNEL_MULTISET_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/host.h"
#include "kernel/multiset/value_store.h"

/* A value, and how often it occurs. */
typedef struct Run
{
	uint64_t	value;
	uint64_t	count;			/* 0: this place is free */
} Run;

typedef struct Tally
{
	uint64_t	total;			/* of all counts */
	size_t		distinct;
	uint64_t	lowest;			/* UINT64_MAX while empty */
	uint64_t	highest;		/* 0 while empty */
	size_t		places;			/* a power of 2, or 0 */
	Run		   *runs;			/* that many, free ones among them */
} Tally;

extern void tally_init(Tally *tally);
extern void tally_clear(Tally *tally, const Host *host);
extern void tally_add(Tally *tally, uint64_t value, uint64_t count, const Host *host);

/* The same for several values at once, which is faster where the tally is large. */
extern void tally_add_runs(Tally *tally, const Run *runs, size_t count, const Host *host);

/*
 * Room for so many more different values.  Whoever adds the runs of another tally, in
 * the order in which they lie there, must ask for it: they come in the order of their
 * hash values, and fill a table that is too small from one end.
 */
extern void tally_reserve(Tally *tally, size_t more, const Host *host);

/* Adds all of another tally, which stays as it is. */
extern void tally_merge(Tally *tally, const Tally *from, const Host *host);

/* How often it has this value, which may be never; and a notice that this will be asked soon. */
extern uint64_t tally_count_of(const Tally *tally, uint64_t value);
extern void tally_expect(const Tally *tally, uint64_t value);

/* The bytes that a tally takes. */
extern size_t tally_memory(const Tally *tally);

/*
 * Counts values while that saves memory, and takes no more of it than most_memory;
 * returns how many.  If those are not all, the others, and what follows, should be
 * left alone.
 */
extern size_t tally_count(Tally *tally, const uint64_t *values, size_t count, size_t most_memory, const Host *host);

/* The same with the values of a store, which leave it.  False if some were left. */
extern bool tally_absorb(Tally *tally, ValueStore *store, size_t most_memory, const Host *host);

#endif							/* TTR_KERNEL_MULTISET_TALLY_H */
