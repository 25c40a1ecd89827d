/*
 * scan.c: finds the end of a JSON value. See scan.h.
 *
 * Most bytes are in strings. They are passed over sixteen at a time if the processor can, else one at a time.
 */
#include "read/json/scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The class of a byte outside of strings. */
enum {
    CLASS_PLAIN, /* in numbers and literals, and all that is no JSON */
    CLASS_BLANK,
    CLASS_SIGN, /* colon and comma */
    CLASS_QUOTE,
    CLASS_OPEN,
    CLASS_CLOSE,
    CLASS_CONTROL,
};

static const unsigned char classes[256] = {
    [0 ... 8] = CLASS_CONTROL, [11 ... 12] = CLASS_CONTROL, [14 ... 31] = CLASS_CONTROL, [' '] = CLASS_BLANK,
    ['\t'] = CLASS_BLANK,      ['\n'] = CLASS_BLANK,        ['\r'] = CLASS_BLANK,        [':'] = CLASS_SIGN,
    [','] = CLASS_SIGN,        ['"'] = CLASS_QUOTE,         ['{'] = CLASS_OPEN,          ['['] = CLASS_OPEN,
    ['}'] = CLASS_CLOSE,       [']'] = CLASS_CLOSE,
};

void json_scan_begin(JsonScan *scan)
{
    *scan = (JsonScan){.last = '\0'};
}

void json_scan_resume(JsonScan *scan)
{
    *scan = (JsonScan){.depth = 1, .is_object = 1, .deepest = 1, .last = ']'};
}

/* The first quote, backslash or control character; end if there is none. */
static inline const char *find_string_end(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(31);

    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i found =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                         _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        int mask = _mm_movemask_epi8(found);

        if (mask != 0)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at > 31)
        at++;
    return at;
}

/* Within a string: goes to its closing quote, a line end, or the end of the input. */
static inline const char *scan_string(JsonScan *scan, const char *at, const char *end)
{
    for (;;) {
        if (scan->is_escaped && at < end) {
            scan->is_escaped = false;
            /* find_string_end() stops at a line end, escaped or not. */
            if (*at != '\n')
                at++;
        }
        at = find_string_end(at, end);
        if (at == end || *at == '"' || *at == '\n')
            return at;
        if (*at == '\\')
            scan->is_escaped = scan->has_escapes = true;
        at++;
    }
}

static bool in_object(const JsonScan *scan)
{
    return scan->is_object >> (scan->depth - 1) & 1;
}

/* A value can open at the start, after a colon in an object, and after the bracket or a comma in an array. */
static bool may_open(const JsonScan *scan)
{
    if (scan->depth == 0)
        return scan->last == '\0';
    if (scan->depth > JSON_DEPTH_LIMIT)
        return true;
    return in_object(scan) ? scan->last == ':' : scan->last == '[' || scan->last == ',';
}

static bool may_close(const JsonScan *scan, char bracket)
{
    return scan->depth > 0 && (scan->depth > JSON_DEPTH_LIMIT || in_object(scan) == (bracket == '}'));
}

static void open_bracket(JsonScan *scan, char bracket)
{
    if (scan->depth < JSON_DEPTH_LIMIT) {
        uint64_t bit = UINT64_C(1) << scan->depth;

        scan->is_object = bracket == '{' ? scan->is_object | bit : scan->is_object & ~bit;
    }
    scan->depth++;
    if (scan->depth > scan->deepest)
        scan->deepest = scan->depth;
}

/* The last byte between from and at that is not blank; before if there is none. */
static char last_before(const char *from, const char *at, char before)
{
    while (at > from && classes[(unsigned char)at[-1]] == CLASS_BLANK)
        at--;
    return at > from ? at[-1] : before;
}

/* At a bracket. */
static JsonScanStatus scan_bracket(JsonScan *scan, const char *from, const char *at, bool stop_at_lists)
{
    if (classes[(unsigned char)*at] == CLASS_CLOSE) {
        if (!may_close(scan, *at))
            return JSON_SCAN_BROKEN;
        scan->depth--;
        return scan->depth == 0 ? JSON_SCAN_END : JSON_SCAN_MORE;
    }
    scan->last = last_before(from, at, scan->last);
    if (!may_open(scan))
        return JSON_SCAN_BROKEN;
    open_bracket(scan, *at);
    return stop_at_lists && *at == '[' && scan->depth == 2 && scan->is_object & 1 ? JSON_SCAN_LIST
                                                                                  : JSON_SCAN_MORE;
}

JsonScanStatus json_scan(JsonScan *scan, Slice input, bool stop_at_lists)
{
    const char *end = input.bytes + input.length;
    const char *from = input.bytes + scan->at;
    const char *at = from;
    JsonScanStatus status = JSON_SCAN_MORE;
    bool in_string = scan->in_string;

    while (at < end) {
        if (in_string) {
            at = scan_string(scan, at, end);
            if (at == end)
                break;
            if (*at != '"') {
                status = JSON_SCAN_LINE;
                break;
            }
            in_string = false;
            at++;
            if (scan->depth > 0)
                continue;
            status = JSON_SCAN_END;
            break;
        }
        while (at < end && classes[(unsigned char)*at] <= CLASS_SIGN)
            at++;
        if (at == end)
            break;
        if (*at == '"') {
            in_string = true;
        } else if (classes[(unsigned char)*at] == CLASS_CONTROL) {
            scan->has_odd_space = true;
        } else {
            status = scan_bracket(scan, from, at, stop_at_lists);
            if (status == JSON_SCAN_BROKEN)
                break;
        }
        at++;
        if (status != JSON_SCAN_MORE)
            break;
    }
    if (!in_string)
        scan->last = last_before(from, at, scan->last);
    scan->in_string = in_string;
    scan->at = (size_t)(at - input.bytes);
    return status;
}
