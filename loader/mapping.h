/*
 * mapping.h: from the columns of a file to the fields of a conversation.
 *
 * A header is bound once; after that each record costs one call a column. Columns that are no fields
 * are kept under their own names as attributes.
 */
#ifndef TTR_LOADER_MAPPING_H
#define TTR_LOADER_MAPPING_H

#include "csv.h"
#include "field.h"

typedef struct Mapping {
    size_t column_count;
    int *columns; /* of each column its field, or -1: an attribute */
    char **names; /* of all columns, no two alike */
    CarriedFields carried;
    char *scratch; /* values that had to be copied, for one record */
    size_t scratch_size;
    Attribute *attributes; /* of one record */
} Mapping;

/*
 * Binds the header of a file. Reports one that lacks a required column or has one twice, with what was found.
 */
bool mapping_bind(Mapping *mapping, const CsvRecord *header, Slice raw, const char *file);

/*
 * Reads a record; false: *problem says why it must be rejected. The conversation borrows from the record, and
 * a record that is accepted is changed in place: quotes in its attributes are undoubled.
 */
bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem);

void mapping_free(Mapping *mapping);

#endif
