/*
 * format.h: whether a text is CSV or JSON, by its first bytes and never by its name.
 */
#ifndef TTR_LOADER_READ_SOURCE_FORMAT_H
#define TTR_LOADER_READ_SOURCE_FORMAT_H

#include "read/source/input_buffer.h"

typedef enum Format {
    FORMAT_AUTO,
    FORMAT_CSV,
    FORMAT_JSON,
} Format;

/* head: from input_buffer_open(). Steps over a byte order mark. Reports what is no export. Sets *format,
 * unless the user has named one. */
bool format_detect(InputBuffer *buffer, Slice head, const char *name, Format *format);

#endif
