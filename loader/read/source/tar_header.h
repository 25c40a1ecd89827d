/*
 * tar_header.h: a header in a tar archive: a block of numbers in octal digits and of texts.
 *
 * Most are headers of files. Where one has no room for the file's name or size, another header precedes it.
 */
#ifndef TTR_LOADER_READ_SOURCE_TAR_HEADER_H
#define TTR_LOADER_READ_SOURCE_TAR_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/text/slice.h"

#define TAR_BLOCK 512

/* The kinds that matter. */
#define TAR_FILE    '0'
#define TAR_NAME    'L' /* its content is the name of the next file (GNU) */
#define TAR_RECORDS 'x' /* its content is records about the next file (pax) */

typedef struct TarHeader {
    char kind;
    int64_t size; /* bytes of content */
} TarHeader;

/* Whether an input that starts with head, a block, is an archive. */
bool tar_recognises(Slice head);

/* False: damaged, or a sparse file, whose content is not all there. */
bool tar_read_header(const char *block, TarHeader *header);

/* The name in the header of a file, to be freed. */
char *tar_name(const char *block);

/* What precedes the header of a file and overrides it. */
typedef struct TarOverrides {
    char *name;   /* to be freed; NULL: none */
    int64_t size; /* -1: none */
} TarOverrides;

/* Reads the records of pax; false: damaged. */
bool tar_read_records(const char *text, size_t size, TarOverrides *overrides);

#endif
