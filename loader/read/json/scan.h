/*
 * scan.h: finds the end of a JSON object or array by counting brackets outside of strings.
 *
 * The bytes may come in any pieces: the scan goes on where it stopped, and looks at no byte twice. It knows
 * just enough of the grammar to frame a value; the parser finds out whether the value is JSON.
 *
 *     {"id": "a\"}", "parts": [{"id": 1}]} {"id": ...
 *     ^start                              ^at, when the value has ended
 *
 * Some damage is certain without the parser, and shows where a record lost its end: a bracket that closes
 * another kind, a bracket that opens where no value can be, and a line end within a string. Beyond 64 levels
 * brackets are only counted.
 */
#ifndef TTR_LOADER_READ_JSON_SCAN_H
#define TTR_LOADER_READ_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/text/slice.h"

#define JSON_DEPTH_LIMIT 64

typedef struct JsonScan {
    size_t at;          /* offset of the next byte to look at */
    int64_t depth;      /* of open brackets */
    uint64_t is_object; /* which of the outermost 64 are braces; bit 0 is the outermost */
    bool in_string;
    bool is_escaped;    /* by the byte before, a backslash */
    bool has_escapes;   /* a string has a backslash */
    bool has_odd_space; /* between tokens is a control character that JSON does not allow */
    char last;          /* the last byte outside of strings that is not blank; it may be a closing quote */
    int64_t deepest;
} JsonScan;

typedef enum JsonScanStatus {
    JSON_SCAN_MORE,   /* the value has no end in sight */
    JSON_SCAN_END,    /* the value, which may be a string, ends before at */
    JSON_SCAN_LIST,   /* an array that is a member of the value opens: its bracket is before at */
    JSON_SCAN_LINE,   /* a line ends within a string: at is the line end; the scan may go on */
    JSON_SCAN_BROKEN, /* the byte at offset at cannot be there */
} JsonScanStatus;

/* Starts before the first byte of an object, an array or a string. */
void json_scan_begin(JsonScan *scan);

/* Starts within an object, behind the value of a member, to scan its rest. */
void json_scan_resume(JsonScan *scan);

/* Scans the input from scan->at on. stop_at_lists: JSON_SCAN_LIST may be returned. */
JsonScanStatus json_scan(JsonScan *scan, Slice input, bool stop_at_lists);

#endif
