/*
 * ingest.h: one file into the stage: every record is staged or rejected.
 */
#ifndef TTR_LOADER_INGEST_H
#define TTR_LOADER_INGEST_H

#include "progress.h"
#include "reader.h"
#include "reject.h"
#include "stage.h"

typedef struct FileCount {
    const char *name;
    const char *format;      /* the shape's name */
    const char *compression; /* gzip or zstd; NULL: none */
    int64_t bytes;
    int64_t read; /* records, the rejected ones among them */
    int64_t rejected;
} FileCount;

typedef struct Ingest {
    Reader *reader;
    const Shape *shape; /* as asked for; NULL: the content tells */
    Stage *stage;
    RejectLog *rejects;
    Progress *progress;
    int64_t bytes_before; /* read from earlier files */
} Ingest;

/*
 * Reads the file that count->name names, the number-th of the run. False if it cannot be read as an export at
 * all, the server fails, or a signal comes.
 */
bool ingest_file(Ingest *ingest, int number, FileCount *count);

/*
 * Of a stream that is followed: stages the record that was read last, and goes on until there are limit of
 * them, the source is idle, or it ends.
 */
bool ingest_batch(Ingest *ingest, ReadStatus first, const Frame *frame, int64_t limit, FileCount *count);

/* Tells the server what was read, when all files are. */
bool ingest_counts(PGconn *connection, const FileCount *counts, int file_count);

#endif
