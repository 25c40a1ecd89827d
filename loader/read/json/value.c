/*
 * value.c: the members of a JSON object that are read. See value.h.
 */
#include "read/json/value.h"

#include <string.h>

const JsonMemberSpec json_members[MEMBER_COUNT] = {
    [MEMBER_CONVERSATION_ID] = {PLACE_RECORD, "conversation_id", "conversation_id"},
    [MEMBER_USER_ID] = {PLACE_RECORD, "user_id", "user_id"},
    [MEMBER_STARTED_AT] = {PLACE_RECORD, "started_at", "started_at"},
    [MEMBER_RESOLVED_AT] = {PLACE_RECORD, "resolved_at", "resolved_at"},
    [MEMBER_STATE] = {PLACE_RECORD, "state", "state"},
    [MEMBER_ASSIGNEE_EMAIL] = {PLACE_RECORD, "assignee_email", "assignee_email"},
    [MEMBER_TAGS] = {PLACE_RECORD, "tags", "tags", PLACE_TAGS, PLACE_TAG},
    [MEMBER_MESSAGE_COUNT] = {PLACE_RECORD, "message_count", "message_count"},
    [MEMBER_REOPEN_COUNT] = {PLACE_RECORD, "reopen_count", "reopen_count"},
    [MEMBER_FIRST_RESPONSE_AT] = {PLACE_RECORD, "first_response_at", "first_response_at"},
    [MEMBER_UPDATED_AT] = {PLACE_RECORD, "updated_at", "updated_at"},
    [MEMBER_ASSIGNEE_ID] = {PLACE_RECORD, "assignee_id", "assignee_id"},
    [MEMBER_CLOSED_BY] = {PLACE_RECORD, "closed_by", "closed_by"},

    [MEMBER_TYPE] = {PLACE_RECORD, "type", "type"},
    [MEMBER_ID] = {PLACE_RECORD, "id", "id"},
    [MEMBER_CREATED_AT] = {PLACE_RECORD, "created_at", "created_at"},
    [MEMBER_OPEN] = {PLACE_RECORD, "open", "open"},
    [MEMBER_SNOOZED_UNTIL] = {PLACE_RECORD, "snoozed_until", "snoozed_until"},
    [MEMBER_ADMIN_ASSIGNEE_ID] = {PLACE_RECORD, "admin_assignee_id", "admin_assignee_id"},
    [MEMBER_ASSIGNEE] = {PLACE_RECORD, "assignee", "assignee", PLACE_ASSIGNEE},
    [MEMBER_CONTACTS] = {PLACE_RECORD, "contacts", "contacts", PLACE_CONTACTS, PLACE_CONTACT},
    [MEMBER_USER] = {PLACE_RECORD, "user", "user", PLACE_USER},
    [MEMBER_SOURCE] = {PLACE_RECORD, "source", "source", PLACE_SOURCE},
    [MEMBER_CONVERSATION_MESSAGE] = {PLACE_RECORD, "conversation_message", "conversation_message"},
    [MEMBER_FIRST_CONTACT_REPLY] = {PLACE_RECORD, "first_contact_reply", "first_contact_reply",
                                    PLACE_FIRST_REPLY},
    [MEMBER_STATISTICS] = {PLACE_RECORD, "statistics", "statistics", PLACE_STATISTICS},
    [MEMBER_PARTS] = {PLACE_RECORD, "conversation_parts", "conversation_parts", PLACE_PARTS, PLACE_PART},
    [MEMBER_CUSTOMER_FIRST_REPLY] = {PLACE_RECORD, "customer_first_reply", "customer_first_reply",
                                     PLACE_CUSTOMER_REPLY},
    [MEMBER_COMPANY] = {PLACE_RECORD, "company", "company", PLACE_COMPANY},
    [MEMBER_TEAM_ASSIGNEE_ID] = {PLACE_RECORD, "team_assignee_id", "team_assignee_id"},
    [MEMBER_OBJECT] = {PLACE_RECORD, "object", "object"},
    [MEMBER_DELETED] = {PLACE_RECORD, "deleted", "deleted"},
    [MEMBER_DELETED_AT] = {PLACE_RECORD, "deleted_at", "deleted_at"},
    [MEMBER_PART_TYPE_HERE] = {PLACE_RECORD, "part_type", "part_type"},
    [MEMBER_STREAM] = {PLACE_RECORD, "stream", "stream"},
    [MEMBER_STREAM_DATA] = {PLACE_RECORD, "data", "data"},
    [MEMBER_STREAM_RECORD] = {PLACE_RECORD, "record", "record"},
    [MEMBER_AIRBYTE_DATA] = {PLACE_RECORD, "_airbyte_data", "_airbyte_data", .presence = true},

    [MEMBER_ENVELOPE_TYPE] = {PLACE_ENVELOPE, "type", "type"},
    [MEMBER_ENVELOPE_TOPIC] = {PLACE_ENVELOPE, "topic", "topic"},
    [MEMBER_ENVELOPE_CREATED_AT] = {PLACE_ENVELOPE, "created_at", "created_at"},
    [MEMBER_ENVELOPE_DATA] = {PLACE_ENVELOPE, "data", "data", PLACE_DATA},
    [MEMBER_DATA_ITEM] = {PLACE_DATA, "item", "data.item", PLACE_RECORD},

    [MEMBER_TAG_LIST] = {PLACE_TAGS, "tags", "tags.tags", PLACE_NOWHERE, PLACE_TAG},
    [MEMBER_TAG_NAME] = {PLACE_TAG, "name", "tags.name"},
    [MEMBER_CONTACT_LIST] = {PLACE_CONTACTS, "contacts", "contacts.contacts", PLACE_NOWHERE, PLACE_CONTACT},
    [MEMBER_CONTACT_ID] = {PLACE_CONTACT, "id", "contacts.id"},
    [MEMBER_CONTACT_EXTERNAL_ID] = {PLACE_CONTACT, "external_id", "contacts.external_id"},
    [MEMBER_USER_OWN_ID] = {PLACE_USER, "id", "user.id"},
    [MEMBER_USER_EXTERNAL_ID] = {PLACE_USER, "user_id", "user.user_id"},
    [MEMBER_SOURCE_AUTHOR] = {PLACE_SOURCE, "author", "source.author", PLACE_AUTHOR},
    [MEMBER_SOURCE_TYPE] = {PLACE_SOURCE, "type", "source.type"},
    [MEMBER_SOURCE_DELIVERED_AS] = {PLACE_SOURCE, "delivered_as", "source.delivered_as"},
    [MEMBER_COMPANY_OWN_ID] = {PLACE_COMPANY, "id", "company.id"},
    [MEMBER_COMPANY_ID] = {PLACE_COMPANY, "company_id", "company.company_id"},
    [MEMBER_COMPANY_NAME] = {PLACE_COMPANY, "name", "company.name"},
    [MEMBER_COMPANY_PLAN] = {PLACE_COMPANY, "plan", "company.plan", PLACE_PLAN},
    [MEMBER_PLAN_NAME] = {PLACE_PLAN, "name", "company.plan.name"},
    [MEMBER_FIRST_REPLY_CREATED_AT] = {PLACE_FIRST_REPLY, "created_at", "first_contact_reply.created_at"},
    [MEMBER_CUSTOMER_REPLY_CREATED_AT] = {PLACE_CUSTOMER_REPLY, "created_at",
                                          "customer_first_reply.created_at"},
    [MEMBER_FIRST_CONTACT_REPLY_AT] = {PLACE_STATISTICS, "first_contact_reply_at",
                                       "statistics.first_contact_reply_at"},
    [MEMBER_FIRST_ADMIN_REPLY_AT] = {PLACE_STATISTICS, "first_admin_reply_at",
                                     "statistics.first_admin_reply_at"},
    [MEMBER_LAST_CLOSE_AT] = {PLACE_STATISTICS, "last_close_at", "statistics.last_close_at"},
    [MEMBER_COUNT_REOPENS] = {PLACE_STATISTICS, "count_reopens", "statistics.count_reopens"},
    [MEMBER_COUNT_PARTS] = {PLACE_STATISTICS, "count_conversation_parts",
                            "statistics.count_conversation_parts"},
    [MEMBER_ASSIGNEE_TYPE] = {PLACE_ASSIGNEE, "type", "assignee.type"},
    [MEMBER_ASSIGNEE_OWN_ID] = {PLACE_ASSIGNEE, "id", "assignee.id"},
    [MEMBER_ASSIGNEE_OWN_EMAIL] = {PLACE_ASSIGNEE, "email", "assignee.email"},
    [MEMBER_ASSIGNEE_OWN_NAME] = {PLACE_ASSIGNEE, "name", "assignee.name"},

    [MEMBER_PART_LIST] = {PLACE_PARTS, "conversation_parts", "conversation_parts.conversation_parts",
                          PLACE_NOWHERE, PLACE_PART},
    [MEMBER_PART_TOTAL] = {PLACE_PARTS, "total_count", "conversation_parts.total_count"},
    [MEMBER_PART_ID] = {PLACE_PART, "id", "conversation_parts.id"},
    [MEMBER_PART_TYPE] = {PLACE_PART, "part_type", "conversation_parts.part_type"},
    [MEMBER_PART_BODY] = {PLACE_PART, "body", "conversation_parts.body", .presence = true},
    [MEMBER_PART_CREATED_AT] = {PLACE_PART, "created_at", "conversation_parts.created_at"},
    [MEMBER_PART_STATE] = {PLACE_PART, "state", "conversation_parts.state"},
    [MEMBER_PART_AUTHOR] = {PLACE_PART, "author", "conversation_parts.author", PLACE_AUTHOR},
    [MEMBER_PART_ASSIGNED_TO] = {PLACE_PART, "assigned_to", "conversation_parts.assigned_to", PLACE_ASSIGNED},
    [MEMBER_PART_TAGS] = {PLACE_PART, "tags", "conversation_parts.tags", PLACE_NOWHERE, PLACE_TAG_OF_PART},
    [MEMBER_PART_DETAILS] = {PLACE_PART, "event_details", "conversation_parts.event_details", PLACE_DETAILS},
    [MEMBER_PART_CONVERSATION_ID] = {PLACE_PART, "conversation_id", "conversation_id"},
    [MEMBER_PART_CONVERSATION_CREATED_AT] = {PLACE_PART, "conversation_created_at",
                                             "conversation_created_at"},
    [MEMBER_PART_CONVERSATION_UPDATED_AT] = {PLACE_PART, "conversation_updated_at",
                                             "conversation_updated_at"},
    [MEMBER_PART_CONVERSATION_TOTAL] = {PLACE_PART, "conversation_total_parts", "conversation_total_parts"},
    [MEMBER_PART_ADMIN_ASSIGNEE_ID] = {PLACE_PART, "admin_assignee_id",
                                       "conversation_parts.admin_assignee_id"},
    [MEMBER_PART_TEAM_ASSIGNEE_ID] = {PLACE_PART, "team_assignee_id", "conversation_parts.team_assignee_id"},
    [MEMBER_ASSIGNED_TYPE] = {PLACE_ASSIGNED, "type", "conversation_parts.assigned_to.type"},
    [MEMBER_ASSIGNED_ID] = {PLACE_ASSIGNED, "id", "conversation_parts.assigned_to.id"},
    [MEMBER_ASSIGNED_EMAIL] = {PLACE_ASSIGNED, "email", "conversation_parts.assigned_to.email"},
    [MEMBER_ASSIGNED_NAME] = {PLACE_ASSIGNED, "name", "conversation_parts.assigned_to.name"},
    [MEMBER_DETAILS_TAGS_ADDED] = {PLACE_DETAILS, "tags_added", "event_details.tags_added", PLACE_NOWHERE,
                                   PLACE_TAG_ADDED},
    [MEMBER_DETAILS_TAGS_REMOVED] = {PLACE_DETAILS, "tags_removed", "event_details.tags_removed",
                                     PLACE_NOWHERE, PLACE_TAG_REMOVED},
    [MEMBER_TAG_OF_PART_NAME] = {PLACE_TAG_OF_PART, "name", "conversation_parts.tags.name"},
    [MEMBER_TAG_ADDED_NAME] = {PLACE_TAG_ADDED, "name", "event_details.tags_added.name"},
    [MEMBER_TAG_REMOVED_NAME] = {PLACE_TAG_REMOVED, "name", "event_details.tags_removed.name"},
    [MEMBER_AUTHOR_TYPE] = {PLACE_AUTHOR, "type", "author.type"},
    [MEMBER_AUTHOR_ID] = {PLACE_AUTHOR, "id", "author.id"},
    [MEMBER_AUTHOR_EMAIL] = {PLACE_AUTHOR, "email", "author.email"},
    [MEMBER_AUTHOR_NAME] = {PLACE_AUTHOR, "name", "author.name"},

    [MEMBER_TEAMMATE_TYPE] = {PLACE_TEAMMATE, "type", "type"},
    [MEMBER_TEAMMATE_ID] = {PLACE_TEAMMATE, "id", "id"},
    [MEMBER_TEAMMATE_EMAIL] = {PLACE_TEAMMATE, "email", "email"},
    [MEMBER_TEAMMATE_NAME] = {PLACE_TEAMMATE, "name", "name"},
};

/*
 * The members of a place, which are neighbours in the table, by the length of their names: the first of each
 * length, and the next of the same length. MEMBER_UNREAD ends a chain. Most names in a record are not
 * read, and hardly any of these has the length of a member's. A place is indexed when it is first met.
 */
typedef struct PlaceIndex {
    JsonMember first, end;
    unsigned char heads[NAME_LIMIT + 1];
} PlaceIndex;

static PlaceIndex indexes[PLACE_COUNT];
static unsigned char nexts[MEMBER_COUNT];

_Static_assert(MEMBER_COUNT < 256, "a member fits into a byte");

static const PlaceIndex *index_of(JsonPlace place)
{
    PlaceIndex *index = &indexes[place];

    if (index->end > 0)
        return index;
    memset(index->heads, MEMBER_UNREAD, sizeof(index->heads));
    for (JsonMember member = MEMBER_COUNT; member-- > 0;) {
        unsigned char *head = &index->heads[strnlen(json_members[member].name, NAME_LIMIT)];

        if (json_members[member].place != place)
            continue;
        if (index->end == 0)
            index->end = member + 1;
        index->first = member;
        nexts[member] = *head;
        *head = (unsigned char)member;
    }
    return index;
}

void forget_members(JsonValue *values, JsonPlace place)
{
    const PlaceIndex *index = index_of(place);

    memset(&values[index->first], 0, sizeof(JsonValue) * (size_t)(index->end - index->first));
}

JsonMember find_member(JsonPlace place, Slice name)
{
    if (name.length > NAME_LIMIT)
        return MEMBER_UNREAD;
    for (JsonMember member = index_of(place)->heads[name.length]; member != MEMBER_UNREAD;
         member = nexts[member])
        if (memcmp(name.bytes, json_members[member].name, name.length) == 0)
            return member;
    return MEMBER_UNREAD;
}

Slice json_text(JsonValue value)
{
    Slice text = value.kind == JSON_STRING || value.kind == JSON_NUMBER ? slice_trim(value.text) : NO_SLICE;

    return text.length > 0 ? text : NO_SLICE;
}
