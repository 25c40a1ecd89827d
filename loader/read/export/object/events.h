/*
 * events.h: makes events of the parts of a conversation.
 *
 *     start   assignment   comment   snoozed   timer_unsnooze   close   open    close
 *     open -----------------------> snoozed -> open ----------> closed  open -> closed: resolved
 *                          first response                               reopened
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_EVENTS_H
#define TTR_LOADER_READ_EXPORT_OBJECT_EVENTS_H

#include "read/json/reader.h"

/*
 * The close that still holds after the parts of one record. Where all parts of the conversation are known,
 * the resolution is derived from all of them instead. Where some are missing, only the record shows which
 * parts are neighbours.
 */
typedef struct Close {
    bool is_seen; /* false: none holds, or the conversation was closed before the first part with a state */
    Instant at;
    const char *by;
} Close;

/* Makes an event of each part, by time, then by identifier. Of parts with one identifier the first counts. */
bool events_read(JsonReader *reader, Conversation *conversation, Close *close, Defect *problem);

#endif
