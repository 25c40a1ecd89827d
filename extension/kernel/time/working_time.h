/*
 * working_time.h
 *	  Working time up to any instant: see working_time.c.
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

/* An empty calendar with room for this many openings. */
extern void working_time_init(WorkingTime *calendar, size_t room, const Host *host);

extern void working_time_clear(WorkingTime *calendar, const Host *host);

/* Appends an opening, which must not start before the last one ends. */
extern void working_time_add(WorkingTime *calendar, Span opening);

/* The time from the start of the first opening to the end of the last one; of length 0 without openings. */
extern Span working_time_extent(const WorkingTime *calendar);

/* All working time up to an instant. */
extern uint64_t working_time_until(const WorkingTime *calendar, int64_t instant);

/*
 * The first instant, not before start, at which the working time since start reaches the
 * target.  False if there is none.
 */
extern bool working_time_reach(const WorkingTime *calendar, int64_t start, uint64_t target, int64_t *instant);

#endif							/* TTR_KERNEL_TIME_WORKING_TIME_H */
