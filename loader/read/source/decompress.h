/*
 * decompress.h: the content of gzip and zstd.
 *
 *     gzip    member member ... zeros          (tapes and some archives are filled up with zeros)
 *     zstd    frame frame ...                  (some of them to be skipped)
 *
 * An input is damaged if it ends within a member, if a checksum does not match, or if other bytes follow.
 * Then nothing that came out of it counts.
 */
#ifndef TTR_LOADER_READ_SOURCE_DECOMPRESS_H
#define TTR_LOADER_READ_SOURCE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "read/source/peek.h"
#include "read/text/slice.h"

#define DECOMPRESS_HEAD 4 /* bytes by which compression is recognised */

typedef struct Decompressor Decompressor;

/* head: the first bytes. NULL: not compressed, or in another way. */
Decompressor *decompressor_new(Slice head, Peek *from);
void decompressor_free(Decompressor *decompressor);

/* gzip or zstd; and the program that prints the content of such a file. */
const char *decompressor_name(const Decompressor *decompressor);
const char *decompressor_tool(const Decompressor *decompressor);

/* As a ByteReader; false may also mean damage. */
bool decompressor_read(Decompressor *decompressor, char *buffer, size_t capacity, size_t *length);

/* The damage; NULL: none, or reading failed. */
const char *decompressor_problem(const Decompressor *decompressor);

#endif
