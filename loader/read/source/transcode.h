/*
 * transcode.h: text in another encoding, read as UTF-8 in constant memory.
 *
 * The places in rejects are those in the decoded text.
 */
#ifndef TTR_LOADER_READ_SOURCE_TRANSCODE_H
#define TTR_LOADER_READ_SOURCE_TRANSCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "read/source/peek.h"
#include "read/text/slice.h"

typedef struct Transcoder Transcoder;

/* Whether the system knows an encoding of that name. */
bool encoding_is_known(const char *encoding);

/* Encoding of the byte order mark at the front; NULL: UTF-8 (*is_utf8 is true), or there is no mark. */
#define BYTE_ORDER_MARK 3 /* most bytes of a mark */
const char *encoding_of_mark(Slice head, bool *is_utf8);

/* encoding: a known one. NULL: the system cannot decode it after all, and errno says why. */
Transcoder *transcoder_new(const char *encoding, Peek *from);
void transcoder_free(Transcoder *transcoder);

/* As a ByteReader; false may also mean that a byte cannot be decoded. */
bool transcoder_read(Transcoder *transcoder, char *buffer, size_t capacity, size_t *length);

/* Why it cannot be decoded: completes "it cannot be read as ...: ". NULL: reading failed. */
const char *transcoder_problem(const Transcoder *transcoder);
const char *transcoder_encoding(const Transcoder *transcoder);

#endif
