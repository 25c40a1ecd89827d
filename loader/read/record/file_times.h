/*
 * file_times.h: the times in one file, kept as its records pass.
 *
 * They date the export where nobody does, and say for which days calendars are needed. Records with local
 * times are left to the server, which alone can convert them (sql/load/prepare.sql).
 */
#ifndef TTR_LOADER_READ_RECORD_FILE_TIMES_H
#define TTR_LOADER_READ_RECORD_FILE_TIMES_H

#include "read/record/conversation.h"

typedef struct FileTimes {
    Instant newest;   /* of all times that are not later than the run, those of events too */
    Instant earliest; /* start */
    Instant latest;   /* start, response, close or change */
} FileTimes;

/* now: the start of the run, since PostgreSQL's epoch */
void file_times_add(FileTimes *times, const Conversation *conversation, int64_t now);

#endif
