/*
 * encoding.c: what a record's bytes must be. See encoding.h.
 */
#include "encoding.h"

#include <string.h>

#include "message.h"

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
 * Whether the bytes may be windows-1252, which leaves five out. A character of UTF-8 among them speaks
 * against it: two of its characters hardly ever stand so side by side.
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

void hint_encoding(Slice raw)
{
    if (fits_windows_1252(raw))
        hint("It seems to be windows-1252. Load it by: ttr-load --encoding=windows-1252 ... FILE, or convert "
             "it on the way: iconv -f WINDOWS-1252 -t UTF-8 FILE | ttr-load ... -");
    else
        hint("Save it in UTF-8, or name its encoding, for example: ttr-load --encoding=iso-8859-2 ... FILE");
}
