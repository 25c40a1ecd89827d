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

static bool is_taken(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

void header_own_names(const Header *header, char **names)
{
    size_t count = header->count;

    for (size_t i = 0; i < count; i++) {
        Slice name = header->names[i].whole;

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
