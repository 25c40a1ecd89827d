/*
 * open_since.c
 *	  open_since(tstzmultirange): since when a conversation that runs would have been open
 *	  without a break.
 *
 * While a conversation runs, its open time grows as the clock does.  So its open time at any
 * instant is that instant less a fixed one: the start of the running interval, less the
 * length of those before it.
 *
 *	  {[Mon 09:00, Mon 11:00),   [Tue 14:00, )}
 *	         2 h  -------------->  Tue 12:00, and 5 h at Tue 17:00
 *
 * What is stored in this form need not be read again for a newer export.
 */
#include "postgres.h"

#include "compat.h"
#include "multirange.h"

/* NULL where nothing runs.  Error 22023 for an interval without a start. */
PG_FUNCTION_INFO_V1(ttr_open_since);
Datum
ttr_open_since(PG_FUNCTION_ARGS)
{
	MultirangeType *intervals = PG_GETARG_MULTIRANGE_P(0);
	TypeCacheEntry *type = multirange_get_typcache(fcinfo, MultirangeTypeGetOid(intervals))->rngtype;
	uint64		microseconds = 0;

	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span		interval;

		/* All lengths add up to no more than the distance from the first start: nothing overflows. */
		if (!read_open_interval(type, intervals, i, NULL, &interval))
			PG_RETURN_TIMESTAMPTZ((TimestampTz) ((uint64) interval.start - microseconds));
		microseconds += span_length(interval);
	}
	PG_RETURN_NULL();
}
