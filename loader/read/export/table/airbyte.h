/*
 * airbyte.h: where a CSV file of Airbyte's has its records.
 */
#ifndef TTR_LOADER_READ_EXPORT_TABLE_AIRBYTE_H
#define TTR_LOADER_READ_EXPORT_TABLE_AIRBYTE_H

#include "read/export/mapping.h"

/* Finds the column of the records; reports a file without one. */
bool airbyte_bind(const Mapping *mapping, const char *file, size_t *place);

#endif
