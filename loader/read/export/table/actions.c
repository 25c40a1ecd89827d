/*
 * actions.c: the dataset "consolidated_conversation_part" (conversation actions) of Intercom's Reporting Data
 * Export API. A line has one action or several, such as "Reply, Close".
 *
 * Actions are recognised by their beginnings, in English only. A line with an unknown action is rejected,
 * because it could be a close in another language: a timeline without its closes would be worse than none.
 */
#include <string.h>

#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation_started_at", FIELD_STARTED_AT, &reading_time},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_time},
    {"action_id", MEANING_EVENT_ID, &reading_text},
    {"action_time", MEANING_EVENT_AT, &reading_time},
    {"action_type", MEANING_EVENT_TYPE, &reading_text},
    {"action_performed_by_teammate_id", MEANING_AUTHOR_ID, &reading_somebody},
    {"action_teammate_assignee_id", MEANING_ASSIGNED_TO_ID, &reading_somebody},
    {"action_team_assignee_id", MEANING_ASSIGNED_TO_TEAM, &reading_somebody},
    {"action_by_automation", MEANING_IS_AUTOMATIC, &reading_truth},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, MEANING_EVENT_AT, MEANING_EVENT_TYPE, MEANING_NONE};

static const char *const signs[] = {"action_type + action_time", NULL};

static const struct {
    const char *beginning;
    const char *state; /* NULL: unchanged */
    bool is_reply;
} actions[] = {
    {"clos", state_closed, false},  {"open", state_open, false},     {"reopen", state_open, false},
    {"unsnooz", state_open, false}, {"snooz", state_snoozed, false}, {"repl", NULL, true},
    {"comment", NULL, true},        {"note", NULL, false},           {"assign", NULL, false},
    {"reassign", NULL, false},      {"unassign", NULL, false},       {"tag", NULL, false},
    {"untag", NULL, false},         {"priorit", NULL, false},        {"rat", NULL, false},
    {"participant", NULL, false},   {"workflow", NULL, false},       {"attribute", NULL, false},
};

static bool read_action(Slice word, Event *event, Defect *problem)
{
    Slice shown = slice_head(word, 60);

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (!slice_begins_with(word, actions[i].beginning))
            continue;
        if (actions[i].state != NULL)
            event->state = actions[i].state;
        if (actions[i].is_reply && event->author != NULL && strcmp(event->author, "admin") == 0)
            event->is_reply = TRUTH_YES;
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

        if (!read_action(slice_trim((Slice){rest.bytes, length}), &event, problem))
            return false;
        length += comma != NULL;
        rest = (Slice){rest.bytes + length, rest.length - length};
    }
    finish_start(row);
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
