/*
 * canonical.h: a JSON object in the fields that CSV files have too.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_CANONICAL_H
#define TTR_LOADER_READ_EXPORT_OBJECT_CANONICAL_H

#include "read/json/reader.h"
#include "read/record/likely_field.h"

/*
 * Fills the conversation from the record that was read. Only the fields whose names stand in the record are
 * carried; null clears, as an empty cell does. Every other member becomes an attribute, as JSON.
 */
bool canonical_conversation(JsonReader *reader, Conversation *conversation, Defect *problem);

/* Adds the names of the record's attributes that look like fields. */
void canonical_likely_fields(const JsonRecord *record, LikelyFields *fields);

#endif
