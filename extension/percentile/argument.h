/*
 * argument.h
 *	  The p of quantile(x, p), which is the same in all rows of a group.
 */
#ifndef TTR_PERCENTILE_ARGUMENT_H
#define TTR_PERCENTILE_ARGUMENT_H

#include "fmgr.h"
#include "utils/array.h"

/* The kinds of p that a group may have. */
typedef enum QuantileKind
{
	NO_ARGUMENT,				/* not known yet, and always in an ordered-set aggregate */
	NULL_ARGUMENT,
	SCALAR_ARGUMENT,
	ARRAY_ARGUMENT
} QuantileKind;

/* The place of p or p[] among the arguments, behind the state and x. */
#define P_ARGUMENT	2

typedef struct QuantileArgument
{
	QuantileKind kind;
	union
	{
		double		scalar;
		const ArrayType *array;
	}			p;
} QuantileArgument;

/* The p, or p[], of a function call; it lives as long as the call. */
static inline QuantileArgument
scalar_argument(FunctionCallInfo fcinfo)
{
	QuantileArgument argument = {NULL_ARGUMENT, {0}};

	if (!PG_ARGISNULL(P_ARGUMENT))
	{
		argument.kind = SCALAR_ARGUMENT;
		argument.p.scalar = PG_GETARG_FLOAT8(P_ARGUMENT);
	}
	return argument;
}

extern QuantileArgument array_argument(FunctionCallInfo fcinfo);

/*
 * True if p[] is written in the query as a constant or a parameter, so that all rows
 * of all groups have the same.
 */
extern bool is_constant_array(FunctionCallInfo fcinfo);

/*
 * Keeps the argument of a group's first row in *known, its memory in the context, and
 * compares the arguments of the other rows with it.  Error 22023 if they differ.
 */
extern void check_same_p(FunctionCallInfo fcinfo, MemoryContext context, QuantileArgument *known,
						 QuantileArgument given);

#endif							/* TTR_PERCENTILE_ARGUMENT_H */
