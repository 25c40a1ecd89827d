/*
 * list.h: lists of teammates (GET /admins of Intercom's API), of tags (GET /tags) and of teams (GET /teams),
 * which name the identifiers in exports. They come as JSON from the API, or as a table from an ETL tool.
 */
#ifndef TTR_LOADER_READ_EXPORT_LIST_H
#define TTR_LOADER_READ_EXPORT_LIST_H

#include "read/export/shape.h"
#include "read/json/reader.h"

typedef enum List {
    LIST_NONE, /* the file holds conversations */
    LIST_TEAMMATES,
    LIST_TAGS,
    LIST_TEAMS,
    LISTS, /* how many; loops begin behind LIST_NONE */
} List;

/* A tag or a team. */
typedef struct Named {
    Slice id, name;
} Named;

/* The format in the summary, which is also the name of the option. */
const char *list_name(List list);

/* What the list holds, such as teams, for messages: by its number. */
const char *list_noun(List list, int64_t count);

/* The member of a page that holds the list, in quotes. */
const char *list_member(List list);

/* The shape of a table. A line that was read is the first teammate of the conversation. */
const Shape *list_shape(List list);

/* Read a listed object, which borrows from the record; false: *problem has the reason to reject it. */
bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem);
bool named_read(List list, const JsonRecord *record, Named *named, Defect *problem);

/* Whether the record is a team. Nobody that a conversation is assigned to has its identifier. */
bool teammate_is_team(const JsonRecord *record);

#endif
