/*
 * likeness.h: names in an export that look like an assignee, a start or a close.
 *
 * A column or a member that no field is made of becomes an attribute. Mostly that is right; where its name
 * says "closed at", it is more likely a field under a name of another tool's, and people want to know.
 */
#ifndef TTR_LOADER_LIKENESS_H
#define TTR_LOADER_LIKENESS_H

#include "text.h"

bool looks_like_a_field(Slice name);

/* Names in the order in which they came, each once. Those beyond the limit are dropped: nobody reads more. */
#define NAME_LIST_LIMIT 20

typedef struct NameList {
    int count;
    int noted; /* of them, which people know of */
    char *names[NAME_LIST_LIMIT];
} NameList;

void name_list_add(NameList *list, Slice name);

/* Notes the names that came since the last note, if there are any: "kept as attribute: ...". */
void name_list_note(NameList *list);

void name_list_free(NameList *list);

#endif
