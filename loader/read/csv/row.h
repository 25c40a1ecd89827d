/*
 * row.h: one line of a file while it is read, and what follows from it when it is.
 *
 * Values that are fields go straight into the conversation. The others wait here: what they mean depends on
 * what the other columns of the line say.
 */
#ifndef TTR_LOADER_READ_CSV_ROW_H
#define TTR_LOADER_READ_CSV_ROW_H

#include "read/record/fields.h"

#define ROW_ID_SIZE (VALUE_LIMIT + 40)

typedef struct Row {
    Conversation *conversation;
    bool tells_resolution; /* a column says when it was resolved, whatever the state */
    Instant created_at;    /* a guess, where nobody tells the start */
    Instant last_close_at; /* the resolution, while it is closed */
    Slice assignee_name;
    bool is_outdated; /* a history has a newer version of the line */
    /* Of a line that stands for something that happened: */
    Slice event_id, event_type, event_state;
    Instant event_at, event_ended_at;
    const char *state, *previous_state; /* that began here, and that it ended */
    bool has_no_previous_state;         /* a column says that there was none */
    Slice author_type, author_id, author_email, author_name;
    bool has_body, is_automatic;
    /* Whom the line, or what happened, assigns the conversation to: */
    Slice assigned_id, assigned_type, assigned_team_id;
    char made_id[ROW_ID_SIZE]; /* room for the identifier of an event that has none */
} Row;

/* Nothing is known, but for the conversation. */
void row_clear(Row *row, Conversation *conversation);

/* Fills in what follows; false: *problem says why the line must be rejected. */
typedef bool RowFinisher(Row *row, Defect *problem);

/* A line that stands for a conversation. */
RowFinisher finish_conversation;

/* The same, of a table that keeps older versions: one that is outdated loses against another of its time. */
RowFinisher finish_version;

/* What these are made of, for lines that stand for events. */
void finish_start(Row *row);
void finish_resolution(Row *row);
void finish_assignee(Row *row);
void finish_age(Row *row);

/* What an identifier stands for is a team or a teammate, as its type says; without a type, a teammate. */
void finish_assigned(Row *row);

/*
 * Adds what happened, and whom it assigns the conversation to. An event without an identifier is known by its
 * time and by what happened, so that each export tells of the same one. A line without the event's time is
 * rejected.
 */
bool row_add_event(Row *row, Event event, Defect *problem);

#endif
