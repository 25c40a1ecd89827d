/*
 * fields.c: the fields of a conversation. See fields.h.
 */
#include "read/record/fields.h"

const char *const field_names[FIELD_ATTRIBUTES + 1] = {
    [FIELD_CONVERSATION_ID] = "conversation_id",
    [FIELD_USER_ID] = "user_id",
    [FIELD_STARTED_AT] = "started_at",
    [FIELD_RESOLVED_AT] = "resolved_at",
    [FIELD_STATE] = "state",
    [FIELD_ASSIGNEE_EMAIL] = "assignee_email",
    [FIELD_TAGS] = "tags",
    [FIELD_MESSAGE_COUNT] = "message_count",
    [FIELD_REOPEN_COUNT] = "reopen_count",
    [FIELD_FIRST_RESPONSE_AT] = "first_response_at",
    [FIELD_UPDATED_AT] = "updated_at",
    [FIELD_ASSIGNEE_ID] = "assignee_id",
    [FIELD_CLOSED_BY] = "closed_by",
    [FIELD_ATTRIBUTES] = "attributes",
};

/* conversation_id has no number because every record has it, updated_at because it is the version. */
static const int32_t numbers[FIELD_ATTRIBUTES + 1] = {
    [FIELD_USER_ID] = 1,        [FIELD_STARTED_AT] = 2,   [FIELD_FIRST_RESPONSE_AT] = 4,
    [FIELD_RESOLVED_AT] = 8,    [FIELD_ASSIGNEE_ID] = 16, [FIELD_ASSIGNEE_EMAIL] = 16,
    [FIELD_CLOSED_BY] = 32,     [FIELD_TAGS] = 64,        [FIELD_MESSAGE_COUNT] = 128,
    [FIELD_REOPEN_COUNT] = 256, [FIELD_ATTRIBUTES] = 512, [FIELD_STATE] = 1024,
};

int32_t field_set(CarriedFields carried)
{
    int32_t set = 0;

    for (int i = 0; i <= FIELD_ATTRIBUTES; i++)
        if (carried & CARRIES(i))
            set |= numbers[i];
    return set;
}
