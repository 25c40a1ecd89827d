/*
 * json_scan.c: where a JSON value ends. See json_scan.h.
 *
 * Most bytes stand in strings, and most of the others in numbers and names of values: both are passed over
 * sixteen at a time where the processor can, and one at a time where it cannot.
 */
#include "json_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What a byte outside of strings is. */
enum {
    CLASS_PLAIN, /* of numbers, literals, and what is no JSON */
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

/* The first quote, backslash or control character from at on; end if there is none. */
static const char *find_string_end(const char *at, const char *end)
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

/* Within a string: up to behind its closing quote, to a line end, or to the end of the input. */
static const char *scan_string(JsonScan *scan, const char *at, const char *end)
{
    for (;;) {
        if (scan->is_escaped && at < end) {
            scan->is_escaped = false;
            /* A line end is found below, escaped or not. */
            if (*at != '\n')
                at++;
        }
        at = find_string_end(at, end);
        if (at == end)
            return end;
        if (*at == '"') {
            scan->in_string = false;
            scan->last = '"';
            return at + 1;
        }
        if (*at == '\n')
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

JsonScanStatus json_scan(JsonScan *scan, Slice input, bool stop_at_lists)
{
    const char *end = input.bytes + input.length;
    const char *at = input.bytes + scan->at;
    JsonScanStatus status = JSON_SCAN_MORE;

    while (status == JSON_SCAN_MORE && at < end) {
        char c;

        if (scan->in_string) {
            at = scan_string(scan, at, end);
            if (!scan->in_string && scan->depth == 0)
                status = JSON_SCAN_END;
            else if (scan->in_string && at < end)
                status = JSON_SCAN_LINE;
            continue;
        }
        c = *at;
        switch (classes[(unsigned char)c]) {
        case CLASS_PLAIN:
        case CLASS_SIGN:
            scan->last = c;
            break;
        case CLASS_BLANK:
            break;
        case CLASS_QUOTE:
            scan->in_string = true;
            break;
        case CLASS_OPEN:
            if (!may_open(scan)) {
                status = JSON_SCAN_BROKEN;
                continue;
            }
            open_bracket(scan, c);
            scan->last = c;
            if (stop_at_lists && c == '[' && scan->depth == 2 && scan->is_object & 1)
                status = JSON_SCAN_LIST;
            break;
        case CLASS_CLOSE:
            if (!may_close(scan, c)) {
                status = JSON_SCAN_BROKEN;
                continue;
            }
            scan->depth--;
            scan->last = c;
            if (scan->depth == 0)
                status = JSON_SCAN_END;
            break;
        case CLASS_CONTROL:
            scan->has_odd_space = true;
            break;
        }
        at++;
    }
    scan->at = (size_t)(at - input.bytes);
    return status;
}
