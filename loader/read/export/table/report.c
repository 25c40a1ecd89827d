/*
 * report.c: a report of Intercom's user interface, exported as CSV. Its columns have names in words, and
 * those of times have the time zone in parentheses.
 *
 * The vendor's own durations, with or without office hours by their names, are kept as attributes, and enter
 * no figure.
 */
#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation id", FIELD_CONVERSATION_ID, &reading_text},
    {"user id", FIELD_USER_ID, &reading_text},
    {"user email", FIELD_USER_ID, &reading_text},
    {"conversation started at", FIELD_STARTED_AT, &reading_time},
    {"conversation created at", MEANING_CREATED_AT, &reading_time},
    {"conversation first replied at", FIELD_FIRST_RESPONSE_AT, &reading_time},
    {"conversation last closed at", MEANING_LAST_CLOSE_AT, &reading_time},
    {"conversation first closed at", MEANING_FIRST_CLOSE_AT, &reading_aside},
    {"conversation updated at", FIELD_UPDATED_AT, &reading_time},
    {"updated at", FIELD_UPDATED_AT, &reading_time},
    {"current conversation state", FIELD_STATE, &reading_english_state},
    {"conversation state", FIELD_STATE, &reading_english_state},
    {"teammate currently assigned id", FIELD_ASSIGNEE_ID, &reading_somebody},
    {"teammate currently assigned", MEANING_ASSIGNEE_NAME, &reading_text},
    {"conversation tag", FIELD_TAGS, &reading_tag_list},
    {"conversation tags", FIELD_TAGS, &reading_tag_list},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, FIELD_STARTED_AT, FIELD_STATE, MEANING_NONE};

static const char *const signs[] = {"conversation id", NULL};

const Shape shape_report = {
    .name = "report",
    .title = "a report of Intercom's user interface, exported as CSV",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_conversation,
};
