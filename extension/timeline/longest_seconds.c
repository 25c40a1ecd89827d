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
#include "timeline/length_fold.h"

static uint64
longer(uint64 so_far, uint64 length)
{
	return Max(so_far, length);
}

PG_FUNCTION_INFO_V1(ttr_longest_seconds);
Datum
ttr_longest_seconds(PG_FUNCTION_ARGS)
{
	return length_fold(fcinfo, longer);
}
