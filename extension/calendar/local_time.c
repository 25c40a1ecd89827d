/*
 * local_time.c
 *	  local_day(at, zone) and local_hour(at, zone): the day and the hour in a time zone.
 *
 * The same as (at AT TIME ZONE zone)::date, and its hour.  AT TIME ZONE looks its zone up by
 * name, and searches in it for every single instant.  But clocks are ahead of UTC by the
 * same amount for months, and rows come roughly in the order of time: a call keeps the
 * stretch that it found, and the next rows cost an addition and a division.
 *
 *	  stretch      start |------------- ahead -------------| end
 *	  rows                  *  *    *   *       *    *  *     *  looks again
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "calendar/zone_stretch.h"
#include "compat.h"

typedef struct LocalClock
{
	char		name[TZ_STRLEN_MAX + 1];
	pg_tz	   *zone;			/* NULL for a name that AT TIME ZONE may take for an abbreviation */
	ZoneStretch stretch;		/* where the last row lay */
} LocalClock;

/* An abbreviation such as CET is not the zone of that name.  It has no slash. */
static bool
is_name_of_zone(const char *name)
{
	return strchr(name, '/') != NULL || strcmp(name, "UTC") == 0;
}

static LocalClock *
find_clock(FunctionCallInfo fcinfo, text *name)
{
	LocalClock *clock = fcinfo->flinfo->fn_extra;
	size_t		length = VARSIZE_ANY_EXHDR(name);

	if (length > TZ_STRLEN_MAX)
		return NULL;
	if (clock != NULL && strlen(clock->name) == length && memcmp(clock->name, VARDATA_ANY(name), length) == 0)
		return clock;
	if (clock == NULL)
	{
		clock = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(LocalClock));
		fcinfo->flinfo->fn_extra = clock;
	}
	memset(clock, 0, sizeof(LocalClock));
	memcpy(clock->name, VARDATA_ANY(name), length);
	if (is_name_of_zone(clock->name))
		clock->zone = pg_tzset(clock->name);
	return clock;
}

static void
refuse_time(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("timestamp out of range")));
}

static int64
floor_division(int64 dividend, int64 divisor)
{
	return dividend / divisor - (dividend % divisor < 0);
}

static Timestamp
local_time(FunctionCallInfo fcinfo)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(0);
	text	   *name = PG_GETARG_TEXT_PP(1);
	LocalClock *clock = find_clock(fcinfo, name);
	pg_time_t	second = floor_division(at, USECS_PER_SEC) + SECONDS_BEFORE_2000;
	Timestamp	shown;

	if (clock == NULL || clock->zone == NULL || TIMESTAMP_NOT_FINITE(at))
		return DatumGetTimestamp(DirectFunctionCall2(timestamptz_zone, PointerGetDatum(name), TimestampTzGetDatum(at)));
	if ((second < clock->stretch.start || second >= clock->stretch.end) &&
		!find_zone_stretch(second, clock->zone, &clock->stretch))
		refuse_time();
	shown = at + clock->stretch.ahead;
	if (!IS_VALID_TIMESTAMP(shown))
		refuse_time();
	return shown;
}

/* Errors: those of AT TIME ZONE, 22023 for an unknown zone and 22008 for a time out of range. */
PG_FUNCTION_INFO_V1(ttr_local_day);
Datum
ttr_local_day(PG_FUNCTION_ARGS)
{
	Timestamp	shown = local_time(fcinfo);

	if (TIMESTAMP_IS_NOBEGIN(shown))
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	if (TIMESTAMP_IS_NOEND(shown))
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	PG_RETURN_DATEADT(floor_division(shown, USECS_PER_DAY));
}

/* 0 to 23; NULL for an infinite time.  Errors: those of ttr_local_day(). */
PG_FUNCTION_INFO_V1(ttr_local_hour);
Datum
ttr_local_hour(PG_FUNCTION_ARGS)
{
	Timestamp	shown = local_time(fcinfo);

	if (TIMESTAMP_NOT_FINITE(shown))
		PG_RETURN_NULL();
	PG_RETURN_INT32(floor_division(shown, USECS_PER_HOUR) - 24 * floor_division(shown, USECS_PER_DAY));
}
