/*
 * source.h: the text of a file or of standard input: decompressed, unpacked and decoded where needed.
 *
 * The way into source/: source_open() opens a file, and an input buffer (input_buffer.h) reads it.
 */
#ifndef TTR_LOADER_READ_SOURCE_SOURCE_H
#define TTR_LOADER_READ_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "read/source/archive.h"
#include "read/source/decompress.h"
#include "read/source/input_file.h"
#include "read/source/peek.h"
#include "read/source/transcode.h"

/* Bytes pass through the members in this order; a step that is not needed is NULL. As members point at each
 * other, a source may not be copied. */
typedef struct Source {
    InputFile file;
    Peek stored; /* the first bytes show whether it is compressed */
    Decompressor *decompressor;
    Peek content; /* the first bytes show whether it is an archive */
    Archive *archive;
    Peek text; /* of the file, or of one in the archive; the first bytes may be a byte order mark */
    Transcoder *transcoder;
    bool content_begun, text_begun;
    const char *encoding; /* set after source_open(): of text without a byte order mark; NULL: UTF-8 */
} Source;

/* Reports what cannot be read. */
bool source_open(Source *source, const char *name);
void source_close(Source *source);

/* An archive is read file by file: source_next() goes to the first one, and then to the next. */
bool source_is_archive(Source *source, bool *is_archive);
bool source_next(Source *source, bool *found);

/* Puts between 1 and capacity bytes into buffer. At the end of the text *length is 0. Reports damage, and
 * what cannot be decoded. */
bool source_read(Source *source, char *buffer, size_t capacity, size_t *length);

#endif
