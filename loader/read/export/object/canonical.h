/*
 * canonical.h: a JSON object with the fields of ttr-load itself, like those of CSV files.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_CANONICAL_H
#define TTR_LOADER_READ_EXPORT_OBJECT_CANONICAL_H

#include "read/json/reader.h"
#include "read/record/likely_field.h"

/*
 * Fills the conversation from the record. It carries the fields whose names the record has; null clears, like
 * an empty cell. Every other member becomes an attribute, as JSON.
 */
bool canonical_conversation(JsonReader *reader, Conversation *conversation, Defect *problem);

/* Adds the names of the record's attributes that look like fields. */
void canonical_likely_fields(const JsonRecord *record, LikelyFields *fields);

#endif
