/*
 * buffer.h: rows in the binary format of COPY (PostgreSQL's documentation, "COPY", "Binary Format").
 *
 *     header     "PGCOPY\n\377\r\n\0", int32 flags 0, int32 extension 0
 *     row        int16 number of fields, then each: int32 length (-1 for NULL), bytes
 *     trailer    int16 -1
 *
 * All numbers are big-endian. The buffer grows as needed. copy_clear() empties it after its rows are sent.
 */
#ifndef TTR_LOADER_COPY_BUFFER_H
#define TTR_LOADER_COPY_BUFFER_H

#include <stdint.h>

#include "read/record/conversation.h"
#include "read/text/slice.h"

typedef struct CopyBuffer {
    char *bytes;
    size_t length, capacity;
} CopyBuffer;

void copy_free(CopyBuffer *buffer);
void copy_clear(CopyBuffer *buffer);

void copy_header(CopyBuffer *buffer);
void copy_row(CopyBuffer *buffer, int16_t fields);
void copy_trailer(CopyBuffer *buffer);

void copy_smallint(CopyBuffer *buffer, int16_t value);
void copy_bigint(CopyBuffer *buffer, int64_t value);
void copy_integer(CopyBuffer *buffer, int32_t value);
void copy_count(CopyBuffer *buffer, Count value);      /* integer */
void copy_instant(CopyBuffer *buffer, Instant value);  /* timestamptz */
void copy_text(CopyBuffer *buffer, Slice value);       /* text or bytea; NO_SLICE is NULL */
void copy_truth(CopyBuffer *buffer, Truth value);      /* boolean */
void copy_word(CopyBuffer *buffer, const char *value); /* text; NULL is NULL */
void copy_text_array(CopyBuffer *buffer, const Slice *values, size_t count);
void copy_null(CopyBuffer *buffer);

/*
 * An array whose elements are added one by one, as values. copy_array_end() takes what copy_array_begin()
 * returned.
 */
#define COPY_BOOLEAN     16 /* types of elements: OIDs of pg_type */
#define COPY_TEXT        25
#define COPY_TIMESTAMPTZ 1184
size_t copy_array_begin(CopyBuffer *buffer, int32_t element_type, size_t count);
void copy_array_end(CopyBuffer *buffer, size_t begun);

/* A value that comes in pieces: its length, then its bytes. */
void copy_length(CopyBuffer *buffer, size_t length);
void copy_bytes(CopyBuffer *buffer, const char *bytes, size_t length);

/* Corrections: writes another number at a place; cuts the buffer back to a length. */
void copy_set_length(CopyBuffer *buffer, size_t place, size_t length);
void copy_set_bigint(CopyBuffer *buffer, size_t place, int64_t value);
void copy_cut(CopyBuffer *buffer, size_t length);

#endif
