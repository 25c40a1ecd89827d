/*
 * quantile_argument.c
 *	  The p of quantile(x, p), which is the same in all rows of a group.
 *
 * PostgreSQL hands p to an aggregate with every row, and never to its final
 * function.  So the state of a group remembers the p of its first row, and the other
 * rows must agree: a quantile of rows that each want another one has no meaning.
 *
 * Nearly always all groups of a query want the same p[].  They share one copy of it,
 * which lives as long as the query; a group that wants another one has its own.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "quantile_argument.h"

QuantileArgument
array_argument(FunctionCallInfo fcinfo, int number)
{
	QuantileArgument argument = {NULL_ARGUMENT, {0}};

	if (!PG_ARGISNULL(number))
	{
		argument.kind = ARRAY_ARGUMENT;
		argument.p.array = PG_GETARG_ARRAYTYPE_P(number);
	}
	return argument;
}

/* As stored: arrays that are equal in SQL, but lie differently, are not the same. */
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
	const ArrayType *first = fcinfo->flinfo->fn_extra;

	if (first == NULL)
	{
		first = copy_array(array, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = (void *) first;
	}
	return are_same_arrays(first, array) ? first : copy_array(array, context);
}

/* As SQL would print it. */
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
settle_argument(FunctionCallInfo fcinfo, MemoryContext context, QuantileArgument *known, QuantileArgument given)
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
