/*
 * timeline.h
 *	  The states of a conversation over time: see timeline.c.
 */
#ifndef TTR_KERNEL_TIME_TIMELINE_H
#define TTR_KERNEL_TIME_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/host.h"
#include "kernel/time/span.h"

typedef struct Timeline
{
	size_t		count;			/* of events */
	uint8_t		doublings;		/* of the memory, since it was TIMELINE_FIRST_BYTES */
	bool		sorted;			/* by time, ties as they came */
	int64_t		times[];		/* then room for more, then whether each of them opened */
} Timeline;

/* Five events, which is what most conversations have. */
#define TIMELINE_FIRST_BYTES	64

#define TIMELINE_BYTES_PER_EVENT (sizeof(int64_t) + sizeof(bool))

static inline size_t
timeline_bytes(const Timeline *timeline)
{
	return (size_t) TIMELINE_FIRST_BYTES << timeline->doublings;
}

static inline size_t
timeline_room(const Timeline *timeline)
{
	return (timeline_bytes(timeline) - offsetof(Timeline, times)) / TIMELINE_BYTES_PER_EVENT;
}

static inline bool *
timeline_states(Timeline *timeline)
{
	return (bool *) (timeline->times + timeline_room(timeline));
}

extern Timeline *timeline_create(const Host *host);

/* Adds an event.  Returns the timeline, which may have moved. */
extern Timeline *timeline_add(Timeline *timeline, int64_t time, bool open, const Host *host);

/* Brings events into the order of their times; more may be added afterwards. */
extern void timeline_sort(Timeline *timeline, const Host *host);

/* The most spans that a timeline can have. */
static inline size_t
timeline_most_spans(const Timeline *timeline)
{
	return (timeline->count + 1) / 2;
}

/* Writes the spans in which a sorted timeline is open, ascending.  Returns their number. */
extern size_t timeline_fold(Timeline *timeline, Span *spans);

#endif							/* TTR_KERNEL_TIME_TIMELINE_H */
