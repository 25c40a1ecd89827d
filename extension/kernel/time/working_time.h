/*
 * working_time.h
 *	  How much working time there is up to any instant: see working_time.c.
 */
#ifndef TTR_KERNEL_TIME_WORKING_TIME_H
#define TTR_KERNEL_TIME_WORKING_TIME_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/host.h"
#include "kernel/time/span.h"

typedef struct WorkingTime
{
	size_t		count;			/* of openings */
	int64_t    *starts;			/* ascending */
	uint64_t   *before;			/* working time before each of them, and after the last one */
} WorkingTime;

/* Empty, with room for so many openings. */
extern void working_time_init(WorkingTime *calendar, size_t room, const Host *host);

extern void working_time_clear(WorkingTime *calendar, const Host *host);

/* The next opening, which must not start before the one before it ends. */
extern void working_time_add(WorkingTime *calendar, Span opening);

/* From the first opening's start to the last one's end; of no length if there is none. */
extern Span working_time_extent(const WorkingTime *calendar);

/* All working time up to an instant. */
extern uint64_t working_time_until(const WorkingTime *calendar, int64_t instant);

/*
 * The first instant, not before start, up to which there is so much working time since
 * start.  False if there never is.
 */
extern bool working_time_reach(const WorkingTime *calendar, int64_t start, uint64_t target, int64_t *instant);

#endif							/* TTR_KERNEL_TIME_WORKING_TIME_H */
