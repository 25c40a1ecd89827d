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

/* That of the function that is being called; its fn_extra is taken for it. */
extern CalendarCache *calendar_cache_of_call(FunctionCallInfo fcinfo);

/* The type of the ranges in a calendar, and in open intervals. */
extern TypeCacheEntry *calendar_cache_range_type(const CalendarCache *cache);

/* A calendar from the given argument, which is not NULL.  Good until the next one is asked for. */
extern const WorkingTime *calendar_argument(FunctionCallInfo fcinfo, CalendarCache *cache, int argument);

/*
 * The time that a calendar describes: that of the given argument, which is a tstzrange,
 * or if it is NULL from the first opening to the last one.  Of no length if it describes
 * none.
 */
extern Span covered_argument(FunctionCallInfo fcinfo, const CalendarCache *cache, int argument,
							 const WorkingTime *calendar);

#endif							/* TTR_CALENDAR_CALENDAR_CACHE_H */
