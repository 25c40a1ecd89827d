/*
 * waiting_intervals.c
 *	  waiting_intervals(at, kind): when a customer waited for the team, from the messages.
 *
 * An aggregate over events.  A message of the customer hands the ball to the team; a
 * reply that the customer could see, or a close, hands it back:
 *
 *	  at       09:00      09:10      10:00   11:00      13:00    14:10
 *	  kind     customer   customer   reply   customer   closed   customer
 *	           [09:00,               10:00)  [11:00,    13:00)   [14:10, )
 *
 * Whoever writes again while waiting waits since the first message: the second one begins
 * nothing.  A wait that nothing has ended yet has no end.  Of two events at one time the
 * later row holds, as in open_intervals(): a message in the same instant as the reply, and
 * after it, lets the wait go on, because an interval without length cannot part two others.
 *
 * A wait answers to the same fold as open time: event_fold.c.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "compat.h"
#include "timeline/event_fold.h"

/* True for customer, false for reply and closed. */
static bool
read_kind(const text *kind)
{
	if (is_word(kind, "customer"))
		return true;
	if (!is_word(kind, "reply") && !is_word(kind, "closed"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown kind of event \"%s\"", text_to_cstring(kind)),
				 errdetail("What ends or begins a wait is of kind customer, reply or closed."),
				 errhint("Translate other names, and leave other events out, as in "
						 "CASE author WHEN 'user' THEN 'customer' WHEN 'admin' THEN 'reply' END.")));
	return false;
}

PG_FUNCTION_INFO_V1(ttr_waiting_intervals_transition);
Datum
ttr_waiting_intervals_transition(PG_FUNCTION_ARGS)
{
	return event_fold_transition(fcinfo, read_kind);
}

PG_FUNCTION_INFO_V1(ttr_waiting_intervals_final);
Datum
ttr_waiting_intervals_final(PG_FUNCTION_ARGS)
{
	return event_fold_final(fcinfo);
}
