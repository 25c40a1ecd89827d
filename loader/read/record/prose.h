/*
 * prose.h: whether a name or a text looks like something that people write.
 *
 * Names are judged by their words, which end at blanks, signs, digits and changes of case: "source_subject",
 * "Conversation rating remark", "ratingRemark" and "Title.1" say the same in four styles.
 */
#ifndef TTR_LOADER_READ_RECORD_PROSE_H
#define TTR_LOADER_READ_RECORD_PROSE_H

#include <stdbool.h>

#include "read/text/slice.h"

#define SHORT_TEXT_LIMIT 80 /* bytes of a text that is no prose, as far as its length says */

/* The last word is one of those that prose stands under, such as title, remark or notes. */
bool is_named_as_prose(Slice name);

/* A custom attribute or one of a ticket: somebody filled in a form, and nobody knows what the form asks. */
bool is_named_as_typed(Slice name);

/* A number, a time or a date of ISO 8601, true, false, or nothing: no sentence can hide in it. */
bool is_figure(Slice text);

/* Too long for a word of a vendor, of several lines, or JSON, whose members nobody has judged. The text is
 * not empty. */
bool is_prose(Slice text);

#endif
