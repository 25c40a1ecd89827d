/*
 * framer.h: cuts a CSV file into records, in constant memory. Lines without a value are none.
 *
 * The way into csv/: csv_framer_next() cuts a record out, and a column (column.h) says how its values are
 * read.
 *
 * The buffer grows for a long record up to the limit on records; past it the record is given up, and what is
 * left of its line is read and dropped.
 */
#ifndef TTR_LOADER_READ_CSV_FRAMER_H
#define TTR_LOADER_READ_CSV_FRAMER_H

#include "read/csv/csv.h"
#include "read/csv/separator.h"
#include "read/source/frame.h"
#include "read/source/input_buffer.h"

typedef struct CsvFramer {
    InputBuffer *buffer;
    char separator;
    bool skipping;    /* the rest of a line that is given up is still to come */
    CsvRecord record; /* the fields, after FRAME_RECORD */
} CsvFramer;

/* Finds the separator; false: reading failed. */
bool csv_framer_open(CsvFramer *framer, InputBuffer *buffer);
FrameStatus csv_framer_next(CsvFramer *framer, Frame *frame);

#endif
