/*
 * file_counts.h: what was read of each file.
 */
#ifndef TTR_LOADER_FILE_COUNTS_H
#define TTR_LOADER_FILE_COUNTS_H

#include "database/connection.h"
#include "read/record/fields.h"
#include "read/record/file_times.h"

typedef struct FileCount {
    char *name;         /* of a file in an archive: archive/file */
    bool is_list;       /* of teammates or tags, and no export */
    const char *format; /* the shape's name, or the list's */
    bool archived;
    const char *compression; /* gzip or zstd; NULL: none */
    int64_t bytes;
    int64_t read; /* records, with the rejected ones */
    int64_t rejected;
    int64_t ignored;
    char *zones[STAGED_TIMES]; /* of naive times; NULL: the file names none */
    FileTimes times;
} FileCount;

/* In the order in which they are read. Those that are stored are held no longer. */
typedef struct FileCounts {
    FileCount *items;
    int count;
    int stored;       /* files before these */
    int64_t read;     /* records of the stored files */
    bool names_zones; /* whether a stored file names the zone of its naive times, as reports do */
} FileCounts;

/* Adds a file, with no counts yet. */
FileCount *file_counts_add(FileCounts *counts, const char *name);
void file_counts_free(FileCounts *counts);

/* Whether so many are held that they should be stored, as of an archive of many files. */
bool file_counts_are_many(const FileCounts *counts);

/* Writes the counts into the temporary table file. */
bool file_counts_store(PGconn *connection, FileCounts *counts);

#endif
