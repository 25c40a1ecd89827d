/*
 * free_text.h: which texts of attributes are kept.
 *
 * People write in attributes: the subject of an e-mail, a remark, whatever a custom attribute asks for. The
 * database keeps words of a vendor or an owner, and no prose. Nobody can see from a text which of both it is,
 * so its name and its length decide, and the owner's list decides before them:
 *
 *     listed                  kept, and so is all that is in a listed attribute
 *     number, time, boolean   kept
 *     named as prose          dropped: title, source_subject, Conversation rating remark
 *     custom, of a ticket     dropped: custom_attributes.plan, ticket.state
 *     long, or lines, or JSON dropped
 *     any other               kept
 *
 * Dropped means null, so that a later load clears what an earlier one kept. Names of members are kept.
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
    char *path;          /* of the value that is looked at: names, joined by dots */
    size_t path_length, path_size;
} FreeText;

/* Adds a name to the list. */
void free_text_list(FreeText *filter, const char *name);

/* Whether the text of an attribute is kept. */
bool free_text_keeps(FreeText *filter, Slice name, Slice text);

/* Room that free_text_filter() needs for JSON of this length: null is longer than the shortest text. */
#define FILTERED_SIZE(length) ((length) + (length) / 3 + 4)

/*
 * The value of an attribute, which is valid JSON, with null for each text that is dropped: the value itself
 * where all are kept, else a copy that starts at room.
 */
Slice free_text_filter(FreeText *filter, Slice name, Slice json, char *room);

/* "title, custom_attributes.Plan name": what was dropped. NULL: nothing was. The caller frees it. */
char *free_text_dropped(const FreeText *filter);

void free_text_free(FreeText *filter);

#endif
