/*
 * states.c: the dataset "conversation_state" of Intercom's Reporting Data Export API: a line for each
 * interval that a conversation was in one state. The lines are its whole timeline, and its present state
 * follows from them.
 */
#include <string.h>

#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"user_id", FIELD_USER_ID, &reading_text},
    {"conversation_started_at", FIELD_STARTED_AT, &reading_time},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_time},
    {"conversation_state_started_at", MEANING_EVENT_AT, &reading_time},
    {"conversation_state", MEANING_STATE_BEGUN, &reading_english_state},
    {"previous_conversation_state", MEANING_STATE_ENDED, &reading_previous_state},
    {"conversation_state_ended_at", MEANING_EVENT_ENDED_AT, &reading_time},
    {"currently_assigned_teammate_raw_id", FIELD_ASSIGNEE_ID, &reading_somebody},
    {"currently_assigned_teammate_id", MEANING_ASSIGNEE_NAME, &reading_somebody},
    {"conversation_tags", FIELD_TAGS, &reading_tag_list},
    {"conversation_tag_ids", FIELD_TAGS, &reading_tag_names},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, MEANING_EVENT_AT, MEANING_STATE_BEGUN, MEANING_NONE};

static const char *const signs[] = {"conversation_state_started_at", NULL};

/* A state that began and ended in the same second. */
static bool is_passing(const Row *row)
{
    return row->event_at.known && row->event_ended_at.known &&
           row->event_at.microseconds == row->event_ended_at.microseconds &&
           row->event_at.naive == row->event_ended_at.naive;
}

/* Of the states that begin in one second only the last has a length. The others become events without a
 * state. */
static Event interval_event(const Row *row)
{
    static const char *const passing[] = {"briefly open", "briefly snoozed", "briefly closed"};
    const char *type;

    if (!is_passing(row))
        return (Event){
            .type = {row->state, strlen(row->state)},
            .state = row->state,
            .before = row->previous_state,
            .is_part = TRUTH_NO,
        };
    type = passing[row->state == state_open ? 0 : row->state == state_snoozed ? 1 : 2];
    return (Event){.type = {type, strlen(type)}, .before = row->previous_state, .is_part = TRUTH_NO};
}

/* The conversation begins with the interval that has no state before it, if no column has its creation. */
static void finish_first_interval(Row *row)
{
    if (row->has_no_previous_state && row->state == state_open && !row->created_at.known)
        row->created_at = row->event_at;
}

static bool finish_interval(Row *row, Defect *problem)
{
    Event event = interval_event(row);

    finish_first_interval(row);
    finish_start(row);
    finish_assignee(row);
    return row_add_event(row, event, problem);
}

const Shape shape_states = {
    .name = "conversation_state",
    .title =
        "the dataset conversation_state of Intercom's Reporting Data Export API: a line for each interval",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_interval,
    .has_prefixes = true,
};
