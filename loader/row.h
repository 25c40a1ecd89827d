/*
 * row.h: one line of a file while it is read, and what follows from it when it is.
 *
 * Values that are fields go straight into the conversation. The others wait here: what they mean depends on
 * what the other columns of the line say.
 */
#ifndef TTR_LOADER_ROW_H
#define TTR_LOADER_ROW_H

#include "field.h"

typedef struct Row {
    Conversation *conversation;
    bool tells_resolution; /* a column says when it was resolved, whatever the state */
    Instant created_at;    /* a guess, where nobody tells the start */
    Instant last_close_at; /* the resolution, while it is closed */
    Slice assignee_name;
    bool is_outdated; /* a history has a newer version of the line */
} Row;

/* Fills in what follows; false: *problem says why the line must be rejected. */
typedef bool RowSettler(Row *row, Defect *problem);

/* A line that stands for a conversation. */
RowSettler settle_conversation;

/* The same, of a table that keeps older versions: one that is outdated loses against another of its time. */
RowSettler settle_version;

#endif
