/*
 * separator.h: finds the separator of a CSV file in its first line.
 *
 * Spreadsheets write the separator of the country that they are set to. The header has nearly as many of them
 * as the table has columns. A line "sep=;" before the header names the separator.
 */
#ifndef TTR_LOADER_READ_CSV_SEPARATOR_H
#define TTR_LOADER_READ_CSV_SEPARATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/slice.h"

typedef struct CsvSeparator {
    char byte;   /* comma, semicolon or tab */
    size_t skip; /* bytes of the line that names it, with the line end; 0 without such a line */
} CsvSeparator;

/* input: the start of a file. False: the end of the header is not in sight yet; never at_end. */
bool csv_find_separator(Slice input, bool at_end, CsvSeparator *separator);

/* "commas", "semicolons" or "tabs". */
const char *csv_separator_name(char separator);

#endif
