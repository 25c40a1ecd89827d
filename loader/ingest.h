/*
 * ingest.h: one file into the stage: every record is staged or rejected.
 */
#ifndef TTR_LOADER_INGEST_H
#define TTR_LOADER_INGEST_H

#include "framer.h"
#include "progress.h"
#include "reject.h"
#include "stage.h"

typedef struct FileCount {
    const char *name;
    const char *format;
    int64_t bytes;
    int64_t read; /* records, the rejected ones among them */
    int64_t rejected;
} FileCount;

typedef struct Ingest {
    Framer *framer;
    Conversation *conversation;
    Stage *stage;
    RejectLog *rejects;
    Progress *progress;
    int64_t bytes_before; /* read from earlier files */
} Ingest;

/* False if the file cannot be read as an export at all, the server fails, or a signal comes. */
bool ingest_file(Ingest *ingest, const char *name, FileCount *count);

#endif
