/*
 * record.c: the values of a record as columns of binary COPY. See record.h.
 */
#include "copy/record.h"

#include "copy/fingerprint.h"
#include "read/record/fields.h"

#define TIMELINE_COLUMNS 17
#define VALUE_COLUMNS    13

#define OBJECT_LIMIT ((size_t)64 * 1024)

/* Adds an array of one member of count structures. distance: bytes from one structure to the next. */
static void add_texts(CopyBuffer *rows, const Slice *first, size_t distance, size_t count)
{
    size_t begun = copy_array_begin(rows, COPY_TEXT, count);

    for (size_t i = 0; i < count; i++)
        copy_text(rows, *(const Slice *)((const char *)first + i * distance));
    copy_array_end(rows, begun);
}

static void add_words(CopyBuffer *rows, const char *const *first, size_t distance, size_t count)
{
    size_t begun = copy_array_begin(rows, COPY_TEXT, count);

    for (size_t i = 0; i < count; i++)
        copy_word(rows, *(const char *const *)((const char *)first + i * distance));
    copy_array_end(rows, begun);
}

static void add_instants(CopyBuffer *rows, const Instant *first, size_t distance, size_t count)
{
    size_t begun = copy_array_begin(rows, COPY_TIMESTAMPTZ, count);

    for (size_t i = 0; i < count; i++)
        copy_instant(rows, *(const Instant *)((const char *)first + i * distance));
    copy_array_end(rows, begun);
}

static void add_truths(CopyBuffer *rows, const Truth *first, size_t distance, size_t count)
{
    size_t begun = copy_array_begin(rows, COPY_BOOLEAN, count);

    for (size_t i = 0; i < count; i++)
        copy_truth(rows, *(const Truth *)((const char *)first + i * distance));
    copy_array_end(rows, begun);
}

static void add_nulls(CopyBuffer *rows, int columns)
{
    for (int i = 0; i < columns; i++)
        copy_null(rows);
}

/* The columns that describe events: one array each, of as many elements. */
static void add_events(CopyBuffer *rows, const Conversation *conversation)
{
    const Event *events = conversation->events;
    size_t count = conversation->event_count;

    if (!conversation->has_timeline) {
        add_nulls(rows, 12);
        return;
    }
    add_texts(rows, &events->id, sizeof(Event), count);
    add_instants(rows, &events->at, sizeof(Event), count);
    add_texts(rows, &events->type, sizeof(Event), count);
    add_words(rows, &events->state, sizeof(Event), count);
    add_words(rows, &events->before, sizeof(Event), count);
    add_words(rows, &events->author, sizeof(Event), count);
    add_texts(rows, &events->author_id, sizeof(Event), count);
    add_truths(rows, &events->is_reply, sizeof(Event), count);
    add_truths(rows, &events->is_part, sizeof(Event), count);
    add_texts(rows, &events->assignee_id, sizeof(Event), count);
    add_texts(rows, &events->team_id, sizeof(Event), count);
    add_texts(rows, &events->tags, sizeof(Event), count);
}

static void add_teammates(CopyBuffer *rows, const Conversation *conversation)
{
    const Teammate *teammates = conversation->teammates;
    size_t count = conversation->teammate_count;

    if (count == 0) {
        add_nulls(rows, 3);
        return;
    }
    add_texts(rows, &teammates->id, sizeof(Teammate), count);
    add_texts(rows, &teammates->email, sizeof(Teammate), count);
    add_texts(rows, &teammates->name, sizeof(Teammate), count);
}

static int64_t count_naive_events(const Conversation *conversation)
{
    int64_t naive = 0;

    for (size_t i = 0; conversation->has_timeline && i < conversation->event_count; i++)
        naive += conversation->events[i].at.naive;
    return naive;
}

/* Adds an array that marks events with a local time; NULL if there are none. */
static void add_naive_events(CopyBuffer *rows, const Conversation *conversation)
{
    const Event *events = conversation->events;
    size_t count = conversation->event_count, begun;

    if (count_naive_events(conversation) == 0) {
        copy_null(rows);
        return;
    }
    begun = copy_array_begin(rows, COPY_TEXT, count);
    for (size_t i = 0; i < count; i++)
        copy_word(rows, events[i].at.naive ? "naive" : NULL);
    copy_array_end(rows, begun);
}

bool needs_timeline(const Conversation *conversation)
{
    return conversation->has_timeline || conversation->event_total.known || conversation->teammate_count > 0;
}

/* Adds NULLs where there is no timeline. */
static void add_timeline(CopyBuffer *rows, const Conversation *conversation)
{
    add_events(rows, conversation);
    copy_count(rows, conversation->event_total);
    add_teammates(rows, conversation);
    add_naive_events(rows, conversation);
}

static void add_values(CopyBuffer *rows, const Conversation *conversation)
{
    copy_text(rows, conversation->conversation_id);
    copy_text(rows, conversation->user_id);
    copy_word(rows, conversation->state);
    copy_instant(rows, conversation->started_at);
    copy_instant(rows, conversation->first_response_at);
    copy_instant(rows, conversation->resolved_at);
    copy_instant(rows, conversation->updated_at);
    copy_text(rows, conversation->assignee_id);
    copy_text(rows, conversation->assignee_email);
    copy_word(rows, conversation->closed_by);
    copy_text_array(rows, conversation->tags, conversation->tag_count);
    copy_count(rows, conversation->message_count);
    copy_count(rows, conversation->reopen_count);
}

typedef struct Object {
    CopyBuffer *rows;
    size_t length;
} Object;

static void add_piece(void *taker, const char *bytes, size_t length)
{
    Object *object = taker;

    object->length += length;
    if (object->length <= OBJECT_LIMIT)
        copy_bytes(object->rows, bytes, length);
}

/* In binary, jsonb is a version byte and the text. False: the text is too long, and left out. */
static bool add_attributes(CopyBuffer *rows, AttributeWriter *attributes, const Conversation *conversation)
{
    Object object = {.rows = rows};
    size_t begun = rows->length;

    copy_length(rows, 0);
    copy_bytes(rows, "\1", 1);
    attributes_begin(attributes, conversation);
    attributes_write(attributes, add_piece, &object);
    copy_set_length(rows, begun, 1 + object.length);
    if (object.length <= OBJECT_LIMIT)
        return true;
    copy_cut(rows, begun + 4 + 1);
    return false;
}

int naive_times(const Conversation *conversation)
{
    const Instant *times[] = {
        [STAGED_STARTED_AT] = &conversation->started_at,
        [STAGED_FIRST_RESPONSE_AT] = &conversation->first_response_at,
        [STAGED_RESOLVED_AT] = &conversation->resolved_at,
        [STAGED_UPDATED_AT] = &conversation->updated_at,
    };
    int bits = 0;

    for (int i = 0; i < STAGED_EVENT_AT; i++)
        if (times[i]->known && times[i]->naive)
            bits |= 1 << i;
    if (count_naive_events(conversation) > 0)
        bits |= 1 << STAGED_EVENT_AT;
    return bits;
}

int64_t count_naive_times(const Conversation *conversation)
{
    int bits = naive_times(conversation);
    int64_t naive = count_naive_events(conversation);

    for (int i = 0; i < STAGED_EVENT_AT; i++)
        naive += bits >> i & 1;
    return naive;
}

int16_t record_columns(Destination destination)
{
    static const int16_t columns[] = {
        [TO_FACTS] = VALUE_COLUMNS,
        [TO_FACTS_WITH_ATTRIBUTES] = VALUE_COLUMNS + 1,
        [TO_STAGE] = VALUE_COLUMNS + 1,
        [TO_STAGE_WITH_TIMELINES] = TIMELINE_COLUMNS + VALUE_COLUMNS + 1,
    };

    return columns[destination];
}

int64_t copy_record(CopyBuffer *rows, AttributeWriter *attributes, const Conversation *conversation,
                    Destination destination, const char *const *zones, bool *whole)
{
    FingerprintSeed seed = {
        .field_set = field_set(conversation->carried),
        .has_timeline = needs_timeline(conversation),
        .naive = naive_times(conversation),
        .zones = zones,
    };
    size_t begun = rows->length, ended;

    if (destination == TO_STAGE_WITH_TIMELINES)
        add_timeline(rows, conversation);
    if (!seed.has_timeline)
        begun = rows->length;
    add_values(rows, conversation);
    ended = rows->length;
    *whole = true;
    if (conversation->attribute_count > 0) {
        *whole = add_attributes(rows, attributes, conversation);
        ended = rows->length;
    } else if (destination == TO_FACTS_WITH_ATTRIBUTES) {
        copy_text(rows, (Slice){"\1{}", 3});
    } else if (destination >= TO_STAGE) {
        copy_null(rows);
    }
    return fingerprint(&seed, (Slice){rows->bytes + begun, ended - begun}, *whole ? NULL : attributes);
}
