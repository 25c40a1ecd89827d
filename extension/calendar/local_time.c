/*
 * local_time.c
 *	  local_day(at, zone) and local_hour(at, zone): the day and the hour in a time zone.
 *
 * The same as (at AT TIME ZONE zone)::date, and its hour, but quick for many rows
 * (local_clock.c).
 */
#include "postgres.h"

#include "calendar/local_clock.h"
#include "compat.h"

static Timestamp
local_time(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(LocalClock));
	return local_clock_show(fcinfo->flinfo->fn_extra, PG_GETARG_TIMESTAMPTZ(0), PG_GETARG_TEXT_PP(1));
}

/* Errors: those of AT TIME ZONE, 22023 for an unknown zone and 22008 for a time out of range. */
PG_FUNCTION_INFO_V1(ttr_local_day);
Datum
ttr_local_day(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(day_of_local_time(local_time(fcinfo)));
}

/* 0 to 23; NULL for an infinite time.  Errors: those of ttr_local_day(). */
PG_FUNCTION_INFO_V1(ttr_local_hour);
Datum
ttr_local_hour(PG_FUNCTION_ARGS)
{
	Timestamp	shown = local_time(fcinfo);
	int64		since_midnight;

	if (TIMESTAMP_NOT_FINITE(shown))
		PG_RETURN_NULL();
	since_midnight = shown % USECS_PER_DAY;
	if (since_midnight < 0)
		since_midnight += USECS_PER_DAY;
	PG_RETURN_INT32(since_midnight / USECS_PER_HOUR);
}
