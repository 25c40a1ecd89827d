/*
 * text.c: checks that the text of a record is fit for the database. See text.h.
 *
 * The parser reads a lone surrogate as a question mark, and a form feed as a blank. PostgreSQL refuses both,
 * and the character NUL. So they are found before a record is sent.
 */
#include "read/json/text.h"

#include <string.h>

#include "read/text/encoding.h"

/* Reads four hexadecimal digits; -1 if there are none. */
static int code_unit(const char *at, const char *end)
{
    int unit = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The parser finds escapes that do not exist. */
static bool check_escapes(Slice raw, Defect *problem)
{
    const char *end = raw.bytes + raw.length;
    const char *at = raw.bytes;

    while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL && at + 1 < end) {
        int unit, next;

        if (at[1] != 'u' || (unit = code_unit(at + 2, end)) < 0) {
            at += 2;
            continue;
        }
        if (unit == 0)
            return defect(problem, DEFECT_NUL_BYTE, NULL,
                          "byte %zu starts \\u0000, which no text in PostgreSQL can hold",
                          (size_t)(at - raw.bytes) + 1);
        next = end - at >= 12 && at[6] == '\\' && at[7] == 'u' ? code_unit(at + 8, end) : -1;
        if (is_low(unit) || (is_high(unit) && !is_low(next)))
            return defect(problem, DEFECT_LONE_SURROGATE, NULL,
                          "byte %zu starts \\u%.4s, half of a character", (size_t)(at - raw.bytes) + 1,
                          at + 2);
        at += is_high(unit) ? 12 : 6;
    }
    return true;
}

bool check_json_text(Slice raw, const JsonScan *scan, Defect *problem)
{
    if (scan->deepest > JSON_DEPTH_LIMIT)
        return defect(problem, DEFECT_TOO_DEEP, NULL,
                      "the record is nested %lld levels deep, and %d are the limit", (long long)scan->deepest,
                      JSON_DEPTH_LIMIT);
    if (!check_encoding(raw, problem))
        return false;
    if (scan->has_odd_space)
        return defect(problem, DEFECT_BAD_JSON, NULL, "a control character stands outside of strings");
    return !scan->has_escapes || check_escapes(raw, problem);
}

/* The closing quote of the string whose content starts there. */
static const char *closing_quote(const char *at, const char *end)
{
    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        const char *before = at;

        while (before[-1] == '\\') /* stops at the opening quote at the latest */
            before--;
        if ((at - before) % 2 == 0)
            return at;
        at++;
    }
    return end;
}

bool find_long_string(Slice raw, size_t limit, size_t *from, Slice *content)
{
    const char *end = raw.bytes + raw.length;
    const char *at = raw.bytes + *from;

    while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
        const char *close = closing_quote(at + 1, end);

        *content = (Slice){at + 1, (size_t)(close - at - 1)};
        at = close < end ? close + 1 : end;
        *from = (size_t)(at - raw.bytes);
        if (content->length > limit && close < end)
            return true;
    }
    return false;
}

bool check_json_string(Slice content, Defect *problem)
{
    const char *end = content.bytes + content.length;

    for (const char *at = content.bytes; at < end; at++) {
        if ((unsigned char)*at < ' ')
            return defect(problem, DEFECT_BAD_JSON, NULL, "a control character stands in a string");
        if (*at != '\\')
            continue;
        at++;
        if (strchr("\"\\/bfnrtu", *at) == NULL || (*at == 'u' && code_unit(at + 1, end) < 0))
            return defect(problem, DEFECT_BAD_JSON, NULL, "a string has an escape that is none");
    }
    return true;
}
