/*
 * zone_stretch.h
 *	  The stretches of time in which the clocks of a time zone are ahead of UTC by the
 *	  same amount.
 */
#ifndef TTR_CALENDAR_ZONE_STRETCH_H
#define TTR_CALENDAR_ZONE_STRETCH_H

#include "datatype/timestamp.h"
#include "pgtime.h"

/* pg_time_t counts from 1970. */
#define SECONDS_BEFORE_2000	((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (pg_time_t) SECS_PER_DAY)

typedef struct ZoneStretch
{
	pg_time_t	start;
	pg_time_t	end;			/* PG_INT64_MAX where clocks no longer change */
	int64		ahead;			/* microseconds */
} ZoneStretch;

/* The stretch from a second on.  False if the second is out of range. */
extern bool find_zone_stretch(pg_time_t second, const pg_tz *zone, ZoneStretch *stretch);

#endif							/* TTR_CALENDAR_ZONE_STRETCH_H */
