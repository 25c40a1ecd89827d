/*
 * field.c: the fields of a conversation. See field.h.
 */
#include "field.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

const Field fields[FIELD_COUNT] = {
    [FIELD_CONVERSATION_ID] = {"conversation_id", true, false, set_conversation_id},
    [FIELD_USER_ID] = {"user_id", true, false, set_user_id},
    [FIELD_STARTED_AT] = {"started_at", true, false, set_started_at},
    [FIELD_RESOLVED_AT] = {"resolved_at", true, false, set_resolved_at},
    [FIELD_STATE] = {"state", true, false, set_state},
    [FIELD_ASSIGNEE_EMAIL] = {"assignee_email", true, false, set_assignee_email},
    [FIELD_TAGS] = {"tags", false, true, set_tags},
    [FIELD_MESSAGE_COUNT] = {"message_count", false, false, set_message_count},
    [FIELD_REOPEN_COUNT] = {"reopen_count", false, false, set_reopen_count},
    [FIELD_FIRST_RESPONSE_AT] = {"first_response_at", false, false, set_first_response_at},
    [FIELD_UPDATED_AT] = {"updated_at", false, false, set_updated_at},
    [FIELD_ASSIGNEE_ID] = {"assignee_id", false, false, set_assignee_id},
    [FIELD_CLOSED_BY] = {"closed_by", false, false, set_closed_by},
};

int find_field(Slice name)
{
    for (int i = 0; i < FIELD_COUNT; i++)
        if (slice_is_word(name, fields[i].name))
            return i;
    return -1;
}

char *carried_names(CarriedFields carried)
{
    char *names = format_text("{%s", carried & CARRIES(FIELD_ATTRIBUTES) ? "attributes" : fields[0].name);

    for (int i = 0; i < FIELD_COUNT; i++) {
        char *longer;

        if (!(carried & CARRIES(i)))
            continue;
        longer = format_text("%s,%s", names, fields[i].name);
        free(names);
        names = longer;
    }
    names = reallocate(names, strlen(names) + 2);
    return strcat(names, "}");
}
