/*
 * calendar_cache.h
 *	  Calendars as working time, compiled once in a query: see calendar_cache.c.
 *
 * The way into calendar/: SQL calls business_calendar(); the clocks ask this cache.
 */
#ifndef TTR_CALENDAR_CALENDAR_CACHE_H
#define TTR_CALENDAR_CALENDAR_CACHE_H

#include "fmgr.h"
#include "utils/typcache.h"

#include "kernel/time/working_time.h"

typedef struct CalendarCache CalendarCache;

/* The cache of the called function, in its fn_extra. */
extern CalendarCache *calendar_cache_of_call(FunctionCallInfo fcinfo);

/* The type of the ranges in a calendar, and in open intervals. */
extern TypeCacheEntry *calendar_cache_range_type(const CalendarCache *cache);

/* The calendar in an argument that is not NULL.  Valid until the next call of this. */
extern const WorkingTime *calendar_argument(FunctionCallInfo fcinfo, CalendarCache *cache, int argument);

/*
 * The time that a calendar describes: the tstzrange in an argument, or if that is NULL the
 * time from the first opening to the last one.  Its length is 0 if there are no openings.
 */
extern Span covered_argument(FunctionCallInfo fcinfo, const CalendarCache *cache, int argument,
							 const WorkingTime *calendar);

#endif							/* TTR_CALENDAR_CALENDAR_CACHE_H */
