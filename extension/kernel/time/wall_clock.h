/*
 * wall_clock.h
 *	  What the clocks of a time zone show, and when: see wall_clock.c.
 */
#ifndef TTR_KERNEL_TIME_WALL_CLOCK_H
#define TTR_KERNEL_TIME_WALL_CLOCK_H

#include "kernel/time/span.h"
#include "kernel/time/weekly_hours.h"

#define MICROSECONDS_PER_SECOND	INT64_C(1000000)
#define MICROSECONDS_PER_DAY	(SECONDS_PER_DAY * MICROSECONDS_PER_SECOND)

/* A time in which clocks are ahead of UTC by one amount; it ends where the next stretch begins. */
typedef struct Stretch
{
	int64_t		start;			/* an instant */
	int64_t		ahead;			/* microseconds */
} Stretch;

/*
 * Writes the openings by the clock, from from_day to the day before to_day: ascending, none
 * touches another one.  Returns their number.  If openings is NULL, writes nothing and
 * returns the most that there can be.
 */
extern size_t openings_on_the_clock(const WeeklyHours *hours, int32_t from_day, int32_t to_day, Span *openings);

/*
 * Writes the spans of instants at which clocks show a time within an opening.  Openings,
 * spans and result are as above.  One more stretch marks the end of the last one.
 */
extern size_t openings_in_time(const Span *openings, size_t count, const Stretch *stretches, size_t nstretches,
							   Span *spans);

#endif							/* TTR_KERNEL_TIME_WALL_CLOCK_H */
