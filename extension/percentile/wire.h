/*
 * wire.h
 *	  The state of median() and quantile(), received from another process.
 */
#ifndef TTR_PERCENTILE_WIRE_H
#define TTR_PERCENTILE_WIRE_H

#include "fmgr.h"

#include "percentile/argument.h"
#include "percentile/state.h"

/* Parts of a message, all of the same size, where they were received. */
typedef struct WireSection
{
	uint64_t	count;
	const char *bytes;
} WireSection;

/*
 * The result of deserializing.  Values are not copied before their place is known, so a
 * large group travels only once through the leader's memory.
 */
typedef struct WireState
{
	QuantileArgument argument;
	WireSection values;
	WireSection runs;
	WireSection irregular;
} WireState;

extern void percentile_state_add_wire(FunctionCallInfo fcinfo, PercentileState *state, const WireState *from);

#endif							/* TTR_PERCENTILE_WIRE_H */
