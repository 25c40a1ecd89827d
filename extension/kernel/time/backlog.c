/*
 * backlog.c
 *	  When a conversation enters the backlog, leaves it, and changes in it: see backlog.h.
 */
#include "kernel/time/backlog.h"

static size_t
append(BacklogChange *changes, size_t count, BacklogChangeKind kind, int64_t at)
{
	changes[count] = (BacklogChange) {kind, at};
	return count + 1;
}

/* The changes within a span that is not closed, in the order of time. */
static size_t
append_unresolved(BacklogChange *changes, size_t count, BacklogChangeKind begin, Span span, int64_t late_from)
{
	int64_t		late = span.start < late_from ? late_from : span.start;

	count = append(changes, count, begin, span.start);
	if (late < span.end)
		count = append(changes, count, BACKLOG_LATE, late);
	if (span.end == SPAN_RUNS)
		return count;
	count = append(changes, count, BACKLOG_CLOSED, span.end);
	return late < span.end ? append(changes, count, BACKLOG_LATE_CLOSED, span.end) : count;
}

static size_t
append_snoozed(BacklogChange *changes, size_t count, Span span)
{
	count = append(changes, count, BACKLOG_SNOOZED, span.start);
	return span.end == SPAN_RUNS ? count : append(changes, count, BACKLOG_UNSNOOZED, span.end);
}

size_t
backlog_changes(const Span *unresolved, size_t unresolved_count, const Span *snoozed, size_t snoozed_count, int64_t late_from,
				BacklogChange *changes)
{
	size_t		count = 0;

	for (size_t i = 0; i < unresolved_count; i++)
		count = append_unresolved(changes, count, i == 0 ? BACKLOG_OPENED : BACKLOG_REOPENED, unresolved[i], late_from);
	for (size_t i = 0; i < snoozed_count; i++)
		count = append_snoozed(changes, count, snoozed[i]);
	return count;
}
