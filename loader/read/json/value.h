/*
 * value.h: the members of a JSON object that are read, by name and place.
 *
 * One table serves both layouts of a conversation, in one pass, because the layout is known only at the end
 * of the record. The canonical fields and Intercom's REST API share some names, with nearly the same meaning.
 * A file with a list has records of another kind, teammates or tags.
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
    Slice text; /* of scalars: a number undecoded, a string decoded */
} JsonValue;

/* The place of an object in a record. */
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
    PLACE_TEAMMATE, /* a record of its own, as is a tag in a list */
    PLACE_COUNT,
} JsonPlace;

/* The members that are read. First come those with the names of fields, in the order of FieldId; then all
 * members of a place are neighbours. */
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
    MEMBER_PART_ADMIN_ASSIGNEE_ID,
    MEMBER_PART_TEAM_ASSIGNEE_ID,
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

#define NAME_LIMIT 32 /* bytes of a name; a longer one does not compile */

typedef struct JsonMemberSpec {
    JsonPlace place;
    char name[NAME_LIMIT]; /* without a NUL if it is that long */
    const char *path;      /* in defects */
    JsonPlace object;      /* of an object that is the value */
    JsonPlace element;     /* of the elements of an array that is the value */
    bool presence;         /* only the length of its text is kept */
} JsonMemberSpec;

extern const JsonMemberSpec json_members[MEMBER_COUNT];

/* The member of that name; MEMBER_UNREAD if it is not read. */
JsonMember find_member(JsonPlace place, Slice name);

/* Before an object: forgets the members of an earlier one in the same place. */
void forget_members(JsonValue *values, JsonPlace place);

/* The text of a string or a number, trimmed; no slice if it is blank or the value is neither. */
Slice json_text(JsonValue value);

#endif
