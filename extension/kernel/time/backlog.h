/*
 * backlog.h
 *	  When a conversation enters the backlog, leaves it, and changes in it.
 *
 * The backlog is what is not closed.  Two lists of spans describe a conversation in it, and
 * the changes are the ends of these spans:
 *
 *	  unresolved   [------------------)       [--------)
 *	               opened             closed  reopened closed
 *	  snoozed            [------)
 *	                     snoozed unsnoozed
 *	  late_from                    |
 *	                               late       late
 *	                                  late_closed      late_closed
 */
#ifndef TTR_KERNEL_TIME_BACKLOG_H
#define TTR_KERNEL_TIME_BACKLOG_H

#include <stddef.h>

#include "kernel/time/span.h"

typedef enum BacklogChangeKind
{
	BACKLOG_OPENED,
	BACKLOG_REOPENED,
	BACKLOG_CLOSED,
	BACKLOG_SNOOZED,
	BACKLOG_UNSNOOZED,
	BACKLOG_LATE,				/* from here on past its target and not closed */
	BACKLOG_LATE_CLOSED,
	BACKLOG_CHANGE_KINDS
} BacklogChangeKind;

typedef struct BacklogChange
{
	BacklogChangeKind kind;
	int64_t		at;
} BacklogChange;

/* late_from of a conversation that never exceeds its target. */
#define BACKLOG_NEVER_LATE	INT64_MAX

/* Most changes that these spans can have. */
static inline size_t
backlog_most_changes(size_t unresolved_count, size_t snoozed_count)
{
	return 4 * unresolved_count + 2 * snoozed_count;
}

/*
 * Writes the changes, and returns how many.  The spans of each list ascend and do not
 * touch; the last one may run.  The changes of unresolved spans come first.  Those of each
 * list ascend.
 */
extern size_t backlog_changes(const Span *unresolved, size_t unresolved_count, const Span *snoozed, size_t snoozed_count,
							  int64_t late_from, BacklogChange *changes);

#endif							/* TTR_KERNEL_TIME_BACKLOG_H */
