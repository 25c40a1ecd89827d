/*
 * events.h: what happened in a conversation, and what follows from it.
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
 * the merge folds all of them, and what follows from them counts instead. Only here it is known which parts
 * stood side by side, where some are missing.
 */
typedef struct Close {
    bool is_seen; /* false: none holds, or it was closed already before the first part that tells */
    Instant at;
    const char *by;
} Close;

/* Makes events of the parts that were read: by time, those of one time by their identifiers, each once. */
bool events_read(JsonReader *reader, Conversation *conversation, Close *close, Defect *problem);

#endif
