/*
 * span.h
 *	  A stretch of time, [start, end), in microseconds.
 *
 * The way into time/: timelines, hours and calendars all become spans.
 *
 * Kernels count from the same instant as their caller; PostgreSQL's timestamps count from
 * 2000-01-01.  A start and an end can be further apart than a signed 64-bit integer
 * reaches: lengths are unsigned.
 */
#ifndef TTR_KERNEL_TIME_SPAN_H
#define TTR_KERNEL_TIME_SPAN_H

#include <stdint.h>

typedef struct Span
{
	int64_t		start;
	int64_t		end;
} Span;

/* The end of a span that still runs. */
#define SPAN_RUNS	INT64_MAX

/* The span must not end before it starts. */
static inline uint64_t
span_length(Span span)
{
	return (uint64_t) span.end - (uint64_t) span.start;
}

#endif							/* TTR_KERNEL_TIME_SPAN_H */
