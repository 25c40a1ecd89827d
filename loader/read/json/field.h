/*
 * field.h: fields of a conversation from the values of a JSON record, where a number may stand for a
 * text and a text for a number.
 */
#ifndef TTR_LOADER_READ_JSON_FIELD_H
#define TTR_LOADER_READ_JSON_FIELD_H

#include "read/json/reader.h"

/* Each of these takes the value of a member that is read, and names it in defects. */

/* A time: epoch seconds or milliseconds, as number or text, or ISO 8601. null, 0 and "" are no time. */
bool json_instant(const JsonRecord *record, JsonMember member, Instant *instant, Defect *problem);
bool json_instant_value(JsonValue value, const char *path, Instant *instant, Defect *problem);

/* An identifier or a name, kept exactly. */
bool json_identifier(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);
bool json_identifier_value(JsonValue value, const char *path, Slice *text, Defect *problem);

/*
 * Before the fields are read: makes null of placeholders where a value is optional and in what the record has
 * of teammates. Returns how many there were.
 */
size_t json_drop_placeholders(JsonRecord *record);

/* False: the identifier of an author is one that a spreadsheet rounded, and *problem says so. */
bool json_check_authors(const JsonRecord *record, Defect *problem);

/* The identifier of a conversation; no slice for a placeholder. */
bool json_conversation_id(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);

/* An identifier of somebody; no slice for nobody. */
bool json_somebody(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem);
bool json_somebody_value(JsonValue value, const char *path, Slice *text, Defect *problem);

bool json_count(const JsonRecord *record, JsonMember member, Count *count, Defect *problem);

/* Tags as strings, as objects with names, or as one text in which they are separated. */
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

/* The members of the record for which keep() is true become attributes, under their names. */
void json_attributes(JsonReader *reader, Conversation *conversation, bool (*keep)(JsonMember member));

#endif
