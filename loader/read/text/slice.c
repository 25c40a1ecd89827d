/*
 * slice.c: pieces of input bytes. See slice.h.
 */
#include "read/text/slice.h"

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
        /* A shorter word has its NUL here, and the slice may have one, too. */
        if (c == '\0' || c != word[i])
            return false;
    }
    return word[slice.length] == '\0';
}

bool slice_begins_with(Slice slice, const char *word)
{
    size_t length = strlen(word);

    return slice.length >= length && slice_is_word((Slice){slice.bytes, length}, word);
}

size_t slice_skip_digits(Slice slice, size_t from)
{
    while (from < slice.length && slice.bytes[from] >= '0' && slice.bytes[from] <= '9')
        from++;
    return from;
}

Slice slice_head(Slice slice, size_t n)
{
    if (slice.length <= n)
        return slice;
    while (n > 0 && ((unsigned char)slice.bytes[n] & 0xC0) == 0x80)
        n--;
    return (Slice){slice.bytes, n};
}

/* Length of the character that starts with this byte; 1 if none does. */
static size_t sequence_length(unsigned char first)
{
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
}

bool slice_is_utf8(Slice slice, size_t *position)
{
    size_t i = 0;

    while (i < slice.length) {
        size_t length;
        uint64_t word;

        /* Most bytes are ASCII: eight at a time until one is not. */
        if (i + 8 <= slice.length) {
            memcpy(&word, slice.bytes + i, 8);
            if (!(word & UINT64_C(0x8080808080808080))) {
                i += 8;
                continue;
            }
        }
        length = sequence_length((unsigned char)slice.bytes[i]);
        if (length > slice.length - i)
            length = slice.length - i;
        if ((unsigned char)slice.bytes[i] >= 0x80 &&
            u8_check((const uint8_t *)slice.bytes + i, length) != NULL) {
            *position = i;
            return false;
        }
        i += length;
    }
    return true;
}
