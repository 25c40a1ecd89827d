/*
 * length_fold.h
 *	  What open_seconds() and longest_seconds() share: see length_fold.c.
 */
#ifndef TTR_TIMELINE_LENGTH_FOLD_H
#define TTR_TIMELINE_LENGTH_FOLD_H

#include "fmgr.h"

/* What the lengths so far come to with one more, in microseconds. */
typedef uint64 (*AddLength) (uint64 so_far, uint64 length);

/*
 * The function (tstzmultirange, as_of timestamptz): seconds as a double.  NULL for a NULL multirange, and for
 * a running interval without as_of; 0 for an empty one.
 *
 * Errors: 22023 for an interval without a start, and for an infinite as_of.
 */
extern Datum length_fold(FunctionCallInfo fcinfo, AddLength add_length);

#endif							/* TTR_TIMELINE_LENGTH_FOLD_H */
