/*
 * ingest.h: one file into the stage: every record is staged or rejected. An archive is as many files as are
 * in it.
 */
#ifndef TTR_LOADER_INGEST_H
#define TTR_LOADER_INGEST_H

#include "database/list_stage.h"
#include "database/reject.h"
#include "database/stage.h"
#include "read/reader.h"
#include "terminal/progress.h"

typedef struct FileCount {
    char *name;         /* of a file in an archive: archive/file */
    bool is_list;       /* and no conversations */
    const char *format; /* the shape's name, or the list's */
    bool archived;
    const char *compression; /* gzip or zstd; NULL: none */
    int64_t bytes;
    int64_t read; /* records, the rejected ones among them */
    int64_t rejected;
    int64_t ignored;
    char *zones[STAGED_TIMES]; /* of naive times, where the file names them; NULL: it does not */
    FileTimes times;
} FileCount;

/* In the order in which they are read. */
typedef struct FileCounts {
    FileCount *items;
    int count;
} FileCounts;

typedef struct Ingest {
    Reader *reader;
    const Shape *shape; /* as asked for; NULL: the content tells */
    Stage *stage;
    ListStage *list_stage; /* of the list that is read; NULL: conversations are */
    RejectLog *rejects;
    Progress *progress;
    int64_t bytes_before; /* read from earlier files */
} Ingest;

/* One more file, about which nothing is known yet. */
FileCount *add_file(FileCounts *counts, const char *name);
void free_files(FileCounts *counts);

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

/* Tells the server what was read, when all files are. */
bool ingest_counts(PGconn *connection, const FileCounts *counts);

#endif
