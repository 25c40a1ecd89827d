/*
 * json_canonical.c: a JSON object in the canonical fields. See json_canonical.h.
 */
#include "json_canonical.h"

#include "field.h"
#include "json_field.h"

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

static bool set_texts(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    Slice state, closer;

    if (!json_identifier(record, MEMBER_CONVERSATION_ID, &conversation->conversation_id, problem))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "conversation_id", "the conversation has no identifier");
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
