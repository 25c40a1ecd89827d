/*
 * text.c: pieces of input bytes. See text.h.
 */
#include "text.h"

#include <stdint.h>
#include <string.h>

#include <unistr.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Slice slice_trim(Slice slice)
{
    while (slice.length > 0 && is_blank(slice.bytes[0])) {
        slice.bytes++;
        slice.length--;
    }
    while (slice.length > 0 && is_blank(slice.bytes[slice.length - 1]))
        slice.length--;
    return slice;
}

bool slice_equals(Slice a, Slice b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

bool slice_is_word(Slice slice, const char *word)
{
    for (size_t i = 0; i < slice.length; i++) {
        char c = slice.bytes[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != word[i]) /* a word that is shorter ends here too, in its NUL */
            return false;
    }
    return word[slice.length] == '\0';
}

Slice slice_head(Slice slice, size_t n)
{
    if (slice.length <= n)
        return slice;
    while (n > 0 && ((unsigned char)slice.bytes[n] & 0xC0) == 0x80)
        n--;
    return (Slice){slice.bytes, n};
}

bool slice_is_utf8(Slice slice, size_t *position)
{
    size_t i = 0;
    const uint8_t *bad;

    /* Most records are ASCII: eight bytes at a time until one is not. */
    for (; i + 8 <= slice.length; i += 8) {
        uint64_t word;

        memcpy(&word, slice.bytes + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    bad = u8_check((const uint8_t *)slice.bytes + i, slice.length - i);
    if (bad != NULL)
        *position = (size_t)((const char *)bad - slice.bytes);
    return bad == NULL;
}
