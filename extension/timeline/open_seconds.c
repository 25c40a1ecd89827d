/*
 * open_seconds.c
 *	  open_seconds(tstzmultirange, as_of): how long a conversation was open.
 *
 * The multirange holds the time when the conversation was open; in all other time
 * it was snoozed or closed.  A conversation that is still open ends with a
 * running interval, which has no upper bound, or the bound 'infinity':
 *
 *	  {[Mon 09:00, Mon 11:00),   [Tue 14:00, )}
 *	         2 h                  up to as_of: 3 h at Tue 17:00
 *
 * The sum is kept in microseconds, and only the result is a double: up to 285 years,
 * which are 2^53 microseconds, it is exact.  The whole range of timestamptz is 299,000 years,
 * which exceeds a signed 64-bit integer, but not an unsigned one; and as the
 * ranges of a multirange do not overlap, no sum is larger than that.
 */
#include "postgres.h"

#include "compat.h"
#include "multirange.h"

/*
 * NULL for a NULL multirange, and for a running interval without as_of.  A closed
 * interval counts whole, even where as_of is before its end; a running one counts
 * nothing where as_of is before its start.  An empty multirange is 0 seconds.
 *
 * Errors: 22023 for an interval without a start, and for an infinite as_of.
 */
PG_FUNCTION_INFO_V1(ttr_open_seconds);
Datum
ttr_open_seconds(PG_FUNCTION_ARGS)
{
	MultirangeType *intervals;
	TypeCacheEntry *type;
	const TimestampTz *as_of;
	TimestampTz given;
	uint64		microseconds = 0;
	bool		unknown = false;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	as_of = as_of_argument(fcinfo, 1, &given);

	intervals = PG_GETARG_MULTIRANGE_P(0);
	type = multirange_get_typcache(fcinfo, MultirangeTypeGetOid(intervals))->rngtype;
	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span		interval;

		if (!read_open_interval(type, intervals, i, as_of, &interval))
			unknown = true;
		else if (interval.end > interval.start)
			microseconds += span_length(interval);
	}

	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(microseconds / 1000000.0);
}
