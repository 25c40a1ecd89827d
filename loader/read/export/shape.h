/*
 * shape.h: the shapes of exports, in one table.
 *
 * A shape is a file that lists the columns by which the shape is recognised, and the meaning and the reading
 * of each column. All that differs from shape to shape is data: a new one takes a file and a line of the
 * table. Some shapes are known in order to be refused, because they hold no conversations.
 */
#ifndef TTR_LOADER_READ_EXPORT_SHAPE_H
#define TTR_LOADER_READ_EXPORT_SHAPE_H

#include "read/csv/column.h"
#include "read/csv/header.h"
#include "read/source/format.h"

typedef struct ShapeColumn {
    const char *name; /* in lower case; "." matches ".", "_" and "__"; NULL ends the list */
    int meaning;      /* of columns with one meaning, the first here that a file has counts */
    const Reading *reading;
} ShapeColumn;

typedef struct Shape {
    const char *name; /* in --format and in the summary; NULL: refused */
    const char *title;
    Format content;
    const char *const *signs; /* each: columns that no other shape has, "a + b"; NULL ends the list */
    const ShapeColumn *columns;
    const int *needed; /* meanings that a conversation needs; MEANING_NONE ends the list */
    RowFinisher *finish;
    bool has_prefixes;  /* column names may have one: standard.conversation_id */
    bool is_partial;    /* other columns do not belong to the conversation, and are not kept */
    const char *remedy; /* for a file that is refused or lacks columns: what to export instead */
} Shape;

extern const Shape shape_canonical, shape_states, shape_parts, shape_actions, shape_report, shape_dataset,
    shape_history, shape_tag_history, shape_airbyte, shape_json, shape_intercom, shape_content_export,
    shape_tickets, shape_other_dataset;

/* The shape of that name in --format; NULL if there is none. */
const Shape *shape_named(const char *name);

/* The names for --format, separated by commas. The caller frees them. */
char *shape_names(void);

/* The shape of a CSV file with these columns; the canonical one if no sign is found. */
const Shape *shape_of(const Header *header);

/* Whether the header has a column for a needed meaning. */
bool shape_has(const Shape *shape, const Header *header, int meaning);

/* Reports a file whose shape is refused, and returns false. */
bool shape_refuse(const Shape *shape, const char *file);

/* All shapes and their columns, as --shapes prints them. */
void shapes_print(void);

#endif
