/*
 * open_seconds.c
 *	  open_seconds(tstzmultirange, as_of): how long a conversation was open.
 *
 * The multirange holds the times when the conversation was open; what it leaves
 * out was snoozed or closed.  A conversation that is still open ends with a
 * running interval, which has no upper bound, or the bound 'infinity':
 *
 *	  {[Mon 09:00, Mon 11:00),   [Tue 14:00, )}
 *	         2 h                  up to as_of: 3 h at Tue 17:00
 *
 * The sum is kept in microseconds, and only the result is a double: 285 years, so
 * 2^53 microseconds, are exact.  The whole range of timestamptz is 299,000 years,
 * which exceeds a signed 64-bit integer, but not an unsigned one; and as the
 * ranges of a multirange do not overlap, no sum is larger than that.
 */
#include "postgres.h"

#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"

static void
check_as_of(TimestampTz as_of)
{
	if (TIMESTAMP_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite"),
				 errdetail("What is still open is counted up to as_of."),
				 errhint("Pass the time at which the data was taken, such as '2025-05-31 23:59:59+00', or leave as_of out.")));
}

static void
check_start(const RangeBound *lower)
{
	if (lower->infinite || TIMESTAMP_IS_NOBEGIN(DatumGetTimestampTz(lower->val)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("open interval has no start"),
				 errdetail("Time since minus infinity cannot be counted."),
				 errhint("Give every interval a start, as in '{[2025-05-01 09:00+00,)}'.")));
}

static bool
is_running(const RangeBound *upper)
{
	return upper->infinite || TIMESTAMP_IS_NOEND(DatumGetTimestampTz(upper->val));
}

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
	uint64		microseconds = 0;
	bool		unknown = false;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(1))
		check_as_of(PG_GETARG_TIMESTAMPTZ(1));

	intervals = PG_GETARG_MULTIRANGE_P(0);
	type = multirange_get_typcache(fcinfo, MultirangeTypeGetOid(intervals));
	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		TimestampTz start;
		TimestampTz end;

		multirange_get_bounds(type->rngtype, intervals, i, &lower, &upper);
		check_start(&lower);

		if (is_running(&upper) && PG_ARGISNULL(1))
		{
			unknown = true;
			continue;
		}
		start = DatumGetTimestampTz(lower.val);
		end = is_running(&upper) ? PG_GETARG_TIMESTAMPTZ(1) : DatumGetTimestampTz(upper.val);
		if (end > start)
			microseconds += (uint64) end - (uint64) start;
	}

	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(microseconds / 1000000.0);
}
