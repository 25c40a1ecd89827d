/*
 * canonical.c: a JSON object with the canonical fields. See canonical.h.
 */
#include "read/export/object/canonical.h"

#include <stdio.h>
#include <string.h>

#include "read/json/field.h"
#include "read/record/fields.h"

static bool is_other(JsonMember member)
{
    return member >= (JsonMember)FIELD_COUNT;
}

static bool set_times(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    return json_instant(record, MEMBER_STARTED_AT, &conversation->started_at, problem) &&
           json_instant(record, MEMBER_RESOLVED_AT, &conversation->resolved_at, problem) &&
           json_instant(record, MEMBER_FIRST_RESPONSE_AT, &conversation->first_response_at, problem) &&
           json_instant(record, MEMBER_UPDATED_AT, &conversation->updated_at, problem);
}

/* "a, b, c, ...": the members of the record, as many as fit into the message. */
static void list_members(const JsonRecord *record, char *list, size_t size)
{
    size_t length = 0;

    *list = '\0';
    for (size_t i = 0; i < record->entry_count; i++) {
        Slice name = slice_head(record->entries[i].name, 30);

        if (length + name.length + strlen(", ...") >= size) {
            snprintf(list + length, size - length, "...");
            return;
        }
        length += (size_t)snprintf(list + length, size - length, "%.*s%s", SLICE_ARGS(name),
                                   i + 1 < record->entry_count ? ", " : "");
    }
}

/* The object may be anything: its members help people to recognise it. */
static bool report_missing_id(const JsonRecord *record, Defect *problem)
{
    char members[120];

    list_members(record, members, sizeof(members));
    if (json_has(record, MEMBER_CONVERSATION_ID))
        return defect(problem, DEFECT_MISSING_ID, "conversation_id", "conversation_id is empty");
    if (json_has(record, MEMBER_ID))
        return defect(problem, DEFECT_MISSING_ID, "conversation_id",
                      "the object has an id, but no type, no created_at and no conversation_id; it has: %s",
                      members);
    return defect(problem, DEFECT_MISSING_ID, "conversation_id",
                  record->entry_count > 0 ? "the object has no conversation_id; it has: %s"
                                          : "the object is empty%s",
                  members);
}

static bool set_texts(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    Slice state, closer;

    if (!json_conversation_id(record, MEMBER_CONVERSATION_ID, &conversation->conversation_id, problem))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return report_missing_id(record, problem);
    return json_identifier(record, MEMBER_USER_ID, &conversation->user_id, problem) &&
           json_identifier(record, MEMBER_ASSIGNEE_EMAIL, &conversation->assignee_email, problem) &&
           json_somebody(record, MEMBER_ASSIGNEE_ID, &conversation->assignee_id, problem) &&
           json_identifier(record, MEMBER_STATE, &state, problem) &&
           read_state(state, "state", &conversation->state, problem) &&
           json_identifier(record, MEMBER_CLOSED_BY, &closer, problem) &&
           read_closer(closer, "closed_by", &conversation->closed_by, problem);
}

bool canonical_conversation(JsonReader *reader, Conversation *conversation, Defect *problem)
{
    const JsonRecord *record = &reader->record;

    for (int field = 0; field < FIELD_COUNT; field++)
        if (json_has(record, (JsonMember)field))
            conversation->carried |= CARRIES(field);
    if (!set_texts(record, conversation, problem) || !set_times(record, conversation, problem) ||
        !json_count(record, MEMBER_MESSAGE_COUNT, &conversation->message_count, problem) ||
        !json_count(record, MEMBER_REOPEN_COUNT, &conversation->reopen_count, problem) ||
        !json_tags(reader, conversation, problem))
        return false;
    if (!conversation->started_at.known)
        return defect(problem, DEFECT_MISSING_START, "started_at", "the conversation has no start");
    json_attributes(reader, conversation, is_other);
    if (conversation->attribute_count > 0)
        conversation->carried |= CARRIES(FIELD_ATTRIBUTES);
    return true;
}

void canonical_likely_fields(const JsonRecord *record, LikelyFields *fields)
{
    for (size_t i = 0; i < record->entry_count; i++)
        if (is_other(record->entries[i].member))
            likely_fields_judge(fields, record->entries[i].name, record->entries[i].hash);
}
