/*
 * window.h
 *	  What is known of a frame whose rows come and go: see window.c.
 */
#ifndef TTR_PERCENTILE_WINDOW_H
#define TTR_PERCENTILE_WINDOW_H

#include "fmgr.h"

#include "kernel/multiset/ordered_blocks.h"
#include "percentile/argument.h"

typedef struct WindowState
{
	QuantileArgument argument;
	OrderedBlocks values;		/* of the rows in the frame */
} WindowState;

/* The state that an aggregate is called with, or an empty one, in that memory. */
extern WindowState *window_state(FunctionCallInfo fcinfo, MemoryContext context);

#endif							/* TTR_PERCENTILE_WINDOW_H */
