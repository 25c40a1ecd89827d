/*
 * zone_stretch.c
 *	  The stretches of time in which the clocks of a time zone are ahead of UTC by the
 *	  same amount.
 *
 * pg_localtime() gives the amount, because AT TIME ZONE calls it too.
 * pg_next_dst_boundary() would differ before the first change of a zone.
 */
#include "postgres.h"

#include "calendar/zone_stretch.h"

bool
find_zone_stretch(pg_time_t second, const pg_tz *zone, ZoneStretch *stretch)
{
	struct pg_tm *shown = pg_localtime(&second, zone);
	long int	before;
	long int	after;
	int			before_is_dst;
	int			after_is_dst;

	if (shown == NULL)
		return false;
	stretch->start = second;
	stretch->ahead = shown->tm_gmtoff * USECS_PER_SEC;
	if (pg_next_dst_boundary(&second, &before, &before_is_dst, &stretch->end, &after, &after_is_dst, zone) != 1)
		stretch->end = PG_INT64_MAX;
	return true;
}
