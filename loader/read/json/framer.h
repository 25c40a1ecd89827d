/*
 * framer.h: cuts JSON into records, in constant memory.
 *
 * A record is an object. Objects are found in a stream of values (one a line, or one after the other), in
 * arrays that stand in the stream, and in pages, which stand in either:
 *
 *     stream    {record} {record} [{record}, {record}, {page}] {page}
 *     page      {"type": "conversation.list", "conversations": [{record}, {record}], "pages": ...}
 *
 * A page is an object without an identifier in front that has a member "data", or one named after the
 * records, which is an array. Like an array it may be larger than memory: its records are handed out as they
 * come, and what stands around them is dropped.
 *
 * In a stream a record that is broken costs its first line: reading goes on at the next line that starts with
 * a bracket. Within an array nothing tells where the next record would start, so that broken framing there
 * fails the file.
 */
#ifndef TTR_LOADER_READ_JSON_FRAMER_H
#define TTR_LOADER_READ_JSON_FRAMER_H

#include "read/json/scan.h"
#include "read/source/frame.h"
#include "read/source/input_buffer.h"

typedef struct JsonList {
    bool is_page;
    char last; /* what came before: '[', a comma, or '}' for a value */
} JsonList;

typedef struct JsonFramer {
    InputBuffer *buffer;
    const char *records; /* a page's name for its records, in quotes */
    JsonList lists[2];   /* the arrays that are open: one in the stream, and a page's within it */
    int list_count;
    bool skimming;        /* the rest of a record that is given up is still to come */
    bool closing_page;    /* what is skimmed is the rest of a page */
    bool resynchronizing; /* a line is to start that starts with a bracket */
    bool at_line_start;   /* while resynchronizing */
    JsonScan scan;        /* of the record, after FRAME_RECORD */
    size_t length;        /* of the last record */
    int64_t lines;        /* line ends in it */
} JsonFramer;

/* records: a page's name for them, in quotes. */
void json_framer_open(JsonFramer *framer, InputBuffer *buffer, const char *records);
FrameStatus json_framer_next(JsonFramer *framer, Frame *frame);

/*
 * After FRAME_RECORD: the record is not JSON. If that may be because it lacks its end, and others were taken
 * for its rest, only its first line is given up, and frame->raw becomes that.
 */
void json_framer_refuse(JsonFramer *framer, Frame *frame);

#endif
