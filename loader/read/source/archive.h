/*
 * archive.h: the files of a tar archive, one after the other, from a stream of bytes.
 *
 *     header | content, filled up | header | content, filled up | ... | zeros | zeros
 *      512         n * 512                                         512     512
 *
 * An archive is damaged if the checksum of a header does not match, if the zeros at the end are missing, or
 * if other bytes follow them. Then nothing that was read from it counts.
 *
 * libarchive (3.6.2) would read zip and xz too, but it forgives what must fail a run. It does not compare the
 * checksum of gzip: of 304 copies of a file of 304 bytes, each with another bit changed, it read 217 to a
 * clean end with other content. It takes a tar archive cut at the end of a file for whole, and a zip archive
 * cut anywhere in its directory.
 */
#ifndef TTR_LOADER_READ_SOURCE_ARCHIVE_H
#define TTR_LOADER_READ_SOURCE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/source/peek.h"

typedef struct Archive {
    Peek *from;
    char *name;          /* of the current file */
    int64_t left;        /* bytes of its content */
    int64_t fill;        /* bytes behind its content */
    bool ended;          /* there are no more files */
    const char *problem; /* the damage; NULL: none, or reading failed */
} Archive;

Archive *archive_new(Peek *from);
void archive_free(Archive *archive);

/* Goes to the next file, past the rest of the current one. *found: there is one. */
bool archive_next(Archive *archive, bool *found);

/* Reads content of the current file. At its end *length is 0. */
bool archive_read(Archive *archive, char *buffer, size_t capacity, size_t *length);

#endif
