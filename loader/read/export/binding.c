/*
 * binding.c: binds the columns of a table to the fields of a conversation. See mapping.h.
 */
#include "read/export/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "read/record/likely_field.h"
#include "read/text/encoding.h"
#include "terminal/message.h"

/* The first name of a needed column. */
static const char *name_in(const Shape *shape, int meaning)
{
    const ShapeColumn *column = shape->columns;

    while (column->meaning != meaning)
        column++;
    return column->name;
}

/* "a, b, c": the columns that the shape needs, or those of them that the header lacks; NULL for none. */
static char *join_needed(const Shape *shape, const Header *header, bool missing_only)
{
    char *list = NULL;

    for (const int *meaning = shape->needed; *meaning != MEANING_NONE; meaning++)
        if (!missing_only || !shape_has(shape, header, *meaning))
            list = join_name(list, name_in(shape, *meaning));
    return list;
}

static bool report_missing(const Shape *shape, const Header *header, const char *file)
{
    char *missing = join_needed(shape, header, true);
    char *needed = join_needed(shape, header, false);
    Slice shown = slice_head(header->raw, 300);
    bool complete = missing == NULL;

    if (!complete) {
        failure(EXIT_USAGE, "the header of \"%s\" lacks: %s", file, missing);
        detail("The header is: %.*s%s", SLICE_ARGS(shown), shown.length < header->raw.length ? "..." : "");
        if (shape == &shape_canonical)
            hint("The first line must name these columns, in any order: %s. Other exports that are known are "
                 "listed by: ttr-load --shapes",
                 needed);
        else if (shape->remedy != NULL)
            hint("%s", shape->remedy);
        else
            hint("Export it again with these columns: %s.", needed);
    }
    free(missing);
    free(needed);
    return complete;
}

/* The first column with the meaning; mapping->column_count if there is none. */
static size_t place_of(const Mapping *mapping, int meaning)
{
    size_t place = 0;

    while (place < mapping->column_count && mapping->columns[place].meaning != meaning)
        place++;
    return place;
}

static bool is_bound(const Mapping *mapping, int meaning)
{
    return place_of(mapping, meaning) < mapping->column_count;
}

static bool needs(const Shape *shape, int meaning)
{
    const int *needed = shape->needed;

    while (*needed != MEANING_NONE && *needed != meaning)
        needed++;
    return *needed == meaning;
}

/* Whether a record may lack the value. A start may be lacking where another column has a guess of it. */
static bool is_optional(const Mapping *mapping, int meaning)
{
    switch (meaning) {
    case FIELD_CONVERSATION_ID:
    case FIELD_STATE:
    case MEANING_IS_CURRENT:
    case MEANING_EVENT_AT:
    case MEANING_EVENT_TYPE:
    case MEANING_EVENT_STATE:
    case MEANING_STATE_BEGUN:
    case MEANING_AUTHOR_TYPE:
        return false;
    case FIELD_STARTED_AT:
        return !needs(mapping->shape, FIELD_STARTED_AT) || is_bound(mapping, MEANING_CREATED_AT);
    default:
        return true;
    }
}

/* Gives the column at the place its meaning; false: another column has the same name. */
static bool bind_column(Mapping *mapping, const Header *header, const ShapeColumn *described, size_t place,
                        const char *file)
{
    const Shape *shape = mapping->shape;
    const HeaderName *name = &header->names[place];
    size_t again = header_find(header, described->name, false, place + 1);

    if (again < header->count && name_is(name->base, described->name) &&
        !is_kept_besides(described->meaning, described->reading)) {
        failure(EXIT_USAGE, "the header of \"%s\" names the column %s twice", file, described->name);
        hint("Remove or rename one of them, so that it is clear which one counts.");
        return false;
    }
    mapping->bound_count++;
    mapping->columns[place].meaning = described->meaning;
    mapping->columns[place].reading = described->reading;
    mapping->columns[place].kept =
        is_kept_besides(described->meaning, described->reading) && !shape->is_partial;
    if (shape == &shape_canonical && name_is(name->whole, meaning_name(described->meaning)))
        mapping->columns[place].name = meaning_name(described->meaning);
    if (described->meaning < FIELD_COUNT)
        mapping->carried |= CARRIES(described->meaning);
    else if (described->meaning == MEANING_LAST_CLOSE_AT)
        mapping->carried |= CARRIES(FIELD_RESOLVED_AT);
    else if (described->meaning == MEANING_ASSIGNEE_NAME || described->meaning == MEANING_ASSIGNEE_OR_TEAM)
        mapping->carried |= CARRIES(FIELD_ASSIGNEE_ID);
    return true;
}

/* Of the names of one meaning the first that the header has counts; columns of the others become attributes.
 */
static bool bind_columns(Mapping *mapping, const Header *header, const char *file)
{
    const Shape *shape = mapping->shape;

    for (const ShapeColumn *described = shape->columns; described->name != NULL; described++) {
        size_t place = header_find(header, described->name, shape->has_prefixes, 0);

        if (place == header->count || mapping->columns[place].meaning != MEANING_NONE ||
            is_bound(mapping, described->meaning) ||
            (described->meaning == MEANING_LAST_CLOSE_AT && is_bound(mapping, FIELD_RESOLVED_AT)))
            continue;
        if (!bind_column(mapping, header, described, place, file))
            return false;
    }
    mapping->has_resolution = is_bound(mapping, FIELD_RESOLVED_AT);
    mapping->has_assigned =
        is_bound(mapping, MEANING_ASSIGNED_TO_ID) && is_bound(mapping, MEANING_ASSIGNED_TO_TEAM);
    return true;
}

static bool is_zone(const char *zone, Slice note)
{
    return note.bytes != NULL && slice_equals(note, (Slice){zone, strlen(zone)});
}

/* Naive times are in the zone that their column names. Columns that make one time must name one zone. */
static bool bind_zones(Mapping *mapping, const Header *header, const char *file)
{
    bool seen[STAGED_TIMES] = {false};

    for (size_t i = 0; i < mapping->column_count; i++) {
        Slice note = header->names[i].note;
        StagedTime time = mapping->columns[i].meaning != MEANING_NONE
                              ? meaning_time(mapping->columns[i].meaning)
                              : NOT_STAGED;

        if (time == NOT_STAGED)
            continue;
        if (seen[time] &&
            !(mapping->zones[time] != NULL ? is_zone(mapping->zones[time], note) : note.bytes == NULL)) {
            failure(EXIT_USAGE, "the header of \"%s\" has times in different zones that may be the %s", file,
                    meaning_name(mapping->columns[i].meaning));
            hint("Export all times in one zone, or leave one of the columns out.");
            return false;
        }
        if (!seen[time] && note.bytes != NULL)
            mapping->zones[time] = format_text("%.*s", SLICE_ARGS(note));
        seen[time] = true;
    }
    /* Where no column has the start, it is guessed from an event. */
    if (!seen[STAGED_STARTED_AT] && mapping->zones[STAGED_EVENT_AT] != NULL)
        mapping->zones[STAGED_STARTED_AT] = format_text("%s", mapping->zones[STAGED_EVENT_AT]);
    return true;
}

static void make_columns(Mapping *mapping, const Header *header)
{
    size_t count = header->count;
    char **names = allocate(count * sizeof(char *));

    mapping->column_count = count;
    mapping->columns = allocate(count * sizeof(Column));
    mapping->attributes = allocate((count + 1) * sizeof(Attribute));
    header_own_names(header, names);
    for (size_t i = 0; i < count; i++)
        mapping->columns[i] = (Column){
            .meaning = MEANING_NONE,
            .name = names[i],
            .own_name = names[i],
            .is_nameless = header->names[i].whole.length == 0,
            .dates = mapping->dates,
        };
    free(names);
}

/* An assignee that is a team becomes an attribute, unless the team has a column of its own. */
static void bind_team(Mapping *mapping, const Header *header)
{
    static const char attribute[] = "team_assignee_id";

    if (is_bound(mapping, MEANING_ASSIGNEE_TYPE) && header_find(header, attribute, false, 0) == header->count)
        mapping->team_attribute = attribute;
}

/* The column for the last close is called like that for the first one, with "last" for "first". */
static void warn_of_closes(const Mapping *mapping, const char *file)
{
    size_t first_close = place_of(mapping, MEANING_FIRST_CLOSE_AT);
    const char *name, *word;

    if (mapping->carried & CARRIES(FIELD_RESOLVED_AT) || !(mapping->carried & CARRIES(FIELD_STATE)) ||
        is_bound(mapping, MEANING_EVENT_AT))
        return;
    if (first_close == mapping->column_count) {
        warning("\"%s\" has no column for the last close: the figures leave out closed conversations whose "
                "close no other export has",
                file);
        return;
    }
    name = mapping->columns[first_close].own_name;
    word = strcasestr(name, "first");
    warning(
        "\"%s\" has the first close of a conversation, and not the last one: the first close is not taken "
        "for the resolution, because a conversation may be reopened after it; add the column "
        "\"%.*slast%s\"",
        file, (int)(word - name), name, word + strlen("first"));
}

/* An attribute that looks like a field. A column that the shape names is none: another column of the same
 * field came first. */
static bool is_likely(const Shape *shape, const HeaderName *name)
{
    Slice known_as = shape->has_prefixes ? name->bare : name->base;

    for (const ShapeColumn *described = shape->columns; described->name != NULL; described++)
        if (name_is(known_as, described->name))
            return false;
    return looks_like_a_field(known_as);
}

static bool bind_header(Mapping *mapping, const Shape *wanted, const Header *header, const char *file)
{
    const Shape *shape = wanted != NULL ? wanted : shape_of(header);

    mapping->shape = shape;
    if (shape->name == NULL)
        return shape_refuse(shape, file);
    make_columns(mapping, header);
    if (!bind_columns(mapping, header, file) || !report_missing(shape, header, file) ||
        !bind_zones(mapping, header, file))
        return false;
    for (size_t i = 0; i < mapping->column_count; i++) {
        Column *column = &mapping->columns[i];

        column->is_optional = is_optional(mapping, column->meaning);
        column->kept = column->kept || (column->meaning == MEANING_NONE && !shape->is_partial);
        column->is_likely =
            column->meaning == MEANING_NONE && column->kept && is_likely(shape, &header->names[i]);
        if (column->kept)
            mapping->carried |= CARRIES(FIELD_ATTRIBUTES);
    }
    bind_team(mapping, header);
    warn_of_closes(mapping, file);
    return true;
}

bool mapping_bind(Mapping *mapping, const Shape *wanted, const DateFormat *dates, const CsvRecord *record,
                  Slice raw, const char *file)
{
    Header header;
    Defect problem;
    bool ok;

    *mapping = (Mapping){.dates = dates};
    if (!check_encoding(raw, &problem)) {
        failure(EXIT_USAGE, "\"%s\" is not a CSV export: its header is not text", file);
        detail("In the header, %s.", problem.detail);
        hint_encoding(raw);
        return false;
    }
    if (record->field_count > CSV_MAX_FIELDS)
        return failure(EXIT_USAGE, "the header of \"%s\" has %zu columns, and %d are the limit", file,
                       record->field_count, CSV_MAX_FIELDS);
    header_read(&header, record, raw);
    ok = bind_header(mapping, wanted, &header, file);
    header_free(&header);
    return ok;
}

void mapping_likely_fields(const Mapping *mapping, NameList *names)
{
    for (size_t i = 0; i < mapping->column_count; i++)
        if (mapping->columns[i].is_likely)
            name_list_add(names, (Slice){mapping->columns[i].own_name, strlen(mapping->columns[i].own_name)});
}
