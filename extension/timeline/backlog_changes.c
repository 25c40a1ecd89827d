/*
 * backlog_changes.c
 *	  backlog_changes(opened_at, closed_at, unresolved, snoozed, late_from, zone): the days
 *	  on which a conversation enters the backlog, leaves it, and changes in it.
 *
 * The backlog of a day's end is the sum of all changes up to that day.  An element names a
 * change and its day, so that elements of many conversations can be counted by day:
 *
 *	  {"opened 2025-05-01","late 2025-05-02","closed 2025-05-03","late_closed 2025-05-03","reopened 2025-05-09","late 2025-05-09"}
 *
 * Elements differ, so that nothing is lost where a set of them is kept: what happens again on
 * the same day has a number, as in "closed 2025-05-03 (2)".  kernel/time/backlog.c finds the
 * changes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "calendar/local_clock.h"
#include "compat.h"
#include "kernel/time/backlog.h"
#include "multirange.h"

/* The clocks of no zone are further ahead of UTC than a day: what is later than this may have no day, and never comes. */
#define LAST_INSTANT	(END_TIMESTAMP - USECS_PER_DAY)

static const char *const names[BACKLOG_CHANGE_KINDS] = {
	[BACKLOG_OPENED] = "opened",
	[BACKLOG_REOPENED] = "reopened",
	[BACKLOG_CLOSED] = "closed",
	[BACKLOG_SNOOZED] = "snoozed",
	[BACKLOG_UNSNOOZED] = "unsnoozed",
	[BACKLOG_LATE] = "late",
	[BACKLOG_LATE_CLOSED] = "late_closed",
};

/* The last element of a kind: rows come roughly in the order of time, so that most days come again. */
typedef struct LastElement
{
	DateADT		day;
	text	   *element;		/* NULL at first */
} LastElement;

/* What is kept from call to call. */
typedef struct BacklogCall
{
	LocalClock	clock;
	TypeCacheEntry *range_type;
	LastElement last[BACKLOG_CHANGE_KINDS];
} BacklogCall;

/* The last change of a kind in a conversation, and how many of its day there were. */
typedef struct LastDay
{
	DateADT		day;
	int			count;
} LastDay;

static BacklogCall *
call_of(FunctionCallInfo fcinfo)
{
	BacklogCall *call = fcinfo->flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(BacklogCall));
		call->range_type = tstzrange_type();
		fcinfo->flinfo->fn_extra = call;
	}
	return call;
}

static void
let_run(Span *span)
{
	if (span->end >= LAST_INSTANT)
		span->end = SPAN_RUNS;
}

/* The spans of a multirange, the last one of which may run.  What starts at infinity never does. */
static Span *
spans_of(TypeCacheEntry *type, const MultirangeType *intervals, size_t *count)
{
	Span	   *spans = palloc(sizeof(Span) * Max(intervals->rangeCount, 1));

	*count = 0;
	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span	   *span = &spans[*count];

		if (!read_open_interval(type, intervals, i, NULL, span))
			span->end = SPAN_RUNS;
		let_run(span);
		if (span->start < LAST_INSTANT)
			(*count)++;
	}
	return spans;
}

/* One span, empty where it would end before it starts. */
static Span *
span_between(FunctionCallInfo fcinfo, size_t *count)
{
	Span	   *span = palloc(sizeof(Span));

	span->start = PG_GETARG_TIMESTAMPTZ(0);
	span->end = PG_ARGISNULL(1) ? SPAN_RUNS : PG_GETARG_TIMESTAMPTZ(1);
	let_run(span);
	*count = TIMESTAMP_IS_NOBEGIN(span->start) || span->start >= LAST_INSTANT || span->end < span->start ? 0 : 1;
	return span;
}

static text *
element_of(BacklogChangeKind kind, DateADT day, int number)
{
	char		written[MAXDATELEN + 64];
	char		day_text[MAXDATELEN + 1];
	struct pg_tm tm;

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, day_text);
	if (number == 1)
		snprintf(written, sizeof(written), "%s %s", names[kind], day_text);
	else
		snprintf(written, sizeof(written), "%s %s (%d)", names[kind], day_text, number);
	return cstring_to_text(written);
}

/* Valid until the next call of this for the kind: for the first of each kind in an array. */
static text *
known_element_of(FunctionCallInfo fcinfo, LastElement *last, BacklogChangeKind kind, DateADT day)
{
	if (last->element == NULL || last->day != day)
	{
		MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (last->element != NULL)
			pfree(last->element);
		last->element = element_of(kind, day, 1);
		last->day = day;
		MemoryContextSwitchTo(caller);
	}
	return last->element;
}

/*
 * Where clocks are set back over midnight, a later instant can show an earlier day.  Nothing
 * is closed, late or snoozed on a day before that on which it was opened: days ascend as the
 * instants of their list do, from the first one on.
 */
static DateADT
earliest_day(const BacklogChange *changes, size_t i, DateADT first, DateADT before)
{
	if (i > 0 && changes[i].at >= changes[i - 1].at)
		return before;
	return i > 0 && changes[i].at >= changes[0].at ? first : DATEVAL_NOBEGIN;
}

static ArrayType *
array_of(FunctionCallInfo fcinfo, BacklogCall *call, const BacklogChange *changes, size_t count, const text *zone)
{
	LastDay		last[BACKLOG_CHANGE_KINDS] = {{0}};
	Datum	   *elements = palloc(sizeof(Datum) * count);
	DateADT		first = 0;
	DateADT		day = 0;

	for (size_t i = 0; i < count; i++)
	{
		BacklogChangeKind kind = changes[i].kind;
		LastDay    *same = &last[kind];
		DateADT		shown = day_of_local_time(local_clock_show(&call->clock, changes[i].at, zone));

		CHECK_FOR_INTERRUPTS();
		day = Max(shown, earliest_day(changes, i, first, day));
		if (i == 0)
			first = day;
		elements[i] = PointerGetDatum(same->count == 0 ? known_element_of(fcinfo, &call->last[kind], kind, day)
									  : element_of(kind, day, same->day == day ? same->count + 1 : 1));
		same->count = same->count > 0 && same->day == day ? same->count + 1 : 1;
		same->day = day;
	}
	return construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/*
 * Without unresolved the conversation is in the backlog from opened_at to closed_at, or on if
 * that is NULL.  An empty array for one that never was; NULL where neither opened_at nor
 * unresolved is known, and without a zone.  A snooze lies within the time that is
 * unresolved.
 *
 * Errors: 22023 for an interval without a start and an unknown zone; 22008 for a time that the
 * zone's clocks cannot show.
 */
PG_FUNCTION_INFO_V1(ttr_backlog_changes);
Datum
ttr_backlog_changes(PG_FUNCTION_ARGS)
{
	BacklogCall *call;
	Span	   *unresolved;
	Span	   *snoozed = NULL;
	size_t		unresolved_count;
	size_t		snoozed_count = 0;
	int64		late_from = PG_ARGISNULL(4) ? BACKLOG_NEVER_LATE : PG_GETARG_TIMESTAMPTZ(4);
	BacklogChange *changes;
	size_t		count;

	if ((PG_ARGISNULL(0) && PG_ARGISNULL(2)) || PG_ARGISNULL(5))
		PG_RETURN_NULL();
	call = call_of(fcinfo);
	unresolved = PG_ARGISNULL(2) ? span_between(fcinfo, &unresolved_count)
		: spans_of(call->range_type, PG_GETARG_MULTIRANGE_P(2), &unresolved_count);
	if (!PG_ARGISNULL(3))
		snoozed = spans_of(call->range_type, PG_GETARG_MULTIRANGE_P(3), &snoozed_count);
	changes = palloc(sizeof(BacklogChange) * Max(backlog_most_changes(unresolved_count, snoozed_count), 1));
	count = backlog_changes(unresolved, unresolved_count, snoozed, snoozed_count,
							late_from < LAST_INSTANT ? late_from : BACKLOG_NEVER_LATE, changes);
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	PG_RETURN_ARRAYTYPE_P(array_of(fcinfo, call, changes, count, PG_GETARG_TEXT_PP(5)));
}
