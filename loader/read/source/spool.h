/*
 * spool.h: the text that was read of an endless stream since a mark, kept so that it can be read again.
 *
 *     kept:  | marked as done | read | to be read again |  then the source
 *            0              mark  position            length
 *
 * A batch whose transaction is lost, because the server went away, is read again from here: the stream itself
 * gives nothing twice. The text lies in a temporary file without a name.
 */
#ifndef TTR_LOADER_READ_SOURCE_SPOOL_H
#define TTR_LOADER_READ_SOURCE_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#include "read/source/source.h"
#include "read/text/slice.h"

typedef struct Spool {
    FILE *file; /* NULL: nothing is kept */
    int64_t mark, position, length;
} Spool;

/* Begins with text that is in sight. These report a failure and return false. */
bool spool_begin(Spool *spool, Slice sight);

/* Marks all as done but for what is in sight, the text that was read last. */
bool spool_mark(Spool *spool, Slice sight);

/* As source_read(): from the spool, or from the source, and keeps it. */
bool spool_read(Spool *spool, Source *source, char *buffer, size_t capacity, size_t *length);

/* The text behind the mark comes again. */
void spool_rewind(Spool *spool);
void spool_end(Spool *spool);

#endif
