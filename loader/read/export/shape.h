/*
 * shape.h: the shapes in which exports come, in one table.
 *
 * A shape is a file that says by which columns it is recognised, and of each column what it says and how it
 * is read. All that differs from shape to shape is data: adding one takes a file and a line of the table.
 * Some shapes are known in order to be refused, because there are no conversations in them.
 */
#ifndef TTR_LOADER_READ_EXPORT_SHAPE_H
#define TTR_LOADER_READ_EXPORT_SHAPE_H

#include "read/csv/column.h"
#include "read/csv/header.h"
#include "read/source/format.h"

typedef struct ShapeColumn {
    const char *name; /* in lower case; "." stands for ".", "_" or "__"; NULL: the end */
    int meaning;      /* of columns with one meaning, the first that a file has */
    const Reading *reading;
} ShapeColumn;

typedef struct Shape {
    const char *name; /* in --format and in the summary; NULL: it is refused */
    const char *title;
    Format content;
    const char *const *signs; /* each: columns that stand in no other shape, "a + b"; NULL: the end */
    const ShapeColumn *columns;
    const int *needed; /* meanings without which there is no conversation; MEANING_NONE: the end */
    RowFinisher *finish;
    bool has_prefixes;  /* standard.conversation_id */
    bool is_partial;    /* other columns are not the conversation's, and are not kept */
    const char *remedy; /* of one that is refused, or lacks columns: what to export instead */
} Shape;

extern const Shape shape_canonical, shape_states, shape_parts, shape_actions, shape_report, shape_dataset,
    shape_history, shape_tag_history, shape_airbyte, shape_json, shape_intercom, shape_content_export,
    shape_tickets, shape_other_dataset;

/* The shape that --format calls so; NULL: there is none. */
const Shape *shape_named(const char *name);

/* The names that --format knows, separated by commas; the caller frees it. */
char *shape_names(void);

/* The shape of a CSV file with these columns; the canonical one, if it is none of those that are known. */
const Shape *shape_of(const Header *header);

/* Of a needed meaning whether a file with these columns tells it. */
bool shape_tells(const Shape *shape, const Header *header, int meaning);

/* Reports a file whose shape is refused; false. */
bool shape_refuse(const Shape *shape, const char *file);

/* All shapes and their columns, as --shapes prints them. */
void shapes_print(void);

#endif
