/*
 * intercom_attributes.c: the attributes of a conversation. See intercom_attributes.h.
 */
#include "read/export/object/intercom_attributes.h"

#include <stdio.h>
#include <string.h>

#include "read/json/field.h"

/* New JSON in the reader's room for it. */
typedef struct Kept {
    char *start, *end;
} Kept;

static void put_bytes(Kept *kept, const char *bytes, size_t length)
{
    kept->end = (char *)memcpy(kept->end, bytes, length) + length;
}

static void put_string(Kept *kept, Slice text)
{
    put_bytes(kept, "\"", 1);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];

        if (c < ' ') {
            kept->end += sprintf(kept->end, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            put_bytes(kept, "\\", 1);
        put_bytes(kept, text.bytes + i, 1);
    }
    put_bytes(kept, "\"", 1);
}

/* Puts a member that is a text or a number, no longer than an identifier may be. Others are left out. */
static void put_member(Kept *kept, const char *name, JsonValue value)
{
    if ((value.kind != JSON_STRING && value.kind != JSON_NUMBER) || value.text.length > VALUE_LIMIT)
        return;
    put_bytes(kept, kept->end == kept->start ? "{" : ",", 1);
    put_string(kept, (Slice){name, strlen(name)});
    put_bytes(kept, ":", 1);
    if (value.kind == JSON_STRING)
        put_string(kept, value.text);
    else
        put_bytes(kept, value.text.bytes, value.text.length);
}

static void add_attribute(JsonReader *reader, Conversation *conversation, const char *name, Slice value,
                          bool is_json)
{
    reader->attributes[conversation->attribute_count++] = (Attribute){
        .name = {name, strlen(name)},
        .value = value,
        .is_json = is_json,
    };
}

/* Ends the object, and makes an attribute of it unless it is empty. */
static void end_kept(JsonReader *reader, Conversation *conversation, const char *name, Kept *kept)
{
    if (kept->end == kept->start)
        return;
    put_bytes(kept, "}", 1);
    add_attribute(reader, conversation, name, (Slice){kept->start, (size_t)(kept->end - kept->start)}, true);
    kept->start = kept->end;
}

static void add_source_and_company(JsonReader *reader, Conversation *conversation)
{
    const JsonValue *values = reader->record.values;
    JsonValue plan = values[MEMBER_COMPANY_PLAN];
    Kept kept = {reader->kept, reader->kept};

    put_member(&kept, "type", values[MEMBER_SOURCE_TYPE]);
    put_member(&kept, "delivered_as", values[MEMBER_SOURCE_DELIVERED_AS]);
    end_kept(reader, conversation, "source", &kept);
    put_member(&kept, "id", values[MEMBER_COMPANY_OWN_ID]);
    put_member(&kept, "company_id", values[MEMBER_COMPANY_ID]);
    put_member(&kept, "name", values[MEMBER_COMPANY_NAME]);
    put_member(&kept, "plan", plan.kind == JSON_OBJECT ? values[MEMBER_PLAN_NAME] : plan);
    end_kept(reader, conversation, "company", &kept);
}

/* Before version 2.2 of the API the assignee may be a team; later versions have a member for the team. */
static void add_team(JsonReader *reader, Conversation *conversation)
{
    const JsonValue *values = reader->record.values;
    JsonValue id = values[MEMBER_ASSIGNEE_OWN_ID];
    Slice text = json_text(id);

    if (!json_has(&reader->record, MEMBER_TEAM_ASSIGNEE_ID) &&
        json_is_word(&reader->record, MEMBER_ASSIGNEE_TYPE, "team") && text.bytes != NULL && !is_nobody(text))
        add_attribute(reader, conversation, json_members[MEMBER_TEAM_ASSIGNEE_ID].name, text,
                      id.kind == JSON_NUMBER);
}

/* Members that became fields are known already, and figures must not know what people wrote. */
static bool is_kept(JsonMember member)
{
    switch (member) {
    case MEMBER_TYPE:
    case MEMBER_ID:
    case MEMBER_STATE:
    case MEMBER_OPEN:
    case MEMBER_TAGS:
    case MEMBER_UPDATED_AT:
    case MEMBER_ADMIN_ASSIGNEE_ID:
    case MEMBER_SOURCE:
    case MEMBER_COMPANY:
    case MEMBER_CONVERSATION_MESSAGE:
    case MEMBER_PARTS:
        return false;
    default:
        return true;
    }
}

void intercom_attributes(JsonReader *reader, Conversation *conversation)
{
    json_attributes(reader, conversation, is_kept);
    add_source_and_company(reader, conversation);
    add_team(reader, conversation);
}
