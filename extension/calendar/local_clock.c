/*
 * local_clock.c
 *	  What the clocks of a time zone show at an instant.
 *
 * The same as AT TIME ZONE, which looks its zone up by name, and searches in it for every
 * single instant.  But clocks are ahead of UTC by the same amount for months, and rows come
 * roughly in the order of time: a clock keeps the stretch that it found, and the next rows
 * cost an addition.
 *
 *	  stretch      start |------------- ahead -------------| end
 *	  rows                  *  *    *   *       *    *  *     *  looks again
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "calendar/local_clock.h"
#include "compat.h"

/* An abbreviation such as CET is not the zone of that name.  It has no slash. */
static bool
is_name_of_zone(const char *name)
{
	return strchr(name, '/') != NULL || strcmp(name, "UTC") == 0;
}

/* False for a name that is too long for a zone's. */
static bool
set_clock(LocalClock *clock, const text *name)
{
	size_t		length = VARSIZE_ANY_EXHDR(name);

	if (length > TZ_STRLEN_MAX)
		return false;
	if (length > 0 && strlen(clock->name) == length && memcmp(clock->name, VARDATA_ANY(name), length) == 0)
		return true;
	memset(clock, 0, sizeof(LocalClock));
	memcpy(clock->name, VARDATA_ANY(name), length);
	if (is_name_of_zone(clock->name))
		clock->zone = pg_tzset(clock->name);
	return true;
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

Timestamp
local_clock_show(LocalClock *clock, TimestampTz at, const text *zone)
{
	pg_time_t	second = floor_division(at, USECS_PER_SEC) + SECONDS_BEFORE_2000;
	Timestamp	shown;

	if (!set_clock(clock, zone) || clock->zone == NULL || TIMESTAMP_NOT_FINITE(at))
		return DatumGetTimestamp(DirectFunctionCall2(timestamptz_zone, PointerGetDatum(zone), TimestampTzGetDatum(at)));
	if ((second < clock->stretch.start || second >= clock->stretch.end) &&
		!find_zone_stretch(second, clock->zone, &clock->stretch))
		refuse_time();
	shown = at + clock->stretch.ahead;
	if (!IS_VALID_TIMESTAMP(shown))
		refuse_time();
	return shown;
}

DateADT
day_of_local_time(Timestamp shown)
{
	if (TIMESTAMP_IS_NOBEGIN(shown))
		return DATEVAL_NOBEGIN;
	if (TIMESTAMP_IS_NOEND(shown))
		return DATEVAL_NOEND;
	return floor_division(shown, USECS_PER_DAY);
}
