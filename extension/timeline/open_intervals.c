/*
 * open_intervals.c
 *	  open_intervals(at, state): when a conversation was open, from its timeline.
 *
 * The way into timeline/: SQL calls open_intervals(), and the clocks beside it on its
 * result.
 *
 * An aggregate over events: from each of them on a conversation was open, snoozed or
 * closed.  Only open counts:
 *
 *	  at       09:00   09:15     09:20   13:00    14:10
 *	  state    open    snoozed   open    closed   open
 *	           [09:00, 09:15)    [09:20, 13:00)   [14:10, )
 *
 * The last state goes on, so a conversation that is still open ends in an interval
 * without an end.  event_fold.c folds the events.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compat.h"
#include "timeline/event_fold.h"

/* True for open, false for snoozed and closed. */
static bool
read_state(const text *state)
{
	if (is_word(state, "open"))
		return true;
	if (!is_word(state, "closed") && !is_word(state, "snoozed"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown state \"%s\"", text_to_cstring(state)),
				 errdetail("A conversation is open, snoozed or closed."),
				 errhint("Translate other names, as in CASE state WHEN 'pending' THEN 'snoozed' ELSE state END.")));
	return false;
}

PG_FUNCTION_INFO_V1(ttr_open_intervals_transition);
Datum
ttr_open_intervals_transition(PG_FUNCTION_ARGS)
{
	return event_fold_transition(fcinfo, read_state);
}

PG_FUNCTION_INFO_V1(ttr_open_intervals_final);
Datum
ttr_open_intervals_final(PG_FUNCTION_ARGS)
{
	return event_fold_final(fcinfo);
}
