/*
 * encoding.c: what a record's bytes must be. See encoding.h.
 */
#include "encoding.h"

#include <string.h>

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
