/*
 * fields.h: the fields of a conversation, and their names.
 *
 * A record has only the fields that its layout carries. They form a set, with one bit each.
 */
#ifndef TTR_LOADER_READ_RECORD_FIELDS_H
#define TTR_LOADER_READ_RECORD_FIELDS_H

#include "read/record/conversation.h"

typedef enum FieldId {
    FIELD_CONVERSATION_ID,
    FIELD_USER_ID,
    FIELD_STARTED_AT,
    FIELD_RESOLVED_AT,
    FIELD_STATE,
    FIELD_ASSIGNEE_EMAIL,
    FIELD_TAGS,
    FIELD_MESSAGE_COUNT,
    FIELD_REOPEN_COUNT,
    FIELD_FIRST_RESPONSE_AT,
    FIELD_UPDATED_AT,
    FIELD_ASSIGNEE_ID,
    FIELD_CLOSED_BY,
    FIELD_ATTRIBUTES, /* all other values of a record; not a column of its own */
} FieldId;

#define FIELD_COUNT ((int)FIELD_ATTRIBUTES) /* those that are columns */

#define CARRIES(field) (UINT32_C(1) << (field))

extern const char *const field_names[FIELD_ATTRIBUTES + 1];

/* The times of a record that may be local. Those of its events count as one. */
typedef enum StagedTime {
    STAGED_STARTED_AT,
    STAGED_FIRST_RESPONSE_AT,
    STAGED_RESOLVED_AT,
    STAGED_UPDATED_AT,
    STAGED_EVENT_AT,
    STAGED_TIMES,
    NOT_STAGED = STAGED_TIMES,
} StagedTime;

/* The set in the numbers of ttr_data.conversation.field_set, where identifier and address of the assignee are
 * one field. */
int32_t field_set(CarriedFields carried);

#endif
