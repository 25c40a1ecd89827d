/*
 * framer.h: cuts a source into records, in constant memory.
 *
 *      window:  | done | record | bytes read ahead | free |
 *               0      begin                       end    capacity
 *
 * When a record's end is not in sight, the bytes from begin on move to the front and more are read behind
 * them. The window grows for a long record up to the limit on records; past it the record is given up, and
 * what is left of its line is read and dropped.
 */
#ifndef TTR_LOADER_FRAMER_H
#define TTR_LOADER_FRAMER_H

#include "csv.h"
#include "source.h"

#define RECORD_LIMIT ((size_t)16 * 1024 * 1024)

typedef struct Framer {
    Source *source;
    char *window;
    size_t begin, end, capacity;
    bool at_end;         /* the source has no more bytes */
    bool skipping;       /* the rest of a line that is given up is still to come */
    int64_t line;        /* of the byte at begin, counted from 1 */
    int64_t byte_offset; /* of the same, counted from 0 */
    CsvRecord record;
} Framer;

/* A record as it stands in its file. */
typedef struct Frame {
    Slice raw; /* valid until the next record is read */
    int64_t line;
    int64_t byte_offset;
    Defect problem; /* with FRAME_DEFECT */
} Frame;

typedef enum FrameStatus {
    FRAME_RECORD, /* framer->record holds the fields */
    FRAME_DEFECT, /* cannot be framed: to be rejected */
    FRAME_END,
    FRAME_FAILED, /* reading failed, which is reported, or a signal came */
} FrameStatus;

Framer *framer_new(void);
void framer_free(Framer *framer);

/* Starts on a source; the window's memory is used again. *head gets the first bytes, fewer than 16 only if
 * there are. */
bool framer_open(Framer *framer, Source *source, Slice *head);

/* Steps over bytes at the front of the window, such as a byte order mark. */
void framer_skip(Framer *framer, size_t bytes);

FrameStatus framer_next(Framer *framer, Frame *frame);

#endif
