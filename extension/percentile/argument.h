/*
 * argument.h
 *	  The p of quantile(x, p), which is the same in all rows of a group.
 */
#ifndef TTR_PERCENTILE_ARGUMENT_H
#define TTR_PERCENTILE_ARGUMENT_H

#include "fmgr.h"
#include "utils/array.h"

/* How a group was told which percentiles it is about. */
typedef enum QuantileKind
{
	NO_ARGUMENT,				/* not yet; never in an ordered-set aggregate */
	NULL_ARGUMENT,
	SCALAR_ARGUMENT,
	ARRAY_ARGUMENT
} QuantileKind;

/* Where p and p[] stand among the arguments, behind the state and x. */
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
 * Whether p[] is written in the query as a constant or a parameter, so that all rows
 * of all groups have the same.
 */
extern bool is_constant_array(FunctionCallInfo fcinfo);

/*
 * Remembers the argument of a group's first row in *known, with memory that lives
 * as long as the context, and compares those of its other rows with it: an error if
 * they differ.
 */
extern void check_same_p(FunctionCallInfo fcinfo, MemoryContext context, QuantileArgument *known,
						 QuantileArgument given);

#endif							/* TTR_PERCENTILE_ARGUMENT_H */
