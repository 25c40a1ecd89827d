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

/*
 * Clocks are ahead of UTC by less than a day.  So every earlier instant has a date in every
 * zone; later ones may have none, and count as infinity.
 */
#define LAST_INSTANT	(END_TIMESTAMP - USECS_PER_DAY)

static const char *const kind_names[BACKLOG_CHANGE_KINDS] = {
	[BACKLOG_OPENED] = "opened",
	[BACKLOG_REOPENED] = "reopened",
	[BACKLOG_CLOSED] = "closed",
	[BACKLOG_SNOOZED] = "snoozed",
	[BACKLOG_UNSNOOZED] = "unsnoozed",
	[BACKLOG_LATE] = "late",
	[BACKLOG_LATE_CLOSED] = "late_closed",
};

/* The element made last for a kind.  Rows come roughly in the order of time, so most days repeat. */
typedef struct CachedElement
{
	DateADT		day;
	text	   *element;		/* NULL at first */
} CachedElement;

/* What is kept from call to call. */
typedef struct BacklogCall
{
	LocalClock	clock;
	TypeCacheEntry *range_type;
	CachedElement cached[BACKLOG_CHANGE_KINDS];
} BacklogCall;

/* The last change of a kind in a conversation, and how many of its day there were. */
typedef struct DayCount
{
	DateADT		day;
	int			count;
} DayCount;

static BacklogCall *
get_call(FunctionCallInfo fcinfo)
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
end_or_run(Span *span)
{
	if (span->end >= LAST_INSTANT)
		span->end = SPAN_RUNS;
}

/* The spans of a multirange, the last one of which may run.  What starts at infinity never does. */
static Span *
read_spans(TypeCacheEntry *type, const MultirangeType *intervals, size_t *count)
{
	Span	   *spans = palloc(sizeof(Span) * (intervals->rangeCount + 2));	/* room for two more */

	*count = 0;
	for (uint32 i = 0; i < intervals->rangeCount; i++)
	{
		Span	   *span = &spans[*count];

		if (!read_open_interval(type, intervals, i, NULL, span))
			span->end = SPAN_RUNS;
		end_or_run(span);
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
	end_or_run(span);
	*count = TIMESTAMP_IS_NOBEGIN(span->start) || span->start >= LAST_INSTANT || span->end < span->start ? 0 : 1;
	return span;
}

static text *
make_element(BacklogChangeKind kind, DateADT day, int number)
{
	char		written[MAXDATELEN + 64];
	char		day_text[MAXDATELEN + 1];
	struct pg_tm tm;

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, day_text);
	if (number == 1)
		snprintf(written, sizeof(written), "%s %s", kind_names[kind], day_text);
	else
		snprintf(written, sizeof(written), "%s %s (%d)", kind_names[kind], day_text, number);
	return cstring_to_text(written);
}

/* Valid until the next call of this for the kind: for the first of each kind in an array. */
static text *
cached_element(FunctionCallInfo fcinfo, CachedElement *cached, BacklogChangeKind kind, DateADT day)
{
	if (cached->element == NULL || cached->day != day)
	{
		MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (cached->element != NULL)
			pfree(cached->element);
		cached->element = make_element(kind, day, 1);
		cached->day = day;
		MemoryContextSwitchTo(caller);
	}
	return cached->element;
}

/*
 * The least day that a change may have.  Where clocks go back over midnight, a later instant
 * shows an earlier day; days do not go back.  An instant before the one that precedes it in
 * the array begins the list of snoozes, whose days begin with the first of the conversation.
 */
static DateADT
earliest_day(const BacklogChange *changes, size_t i, DateADT first, DateADT before)
{
	if (i > 0 && changes[i].at >= changes[i - 1].at)
		return before;
	return i > 0 && changes[i].at >= changes[0].at ? first : DATEVAL_NOBEGIN;
}

static ArrayType *
build_array(FunctionCallInfo fcinfo, BacklogCall *call, const BacklogChange *changes, size_t count, const text *zone)
{
	DayCount	counts[BACKLOG_CHANGE_KINDS] = {{0}};
	Datum	   *elements = palloc(sizeof(Datum) * count);
	DateADT		first = 0;
	DateADT		day = 0;

	for (size_t i = 0; i < count; i++)
	{
		BacklogChangeKind kind = changes[i].kind;
		DayCount   *same = &counts[kind];
		bool		is_first = same->count == 0;
		DateADT		shown = day_of_local_time(local_clock_show(&call->clock, changes[i].at, zone));

		CHECK_FOR_INTERRUPTS();
		day = Max(shown, earliest_day(changes, i, first, day));
		if (i == 0)
			first = day;
		same->count = !is_first && same->day == day ? same->count + 1 : 1;
		same->day = day;
		/* Only the first of a kind: the next one of that kind may free what is cached. */
		elements[i] = PointerGetDatum(is_first ? cached_element(fcinfo, &call->cached[kind], kind, day)
									  : make_element(kind, day, same->count));
	}
	return construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/*
 * A conversation that is closed in the instant in which it starts, or is opened again last,
 * has no stretch of time there: a span without length stands for it.
 */
static void
add_ends(FunctionCallInfo fcinfo, Span *spans, size_t *count)
{
	TimestampTz opened_at = PG_ARGISNULL(0) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(0);
	TimestampTz closed_at = PG_ARGISNULL(1) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(1);

	if (!TIMESTAMP_IS_NOBEGIN(opened_at) && opened_at < LAST_INSTANT && (*count == 0 || opened_at < spans[0].start))
	{
		memmove(spans + 1, spans, *count * sizeof(Span));
		spans[0] = (Span) {opened_at, opened_at};
		(*count)++;
	}
	if (closed_at < LAST_INSTANT && *count > 0 && spans[*count - 1].end < closed_at)
		spans[(*count)++] = (Span) {closed_at, closed_at};
}

/*
 * Without unresolved the conversation is in the backlog from opened_at to closed_at, or on if
 * that is NULL.  With it, opened_at before it, and closed_at after it, are an opening and a
 * close in one instant.  An empty array for one that never was; NULL where neither opened_at
 * nor unresolved is known, and without a zone.  A snooze lies within the time that is
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
	call = get_call(fcinfo);
	unresolved = PG_ARGISNULL(2) ? span_between(fcinfo, &unresolved_count)
		: read_spans(call->range_type, PG_GETARG_MULTIRANGE_P(2), &unresolved_count);
	if (!PG_ARGISNULL(2))
		add_ends(fcinfo, unresolved, &unresolved_count);
	if (!PG_ARGISNULL(3))
		snoozed = read_spans(call->range_type, PG_GETARG_MULTIRANGE_P(3), &snoozed_count);
	changes = palloc(sizeof(BacklogChange) * Max(backlog_most_changes(unresolved_count, snoozed_count), 1));
	count = backlog_changes(unresolved, unresolved_count, snoozed, snoozed_count,
							late_from < LAST_INSTANT ? late_from : BACKLOG_NEVER_LATE, changes);
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	PG_RETURN_ARRAYTYPE_P(build_array(fcinfo, call, changes, count, PG_GETARG_TEXT_PP(5)));
}
