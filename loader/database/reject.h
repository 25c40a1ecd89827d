/*
 * reject.h: the records that cannot be loaded, none of them lost.
 *
 * While the connection is busy with COPY, rejects wait in a temporary file that has no name, as rows of
 * binary COPY; after it they go into ttr_data.reject. With --rejects they are written to a CSV file as well,
 * at once, so that they survive whatever happens to the load.
 */
#ifndef TTR_LOADER_DATABASE_REJECT_H
#define TTR_LOADER_DATABASE_REJECT_H

#include <stdio.h>

#include "database/copy_in.h"
#include "read/source/frame.h"

typedef struct RejectLog {
    int64_t load_id;
    int64_t count;
    FILE *waiting;
    FILE *csv; /* NULL: nobody asked for it */
    const char *csv_name;
    CopyBuffer row;
} RejectLog;

/* load_id is set when it is known. csv_name may be NULL. append: to a file that was opened so before. */
bool reject_open(RejectLog *log, const char *csv_name, bool append);

/* Keeps the record, its first 8 kB, and says so for the first few. */
bool reject_add(RejectLog *log, const char *file, const Frame *frame, const Defect *problem);

/* Copies what waits into ttr_data.reject, and makes sure that the CSV file is whole. */
bool reject_store(RejectLog *log, PGconn *connection);

/* False if the CSV file could not be written to its end. */
bool reject_close(RejectLog *log);

#endif
