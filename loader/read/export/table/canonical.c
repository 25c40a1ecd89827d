/*
 * canonical.c: the columns of ttr-load itself, with the names that other tools have for them. Scripts should
 * write these.
 *
 * The way into table/: each file defines one Shape (read/export/shape.h), and mapping.c does the rest.
 */
#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation id", FIELD_CONVERSATION_ID, &reading_text},
    {"id", FIELD_CONVERSATION_ID, &reading_text},
    {"user_id", FIELD_USER_ID, &reading_text},
    {"started_at", FIELD_STARTED_AT, &reading_iso},
    {"conversation_started_at", FIELD_STARTED_AT, &reading_iso},
    {"conversation started at", FIELD_STARTED_AT, &reading_iso},
    {"first_user_conversation_part_created_at", FIELD_STARTED_AT, &reading_iso},
    {"statistics.first_contact_reply_at", FIELD_STARTED_AT, &reading_iso},
    {"first_contact_reply.created_at", FIELD_STARTED_AT, &reading_iso},
    {"created_at", MEANING_CREATED_AT, &reading_iso},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_iso},
    {"conversation created at", MEANING_CREATED_AT, &reading_iso},
    {"resolved_at", FIELD_RESOLVED_AT, &reading_iso},
    {"statistics.last_close_at", MEANING_LAST_CLOSE_AT, &reading_iso},
    {"conversation_last_closed_at", MEANING_LAST_CLOSE_AT, &reading_iso},
    {"conversation last closed at", MEANING_LAST_CLOSE_AT, &reading_iso},
    {"conversation_closed_at", MEANING_LAST_CLOSE_AT, &reading_iso},
    {"state", FIELD_STATE, &reading_state},
    {"current_conversation_state", FIELD_STATE, &reading_state},
    {"current conversation state", FIELD_STATE, &reading_state},
    {"conversation_state", FIELD_STATE, &reading_state},
    {"assignee_email", FIELD_ASSIGNEE_EMAIL, &reading_text},
    {"tags", FIELD_TAGS, &reading_tags},
    {"message_count", FIELD_MESSAGE_COUNT, &reading_count},
    {"reopen_count", FIELD_REOPEN_COUNT, &reading_count},
    {"first_response_at", FIELD_FIRST_RESPONSE_AT, &reading_iso},
    {"updated_at", FIELD_UPDATED_AT, &reading_iso},
    {"assignee_id", FIELD_ASSIGNEE_ID, &reading_somebody},
    {"closed_by", FIELD_CLOSED_BY, &reading_closer},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, FIELD_USER_ID,        FIELD_STARTED_AT, FIELD_RESOLVED_AT,
                             FIELD_STATE,           FIELD_ASSIGNEE_EMAIL, MEANING_NONE};

const Shape shape_canonical = {
    .name = "csv",
    .title = "the columns of ttr-load, and what others call them",
    .content = FORMAT_CSV,
    .columns = columns,
    .needed = needed,
    .finish = finish_conversation,
};

const Shape shape_json = {
    .name = "json",
    .title = "JSON objects with the same members, or of Intercom's API, each by what it is",
    .content = FORMAT_JSON,
};

const Shape shape_intercom = {
    .name = "intercom",
    .title = "conversations of Intercom's REST API, alone or in pages, lists and webhooks",
    .content = FORMAT_JSON,
};
