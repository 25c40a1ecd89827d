/*
 * window.c
 *	  merged_quantile() and running_quantile() in a window: the values of distributions that
 *	  come and go, in order.
 *
 * To merge a frame's distributions would write all its values anew for each row.  Here all
 * values of a distribution enter the frame with its row, and leave with it, as single
 * values do in a window of quantile().  The final function is the same, too
 * (percentile/window.c).
 *
 * Where values come and go by themselves, as conversations in a backlog do, no frame has
 * them: running_quantile() takes from each row what is added and what is removed, and its
 * frame only grows.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "percentile/window.h"

/* A value takes 8 bytes at least, and these 1 GB: a distribution of a few bytes may count more than any memory holds. */
#define MOST_VALUES_IN_FRAME	(MaxAllocSize / sizeof(uint64_t))

/* What an aggregate says where it has too many values. */
typedef struct WindowAggregate
{
	const char *name;
	const char *instead;
} WindowAggregate;

static const WindowAggregate merged_quantile = {
	"merged_quantile", "Merge the distributions first: ttr.quantile(ttr.merge(d), ARRAY[0.5, 0.95])."
};

static const WindowAggregate running_quantile = {
	"running_quantile", "Subtract the distributions instead: ttr.quantile(ttr.merge(added) - ttr.merge(removed), ARRAY[0.5, 0.95])."
};

static void
check_room(const OrderedBlocks *values, uint64_t more, const WindowAggregate *aggregate)
{
	if (more > MOST_VALUES_IN_FRAME - values->count)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has too many values", aggregate->name),
				 errdetail("A group or a frame may have %zu of them.", (size_t) MOST_VALUES_IN_FRAME),
				 errhint("%s", aggregate->instead)));
}

static void
insert_values(OrderedBlocks *values, Datum distribution, const WindowAggregate *aggregate, const Host *host)
{
	DistributionReader reader = distribution_open(distribution);
	ValueCount	run;

	check_room(values, distribution_reader_count(&reader), aggregate);
	while (distribution_reader_next(&reader, &run))
		for (uint64_t i = 0; i < run.count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			ordered_blocks_insert(values, run.value, host);
		}
	distribution_check(&reader);
}

/* False if one of the values is not there. */
static bool
remove_values(OrderedBlocks *values, Datum distribution, const Host *host)
{
	DistributionReader reader = distribution_open(distribution);
	ValueCount	run;

	while (distribution_reader_next(&reader, &run))
		for (uint64_t i = 0; i < run.count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (!ordered_blocks_remove(values, run.value, host))
				return false;
		}
	distribution_check(&reader);
	return true;
}

PG_FUNCTION_INFO_V1(ttr_merged_quantile_add);
Datum
ttr_merged_quantile_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = group_context(fcinfo);
	Host		host = backend_host(context);
	WindowState *state = window_state_to_enter(fcinfo, context);

	check_same_p(fcinfo, context, &state->argument, array_argument(fcinfo));
	if (!PG_ARGISNULL(1))
		insert_values(&state->values, PG_GETARG_DATUM(1), &merged_quantile, &host);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(ttr_merged_quantile_remove);
Datum
ttr_merged_quantile_remove(PG_FUNCTION_ARGS)
{
	Host		host = backend_host(group_context(fcinfo));
	WindowState *state = window_state_to_leave(fcinfo);

	if (!PG_ARGISNULL(1) && !remove_values(&state->values, PG_GETARG_DATUM(1), &host))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* Adds before it removes, so that a row may remove what it adds. */
PG_FUNCTION_INFO_V1(ttr_running_quantile_change);
Datum
ttr_running_quantile_change(PG_FUNCTION_ARGS)
{
	MemoryContext context = group_context(fcinfo);
	Host		host = backend_host(context);
	WindowState *state = window_state_to_enter(fcinfo, context);

	check_same_p(fcinfo, context, &state->argument, array_argument(fcinfo));
	if (!PG_ARGISNULL(1))
		insert_values(&state->values, PG_GETARG_DATUM(1), &running_quantile, &host);
	if (!PG_ARGISNULL(3) && !remove_values(&state->values, PG_GETARG_DATUM(3), &host))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a value is removed that was never added"),
				 errdetail("Each row adds and removes values of those that the rows before it left."),
				 errhint("Let rows come in the order of time: "
						 "ttr.running_quantile(added, ARRAY[0.5, 0.95], removed) OVER (ORDER BY day).")));
	PG_RETURN_POINTER(state);
}
