/*
 * input_buffer.h: the part of a source that is in memory.
 *
 *      bytes:  | done | in sight, read ahead | free |
 *              0    begin                   end    capacity
 *
 * Whoever needs more than is in sight asks for it: the bytes from begin on move to the front, and more are
 * read behind them. Nothing shrinks a buffer but another source; how far it may grow is the framers' affair.
 */
#ifndef TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H
#define TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H

#include "read/source/source.h"
#include "read/text/slice.h"

typedef struct InputBuffer {
    Source *source;
    char *bytes;
    size_t begin, end, capacity;
    bool at_end;         /* the source has no more bytes */
    int64_t line;        /* of the byte at begin, counted from 1 */
    int64_t byte_offset; /* of the same, counted from 0 */
} InputBuffer;

void input_buffer_free(InputBuffer *buffer);

/* Starts on a source; the memory is used again. *head gets the first bytes: INPUT_HEAD, or all there
 * are, or in a stream that is followed those that come first. */
#define INPUT_HEAD 512
bool input_buffer_open(InputBuffer *buffer, Source *source, Slice *head);

/* What is in sight. */
static inline Slice input_buffer_sight(const InputBuffer *buffer)
{
    return (Slice){buffer->bytes + buffer->begin, buffer->end - buffer->begin};
}

/* Reads at least one more byte behind the buffer's end, or finds that there is none; false: reading failed.
 */
bool input_buffer_read(InputBuffer *buffer);

/* Steps over bytes at the front. Lines are counted by those who know what a line is. */
void input_buffer_skip(InputBuffer *buffer, size_t bytes);

#endif
