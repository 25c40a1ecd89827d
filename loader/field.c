/*
 * field.c: the fields of a conversation. See field.h.
 */
#include "field.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

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

char *carried_names(CarriedFields carried)
{
    char *names = format_text("{%s", field_names[carried & CARRIES(FIELD_ATTRIBUTES) ? FIELD_ATTRIBUTES : 0]);

    for (int i = 0; i < FIELD_COUNT; i++) {
        char *longer;

        if (!(carried & CARRIES(i)))
            continue;
        longer = format_text("%s,%s", names, field_names[i]);
        free(names);
        names = longer;
    }
    names = reallocate(names, strlen(names) + 2);
    return strcat(names, "}");
}
