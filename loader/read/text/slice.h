/*
 * slice.h: pieces of input bytes.
 *
 * The way into text/: every text is a Slice, and the other headers have functions that read one.
 *
 * A Slice borrows its bytes, usually from the framer's buffer or from scratch space of a record: it is valid
 * until the next record is read. Nothing here allocates, and nothing is terminated by NUL.
 */
#ifndef TTR_LOADER_READ_TEXT_SLICE_H
#define TTR_LOADER_READ_TEXT_SLICE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Slice {
    const char *bytes; /* NULL: no value, which differs from an empty one */
    size_t length;
} Slice;

#define NO_SLICE ((Slice){NULL, 0})

/* For printf's "%.*s". */
#define SLICE_ARGS(slice) (int)(slice).length, (slice).bytes

/* Without the ASCII blanks (space, tab, line ends) at both ends. */
Slice slice_trim(Slice slice);

bool slice_equals(Slice a, Slice b);

/* Whether it equals a word of lower-case ASCII, in any case. */
bool slice_is_word(Slice slice, const char *word);

/* Whether it begins with such a word. */
bool slice_begins_with(Slice slice, const char *word);

/* Offset of the first byte, at or behind from, that is no digit. */
size_t slice_skip_digits(Slice slice, size_t from);

/* At most the first n bytes, in whole UTF-8 characters: for input in messages. */
Slice slice_head(Slice slice, size_t n);

/* Whether it is well-formed UTF-8, where NUL is allowed. *position: the offset of the first bad byte. */
bool slice_is_utf8(Slice slice, size_t *position);

#endif
