/*
 * longest_seconds.c
 *	  longest_seconds(tstzmultirange, as_of): the longest single interval.
 *
 * Of waits the sum says how much a customer waited, and the longest one how long at a
 * stretch.  The intervals and as_of are those of open_seconds(), and so is what a running
 * interval counts:
 *
 *	  {[Mon 09:00, Mon 11:00),   [Tue 14:00, )}
 *	         2 h                  up to as_of: 3 h at Tue 17:00, which is the longest
 */
#include "postgres.h"

#include "compat.h"
#include "multirange.h"

/*
 * NULL for a NULL multirange, and for a running interval without as_of: it may be or
 * become the longest.  An empty multirange is 0 seconds.
 *
 * Errors: 22023 for an interval without a start, and for an infinite as_of.
 */
PG_FUNCTION_INFO_V1(ttr_longest_seconds);
Datum
ttr_longest_seconds(PG_FUNCTION_ARGS)
{
	MultirangeType *intervals;
	TypeCacheEntry *type;
	const TimestampTz *as_of;
	TimestampTz given;
	uint64		longest = 0;
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
			longest = Max(longest, span_length(interval));
	}

	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(longest / 1000000.0);
}
