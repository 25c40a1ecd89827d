/*
 * input_buffer.c: the part of a source that is in memory. See input_buffer.h.
 */
#include "read/source/input_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

#define SMALLEST ((size_t)256 * 1024)

void window_free(Window *window)
{
    free(window->bytes);
    *window = (Window){0};
}

bool window_read(Window *window)
{
    size_t n;

    if (window->begin > 0) {
        memmove(window->bytes, window->bytes + window->begin, window->end - window->begin);
        window->end -= window->begin;
        window->begin = 0;
    }
    if (window->end == window->capacity) {
        window->capacity *= 2;
        window->bytes = reallocate(window->bytes, window->capacity);
    }
    if (!source_read(window->source, window->bytes + window->end, window->capacity - window->end, &n))
        return false;
    window->end += n;
    window->at_end = n == 0;
    return true;
}

bool window_open(Window *window, Source *source, Slice *head)
{
    if (window->bytes == NULL)
        *window = (Window){.bytes = allocate(SMALLEST), .capacity = SMALLEST};
    window->source = source;
    window->begin = window->end = 0;
    window->at_end = false;
    window->line = 1;
    window->byte_offset = 0;
    while (window->end < (source->followed ? 1 : WINDOW_HEAD) && !window->at_end)
        if (!window_read(window))
            return false;
    *head = window_sight(window);
    return true;
}

void window_skip(Window *window, size_t bytes)
{
    window->begin += bytes;
    window->byte_offset += (int64_t)bytes;
}
