/*
 * open_due_at.c
 *	  open_due_at(open_intervals, target_seconds, calendar, covered): when the open time of
 *	  a conversation reaches a target.
 *
 * The result is the first such instant.  Only open time counts, and with a calendar only
 * the working time in it:
 *
 *	  open        [-----------)         [----------
 *	  calendar      [==)  [==)  [==)  [==)  [==)
 *	  counts         2     2            1    2
 *	  target 5 h                           ^ due
 *
 * business_seconds() of the open intervals up to there is the target.  A conversation that
 * was closed, or is snoozed, before has no due time.
 */
#include "postgres.h"

#include "calendar/calendar_cache.h"
#include "compat.h"
#include "multirange.h"
#include "timeline/target.h"

/* The wall's clock: every instant counts, and all of them are covered. */
static bool
reach_on_the_wall(Span open, uint64 left, int64 *due_at)
{
	if (left > (uint64) open.end - (uint64) open.start)
		return false;
	*due_at = (int64) ((uint64) open.start + left);
	return true;
}

static bool
reach(const WorkingTime *calendar, Span open, uint64 left, int64 *due_at)
{
	if (calendar == NULL)
		return reach_on_the_wall(open, left, due_at);
	return working_time_reach(calendar, open.start, left, due_at) && *due_at <= open.end;
}

static uint64
counted(const WorkingTime *calendar, Span open)
{
	if (calendar == NULL)
		return (uint64) open.end - (uint64) open.start;
	return working_time_until(calendar, open.end) - working_time_until(calendar, open.start);
}

/* True if the target is reached within the intervals and the covered time. */
static bool
find_due_at(TypeCacheEntry *range_type, const MultirangeType *intervals, const WorkingTime *calendar, Span covered,
			uint64 target, int64 *due_at)
{
	const TimestampTz forever = END_TIMESTAMP;

	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span		open;
		uint64		worked;

		read_open_interval(range_type, intervals, i, &forever, &open);
		if (open.start >= open.end)
			return false;
		if (open.start < covered.start || open.start >= covered.end)
			return false;
		if (reach(calendar, open, target, due_at))
			return *due_at <= covered.end && *due_at < END_TIMESTAMP;
		if (open.end > covered.end)
			return false;
		worked = counted(calendar, open);
		target -= Min(worked, target);
	}
	return false;
}

/*
 * Without a calendar by the clock on the wall, whatever covered is.  NULL if the target is
 * not reached while open; if that cannot be known, because it lies outside of the covered
 * time; and if the intervals or the target are NULL.
 *
 * Errors: 22023 for an interval without a start, and for a target that is negative,
 * infinite or no number.
 */
PG_FUNCTION_INFO_V1(ttr_open_due_at);
Datum
ttr_open_due_at(PG_FUNCTION_ARGS)
{
	CalendarCache *cache;
	const WorkingTime *calendar = NULL;
	Span		covered = {PG_INT64_MIN, PG_INT64_MAX};
	uint64		target;
	int64		due_at;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	target = target_microseconds(PG_GETARG_FLOAT8(1));

	cache = calendar_cache_of_call(fcinfo);
	if (!PG_ARGISNULL(2))
	{
		calendar = calendar_argument(fcinfo, cache, 2);
		covered = covered_argument(fcinfo, cache, 3, calendar);
	}
	if (!find_due_at(calendar_cache_range_type(cache), PG_GETARG_MULTIRANGE_P(0), calendar, covered, target, &due_at))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(due_at);
}
