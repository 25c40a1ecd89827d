/*
 * percentile.c
 *	  p95() and percentile() WITHIN GROUP: percentile_cont() without its sort.
 *
 * A row adds its value to the state of its group (state.c); at the end
 * selection (selection.c) finds the two values between which a percentile lies
 * (interpolate.c).
 *
 * All aggregates over one type have one transition function, and their final
 * functions only read the state.  So PostgreSQL keeps a single state for
 * p95() WITHIN GROUP (ORDER BY x) and percentile(0.5) WITHIN GROUP (ORDER BY x) in
 * the same query.  This is why the state knows neither p nor the direction: both
 * belong to one aggregate, and only its final function reads them.
 *
 * Before any row that is not NULL a group has no state, and so every state holds
 * one value at least.
 */
#include "postgres.h"

#include "catalog/pg_aggregate.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "backend.h"
#include "compat.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"
#include "percentile/state.h"

/* ----------------------------------------------------------------------
 * Transition
 * ----------------------------------------------------------------------
 */

static inline PercentileState *
state_argument(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) ? NULL : (PercentileState *) PG_GETARG_POINTER(0);
}

PG_FUNCTION_INFO_V1(ttr_percentile_float8_transition);
Datum
ttr_percentile_float8_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_argument(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		if (state == NULL)
			state = percentile_state_create(group_context(fcinfo));
		percentile_state_add(fcinfo, state, key_of_double(PG_GETARG_FLOAT8(1)));
	}

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ttr_percentile_interval_transition);
Datum
ttr_percentile_interval_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_argument(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		if (state == NULL)
			state = percentile_state_create(group_context(fcinfo));
		percentile_state_add_interval(fcinfo, state, PG_GETARG_INTERVAL_P(1));
	}

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* ----------------------------------------------------------------------
 * Final
 * ----------------------------------------------------------------------
 */

/* True if the aggregate's ORDER BY is descending.  An error if it is not the type's own order. */
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

/* One percentile, after its arguments were checked. */
static Datum
percentile_of_group(FunctionCallInfo fcinfo, const PercentileType *type, double p)
{
	PercentileState *state = state_argument(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(percentile_of(type, state, percentile_state_multiset(state).count, is_descending(fcinfo, type), p));
}

static Datum
p95_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	is_descending(fcinfo, type);
	return percentile_of_group(fcinfo, type, 0.95);
}

/* Like percentile_cont(), checks p even without rows. */
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
 * is NULL whatever p[] is.
 */
static Datum
percentile_array_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	bool		descending = is_descending(fcinfo, type);
	PercentileState *state = state_argument(fcinfo);

	if (state == NULL || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(percentiles_of(type, state, percentile_state_multiset(state).count, descending,
								   PG_GETARG_ARRAYTYPE_P(1)));
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
