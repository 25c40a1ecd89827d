/*
 * field.c: fields from JSON values. See field.h.
 */
#include "read/json/field.h"

#include <string.h>

#include "read/text/placeholder.h"

/* The text of a string or a number; no slice if there is none. */
static bool scalar_text(JsonValue value, const char *path, Slice *text, Defect *problem)
{
    static const char *const kinds[] = {
        [JSON_BOOLEAN] = "true or false", [JSON_LIST] = "an array", [JSON_OBJECT] = "an object"};

    *text = json_text(value);
    if (value.kind == JSON_BOOLEAN || value.kind == JSON_LIST || value.kind == JSON_OBJECT)
        return defect(problem, DEFECT_WRONG_TYPE, path, "a text or a number should stand here, not %s",
                      kinds[value.kind]);
    return true;
}

bool json_instant_value(JsonValue value, const char *path, Instant *instant, Defect *problem)
{
    Slice text;

    *instant = (Instant){.known = false};
    if (!scalar_text(value, path, &text, problem))
        return false;
    if (text.bytes == NULL)
        return true;
    if (value.kind == JSON_NUMBER || time_style(text) != TIME_TEXT)
        return timestamp_parse_epoch(text, path, instant, problem);
    return timestamp_parse(text, path, instant, problem);
}

bool json_instant(const JsonRecord *record, JsonMember member, Instant *instant, Defect *problem)
{
    return json_instant_value(record->values[member], json_members[member].path, instant, problem);
}

bool json_identifier_value(JsonValue value, const char *path, Slice *text, Defect *problem)
{
    if (!scalar_text(value, path, text, problem))
        return false;
    if (text->length > VALUE_LIMIT)
        return defect(problem, DEFECT_VALUE_TOO_LONG, path, "the value has %zu bytes, and %d are the limit",
                      text->length, VALUE_LIMIT);
    return check_not_rounded(*text, path, problem);
}

bool json_identifier(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem)
{
    return json_identifier_value(record->values[member], json_members[member].path, text, problem);
}

/* A record is good without these members. */
static const JsonMember optional_members[] = {
    MEMBER_USER_ID,
    MEMBER_RESOLVED_AT,
    MEMBER_ASSIGNEE_EMAIL,
    MEMBER_TAGS,
    MEMBER_MESSAGE_COUNT,
    MEMBER_REOPEN_COUNT,
    MEMBER_FIRST_RESPONSE_AT,
    MEMBER_UPDATED_AT,
    MEMBER_ASSIGNEE_ID,
    MEMBER_CLOSED_BY,
    MEMBER_SNOOZED_UNTIL,
    MEMBER_ADMIN_ASSIGNEE_ID,
    MEMBER_CONTACT_ID,
    MEMBER_CONTACT_EXTERNAL_ID,
    MEMBER_USER_OWN_ID,
    MEMBER_USER_EXTERNAL_ID,
    MEMBER_FIRST_REPLY_CREATED_AT,
    MEMBER_FIRST_CONTACT_REPLY_AT,
    MEMBER_FIRST_ADMIN_REPLY_AT,
    MEMBER_LAST_CLOSE_AT,
    MEMBER_COUNT_REOPENS,
    MEMBER_COUNT_PARTS,
    MEMBER_ASSIGNEE_OWN_ID,
    MEMBER_PART_TOTAL,
};

#define OPTIONAL_COUNT (sizeof(optional_members) / sizeof(optional_members[0]))

static bool drop_placeholder(Slice *text)
{
    bool is_one = is_placeholder(*text);

    if (is_one)
        *text = NO_SLICE;
    return is_one;
}

/* An author without an identifier is dropped. */
static size_t drop_of_authors(JsonRecord *record)
{
    size_t dropped = 0, kept = 0;

    for (size_t i = 0; i < record->teammate_count; i++) {
        Teammate author = record->teammates[i];

        dropped += drop_placeholder(&author.id);
        dropped += drop_placeholder(&author.email);
        dropped += drop_placeholder(&author.name);
        if (author.id.bytes != NULL)
            record->teammates[kept++] = author;
    }
    record->teammate_count = kept;
    return dropped;
}

size_t json_drop_placeholders(JsonRecord *record)
{
    size_t dropped = 0;

    for (size_t i = 0; i < OPTIONAL_COUNT; i++) {
        JsonValue *value = &record->values[optional_members[i]];

        if (value->kind != JSON_STRING || !is_placeholder(value->text))
            continue;
        *value = (JsonValue){.kind = JSON_NULL};
        dropped++;
    }
    return dropped + drop_of_authors(record);
}

bool json_check_authors(const JsonRecord *record, Defect *problem)
{
    for (size_t i = 0; i < record->teammate_count; i++)
        if (!check_not_rounded(record->teammates[i].id, json_members[MEMBER_AUTHOR_ID].path, problem))
            return false;
    return true;
}

bool json_somebody_value(JsonValue value, const char *path, Slice *text, Defect *problem)
{
    if (!json_identifier_value(value, path, text, problem))
        return false;
    if (is_nobody(*text))
        *text = NO_SLICE;
    return true;
}

bool json_conversation_id(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem)
{
    if (!json_identifier(record, member, text, problem))
        return false;
    if (is_placeholder(*text))
        *text = NO_SLICE;
    return true;
}

bool json_somebody(const JsonRecord *record, JsonMember member, Slice *text, Defect *problem)
{
    return json_somebody_value(record->values[member], json_members[member].path, text, problem);
}

bool json_count(const JsonRecord *record, JsonMember member, Count *count, Defect *problem)
{
    const char *path = json_members[member].path;
    Slice text;

    return scalar_text(record->values[member], path, &text, problem) &&
           read_count(text, path, count, problem);
}

/* Splits the text in place, and so in a copy. */
static bool split_text(JsonReader *reader, Conversation *conversation, Slice text, Defect *problem)
{
    char *copy = reader->scratch + reader->scratch_used;

    /* A text in scratch space may be changed. For a text in raw the scratch space still has room. */
    if (text.bytes >= reader->scratch && text.bytes < copy)
        copy = (char *)text.bytes;
    else
        memcpy(copy, text.bytes, text.length);
    return split_tags(conversation, copy, text.length, ';', problem);
}

bool json_tags(JsonReader *reader, Conversation *conversation, Defect *problem)
{
    const JsonRecord *record = &reader->record;
    JsonValue value = record->values[MEMBER_TAGS], list = record->values[MEMBER_TAG_LIST];

    if (value.kind == JSON_STRING)
        return split_text(reader, conversation, value.text, problem);
    if (value.kind == JSON_NUMBER || value.kind == JSON_BOOLEAN)
        return defect(problem, DEFECT_WRONG_TYPE, "tags", "an array of tags should stand here, not %.*s",
                      SLICE_ARGS(value.text));
    if (value.kind == JSON_OBJECT && list.kind != JSON_LIST && list.kind != JSON_NULL)
        return defect(problem, DEFECT_WRONG_TYPE, "tags", "the object has no array of tags");
    for (size_t i = 0; i < record->tag_count; i++)
        if (!add_tag(conversation, record->tags[i], problem))
            return false;
    return true;
}

void json_attributes(JsonReader *reader, Conversation *conversation, bool (*keep)(JsonMember member))
{
    JsonRecord *record = &reader->record;

    conversation->attributes = reader->attributes;
    for (size_t i = 0; i < record->entry_count; i++)
        if (keep(record->entries[i].member))
            reader->attributes[conversation->attribute_count++] = (Attribute){
                .name = record->entries[i].name, .value = record->entries[i].raw, .is_json = true};
}
