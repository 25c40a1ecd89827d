/*
 * header.c: the names of the columns of a table. See header.h.
 */
#include "read/csv/header.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

static HeaderName take_apart(Slice whole)
{
    HeaderName name = {.whole = whole, .base = whole, .note = NO_SLICE};
    size_t prefix = 0;

    if (whole.length > 0 && whole.bytes[whole.length - 1] == ')') {
        const char *open = memrchr(whole.bytes, '(', whole.length);

        if (open != NULL) {
            size_t length = (size_t)(open - whole.bytes);

            name.base = slice_trim((Slice){whole.bytes, length});
            name.note = slice_trim((Slice){open + 1, whole.length - length - 2});
        }
    }
    name.bare = name.base;
    while (prefix < name.base.length && name.base.bytes[prefix] != '.')
        prefix++;
    if (prefix > 0 && prefix + 1 < name.base.length)
        name.bare = (Slice){name.base.bytes + prefix + 1, name.base.length - prefix - 1};
    return name;
}

void header_read(Header *header, const CsvRecord *record, Slice raw)
{
    char *free_space;

    *header = (Header){
        .count = record->field_count,
        .names = allocate(record->field_count * sizeof(HeaderName)),
        .text = allocate(raw.length + 1),
        .raw = raw,
    };
    free_space = header->text;
    for (size_t i = 0; i < header->count; i++) {
        Slice value = csv_value(&record->fields[i], free_space);

        if (value.length > 0)
            memmove(free_space, value.bytes, value.length);
        header->names[i] = take_apart(slice_trim((Slice){free_space, value.length}));
        free_space += value.length;
    }
}

void header_free(Header *header)
{
    free(header->names);
    free(header->text);
    *header = (Header){0};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool name_is(Slice name, const char *pattern)
{
    size_t i = 0;

    for (; *pattern != '\0'; pattern++) {
        if (i == name.length)
            return false;
        if (*pattern == '.' && name.bytes[i] == '_' && i + 1 < name.length && name.bytes[i + 1] == '_')
            i++;
        else if (*pattern == '.' ? name.bytes[i] != '.' && name.bytes[i] != '_'
                                 : lower(name.bytes[i]) != *pattern)
            return false;
        i++;
    }
    return i == name.length;
}

size_t header_find(const Header *header, const char *pattern, bool bare, size_t from)
{
    while (from < header->count && !name_is(header->names[from].whole, pattern) &&
           !name_is(bare ? header->names[from].bare : header->names[from].base, pattern))
        from++;
    return from;
}

/* A name and the place of its column. */
typedef struct PlacedName {
    char *name;
    size_t place;
} PlacedName;

static int compare_names(const void *left, const void *right)
{
    const PlacedName *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_to_name(const void *name, const void *placed)
{
    return strcmp(name, ((const PlacedName *)placed)->name);
}

/* Equal names stand next to each other. A new name differs from all others that are made: up to its last
 * point it is the old one. */
static void number_equal_names(const PlacedName *sorted, size_t count, char **names)
{
    size_t number = 0;

    for (size_t i = 1; i < count; i++) {
        char *numbered = NULL;

        if (strcmp(sorted[i].name, sorted[i - 1].name) != 0) {
            number = 0;
            continue;
        }
        do {
            free(numbered);
            numbered = format_text("%s.%zu", sorted[i].name, ++number);
        } while (bsearch(numbered, sorted, count, sizeof(sorted[0]), compare_to_name) != NULL);
        names[sorted[i].place] = numbered;
    }
}

void header_own_names(const Header *header, char **names)
{
    size_t count = header->count;
    PlacedName *sorted = allocate(count * sizeof(PlacedName));

    for (size_t i = 0; i < count; i++) {
        Slice name = header->names[i].whole;

        names[i] = name.length > 0 ? format_text("%.*s", SLICE_ARGS(name)) : format_text("column %zu", i + 1);
        sorted[i] = (PlacedName){names[i], i};
    }
    qsort(sorted, count, sizeof(sorted[0]), compare_names);
    number_equal_names(sorted, count, names);
    for (size_t i = 0; i < count; i++)
        if (names[sorted[i].place] != sorted[i].name)
            free(sorted[i].name);
    free(sorted);
}
