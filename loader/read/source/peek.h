/*
 * peek.h: a reader of bytes whose first bytes can be looked at before they are read.
 *
 * Each step of source.h reads through one from the step before it.
 */
#ifndef TTR_LOADER_READ_SOURCE_PEEK_H
#define TTR_LOADER_READ_SOURCE_PEEK_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/slice.h"

/* Puts between 1 and capacity bytes into buffer. At the end *length is 0. False: the failure is
 * reported, a signal came, or the file is idle. */
typedef bool ByteReader(void *bytes, char *buffer, size_t capacity, size_t *length);

#define PEEK_LIMIT 512
typedef struct Peek {
    ByteReader *read;
    void *bytes;
    size_t begin, end; /* of what is left in head */
    char head[PEEK_LIMIT];
} Peek;

/* Looks at the first size bytes, or at all if there are fewer. After a failure it may be called again. */
bool peek(Peek *reader, size_t size, Slice *head);

/* As a ByteReader. */
bool peek_read(Peek *reader, char *buffer, size_t capacity, size_t *length);

#endif
