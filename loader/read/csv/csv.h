/*
 * csv.h: finds one record of a CSV file (strictly RFC 4180) in bytes that are in memory.
 *
 * A record is framed from its first byte each time that more bytes have come: no call leaves state behind, so
 * that no split of the input matters. Lines end in LF, CRLF or CR; within quotes these are data.
 *
 * A stray quote would swallow everything up to the next quote. So a record with a bad quote costs only its
 * first line, and reading goes on with the next line. No line is read over more than twice then: a line with
 * an even number of quotes ends by itself, and one with an odd number ends the quotes that were open before
 * it.
 */
#ifndef TTR_LOADER_READ_CSV_CSV_H
#define TTR_LOADER_READ_CSV_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "read/text/defect.h"
#include "read/text/slice.h"

#define CSV_MAX_FIELDS 4096

typedef struct CsvField {
    Slice text;       /* without its quotes; quotes within are still doubled */
    bool has_escapes; /* it has doubled quotes */
} CsvField;

typedef struct CsvRecord {
    size_t length; /* bytes of the record, or of the line that is given up, with the line end */
    size_t lines;  /* line ends in them */
    size_t field_count;
    CsvField fields[CSV_MAX_FIELDS]; /* further fields are only counted */
} CsvRecord;

typedef enum CsvStatus {
    CSV_RECORD,
    CSV_BLANK,  /* an empty line */
    CSV_DEFECT, /* described in *problem; length is 0 if the first line has no end in sight */
    CSV_MORE,   /* the record has no end in sight */
} CsvStatus;

/* Frames the record at the start of input, which is not empty. at_end: nothing follows the input. separator:
 * a comma, a semicolon or a tab. */
CsvStatus csv_frame(Slice input, bool at_end, char separator, CsvRecord *record, Defect *problem);

/* Length of the first line with its end; 0 if no end is in sight. */
size_t csv_line_length(Slice input, bool at_end);

/* The value of the field. Doubled quotes are undoubled in scratch, which has room for all of the field. */
Slice csv_value(const CsvField *field, char *scratch);

#endif
