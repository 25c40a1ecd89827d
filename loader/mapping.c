/*
 * mapping.c: from the columns of a file to the fields of a conversation. See mapping.h.
 */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "message.h"

/* More than a good value of a column of the table can have: 1,000 tags of 512 bytes, and blanks around them.
 */
#define FIELD_LIMIT (768 * 1024)

/* "a, b, c": the required columns, or those of them that are not bound. */
static char *join_required(CarriedFields bound, bool missing_only)
{
    char *list = format_text("%s", "");

    for (int i = 0; i < FIELD_COUNT; i++) {
        char *longer;

        if (!fields[i].required || (missing_only && bound & CARRIES(i)))
            continue;
        longer = format_text("%s%s%s", list, *list ? ", " : "", fields[i].name);
        free(list);
        list = longer;
    }
    return list;
}

/* The separator that a header seems to use: the most frequent of three. */
static char likely_separator(Slice header)
{
    size_t counts[3] = {0};
    static const char separators[3] = {',', ';', '\t'};
    int most = 0;

    for (int i = 0; i < 3; i++) {
        for (size_t at = 0; at < header.length; at++)
            counts[i] += header.bytes[at] == separators[i];
        if (counts[i] > counts[most])
            most = i;
    }
    return separators[most];
}

static bool report_missing(CarriedFields bound, Slice raw, const char *file)
{
    char *missing = join_required(bound, true);
    char *required = join_required(bound, false);
    char separator = likely_separator(raw);
    Slice shown = slice_head(raw, 300);

    failure(EXIT_USAGE, "the header of \"%s\" lacks: %s", file, missing);
    detail("The header is: %.*s%s", SLICE_ARGS(shown), shown.length < raw.length ? "..." : "");
    if (separator != ',')
        hint("Columns must be separated by commas; this file seems to use %s.",
             separator == ';' ? "semicolons" : "tabs");
    else
        hint("The first line must name these columns, in any order: %s.", required);
    free(missing);
    free(required);
    return false;
}

/* Which column of the table each one is; false: one of them stands there twice. */
static bool find_columns(Mapping *mapping, const CsvRecord *header, char *scratch, const char *file)
{
    for (size_t i = 0; i < header->field_count; i++) {
        int place = find_field(slice_trim(csv_value(&header->fields[i], scratch)));

        mapping->columns[i] = place;
        if (place >= 0 && mapping->carried & CARRIES(place)) {
            failure(EXIT_USAGE, "the header of \"%s\" names the column %s twice", file, fields[place].name);
            hint("Remove or rename one of them, so that it is clear which one counts.");
            return false;
        }
        mapping->carried |= place >= 0 ? CARRIES(place) : CARRIES(FIELD_ATTRIBUTES);
    }
    return true;
}

static bool is_taken(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/*
 * A name of its own for each column: of equal ones the second gets ".1", or the first number that makes a
 * name which no column bears; one without a name is called by its place.
 */
static void name_columns(Mapping *mapping, const CsvRecord *header, char *scratch)
{
    char **names = mapping->names;
    size_t count = header->field_count;

    for (size_t i = 0; i < count; i++) {
        Slice name = slice_trim(csv_value(&header->fields[i], scratch));

        names[i] = name.length > 0 ? format_text("%.*s", SLICE_ARGS(name)) : format_text("column %zu", i + 1);
    }
    for (size_t i = 0; i < count; i++) {
        char *numbered = NULL;

        if (!is_taken(names, i, names[i]))
            continue;
        for (int number = 1; numbered == NULL || is_taken(names, count, numbered); number++) {
            free(numbered);
            numbered = format_text("%s.%d", names[i], number);
        }
        free(names[i]);
        names[i] = numbered;
    }
}

bool mapping_bind(Mapping *mapping, const CsvRecord *header, Slice raw, const char *file)
{
    size_t count = header->field_count;
    char *scratch;
    Defect problem;
    bool ok;

    if (!check_encoding(raw, &problem)) {
        failure(EXIT_USAGE, "\"%s\" is not a CSV export: its header is not text", file);
        detail("In the header, %s.", problem.detail);
        return false;
    }
    if (count > CSV_MAX_FIELDS)
        return failure(EXIT_USAGE, "the header of \"%s\" has %zu columns, and %d are the limit", file, count,
                       CSV_MAX_FIELDS);

    *mapping = (Mapping){
        .column_count = count,
        .columns = allocate(count * sizeof(int)),
        .names = allocate(count * sizeof(char *)),
        .attributes = allocate(count * sizeof(Attribute)),
    };
    memset(mapping->names, 0, count * sizeof(char *));
    scratch = allocate(raw.length + 1);
    ok = find_columns(mapping, header, scratch, file);
    if (ok)
        name_columns(mapping, header, scratch);
    free(scratch);

    for (int i = 0; i < FIELD_COUNT && ok; i++)
        if (fields[i].required && !(mapping->carried & CARRIES(i)))
            ok = report_missing(mapping->carried, raw, file);
    return ok;
}

/*
 * Sets the fields that the table names. A value that is changed on the way is changed in a copy, since the
 * record must stay as it was read until it is known to be good.
 */
static bool set_fields(Mapping *mapping, const CsvRecord *record, Conversation *conversation, Defect *problem)
{
    char *free_space = mapping->scratch;

    for (size_t i = 0; i < mapping->column_count; i++) {
        const Field *column = mapping->columns[i] >= 0 ? &fields[mapping->columns[i]] : NULL;
        CsvField field = record->fields[i];
        Slice value = field.text;

        if (column == NULL)
            continue;
        if (value.length > FIELD_LIMIT)
            return defect(problem, DEFECT_VALUE_TOO_LONG, column->name,
                          "the field has %zu bytes, and %d are the limit", value.length, FIELD_LIMIT);
        if (column->copied || field.has_escapes) {
            field.text.bytes = memcpy(free_space, value.bytes, value.length);
            value = csv_value(&field, free_space);
            free_space += field.text.length;
        }
        if (!column->set(conversation, (char *)value.bytes, value.length, problem))
            return false;
    }
    return true;
}

static void set_attributes(Mapping *mapping, const CsvRecord *record, Conversation *conversation)
{
    conversation->attributes = mapping->attributes;
    for (size_t i = 0; i < mapping->column_count; i++)
        if (mapping->columns[i] < 0)
            mapping->attributes[conversation->attribute_count++] = (Attribute){
                .name = {mapping->names[i], strlen(mapping->names[i])},
                .value = csv_value(&record->fields[i], (char *)record->fields[i].text.bytes),
            };
}

static void make_scratch(Mapping *mapping, size_t record_length)
{
    size_t needed = record_length < FIELD_COUNT * FIELD_LIMIT ? record_length : FIELD_COUNT * FIELD_LIMIT;

    if (mapping->scratch_size >= needed)
        return;
    mapping->scratch_size = needed;
    mapping->scratch = reallocate(mapping->scratch, needed);
}

bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem)
{
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
    if (!set_fields(mapping, record, conversation, problem))
        return false;
    set_attributes(mapping, record, conversation);
    return true;
}

void mapping_free(Mapping *mapping)
{
    for (size_t i = 0; mapping->names != NULL && i < mapping->column_count; i++)
        free(mapping->names[i]);
    free(mapping->names);
    free(mapping->columns);
    free(mapping->scratch);
    free(mapping->attributes);
    *mapping = (Mapping){0};
}
