/*
 * argument.c
 *	  The p of quantile(x, p), which is the same in all rows of a group.
 *
 * PostgreSQL hands p to an aggregate with every row, and never to its final
 * function.  So the state of a group keeps the p of its first row, and the other rows
 * must have the same: rows of different p have no common quantile.
 *
 * Nearly always all groups of a query have the same p[].  They share one copy of it,
 * which lives as long as the query; a group with another p[] has its own.  And nearly
 * always p[] is a constant, so that only the first row need be read.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "percentile/argument.h"

/* Facts about a function in a query, from its first call on. */
typedef struct QuantileCalls
{
	bool		is_constant;	/* p[], if there is one */
	const ArrayType *first;		/* p[], NULL while unknown */
} QuantileCalls;

static bool
read_constancy(FunctionCallInfo fcinfo)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Expr	   *argument;

	/* In a window there is no Aggref; where states are combined its arguments are others. */
	if (aggref == NULL || list_length(aggref->args) < P_ARGUMENT)
		return false;
	argument = list_nth_node(TargetEntry, aggref->args, P_ARGUMENT - 1)->expr;
	return IsA(argument, Const) || (IsA(argument, Param) && ((Param *) argument)->paramkind == PARAM_EXTERN);
}

static QuantileCalls *
calls_of_query(FunctionCallInfo fcinfo)
{
	QuantileCalls *calls = fcinfo->flinfo->fn_extra;

	if (calls == NULL)
	{
		calls = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(QuantileCalls));
		calls->is_constant = read_constancy(fcinfo);
		calls->first = NULL;
		fcinfo->flinfo->fn_extra = calls;
	}
	return calls;
}

bool
is_constant_array(FunctionCallInfo fcinfo)
{
	return calls_of_query(fcinfo)->is_constant;
}

QuantileArgument
array_argument(FunctionCallInfo fcinfo)
{
	QuantileArgument argument = {NULL_ARGUMENT, {0}};

	if (!PG_ARGISNULL(P_ARGUMENT))
	{
		argument.kind = ARRAY_ARGUMENT;
		argument.p.array = PG_GETARG_ARRAYTYPE_P(P_ARGUMENT);
	}
	return argument;
}

/* Compares bytes: arrays that are equal in SQL but stored differently are not the same. */
static bool
are_same_arrays(const ArrayType *left, const ArrayType *right)
{
	return left == right || (VARSIZE(left) == VARSIZE(right) && memcmp(left, right, VARSIZE(left)) == 0);
}

static bool
are_same(QuantileArgument left, QuantileArgument right)
{
	if (left.kind != right.kind)
		return false;
	if (left.kind == SCALAR_ARGUMENT)
		return left.p.scalar == right.p.scalar || (isnan(left.p.scalar) && isnan(right.p.scalar));
	return left.kind != ARRAY_ARGUMENT || are_same_arrays(left.p.array, right.p.array);
}

static const ArrayType *
copy_array(const ArrayType *array, MemoryContext context)
{
	return memcpy(MemoryContextAlloc(context, VARSIZE(array)), array, VARSIZE(array));
}

static const ArrayType *
keep_array(FunctionCallInfo fcinfo, MemoryContext context, const ArrayType *array)
{
	QuantileCalls *calls = calls_of_query(fcinfo);

	if (calls->first == NULL)
		calls->first = copy_array(array, fcinfo->flinfo->fn_mcxt);
	return are_same_arrays(calls->first, array) ? calls->first : copy_array(array, context);
}

/* p as SQL prints it. */
static const char *
argument_text(QuantileArgument argument)
{
	Oid			output;
	bool		is_varlena;

	switch (argument.kind)
	{
		case SCALAR_ARGUMENT:
			return DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(argument.p.scalar)));
		case ARRAY_ARGUMENT:
			getTypeOutputInfo(FLOAT8ARRAYOID, &output, &is_varlena);
			return OidOutputFunctionCall(output, PointerGetDatum(argument.p.array));
		default:
			return "NULL";
	}
}

void
check_same_p(FunctionCallInfo fcinfo, MemoryContext context, QuantileArgument *known, QuantileArgument given)
{
	if (known->kind == NO_ARGUMENT)
	{
		*known = given;
		if (given.kind == ARRAY_ARGUMENT)
			known->p.array = keep_array(fcinfo, context, given.p.array);
	}
	else if (!are_same(*known, given))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantile needs the same p in all rows of a group"),
				 errdetail("One row has %s, another one %s.", argument_text(*known), argument_text(given)),
				 errhint("Group by p too, or ask for several at once: quantile(x, ARRAY[0.5, 0.95]).")));
}
