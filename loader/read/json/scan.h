/*
 * scan.h: where a JSON object or array ends, found by counting brackets outside of strings.
 *
 * The bytes may come in any pieces: the scan goes on where it stopped, and looks at no byte twice. It knows
 * just enough of the grammar to frame a value; whether a value is JSON, the parser says.
 *
 *     {"id": "a\"}", "parts": [{"id": 1}]} {"id": ...
 *     ^start                              ^at, when it says that the value has ended
 *
 * Some damage is certain before the parser sees it, and tells where a record that lacks its end was cut: a
 * bracket that closes another kind, one that opens where no value can stand, and a line end within a string.
 * Beyond 64 levels brackets are only counted.
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
    int64_t depth;      /* brackets that are open */
    uint64_t is_object; /* which of the outermost 64 are braces: bit 0 is the outermost */
    bool in_string;
    bool is_escaped;    /* the byte before was a backslash that counts */
    bool has_escapes;   /* some string contains a backslash */
    bool has_odd_space; /* a control character that JSON does not allow stands between tokens */
    char last;          /* the last byte outside of strings that is not blank; a string's closing quote too */
    int64_t deepest;
} JsonScan;

typedef enum JsonScanStatus {
    JSON_SCAN_MORE,   /* the end is not in sight */
    JSON_SCAN_END,    /* the value, which may be a string too, ends before at */
    JSON_SCAN_LIST,   /* an array opens that is a member of the value itself: its bracket is before at */
    JSON_SCAN_LINE,   /* a line ends within a string: at is the line end; the scan may go on */
    JSON_SCAN_BROKEN, /* the byte at at cannot stand where it stands */
} JsonScanStatus;

/* Starts before the first byte of an object, an array or a string. */
void json_scan_begin(JsonScan *scan);

/* Starts within an object, after a value of its own: what is left of it is scanned. */
void json_scan_resume(JsonScan *scan);

/* Looks at the bytes of input from scan->at on. stop_at_lists: says JSON_SCAN_LIST. */
JsonScanStatus json_scan(JsonScan *scan, Slice input, bool stop_at_lists);

#endif
