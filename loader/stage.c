/*
 * stage.c: records on their way into the temporary table stage. See stage.h.
 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"

#define MESSAGE_SIZE     ((size_t)64 * 1024)
#define PLAIN_COLUMNS    19
#define WHOLE_COLUMNS    35
#define TEAMMATE_COLUMNS 4
#define TAG_COLUMNS      3

static bool begin_copy(Stage *stage, const char *sql)
{
    if (!copy_in_begin(stage->connection, sql))
        return false;
    copy_header(&stage->rows);
    return true;
}

/* The server takes a fifth longer over columns that are always NULL. */
static bool begin_rows(Stage *stage, bool whole)
{
    stage->whole = whole;
    return begin_copy(stage, whole ? sql_copy_whole : sql_copy_plain);
}

bool stage_begin(Stage *stage, PGconn *connection, FreeText *free_text)
{
    *stage = (Stage){.connection = connection, .attributes.free_text = free_text, .sent = true};
    return begin_rows(stage, false);
}

bool stage_begin_list(Stage *stage, PGconn *connection, List list)
{
    *stage = (Stage){.connection = connection, .sent = true};
    if (list == LIST_TEAMMATES)
        return begin_copy(stage, "COPY listed_teammate FROM STDIN (FORMAT binary)");
    return run_script(connection, sql_stage_tags) &&
           begin_copy(stage, "COPY listed_tag FROM STDIN (FORMAT binary)");
}

/* In pieces, because libpq and the server each hold one whole message in memory. */
static bool send_rows(Stage *stage)
{
    for (size_t done = 0; done < stage->rows.length && stage->sent; done += MESSAGE_SIZE) {
        size_t rest = stage->rows.length - done;

        stage->sent = copy_in_send(stage->connection, stage->rows.bytes + done,
                                   rest < MESSAGE_SIZE ? rest : MESSAGE_SIZE);
    }
    copy_clear(&stage->rows);
    return stage->sent;
}

static void add_piece(void *taker, const char *bytes, size_t length)
{
    Stage *stage = taker;

    while (length > 0) {
        size_t piece = length < MESSAGE_SIZE ? length : MESSAGE_SIZE;

        copy_bytes(&stage->rows, bytes, piece);
        bytes += piece;
        length -= piece;
        if (stage->rows.length >= MESSAGE_SIZE)
            send_rows(stage);
    }
}

/* In binary, jsonb is a version byte and the text. */
static void add_attributes(Stage *stage, const Conversation *conversation)
{
    if (conversation->attribute_count == 0) {
        copy_text(&stage->rows, NO_SLICE);
        return;
    }
    copy_length(&stage->rows, 1 + attributes_begin(&stage->attributes, conversation));
    copy_bytes(&stage->rows, "\1", 1);
    attributes_write(&stage->attributes, add_piece, stage);
}

/* An array of one member of each of some structures, which lie so many bytes apart. */
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
        add_nulls(rows, 11);
        return;
    }
    add_texts(rows, &events->id, sizeof(Event), count);
    add_instants(rows, &events->at, sizeof(Event), count);
    add_texts(rows, &events->type, sizeof(Event), count);
    add_words(rows, &events->state, sizeof(Event), count);
    add_words(rows, &events->before, sizeof(Event), count);
    add_words(rows, &events->author, sizeof(Event), count);
    add_truths(rows, &events->is_reply, sizeof(Event), count);
    add_truths(rows, &events->is_part, sizeof(Event), count);
    add_texts(rows, &events->assignee_id, sizeof(Event), count);
    add_texts(rows, &events->team_id, sizeof(Event), count);
    add_texts(rows, &events->tags, sizeof(Event), count);
}

/* Which of the events' times are local ones; NULL: none. */
static void add_naive_events(Stage *stage, const Conversation *conversation)
{
    const Event *events = conversation->events;
    size_t count = conversation->has_timeline ? conversation->event_count : 0, begun;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        any = any || events[i].at.naive;
        stage->naive_count += events[i].at.naive;
    }
    if (!any) {
        copy_null(&stage->rows);
        return;
    }
    begun = copy_array_begin(&stage->rows, COPY_TEXT, count);
    for (size_t i = 0; i < count; i++)
        copy_word(&stage->rows, events[i].at.naive ? "naive" : NULL);
    copy_array_end(&stage->rows, begun);
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

/* Which times are local ones, as sql/load/stage.sql numbers them. */
static int naive_times(Stage *stage, const Conversation *conversation)
{
    const Instant *times[] = {&conversation->started_at, &conversation->first_response_at,
                              &conversation->resolved_at, &conversation->updated_at};
    int bits = 0;

    for (int i = 0; i < 4; i++) {
        if (!times[i]->known || !times[i]->naive)
            continue;
        bits |= 1 << i;
        stage->naive_count++;
    }
    return bits;
}

static int32_t bits(CarriedFields c)
{
    static const int map[][2]={{FIELD_USER_ID,1},{FIELD_STARTED_AT,2},{FIELD_FIRST_RESPONSE_AT,4},{FIELD_RESOLVED_AT,8},{FIELD_ASSIGNEE_ID,16},{FIELD_ASSIGNEE_EMAIL,16},{FIELD_CLOSED_BY,32},{FIELD_TAGS,64},{FIELD_MESSAGE_COUNT,128},{FIELD_REOPEN_COUNT,256},{FIELD_ATTRIBUTES,512},{FIELD_STATE,1024}};
    int32_t b=0;
    for (size_t i=0;i<sizeof(map)/sizeof(map[0]);i++) if (c & CARRIES(map[i][0])) b|=map[i][1];
    return b;
}

static bool is_plain(const Conversation *conversation)
{
    return !conversation->has_timeline && !conversation->event_total.known &&
           conversation->teammate_count == 0;
}

/* From the first record on that tells more than plain rows hold. */
static bool begin_whole_rows(Stage *stage)
{
    copy_trailer(&stage->rows);
    return send_rows(stage) && copy_in_end(stage->connection, NULL) && begin_rows(stage, true);
}

/*
 * Exports mostly come in the order of their identifiers, and then it needs no look at all of them to know
 * that none comes twice.
 */
static void watch_order(Stage *stage, Slice id)
{
    size_t shorter = id.length < stage->last_id_length ? id.length : stage->last_id_length;
    int order;

    if (stage->may_repeat)
        return;
    order = memcmp(id.bytes, stage->last_id, shorter);
    if (order == 0)
        order = (id.length > stage->last_id_length) - (id.length < stage->last_id_length);
    order = (order > 0) - (order < 0);
    if (stage->record_count <= 1)
        stage->direction = order;
    stage->may_repeat = stage->record_count > 0 && (order == 0 || order != stage->direction);
    memcpy(stage->last_id, id.bytes, id.length);
    stage->last_id_length = id.length;
}

/* The record alone does not show that its conversation is in a time to resolution, once it is closed. */
static bool is_doubtful(const Conversation *conversation)
{
    Instant start = conversation->started_at, close = conversation->resolved_at;

    if (!start.known || conversation->has_timeline)
        return true;
    return conversation->state == state_closed &&
           (!close.known || start.naive != close.naive || close.microseconds < start.microseconds);
}

bool stage_add(Stage *stage, const Conversation *conversation)
{
    CopyBuffer *rows = &stage->rows;

    if (!stage->whole && !is_plain(conversation) && !begin_whole_rows(stage))
        return false;
    stage->shapes[conversation->carried] = true;
    stage->has_events = stage->has_events || conversation->has_timeline;
    stage->has_deletions = stage->has_deletions || conversation->state == state_deleted;
    stage->is_doubtful = stage->is_doubtful || is_doubtful(conversation);
    stage->has_teammates = stage->has_teammates || conversation->teammate_count > 0;
    stage->placeholder_count += (int64_t)conversation->placeholder_count;
    watch_order(stage, conversation->conversation_id);
    copy_row(rows, stage->whole ? WHOLE_COLUMNS : PLAIN_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_integer(rows, stage->file);
    copy_smallint(rows, (int16_t)naive_times(stage, conversation));
    copy_integer(rows, bits(conversation->carried));
    copy_null(rows);
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
    add_attributes(stage, conversation);
    if (stage->whole) {
        add_events(rows, conversation);
        copy_count(rows, conversation->event_total);
        add_teammates(rows, conversation);
        add_naive_events(stage, conversation);
    }
    return rows->length < MESSAGE_SIZE ? stage->sent : send_rows(stage);
}

bool stage_add_teammate(Stage *stage, const Teammate *teammate)
{
    CopyBuffer *rows = &stage->rows;

    copy_row(rows, TEAMMATE_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_text(rows, teammate->id);
    copy_text(rows, teammate->email);
    copy_text(rows, teammate->name);
    return rows->length < MESSAGE_SIZE ? stage->sent : send_rows(stage);
}

bool stage_add_tag(Stage *stage, const Tag *tag)
{
    CopyBuffer *rows = &stage->rows;

    copy_row(rows, TAG_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_text(rows, tag->id);
    copy_text(rows, tag->name);
    return rows->length < MESSAGE_SIZE ? stage->sent : send_rows(stage);
}

static bool end_copy(Stage *stage, const char *reason)
{
    bool ok = true;

    if (reason == NULL) {
        copy_trailer(&stage->rows);
        ok = send_rows(stage);
    }
    ok = copy_in_end(stage->connection, ok ? reason : "the loader could not send the records") && ok;
    copy_free(&stage->rows);
    attributes_free(&stage->attributes);
    return ok;
}

bool stage_end_list(Stage *stage, const char *reason)
{
    return end_copy(stage, reason);
}

bool stage_end(Stage *stage, const char *reason)
{
    return end_copy(stage, reason);
}
