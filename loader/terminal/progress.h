/*
 * progress.h: the progress of a run, in one line on standard error that is rewritten five times a second.
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
    int64_t total_bytes; /* of all files; -1: unknown */
    double started;      /* seconds of a clock that is never set back */
    double phase_started;
    double last_shown;
    const char *phase; /* NULL while reading */
} Progress;

void progress_begin(Progress *progress, bool shown, int64_t total_bytes);

/* While reading; cheap enough to be called for each record. */
void progress_read(Progress *progress, int64_t bytes, int64_t records, int64_t rejected);

/* Begins a phase, such as "merging"; NULL: all is done. With -v, prints how long the phase before it took. */
void progress_phase(Progress *progress, const char *phase);

#endif
