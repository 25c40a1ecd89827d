/*
 * event_fold.c
 *	  Aggregates that fold events into intervals: open_intervals(), waiting_intervals().
 *
 * Each event has a time and a word, and its word begins an interval or ends one.  Which
 * words do which is all that the aggregates differ in.  timeline.c keeps, sorts and folds
 * the events.
 *
 * There is no combine function: of two events at the same time the later row holds, and
 * rows that workers read come in no order.  So workers may read the rows, but one process
 * aggregates them.
 *
 * Most groups are small, and there may be many of them: a group of up to five events
 * takes one piece of 64 bytes.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "backend.h"
#include "compat.h"
#include "kernel/time/timeline.h"
#include "multirange.h"
#include "timeline/event_fold.h"

/* 4 billion events: more than any memory holds, and less than would overflow its size. */
#define MOST_EVENTS		UINT64CONST(0xFFFFFFFF)

bool
is_word(const text *value, const char *word)
{
	size_t		length = strlen(word);

	return VARSIZE_ANY_EXHDR(value) == length && memcmp(VARDATA_ANY(value), word, length) == 0;
}

static void
check_time(TimestampTz at)
{
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("event has no finite time"),
				 errdetail("An event happens at an instant, not at infinity."),
				 errhint("Pass the time of the event, such as '2025-05-01 09:00+00', or leave the event out.")));
}

Datum
event_fold_transition(FunctionCallInfo fcinfo, ReadWord read_word)
{
	Timeline   *timeline = PG_ARGISNULL(0) ? NULL : (Timeline *) PG_GETARG_POINTER(0);
	Host		host = backend_host(group_context(fcinfo));
	TimestampTz at;
	bool		begins;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (timeline == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(timeline);
	}

	at = PG_GETARG_TIMESTAMPTZ(1);
	check_time(at);
	begins = read_word(PG_GETARG_TEXT_PP(2));
	if (timeline == NULL)
		timeline = timeline_create(&host);
	else if (timeline->count == MOST_EVENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("timeline has too many events")));
	PG_RETURN_POINTER(timeline_add(timeline, at, begins, &host));
}

/*
 * Sorting does not count as a modification: events can be added to the state as before.
 */
Datum
event_fold_final(FunctionCallInfo fcinfo)
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
