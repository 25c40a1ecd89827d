/*
 * framer.h: cuts a CSV file into records, in constant memory. Lines without a value are skipped.
 *
 * The way into csv/: csv_framer_next() cuts a record out, and a Column (column.h) reads one of its values.
 *
 * The buffer grows for a long record up to the limit on records. A longer record is given up, and the rest of
 * its line is dropped.
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
    bool skipping;    /* the rest of a line that was given up comes next */
    CsvRecord record; /* after FRAME_RECORD */
} CsvFramer;

/* Finds the separator; false: reading failed. */
bool csv_framer_open(CsvFramer *framer, InputBuffer *buffer);
FrameStatus csv_framer_next(CsvFramer *framer, Frame *frame);

#endif
