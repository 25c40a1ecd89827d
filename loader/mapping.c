/*
 * mapping.c: from the columns of a file to the fields of a conversation. See mapping.h.
 */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

#define ATTRIBUTES_BIT (UINT32_C(1) << 31)

typedef struct Column {
    const char *name;
    bool required;
    bool copied; /* its setter changes the text in place, and what was read must stay as it is */
    FieldSetter *set;
} Column;

static const Column columns[] = {
    {"conversation_id", true, false, set_conversation_id},
    {"user_id", true, false, set_user_id},
    {"started_at", true, false, set_started_at},
    {"resolved_at", true, false, set_resolved_at},
    {"state", true, false, set_state},
    {"assignee_email", true, false, set_assignee_email},
    {"tags", false, true, set_tags},
    {"message_count", false, false, set_message_count},
    {"reopen_count", false, false, set_reopen_count},
    {"first_response_at", false, false, set_first_response_at},
    {"updated_at", false, false, set_updated_at},
    {"assignee_id", false, false, set_assignee_id},
    {"closed_by", false, false, set_closed_by},
};

#define COLUMN_COUNT ((int)(sizeof(columns) / sizeof(columns[0])))

char *carried_names(CarriedFields carried)
{
    char *names = format_text("{%s", carried & ATTRIBUTES_BIT ? "attributes" : "record");

    for (int i = 0; i < COLUMN_COUNT; i++) {
        char *longer;

        if (!(carried & UINT32_C(1) << i))
            continue;
        longer = format_text("%s,%s", names, columns[i].name);
        free(names);
        names = longer;
    }
    names = reallocate(names, strlen(names) + 2);
    return strcat(names, "}");
}

static bool check_encoding(Slice raw, Defect *problem)
{
    size_t position;

    if (memchr(raw.bytes, '\0', raw.length) != NULL)
        return defect(problem, DEFECT_NUL_BYTE, NULL, "byte %zu is NUL",
                      (size_t)((const char *)memchr(raw.bytes, '\0', raw.length) - raw.bytes) + 1);
    if (!slice_is_utf8(raw, &position))
        return defect(problem, DEFECT_INVALID_UTF8, NULL, "byte %zu, 0x%02X, is not UTF-8", position + 1,
                      (unsigned char)raw.bytes[position]);
    return true;
}

static int find_column(Slice name)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (slice_is_word(name, columns[i].name))
            return i;
    return -1;
}

/* "a, b, c": the required columns, or those of them that are not bound. */
static char *join_required(CarriedFields bound, bool missing_only)
{
    char *list = format_text("%s", "");

    for (int i = 0; i < COLUMN_COUNT; i++) {
        char *longer;

        if (!columns[i].required || (missing_only && bound & UINT32_C(1) << i))
            continue;
        longer = format_text("%s%s%s", list, *list ? ", " : "", columns[i].name);
        free(list);
        list = longer;
    }
    return list;
}

static bool report_missing(CarriedFields bound, Slice raw, size_t field_count, const char *file)
{
    char *missing = join_required(bound, true);
    char *required = join_required(bound, false);
    Slice shown = slice_head(raw, 300);

    failure(EXIT_USAGE, "the header of \"%s\" lacks: %s", file, missing);
    detail("It was found to name: %.*s%s", SLICE_ARGS(shown), shown.length < raw.length ? "..." : "");
    if (field_count == 1 && (memchr(raw.bytes, ';', raw.length) || memchr(raw.bytes, '\t', raw.length)))
        hint("Columns must be separated by commas; this file seems to use %s.",
             memchr(raw.bytes, ';', raw.length) ? "semicolons" : "tabs");
    else
        hint("The first line must name these columns, in any order: %s.", required);
    free(missing);
    free(required);
    return false;
}

/* A name of its own for each attribute: of equal ones the second gets ".1", and one without a name its place.
 */
static char *attribute_name(const Mapping *mapping, Slice name, size_t place)
{
    char *own =
        name.length > 0 ? format_text("%.*s", SLICE_ARGS(name)) : format_text("column %zu", place + 1);
    int repeats = 0;

    for (size_t i = 0; i < place; i++)
        if (mapping->names[i] != NULL && strncmp(mapping->names[i], own, strlen(own)) == 0 &&
            (mapping->names[i][strlen(own)] == '\0' || mapping->names[i][strlen(own)] == '.'))
            repeats++;
    if (repeats > 0) {
        char *numbered = format_text("%s.%d", own, repeats);

        free(own);
        own = numbered;
    }
    return own;
}

bool mapping_bind(Mapping *mapping, const CsvRecord *header, Slice raw, const char *file)
{
    char *scratch;
    Defect problem;
    bool ok = true;

    if (!check_encoding(raw, &problem)) {
        failure(EXIT_USAGE, "\"%s\" is not a CSV export: its first line is not text", file);
        detail("In the first line, %s.", problem.detail);
        return false;
    }
    scratch = allocate(raw.length + 1);
    *mapping = (Mapping){
        .column_count = header->field_count,
        .columns = allocate(header->field_count * sizeof(int)),
        .names = allocate(header->field_count * sizeof(char *)),
        .attributes = yajl_gen_alloc(NULL),
    };
    memset(mapping->names, 0, header->field_count * sizeof(char *));

    for (size_t i = 0; i < header->field_count && ok; i++) {
        Slice name = slice_trim(csv_value(&header->fields[i], scratch));
        int place = find_column(name);

        mapping->columns[i] = place;
        if (place < 0) {
            mapping->names[i] = attribute_name(mapping, name, i);
            mapping->carried |= ATTRIBUTES_BIT;
        } else if (mapping->carried & UINT32_C(1) << place) {
            ok = failure(EXIT_USAGE, "the header of \"%s\" names the column %s twice", file,
                         columns[place].name);
            hint("Remove or rename one of them, so that it is clear which one counts.");
        } else {
            mapping->carried |= UINT32_C(1) << place;
        }
    }
    free(scratch);

    for (int i = 0; i < COLUMN_COUNT && ok; i++)
        if (columns[i].required && !(mapping->carried & UINT32_C(1) << i))
            ok = report_missing(mapping->carried, raw, header->field_count, file);
    return ok;
}

/* An empty value is null: what is known under the name is to be cleared. */
static void add_attribute(Mapping *mapping, const char *name, Slice value)
{
    yajl_gen_string(mapping->attributes, (const unsigned char *)name, strlen(name));
    if (value.length > 0)
        yajl_gen_string(mapping->attributes, (const unsigned char *)value.bytes, value.length);
    else
        yajl_gen_null(mapping->attributes);
}

static Slice finish_attributes(Mapping *mapping)
{
    const unsigned char *text;
    size_t length;

    yajl_gen_map_close(mapping->attributes);
    yajl_gen_get_buf(mapping->attributes, &text, &length);
    return (Slice){(const char *)text, length};
}

static void begin_record(Mapping *mapping, size_t length)
{
    /* Copies of fields are together no longer than the record. */
    if (mapping->scratch_size < length) {
        mapping->scratch_size = length * 2;
        mapping->scratch = reallocate(mapping->scratch, mapping->scratch_size);
    }
    if (mapping->carried & ATTRIBUTES_BIT) {
        yajl_gen_reset(mapping->attributes, NULL);
        yajl_gen_clear(mapping->attributes);
        yajl_gen_map_open(mapping->attributes);
    }
}

bool mapping_apply(Mapping *mapping, const CsvRecord *record, Slice raw, Conversation *conversation,
                   Defect *problem)
{
    char *scratch;

    if (!check_encoding(raw, problem))
        return false;
    if (record->field_count != mapping->column_count)
        return defect(
            problem,
            record->field_count < mapping->column_count ? DEFECT_TOO_FEW_FIELDS : DEFECT_TOO_MANY_FIELDS,
            NULL, "the header has %zu columns, the record %zu", mapping->column_count, record->field_count);

    begin_record(mapping, raw.length);
    scratch = mapping->scratch;
    conversation_clear(conversation);
    for (size_t i = 0; i < mapping->column_count; i++) {
        const Column *column = mapping->columns[i] >= 0 ? &columns[mapping->columns[i]] : NULL;
        const CsvField *field = &record->fields[i];
        Slice value = csv_value(field, scratch);

        if (column == NULL) {
            add_attribute(mapping, mapping->names[i], value);
            continue;
        }
        if (column->copied && !field->has_escapes)
            value.bytes = memcpy(scratch, value.bytes, value.length);
        if (value.bytes == scratch)
            scratch += value.length;
        if (!column->set(conversation, (char *)value.bytes, value.length, problem))
            return false;
    }
    if (mapping->carried & ATTRIBUTES_BIT)
        conversation->attributes = finish_attributes(mapping);
    return true;
}

void mapping_free(Mapping *mapping)
{
    for (size_t i = 0; mapping->names != NULL && i < mapping->column_count; i++)
        free(mapping->names[i]);
    free(mapping->names);
    free(mapping->columns);
    free(mapping->scratch);
    if (mapping->attributes != NULL)
        yajl_gen_free(mapping->attributes);
    *mapping = (Mapping){0};
}
