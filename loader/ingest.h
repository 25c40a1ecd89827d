/*
 * ingest.h: stages or rejects every record of a file. Each file in an archive counts as one.
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
    const Shape *shape; /* that --format names; NULL: found from the content */
    Stage *stage;
    ListStage *list_stage; /* of the list that is read; NULL: conversations are */
    RejectLog *rejects;
    Progress *progress;
    int64_t bytes_before; /* read from earlier files */
} Ingest;

/*
 * Reads a file and adds its counts. False: the file cannot be read, the server failed, or a signal came.
 */
bool ingest_file(Ingest *ingest, const char *name, FileCounts *counts);

/*
 * Stages a batch of a stream: the record that was read last and those after it, until there are limit
 * records, or the source is idle or ends. When a signal has asked to stop, it is the last batch, and takes
 * all that was read ahead.
 */
bool ingest_batch(Ingest *ingest, ReadStatus first, const Frame *frame, int64_t limit, FileCount *count);

#endif
