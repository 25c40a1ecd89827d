/*
 * placeholder.h: words for an empty cell.
 *
 * pandas, databases and spreadsheets each write another one. Read as a value, "nan" would be a teammate.
 */
#ifndef TTR_LOADER_READ_TEXT_PLACEHOLDER_H
#define TTR_LOADER_READ_TEXT_PLACEHOLDER_H

#include "read/text/slice.h"

/* First bytes of such words, and blanks. Nearly all values begin with another byte. */
extern const bool placeholder_begins[256];

bool is_placeholder_word(Slice text);

/* Whether the text is such a word, in any case, with blanks around it. */
static inline bool is_placeholder(Slice text)
{
    return text.length > 0 && placeholder_begins[(unsigned char)text.bytes[0]] && is_placeholder_word(text);
}

#endif
