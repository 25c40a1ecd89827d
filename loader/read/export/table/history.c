/*
 * history.c: the table of conversations that ETL tools make from the REST API, with its members as columns. A
 * history has a line for each version; the newest wins, as it does between exports.
 *
 * The assignee may be a team, by the column of its type. A team is kept as an attribute.
 */
#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"first_contact_reply.created_at", FIELD_STARTED_AT, &reading_time},
    {"statistics.first_contact_reply_at", FIELD_STARTED_AT, &reading_time},
    {"created_at", MEANING_CREATED_AT, &reading_time},
    {"statistics.first_admin_reply_at", FIELD_FIRST_RESPONSE_AT, &reading_time},
    {"statistics.last_close_at", MEANING_LAST_CLOSE_AT, &reading_time},
    {"statistics.first_close_at", MEANING_FIRST_CLOSE_AT, &reading_aside},
    {"updated_at", FIELD_UPDATED_AT, &reading_time},
    {"state", FIELD_STATE, &reading_state},
    {"admin_assignee_id", FIELD_ASSIGNEE_ID, &reading_somebody},
    {"assignee.id", MEANING_ASSIGNEE_OR_TEAM, &reading_somebody},
    {"assignee.type", MEANING_ASSIGNEE_TYPE, &reading_text},
    {"statistics.count_conversation_parts", FIELD_MESSAGE_COUNT, &reading_count},
    {"statistics.count_reopens", FIELD_REOPEN_COUNT, &reading_count},
    {"_fivetran_active", MEANING_IS_CURRENT, &reading_current},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, FIELD_STARTED_AT, FIELD_STATE, FIELD_UPDATED_AT,
                             MEANING_NONE};

static const char *const signs[] = {"id + state + created_at + updated_at", NULL};

static bool finish_row(Row *row, Defect *problem)
{
    Conversation *conversation = row->conversation;

    finish_assigned(row);
    if (conversation->assignee_id.bytes == NULL)
        conversation->assignee_id = row->assigned_id;
    return finish_version(row, problem);
}

const Shape shape_history = {
    .name = "history",
    .title = "conversations as ETL tools (Fivetran, Airbyte, Singer) keep them in a table",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_row,
};
