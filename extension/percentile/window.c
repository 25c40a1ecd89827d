/*
 * window.c
 *	  median() and quantile() in a window: the values of the frame, kept in order.
 *
 * PostgreSQL adds the rows that enter a frame and removes those that leave it, so a
 * frame that moves costs what changes, not what it holds (ordered_blocks.c).  It calls
 * these functions for every frame, even one that only grows, because the final function
 * of the plain aggregate is not declared READ_ONLY.  That function would select from all
 * rows of a growing frame for every row.
 *
 * PostgreSQL's other rules:
 *
 * - The state is never NULL once a row was added, NULL or not.
 * - A new state begins whenever one row is left; that row is not removed.  So an empty
 *   state is small.  The p of the old state is lost, and so p must be the same only in
 *   rows that are in a frame together.
 * - A removal that returns NULL asks for a new state from the rows of the frame.  This
 *   happens when the value is not there because x is volatile.
 *
 * A frame is limited by memory alone, at about 12 bytes for each value in it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"

#include "backend.h"
#include "compat.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"
#include "percentile/state.h"
#include "percentile/window.h"

/* ----------------------------------------------------------------------
 * Rows enter and leave
 * ----------------------------------------------------------------------
 */

WindowState *
window_state_to_enter(FunctionCallInfo fcinfo, MemoryContext context)
{
	WindowState *state;

	if (!PG_ARGISNULL(0))
		return (WindowState *) PG_GETARG_POINTER(0);
	state = MemoryContextAlloc(context, sizeof(WindowState));
	state->argument.kind = NO_ARGUMENT;
	ordered_blocks_init(&state->values);
	return state;
}

WindowState *
window_state_to_leave(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		elog(ERROR, "a row leaves a frame without rows");
	return (WindowState *) PG_GETARG_POINTER(0);
}

static Datum
add_row(FunctionCallInfo fcinfo, QuantileArgument given)
{
	MemoryContext context = group_context(fcinfo);
	Host		host = backend_host(context);
	WindowState *state = window_state_to_enter(fcinfo, context);

	check_same_p(fcinfo, context, &state->argument, given);
	if (!PG_ARGISNULL(1))
		ordered_blocks_insert(&state->values, key_of_double(PG_GETARG_FLOAT8(1)), &host);
	PG_RETURN_POINTER(state);
}

static Datum
remove_row(FunctionCallInfo fcinfo)
{
	Host		host = backend_host(group_context(fcinfo));
	WindowState *state = window_state_to_leave(fcinfo);

	if (!PG_ARGISNULL(1) && !ordered_blocks_remove(&state->values, key_of_double(PG_GETARG_FLOAT8(1)), &host))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ttr_median_window_add);
Datum
ttr_median_window_add(PG_FUNCTION_ARGS)
{
	QuantileArgument of_median = {SCALAR_ARGUMENT, {0.5}};

	return add_row(fcinfo, of_median);
}

PG_FUNCTION_INFO_V1(ttr_quantile_window_add);
Datum
ttr_quantile_window_add(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, scalar_argument(fcinfo));
}

PG_FUNCTION_INFO_V1(ttr_quantile_array_window_add);
Datum
ttr_quantile_array_window_add(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, array_argument(fcinfo));
}

/* For every kind of p. */
PG_FUNCTION_INFO_V1(ttr_quantile_window_remove);
Datum
ttr_quantile_window_remove(PG_FUNCTION_ARGS)
{
	return remove_row(fcinfo);
}

/* ----------------------------------------------------------------------
 * Final
 * ----------------------------------------------------------------------
 */

static void
select_from_frame(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	const WindowState *frame = state;

	for (size_t i = 0; i < nranks; i++)
	{
		selected[i] = Float8GetDatum(double_of_key(ordered_blocks_at(&frame->values, ranks[i])));
		host_check_at_step(host, i);
	}
}

static const PercentileType type_in_window = {
	FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, select_from_frame, interpolate_float8
};

/* For p and for p[], like quantile_final() in quantile.c. */
PG_FUNCTION_INFO_V1(ttr_quantile_window_final);
Datum
ttr_quantile_window_final(PG_FUNCTION_ARGS)
{
	WindowState *state;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (WindowState *) PG_GETARG_POINTER(0);
	return quantile_of(fcinfo, &type_in_window, state, state->values.count, state->argument);
}
