/*
 * local_clock.h
 *	  What the clocks of a time zone show: see local_clock.c.
 */
#ifndef TTR_CALENDAR_LOCAL_CLOCK_H
#define TTR_CALENDAR_LOCAL_CLOCK_H

#include "fmgr.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "calendar/zone_stretch.h"

/* Zeroed at first, and kept from call to call. */
typedef struct LocalClock
{
	char		name[TZ_STRLEN_MAX + 1];
	pg_tz	   *zone;			/* NULL for a name that AT TIME ZONE may take for an abbreviation */
	ZoneStretch stretch;		/* where the last instant lay */
} LocalClock;

/* at AT TIME ZONE zone.  Errors: 22023 for an unknown zone, 22008 for a time out of range. */
extern Timestamp local_clock_show(LocalClock *clock, TimestampTz at, const text *zone);

/* The day of a time on a clock; infinite for an infinite time. */
extern DateADT day_of_local_time(Timestamp shown);

#endif							/* TTR_CALENDAR_LOCAL_CLOCK_H */
