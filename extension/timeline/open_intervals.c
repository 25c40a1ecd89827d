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
 * without an end.  timeline.c keeps, sorts and folds the events.
 *
 * There is no combine function: of two events at the same time the later row holds, and
 * rows that workers read come in no order.  So workers may read the rows, but one process
 * aggregates them.
 *
 * Most groups are small, and there may be many of them: a group of up to five events
 * takes one piece of 64 bytes.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "backend.h"
#include "compat.h"
#include "kernel/time/timeline.h"
#include "multirange.h"

/* 4 billion events: more than any memory holds, and less than would overflow its size. */
#define MOST_EVENTS		UINT64CONST(0xFFFFFFFF)

static void
check_time(TimestampTz at)
{
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("event has no finite time"),
				 errdetail("A state begins at an instant, not at infinity."),
				 errhint("Pass the time of the event, such as '2025-05-01 09:00+00', or leave the event out.")));
}

static bool
is_word(const text *value, const char *word, size_t length)
{
	return VARSIZE_ANY_EXHDR(value) == length && memcmp(VARDATA_ANY(value), word, length) == 0;
}

#define IS_WORD(value, word) is_word(value, word, sizeof(word) - 1)

/* True for open, false for snoozed and closed. */
static bool
read_state(text *state)
{
	if (IS_WORD(state, "open"))
		return true;
	if (!IS_WORD(state, "closed") && !IS_WORD(state, "snoozed"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown state \"%s\"", text_to_cstring(state)),
				 errdetail("A conversation is open, snoozed or closed."),
				 errhint("Translate other names, as in CASE state WHEN 'pending' THEN 'snoozed' ELSE state END.")));
	return false;
}

/* Skips a row without a time or a state.  NULL until the first other row. */
PG_FUNCTION_INFO_V1(ttr_open_intervals_transition);
Datum
ttr_open_intervals_transition(PG_FUNCTION_ARGS)
{
	Timeline   *timeline = PG_ARGISNULL(0) ? NULL : (Timeline *) PG_GETARG_POINTER(0);
	Host		host = backend_host(group_context(fcinfo));
	TimestampTz at;
	bool		open;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (timeline == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(timeline);
	}

	at = PG_GETARG_TIMESTAMPTZ(1);
	check_time(at);
	open = read_state(PG_GETARG_TEXT_PP(2));
	if (timeline == NULL)
		timeline = timeline_create(&host);
	else if (timeline->count == MOST_EVENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("timeline has too many events")));
	PG_RETURN_POINTER(timeline_add(timeline, at, open, &host));
}

/*
 * Sorting does not count as a modification: events can be added to the state as before.
 */
PG_FUNCTION_INFO_V1(ttr_open_intervals_final);
Datum
ttr_open_intervals_final(PG_FUNCTION_ARGS)
{
	Timeline   *timeline;
	Host		host = backend_host(CurrentMemoryContext);
	Span	   *spans;
	size_t		count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	timeline = (Timeline *) PG_GETARG_POINTER(0);

	timeline_sort(timeline, &host);
	spans = host.allocate(host.context, timeline_most_spans(timeline) * sizeof(Span));
	count = timeline_fold(timeline, spans);
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = tstzrange_type();
	PG_RETURN_MULTIRANGE_P(multirange_of_spans(fcinfo->flinfo->fn_extra, spans, count));
}
