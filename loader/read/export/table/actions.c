/*
 * actions.c: the dataset "consolidated_conversation_part" (conversation actions) of Intercom's Reporting Data
 * Export API. A line has one action or several, such as "Reply, Close".
 *
 * Actions are recognised by their beginnings, in English only. A line with an unknown action is rejected,
 * because it could be a close in another language: a timeline without its closes would be worse than none.
 *
 * An action has the assignees that it changes: an empty cell of a reply or a close changes none. But an
 * assignment is one to somebody. If a table has columns for both a teammate and a team, and both cells of an
 * assignment are empty, then it is one to nobody, or to a bot, and no teammate has the conversation from then
 * on. Without one of the columns the assignee may be in the other, and nothing is known.
 */
#include <string.h>

#include "read/export/shape.h"
#include "read/record/words.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation_started_at", FIELD_STARTED_AT, &reading_time},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_time},
    {"action_id", MEANING_EVENT_ID, &reading_text},
    {"action_time", MEANING_EVENT_AT, &reading_time},
    {"action_type", MEANING_EVENT_TYPE, &reading_text},
    {"action_performed_by_teammate_id", MEANING_AUTHOR_ID, &reading_somebody},
    {"action_teammate_assignee_id", MEANING_ASSIGNED_TO_ID, &reading_assigned},
    {"action_team_assignee_id", MEANING_ASSIGNED_TO_TEAM, &reading_assigned},
    {"action_by_automation", MEANING_IS_AUTOMATIC, &reading_truth},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, MEANING_EVENT_AT, MEANING_EVENT_TYPE, MEANING_NONE};

static const char *const signs[] = {"action_type + action_time", NULL};

typedef enum Effect {
    EFFECT_NONE,
    EFFECT_REPLY,
    EFFECT_ASSIGN,
    EFFECT_UNASSIGN,
} Effect;

static const struct {
    const char *beginning;
    const char *state; /* NULL: unchanged */
    Effect effect;
} actions[] = {
    {"clos", state_closed, EFFECT_NONE},
    {"open", state_open, EFFECT_NONE},
    {"reopen", state_open, EFFECT_NONE},
    {"unsnooz", state_open, EFFECT_NONE},
    {"snooz", state_snoozed, EFFECT_NONE},
    {"repl", NULL, EFFECT_REPLY},
    {"comment", NULL, EFFECT_REPLY},
    {"note", NULL, EFFECT_NONE},
    {"assign", NULL, EFFECT_ASSIGN},
    {"reassign", NULL, EFFECT_ASSIGN},
    {"unassign", NULL, EFFECT_UNASSIGN},
    {"tag", NULL, EFFECT_NONE},
    {"untag", NULL, EFFECT_NONE},
    {"priorit", NULL, EFFECT_NONE},
    {"rat", NULL, EFFECT_NONE},
    {"participant", NULL, EFFECT_NONE},
    {"workflow", NULL, EFFECT_NONE},
    {"attribute", NULL, EFFECT_NONE},
};

/* See the top of the file. Of an unassignment the cell may name the teammate who had the conversation. */
static void set_assigned(Row *row, Effect effect)
{
    bool has_assignee = row->assigned_id.bytes != NULL || row->assigned_team_id.bytes != NULL;

    if (effect == EFFECT_UNASSIGN || (effect == EFFECT_ASSIGN && row->has_assigned && !has_assignee))
        row->assigned_id = NOBODY;
}

/* assignment: EFFECT_ASSIGN or EFFECT_UNASSIGN, the last that the line has. */
static bool read_action(Slice word, Event *event, Effect *assignment, Defect *problem)
{
    Slice shown = slice_head(word, 60);

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (!slice_begins_with(word, actions[i].beginning))
            continue;
        if (actions[i].state != NULL)
            event->state = actions[i].state;
        if (actions[i].effect == EFFECT_REPLY && is_teammate(event->author))
            event->is_reply = TRUTH_YES;
        if (actions[i].effect == EFFECT_ASSIGN || actions[i].effect == EFFECT_UNASSIGN)
            *assignment = actions[i].effect;
        return true;
    }
    return defect(
        problem, DEFECT_BAD_EVENT, "action_type",
        "\"%.*s\" is no action that is known (such as Close, Reopen, Snooze, Unsnooze, Reply): set the "
        "workspace's language to English and export again, or replace the words",
        SLICE_ARGS(shown));
}

static bool finish_action(Row *row, Defect *problem)
{
    Slice rest = row->event_type;
    Effect assignment = EFFECT_NONE;
    Event event = {
        .type = rest.bytes != NULL ? rest : (Slice){"", 0},
        .author = row->is_automatic              ? "bot"
                  : row->author_id.bytes != NULL ? "admin"
                                                 : NULL,
        .is_part = TRUTH_NO,
        .is_reply = TRUTH_NO,
    };

    while (rest.length > 0) {
        const char *comma = memchr(rest.bytes, ',', rest.length);
        size_t length = comma != NULL ? (size_t)(comma - rest.bytes) : rest.length;

        if (!read_action(slice_trim((Slice){rest.bytes, length}), &event, &assignment, problem))
            return false;
        length += comma != NULL;
        rest = (Slice){rest.bytes + length, rest.length - length};
    }
    finish_start(row);
    set_assigned(row, assignment);
    return row_add_event(row, event, problem);
}

const Shape shape_actions = {
    .name = "actions",
    .title = "the dataset consolidated_conversation_part of Intercom's Reporting Data Export API",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_action,
    .has_prefixes = true,
    .is_partial = true,
};
