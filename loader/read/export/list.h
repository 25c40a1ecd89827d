/*
 * list.h: lists that say what identifiers in exports stand for: teammates (GET /admins of Intercom's API) and
 * tags (GET /tags), as the API gives them, or as an ETL tool keeps them in a table.
 */
#ifndef TTR_LOADER_READ_EXPORT_LIST_H
#define TTR_LOADER_READ_EXPORT_LIST_H

#include "read/export/shape.h"
#include "read/json/reader.h"

typedef enum List {
    LIST_NONE, /* the file holds conversations */
    LIST_TEAMMATES,
    LIST_TAGS,
} List;

typedef struct Tag {
    Slice id, name;
} Tag;

/* The name of its format in the summary: that of its option. */
const char *list_name(List list);

/* The member of a page, in quotes, that holds the list. */
const char *list_member(List list);

/* The columns of a table; a line that was read is the conversation's first teammate. */
const Shape *list_shape(List list);

/* Read an object of a list, which borrows from the record; false: *problem says why it must be rejected. */
bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem);
bool tag_read(const JsonRecord *record, Tag *tag, Defect *problem);

/* Whether the record is a team. Nobody that a conversation is assigned to has its identifier. */
bool teammate_is_team(const JsonRecord *record);

#endif
