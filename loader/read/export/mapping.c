/*
 * mapping.c: the conversation of a line, by the columns that are bound. See mapping.h.
 */
#include "read/export/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "read/text/encoding.h"
#include "read/text/placeholder.h"
#include "terminal/message.h"

/* No good value is longer: 1,000 tags of 512 bytes, with blanks around them. */
#define FIELD_LIMIT (768 * 1024)

/*
 * Reads the columns that are bound. A value that reading changes is copied first, because a rejected record
 * must be kept as it was.
 */
static bool read_columns(Mapping *mapping, const CsvRecord *record, Row *row, Defect *problem)
{
    char *free_space = mapping->scratch;

    for (size_t i = 0; i < mapping->column_count; i++) {
        Column *column = &mapping->columns[i];
        CsvField field = record->fields[i];
        Slice value = field.text;

        if (column->meaning == MEANING_NONE)
            continue;
        if (value.length > FIELD_LIMIT)
            return defect(problem, DEFECT_VALUE_TOO_LONG, column->name,
                          "the field has %zu bytes, and %d are the limit", value.length, FIELD_LIMIT);
        if (column->is_optional && is_placeholder(value)) {
            row->conversation->placeholder_count++;
            continue;
        }
        if (column->reading->copied || field.has_escapes) {
            field.text.bytes = memcpy(free_space, value.bytes, value.length);
            value = csv_value(&field, free_space);
            free_space += field.text.length;
        }
        if (!column->reading->read(row, column, (char *)value.bytes, value.length, problem))
            return false;
    }
    return true;
}

static void set_attributes(Mapping *mapping, const CsvRecord *record, Conversation *conversation)
{
    conversation->attributes = mapping->attributes;
    for (size_t i = 0; i < mapping->column_count; i++) {
        const Column *column = &mapping->columns[i];
        const CsvField *field = &record->fields[i];

        /* Spreadsheets append empty columns without a name. */
        if (!column->kept || (column->is_nameless && slice_trim(field->text).length == 0))
            continue;
        mapping->attributes[conversation->attribute_count++] = (Attribute){
            .name = {column->own_name, strlen(column->own_name)},
            .value = csv_value(field, (char *)field->text.bytes),
        };
    }
    if (conversation->attribute_count == 0)
        conversation->carried &= ~CARRIES(FIELD_ATTRIBUTES);
}

static void add_team(Mapping *mapping, Conversation *conversation)
{
    if (mapping->team_attribute == NULL)
        return;
    mapping->attributes[conversation->attribute_count++] = (Attribute){
        .name = {mapping->team_attribute, strlen(mapping->team_attribute)},
        .value = mapping->row.assigned_team_id,
    };
    conversation->carried |= CARRIES(FIELD_ATTRIBUTES);
}

static void make_scratch(Mapping *mapping, size_t record_length)
{
    size_t needed = record_length < mapping->bound_count * FIELD_LIMIT ? record_length
                                                                       : mapping->bound_count * FIELD_LIMIT;

    if (mapping->scratch_size >= needed)
        return;
    mapping->scratch_size = needed;
    mapping->scratch = reallocate(mapping->scratch, needed);
}

bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem)
{
    Row *row = &mapping->row;

    row_clear(row, conversation);
    row->has_resolution = mapping->has_resolution;
    row->has_assigned = mapping->has_assigned;
    conversation_clear(conversation);
    conversation->carried = mapping->carried;
    if (!check_encoding(raw, problem))
        return false;
    if (record->field_count != mapping->column_count)
        return defect(
            problem,
            record->field_count < mapping->column_count ? DEFECT_TOO_FEW_FIELDS : DEFECT_TOO_MANY_FIELDS,
            NULL, "the header has %zu columns, the record %zu", mapping->column_count, record->field_count);
    make_scratch(mapping, raw.length);
    if (!read_columns(mapping, record, row, problem) || !mapping->shape->finish(row, problem))
        return false;
    set_attributes(mapping, record, conversation);
    add_team(mapping, conversation);
    return true;
}

void mapping_free(Mapping *mapping)
{
    for (size_t i = 0; i < mapping->column_count; i++)
        free(mapping->columns[i].own_name);
    for (int i = 0; i < STAGED_TIMES; i++)
        free(mapping->zones[i]);
    free(mapping->columns);
    free(mapping->scratch);
    free(mapping->attributes);
    *mapping = (Mapping){0};
}
