/*
 * window.h
 *	  The state of a frame whose rows come and go: see window.c.
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

/* The state that a row enters: at first an empty one, in this context. */
extern WindowState *window_state_to_enter(FunctionCallInfo fcinfo, MemoryContext context);

/* The state that a row leaves. */
extern WindowState *window_state_to_leave(FunctionCallInfo fcinfo);

#endif							/* TTR_PERCENTILE_WINDOW_H */
