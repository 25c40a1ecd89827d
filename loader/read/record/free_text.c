/*
 * free_text.c: decides which texts of attributes are kept. See free_text.h.
 *
 * The walk over a JSON value relies on valid JSON: it looks for names, texts and brackets, and passes over
 * all other bytes. A name joins the path only if its value may hold text.
 */
#include "read/record/free_text.h"

#include <stdlib.h>
#include <string.h>

#include "read/record/prose.h"
#include "read/text/json_escape.h"
#include "terminal/message.h"

#define SHOWN_NAME_LIMIT 100 /* bytes of a name in a message */

/* The fate of texts by their path, before they are read. */
typedef enum Standing {
    STANDING_SHORT,  /* kept if it is short */
    STANDING_FREE,   /* dropped: somebody wrote it */
    STANDING_LISTED, /* kept */
} Standing;

typedef struct Walk {
    FreeText *filter;
    const char *at;
    const char *copied; /* everything before it is in the copy */
    char *to;           /* end of the copy; NULL: there is none yet */
    char *room;
} Walk;

/* A string without its quotes, undecoded. */
typedef struct Quoted {
    Slice content;
    bool has_escapes;
} Quoted;

void free_text_list(FreeText *filter, const char *name)
{
    filter->listed = reallocate(filter->listed, (filter->listed_count + 1) * sizeof(char *));
    filter->listed[filter->listed_count++] = format_text("%s", name);
}

/* --- paths */

static void reserve_path(FreeText *filter, size_t length)
{
    if (filter->path_length + length <= filter->path_size)
        return;
    filter->path_size = 2 * (filter->path_length + length) + 64;
    filter->path = reallocate(filter->path, filter->path_size);
}

static void begin_path(FreeText *filter, Slice name)
{
    filter->path_length = 0;
    reserve_path(filter, name.length);
    memcpy(filter->path, name.bytes, name.length);
    filter->path_length = name.length;
}

/* The list has the path, or an attribute around it. */
static bool is_listed(const FreeText *filter)
{
    for (size_t i = 0; i < filter->listed_count; i++) {
        size_t length = strlen(filter->listed[i]);

        if (length <= filter->path_length && memcmp(filter->listed[i], filter->path, length) == 0 &&
            (length == filter->path_length || filter->path[length] == '.'))
            return true;
    }
    return false;
}

/* The standing of the member at the path, in an object of the outer standing. */
static Standing standing_of(const FreeText *filter, Slice name, Standing outer)
{
    if (outer == STANDING_LISTED || is_listed(filter))
        return STANDING_LISTED;
    if (outer == STANDING_FREE || is_named_as_prose(name) || is_named_as_typed(name))
        return STANDING_FREE;
    return STANDING_SHORT;
}

/* Remembers that a text was dropped. */
static void drop(FreeText *filter)
{
    Slice path = slice_head((Slice){filter->path, filter->path_length}, SHOWN_NAME_LIMIT);

    if (name_list_has(&filter->dropped, path))
        return;
    if (filter->dropped.count == DROPPED_NAMES_LIMIT)
        filter->dropped_others = true;
    else
        name_list_add(&filter->dropped, path);
}

char *free_text_dropped(const FreeText *filter)
{
    char *names = NULL, *all;

    for (int i = 0; i < filter->dropped.count; i++)
        names = join_name(names, filter->dropped.names[i]);
    if (!filter->dropped_others)
        return names;
    all = format_text("%s and others", names);
    free(names);
    return all;
}

/* --- texts */

static bool keeps(Slice text, Standing standing)
{
    return standing == STANDING_LISTED || is_figure(text) || (standing == STANDING_SHORT && !is_prose(text));
}

bool free_text_keeps(FreeText *filter, Slice name, Slice text)
{
    if (is_figure(text))
        return true;
    begin_path(filter, name);
    if (keeps(text, standing_of(filter, name, STANDING_SHORT)))
        return true;
    drop(filter);
    return false;
}

/* --- JSON */

static void skip_blanks(Walk *walk)
{
    while (*walk->at == ' ' || *walk->at == '\n' || *walk->at == '\t' || *walk->at == '\r')
        walk->at++;
}

/* Takes the string from its opening quote to behind its closing one. */
static Quoted take_string(Walk *walk)
{
    Quoted string = {.content.bytes = ++walk->at};

    while (*walk->at != '"') {
        if (*walk->at == '\\') {
            string.has_escapes = true;
            walk->at++;
        }
        walk->at++;
    }
    string.content.length = (size_t)(walk->at++ - string.content.bytes);
    return string;
}

/* Decodes up to the first character beyond the limit, inclusive. Returns the number of bytes. */
static size_t decode(Slice content, size_t limit, char *to)
{
    const char *at = content.bytes, *end = content.bytes + content.length;
    size_t length = 0;

    while (at < end && length <= limit) {
        if (*at != '\\') {
            to[length++] = *at++;
            continue;
        }
        at++;
        length += json_unescape(&at, to + length);
    }
    return length;
}

/* Appends the decoded name of a member to the path. */
static Slice push_name(FreeText *filter, Quoted name)
{
    size_t begun = filter->path_length + 1;

    reserve_path(filter, name.content.length + 5);
    filter->path[begun - 1] = '.';
    if (name.has_escapes) {
        filter->path_length = begun + decode(name.content, name.content.length, filter->path + begun);
    } else {
        memcpy(filter->path + begun, name.content.bytes, name.content.length);
        filter->path_length = begun + name.content.length;
    }
    return (Slice){filter->path + begun, filter->path_length - begun};
}

static void copy_until(Walk *walk, const char *end)
{
    size_t length = (size_t)(end - walk->copied);

    if (walk->to == NULL)
        walk->to = walk->room;
    memcpy(walk->to, walk->copied, length);
    walk->to += length;
}

static void walk_string(Walk *walk, Standing standing)
{
    const char *from = walk->at;
    Quoted string = take_string(walk);
    char decoded[SHORT_TEXT_LIMIT + CHARACTER_SIZE];
    Slice text = string.content;

    if (string.has_escapes)
        text = (Slice){decoded, decode(string.content, SHORT_TEXT_LIMIT, decoded)};
    if (keeps(text, standing))
        return;
    drop(walk->filter);
    copy_until(walk, from);
    memcpy(walk->to, "null", 4);
    walk->to += 4;
    walk->copied = walk->at;
}

static void walk_value(Walk *walk, Standing standing);

/* Behind the name. */
static void walk_member(Walk *walk, Quoted name, Standing outer)
{
    FreeText *filter = walk->filter;
    size_t length = filter->path_length;

    while (*walk->at != ':')
        walk->at++;
    walk->at++;
    skip_blanks(walk);
    if (*walk->at != '"' && *walk->at != '{' && *walk->at != '[')
        return;
    walk_value(walk, standing_of(filter, push_name(filter, name), outer));
    filter->path_length = length;
}

/* Commas, numbers and literals are passed over byte by byte. */
static void walk_object(Walk *walk, Standing standing)
{
    for (walk->at++; *walk->at != '}';)
        if (*walk->at == '"')
            walk_member(walk, take_string(walk), standing);
        else
            walk->at++;
    walk->at++;
}

static void walk_list(Walk *walk, Standing standing)
{
    for (walk->at++; *walk->at != ']';)
        if (*walk->at == '"' || *walk->at == '{' || *walk->at == '[')
            walk_value(walk, standing);
        else
            walk->at++;
    walk->at++;
}

/* At a quote or a bracket. */
static void walk_value(Walk *walk, Standing standing)
{
    if (*walk->at == '"')
        walk_string(walk, standing);
    else if (*walk->at == '{')
        walk_object(walk, standing);
    else
        walk_list(walk, standing);
}

Slice free_text_filter(FreeText *filter, Slice name, Slice json, char *room)
{
    Walk walk = {.filter = filter, .at = json.bytes, .copied = json.bytes, .room = room};

    if (*json.bytes != '"' && *json.bytes != '{' && *json.bytes != '[')
        return json;
    begin_path(filter, name);
    walk_value(&walk, standing_of(filter, name, STANDING_SHORT));
    if (walk.to == NULL)
        return json;
    copy_until(&walk, json.bytes + json.length);
    return (Slice){room, (size_t)(walk.to - room)};
}

void free_text_free(FreeText *filter)
{
    for (size_t i = 0; i < filter->listed_count; i++)
        free(filter->listed[i]);
    name_list_free(&filter->dropped);
    free(filter->listed);
    free(filter->path);
    *filter = (FreeText){0};
}
