/*
 * multirange.h
 *	  The spans of a tstzmultirange: see multirange.c.
 */
#ifndef TTR_MULTIRANGE_H
#define TTR_MULTIRANGE_H

#include "utils/multirangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "kernel/time/span.h"

/* The type of the ranges in a tstzmultirange. */
extern TypeCacheEntry *tstzrange_type(void);

/* The multirange of spans that ascend and do not touch; the last one may run. */
extern MultirangeType *multirange_of_spans(TypeCacheEntry *range_type, const Span *spans, size_t count);

/*
 * Reads one of the intervals in which a conversation was open.  A running interval ends at
 * as_of, even if that is before its start; without as_of the result is false.  Error 22023
 * for an interval without a start.
 */
extern bool read_open_interval(TypeCacheEntry *range_type, const MultirangeType *intervals, uint32 index,
							   const TimestampTz *as_of, Span *interval);

/* Error 22023 if as_of is infinite. */
extern void check_as_of(TimestampTz as_of);

/* Reads as_of into *as_of and returns its address; NULL if as_of is NULL.  Error 22023 if it is infinite. */
static inline const TimestampTz *
as_of_argument(FunctionCallInfo fcinfo, int argument, TimestampTz *as_of)
{
	if (PG_ARGISNULL(argument))
		return NULL;
	*as_of = PG_GETARG_TIMESTAMPTZ(argument);
	check_as_of(*as_of);
	return as_of;
}

#endif							/* TTR_MULTIRANGE_H */
