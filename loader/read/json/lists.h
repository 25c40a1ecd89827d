/*
 * lists.h: the tags, parts and teammates of a record. They are collected while the record is parsed, because
 * the values of an object are forgotten before the next one in its place.
 */
#ifndef TTR_LOADER_READ_JSON_LISTS_H
#define TTR_LOADER_READ_JSON_LISTS_H

#include "read/json/reader.h"

/* Adds a scalar, an element of an array whose elements have this place. */
bool json_add_element(JsonRecord *record, JsonPlace place, Slice text, Defect *problem);

/* Behind an object: adds an element made of its values, if objects of its place are collected. */
bool json_end_object(JsonRecord *record, JsonPlace place, Defect *problem);

#endif
