/*
 * dataset.c: the dataset "conversation" of Intercom's Reporting Data Export API. Its columns have the
 * identifiers of attributes, with or without a prefix.
 *
 * Columns that are called identifiers may hold names, except those called raw.
 */
#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"user_id", FIELD_USER_ID, &reading_text},
    {"conversation_started_at", FIELD_STARTED_AT, &reading_time},
    {"first_user_conversation_part_created_at", FIELD_STARTED_AT, &reading_time},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_time},
    {"conversation_first_teammate_reply_at", FIELD_FIRST_RESPONSE_AT, &reading_time},
    {"conversation_last_closed_at", MEANING_LAST_CLOSE_AT, &reading_time},
    {"conversation_first_closed_at", MEANING_FIRST_CLOSE_AT, &reading_aside},
    {"conversation_updated_at", FIELD_UPDATED_AT, &reading_time},
    {"current_conversation_state", FIELD_STATE, &reading_english_state},
    {"conversation_state", FIELD_STATE, &reading_english_state},
    {"currently_assigned_teammate_raw_id", FIELD_ASSIGNEE_ID, &reading_somebody},
    {"currently_assigned_teammate_id", MEANING_ASSIGNEE_NAME, &reading_somebody},
    {"conversation_tags", FIELD_TAGS, &reading_tag_list},
    {"conversation_tag_ids", FIELD_TAGS, &reading_tag_names},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, FIELD_STARTED_AT, FIELD_STATE, MEANING_NONE};

static const char *const signs[] = {
    "conversation_id + current_conversation_state",
    "conversation_id + conversation_started_at",
    NULL,
};

const Shape shape_dataset = {
    .name = "conversation",
    .title = "the dataset conversation of Intercom's Reporting Data Export API",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_conversation,
    .has_prefixes = true,
};
