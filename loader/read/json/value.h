/*
 * value.h: what the loader reads of a JSON object: its members by name, and where in it they stand.
 *
 * Both shapes of a conversation are read by one table, in one pass: which of the two a record has is known
 * only at its end. The names of the canonical fields and those of Intercom's REST API overlap, and mean
 * nearly the same where they do. A teammate is a record of another kind, which its file promises.
 */
#ifndef TTR_LOADER_READ_JSON_VALUE_H
#define TTR_LOADER_READ_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/text/slice.h"

typedef enum JsonKind {
    JSON_ABSENT,
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_STRING,
    JSON_LIST,
    JSON_OBJECT,
} JsonKind;

typedef struct JsonValue {
    JsonKind kind;
    Slice text; /* of scalars: the number as it stands, the string decoded */
} JsonValue;

/* Where in a record an object stands. */
typedef enum JsonPlace {
    PLACE_NOWHERE, /* nothing in it is read */
    PLACE_RECORD,
    PLACE_ENVELOPE, /* of a webhook */
    PLACE_DATA,     /* the envelope's member data; its item is the record */
    PLACE_TAGS,
    PLACE_TAG,
    PLACE_CONTACTS,
    PLACE_CONTACT,
    PLACE_USER,
    PLACE_SOURCE,
    PLACE_COMPANY,
    PLACE_PLAN,
    PLACE_FIRST_REPLY,
    PLACE_CUSTOMER_REPLY,
    PLACE_STATISTICS,
    PLACE_ASSIGNEE,
    PLACE_PARTS,
    PLACE_PART, /* in a conversation, or a record of its own */
    PLACE_ASSIGNED,
    PLACE_DETAILS,
    PLACE_TAG_OF_PART,
    PLACE_TAG_ADDED,
    PLACE_TAG_REMOVED,
    PLACE_AUTHOR,
    PLACE_TEAMMATE, /* a record of its own */
    PLACE_COUNT,
} JsonPlace;

/* The members that are read; those of the record first come by the fields' own names, in the order of
 * FieldId. */
typedef enum JsonMember {
    MEMBER_CONVERSATION_ID,
    MEMBER_USER_ID,
    MEMBER_STARTED_AT,
    MEMBER_RESOLVED_AT,
    MEMBER_STATE,
    MEMBER_ASSIGNEE_EMAIL,
    MEMBER_TAGS,
    MEMBER_MESSAGE_COUNT,
    MEMBER_REOPEN_COUNT,
    MEMBER_FIRST_RESPONSE_AT,
    MEMBER_UPDATED_AT,
    MEMBER_ASSIGNEE_ID,
    MEMBER_CLOSED_BY,
    MEMBER_TYPE,
    MEMBER_ID,
    MEMBER_CREATED_AT,
    MEMBER_OPEN,
    MEMBER_SNOOZED_UNTIL,
    MEMBER_ADMIN_ASSIGNEE_ID,
    MEMBER_ASSIGNEE,
    MEMBER_CONTACTS,
    MEMBER_USER,
    MEMBER_SOURCE,
    MEMBER_CONVERSATION_MESSAGE,
    MEMBER_FIRST_CONTACT_REPLY,
    MEMBER_STATISTICS,
    MEMBER_PARTS,
    MEMBER_CUSTOMER_FIRST_REPLY,
    MEMBER_COMPANY,
    MEMBER_TEAM_ASSIGNEE_ID,
    MEMBER_OBJECT,
    MEMBER_DELETED,
    MEMBER_DELETED_AT,
    MEMBER_PART_TYPE_HERE,
    MEMBER_STREAM,
    MEMBER_STREAM_DATA,
    MEMBER_STREAM_RECORD,
    MEMBER_AIRBYTE_DATA,
    MEMBER_ENVELOPE_TYPE,
    MEMBER_ENVELOPE_TOPIC,
    MEMBER_ENVELOPE_CREATED_AT,
    MEMBER_ENVELOPE_DATA,
    MEMBER_DATA_ITEM,
    MEMBER_TAG_LIST,
    MEMBER_TAG_NAME,
    MEMBER_CONTACT_LIST,
    MEMBER_CONTACT_ID,
    MEMBER_CONTACT_EXTERNAL_ID,
    MEMBER_USER_OWN_ID,
    MEMBER_USER_EXTERNAL_ID,
    MEMBER_SOURCE_AUTHOR,
    MEMBER_SOURCE_TYPE,
    MEMBER_SOURCE_DELIVERED_AS,
    MEMBER_COMPANY_OWN_ID,
    MEMBER_COMPANY_ID,
    MEMBER_COMPANY_NAME,
    MEMBER_COMPANY_PLAN,
    MEMBER_PLAN_NAME,
    MEMBER_FIRST_REPLY_CREATED_AT,
    MEMBER_CUSTOMER_REPLY_CREATED_AT,
    MEMBER_FIRST_CONTACT_REPLY_AT,
    MEMBER_FIRST_ADMIN_REPLY_AT,
    MEMBER_LAST_CLOSE_AT,
    MEMBER_COUNT_REOPENS,
    MEMBER_COUNT_PARTS,
    MEMBER_ASSIGNEE_TYPE,
    MEMBER_ASSIGNEE_OWN_ID,
    MEMBER_ASSIGNEE_OWN_EMAIL,
    MEMBER_ASSIGNEE_OWN_NAME,
    MEMBER_PART_LIST,
    MEMBER_PART_TOTAL,
    MEMBER_PART_ID,
    MEMBER_PART_TYPE,
    MEMBER_PART_BODY,
    MEMBER_PART_CREATED_AT,
    MEMBER_PART_STATE,
    MEMBER_PART_AUTHOR,
    MEMBER_PART_ASSIGNED_TO,
    MEMBER_PART_TAGS,
    MEMBER_PART_DETAILS,
    MEMBER_PART_CONVERSATION_ID,
    MEMBER_PART_CONVERSATION_CREATED_AT,
    MEMBER_PART_CONVERSATION_UPDATED_AT,
    MEMBER_PART_CONVERSATION_TOTAL,
    MEMBER_ASSIGNED_TYPE,
    MEMBER_ASSIGNED_ID,
    MEMBER_ASSIGNED_EMAIL,
    MEMBER_ASSIGNED_NAME,
    MEMBER_DETAILS_TAGS_ADDED,
    MEMBER_DETAILS_TAGS_REMOVED,
    MEMBER_TAG_OF_PART_NAME,
    MEMBER_TAG_ADDED_NAME,
    MEMBER_TAG_REMOVED_NAME,
    MEMBER_AUTHOR_TYPE,
    MEMBER_AUTHOR_ID,
    MEMBER_AUTHOR_EMAIL,
    MEMBER_AUTHOR_NAME,
    MEMBER_TEAMMATE_TYPE,
    MEMBER_TEAMMATE_ID,
    MEMBER_TEAMMATE_EMAIL,
    MEMBER_TEAMMATE_NAME,
    MEMBER_COUNT,
    MEMBER_UNREAD = MEMBER_COUNT,
} JsonMember;

#define LONGEST_NAME 31

typedef struct JsonMemberSpec {
    JsonPlace place;
    char name[LONGEST_NAME + 1];
    const char *path;  /* as defects name it */
    JsonPlace object;  /* what an object here is */
    JsonPlace element; /* what the elements of an array here are */
    bool presence;     /* only whether there is text counts */
} JsonMemberSpec;

extern const JsonMemberSpec json_members[MEMBER_COUNT];

/* The member of that name; MEMBER_UNREAD: it is not read. */
JsonMember find_member(JsonPlace place, Slice name);

/* Before an object that may stand there several times: forgets the members of the one before. */
void forget_members(JsonValue *values, JsonPlace place);

/* Of a string or a number its text, trimmed; no slice where there is none. */
Slice json_text(JsonValue value);

#endif
