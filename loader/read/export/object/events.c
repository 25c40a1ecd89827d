/*
 * events.c: makes events of the parts of a conversation. See events.h.
 */
#include "read/export/object/events.h"

#include <stdlib.h>
#include <string.h>

#include "read/json/field.h"
#include "read/record/words.h"
#include "read/text/placeholder.h"
#include "terminal/message.h"

/* A part in the order of events. */
typedef struct Place {
    const JsonPart *part;
    Slice id;
    Instant at;
    bool repeated;
} Place;

/* Shorter identifiers first: they are numbers, and a later part has a higher one. sql/load/timelines.sql has
 * the same order. */
static int order_of_ids(const Place *x, const Place *y)
{
    if (x->id.length != y->id.length)
        return x->id.length < y->id.length ? -1 : 1;
    return memcmp(x->id.bytes, y->id.bytes, x->id.length);
}

static int compare_ids(const void *a, const void *b)
{
    const Place *x = *(Place *const *)a, *y = *(Place *const *)b;
    int order = order_of_ids(x, y);

    return order != 0 ? order : x < y ? -1 : x > y;
}

static int compare_times(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    int order;

    if (x->at.microseconds != y->at.microseconds)
        return x->at.microseconds < y->at.microseconds ? -1 : 1;
    order = order_of_ids(x, y);
    return order != 0 ? order : x->part < y->part ? -1 : x->part > y->part;
}

static bool read_part(const JsonPart *part, Place *place, Defect *problem)
{
    *place = (Place){.part = part};
    if (!json_identifier_value(part->id, "conversation_parts.id", &place->id, problem) ||
        !json_instant_value(part->created_at, "conversation_parts.created_at", &place->at, problem))
        return false;
    if (place->id.bytes == NULL || !place->at.known)
        return defect(problem, DEFECT_BAD_EVENT, "conversation_parts", "a part has no %s",
                      place->id.bytes == NULL ? "identifier" : "time");
    return true;
}

/* Marks all but the first part of an identifier. Identifiers nearly always ascend: then nothing is sorted. */
static void mark_repeated(Place *places, size_t count)
{
    size_t ascending = 1;
    Place **by_id;

    while (ascending < count && order_of_ids(&places[ascending - 1], &places[ascending]) < 0)
        ascending++;
    if (ascending >= count)
        return;
    by_id = allocate(count * sizeof(Place *));
    for (size_t i = 0; i < count; i++)
        by_id[i] = &places[i];
    qsort(by_id, count, sizeof(Place *), compare_ids);
    for (size_t i = 1; i < count; i++)
        by_id[i]->repeated = slice_equals(by_id[i]->id, by_id[i - 1]->id);
    free(by_id);
}

/* state: after the event before; NULL if no event before has one. */
static void see_close(Close *close, const Event *event, const char *state)
{
    if (event->state != state_closed)
        *close = (Close){0};
    else if (state != state_closed)
        *close = (Close){
            .is_seen = state != NULL || slice_is_word(event->type, "close"),
            .at = event->at,
            .by = event->author,
        };
}

/* Whom a part assigns the conversation to; NOBODY for 0, and no slice if it changes nothing. */
static bool read_assigned(JsonValue value, Slice *id, Defect *problem)
{
    if (!json_identifier_value(value, json_members[MEMBER_PART_ASSIGNED_TO].path, id, problem))
        return false;
    if (is_nobody(*id))
        *id = NOBODY;
    return true;
}

/* A customer's identifier is not read. */
static bool read_author(const JsonPart *part, Event *event, Defect *problem)
{
    const char *path = json_members[MEMBER_AUTHOR_ID].path;

    event->author = author_kind(json_text(part->author_type));
    if (!is_teammate(event->author))
        return true;
    if (!json_somebody_value(part->author_id, path, &event->author_id, problem))
        return false;
    if (is_placeholder(event->author_id))
        event->author_id = NO_SLICE;
    return true;
}

static bool read_event(const Place *place, Event *event, Defect *problem)
{
    const JsonPart *part = place->part;

    *event = (Event){.id = place->id, .at = place->at, .is_part = TRUTH_YES};
    if (!json_identifier_value(part->type, "conversation_parts.part_type", &event->type, problem) ||
        !read_assigned(part->assignee_id, &event->assignee_id, problem) ||
        !read_assigned(part->team_id, &event->team_id, problem) || !read_author(part, event, problem))
        return false;
    if (event->type.bytes == NULL) /* kept like an unknown type */
        event->type = (Slice){"", 0};
    event->state = part_state(json_text(part->state), event->type, event->author);
    event->is_reply = part_is_reply(event->type, event->author, part->has_body);
    return true;
}

/* Room for the tags of all parts as text: each name has a sign and a separator, and each byte may need a
 * backslash. */
static char *make_room(JsonReader *reader)
{
    const JsonRecord *record = &reader->record;
    size_t length = 0;

    for (size_t i = 0; i < record->change_count; i++)
        length += 2 * record->changes[i].name.length + strlen("+; ");
    if (reader->tag_texts_size < length) {
        free(reader->tag_texts);
        reader->tag_texts = allocate(length);
        reader->tag_texts_size = length;
    }
    return reader->tag_texts;
}

static char *put_tag(char *to, char sign, Slice name)
{
    *to++ = sign;
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] == ';')
            *to++ = '\\';
        *to++ = name.bytes[i];
    }
    return to;
}

/*
 * "+vip; -trial": the tags that the part adds and removes, from its details. A part whose details have none
 * adds the tags that it has itself. Writes the text at *room, and moves *room behind it.
 */
static Slice read_tags(const JsonRecord *record, const JsonPart *part, char **room)
{
    char *start = *room, *end = *room;
    bool has_details = false;

    for (size_t i = part->first_change; i < part->end_change; i++)
        has_details = has_details || record->changes[i].place != PLACE_TAG_OF_PART;
    for (size_t i = part->first_change; i < part->end_change; i++) {
        const TagChange *change = &record->changes[i];

        if (has_details && change->place == PLACE_TAG_OF_PART)
            continue;
        if (end > start)
            end = (char *)memcpy(end, "; ", 2) + 2;
        end = put_tag(end, change->place == PLACE_TAG_REMOVED ? '-' : '+', change->name);
    }
    *room = end;
    return end > start ? (Slice){start, (size_t)(end - start)} : NO_SLICE;
}

bool events_read(JsonReader *reader, Conversation *conversation, Close *close, Defect *problem)
{
    const JsonRecord *record = &reader->record;
    size_t count = record->part_count;
    char *room = make_room(reader);
    Place *places = allocate((count + 1) * sizeof(Place));
    const char *state = NULL;
    bool ok = true;

    *close = (Close){0};
    for (size_t i = 0; i < count && ok; i++)
        ok = read_part(&record->parts[i], &places[i], problem);
    if (ok) {
        mark_repeated(places, count);
        qsort(places, count, sizeof(Place), compare_times);
    }
    for (size_t i = 0; i < count && ok; i++) {
        Event *event = &conversation->events[conversation->event_count];

        if (places[i].repeated)
            continue;
        ok = read_event(&places[i], event, problem);
        event->tags = read_tags(record, places[i].part, &room);
        conversation->event_count += ok;
        if (!ok || event->state == NULL)
            continue;
        see_close(close, event, state);
        state = event->state;
    }
    free(places);
    return ok;
}
