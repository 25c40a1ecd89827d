/*
 * airbyte.h: the column of a CSV file of Airbyte that has the records.
 */
#ifndef TTR_LOADER_READ_EXPORT_TABLE_AIRBYTE_H
#define TTR_LOADER_READ_EXPORT_TABLE_AIRBYTE_H

#include "read/export/mapping.h"

/* Finds the place of the column; reports a file without it. */
bool airbyte_bind(const Mapping *mapping, const char *file, size_t *place);

#endif
