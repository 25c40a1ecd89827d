/*
 * percentile.c
 *	  p95() and percentile() WITHIN GROUP: percentile_cont() without its sort.
 *
 * The state of a group is nothing but its values: keys in the order of the values
 * (order_key.h), in chunks that are never copied (value_store.c).  At the end two
 * values at most are needed for each percentile, and selection (selection.c)
 * finds them in linear time:
 *
 *	  p (n - 1) = first + fraction		with first an integer
 *	  percentile = value[first] + fraction * (value[first + 1] - value[first])
 *
 * with value[] sorted as ORDER BY says.  Every result equals percentile_cont's,
 * to the last bit of a double: the arithmetic is the same, term by term.  Where
 * several values compare equal percentile_cont returns whichever its sort left in
 * that place, and so do we (0 or -0, '30 days' or '1 mon').
 *
 * All aggregates over one type have one transition function, and their final
 * functions only read the state.  So PostgreSQL keeps a single state for
 * p95() WITHIN GROUP (ORDER BY x) and percentile(0.5) WITHIN GROUP (ORDER BY x) in
 * the same query.  This is why the state knows neither p nor the direction: both
 * belong to one aggregate, and the final function takes them from there.
 *
 * A state takes 8 bytes for each row, and 16 more for an interval that its span
 * does not determine (interval_store.c); work_mem does not limit it.
 *
 * Before any row that is not NULL a group has no state, and so every state holds
 * one value at least.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_aggregate.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "backend.h"
#include "compat.h"
#include "interval_store.h"
#include "order_key.h"
#include "selection.h"

/* Where a percentile lies: value[first], or between that and value[first + 1]. */
typedef struct Position
{
	uint64_t	first;
	uint64_t	second;			/* equals first if nothing lies between */
	double		fraction;		/* of the way from first to second */
} Position;

/* What differs between the types that have percentiles. */
typedef struct PercentileType
{
	Oid			oid;
	int16		length;
	bool		by_value;

	/* The values at the given ranks: see select_ranks(). */
	void		(*select) (const void *state, const uint64_t *ranks, size_t nranks, Datum *selected,
						   const Host *host);

	Datum		(*interpolate) (Datum first, Datum second, double fraction);
} PercentileType;

/* A state is a ValueStore, or an IntervalStore that begins with one. */
StaticAssertDecl(offsetof(IntervalStore, keys) == 0, "every state begins with its keys");

/* ----------------------------------------------------------------------
 * State
 * ----------------------------------------------------------------------
 */

/* The memory that lives as long as the group. */
static MemoryContext
group_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (AggCheckCallContext(fcinfo, &context) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "percentile called in non-aggregate context");
	return context;
}

static pg_noinline void
make_room(FunctionCallInfo fcinfo, ValueStore *store)
{
	Host		host = backend_host(group_context(fcinfo));

	value_store_grow(store, &host);
}

static inline void
add_key(FunctionCallInfo fcinfo, ValueStore *store, uint64_t key)
{
	if (unlikely(value_store_is_full(store)))
		make_room(fcinfo, store);
	value_store_put(store, key);
}

static void
select_float8(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	uint64_t   *keys = host->allocate(host->context, nranks * sizeof(uint64_t));

	select_ranks(state, ranks, nranks, keys, host);
	for (size_t i = 0; i < nranks; i++)
		selected[i] = Float8GetDatum(double_of_key(keys[i]));
	host->release(host->context, keys);
}

/* The intervals that the datums point to stay in the host's memory. */
static void
select_interval(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	Interval   *intervals = host->allocate(host->context, nranks * sizeof(Interval));

	interval_store_select(state, ranks, nranks, intervals, host);
	for (size_t i = 0; i < nranks; i++)
		selected[i] = IntervalPGetDatum(&intervals[i]);
}

/* ----------------------------------------------------------------------
 * Transition
 * ----------------------------------------------------------------------
 */

PG_FUNCTION_INFO_V1(ttr_percentile_float8_transition);
Datum
ttr_percentile_float8_transition(PG_FUNCTION_ARGS)
{
	ValueStore *state = PG_ARGISNULL(0) ? NULL : (ValueStore *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
	{
		if (state == NULL)
		{
			state = MemoryContextAlloc(group_context(fcinfo), sizeof(ValueStore));
			value_store_init(state);
		}
		add_key(fcinfo, state, key_of_double(PG_GETARG_FLOAT8(1)));
	}

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ttr_percentile_interval_transition);
Datum
ttr_percentile_interval_transition(PG_FUNCTION_ARGS)
{
	IntervalStore *state = PG_ARGISNULL(0) ? NULL : (IntervalStore *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
	{
		Interval   *interval = PG_GETARG_INTERVAL_P(1);
		bool		regular;
		uint64_t	key = interval_key(interval, &regular);

		if (state == NULL)
		{
			state = MemoryContextAlloc(group_context(fcinfo), sizeof(IntervalStore));
			interval_store_init(state);
		}
		add_key(fcinfo, &state->keys, key);
		if (!regular)
		{
			Host		host = backend_host(group_context(fcinfo));

			interval_store_keep(state, interval, &host);
		}
	}

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* ----------------------------------------------------------------------
 * Final
 * ----------------------------------------------------------------------
 */

/* float8_lerp() of orderedsetaggs.c; so written, it rounds alike everywhere. */
static Datum
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

static const PercentileType float8_type = {
	FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, select_float8, interpolate_float8
};

static const PercentileType interval_type = {
	INTERVALOID, sizeof(Interval), false, select_interval, interpolate_interval
};

/* Whether the aggregate's ORDER BY is descending; refuses what is not the type's own order. */
static bool
read_direction(FunctionCallInfo fcinfo, const PercentileType *type)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	TypeCacheEntry *operators = lookup_type_cache(type->oid, TYPECACHE_LT_OPR | TYPECACHE_GT_OPR);
	Oid			used;

	if (aggref == NULL || aggref->aggkind != AGGKIND_ORDERED_SET || list_length(aggref->aggorder) != 1)
		elog(ERROR, "percentile called as something else than an ordered-set aggregate");
	used = linitial_node(SortGroupClause, aggref->aggorder)->sortop;

	if (used != operators->lt_opr && used != operators->gt_opr)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("percentiles follow only the default order of a type"),
				 errdetail("WITHIN GROUP (ORDER BY ... USING ...) names an operator of another order."),
				 errhint("Use ORDER BY x or ORDER BY x DESC, or percentile_cont().")));
	return used == operators->gt_opr;
}

/* The same, read once in a query. */
static bool
is_descending(FunctionCallInfo fcinfo, const PercentileType *type)
{
	bool	   *descending = fcinfo->flinfo->fn_extra;

	if (descending == NULL)
	{
		descending = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(bool));
		*descending = read_direction(fcinfo, type);
		fcinfo->flinfo->fn_extra = descending;
	}
	return *descending;
}

static void
check_percentile(double p)
{
	if (isnan(p) || p < 0 || p > 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("percentile value %g is not between 0 and 1", p),
				 errhint("The 95th percentile is percentile(0.95).")));
}

static Position
position_of(double p, uint64_t count)
{
	int64		rows = count;
	Position	position;

	position.first = floor(p * (rows - 1));
	position.second = ceil(p * (rows - 1));
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

/* Sorts ranks and drops repeated ones; returns how many are left. */
static size_t
sort_ranks(uint64_t *ranks, size_t nranks)
{
	size_t		distinct = 0;

	qsort(ranks, nranks, sizeof(uint64_t), compare_ranks);
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
interpolate_all(const PercentileType *type, const void *state, bool descending, const Position *positions,
				size_t npositions, Datum *results)
{
	Host		host = backend_host(CurrentMemoryContext);
	uint64_t	last = ((const ValueStore *) state)->count - 1;
	uint64_t   *ranks = MemoryContextAllocHuge(CurrentMemoryContext, 2 * npositions * sizeof(uint64_t));
	Datum	   *selected = MemoryContextAllocHuge(CurrentMemoryContext, 2 * npositions * sizeof(Datum));
	size_t		nranks = 0;

	for (size_t i = 0; i < npositions; i++)
	{
		ranks[nranks++] = descending ? last - positions[i].first : positions[i].first;
		ranks[nranks++] = descending ? last - positions[i].second : positions[i].second;
	}
	nranks = sort_ranks(ranks, nranks);
	type->select(state, ranks, nranks, selected, &host);

	for (size_t i = 0; i < npositions; i++)
	{
		uint64_t	first = descending ? last - positions[i].first : positions[i].first;
		uint64_t   *place = bsearch(&first, ranks, nranks, sizeof(uint64_t), compare_ranks);
		Datum		first_value = selected[place - ranks];

		if (positions[i].first == positions[i].second)
			results[i] = first_value;
		else
			results[i] = type->interpolate(first_value, selected[place - ranks + (descending ? -1 : 1)],
										   positions[i].fraction);
	}
}

/* A single percentile, once its arguments were looked at: state NULL means no rows. */
static Datum
percentile_of_group(FunctionCallInfo fcinfo, const PercentileType *type, double p)
{
	ValueStore *state;
	Position	position;
	Datum		result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();

	state = (ValueStore *) PG_GETARG_POINTER(0);
	position = position_of(p, state->count);
	interpolate_all(type, state, is_descending(fcinfo, type), &position, 1, &result);
	PG_RETURN_DATUM(result);
}

static Datum
p95_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	is_descending(fcinfo, type);
	return percentile_of_group(fcinfo, type, 0.95);
}

/* percentile_cont() too looks at p before it looks for rows. */
static Datum
percentile_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	is_descending(fcinfo, type);
	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	check_percentile(PG_GETARG_FLOAT8(1));
	return percentile_of_group(fcinfo, type, PG_GETARG_FLOAT8(1));
}

/*
 * Like percentile_cont(), but unlike percentile_final(): without rows the result
 * is NULL whatever p[] is.  The result has the shape of p[], NULL where p is.
 */
static Datum
percentile_array_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	bool		descending = is_descending(fcinfo, type);
	ValueStore *state;
	ArrayType  *shape;
	Datum	   *ps;
	bool	   *nulls;
	int			np;
	Position   *positions;
	size_t		npositions = 0;
	Datum	   *results;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();

	state = (ValueStore *) PG_GETARG_POINTER(0);
	shape = PG_GETARG_ARRAYTYPE_P(1);
	deconstruct_array(shape, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &ps, &nulls, &np);
	if (np == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(type->oid));

	positions = palloc(np * sizeof(Position));
	results = palloc0(np * sizeof(Datum));
	for (int i = 0; i < np; i++)
		if (!nulls[i])
		{
			check_percentile(DatumGetFloat8(ps[i]));
			positions[npositions++] = position_of(DatumGetFloat8(ps[i]), state->count);
		}
	interpolate_all(type, state, descending, positions, npositions, results);

	/* The results lie side by side; from the last one on they move behind the NULLs. */
	for (int i = np - 1; i >= 0; i--)
		results[i] = nulls[i] ? (Datum) 0 : results[--npositions];

	PG_RETURN_ARRAYTYPE_P(construct_md_array(results, nulls, ARR_NDIM(shape), ARR_DIMS(shape), ARR_LBOUND(shape),
											 type->oid, type->length, type->by_value, TYPALIGN_DOUBLE));
}

PG_FUNCTION_INFO_V1(ttr_p95_float8_final);
Datum
ttr_p95_float8_final(PG_FUNCTION_ARGS)
{
	return p95_final(fcinfo, &float8_type);
}

PG_FUNCTION_INFO_V1(ttr_p95_interval_final);
Datum
ttr_p95_interval_final(PG_FUNCTION_ARGS)
{
	return p95_final(fcinfo, &interval_type);
}

PG_FUNCTION_INFO_V1(ttr_percentile_float8_final);
Datum
ttr_percentile_float8_final(PG_FUNCTION_ARGS)
{
	return percentile_final(fcinfo, &float8_type);
}

PG_FUNCTION_INFO_V1(ttr_percentile_interval_final);
Datum
ttr_percentile_interval_final(PG_FUNCTION_ARGS)
{
	return percentile_final(fcinfo, &interval_type);
}

PG_FUNCTION_INFO_V1(ttr_percentile_float8_array_final);
Datum
ttr_percentile_float8_array_final(PG_FUNCTION_ARGS)
{
	return percentile_array_final(fcinfo, &float8_type);
}

PG_FUNCTION_INFO_V1(ttr_percentile_interval_array_final);
Datum
ttr_percentile_interval_array_final(PG_FUNCTION_ARGS)
{
	return percentile_array_final(fcinfo, &interval_type);
}
