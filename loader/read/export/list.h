/*
 * list.h: lists of teammates (GET /admins of Intercom's API) and of tags (GET /tags), which name the
 * identifiers in exports. They come as JSON from the API, or as a table from an ETL tool.
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

/* The format in the summary, which is also the name of the option. */
const char *list_name(List list);

/* The member of a page that holds the list, in quotes. */
const char *list_member(List list);

/* The shape of a table. A line that was read is the first teammate of the conversation. */
const Shape *list_shape(List list);

/* Read a listed object, which borrows from the record; false: *problem has the reason to reject it. */
bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem);
bool tag_read(const JsonRecord *record, Tag *tag, Defect *problem);

/* Whether the record is a team. Nobody that a conversation is assigned to has its identifier. */
bool teammate_is_team(const JsonRecord *record);

#endif
