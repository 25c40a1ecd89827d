/*
 * quantile.c
 *	  median() and quantile(): percentile_cont() as a plain aggregate.
 *
 * PostgreSQL neither splits an ordered-set aggregate among parallel workers, nor
 * hashes its groups, nor allows it in a window.  It does all three with these.  The
 * state is that of p95() and percentile() (state.c), and so is the arithmetic
 * (interpolate.c).  Two things differ: p comes with the rows
 * (argument.c), and a state may travel between processes:
 *
 *	  worker   transition ... transition   serialize ----+  wire.c
 *	  worker   transition ... transition   serialize --+ |
 *	                                                   v v
 *	  leader   transition ... transition   combine, combine   final
 *
 * A group has a state from its first row on, even if x is NULL there, because p is
 * checked before the values, as in percentile_cont().
 *
 * In a window other functions take their place: window.c.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "compat.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"
#include "percentile/state.h"
#include "percentile/wire.h"

static const QuantileArgument of_median = {SCALAR_ARGUMENT, {0.5}};

/* ----------------------------------------------------------------------
 * Transition
 * ----------------------------------------------------------------------
 */

/* The state of the group, which its first row creates. */
static inline PercentileState *
state_of_group(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) ? percentile_state_create(group_context(fcinfo)) : (PercentileState *) PG_GETARG_POINTER(0);
}

/* check_same_p(), but quick where p is the same number. */
static inline void
check_p(FunctionCallInfo fcinfo, PercentileState *state, QuantileArgument given)
{
	if (state->argument.kind == SCALAR_ARGUMENT && given.kind == SCALAR_ARGUMENT &&
		state->argument.p.scalar == given.p.scalar)
		return;

	/* Only the first row needs the context. */
	check_same_p(fcinfo, state->argument.kind == NO_ARGUMENT ? group_context(fcinfo) : NULL, &state->argument,
				 given);
}

static inline Datum
add_float8(FunctionCallInfo fcinfo, PercentileState *state)
{
	if (!PG_ARGISNULL(1))
		percentile_state_add(fcinfo, state, key_of_double(PG_GETARG_FLOAT8(1)));
	PG_RETURN_POINTER(state);
}

static inline Datum
add_interval(FunctionCallInfo fcinfo, PercentileState *state)
{
	if (!PG_ARGISNULL(1))
		percentile_state_add_interval(fcinfo, state, PG_GETARG_INTERVAL_P(1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ttr_median_float8_transition);
Datum
ttr_median_float8_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	state->argument = of_median;
	return add_float8(fcinfo, state);
}

PG_FUNCTION_INFO_V1(ttr_median_interval_transition);
Datum
ttr_median_interval_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	state->argument = of_median;
	return add_interval(fcinfo, state);
}

PG_FUNCTION_INFO_V1(ttr_quantile_float8_transition);
Datum
ttr_quantile_float8_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	check_p(fcinfo, state, scalar_argument(fcinfo));
	return add_float8(fcinfo, state);
}

PG_FUNCTION_INFO_V1(ttr_quantile_interval_transition);
Datum
ttr_quantile_interval_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	check_p(fcinfo, state, scalar_argument(fcinfo));
	return add_interval(fcinfo, state);
}

PG_FUNCTION_INFO_V1(ttr_quantile_float8_array_transition);
Datum
ttr_quantile_float8_array_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	if (PG_ARGISNULL(0) || !is_constant_array(fcinfo))
		check_p(fcinfo, state, array_argument(fcinfo));
	return add_float8(fcinfo, state);
}

PG_FUNCTION_INFO_V1(ttr_quantile_interval_array_transition);
Datum
ttr_quantile_interval_array_transition(PG_FUNCTION_ARGS)
{
	PercentileState *state = state_of_group(fcinfo);

	if (PG_ARGISNULL(0) || !is_constant_array(fcinfo))
		check_p(fcinfo, state, array_argument(fcinfo));
	return add_interval(fcinfo, state);
}

/* ----------------------------------------------------------------------
 * Combine
 * ----------------------------------------------------------------------
 */

/* The second state always comes from another process: PostgreSQL serializes every partial one. */
PG_FUNCTION_INFO_V1(ttr_quantile_combine);
Datum
ttr_quantile_combine(PG_FUNCTION_ARGS)
{
	PercentileState *state;
	const WireState *from;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_POINTER(PG_GETARG_POINTER(0));
	}

	state = state_of_group(fcinfo);
	from = (const WireState *) PG_GETARG_POINTER(1);
	check_p(fcinfo, state, from->argument);
	percentile_state_add_wire(fcinfo, state, from);
	PG_RETURN_POINTER(state);
}

/* ----------------------------------------------------------------------
 * Final
 * ----------------------------------------------------------------------
 */

static Datum
quantile_final(FunctionCallInfo fcinfo, const PercentileType *type)
{
	PercentileState *state;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (PercentileState *) PG_GETARG_POINTER(0);
	return quantile_of(fcinfo, type, state, percentile_state_multiset(state).count, state->argument);
}

/* For p and for p[]: the state has its kind. */
PG_FUNCTION_INFO_V1(ttr_quantile_float8_final);
Datum
ttr_quantile_float8_final(PG_FUNCTION_ARGS)
{
	return quantile_final(fcinfo, &float8_type);
}

PG_FUNCTION_INFO_V1(ttr_quantile_interval_final);
Datum
ttr_quantile_interval_final(PG_FUNCTION_ARGS)
{
	return quantile_final(fcinfo, &interval_type);
}
