/*
 * file_times.h: the extreme times of one file, collected while it is read.
 *
 * They date the export where --exported-at is missing, and bound the days for which calendars are needed.
 * Records with local times are left to the server, which alone can convert them (sql/load/prepare.sql).
 */
#ifndef TTR_LOADER_READ_RECORD_FILE_TIMES_H
#define TTR_LOADER_READ_RECORD_FILE_TIMES_H

#include "read/record/conversation.h"

typedef struct FileTimes {
    Instant newest;   /* of all times up to now, events included */
    Instant earliest; /* of the starts */
    Instant latest;   /* of starts, responses, closes and changes */
} FileTimes;

/* now: the start of the run, in microseconds since PostgreSQL's epoch. */
void file_times_add(FileTimes *times, const Conversation *conversation, int64_t now);

#endif
