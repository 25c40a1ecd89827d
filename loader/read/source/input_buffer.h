/*
 * input_buffer.h: the part of a source that is in memory.
 *
 *      bytes:  | done | in sight | free |
 *              0    begin       end    capacity
 *
 * Where a framer needs more than is in sight, the bytes in sight move to the front, and more are read behind
 * them. A full buffer grows and never shrinks; the framers limit its growth.
 */
#ifndef TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H
#define TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H

#include "read/source/source.h"
#include "read/source/spool.h"
#include "read/text/slice.h"

typedef struct InputBuffer {
    Source *source;
    Spool *spool; /* NULL: what was read is not needed again */
    char *bytes;
    size_t begin, end, capacity;
    bool at_end;         /* the text has no more bytes */
    int64_t line;        /* of the byte at begin, from 1 */
    int64_t byte_offset; /* of the same byte, from 0 */
} InputBuffer;

void input_buffer_free(InputBuffer *buffer);

/* Begins a text and keeps the memory. *head: the first INPUT_HEAD bytes, or all if there are fewer; of an
 * endless stream, those that come first. */
#define INPUT_HEAD 512
bool input_buffer_open(InputBuffer *buffer, Source *source, Slice *head);

static inline Slice input_buffer_sight(const InputBuffer *buffer)
{
    return (Slice){buffer->bytes + buffer->begin, buffer->end - buffer->begin};
}

/* Reads at least one byte more, or sets at_end. False: as of source_read(). */
bool input_buffer_read(InputBuffer *buffer);

/* Reads until the buffer is full, or sets at_end: for those who look at all bytes in sight anew each time
 * that there are more. A full buffer doubles, so that they look at each byte two or three times, in whatever
 * pieces the bytes come. */
bool input_buffer_fill(InputBuffer *buffer);

/* Steps over bytes at the front. The framers count the lines. */
void input_buffer_skip(InputBuffer *buffer, size_t bytes);

#endif
