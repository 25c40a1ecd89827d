/*
 * mapping.h: maps the columns of a table to the fields of a conversation.
 *
 * The way into export/: mapping_bind() finds the layout of a table, and mapping_apply() reads its lines.
 *
 * The header is bound to a shape once; then a line costs one call a column. A column that the shape does not
 * have is kept as an attribute under its own name.
 */
#ifndef TTR_LOADER_READ_EXPORT_MAPPING_H
#define TTR_LOADER_READ_EXPORT_MAPPING_H

#include "read/export/shape.h"
#include "read/record/name_list.h"

typedef struct Mapping {
    const Shape *shape;
    const DateFormat *dates; /* how the file may write days; must outlive the mapping */
    size_t column_count;
    Column *columns;
    size_t bound_count; /* columns that the shape has */
    CarriedFields carried;
    bool has_resolution, has_assigned; /* see Row */
    const char *team_attribute;        /* its name, where the assignee may be a team; NULL elsewhere */
    Row row;                           /* the line that is being read */
    char *zones[STAGED_TIMES];         /* of naive times, from the header; NULL: it names none */
    char *scratch;                     /* values that had to be copied, for one record */
    size_t scratch_size;
    Attribute *attributes; /* of one record */
} Mapping;

/*
 * Binds the header of a file to the wanted shape; NULL: to the shape that it has. Reports a header that lacks
 * a needed column or has one twice, with what was found, and a file whose shape is refused.
 */
bool mapping_bind(Mapping *mapping, const Shape *wanted, const DateFormat *dates, const CsvRecord *header,
                  Slice raw, const char *file);

/* Adds the names of the attributes that look like fields. */
void mapping_likely_fields(const Mapping *mapping, NameList *names);

/*
 * Reads a record; false: *problem has the reason to reject it. The conversation borrows from the record. An
 * accepted record is changed in place: quotes in its attributes are undoubled.
 */
bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem);

void mapping_free(Mapping *mapping);

#endif
