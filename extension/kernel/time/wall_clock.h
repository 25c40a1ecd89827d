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

/* A time in which clocks are ahead of UTC by so much; it ends where the next one begins. */
typedef struct Stretch
{
	int64_t		start;			/* an instant */
	int64_t		ahead;			/* microseconds */
} Stretch;

/*
 * What clocks show while business is open, on the days from one to another, which is
 * not included: ascending, none touches another one.  Returns how many there are at most
 * if there are no spans to write to (NULL), else how many there are.
 */
extern size_t openings_on_the_clock(const WeeklyHours *hours, int32_t from_day, int32_t to_day, Span *openings);

/*
 * The instants at which clocks show a time within one of the openings; these are as
 * above, and so are the spans and what is returned.  After the last stretch comes one
 * that only says where it ends.
 */
extern size_t openings_in_time(const Span *openings, size_t count, const Stretch *stretches, size_t nstretches,
							   Span *spans);

#endif							/* TTR_KERNEL_TIME_WALL_CLOCK_H */
