/*
 * archive.h: the files in a tar archive, one after the other, out of a stream of bytes.
 *
 *     header | content, filled up | header | content, filled up | ... | zeros | zeros
 *      512         n * 512                                         512     512
 *
 * A header that says the wrong sum of its bytes, an archive that ends without its zeros or goes on behind
 * them is damaged: what was read of it counts for nothing. A library would be larger than the loader, and
 * forgives the latter two.
 */
#ifndef TTR_LOADER_READ_SOURCE_ARCHIVE_H
#define TTR_LOADER_READ_SOURCE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/text/slice.h"

#define ARCHIVE_BLOCK 512

/* Puts between 1 and capacity bytes into buffer; *length is 0 at the end. False: it is reported. */
typedef bool ByteReader(void *bytes, char *buffer, size_t capacity, size_t *length);

typedef struct Archive {
    ByteReader *read;
    void *bytes;
    char *name;          /* of the file whose content comes next */
    int64_t left;        /* of its content */
    int64_t fill;        /* bytes behind it */
    bool ended;          /* there are no more files */
    const char *problem; /* what is wrong with it; NULL: nothing, or reading failed */
} Archive;

/* Whether an input that starts with these bytes, a block of them, is an archive. */
bool archive_recognises(Slice head);

Archive *archive_new(ByteReader *read, void *bytes);
void archive_free(Archive *archive);

/* Goes to the next file; *found says whether there is one. What is left of the one before is passed over. */
bool archive_next(Archive *archive, bool *found);

/* Of the file's content; *length is 0 at its end. */
bool archive_read(Archive *archive, char *buffer, size_t capacity, size_t *length);

#endif
