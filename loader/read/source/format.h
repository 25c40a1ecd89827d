/*
 * format.h: what a file is, told by its first bytes and never by its name.
 */
#ifndef TTR_LOADER_READ_SOURCE_FORMAT_H
#define TTR_LOADER_READ_SOURCE_FORMAT_H

#include "read/source/input_buffer.h"

typedef enum Format {
    FORMAT_AUTO,
    FORMAT_CSV,
    FORMAT_JSON,
} Format;

/* head: what input_buffer_open() gave. Steps over a byte order mark; reports what is no export at all.
 * *format: what is asked for, and then what it is. */
bool format_tell(InputBuffer *buffer, Slice head, const char *name, Format *format);

#endif
