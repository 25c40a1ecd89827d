/*
 * prose.h: whether a name or a text looks like prose.
 *
 * Names are judged by their words, which end at blanks, signs, digits and changes of case. "source_subject",
 * "Conversation rating remark", "ratingRemark" and "Title.1" name prose in four styles.
 */
#ifndef TTR_LOADER_READ_RECORD_PROSE_H
#define TTR_LOADER_READ_RECORD_PROSE_H

#include <stdbool.h>

#include "read/text/slice.h"

#define SHORT_TEXT_LIMIT 80 /* bytes of a text that is too short for prose */

/* The last word names prose, such as title, remark or notes. */
bool is_named_as_prose(Slice name);

/* A custom attribute, or one of a ticket: it was typed into a form, and the form is unknown. */
bool is_named_as_typed(Slice name);

/* A number, a time or a date of ISO 8601, true, false, or nothing: no sentence can hide in it. */
bool is_figure(Slice text);

/* Long, of several lines, or JSON, whose members have not been judged. The text must not be empty. */
bool is_prose(Slice text);

#endif
