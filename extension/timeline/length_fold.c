/*
 * length_fold.c
 *	  Functions that make one number of the lengths of intervals: open_seconds(),
 *	  longest_seconds().
 *
 * How two lengths come to one is all that the functions differ in.  A closed interval
 * counts whole, even where as_of is before its end.  A running one counts up to as_of, and
 * nothing where as_of is before its start.
 */
#include "postgres.h"

#include "compat.h"
#include "multirange.h"
#include "timeline/length_fold.h"

Datum
length_fold(FunctionCallInfo fcinfo, AddLength add_length)
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
			microseconds = add_length(microseconds, span_length(interval));
	}

	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(microseconds / 1000000.0);
}
