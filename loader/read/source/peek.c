/*
 * peek.c: a reader of bytes whose first bytes can be looked at. See peek.h.
 */
#include "read/source/peek.h"

#include <string.h>

bool peek(Peek *reader, size_t size, Slice *head)
{
    size_t n = 1;

    while (n > 0 && reader->end < size) {
        if (!reader->read(reader->bytes, reader->head + reader->end, size - reader->end, &n))
            return false;
        reader->end += n;
    }
    *head = (Slice){reader->head, reader->end};
    return true;
}

bool peek_read(Peek *reader, char *buffer, size_t capacity, size_t *length)
{
    size_t ahead = reader->end - reader->begin;

    if (ahead == 0)
        return reader->read(reader->bytes, buffer, capacity, length);
    *length = ahead < capacity ? ahead : capacity;
    memcpy(buffer, reader->head + reader->begin, *length);
    reader->begin += *length;
    return true;
}
