/*
 * column.h: one column of a table: its meaning, and how its values are read.
 *
 *     header -> Column: meaning, reading     once a file
 *     value  -> Row: the meaning's place     once a record
 *
 * Each reading is described beside its function; ttr-load --shapes prints the descriptions.
 */
#ifndef TTR_LOADER_READ_CSV_COLUMN_H
#define TTR_LOADER_READ_CSV_COLUMN_H

#include "read/csv/row.h"

/* A field, by its FieldId, or a value that fields are made of when the row is finished. */
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
    bool copied;       /* changes the text in place, so that it needs a copy */
    bool kept;         /* the value is also an attribute */
    bool (*read)(Row *row, Column *column, char *text, size_t length, Defect *problem);
} Reading;

struct Column {
    int meaning; /* a ColumnMeaning or a FieldId */
    const Reading *reading;
    bool kept;               /* as an attribute, whether or not it has a meaning */
    bool is_likely;          /* an attribute whose name looks like a field's */
    bool is_optional;        /* a placeholder in it is read as empty */
    bool is_nameless;        /* the header has no name for it */
    const char *name;        /* in defects */
    char *own_name;          /* in the header, made unique */
    TimeStyle style;         /* that of the first time in a column of times */
    const DateFormat *dates; /* how days may be written besides ISO 8601 */
};

extern const Reading reading_text, reading_somebody, reading_assigned, reading_state, reading_english_state,
    reading_closer, reading_iso, reading_time, reading_tags, reading_tag_list, reading_tag_names,
    reading_count, reading_current, reading_previous_state, reading_presence, reading_truth, reading_aside,
    reading_tag_id;

/* The name of a meaning, for people. */
const char *meaning_name(int meaning);

/* Whether the value is also kept as an attribute, because the field may get its value from elsewhere. */
bool is_kept_besides(int meaning, const Reading *reading);

/* The time of the stage that a meaning becomes; NOT_STAGED if it is no time. */
StagedTime meaning_time(int meaning);

#endif
