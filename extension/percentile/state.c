/*
 * state.c
 *	  The state of a percentile aggregate: the values of a group, and nothing computed
 *	  from them.
 *
 * There is one state for p95() and percentile() WITHIN GROUP and for median() and
 * quantile(), over doubles and over intervals.  A group of up to six rows takes 128
 * bytes.  A group that grows takes 8 bytes for each row.  Once it reaches work_mem the
 * values decide what happens:
 *
 *	   128 bytes        chunks              work_mem is reached
 *	  +--------+     +-----------+       do values repeat themselves?
 *	  | 6 keys | --> | all keys  | -->   yes: +-----------+
 *	  +--------+     +-----------+            | counted   |  each value once
 *	                                          +-----------+
 *	                                     no:  +-----------+     +------+
 *	                                          | most keys |  +  | tape |
 *	                                          +-----------+     +------+
 *
 * A count table that grows too large stays as it is, and the values that follow go to a
 * tape.  Selection reads all parts of a state (selection.c).
 *
 * Only a group that is aggregated alone, because it is the only one or because rows come
 * sorted, can be kept within work_mem.  In a hash aggregate many groups share work_mem,
 * and PostgreSQL sets rows of new groups aside, as it does for array_agg().
 *
 * A quarter of work_mem is left for selection, and for the count table while it grows.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "percentile/interval_key.h"
#include "percentile/spill_file.h"
#include "percentile/state.h"

/* Bytes of values that are collected before they are counted. */
#define COUNTED_AT_ONCE		(1024 * 1024)

/* To count fewer keys takes longer than it saves. */
#define COUNTED_FROM		4096

/*
 * Expected occurrences of each key: a table of that size need not grow step by step.  If
 * keys repeat less it grows; if they repeat more it is too large until the call ends.
 */
#define EXPECTED_REPEATS	16

/* A table for counting may become as large as the values that it replaces. */
#define MOST_COUNTING_MEMORY(values)	((values) * sizeof(uint64_t))

StaticAssertDecl(sizeof(PercentileState) <= 128, "a million small groups must take little memory");

PercentileState *
percentile_state_create(MemoryContext context)
{
	PercentileState *state = MemoryContextAlloc(context, sizeof(PercentileState));

	value_store_init(&state->keys);
	state->overflow = NULL;
	state->argument.kind = NO_ARGUMENT;
	return state;
}

Overflow *
percentile_state_overflow(PercentileState *state, MemoryContext context)
{
	if (state->overflow == NULL)
	{
		state->overflow = MemoryContextAlloc(context, sizeof(Overflow));
		count_table_init(&state->overflow->table);
		state->overflow->repeats = true;
		state->overflow->received = (ReceivedRuns) {0, UINT64_MAX, 0, 0, NULL};
		value_store_init(&state->overflow->irregular);
	}
	return state->overflow;
}

/* True if work_mem is for this group alone. */
static bool
is_limited(FunctionCallInfo fcinfo)
{
	AggState   *aggregation = (AggState *) fcinfo->context;

	return IsA(aggregation, AggState) &&
		(aggregation->hashcontext == NULL || aggregation->curaggcontext != aggregation->hashcontext);
}

static size_t
state_memory(const PercentileState *state)
{
	size_t		memory = value_store_memory(&state->keys);

	if (state->overflow != NULL)
		memory += count_table_memory(&state->overflow->table) + state->overflow->received.count * sizeof(ValueCount) +
			value_store_memory(&state->overflow->irregular);
	return memory;
}

/* True if a store of a state may grow in memory once more. */
static bool
may_grow(const PercentileState *state, const ValueStore *store)
{
	size_t		limit = (size_t) work_mem * 1024;

	/* A tape is written a chunk at a time. */
	if (store->newest == NULL)
		return true;
	if (state->overflow != NULL && state->overflow->table.total > 0 && state->overflow->repeats &&
		store == &state->keys && value_store_memory(store) >= Min(COUNTED_AT_ONCE, limit / 8))
		return false;
	return state_memory(state) + value_store_growth(store) <= limit / 4 * 3;
}

/* Counts the keys if that helps.  True if the store has room then. */
static bool
count_keys(PercentileState *state, const Host *host)
{
	Overflow   *overflow = percentile_state_overflow(state, host->context);

	if (overflow->repeats)
		overflow->repeats = count_table_absorb(&overflow->table, &state->keys, (size_t) work_mem * 1024 / 2, host);
	return !value_store_is_full(&state->keys);
}

void
percentile_state_make_room(FunctionCallInfo fcinfo, PercentileState *state, ValueStore *store)
{
	MemoryContext context = group_context(fcinfo);
	Host		host = backend_host(context);

	CHECK_FOR_INTERRUPTS();
	if (store->tape == NULL)
	{
		if (!is_limited(fcinfo) || may_grow(state, store))
		{
			value_store_grow(store, &host);
			return;
		}
		if (store == &state->keys && count_keys(state, &host))
			return;
		if (may_grow(state, store))
		{
			value_store_grow(store, &host);
			return;
		}
		store->tape = spill_file_create(fcinfo, context);
	}
	value_store_spool(store);
}

void
percentile_state_keep_interval(FunctionCallInfo fcinfo, PercentileState *state, const Interval *interval)
{
	ValueStore *irregular = &percentile_state_overflow(state, group_context(fcinfo))->irregular;
	uint64_t	words[WORDS_PER_INTERVAL];

	if (value_store_is_full(irregular))
		percentile_state_make_room(fcinfo, state, irregular);
	memcpy(words, interval, sizeof(words));
	for (size_t i = 0; i < WORDS_PER_INTERVAL; i++)
		value_store_put(irregular, words[i]);
}

void
percentile_state_add_interval(FunctionCallInfo fcinfo, PercentileState *state, const Interval *interval)
{
	bool		regular;
	uint64_t	key = interval_key(interval, &regular);

	percentile_state_add(fcinfo, state, key);
	if (!regular)
		percentile_state_keep_interval(fcinfo, state, interval);
}

Multiset
percentile_state_multiset(const PercentileState *state)
{
	Multiset	set = multiset_of(&state->keys, state->overflow != NULL ? &state->overflow->table : NULL);

	if (state->overflow != NULL && state->overflow->received.count > 0)
	{
		const ReceivedRuns *received = &state->overflow->received;

		set.count += received->total;
		set.lowest = Min(set.lowest, received->lowest);
		set.highest = Max(set.highest, received->highest);
		set.runs[1] = (RunSpan) {received->runs, received->count};
	}
	set.most_gathered = (uint64) work_mem * 1024 / 4 / sizeof(uint64_t);
	return set;
}

static void
count_overflow(const Overflow *overflow, CountTable *table, const Host *host)
{
	count_table_merge(table, &overflow->table, host);
	count_table_reserve(table, overflow->received.count, host);
	for (size_t i = 0; i < overflow->received.count; i++)
	{
		count_table_add(table, overflow->received.runs[i].value, overflow->received.runs[i].count, host);
		host_check_at_step(host, i);
	}
}

void
percentile_state_count(const PercentileState *state, CountedKeys *counted, const Host *host)
{
	const ValueStore *keys = &state->keys;

	count_table_init(&counted->table);
	if (state->overflow != NULL)
		count_overflow(state->overflow, &counted->table, host);

	counted->span = value_store_first_span(keys);
	counted->done = 0;
	if (keys->count < COUNTED_FROM)
		return;
	count_table_reserve(&counted->table, keys->count / EXPECTED_REPEATS, host);
	while (counted->span.count > 0)
	{
		counted->done = count_table_count(&counted->table, counted->span.values, counted->span.count,
										  MOST_COUNTING_MEMORY(keys->count), host);
		if (counted->done < counted->span.count)
			return;
		counted->span = value_store_next_span(keys, counted->span);
		counted->done = 0;
	}
}
