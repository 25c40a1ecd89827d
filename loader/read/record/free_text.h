/*
 * free_text.h: decides which texts of attributes are kept.
 *
 * People write in attributes: the subject of an e-mail, a remark, an answer to a custom attribute. The
 * database keeps words of a vendor or an owner, and no prose. A text does not show which of them it is. So
 * the owner's list decides first, and then the name and the length:
 *
 *     listed                  kept, with everything in the attribute
 *     number, time, boolean   kept
 *     named as prose          dropped: title, source_subject, Conversation rating remark
 *     custom, of a ticket     dropped: custom_attributes.plan, ticket.state
 *     long, or lines, or JSON dropped
 *     any other               kept
 *
 * A dropped text becomes null, so that a later load clears what an earlier one kept. Names of members are
 * kept.
 */
#ifndef TTR_LOADER_READ_RECORD_FREE_TEXT_H
#define TTR_LOADER_READ_RECORD_FREE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "read/record/name_list.h"

#define DROPPED_NAMES_LIMIT 12 /* paths that are remembered */

typedef struct FreeText {
    char **listed; /* names, or paths such as custom_attributes.plan */
    size_t listed_count;
    NameList dropped;    /* paths of texts that were dropped */
    bool dropped_others; /* there were more of them */
    char *path;          /* of the current value: names, joined by dots */
    size_t path_length, path_size;
} FreeText;

/* Adds a name to the owner's list. */
void free_text_list(FreeText *filter, const char *name);

/* Whether the text of an attribute is kept. */
bool free_text_keeps(FreeText *filter, Slice name, Slice text);

/* Room that free_text_filter() needs for JSON of this length: null is longer than the shortest text. */
#define FILTERED_SIZE(length) ((length) + (length) / 3 + 4)

/*
 * Replaces dropped texts by null in the value of an attribute, which is valid JSON. Returns the value itself
 * if all texts are kept, else a copy at room.
 */
Slice free_text_filter(FreeText *filter, Slice name, Slice json, char *room);

/* The paths of dropped texts: "title, custom_attributes.Plan name"; NULL if there are none. The caller frees
 * them. */
char *free_text_dropped(const FreeText *filter);

void free_text_free(FreeText *filter);

#endif
