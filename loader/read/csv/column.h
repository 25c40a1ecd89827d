/*
 * column.h: one column of a file: what it says of a conversation, and how its values are read.
 *
 *     header -> Column: target, reading      once a file
 *     value  -> Row: the target's place      once a record
 *
 * What a reading does is said in the same place in which it is done, and printed by ttr-load --shapes.
 */
#ifndef TTR_LOADER_READ_CSV_COLUMN_H
#define TTR_LOADER_READ_CSV_COLUMN_H

#include "read/csv/row.h"

/* What a column says: a field, by the field's own number, or what a field is made of when the row is read. */
typedef enum Target {
    TARGET_NONE = -1, /* kept as an attribute */
    TARGET_CREATED_AT = FIELD_ATTRIBUTES + 1,
    TARGET_LAST_CLOSE_AT,
    TARGET_ASSIGNEE_NAME,
    TARGET_IS_CURRENT,
    TARGET_EVENT_ID,
    TARGET_EVENT_AT,
    TARGET_EVENT_TYPE,
    TARGET_EVENT_STATE,
    TARGET_EVENT_TOTAL,
    TARGET_STATE_BEGUN,
    TARGET_STATE_ENDED,
    TARGET_AUTHOR_TYPE,
    TARGET_AUTHOR_ID,
    TARGET_AUTHOR_EMAIL,
    TARGET_AUTHOR_NAME,
    TARGET_HAS_BODY,
    TARGET_IS_AUTOMATIC,
    TARGET_EVENT_ENDED_AT,
    TARGET_FIRST_CLOSE_AT,
    TARGET_ASSIGNEE_OR_TEAM,
    TARGET_ASSIGNEE_TYPE,
    TARGET_ASSIGNED_TO_ID,
    TARGET_ASSIGNED_TO_TYPE,
    TARGET_ASSIGNED_TO_TEAM,
    TARGET_END,
} Target;

typedef struct Column Column;

typedef struct Reading {
    const char *words; /* completes: "the value is ..." */
    bool copied;       /* changes the text in place, and what was read must stay as it is */
    bool kept;         /* the value is an attribute, too */
    bool (*read)(Row *row, Column *column, char *text, size_t length, Defect *problem);
} Reading;

struct Column {
    int target; /* a Target or a FieldId */
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

/* What a target is called. */
const char *target_name(int target);

/* Whether what a column says is kept as an attribute, too: it may not be all that there is to say. */
bool is_kept_besides(int target, const Reading *reading);

/* Of a target that is a time: which of the stage's times it becomes; NOT_STAGED for others. */
StagedTime target_time(int target);

#endif
