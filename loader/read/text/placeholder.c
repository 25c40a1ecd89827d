/*
 * placeholder.c: words for an empty cell. See placeholder.h.
 */
#include "read/text/placeholder.h"

/* In lower case. */
static const char *const placeholders[] = {
    "nan", "nat", "none", "null", "\\n", "-", "n/a", "#n/a", "<na>", "unassigned",
};

const bool placeholder_begins[256] = {
    ['n'] = true, ['N'] = true, ['u'] = true, ['U'] = true,  ['\\'] = true, ['-'] = true,
    ['#'] = true, ['<'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
};

bool is_placeholder_word(Slice text)
{
    text = slice_trim(text);
    for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++)
        if (slice_is_word(text, placeholders[i]))
            return true;
    return false;
}
