/*
 * part.c: a part of a conversation as a record of its own. See part.h.
 */
#include "read/export/object/part.h"

#include <string.h>

#include "read/export/object/events.h"
#include "read/json/field.h"
#include "read/record/fields.h"

bool part_conversation(JsonReader *reader, Conversation *conversation, Defect *problem)
{
    const JsonRecord *record = &reader->record;
    Close close;

    if (!json_conversation_id(record, MEMBER_PART_CONVERSATION_ID, &conversation->conversation_id, problem))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "conversation_id",
                      "the part does not say which conversation it belongs to");
    if (!json_instant(record, MEMBER_PART_CONVERSATION_CREATED_AT, &conversation->started_at, problem) ||
        !json_instant(record, MEMBER_PART_CONVERSATION_UPDATED_AT, &conversation->updated_at, problem) ||
        !json_count(record, MEMBER_PART_CONVERSATION_TOTAL, &conversation->event_total, problem) ||
        !events_read(reader, conversation, &close, problem))
        return false;
    conversation->has_timeline = true;
    memcpy(conversation->teammates, record->teammates, record->teammate_count * sizeof(Teammate));
    conversation->teammate_count = record->teammate_count;
    /* The time of creation is a guess at the start, and not carried. */
    conversation->carried = CARRIES(FIELD_CONVERSATION_ID);
    if (conversation->updated_at.known)
        conversation->carried |= CARRIES(FIELD_UPDATED_AT);
    return true;
}
