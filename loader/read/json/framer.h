/*
 * framer.h: cuts JSON into records, in constant memory.
 *
 * A record is an object. Objects are found in a stream of values (one a line, or one after the other), in
 * arrays in the stream, and in pages in either:
 *
 *     stream    {record} {record} [{record}, {record}, {page}] {page}
 *     page      {"type": "conversation.list", "conversations": [{record}, {record}], "pages": ...}
 *
 * A page is an object with an array as the member "data", or as one named after the records, and with no
 * identifier before it. It may be larger than memory, as an array may: its records are returned as they come,
 * and the rest of it is dropped.
 *
 * In a stream a broken record costs its first line: reading goes on at the next line that starts with a
 * bracket. In an array the start of the next record would be unknown, so that broken framing fails the file.
 *
 *     line of a broken record          read up to here, in search of its end
 *     |                                |
 *     {"a": <-- first look ------------>
 *     {"b": <-- second look ---------->
 *     {"c": <- confined
 *     {"d": <- confined
 *
 * So the lines behind a broken record are read again, and those may be broken, too. If each was read as far
 * as the first, reading would take the square of the time. Up to the place that the first two were read to, a
 * record is confined: it has to end before the next line that starts with a bracket. No byte is looked at
 * more than three times.
 */
#ifndef TTR_LOADER_READ_JSON_FRAMER_H
#define TTR_LOADER_READ_JSON_FRAMER_H

#include "read/json/scan.h"
#include "read/source/frame.h"
#include "read/source/input_buffer.h"

typedef struct JsonList {
    bool is_page;
    char last; /* '[', ',', or '}' for a value */
} JsonList;

typedef struct JsonFramer {
    InputBuffer *buffer;
    const char *records; /* the member of a page that holds the records, in quotes */
    JsonList lists[2];   /* the open arrays: one in the stream, and that of a page */
    int list_count;
    bool skimming;        /* the rest of a record that was given up comes next */
    bool closing_page;    /* the rest of a page comes next */
    bool resynchronizing; /* looking for a line that starts with a bracket */
    bool at_line_start;   /* while resynchronizing */
    int64_t doubtful_end; /* byte offset up to which broken records were read */
    int64_t second_look;  /* byte offset of the record before it that is not confined; -1: none yet */
    JsonScan scan;        /* of the record, after FRAME_RECORD */
    size_t length;        /* of the last record */
    int64_t lines;        /* line ends in it */
} JsonFramer;

/* records: the member of a page that holds them, in quotes. */
void json_framer_open(JsonFramer *framer, InputBuffer *buffer, const char *records);
FrameStatus json_framer_next(JsonFramer *framer, Frame *frame);

/*
 * After FRAME_RECORD, if the record is not JSON. It may lack its end, so that other records were taken for
 * its rest: then only its first line is given up, and frame->raw becomes that line.
 */
void json_framer_refuse(JsonFramer *framer, Frame *frame);

#endif
