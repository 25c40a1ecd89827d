/*
 * shape.c: the shapes of exports. See shape.h.
 */
#include "read/export/shape.h"

#include <stdio.h>
#include <string.h>

#include "read/record/name_list.h"
#include "terminal/message.h"

/* A header is of the first shape that recognises it. */
static const Shape *const shapes[] = {
    &shape_canonical, &shape_states,         &shape_parts,       &shape_actions,       &shape_report,
    &shape_dataset,   &shape_history,        &shape_tag_history, &shape_airbyte,       &shape_json,
    &shape_intercom,  &shape_content_export, &shape_tickets,     &shape_other_dataset,
};

#define SHAPE_COUNT ((int)(sizeof(shapes) / sizeof(shapes[0])))

const Shape *shape_named(const char *name)
{
    for (int i = 0; i < SHAPE_COUNT; i++)
        if (shapes[i]->name != NULL && strcmp(shapes[i]->name, name) == 0)
            return shapes[i];
    return NULL;
}

char *shape_names(void)
{
    char *names = join_name(NULL, "auto");

    for (int i = 0; i < SHAPE_COUNT; i++)
        if (shapes[i]->name != NULL)
            names = join_name(names, shapes[i]->name);
    return names;
}

/* Cuts the first column off a sign. */
static bool next_of_sign(const char **rest, char *column, size_t capacity)
{
    const char *end = strstr(*rest, " + ");
    size_t length = end != NULL ? (size_t)(end - *rest) : strlen(*rest);

    if (length == 0)
        return false;
    snprintf(column, capacity, "%.*s", (int)length, *rest);
    *rest += length + (end != NULL ? 3 : 0);
    return true;
}

static bool has_sign(const Header *header, const Shape *shape, const char *sign)
{
    char column[80];

    while (next_of_sign(&sign, column, sizeof(column)))
        if (header_find(header, column, shape->has_prefixes, 0) == header->count)
            return false;
    return true;
}

bool shape_has(const Shape *shape, const Header *header, int meaning)
{
    for (const ShapeColumn *column = shape->columns; column->name != NULL; column++) {
        bool fits = column->meaning == meaning ||
                    (meaning == FIELD_STARTED_AT && column->meaning == MEANING_CREATED_AT) ||
                    (meaning == FIELD_RESOLVED_AT && column->meaning == MEANING_LAST_CLOSE_AT);

        if (fits && header_find(header, column->name, shape->has_prefixes, 0) < header->count)
            return true;
    }
    return false;
}

static bool has_needed(const Shape *shape, const Header *header)
{
    for (const int *meaning = shape->needed; *meaning != MEANING_NONE; meaning++)
        if (!shape_has(shape, header, *meaning))
            return false;
    return true;
}

/* A shape without signs is recognised by the columns that it needs. */
static bool is_of(const Shape *shape, const Header *header)
{
    if (shape->content != FORMAT_CSV)
        return false;
    if (shape->signs == NULL)
        return has_needed(shape, header);
    for (const char *const *sign = shape->signs; *sign != NULL; sign++)
        if (has_sign(header, shape, *sign))
            return true;
    return false;
}

const Shape *shape_of(const Header *header)
{
    for (int i = 0; i < SHAPE_COUNT; i++)
        if (is_of(shapes[i], header))
            return shapes[i];
    return &shape_canonical;
}

bool shape_refuse(const Shape *shape, const char *file)
{
    failure(EXIT_USAGE, "\"%s\" holds no conversations: it is %s", file, shape->title);
    hint("%s", shape->remedy);
    return false;
}

static void print_signs(const Shape *shape)
{
    printf("  known by  ");
    for (const char *const *sign = shape->signs; *sign != NULL; sign++)
        printf("%s%s", sign > shape->signs ? ", or " : "", *sign);
    putchar('\n');
}

static void print_columns(const Shape *shape)
{
    size_t names = 0, meanings = 0;

    for (const ShapeColumn *column = shape->columns; column->name != NULL; column++) {
        if (strlen(column->name) > names)
            names = strlen(column->name);
        if (strlen(meaning_name(column->meaning)) > meanings)
            meanings = strlen(meaning_name(column->meaning));
    }
    for (const ShapeColumn *column = shape->columns; column->name != NULL; column++)
        printf("  %-*s  %-*s  %s%s\n", (int)names, column->name, (int)meanings, meaning_name(column->meaning),
               column->reading->words,
               is_kept_besides(column->meaning, column->reading) ? "; also an attribute" : "");
    printf("  %-*s  %s\n", (int)names, "all others", shape->is_partial ? "are not kept" : "attributes");
}

void shapes_print(void)
{
    for (int i = 0; i < SHAPE_COUNT; i++) {
        const Shape *shape = shapes[i];

        if (shape->name != NULL)
            printf("%s%s: %s\n", i > 0 ? "\n" : "", shape->name, shape->title);
        else
            printf("\nrefused: %s\n", shape->title);
        if (shape->signs != NULL)
            print_signs(shape);
        if (shape->columns != NULL)
            print_columns(shape);
        if (shape->remedy != NULL)
            printf("  instead  %s\n", shape->remedy);
    }
}
