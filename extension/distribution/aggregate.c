/*
 * aggregate.c
 *	  distribution(x) and merge(distribution): exact percentiles that can be stored.
 *
 * Percentiles do not add up: the 95th percentile of a month follows from those of its
 * days in no way.  The distributions of its days do add up, and every percentile of the
 * month follows from their sum:
 *
 *	  rows of a day  --- distribution(x) --->  distribution of the day
 *	  days           --- merge(d) --------->   distribution of the month
 *	                                           |
 *	                     quantile(d, 0.95), share_within(d, 86400) ...
 *
 * distribution(x) shares the transition, combine, serialize and deserialize functions of
 * percentile/ (percentile.c, quantile.c and wire.c).  Only its final function is its own:
 * it counts values that repeat, and puts all values in order.
 *
 * The state of merge(distribution) is a distribution, and its transition and combine
 * function is the operator +.  In an aggregate + adds to an expanded object (value.c).  In
 * a window PostgreSQL needs the result of every row, so + adds bytes to bytes, and - takes
 * away the distributions that leave the frame.
 */
#include "postgres.h"

#include "access/detoast.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "kernel/multiset/order_key.h"
#include "percentile/state.h"

/* Bytes, of some 100 values. */
#define SMALL_SUM	256

/* ----------------------------------------------------------------------
 * Final function of distribution(x)
 * ----------------------------------------------------------------------
 */

/* The keys that were not counted, in one array. */
static uint64_t *
gather(const PercentileState *state, CountedKeys *counted, uint64_t count, const Host *host)
{
	uint64_t   *keys = host->allocate(host->context, count * sizeof(uint64_t));
	uint64_t	gathered = 0;

	for (; counted->span.count > 0; counted->span = value_store_next_span(&state->keys, counted->span))
	{
		size_t		left = counted->span.count - counted->done;

		memcpy(keys + gathered, counted->span.values + counted->done, left * sizeof(uint64_t));
		gathered += left;
		counted->done = 0;
		host->check_interrupts();
	}
	Assert(gathered == count);
	return keys;
}

/*
 * Memory: 16 bytes for each different value and for each that hardly repeats, besides the
 * result.  NULL without values, like percentile_cont().
 */
PG_FUNCTION_INFO_V1(ttr_distribution_final);
Datum
ttr_distribution_final(PG_FUNCTION_ARGS)
{
	Host		host = backend_host(CurrentMemoryContext);
	const PercentileState *state;
	CountedKeys counted;
	uint64_t	uncounted;
	uint64_t   *keys;
	DistributionWriter writer;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const PercentileState *) PG_GETARG_POINTER(0);
	percentile_state_count(state, &counted, &host);
	uncounted = percentile_state_multiset(state).count - counted.table.total;
	keys = uncounted > 0 ? gather(state, &counted, uncounted, &host) : NULL;

	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &counted.table, NULL, keys, uncounted);
	count_table_clear(&counted.table, &host);
	if (keys != NULL)
		pfree(keys);
	PG_RETURN_DATUM(distribution_written(&writer));
}

/* ----------------------------------------------------------------------
 * Sum and difference
 * ----------------------------------------------------------------------
 */

/* The state of merge() with one more value. */
static Datum
merge_into(MemoryContext context, Datum state, Datum value)
{
	MergedDistribution *merged = merged_distribution_of(state);

	if (merged == NULL)
	{
		merged = merged_distribution_create(context);
		merged_distribution_add(merged, state);
	}
	merged_distribution_add(merged, value);
	return merged_distribution_value(merged);
}

/*
 * True if bytes are added to bytes in an aggregate, too.  Small sums are, because an
 * expanded object takes a memory context of 3 kB, and a hash aggregate visits all contexts
 * for every new group.
 */
static bool
is_small_sum(Datum state, Datum value)
{
	return !VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(state)) &&
		toast_raw_datum_size(state) + toast_raw_datum_size(value) <= SMALL_SUM;
}

/*
 * The operator +, and transition and combine function of merge().  The first value of
 * merge() is its state until a second one comes: most groups of a rollup have one value.
 */
PG_FUNCTION_INFO_V1(ttr_distribution_add);
Datum
ttr_distribution_add(PG_FUNCTION_ARGS)
{
	Host		host = backend_host(CurrentMemoryContext);
	MemoryContext context;
	DistributionReader left;
	DistributionReader right;
	DistributionWriter writer;

	if (AggCheckCallContext(fcinfo, &context) == AGG_CONTEXT_AGGREGATE &&
		!is_small_sum(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)))
		PG_RETURN_DATUM(merge_into(context, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));

	left = distribution_open(PG_GETARG_DATUM(0));
	right = distribution_open(PG_GETARG_DATUM(1));
	distribution_writer_init(&writer, &host);
	distribution_add(&left, &right, &writer);
	distribution_check(&left);
	distribution_check(&right);
	PG_RETURN_DATUM(distribution_written(&writer));
}

/*
 * The operator -, and inverse transition function of merge().  Error 22003 if the right
 * side has a value more often than the left one.
 */
PG_FUNCTION_INFO_V1(ttr_distribution_subtract);
Datum
ttr_distribution_subtract(PG_FUNCTION_ARGS)
{
	Host		host = backend_host(CurrentMemoryContext);
	DistributionReader left = distribution_open(PG_GETARG_DATUM(0));
	DistributionReader right = distribution_open(PG_GETARG_DATUM(1));
	DistributionWriter writer;
	ValueCount	missing;
	bool		possible;

	distribution_writer_init(&writer, &host);
	possible = distribution_subtract(&left, &right, &writer, &missing);
	distribution_check(&left);
	distribution_check(&right);
	if (!possible)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("distribution cannot be subtracted from one that does not contain it"),
				 errdetail("The value %.17g occurs %llu times in the right one, more often than in the left one.",
						   double_of_key(missing.value), (unsigned long long) missing.count),
				 errhint("Subtract only what was added before.")));
	PG_RETURN_DATUM(distribution_written(&writer));
}
