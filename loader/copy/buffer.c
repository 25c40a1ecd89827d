/*
 * buffer.c: rows in the binary format of COPY. See buffer.h.
 */
#include "copy/buffer.h"

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "terminal/message.h"

void copy_free(CopyBuffer *buffer)
{
    free(buffer->bytes);
    *buffer = (CopyBuffer){0};
}

/* Forgets the rows, and frees the memory that a giant row needed. */
void copy_clear(CopyBuffer *buffer)
{
    if (buffer->capacity > 1024 * 1024)
        copy_free(buffer);
    buffer->length = 0;
}

static void append(CopyBuffer *buffer, const void *bytes, size_t length)
{
    if (buffer->length + length > buffer->capacity) {
        size_t needed = buffer->length + length;

        buffer->capacity = needed > 64 * 1024 ? needed + needed / 4 : 128 * 1024;
        buffer->bytes = reallocate(buffer->bytes, buffer->capacity);
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void append_int16(CopyBuffer *buffer, int16_t value)
{
    uint16_t big_endian = htons((uint16_t)value);

    append(buffer, &big_endian, sizeof(big_endian));
}

static void append_int32(CopyBuffer *buffer, int32_t value)
{
    uint32_t big_endian = htonl((uint32_t)value);

    append(buffer, &big_endian, sizeof(big_endian));
}

void copy_null(CopyBuffer *buffer)
{
    append_int32(buffer, -1);
}

void copy_header(CopyBuffer *buffer)
{
    append(buffer, "PGCOPY\n\377\r\n\0", 11);
    append_int32(buffer, 0);
    append_int32(buffer, 0);
}

void copy_row(CopyBuffer *buffer, int16_t fields)
{
    append_int16(buffer, fields);
}

void copy_trailer(CopyBuffer *buffer)
{
    append_int16(buffer, -1);
}

void copy_smallint(CopyBuffer *buffer, int16_t value)
{
    append_int32(buffer, 2);
    append_int16(buffer, value);
}

void copy_bigint(CopyBuffer *buffer, int64_t value)
{
    append_int32(buffer, 8);
    append_int32(buffer, (int32_t)(value >> 32));
    append_int32(buffer, (int32_t)value);
}

void copy_integer(CopyBuffer *buffer, int32_t value)
{
    append_int32(buffer, 4);
    append_int32(buffer, value);
}

void copy_count(CopyBuffer *buffer, Count value)
{
    if (value.known)
        copy_integer(buffer, value.value);
    else
        copy_null(buffer);
}

void copy_instant(CopyBuffer *buffer, Instant value)
{
    if (value.known)
        copy_bigint(buffer, value.microseconds);
    else
        copy_null(buffer);
}

void copy_truth(CopyBuffer *buffer, Truth value)
{
    copy_text(buffer, value == TRUTH_UNKNOWN ? NO_SLICE : (Slice){value == TRUTH_YES ? "\1" : "\0", 1});
}

void copy_text(CopyBuffer *buffer, Slice value)
{
    if (value.bytes == NULL) {
        copy_null(buffer);
        return;
    }
    append_int32(buffer, (int32_t)value.length);
    append(buffer, value.bytes, value.length);
}

void copy_word(CopyBuffer *buffer, const char *value)
{
    copy_text(buffer, value != NULL ? (Slice){value, strlen(value)} : NO_SLICE);
}

/* An array has its number of dimensions, whether it may have NULLs, the element type, length and lower bound
 * of each dimension, and the elements. */
size_t copy_array_begin(CopyBuffer *buffer, int32_t element_type, size_t count)
{
    size_t begun = buffer->length;

    append_int32(buffer, 0); /* the length, which copy_array_end() sets */
    append_int32(buffer, count > 0 ? 1 : 0);
    append_int32(buffer, count > 0 ? 1 : 0);
    append_int32(buffer, element_type);
    if (count > 0) {
        append_int32(buffer, (int32_t)count);
        append_int32(buffer, 1);
    }
    return begun;
}

void copy_array_end(CopyBuffer *buffer, size_t begun)
{
    copy_set_length(buffer, begun, buffer->length - begun - 4);
}

void copy_text_array(CopyBuffer *buffer, const Slice *values, size_t count)
{
    size_t begun = copy_array_begin(buffer, COPY_TEXT, count);

    for (size_t i = 0; i < count; i++)
        copy_text(buffer, values[i]);
    copy_array_end(buffer, begun);
}

void copy_length(CopyBuffer *buffer, size_t length)
{
    append_int32(buffer, (int32_t)length);
}

void copy_bytes(CopyBuffer *buffer, const char *bytes, size_t length)
{
    append(buffer, bytes, length);
}

static void set_int32(CopyBuffer *buffer, size_t place, int32_t value)
{
    uint32_t big_endian = htonl((uint32_t)value);

    memcpy(buffer->bytes + place, &big_endian, sizeof(big_endian));
}

void copy_set_length(CopyBuffer *buffer, size_t place, size_t length)
{
    set_int32(buffer, place, (int32_t)length);
}

/* place: that of the value's length, which does not change. */
void copy_set_bigint(CopyBuffer *buffer, size_t place, int64_t value)
{
    set_int32(buffer, place + 4, (int32_t)(value >> 32));
    set_int32(buffer, place + 8, (int32_t)value);
}

void copy_cut(CopyBuffer *buffer, size_t length)
{
    buffer->length = length;
}
