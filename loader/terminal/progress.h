/*
 * progress.h: how far the run is, in one line on standard error that is written over five times a second.
 *
 *     reading  [============>       ]  62 %  1.24 GB  138.00 MB/s  1020311 records  3 rejected  ETA 0:05
 *     merging ...
 *
 * Bytes are those of the files, compressed or not. A source without a size, such as a pipe, has no bar and no
 * ETA.
 */
#ifndef TTR_LOADER_TERMINAL_PROGRESS_H
#define TTR_LOADER_TERMINAL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Progress {
    bool shown;
    int64_t total_bytes; /* of all files; -1 where nobody knows */
    double started;      /* seconds of a clock that is never set back */
    double phase_started;
    double last_shown;
    const char *phase; /* NULL while reading */
} Progress;

void progress_begin(Progress *progress, bool shown, int64_t total_bytes);

/* While reading; cheap enough to be called for each record. */
void progress_read(Progress *progress, int64_t bytes, int64_t records, int64_t rejected);

/* The next phase, such as "merging"; NULL: all is done. With -v, says how long the phase before it took. */
void progress_phase(Progress *progress, const char *phase);

#endif
