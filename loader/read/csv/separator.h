/*
 * separator.h: what separates the fields of a CSV file, as its first line has it.
 *
 * Spreadsheets write the separator of the country that they are set to. The header has as many of them as the
 * table has columns, and little else; a line "sep=;" before the header names it.
 */
#ifndef TTR_LOADER_READ_CSV_SEPARATOR_H
#define TTR_LOADER_READ_CSV_SEPARATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/slice.h"

typedef struct CsvSeparator {
    char byte;   /* comma, semicolon or tab */
    size_t skip; /* bytes of the line that names it, with its line end; 0: there is none */
} CsvSeparator;

/* Looks at the start of a file. False: the end of its header is not in sight, and at_end it always is. */
bool csv_find_separator(Slice input, bool at_end, CsvSeparator *separator);

/* "commas", "semicolons" or "tabs". */
const char *csv_separator_name(char separator);

#endif
