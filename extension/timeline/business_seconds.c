/*
 * business_seconds.c
 *	  business_seconds(open_intervals, calendar, as_of, covered): how long a conversation
 *	  was open during working time.
 *
 * The result is the length of the intersection of two multiranges, by two searches in
 * the calendar for each open interval (working_time.c):
 *
 *	  open        [-----------)            [--)
 *	  calendar      [==)  [==)  [==)  [==)       [==)
 *	  counts         2  +  2  +             0
 *
 * A multirange does not hold the time that it describes: a week without openings may be
 * a holiday, or lie beyond the end of the calendar.  So covered is passed beside it; without
 * covered the time from the first opening to the last one is described.  Outside of the
 * described time working time is unknown, hence NULL; 0 would look like an answer.
 */
#include "postgres.h"

#include "calendar/calendar_cache.h"
#include "compat.h"
#include "multirange.h"

static bool
is_within(Span inner, Span outer)
{
	return inner.start >= outer.start && inner.end <= outer.end;
}

/*
 * NULL if the intervals or the calendar are, for a running interval without as_of, and
 * where time outside of what is covered would count.  Open intervals count as in
 * open_seconds().
 *
 * Errors: 22023 for an interval without a start, and for an infinite as_of.
 */
PG_FUNCTION_INFO_V1(ttr_business_seconds);
Datum
ttr_business_seconds(PG_FUNCTION_ARGS)
{
	CalendarCache *cache;
	MultirangeType *intervals;
	const WorkingTime *calendar;
	const TimestampTz *as_of;
	TimestampTz given;
	Span		covered;
	uint64		microseconds = 0;
	bool		unknown = false;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	as_of = as_of_argument(fcinfo, 2, &given);

	cache = calendar_cache_of_call(fcinfo);
	calendar = calendar_argument(fcinfo, cache, 1);
	covered = covered_argument(fcinfo, cache, 3, calendar);
	intervals = PG_GETARG_MULTIRANGE_P(0);
	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span		interval;

		if (!read_open_interval(calendar_cache_range_type(cache), intervals, i, as_of, &interval))
			unknown = true;
		else if (interval.end > interval.start)
		{
			unknown |= !is_within(interval, covered);
			microseconds += working_time_until(calendar, interval.end) - working_time_until(calendar, interval.start);
		}
	}

	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(microseconds / 1000000.0);
}
