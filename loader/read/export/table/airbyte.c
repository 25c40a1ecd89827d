/*
 * airbyte.c: CSV files and raw tables of Airbyte, whose records are JSON in one column.
 *
 *     _airbyte_ab_id,_airbyte_emitted_at,_airbyte_data
 *     0,1707747714058,"{""type"": ""conversation"", ""id"": ""1"", ...}"
 *
 * The column is read like a JSON file, with conversations or parts. The other columns are Airbyte's own.
 */
#include "read/export/table/airbyte.h"

#include <string.h>

#include "terminal/message.h"

#define DATA_COLUMN "_airbyte_data"

static const ShapeColumn columns[] = {{NULL, MEANING_NONE, NULL}};

static const int needed[] = {MEANING_NONE};

static const char *const signs[] = {DATA_COLUMN, NULL};

/* The JSON has all of the conversation. */
static bool finish_nothing(Row *row, Defect *problem)
{
    (void)row;
    (void)problem;
    return true;
}

bool airbyte_bind(const Mapping *mapping, const char *file, size_t *place)
{
    for (*place = 0; *place < mapping->column_count; ++*place) {
        const char *name = mapping->columns[*place].own_name;

        if (name_is((Slice){name, strlen(name)}, DATA_COLUMN))
            return true;
    }
    failure(EXIT_USAGE, "the header of \"%s\" lacks: %s", file, DATA_COLUMN);
    hint("Airbyte's raw files start with: _airbyte_ab_id,_airbyte_emitted_at,_airbyte_data. Leave --format "
         "out for others.");
    return false;
}

const Shape shape_airbyte = {
    .name = "airbyte",
    .title =
        "raw files of Airbyte, whose column _airbyte_data holds the JSON of conversations or their parts",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_nothing,
    .is_partial = true,
};
