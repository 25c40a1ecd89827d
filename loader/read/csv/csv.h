/*
 * csv.h: one record of a CSV file (RFC 4180, strictly), found in bytes that are already in memory.
 *
 * A record is framed anew from its first byte each time more bytes have come, so there is no state between
 * calls and no place where a split of the input could matter. Lines end in LF, CRLF or CR; within quotes
 * these are data.
 *
 * One stray quote would swallow all that follows up to the next one. So a record that breaks the rules of
 * quoting is given up from its first line only, and reading goes on with the next line.
 */
#ifndef TTR_LOADER_READ_CSV_CSV_H
#define TTR_LOADER_READ_CSV_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/defect.h"
#include "read/text/slice.h"

#define CSV_MAX_FIELDS 4096

typedef struct CsvField {
    Slice text;       /* without its quotes, quotes within still doubled */
    bool has_escapes; /* some are */
} CsvField;

typedef struct CsvRecord {
    size_t length; /* bytes of the record, or of what is given up, with its line end */
    size_t lines;  /* line ends among them */
    size_t field_count;
    CsvField fields[CSV_MAX_FIELDS]; /* further ones are counted only */
} CsvRecord;

typedef enum CsvStatus {
    CSV_RECORD,
    CSV_BLANK,  /* an empty line */
    CSV_DEFECT, /* *problem says what; length is 0 if the first line's end is not in sight */
    CSV_MORE,   /* the record's end is not in sight */
} CsvStatus;

/* Frames the record at the start of input, which is not empty. at_end: no byte follows the input. The
 * separator is a comma, a semicolon or a tab. */
CsvStatus csv_frame(Slice input, bool at_end, char separator, CsvRecord *record, Defect *problem);

/* Bytes up to and with the first line end; 0 if there is none in sight. */
size_t csv_line_length(Slice input, bool at_end);

/* The field's value. Quotes are undoubled into scratch, which has room for the field's length. */
Slice csv_value(const CsvField *field, char *scratch);

#endif
