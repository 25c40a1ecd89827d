/*
 * value.c: what the loader reads of a JSON object. See value.h.
 */
#include "read/json/value.h"

#include <string.h>

#define NAME(name) name, sizeof(name) - 1

const JsonMemberSpec json_members[MEMBER_COUNT] = {
    [MEMBER_CONVERSATION_ID] = {PLACE_RECORD, NAME("conversation_id"), "conversation_id"},
    [MEMBER_USER_ID] = {PLACE_RECORD, NAME("user_id"), "user_id"},
    [MEMBER_STARTED_AT] = {PLACE_RECORD, NAME("started_at"), "started_at"},
    [MEMBER_RESOLVED_AT] = {PLACE_RECORD, NAME("resolved_at"), "resolved_at"},
    [MEMBER_STATE] = {PLACE_RECORD, NAME("state"), "state"},
    [MEMBER_ASSIGNEE_EMAIL] = {PLACE_RECORD, NAME("assignee_email"), "assignee_email"},
    [MEMBER_TAGS] = {PLACE_RECORD, NAME("tags"), "tags", PLACE_TAGS, PLACE_TAG},
    [MEMBER_MESSAGE_COUNT] = {PLACE_RECORD, NAME("message_count"), "message_count"},
    [MEMBER_REOPEN_COUNT] = {PLACE_RECORD, NAME("reopen_count"), "reopen_count"},
    [MEMBER_FIRST_RESPONSE_AT] = {PLACE_RECORD, NAME("first_response_at"), "first_response_at"},
    [MEMBER_UPDATED_AT] = {PLACE_RECORD, NAME("updated_at"), "updated_at"},
    [MEMBER_ASSIGNEE_ID] = {PLACE_RECORD, NAME("assignee_id"), "assignee_id"},
    [MEMBER_CLOSED_BY] = {PLACE_RECORD, NAME("closed_by"), "closed_by"},

    [MEMBER_TYPE] = {PLACE_RECORD, NAME("type"), "type"},
    [MEMBER_ID] = {PLACE_RECORD, NAME("id"), "id"},
    [MEMBER_CREATED_AT] = {PLACE_RECORD, NAME("created_at"), "created_at"},
    [MEMBER_OPEN] = {PLACE_RECORD, NAME("open"), "open"},
    [MEMBER_SNOOZED_UNTIL] = {PLACE_RECORD, NAME("snoozed_until"), "snoozed_until"},
    [MEMBER_ADMIN_ASSIGNEE_ID] = {PLACE_RECORD, NAME("admin_assignee_id"), "admin_assignee_id"},
    [MEMBER_ASSIGNEE] = {PLACE_RECORD, NAME("assignee"), "assignee", PLACE_ASSIGNEE},
    [MEMBER_CONTACTS] = {PLACE_RECORD, NAME("contacts"), "contacts", PLACE_CONTACTS, PLACE_CONTACT},
    [MEMBER_USER] = {PLACE_RECORD, NAME("user"), "user", PLACE_USER},
    [MEMBER_SOURCE] = {PLACE_RECORD, NAME("source"), "source", PLACE_SOURCE},
    [MEMBER_CONVERSATION_MESSAGE] = {PLACE_RECORD, NAME("conversation_message"), "conversation_message"},
    [MEMBER_FIRST_CONTACT_REPLY] = {PLACE_RECORD, NAME("first_contact_reply"), "first_contact_reply",
                                    PLACE_FIRST_REPLY},
    [MEMBER_STATISTICS] = {PLACE_RECORD, NAME("statistics"), "statistics", PLACE_STATISTICS},
    [MEMBER_PARTS] = {PLACE_RECORD, NAME("conversation_parts"), "conversation_parts", PLACE_PARTS,
                      PLACE_PART},
    [MEMBER_CUSTOMER_FIRST_REPLY] = {PLACE_RECORD, NAME("customer_first_reply"), "customer_first_reply",
                                     PLACE_CUSTOMER_REPLY},
    [MEMBER_COMPANY] = {PLACE_RECORD, NAME("company"), "company", PLACE_COMPANY},
    [MEMBER_TEAM_ASSIGNEE_ID] = {PLACE_RECORD, NAME("team_assignee_id"), "team_assignee_id"},
    [MEMBER_OBJECT] = {PLACE_RECORD, NAME("object"), "object"},
    [MEMBER_DELETED] = {PLACE_RECORD, NAME("deleted"), "deleted"},
    [MEMBER_DELETED_AT] = {PLACE_RECORD, NAME("deleted_at"), "deleted_at"},
    [MEMBER_PART_TYPE_HERE] = {PLACE_RECORD, NAME("part_type"), "part_type"},
    [MEMBER_STREAM] = {PLACE_RECORD, NAME("stream"), "stream"},
    [MEMBER_STREAM_DATA] = {PLACE_RECORD, NAME("data"), "data"},
    [MEMBER_STREAM_RECORD] = {PLACE_RECORD, NAME("record"), "record"},
    [MEMBER_AIRBYTE_DATA] = {PLACE_RECORD, NAME("_airbyte_data"), "_airbyte_data", .presence = true},

    [MEMBER_ENVELOPE_TYPE] = {PLACE_ENVELOPE, NAME("type"), "type"},
    [MEMBER_ENVELOPE_TOPIC] = {PLACE_ENVELOPE, NAME("topic"), "topic"},
    [MEMBER_ENVELOPE_CREATED_AT] = {PLACE_ENVELOPE, NAME("created_at"), "created_at"},
    [MEMBER_ENVELOPE_DATA] = {PLACE_ENVELOPE, NAME("data"), "data", PLACE_DATA},
    [MEMBER_DATA_ITEM] = {PLACE_DATA, NAME("item"), "data.item", PLACE_RECORD},

    [MEMBER_TAG_LIST] = {PLACE_TAGS, NAME("tags"), "tags.tags", PLACE_NOWHERE, PLACE_TAG},
    [MEMBER_TAG_NAME] = {PLACE_TAG, NAME("name"), "tags.name"},
    [MEMBER_CONTACT_LIST] = {PLACE_CONTACTS, NAME("contacts"), "contacts.contacts", PLACE_NOWHERE,
                             PLACE_CONTACT},
    [MEMBER_CONTACT_ID] = {PLACE_CONTACT, NAME("id"), "contacts.id"},
    [MEMBER_CONTACT_EXTERNAL_ID] = {PLACE_CONTACT, NAME("external_id"), "contacts.external_id"},
    [MEMBER_USER_OWN_ID] = {PLACE_USER, NAME("id"), "user.id"},
    [MEMBER_USER_EXTERNAL_ID] = {PLACE_USER, NAME("user_id"), "user.user_id"},
    [MEMBER_SOURCE_AUTHOR] = {PLACE_SOURCE, NAME("author"), "source.author", PLACE_AUTHOR},
    [MEMBER_SOURCE_TYPE] = {PLACE_SOURCE, NAME("type"), "source.type"},
    [MEMBER_SOURCE_DELIVERED_AS] = {PLACE_SOURCE, NAME("delivered_as"), "source.delivered_as"},
    [MEMBER_COMPANY_OWN_ID] = {PLACE_COMPANY, NAME("id"), "company.id"},
    [MEMBER_COMPANY_ID] = {PLACE_COMPANY, NAME("company_id"), "company.company_id"},
    [MEMBER_COMPANY_NAME] = {PLACE_COMPANY, NAME("name"), "company.name"},
    [MEMBER_COMPANY_PLAN] = {PLACE_COMPANY, NAME("plan"), "company.plan", PLACE_PLAN},
    [MEMBER_PLAN_NAME] = {PLACE_PLAN, NAME("name"), "company.plan.name"},
    [MEMBER_FIRST_REPLY_CREATED_AT] = {PLACE_FIRST_REPLY, NAME("created_at"),
                                       "first_contact_reply.created_at"},
    [MEMBER_CUSTOMER_REPLY_CREATED_AT] = {PLACE_CUSTOMER_REPLY, NAME("created_at"),
                                          "customer_first_reply.created_at"},
    [MEMBER_FIRST_CONTACT_REPLY_AT] = {PLACE_STATISTICS, NAME("first_contact_reply_at"),
                                       "statistics.first_contact_reply_at"},
    [MEMBER_FIRST_ADMIN_REPLY_AT] = {PLACE_STATISTICS, NAME("first_admin_reply_at"),
                                     "statistics.first_admin_reply_at"},
    [MEMBER_LAST_CLOSE_AT] = {PLACE_STATISTICS, NAME("last_close_at"), "statistics.last_close_at"},
    [MEMBER_COUNT_REOPENS] = {PLACE_STATISTICS, NAME("count_reopens"), "statistics.count_reopens"},
    [MEMBER_COUNT_PARTS] = {PLACE_STATISTICS, NAME("count_conversation_parts"),
                            "statistics.count_conversation_parts"},
    [MEMBER_ASSIGNEE_TYPE] = {PLACE_ASSIGNEE, NAME("type"), "assignee.type"},
    [MEMBER_ASSIGNEE_OWN_ID] = {PLACE_ASSIGNEE, NAME("id"), "assignee.id"},
    [MEMBER_ASSIGNEE_OWN_EMAIL] = {PLACE_ASSIGNEE, NAME("email"), "assignee.email"},
    [MEMBER_ASSIGNEE_OWN_NAME] = {PLACE_ASSIGNEE, NAME("name"), "assignee.name"},

    [MEMBER_PART_LIST] = {PLACE_PARTS, NAME("conversation_parts"), "conversation_parts.conversation_parts",
                          PLACE_NOWHERE, PLACE_PART},
    [MEMBER_PART_TOTAL] = {PLACE_PARTS, NAME("total_count"), "conversation_parts.total_count"},
    [MEMBER_PART_ID] = {PLACE_PART, NAME("id"), "conversation_parts.id"},
    [MEMBER_PART_TYPE] = {PLACE_PART, NAME("part_type"), "conversation_parts.part_type"},
    [MEMBER_PART_BODY] = {PLACE_PART, NAME("body"), "conversation_parts.body", .presence = true},
    [MEMBER_PART_CREATED_AT] = {PLACE_PART, NAME("created_at"), "conversation_parts.created_at"},
    [MEMBER_PART_STATE] = {PLACE_PART, NAME("state"), "conversation_parts.state"},
    [MEMBER_PART_AUTHOR] = {PLACE_PART, NAME("author"), "conversation_parts.author", PLACE_AUTHOR},
    [MEMBER_PART_ASSIGNED_TO] = {PLACE_PART, NAME("assigned_to"), "conversation_parts.assigned_to",
                                 PLACE_ASSIGNED},
    [MEMBER_PART_TAGS] = {PLACE_PART, NAME("tags"), "conversation_parts.tags", PLACE_NOWHERE,
                          PLACE_TAG_OF_PART},
    [MEMBER_PART_DETAILS] = {PLACE_PART, NAME("event_details"), "conversation_parts.event_details",
                             PLACE_DETAILS},
    [MEMBER_PART_CONVERSATION_ID] = {PLACE_PART, NAME("conversation_id"), "conversation_id"},
    [MEMBER_PART_CONVERSATION_CREATED_AT] = {PLACE_PART, NAME("conversation_created_at"),
                                             "conversation_created_at"},
    [MEMBER_PART_CONVERSATION_UPDATED_AT] = {PLACE_PART, NAME("conversation_updated_at"),
                                             "conversation_updated_at"},
    [MEMBER_PART_CONVERSATION_TOTAL] = {PLACE_PART, NAME("conversation_total_parts"),
                                        "conversation_total_parts"},
    [MEMBER_ASSIGNED_TYPE] = {PLACE_ASSIGNED, NAME("type"), "conversation_parts.assigned_to.type"},
    [MEMBER_ASSIGNED_ID] = {PLACE_ASSIGNED, NAME("id"), "conversation_parts.assigned_to.id"},
    [MEMBER_ASSIGNED_EMAIL] = {PLACE_ASSIGNED, NAME("email"), "conversation_parts.assigned_to.email"},
    [MEMBER_ASSIGNED_NAME] = {PLACE_ASSIGNED, NAME("name"), "conversation_parts.assigned_to.name"},
    [MEMBER_DETAILS_TAGS_ADDED] = {PLACE_DETAILS, NAME("tags_added"), "event_details.tags_added",
                                   PLACE_NOWHERE, PLACE_TAG_ADDED},
    [MEMBER_DETAILS_TAGS_REMOVED] = {PLACE_DETAILS, NAME("tags_removed"), "event_details.tags_removed",
                                     PLACE_NOWHERE, PLACE_TAG_REMOVED},
    [MEMBER_TAG_OF_PART_NAME] = {PLACE_TAG_OF_PART, NAME("name"), "conversation_parts.tags.name"},
    [MEMBER_TAG_ADDED_NAME] = {PLACE_TAG_ADDED, NAME("name"), "event_details.tags_added.name"},
    [MEMBER_TAG_REMOVED_NAME] = {PLACE_TAG_REMOVED, NAME("name"), "event_details.tags_removed.name"},
    [MEMBER_AUTHOR_TYPE] = {PLACE_AUTHOR, NAME("type"), "author.type"},
    [MEMBER_AUTHOR_ID] = {PLACE_AUTHOR, NAME("id"), "author.id"},
    [MEMBER_AUTHOR_EMAIL] = {PLACE_AUTHOR, NAME("email"), "author.email"},
    [MEMBER_AUTHOR_NAME] = {PLACE_AUTHOR, NAME("name"), "author.name"},

    [MEMBER_TEAMMATE_TYPE] = {PLACE_TEAMMATE, NAME("type"), "type"},
    [MEMBER_TEAMMATE_ID] = {PLACE_TEAMMATE, NAME("id"), "id"},
    [MEMBER_TEAMMATE_EMAIL] = {PLACE_TEAMMATE, NAME("email"), "email"},
    [MEMBER_TEAMMATE_NAME] = {PLACE_TEAMMATE, NAME("name"), "name"},
};

/* The table names the members of a place one after the other. */
static const struct {
    JsonMember first, end;
} ranges[] = {
    [PLACE_NOWHERE] = {0, 0},
    [PLACE_RECORD] = {MEMBER_CONVERSATION_ID, MEMBER_ENVELOPE_TYPE},
    [PLACE_ENVELOPE] = {MEMBER_ENVELOPE_TYPE, MEMBER_DATA_ITEM},
    [PLACE_DATA] = {MEMBER_DATA_ITEM, MEMBER_TAG_LIST},
    [PLACE_TAGS] = {MEMBER_TAG_LIST, MEMBER_TAG_NAME},
    [PLACE_TAG] = {MEMBER_TAG_NAME, MEMBER_CONTACT_LIST},
    [PLACE_CONTACTS] = {MEMBER_CONTACT_LIST, MEMBER_CONTACT_ID},
    [PLACE_CONTACT] = {MEMBER_CONTACT_ID, MEMBER_USER_OWN_ID},
    [PLACE_USER] = {MEMBER_USER_OWN_ID, MEMBER_SOURCE_AUTHOR},
    [PLACE_SOURCE] = {MEMBER_SOURCE_AUTHOR, MEMBER_COMPANY_OWN_ID},
    [PLACE_COMPANY] = {MEMBER_COMPANY_OWN_ID, MEMBER_PLAN_NAME},
    [PLACE_PLAN] = {MEMBER_PLAN_NAME, MEMBER_FIRST_REPLY_CREATED_AT},
    [PLACE_FIRST_REPLY] = {MEMBER_FIRST_REPLY_CREATED_AT, MEMBER_CUSTOMER_REPLY_CREATED_AT},
    [PLACE_CUSTOMER_REPLY] = {MEMBER_CUSTOMER_REPLY_CREATED_AT, MEMBER_FIRST_CONTACT_REPLY_AT},
    [PLACE_STATISTICS] = {MEMBER_FIRST_CONTACT_REPLY_AT, MEMBER_ASSIGNEE_TYPE},
    [PLACE_ASSIGNEE] = {MEMBER_ASSIGNEE_TYPE, MEMBER_PART_LIST},
    [PLACE_PARTS] = {MEMBER_PART_LIST, MEMBER_PART_ID},
    [PLACE_PART] = {MEMBER_PART_ID, MEMBER_ASSIGNED_TYPE},
    [PLACE_ASSIGNED] = {MEMBER_ASSIGNED_TYPE, MEMBER_DETAILS_TAGS_ADDED},
    [PLACE_DETAILS] = {MEMBER_DETAILS_TAGS_ADDED, MEMBER_TAG_OF_PART_NAME},
    [PLACE_TAG_OF_PART] = {MEMBER_TAG_OF_PART_NAME, MEMBER_TAG_ADDED_NAME},
    [PLACE_TAG_ADDED] = {MEMBER_TAG_ADDED_NAME, MEMBER_TAG_REMOVED_NAME},
    [PLACE_TAG_REMOVED] = {MEMBER_TAG_REMOVED_NAME, MEMBER_AUTHOR_TYPE},
    [PLACE_AUTHOR] = {MEMBER_AUTHOR_TYPE, MEMBER_TEAMMATE_TYPE},
    [PLACE_TEAMMATE] = {MEMBER_TEAMMATE_TYPE, MEMBER_COUNT},
};

/*
 * The members of a place by the length of their names: the first of each length, and the next of the same
 * length. MEMBER_UNREAD ends a chain. Most names in a record are not read, and for nearly all of them no
 * member has the length. A place is chained when its first name is looked up.
 */
#define LONGEST_NAME 32

_Static_assert(MEMBER_COUNT < 256, "a member fits into a byte");

static unsigned char heads[sizeof(ranges) / sizeof(ranges[0])][LONGEST_NAME + 1], nexts[MEMBER_COUNT];

static void chain_members(JsonPlace place)
{
    memset(heads[place], MEMBER_UNREAD, sizeof(heads[place]));
    for (JsonMember member = ranges[place].end; member-- > ranges[place].first;) {
        unsigned char *head = &heads[place][json_members[member].length];

        nexts[member] = *head;
        *head = (unsigned char)member;
    }
}

JsonMember find_member(JsonPlace place, Slice name)
{
    if (name.length == 0 || name.length > LONGEST_NAME)
        return MEMBER_UNREAD;
    if (heads[place][0] != MEMBER_UNREAD) /* of a place that is chained nothing has length 0 */
        chain_members(place);
    for (JsonMember member = heads[place][name.length]; member != MEMBER_UNREAD; member = nexts[member])
        if (memcmp(name.bytes, json_members[member].name, name.length) == 0)
            return member;
    return MEMBER_UNREAD;
}

Slice json_text(JsonValue value)
{
    Slice text = value.kind == JSON_STRING || value.kind == JSON_NUMBER ? slice_trim(value.text) : NO_SLICE;

    return text.length > 0 ? text : NO_SLICE;
}
