/*
 * lists.h: what there may be many of in a record: tags, parts, teammates. They are collected while the
 * record is parsed, because the values of one object of a kind make room for those of the next.
 */
#ifndef TTR_LOADER_READ_JSON_LISTS_H
#define TTR_LOADER_READ_JSON_LISTS_H

#include "read/json/reader.h"

/* A scalar that is an element of an array whose elements are of this place. */
bool json_add_element(JsonRecord *record, JsonPlace place, Slice text, Defect *problem);

/* Behind an object: its values become an element of a list. */
bool json_end_object(JsonRecord *record, JsonPlace place, Defect *problem);

#endif
