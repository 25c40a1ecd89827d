/*
 * field.h: the fields of a conversation under the names that people use for them.
 *
 * A record speaks only of the fields that its shape carries: those stand in a set, one bit each.
 */
#ifndef TTR_LOADER_FIELD_H
#define TTR_LOADER_FIELD_H

#include "record.h"

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
    FIELD_ATTRIBUTES, /* whatever else a record says; not a column of its own */
} FieldId;

#define FIELD_COUNT ((int)FIELD_ATTRIBUTES) /* those that have a setter */
#define FIELD_SETS  (1 << (FIELD_ATTRIBUTES + 1))

#define CARRIES(field) (UINT32_C(1) << (field))

typedef struct Field {
    const char *name;
    bool required; /* a CSV file has the column */
    bool copied;   /* its setter changes the text in place, and what was read must stay as it is */
    FieldSetter *set;
} Field;

extern const Field fields[FIELD_COUNT];

/* The field of that name, in any case; -1: there is none. */
int find_field(Slice name);

/* The names of the fields, as a PostgreSQL array literal; the caller frees it. */
char *carried_names(CarriedFields carried);

#endif
