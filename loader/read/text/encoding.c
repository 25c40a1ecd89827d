/*
 * encoding.c: checks that a record is UTF-8 without NUL. See encoding.h.
 */
#include "read/text/encoding.h"

#include <string.h>

#include "terminal/message.h"

bool check_encoding(Slice raw, Defect *problem)
{
    size_t position;

    if (memchr(raw.bytes, '\0', raw.length) != NULL)
        return defect(problem, DEFECT_NUL_BYTE, NULL, "byte %zu is NUL",
                      (size_t)((const char *)memchr(raw.bytes, '\0', raw.length) - raw.bytes) + 1);
    if (!slice_is_utf8(raw, &position))
        return defect(problem, DEFECT_INVALID_UTF8, NULL, "byte %zu, 0x%02X, is not UTF-8", position + 1,
                      (unsigned char)raw.bytes[position]);
    return true;
}

/*
 * Whether the bytes may be windows-1252, which has no use for five of them. A UTF-8 character is hardly ever
 * two letters of windows-1252.
 */
static bool fits_windows_1252(Slice raw)
{
    for (size_t i = 0; i < raw.length; i++) {
        unsigned char c = (unsigned char)raw.bytes[i];
        size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2, bad;

        if (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D)
            return false;
        if (c >= 0xC0 && i + length <= raw.length && slice_is_utf8((Slice){raw.bytes + i, length}, &bad))
            return false;
    }
    return true;
}

/* The byte order of UTF-16, where every other byte is mostly NUL; NULL if it seems to be none. */
static const char *seems_utf16(Slice raw)
{
    size_t nuls[2] = {0, 0}, pairs = raw.length / 2;

    for (size_t i = 0; i < 2 * pairs; i++)
        nuls[i % 2] += raw.bytes[i] == '\0';
    if (pairs < 4)
        return NULL;
    return nuls[0] == 0 && nuls[1] > pairs / 2   ? "utf-16le"
           : nuls[1] == 0 && nuls[0] > pairs / 2 ? "utf-16be"
                                                 : NULL;
}

/* Text has no NUL, and hardly any control characters but blanks: one in ten random bytes is one. */
static bool is_text(Slice raw)
{
    size_t controls = 0;

    for (size_t i = 0; i < raw.length; i++) {
        unsigned char c = (unsigned char)raw.bytes[i];

        if (c == '\0')
            return false;
        controls += c < ' ' && (c < '\t' || c > '\r');
    }
    return controls * 50 <= raw.length;
}

void hint_encoding(Slice raw)
{
    const char *utf16 = seems_utf16(raw);

    if (utf16 != NULL)
        hint("It seems to be UTF-16 without a byte order mark. Load it by: ttr-load --encoding=%s ... FILE",
             utf16);
    else if (!is_text(raw))
        hint("It has bytes that no text has. Export it again, as CSV or JSON in UTF-8.");
    else if (fits_windows_1252(raw))
        hint("It seems to be windows-1252. Load it by: ttr-load --encoding=windows-1252 ... FILE, or convert "
             "it on the way: iconv -f WINDOWS-1252 -t UTF-8 FILE | ttr-load ... -");
    else
        hint("Save it in UTF-8, or name its encoding, for example: ttr-load --encoding=iso-8859-2 ... FILE");
}
