/*
 * input_buffer.c: the part of a source that is in memory. See input_buffer.h.
 */
#include "read/source/input_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

#define SMALLEST ((size_t)256 * 1024)

void input_buffer_free(InputBuffer *buffer)
{
    free(buffer->bytes);
    *buffer = (InputBuffer){0};
}

static bool read_bytes(InputBuffer *buffer, char *bytes, size_t capacity, size_t *length)
{
    buffer->source->file.within = buffer->end > buffer->begin;
    return buffer->spool != NULL ? spool_read(buffer->spool, buffer->source, bytes, capacity, length)
                                 : source_read(buffer->source, bytes, capacity, length);
}

bool input_buffer_read(InputBuffer *buffer)
{
    size_t n;

    if (buffer->begin > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->begin, buffer->end - buffer->begin);
        buffer->end -= buffer->begin;
        buffer->begin = 0;
    }
    if (buffer->end == buffer->capacity) {
        buffer->capacity *= 2;
        buffer->bytes = reallocate(buffer->bytes, buffer->capacity);
    }
    if (!read_bytes(buffer, buffer->bytes + buffer->end, buffer->capacity - buffer->end, &n))
        return false;
    buffer->end += n;
    buffer->at_end = n == 0;
    return true;
}

bool input_buffer_fill(InputBuffer *buffer)
{
    do {
        if (!input_buffer_read(buffer))
            return false;
    } while (!buffer->at_end && buffer->end < buffer->capacity);
    return true;
}

bool input_buffer_open(InputBuffer *buffer, Source *source, Slice *head)
{
    if (buffer->bytes == NULL)
        *buffer = (InputBuffer){.bytes = allocate(SMALLEST), .capacity = SMALLEST};
    buffer->source = source;
    buffer->begin = buffer->end = 0;
    buffer->at_end = false;
    buffer->line = 1;
    buffer->byte_offset = 0;
    while (buffer->end < (source->file.followed ? 1 : INPUT_HEAD) && !buffer->at_end)
        if (!input_buffer_read(buffer))
            return false;
    *head = input_buffer_sight(buffer);
    return true;
}

void input_buffer_skip(InputBuffer *buffer, size_t bytes)
{
    buffer->begin += bytes;
    buffer->byte_offset += (int64_t)bytes;
}
