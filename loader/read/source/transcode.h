/*
 * transcode.h: text in another encoding than UTF-8, read as UTF-8, in constant memory.
 *
 * Everything behind it, the places in rejects among it, is of the decoded text.
 */
#ifndef TTR_LOADER_READ_SOURCE_TRANSCODE_H
#define TTR_LOADER_READ_SOURCE_TRANSCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "read/source/archive.h"
#include "read/text/slice.h"

typedef struct Transcoder Transcoder;

/* Whether the system knows an encoding of that name. */
bool encoding_is_known(const char *encoding);

/* The encoding that a byte order mark names, NULL if there is none; *is_utf8: it is UTF-8's. */
#define BYTE_ORDER_MARK 3 /* bytes, at most */
const char *encoding_of_mark(Slice head, bool *is_utf8);

/* Of an encoding that is known; read() gives its bytes. */
Transcoder *transcoder_new(const char *encoding, ByteReader *read, void *bytes);
void transcoder_free(Transcoder *transcoder);

/* Puts between 1 and capacity bytes of UTF-8 into buffer; *length is 0 at the end. False: see problem. */
bool transcoder_read(Transcoder *transcoder, char *buffer, size_t capacity, size_t *length);

/* What cannot be decoded: completes "it cannot be read as ...: "; NULL: nothing, or reading failed. */
const char *transcoder_problem(const Transcoder *transcoder);
const char *transcoder_encoding(const Transcoder *transcoder);

#endif
