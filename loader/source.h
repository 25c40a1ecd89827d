/*
 * source.h: where bytes come from: a file or standard input.
 */
#ifndef TTR_LOADER_SOURCE_H
#define TTR_LOADER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Source {
    const char *name; /* as given; "-" is standard input */
    int descriptor;   /* -1: not open */
    int64_t bytes_read;
} Source;

/* Reports a file that is not there, a directory, and what else cannot be read. */
bool source_open(Source *source, const char *name);

/* Puts between 1 and capacity bytes into buffer; *length is 0 at the end of the input. */
bool source_read(Source *source, char *buffer, size_t capacity, size_t *length);

void source_close(Source *source);

#endif
