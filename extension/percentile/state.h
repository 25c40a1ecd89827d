/*
 * state.h
 *	  The state of a percentile aggregate: see state.c.
 *
 * The way into percentile/: SQL calls aggregates (percentile.c, quantile.c, window.c),
 * which share this state.
 */
#ifndef TTR_PERCENTILE_STATE_H
#define TTR_PERCENTILE_STATE_H

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "kernel/multiset/selection.h"
#include "kernel/multiset/count_table.h"
#include "kernel/multiset/value_store.h"
#include "percentile/argument.h"

/* Runs as they came: a value may come once from each process. */
typedef struct ReceivedRuns
{
	uint64_t	total;			/* of all counts */
	uint64_t	lowest;			/* UINT64_MAX while empty */
	uint64_t	highest;		/* 0 while empty */
	size_t		count;
	ValueCount *runs;
} ReceivedRuns;

/* The part of a state that only large groups and intervals need. */
typedef struct Overflow
{
	CountTable	table;			/* of values for which the store had no room */
	bool		repeats;		/* values repeat often enough to be counted */
	ReceivedRuns received;		/* counted by other processes */
	ValueStore	irregular;		/* intervals that no key determines, two words each */
} Overflow;

typedef struct PercentileState
{
	ValueStore	keys;
	Overflow   *overflow;		/* NULL while not needed */
	QuantileArgument argument;	/* of quantile(); ordered-set aggregates have none */
} PercentileState;

/* An empty state, and the part of it that few groups need, in a context that lives as long as the group. */
extern PercentileState *percentile_state_create(MemoryContext context);
extern Overflow *percentile_state_overflow(PercentileState *state, MemoryContext context);

/* Makes room for a value in one of the stores of a state, in memory or on disk. */
extern void percentile_state_make_room(FunctionCallInfo fcinfo, PercentileState *state, ValueStore *store);

extern void percentile_state_add_interval(FunctionCallInfo fcinfo, PercentileState *state, const Interval *interval);

/* Adds an irregular interval, but not its key. */
extern void percentile_state_keep_interval(FunctionCallInfo fcinfo, PercentileState *state, const Interval *interval);

/* All keys of a state, ready to be selected from. */
extern Multiset percentile_state_multiset(const PercentileState *state);

/* The counted keys of a state, and where the others begin. */
typedef struct CountedKeys
{
	CountTable	table;			/* in memory of the host */
	ValueSpan	span;			/* empty if all keys were counted */
	size_t		done;			/* values of this span that were counted */
} CountedKeys;

/*
 * Counts the keys of a state as long as that helps.  The state does not change.  Keys that
 * were not counted are the rest of the span, and the spans after it.
 */
extern void percentile_state_count(const PercentileState *state, CountedKeys *counted, const Host *host);

/* The irregular intervals of a state, NULL if there are none. */
static inline const ValueStore *
percentile_state_irregular(const PercentileState *state)
{
	return state->overflow != NULL && state->overflow->irregular.count > 0 ? &state->overflow->irregular : NULL;
}

static inline void
percentile_state_add(FunctionCallInfo fcinfo, PercentileState *state, uint64_t key)
{
	if (unlikely(value_store_is_full(&state->keys)))
		percentile_state_make_room(fcinfo, state, &state->keys);
	value_store_put(&state->keys, key);
}

#endif							/* TTR_PERCENTILE_STATE_H */
