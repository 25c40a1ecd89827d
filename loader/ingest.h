/*
 * ingest.h: one file into the stage: every record is staged or rejected. An archive is as many files as are
 * in it.
 */
#ifndef TTR_LOADER_INGEST_H
#define TTR_LOADER_INGEST_H

#include "database/list_stage.h"
#include "database/reject.h"
#include "database/stage.h"
#include "file_counts.h"
#include "read/reader.h"
#include "terminal/progress.h"

typedef struct Ingest {
    Reader *reader;
    const Shape *shape; /* as asked for; NULL: the content tells */
    Stage *stage;
    ListStage *list_stage; /* of the list that is read; NULL: conversations are */
    RejectLog *rejects;
    Progress *progress;
    int64_t bytes_before; /* read from earlier files */
} Ingest;

/*
 * Reads the file of that name, and counts it. False if it cannot be read at all, the server fails, or a
 * signal comes.
 */
bool ingest_file(Ingest *ingest, const char *name, FileCounts *counts);

/*
 * Of a stream that is followed: stages the record that was read last, and goes on until there are limit of
 * them, the source is idle, or it ends.
 */
bool ingest_batch(Ingest *ingest, ReadStatus first, const Frame *frame, int64_t limit, FileCount *count);

#endif
