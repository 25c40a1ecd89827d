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
#include "timeline/length_fold.h"

static uint64
sum(uint64 so_far, uint64 length)
{
	return so_far + length;
}

PG_FUNCTION_INFO_V1(ttr_open_seconds);
Datum
ttr_open_seconds(PG_FUNCTION_ARGS)
{
	return length_fold(fcinfo, sum);
}
