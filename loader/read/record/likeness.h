/*
 * likeness.h: names in an export that look like an assignee, a start or a close.
 *
 * A column or a member that no field is made of becomes an attribute. Mostly that is right; where its name
 * says "closed at", it is more likely a field under a name of another tool's, and people want to know.
 */
#ifndef TTR_LOADER_READ_RECORD_LIKENESS_H
#define TTR_LOADER_READ_RECORD_LIKENESS_H

#include <stdint.h>

#include "read/text/slice.h"

bool looks_like_a_field(Slice name);

/* Names in the order in which they came, each once. Those beyond the limit are dropped: nobody reads more. */
#define NAME_LIST_LIMIT 20

typedef struct NameList {
    int count;
    int noted; /* of them, which people know of */
    char *names[NAME_LIST_LIMIT];
    uint32_t judged[64]; /* hashes of names that were judged, by their last bits */
} NameList;

/*
 * Adds the name if it looks like a field. Records are many, and their members the same: a name is judged
 * again only where others came in between. One that has another's hash is not noted.
 */
void name_list_judge(NameList *list, Slice name, uint32_t hash);

void name_list_add(NameList *list, Slice name);

/* Notes the names that came since the last note, if there are any: "kept as attribute: ...". */
void name_list_note(NameList *list);

void name_list_free(NameList *list);

#endif
