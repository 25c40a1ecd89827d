/*
 * multirange.h
 *	  tstzmultirange, as the spans of which it consists: see multirange.c.
 */
#ifndef TTR_MULTIRANGE_H
#define TTR_MULTIRANGE_H

#include "utils/multirangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "kernel/time/span.h"

/* The type of the ranges in a tstzmultirange. */
extern TypeCacheEntry *tstzrange_type(void);

/* From spans that ascend and do not touch; the last one may run. */
extern MultirangeType *multirange_of_spans(TypeCacheEntry *range_type, const Span *spans, size_t count);

/*
 * One of the intervals in which a conversation was open, a running one up to as_of.  It
 * ends before it starts where as_of does.  False if it runs and there is no as_of.
 * An interval without a start is an error.
 */
extern bool read_open_interval(TypeCacheEntry *range_type, const MultirangeType *intervals, uint32 index,
							   const TimestampTz *as_of, Span *interval);

/* Reads as_of into *as_of and returns its address; NULL if as_of is NULL.  Error 22023 if it is infinite. */
extern const TimestampTz *as_of_argument(FunctionCallInfo fcinfo, int argument, TimestampTz *as_of);

#endif							/* TTR_MULTIRANGE_H */
