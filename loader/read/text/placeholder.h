/*
 * placeholder.h: what programs write into a cell that has no value.
 *
 * pandas, databases and spreadsheets each have a word for it. Taken at its word, "nan" would be a teammate.
 */
#ifndef TTR_LOADER_READ_TEXT_PLACEHOLDER_H
#define TTR_LOADER_READ_TEXT_PLACEHOLDER_H

#include "read/text/slice.h"

/* Bytes with which such a word begins, or the blanks before it. Nearly all values begin with another byte. */
extern const bool placeholder_begins[256];

bool is_placeholder_word(Slice text);

/* Whether the whole text, blanks around it aside, is such a word, in any case. */
static inline bool is_placeholder(Slice text)
{
    return text.length > 0 && placeholder_begins[(unsigned char)text.bytes[0]] && is_placeholder_word(text);
}

#endif
