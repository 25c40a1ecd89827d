/*
 * row.c: one line of a table while it is read. See row.h.
 */
#include "read/csv/row.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "read/record/words.h"

void row_clear(Row *row, Conversation *conversation)
{
    memset(row, 0, offsetof(Row, made_id));
    row->conversation = conversation;
}

/* A guess is not carried: it counts for a new conversation, and changes no known start. */
void finish_start(Row *row)
{
    Conversation *conversation = row->conversation;

    if (conversation->started_at.known)
        return;
    conversation->started_at = row->created_at;
    conversation->carried &= ~CARRIES(FIELD_STARTED_AT);
}

/* The vendor's last close is the resolution only while the conversation is closed. */
void finish_resolution(Row *row)
{
    Conversation *conversation = row->conversation;

    if (row->has_resolution)
        return;
    if (conversation->state == NULL)
        conversation->carried &= ~CARRIES(FIELD_RESOLVED_AT);
    else if (conversation->state == state_closed)
        conversation->resolved_at = row->last_close_at;
    else
        conversation->carried |= CARRIES(FIELD_RESOLVED_AT) | CARRIES(FIELD_CLOSED_BY);
}

/* Where an export has only the name of a teammate, the name serves as the identifier. */
void finish_assignee(Row *row)
{
    Conversation *conversation = row->conversation;

    if (row->assignee_name.bytes == NULL)
        return;
    if (conversation->assignee_id.bytes == NULL)
        conversation->assignee_id = row->assignee_name;
    else if (!slice_equals(conversation->assignee_id, row->assignee_name))
        conversation->teammates[conversation->teammate_count++] =
            (Teammate){.id = conversation->assignee_id, .name = row->assignee_name};
}

bool finish_conversation(Row *row, Defect *problem)
{
    finish_start(row);
    if (!row->conversation->started_at.known)
        return defect(problem, DEFECT_MISSING_START, "started_at", "the conversation has no start");
    finish_resolution(row);
    finish_assignee(row);
    return true;
}

/* An empty column clears nothing: the API had no value. */
static void uncarry_empty(Conversation *conversation)
{
    if (!conversation->first_response_at.known)
        conversation->carried &= ~CARRIES(FIELD_FIRST_RESPONSE_AT);
    if (!conversation->resolved_at.known && conversation->state == state_closed)
        conversation->carried &= ~CARRIES(FIELD_RESOLVED_AT);
    if (!conversation->message_count.known)
        conversation->carried &= ~CARRIES(FIELD_MESSAGE_COUNT);
    if (!conversation->reopen_count.known)
        conversation->carried &= ~CARRIES(FIELD_REOPEN_COUNT);
}

void finish_age(Row *row)
{
    if (row->is_outdated && row->conversation->updated_at.known)
        row->conversation->updated_at.microseconds--;
}

void finish_assigned(Row *row)
{
    bool is_admin = row->assigned_type.bytes == NULL || slice_is_word(row->assigned_type, "admin");

    if (slice_is_word(row->assigned_type, "team") && row->assigned_team_id.bytes == NULL)
        row->assigned_team_id = row->assigned_id;
    if (!is_admin)
        row->assigned_id = NO_SLICE;
}

bool finish_version(Row *row, Defect *problem)
{
    finish_age(row);
    if (!finish_conversation(row, problem))
        return false;
    uncarry_empty(row->conversation);
    return true;
}

static Slice make_id(Row *row, const Event *event)
{
    char time[TIME_TEXT_SIZE];
    int length;

    timestamp_print(event->at, time);
    length = snprintf(row->made_id, ROW_ID_SIZE, "%s %.*s", time, SLICE_ARGS(event->type));
    return slice_head((Slice){row->made_id, (size_t)length}, VALUE_LIMIT);
}

static void add_teammate(Conversation *conversation, Teammate teammate)
{
    if (teammate.id.bytes != NULL && !is_nobody(teammate.id))
        conversation->teammates[conversation->teammate_count++] = teammate;
}

/* A customer's identifier is not kept. */
static void set_event_author(const Row *row, Event *event)
{
    if (!is_teammate(event->author))
        return;
    event->author_id = row->author_id;
    add_teammate(row->conversation, (Teammate){row->author_id, row->author_email, row->author_name});
}

static void set_event_assigned(Row *row, Event *event)
{
    bool is_taken_away = takes_away(row->assigned_type);

    finish_assigned(row);
    event->assignee_id = is_taken_away ? NOBODY : row->assigned_id;
    event->team_id = row->assigned_team_id;
    add_teammate(row->conversation, (Teammate){.id = event->assignee_id});
}

bool row_add_event(Row *row, Event event, Defect *problem)
{
    Conversation *conversation = row->conversation;

    if (!row->event_at.known)
        return defect(problem, DEFECT_BAD_EVENT, NULL, "the event has no time");
    event.at = row->event_at;
    set_event_author(row, &event);
    set_event_assigned(row, &event);
    event.id = row->event_id.bytes != NULL ? row->event_id : make_id(row, &event);
    conversation->has_timeline = true;
    conversation->events[conversation->event_count++] = event;
    return true;
}
