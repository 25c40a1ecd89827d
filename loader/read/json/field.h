/*
 * field.h: fields of a conversation from the values of a JSON record. A text may hold a number, and a number
 * may be meant as text.
 */
#ifndef TTR_LOADER_READ_JSON_FIELD_H
#define TTR_LOADER_READ_JSON_FIELD_H

#include "read/json/reader.h"

/* Each of these reads a value, and names its member or its path in defects. */

/* A time: seconds or milliseconds since 1970, as number or text, or ISO 8601. null, 0 and "" are no time. */
bool json_instant(const JsonRecord *record, JsonMember member, Instant *instant, Defect *problem);
bool json_instant_value(JsonValue value, const char *path, Instant *instant, Defect *problem);

/* An identifier or a name, kept exactly. */
bool json_identifier(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);
bool json_identifier_value(JsonValue value, const char *path, Slice *text, Defect *problem);

/*
 * Before the fields are read: replaces placeholders by null in optional values and in teammates. Returns
 * their number.
 */
size_t json_drop_placeholders(JsonRecord *record);

/* False: a spreadsheet rounded the identifier of an author. */
bool json_check_authors(const JsonRecord *record, Defect *problem);

/* The identifier of a conversation; no slice for a placeholder. */
bool json_conversation_id(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);

/* The identifier of a person; no slice for nobody. */
bool json_somebody(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);
bool json_somebody_value(JsonValue value, const char *path, Slice *text, Defect *problem);

bool json_count(const JsonRecord *record, JsonMember member, Count *count, Defect *problem);

/* Tags as strings, as objects with names, or in one text, separated by semicolons. */
bool json_tags(JsonReader *reader, Conversation *conversation, Defect *problem);

static inline bool json_has(const JsonRecord *record, JsonMember member)
{
    return record->values[member].kind != JSON_ABSENT;
}

/* Whether the member is the word, in any case. */
static inline bool json_is_word(const JsonRecord *record, JsonMember member, const char *word)
{
    return slice_is_word(json_text(record->values[member]), word);
}

/* Makes attributes of the members of the record for which keep() is true. */
void json_attributes(JsonReader *reader, Conversation *conversation, bool (*keep)(JsonMember member));

#endif
