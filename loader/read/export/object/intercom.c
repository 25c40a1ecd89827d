/*
 * intercom.c: a conversation of Intercom's REST API. See intercom.h.
 *
 * Not every record has all parts: one in a page has none, one in a webhook has the new ones, and a
 * conversation of more than 500 parts has the last. A field that would be a guess is not carried, so that the
 * known value stays.
 */
#include "read/export/object/intercom.h"

#include <string.h>

#include "read/export/object/events.h"
#include "read/export/object/intercom_attributes.h"
#include "read/json/field.h"
#include "read/record/fields.h"

bool intercom_recognises(const JsonRecord *record)
{
    if (record->is_webhook)
        return true;
    if (json_has(record, MEMBER_CONVERSATION_ID) || json_has(record, MEMBER_STARTED_AT))
        return false;
    return json_has(record, MEMBER_TYPE) ||
           (json_has(record, MEMBER_ID) &&
            (json_has(record, MEMBER_CREATED_AT) || json_has(record, MEMBER_OBJECT)));
}

static void carry(Conversation *conversation, FieldId field)
{
    conversation->carried |= CARRIES(field);
}

static bool check_type(const JsonRecord *record, Defect *problem)
{
    bool named_object = json_has(record, MEMBER_OBJECT) && !json_has(record, MEMBER_TYPE);
    JsonMember member = named_object ? MEMBER_OBJECT : MEMBER_TYPE;
    Slice type = json_text(record->values[member]);
    Slice shown = slice_head(type, 60);

    if (record->is_webhook && record->values[MEMBER_DATA_ITEM].kind != JSON_OBJECT)
        return defect(problem, DEFECT_NOT_A_CONVERSATION, NULL, "the notification has no item");
    if (type.bytes == NULL ? record->is_webhook : !slice_is_word(type, "conversation"))
        return defect(problem, DEFECT_NOT_A_CONVERSATION, json_members[member].path,
                      "the %s is \"%.*s\", not conversation", json_members[member].path, SLICE_ARGS(shown));
    return true;
}

/* Very old exports have no state, but the member open, which is true while snoozed, too. */
static bool set_rest_state(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    JsonValue open = record->values[MEMBER_OPEN];
    Instant snoozed_until;
    Slice text;

    if (!json_identifier(record, MEMBER_STATE, &text, problem))
        return false;
    if (text.bytes != NULL || open.kind != JSON_BOOLEAN)
        return read_state(text, "state", &conversation->state, problem);
    if (!json_instant(record, MEMBER_SNOOZED_UNTIL, &snoozed_until, problem))
        return false;
    conversation->state = !slice_is_word(open.text, "true") ? state_closed
                          : snoozed_until.known             ? state_snoozed
                                                            : state_open;
    return true;
}

/* Where none of the better sources has a time, the start is a guess, for a new conversation only. null clears
 * nothing, because a first message stays written. */
static bool set_rest_start(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    static const JsonMember sources[] = {MEMBER_FIRST_REPLY_CREATED_AT, MEMBER_CUSTOMER_REPLY_CREATED_AT,
                                         MEMBER_FIRST_CONTACT_REPLY_AT};
    Instant *start = &conversation->started_at;

    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]) && !start->known; i++)
        if (!json_instant(record, sources[i], start, problem))
            return false;
    if (start->known)
        carry(conversation, FIELD_STARTED_AT);
    else if (!json_instant(record, MEMBER_CREATED_AT, start, problem))
        return false;
    return start->known ||
           defect(problem, DEFECT_MISSING_START, "created_at", "the conversation has no start");
}

static bool set_people(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    bool assigned = json_has(record, MEMBER_ADMIN_ASSIGNEE_ID);
    Slice user = NO_SLICE, external;

    if (!json_identifier(record, MEMBER_CONTACT_EXTERNAL_ID, &external, problem) ||
        (external.bytes == NULL && !json_identifier(record, MEMBER_USER_EXTERNAL_ID, &external, problem)) ||
        !json_identifier(record, MEMBER_CONTACT_ID, &user, problem) ||
        (user.bytes == NULL && !json_identifier(record, MEMBER_USER_OWN_ID, &user, problem)))
        return false;
    conversation->user_id = external.bytes != NULL ? external : user;
    if (json_has(record, MEMBER_CONTACTS) || json_has(record, MEMBER_USER))
        carry(conversation, FIELD_USER_ID);

    if (assigned ? !json_somebody(record, MEMBER_ADMIN_ASSIGNEE_ID, &conversation->assignee_id, problem)
                 : json_is_word(record, MEMBER_ASSIGNEE_TYPE, "admin") &&
                       !json_somebody(record, MEMBER_ASSIGNEE_OWN_ID, &conversation->assignee_id, problem))
        return false;
    if (assigned || json_has(record, MEMBER_ASSIGNEE))
        carry(conversation, FIELD_ASSIGNEE_ID);
    return true;
}

/* Teammates that the record names. The assignee is one of them, if only by identifier. */
static void set_teammates(const JsonRecord *record, Conversation *conversation)
{
    Slice assignee = conversation->assignee_id;

    memcpy(conversation->teammates, record->teammates, record->teammate_count * sizeof(Teammate));
    conversation->teammate_count = record->teammate_count;
    if (assignee.bytes == NULL || conversation->teammate_count == TEAMMATE_LIMIT)
        return;
    for (size_t i = 0; i < record->teammate_count; i++)
        if (slice_equals(record->teammates[i].id, assignee))
            return;
    conversation->teammates[conversation->teammate_count++] = (Teammate){.id = assignee};
}

static bool set_counts(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    Count total;

    if (!json_count(record, MEMBER_COUNT_PARTS, &conversation->message_count, problem) ||
        !json_count(record, MEMBER_COUNT_REOPENS, &conversation->reopen_count, problem) ||
        !json_count(record, MEMBER_PART_TOTAL, &total, problem))
        return false;
    conversation->event_total = conversation->message_count;
    /* total_count of a webhook counts the new parts only. */
    if (total.known && !record->is_webhook &&
        (!conversation->event_total.known || total.value > conversation->event_total.value))
        conversation->event_total = total;
    if (conversation->message_count.known)
        carry(conversation, FIELD_MESSAGE_COUNT);
    if (conversation->reopen_count.known)
        carry(conversation, FIELD_REOPEN_COUNT);
    return true;
}

/* The first reply among the parts is not looked for here: the merge derives it from all known parts. */
static bool set_response(const JsonRecord *record, Conversation *conversation, Defect *problem)
{
    if (!json_instant(record, MEMBER_FIRST_ADMIN_REPLY_AT, &conversation->first_response_at, problem))
        return false;
    if (conversation->first_response_at.known || record->values[MEMBER_STATISTICS].kind == JSON_OBJECT)
        carry(conversation, FIELD_FIRST_RESPONSE_AT);
    return true;
}

static bool set_resolution(const JsonRecord *record, Conversation *conversation, const Close *close,
                           Defect *problem)
{
    Instant vendors;

    if (!json_instant(record, MEMBER_LAST_CLOSE_AT, &vendors, problem))
        return false;
    if (conversation->state != state_closed) {
        carry(conversation, FIELD_RESOLVED_AT);
        carry(conversation, FIELD_CLOSED_BY);
    } else if (close->is_seen) {
        conversation->resolved_at = close->at;
        conversation->closed_by = close->by;
        carry(conversation, FIELD_RESOLVED_AT);
        carry(conversation, FIELD_CLOSED_BY);
    } else if (vendors.known ||
               (record->values[MEMBER_STATISTICS].kind == JSON_OBJECT && !record->is_webhook)) {
        conversation->resolved_at = vendors;
        carry(conversation, FIELD_RESOLVED_AT);
    }
    return true;
}

static bool set_timeline(JsonReader *reader, Conversation *conversation, Defect *problem)
{
    const JsonRecord *record = &reader->record;
    Close close = {0};

    conversation->has_timeline =
        record->values[MEMBER_PARTS].kind == JSON_OBJECT || record->values[MEMBER_PARTS].kind == JSON_LIST;
    if (conversation->has_timeline && !events_read(reader, conversation, &close, problem))
        return false;
    /* In an empty list of parts nothing has happened since the start. */
    if (conversation->has_timeline && !record->is_webhook && !conversation->event_total.known)
        conversation->event_total = (Count){.known = record->part_count == 0, .value = 0};
    return set_response(record, conversation, problem) &&
           set_resolution(record, conversation, &close, problem);
}

bool intercom_conversation(JsonReader *reader, Conversation *conversation, Defect *problem)
{
    const JsonRecord *record = &reader->record;

    if (!check_type(record, problem) ||
        !json_conversation_id(record, MEMBER_ID, &conversation->conversation_id, problem))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "id", "the conversation has no identifier");
    if (!set_rest_state(record, conversation, problem) || !set_rest_start(record, conversation, problem) ||
        !json_instant(record, MEMBER_UPDATED_AT, &conversation->updated_at, problem) ||
        !set_people(record, conversation, problem) || !json_tags(reader, conversation, problem) ||
        !set_counts(record, conversation, problem) || !set_timeline(reader, conversation, problem))
        return false;
    set_teammates(record, conversation);
    carry(conversation, FIELD_CONVERSATION_ID);
    carry(conversation, FIELD_STATE);
    if (json_has(record, MEMBER_UPDATED_AT))
        carry(conversation, FIELD_UPDATED_AT);
    if (json_has(record, MEMBER_TAGS))
        carry(conversation, FIELD_TAGS);
    intercom_attributes(reader, conversation);
    if (conversation->attribute_count > 0)
        carry(conversation, FIELD_ATTRIBUTES);
    return true;
}
