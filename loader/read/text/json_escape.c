/*
 * json_escape.c: the characters behind the escapes of a JSON string. See json_escape.h.
 */
#include "read/text/json_escape.h"

#include <stdint.h>
#include <string.h>

#include <unistr.h>

/* Four hexadecimal digits. */
static ucs4_t take_unit(const char **at)
{
    ucs4_t unit = 0;

    for (int i = 0; i < 4; i++) {
        char c = *(*at)++;

        unit = unit * 16 + (ucs4_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

size_t json_unescape(const char **at, char *to)
{
    static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
    char c = *(*at)++;
    const char *letter = strchr(letters, c);
    ucs4_t code;

    if (c != 'u') {
        *to = letter != NULL ? controls[letter - letters] : c;
        return 1;
    }
    code = take_unit(at);
    if (code >= 0xD800 && code <= 0xDBFF) {
        *at += strlen("\\u");
        code = 0x10000 + ((code - 0xD800) << 10) + (take_unit(at) - 0xDC00);
    }
    return (size_t)u8_uctomb((uint8_t *)to, code, CHARACTER_SIZE);
}
