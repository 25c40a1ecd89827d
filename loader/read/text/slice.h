/*
 * slice.h: pieces of input bytes.
 *
 * The way into text/: every text is a Slice, and the other headers say what can be read from one.
 *
 * A Slice borrows bytes that somebody else owns, usually the framer's buffer or a record's scratch space: it
 * is valid until the next record is read. Nothing here allocates, and nothing is terminated by NUL.
 */
#ifndef TTR_LOADER_READ_TEXT_SLICE_H
#define TTR_LOADER_READ_TEXT_SLICE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Slice {
    const char *bytes; /* NULL: no value, as opposed to an empty one */
    size_t length;
} Slice;

#define NO_SLICE ((Slice){NULL, 0})

/* For printf's "%.*s". */
#define SLICE_ARGS(slice) (int)(slice).length, (slice).bytes

/* Without the ASCII blanks (space, tab, line ends) at both ends. */
Slice slice_trim(Slice slice);

bool slice_equals(Slice a, Slice b);

/* Equal to a lower-case ASCII word, but for the case of ASCII letters. */
bool slice_is_word(Slice slice, const char *word);

/* The same of its first bytes. */
bool slice_begins_with(Slice slice, const char *word);

/* The first n bytes, shortened to whole UTF-8 characters: for quoting input in messages. */
Slice slice_head(Slice slice, size_t n);

/* Whether it is well-formed UTF-8; else *position is the offset of the first bad byte. NUL is well-formed. */
bool slice_is_utf8(Slice slice, size_t *position);

#endif
