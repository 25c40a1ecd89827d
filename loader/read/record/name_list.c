/*
 * name_list.c: names from an export. See name_list.h.
 */
#include "read/record/name_list.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

bool name_list_has(const NameList *list, Slice name)
{
    for (int i = 0; i < list->count; i++)
        if (slice_equals((Slice){list->names[i], strlen(list->names[i])}, name))
            return true;
    return false;
}

void name_list_add(NameList *list, Slice name)
{
    if (list->count < NAME_LIST_LIMIT && !name_list_has(list, name))
        list->names[list->count++] = format_text("%.*s", SLICE_ARGS(name));
}

void name_list_free(NameList *list)
{
    for (int i = 0; i < list->count; i++)
        free(list->names[i]);
    *list = (NameList){0};
}

char *join_name(char *names, const char *name)
{
    char *longer = names != NULL ? format_text("%s, %s", names, name) : format_text("%s", name);

    free(names);
    return longer;
}
