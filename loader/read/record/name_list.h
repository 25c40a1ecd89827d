/*
 * name_list.h: names from an export, for a message.
 */
#ifndef TTR_LOADER_READ_RECORD_NAME_LIST_H
#define TTR_LOADER_READ_RECORD_NAME_LIST_H

#include <stdbool.h>

#include "read/text/slice.h"

#define NAME_LIST_LIMIT 20 /* nobody reads more of them */

/* Names in the order in which they came, each once. */
typedef struct NameList {
    int count;
    char *names[NAME_LIST_LIMIT];
} NameList;

bool name_list_has(const NameList *list, Slice name);

/* Adds a name that is new, as long as the list has room. */
void name_list_add(NameList *list, Slice name);

void name_list_free(NameList *list);

/* "a, b, c": replaces the names, NULL for none, by those and one more. The caller frees them. */
char *join_name(char *names, const char *name);

#endif
