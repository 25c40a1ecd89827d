/*
 * deletion.c: a record of the deletion of a conversation. See deletion.h.
 */
#include "read/export/object/deletion.h"

#include "read/json/field.h"
#include "read/record/fields.h"

/* null and 0 are no time: a conversation with one of them exists. */
static bool has_deletion_time(const JsonRecord *record)
{
    Slice time = json_text(record->values[MEMBER_DELETED_AT]);

    return time.bytes != NULL && !is_nobody(time);
}

bool deletion_recognises(const JsonRecord *record)
{
    bool is_conversation =
        json_is_word(record, MEMBER_TYPE, "conversation") ||
        (!json_has(record, MEMBER_TYPE) && json_is_word(record, MEMBER_OBJECT, "conversation"));

    if (json_is_word(record, MEMBER_TYPE, "conversation_deleted"))
        return true;
    if (!is_conversation || json_has(record, MEMBER_CONVERSATION_ID))
        return false;
    return json_is_word(record, MEMBER_ENVELOPE_TOPIC, "conversation.deleted") || has_deletion_time(record) ||
           (record->values[MEMBER_DELETED].kind == JSON_BOOLEAN &&
            slice_is_word(record->values[MEMBER_DELETED].text, "true"));
}

bool deletion_read(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    Instant *deleted_at = &conversation->updated_at;

    if (!json_conversation_id(record, MEMBER_ID, &conversation->conversation_id, problem) ||
        !json_instant(record, MEMBER_DELETED_AT, deleted_at, problem) ||
        (!deleted_at->known && !json_instant(record, MEMBER_ENVELOPE_CREATED_AT, deleted_at, problem)))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "id", "the deleted conversation has no identifier");
    conversation->state = state_deleted;
    conversation->carried = CARRIES(FIELD_CONVERSATION_ID) | CARRIES(FIELD_STATE);
    return true;
}
