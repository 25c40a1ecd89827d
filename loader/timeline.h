/*
 * timeline.h: what happened in a conversation, and what follows from it.
 *
 *     start   assignment   comment   snoozed   timer_unsnooze   close   open    close
 *     open -----------------------> snoozed -> open ----------> closed  open -> closed: resolved
 *                          first response                               reopened
 */
#ifndef TTR_LOADER_TIMELINE_H
#define TTR_LOADER_TIMELINE_H

#include "json_reader.h"

/* What a timeline says about its conversation. */
typedef struct Outcome {
    const char *state;   /* after the last event; NULL: no event changes it */
    Instant resolved_at; /* the close that still holds */
    const char *closed_by;
    bool saw_the_close;        /* false: it was closed already when the first event happened that tells */
    Instant first_response_at; /* the first reply of a teammate that the customer could see */
    int32_t reopen_count;
} Outcome;

/*
 * Makes events of the parts that were read: by time, those of one time in the order in which they stand, each
 * once. Returns what follows from them for a conversation that was open at started_at, before all of them.
 */
bool timeline_fold(const JsonRecord *record, Conversation *conversation, Outcome *outcome, Defect *problem);

/* admin, bot or user; NULL for an author who is none of them. */
const char *author_kind(Slice type);

#endif
