/*
 * reject.h: every record that cannot be loaded, kept with the reason.
 *
 * While the connection is busy with COPY, rejects wait in a temporary file that has no name, as rows of
 * binary COPY. Then they go into ttr_data.reject. With --rejects they are also written to a CSV file, at
 * once, so that they survive a load that fails.
 */
#ifndef TTR_LOADER_DATABASE_REJECT_H
#define TTR_LOADER_DATABASE_REJECT_H

#include <stdio.h>

#include "database/copy_in.h"
#include "read/source/frame.h"

typedef struct RejectLog {
    int64_t load_id;
    int64_t count;
    int64_t known; /* as many were shown and written already, by a load that failed and is done again */
    FILE *waiting;
    FILE *csv; /* NULL: not asked for */
    const char *csv_name;
    CopyBuffer row;
} RejectLog;

/* The caller sets load_id when it is known, and known. csv_name may be NULL. append: the CSV file has rejects
 * of earlier batches. */
bool reject_open(RejectLog *log, const char *csv_name, bool append);

/* Keeps the first 8 kB of a record. Warns of the first few rejects one by one. */
bool reject_add(RejectLog *log, const char *file, const Frame *frame, const Defect *problem);

/* Copies the waiting rejects into ttr_data.reject, and checks that the CSV file is whole. */
bool reject_store(RejectLog *log, PGconn *connection);

/* False: the CSV file could not be written to its end. */
bool reject_close(RejectLog *log);

#endif
