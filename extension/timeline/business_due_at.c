/*
 * business_due_at.c
 *	  business_due_at(started_at, target_seconds, calendar, covered): when working time
 *	  since the start reaches a target.
 *
 * The result is the first such instant, and so the end of an opening rather than the start
 * of the next one, although no working time lies between the two:
 *
 *	  calendar       [=======)          [=======)
 *	  started_at         ^
 *	  target 2 h             ^ due
 *	  target 0 h         ^ due
 *
 * business_seconds() of the time from the start to there is the target.
 */
#include "postgres.h"

#include "calendar/calendar_cache.h"
#include "compat.h"
#include "multirange.h"
#include "timeline/target.h"

static void
check_started_at(TimestampTz started_at)
{
	if (TIMESTAMP_NOT_FINITE(started_at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("started_at must be finite"),
				 errdetail("Working time is counted from an instant."),
				 errhint("Pass the time at which the conversation started, such as '2025-05-01 09:00+00'.")));
}

/*
 * NULL if any argument but covered is, where started_at lies outside of what is covered,
 * and where that ends before the target is reached.
 *
 * Errors: 22023 for an infinite started_at, and for a target that is negative, infinite
 * or no number.
 */
PG_FUNCTION_INFO_V1(ttr_business_due_at);
Datum
ttr_business_due_at(PG_FUNCTION_ARGS)
{
	CalendarCache *cache;
	const WorkingTime *calendar;
	TimestampTz started_at;
	uint64		target;
	int64		due_at;
	Span		covered;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	started_at = PG_GETARG_TIMESTAMPTZ(0);
	check_started_at(started_at);
	target = target_microseconds(PG_GETARG_FLOAT8(1));

	cache = calendar_cache_of_call(fcinfo);
	calendar = calendar_argument(fcinfo, cache, 2);
	covered = covered_argument(fcinfo, cache, 3, calendar);
	if (started_at < covered.start || started_at >= covered.end)
		PG_RETURN_NULL();
	if (!working_time_reach(calendar, started_at, target, &due_at) || due_at > covered.end)
		PG_RETURN_NULL();

	/* The end of time is no timestamp. */
	if (due_at >= END_TIMESTAMP)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(due_at);
}
