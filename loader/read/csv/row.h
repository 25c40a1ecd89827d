/*
 * row.h: one line of a table while it is read, and the fields that follow from it afterwards.
 *
 * Values of fields go straight into the conversation. The others wait here, because they depend on other
 * columns of the line.
 */
#ifndef TTR_LOADER_READ_CSV_ROW_H
#define TTR_LOADER_READ_CSV_ROW_H

#include "read/record/fields.h"

#define ROW_ID_SIZE (VALUE_LIMIT + 40)

typedef struct Row {
    Conversation *conversation;
    bool has_resolution;   /* the table has a column for resolved_at, whatever the state */
    bool has_assigned;     /* it has columns for the teammate and the team of an assignment */
    Instant created_at;    /* a guess at the start, where no column has it */
    Instant last_close_at; /* the resolution of a closed conversation */
    Slice assignee_name;
    bool is_outdated; /* a history has a newer version of the line */
    /* Of a line of an event: */
    Slice event_id, event_type, event_state;
    Instant event_at, event_ended_at;
    const char *state, *previous_state; /* the states that begin and end with it */
    bool has_no_previous_state;         /* a column for it is empty */
    Slice author_type, author_id, author_email, author_name;
    bool has_body, is_automatic;
    /* The assignee, or the one whom the event assigns the conversation to: */
    Slice assigned_id, assigned_type, assigned_team_id;
    char made_id[ROW_ID_SIZE]; /* room for the identifier of an event that has none */
} Row;

/* Forgets the values of the line before. */
void row_clear(Row *row, Conversation *conversation);

/* Derives fields from the values that wait; false: *problem has the reason to reject the line. */
typedef bool RowFinisher(Row *row, Defect *problem);

/* For a line of a conversation. */
RowFinisher finish_conversation;

/* The same for a table that keeps older versions: an outdated one loses against another of the same time. */
RowFinisher finish_version;

/* Their steps, for lines of events. */
void finish_start(Row *row);
void finish_resolution(Row *row);
void finish_assignee(Row *row);
void finish_age(Row *row);

/* Splits assigned_id into a teammate and a team by its type; without a type it is a teammate. */
void finish_assigned(Row *row);

/*
 * Adds the event, and the teammates: its author, and the one whom it assigns the conversation to. An event
 * without an identifier gets one made of its time and type, so that it is the same event in every export. A
 * line without the event's time is rejected.
 */
bool row_add_event(Row *row, Event event, Defect *problem);

#endif
