/*
 * column.h: one column of a file: what it says of a conversation, and how its values are read.
 *
 *     header -> Column: meaning, reading     once a file
 *     value  -> Row: the meaning's place     once a record
 *
 * What a reading does is said in the same place in which it is done, and printed by ttr-load --shapes.
 */
#ifndef TTR_LOADER_READ_CSV_COLUMN_H
#define TTR_LOADER_READ_CSV_COLUMN_H

#include "read/csv/row.h"

/* What a column says: a field, by the field's own number, or what a field is made of when the row is read. */
typedef enum ColumnMeaning {
    MEANING_NONE = -1, /* kept as an attribute */
    MEANING_CREATED_AT = FIELD_ATTRIBUTES + 1,
    MEANING_LAST_CLOSE_AT,
    MEANING_ASSIGNEE_NAME,
    MEANING_IS_CURRENT,
    MEANING_EVENT_ID,
    MEANING_EVENT_AT,
    MEANING_EVENT_TYPE,
    MEANING_EVENT_STATE,
    MEANING_EVENT_TOTAL,
    MEANING_STATE_BEGUN,
    MEANING_STATE_ENDED,
    MEANING_AUTHOR_TYPE,
    MEANING_AUTHOR_ID,
    MEANING_AUTHOR_EMAIL,
    MEANING_AUTHOR_NAME,
    MEANING_HAS_BODY,
    MEANING_IS_AUTOMATIC,
    MEANING_EVENT_ENDED_AT,
    MEANING_FIRST_CLOSE_AT,
    MEANING_ASSIGNEE_OR_TEAM,
    MEANING_ASSIGNEE_TYPE,
    MEANING_ASSIGNED_TO_ID,
    MEANING_ASSIGNED_TO_TYPE,
    MEANING_ASSIGNED_TO_TEAM,
    MEANING_END,
} ColumnMeaning;

typedef struct Column Column;

typedef struct Reading {
    const char *words; /* completes: "the value is ..." */
    bool copied;       /* changes the text in place, and what was read must stay as it is */
    bool kept;         /* the value is an attribute, too */
    bool (*read)(Row *row, Column *column, char *text, size_t length, Defect *problem);
} Reading;

struct Column {
    int meaning; /* a ColumnMeaning or a FieldId */
    const Reading *reading;
    bool kept;               /* as an attribute, too, or only */
    bool is_likely;          /* an attribute whose name looks like a field's */
    bool is_optional;        /* a placeholder in it is no value */
    bool is_nameless;        /* the header has no name for it */
    const char *name;        /* as defects name it */
    char *own_name;          /* as the header names it, no two alike */
    TimeStyle style;         /* of a column of times: that of its first one */
    const DateFormat *dates; /* how days may be written besides; NULL: it is not asked */
};

extern const Reading reading_text, reading_somebody, reading_state, reading_english_state, reading_closer,
    reading_iso, reading_time, reading_tags, reading_tag_list, reading_tag_names, reading_count,
    reading_current, reading_previous_state, reading_presence, reading_truth, reading_aside, reading_tag_id;

/* What a meaning is called. */
const char *meaning_name(int meaning);

/* Whether what a column says is kept as an attribute, too: it may not be all that there is to say. */
bool is_kept_besides(int meaning, const Reading *reading);

/* Of a meaning that is a time: which of the stage's times it becomes; NOT_STAGED for others. */
StagedTime meaning_time(int meaning);

#endif
