/*
 * decompress.h: what is compressed by gzip or zstd, read through.
 *
 *     gzip    member member ... zeros          (zeros: what tapes and some archives are filled up with)
 *     zstd    frame frame ...                  (frames that are to be skipped among them)
 *
 * An input that ends within a member, whose checksums do not match, or behind which other bytes stand, is
 * damaged: what was decompressed of it counts for nothing.
 */
#ifndef TTR_LOADER_READ_SOURCE_DECOMPRESS_H
#define TTR_LOADER_READ_SOURCE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/slice.h"

#define DECOMPRESS_HEAD 4 /* bytes that tell */

typedef struct Decompressor Decompressor;

/* For an input that starts so; NULL: it is not compressed, or in another way. */
Decompressor *decompressor_new(Slice head);
void decompressor_free(Decompressor *decompressor);

/* gzip or zstd. */
const char *decompressor_name(const Decompressor *decompressor);

/*
 * Takes bytes off the front of *input, and puts some into output: *length of them, 0 if more input is needed.
 * False: *problem says what is wrong.
 */
bool decompress(Decompressor *decompressor, Slice *input, char *output, size_t capacity, size_t *length,
                const char **problem);

/* Whether the input may end here; else *problem says that it may not. */
bool decompress_end(const Decompressor *decompressor, const char **problem);

#endif
