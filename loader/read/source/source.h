/*
 * source.h: where bytes come from: a file or standard input, decompressed, taken out of an archive and
 * decoded where that is needed.
 *
 * The way into source/: source_open() opens a file, and an input buffer (input_buffer.h) reads it.
 */
#ifndef TTR_LOADER_READ_SOURCE_SOURCE_H
#define TTR_LOADER_READ_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/source/archive.h"
#include "read/source/decompress.h"
#include "read/source/transcode.h"

typedef struct Source {
    const char *name;           /* as given; "-" is standard input */
    int descriptor;             /* -1: not open */
    int64_t bytes_read;         /* as they stand in the file */
    size_t read_size;           /* most bytes that are asked for at once */
    Decompressor *decompressor; /* NULL: not compressed */
    char *input;                /* what is read ahead: compressed bytes, or those by which that was told */
    size_t input_begin, input_end;
    bool input_ended;
    char *head; /* the first bytes of the content, by which an archive is told */
    size_t head_begin, head_end;
    Archive *archive;     /* NULL: it is none */
    const char *encoding; /* set after source_open(): that of text without a byte order mark; NULL: UTF-8 */
    bool text_begun;      /* the first bytes of the text are read, by which its encoding is known */
    char mark[BYTE_ORDER_MARK];
    size_t mark_begin, mark_end;
    Transcoder *transcoder; /* NULL: the text is not decoded */
    bool followed;          /* an endless stream: reading waits, but no longer than is said here */
    double deadline;        /* in seconds of clock_seconds(); 0: none */
    bool idle; /* reading failed for this reason only: there is nothing for now, or a signal asks to stop */
} Source;

/* Of a clock that is never set back. */
double clock_seconds(void);

/* Reports a file that is not there, a directory, and what else cannot be read. */
bool source_open(Source *source, const char *name);

/* Whether it is an archive: then what is read is one file in it after the other, from the first on that is
 * gone to. */
bool source_is_archive(Source *source, bool *is_archive);
bool source_next(Source *source, bool *found);

/* Puts between 1 and capacity bytes into buffer; *length is 0 at the end of the input. Reports what is
 * damaged, and what cannot be decoded. */
bool source_read(Source *source, char *buffer, size_t capacity, size_t *length);

void source_close(Source *source);

#endif
