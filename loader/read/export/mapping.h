/*
 * mapping.h: from the columns of a file to the fields of a conversation.
 *
 * The way into export/: mapping_bind() finds the layout of a table, and mapping_apply() reads its lines.
 *
 * A header is bound to a shape once; after that each record costs one call a column. Columns of which the
 * shape knows nothing are kept under their own names as attributes.
 */
#ifndef TTR_LOADER_READ_EXPORT_MAPPING_H
#define TTR_LOADER_READ_EXPORT_MAPPING_H

#include "read/export/shape.h"
#include "read/record/name_list.h"

typedef struct Mapping {
    const Shape *shape;
    const DateFormat *dates; /* how the file may write days; it must last as long */
    size_t column_count;
    Column *columns;
    size_t bound_count; /* of columns of which the shape knows what they say */
    CarriedFields carried;
    bool tells_resolution;
    const char *team_attribute; /* its name, where a team may stand as the assignee; NULL elsewhere */
    Row row;                    /* the one that is read */
    char *zones[STAGED_TIMES];  /* of naive times, as the header names them; NULL: it does not */
    char *scratch;              /* values that had to be copied, for one record */
    size_t scratch_size;
    Attribute *attributes; /* of one record */
} Mapping;

/*
 * Binds the header of a file to the shape that is wanted, or to the one that it has (NULL). Reports one that
 * lacks a needed column or has one twice, with what was found, and a shape that is refused.
 */
bool mapping_bind(Mapping *mapping, const Shape *wanted, const DateFormat *dates, const CsvRecord *header,
                  Slice raw, const char *file);

/* Adds the names of the columns that look like a field and became attributes. */
void mapping_likely_fields(const Mapping *mapping, NameList *names);

/*
 * Reads a record; false: *problem says why it must be rejected. The conversation borrows from the record, and
 * a record that is accepted is changed in place: quotes in its attributes are undoubled.
 */
bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem);

void mapping_free(Mapping *mapping);

#endif
