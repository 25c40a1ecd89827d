/*
 * interpolate.c
 *	  Computes percentiles from values and p, by percentile_cont()'s arithmetic.
 *
 * Each percentile needs two values at most:
 *
 *	  p (n - 1) = first + fraction		with first an integer
 *	  percentile = value[first] + fraction * (value[first + 1] - value[first])
 *
 * with value[] in the order of ORDER BY.  Every result equals percentile_cont's, to the
 * last bit of a double: the arithmetic is the same, term by term.  Of values that compare
 * equal percentile_cont returns the one that its sort left in that place, and selection
 * may return another one (0 or -0, '30 days' or '1 mon').
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "compat.h"
#include "kernel/multiset/key_sort.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"
#include "percentile/interval_key.h"
#include "percentile/state.h"

/* The position of a percentile: value[first], or between that and value[first + 1]. */
typedef struct Position
{
	uint64_t	first;
	uint64_t	second;			/* first, or first + 1 */
	double		fraction;		/* of the distance from first to second */
} Position;

static void
select_float8(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	Multiset	set = percentile_state_multiset(state);
	uint64_t   *keys = host->allocate(host->context, nranks * sizeof(uint64_t));

	select_from_multiset(&set, ranks, nranks, keys, host);
	for (size_t i = 0; i < nranks; i++)
		selected[i] = Float8GetDatum(double_of_key(keys[i]));
	host->release(host->context, keys);
}

static void
select_interval(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	Multiset	set = percentile_state_multiset(state);
	Interval   *intervals = host->allocate(host->context, nranks * sizeof(Interval));

	interval_key_select(&set, percentile_state_irregular(state), ranks, nranks, intervals, host);
	for (size_t i = 0; i < nranks; i++)
		selected[i] = IntervalPGetDatum(&intervals[i]);
}

/* float8_lerp() of orderedsetaggs.c, written so that it rounds alike everywhere. */
Datum
interpolate_float8(Datum first, Datum second, double fraction)
{
	double		from = DatumGetFloat8(first);
	double		to = DatumGetFloat8(second);

	return Float8GetDatum(from + (fraction * (to - from)));
}

/* interval_lerp() of orderedsetaggs.c: field by field, so '1 mon' may yield '15 days'. */
static Datum
interpolate_interval(Datum first, Datum second, double fraction)
{
	Datum		difference = DirectFunctionCall2(interval_mi, second, first);
	Datum		part = DirectFunctionCall2(interval_mul, difference, Float8GetDatum(fraction));

	return DirectFunctionCall2(interval_pl, part, first);
}

const PercentileType float8_type = {
	FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, select_float8, interpolate_float8
};

const PercentileType interval_type = {
	INTERVALOID, sizeof(Interval), false, select_interval, interpolate_interval
};

void
check_percentile(double p)
{
	if (isnan(p) || p < 0 || p > 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("percentile value %g is not between 0 and 1", p),
				 errhint("The 95th percentile is percentile(0.95).")));
}

/* Beyond 2^53 values, which only distributions have, the product may round up to a rank that there is not. */
static Position
position_of(double p, uint64_t count)
{
	int64		rows = count;
	Position	position;

	Assert(count > 0);
	position.first = Min((uint64) floor(p * (rows - 1)), count - 1);
	position.second = Min((uint64) ceil(p * (rows - 1)), count - 1);
	position.fraction = (p * (rows - 1)) - floor(p * (rows - 1));
	return position;
}

static int
compare_ranks(const void *left, const void *right)
{
	uint64_t	a = *(const uint64_t *) left;
	uint64_t	b = *(const uint64_t *) right;

	return a < b ? -1 : a > b;
}

/* Sorts ranks and drops repeated ones.  Returns the number that is left. */
static size_t
sort_ranks(uint64_t *ranks, size_t nranks, const Host *host)
{
	size_t		distinct = 0;

	key_sort(ranks, nranks, host);
	for (size_t i = 0; i < nranks; i++)
		if (distinct == 0 || ranks[distinct - 1] != ranks[i])
			ranks[distinct++] = ranks[i];
	return distinct;
}

/*
 * The percentiles at the given positions of a state, all in one selection.  The
 * results are in the current memory context.
 */
static void
interpolate_all(const PercentileType *type, const void *state, uint64_t count, bool descending,
				const Position *positions, size_t npositions, Datum *results)
{
	Host		host = backend_host(CurrentMemoryContext);
	uint64_t	last = count - 1;
	uint64_t   *ranks = MemoryContextAllocHuge(CurrentMemoryContext, 2 * npositions * sizeof(uint64_t));
	Datum	   *selected = MemoryContextAllocHuge(CurrentMemoryContext, 2 * npositions * sizeof(Datum));
	size_t		nranks = 0;

	for (size_t i = 0; i < npositions; i++)
	{
		ranks[nranks++] = descending ? last - positions[i].first : positions[i].first;
		ranks[nranks++] = descending ? last - positions[i].second : positions[i].second;
	}
	nranks = sort_ranks(ranks, nranks, &host);
	type->select(state, ranks, nranks, selected, &host);

	for (size_t i = 0; i < npositions; i++)
	{
		uint64_t	first = descending ? last - positions[i].first : positions[i].first;
		uint64_t   *place = bsearch(&first, ranks, nranks, sizeof(uint64_t), compare_ranks);
		Datum		first_value = selected[place - ranks];

		CHECK_FOR_INTERRUPTS();
		if (positions[i].first == positions[i].second)
			results[i] = first_value;
		else
			results[i] = type->interpolate(first_value, selected[place - ranks + (descending ? -1 : 1)],
										   positions[i].fraction);
	}
}

/* Saves the sorting and searching that several percentiles need: there are many small groups. */
Datum
percentile_of(const PercentileType *type, const void *state, uint64_t count, bool descending, double p)
{
	Host		host = backend_host(CurrentMemoryContext);
	Position	position = position_of(p, count);
	uint64_t	ranks[2] = {position.first, position.second};
	Datum		selected[2];

	if (descending)
	{
		ranks[0] = count - 1 - position.second;
		ranks[1] = count - 1 - position.first;
	}
	type->select(state, ranks, ranks[0] == ranks[1] ? 1 : 2, selected, &host);
	if (ranks[0] == ranks[1])
		return selected[0];
	return type->interpolate(selected[descending], selected[!descending], position.fraction);
}

Datum
percentiles_of(const PercentileType *type, const void *state, uint64_t count, bool descending, const ArrayType *p)
{
	ArrayType  *shape = (ArrayType *) p;
	Datum	   *ps;
	bool	   *nulls;
	int			np;
	Position   *positions;
	size_t		npositions = 0;
	Datum	   *results;

	deconstruct_array(shape, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &ps, &nulls, &np);
	if (np == 0)
		return PointerGetDatum(construct_empty_array(type->oid));

	positions = palloc(np * sizeof(Position));
	results = palloc0(np * sizeof(Datum));
	for (int i = 0; i < np; i++)
		if (!nulls[i])
		{
			check_percentile(DatumGetFloat8(ps[i]));
			positions[npositions++] = position_of(DatumGetFloat8(ps[i]), count);
		}
	interpolate_all(type, state, count, descending, positions, npositions, results);

	/* The results lie side by side; from the last one on they move to their places among the NULLs. */
	for (int i = np - 1; i >= 0; i--)
		results[i] = nulls[i] ? (Datum) 0 : results[--npositions];

	return PointerGetDatum(construct_md_array(results, nulls, ARR_NDIM(shape), ARR_DIMS(shape), ARR_LBOUND(shape),
											  type->oid, type->length, type->by_value, TYPALIGN_DOUBLE));
}

/* Like percentile_cont(), checks p even without values, but p[] only with some. */
Datum
quantile_of(FunctionCallInfo fcinfo, const PercentileType *type, const void *state, uint64_t count,
			QuantileArgument argument)
{
	if (argument.kind == SCALAR_ARGUMENT)
		check_percentile(argument.p.scalar);
	if (argument.kind == NULL_ARGUMENT || count == 0)
		PG_RETURN_NULL();
	if (argument.kind == SCALAR_ARGUMENT)
		PG_RETURN_DATUM(percentile_of(type, state, count, false, argument.p.scalar));
	PG_RETURN_DATUM(percentiles_of(type, state, count, false, argument.p.array));
}
