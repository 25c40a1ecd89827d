/*
 * stage.c: records on their way to the server. See stage.h.
 */
#include "database/stage.h"

#include <string.h>

#include "database/sql.h"
#include "terminal/message.h"

/* About as many records are staged while a second connection opens. */
#define STAGED_BEFORE_COMPARING 10000

/* Keeps the COPY that is open, if it has all columns of the destination. */
static bool go_on_to(Stage *stage, Destination destination)
{
    const char *const copies[] = {
        [TO_FACTS] = sql_copy_facts,
        [TO_FACTS_WITH_ATTRIBUTES] = sql_copy_facts_with_attributes,
        [TO_STAGE] = sql_copy_stage,
        [TO_STAGE_WITH_TIMELINES] = sql_copy_stage_with_timelines,
    };

    if (stage->stream.is_open && destination <= stage->destination)
        return true;
    stage->destination = destination;
    return row_stream_end(&stage->stream, NULL) && row_stream_begin(&stage->stream, copies[destination]);
}

/* Finds out which way the records of the run may take. */
static bool find_way(Stage *stage)
{
    int64_t has_facts, is_empty;

    if (!query_row(stage->stream.connection, sql_find_way, 0, NULL, (int64_t *[]){&has_facts, &is_empty}, 2))
        return false;
    stage->compares = has_facts;
    if (is_empty && !stage->options.lists[LIST_TAGS])
        stage->least = TO_FACTS;
    return true;
}

bool stage_begin(Stage *stage, PGconn *connection, const StageOptions *options)
{
    *stage = (Stage){
        .stream.connection = connection,
        .options = *options,
        .attributes.free_text = options->free_text,
        .least = TO_STAGE,
        .has_teammates = options->lists[LIST_TEAMMATES],
    };
    return (options->connection == NULL || find_way(stage)) && go_on_to(stage, stage->least);
}

/* Stages every record from now on. */
static void stage_all(Stage *stage)
{
    stage->least = TO_STAGE;
    stage->compares = false;
    known_close(&stage->known);
    ranges_end(&stage->ranges);
}

void stage_begin_file(Stage *stage, int32_t file, char *const *zones, bool lists_tag_lines)
{
    stage->local_times = 0;
    for (int i = 0; i < STAGED_TIMES; i++) {
        stage->zones[i] = zones[i] != NULL ? zones[i] : stage->options.time_zone;
        if (strcmp(stage->zones[i], "UTC") != 0)
            stage->local_times |= 1 << i;
    }
    /* A conversation may stand in several files of an archive. */
    if (stage->record_count > 0 || lists_tag_lines)
        stage_all(stage);
    stage->file = stage->ranges.file = file;
    stage->has_tag_history = stage->has_tag_history || lists_tag_lines;
    stage->times = (FileTimes){0};
}

/*
 * Most exports are in the order of their identifiers. Then none comes twice, and the server need not look for
 * repeated ones.
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

/* Whether the conversation may be in no time to resolution once it is closed, as far as the record alone
 * shows. */
static bool is_doubtful(const Conversation *conversation)
{
    Instant start = conversation->started_at, close = conversation->resolved_at;

    if (!start.known || conversation->has_timeline)
        return true;
    return conversation->state == state_closed &&
           (!close.known || start.naive != close.naive || close.microseconds < start.microseconds);
}

/* Whether some time of the conversation is local, so that only the server can turn it into an instant. */
static bool is_local(const Stage *stage, const Conversation *conversation)
{
    return stage->local_times != 0 && (naive_times(conversation) & stage->local_times) != 0;
}

/* Whether the record can become a row of the facts as it is. A record without any time is dated by its
 * export, whose date is known only at its end. */
static bool is_fact(const Stage *stage, const Conversation *conversation)
{
    return conversation->state != NULL && conversation->state != state_deleted &&
           (conversation->started_at.known || conversation->resolved_at.known) &&
           !needs_timeline(conversation) && !is_local(stage, conversation);
}

static Destination find_destination(Stage *stage, const Conversation *conversation)
{
    if (stage->least == TO_FACTS && !is_fact(stage, conversation))
        stage_all(stage);
    if (stage->least == TO_FACTS)
        return conversation->attribute_count > 0 ? TO_FACTS_WITH_ATTRIBUTES : TO_FACTS;
    return needs_timeline(conversation) ? TO_STAGE_WITH_TIMELINES : TO_STAGE;
}

/* Counts what is counted of every record, wherever it goes. */
static void note_record(Stage *stage, const Conversation *conversation)
{
    stage->naive_count += count_naive_times(conversation);
    stage->placeholder_count += (int64_t)conversation->placeholder_count;
    if (conversation->state != state_deleted && !is_local(stage, conversation))
        file_times_add(&stage->times, conversation, stage->options.now);
    stage->is_doubtful = stage->is_doubtful || is_doubtful(conversation);
    watch_order(stage, conversation->conversation_id);
    if (stage->direction < 0 || stage->may_repeat)
        stage_all(stage);
    stage->record_count++;
}

/*
 * Whether the facts may have the same record from an earlier load. Events, their number and teammates have
 * the version of their newest record. A record without updated_at has the version of its export, and a newer
 * export changes that.
 */
static bool is_comparable(const Stage *stage, const Conversation *conversation)
{
    return conversation->state != state_deleted && !is_local(stage, conversation) &&
           (conversation->updated_at.known || !needs_timeline(conversation));
}

/* Whether the facts have the same, so that the record need not be staged. */
static bool is_known(Stage *stage, const Conversation *conversation, int64_t hash)
{
    bool passed, alike;

    if (!stage->compares || stage->record_count <= STAGED_BEFORE_COMPARING)
        return false;
    if (stage->record_count == STAGED_BEFORE_COMPARING + 1)
        known_open(&stage->known, stage->options.connection, stage->stream.connection,
                   conversation->conversation_id);
    alike = known_find(&stage->known, conversation->conversation_id, hash, &passed);
    if (passed)
        ranges_end(&stage->ranges);
    if (!alike || !is_comparable(stage, conversation))
        return false;
    if (ranges_are_full(&stage->ranges)) {
        stage_all(stage);
        return false;
    }
    ranges_add(&stage->ranges, conversation->conversation_id);
    stage->known_count++;
    return true;
}

static void note_staged(Stage *stage, const Conversation *conversation)
{
    if (stage->destination < TO_STAGE) {
        ranges_add(&stage->ranges, conversation->conversation_id);
        stage->straight_count++;
        return;
    }
    stage->has_events = stage->has_events || conversation->has_timeline;
    stage->has_deletions = stage->has_deletions || conversation->state == state_deleted;
    stage->has_teammates = stage->has_teammates || conversation->teammate_count > 0;
}

/* Adds the columns before those of copy_record(). Returns the place of the fingerprint. */
static size_t begin_row(Stage *stage, const Conversation *conversation)
{
    bool staged = stage->destination >= TO_STAGE;
    CopyBuffer *rows = &stage->stream.rows;
    size_t place;

    copy_row(rows, (int16_t)((staged ? 5 : 3) + record_columns(stage->destination)));
    if (staged) {
        copy_bigint(rows, stage->record_count);
        copy_integer(rows, stage->file);
        copy_smallint(rows, (int16_t)(naive_times(conversation) & ~(1 << STAGED_EVENT_AT)));
    } else {
        copy_bigint(rows, stage->options.load_id);
    }
    copy_integer(rows, field_set(conversation->carried));
    place = rows->length;
    copy_bigint(rows, 0);
    return place;
}

static void send_piece(void *taker, const char *bytes, size_t length)
{
    row_stream_add(taker, bytes, length);
}

/* Adds the row of a record, and takes it back if the facts have the same. */
static void add_row(Stage *stage, const Conversation *conversation)
{
    CopyBuffer *rows = &stage->stream.rows;
    size_t begun = rows->length, place = begin_row(stage, conversation);
    bool whole;
    int64_t hash =
        copy_record(rows, &stage->attributes, conversation, stage->destination, stage->zones, &whole);

    if (is_known(stage, conversation, hash)) {
        copy_cut(rows, begun);
        return;
    }
    copy_set_bigint(rows, place, hash);
    note_staged(stage, conversation);
    if (!whole)
        attributes_write(&stage->attributes, send_piece, &stage->stream);
}

bool stage_add(Stage *stage, const Conversation *conversation)
{
    note_record(stage, conversation);
    if (!go_on_to(stage, find_destination(stage, conversation)))
        return false;
    add_row(stage, conversation);
    return row_stream_send(&stage->stream);
}

static void free_stage(Stage *stage)
{
    known_close(&stage->known);
    ranges_free(&stage->ranges);
    copy_free(&stage->stream.rows);
    attributes_free(&stage->attributes);
}

static void report_unstaged(const Stage *stage)
{
    if (stage->straight_count > 0)
        verbose("written straight into the facts: %lld records", (long long)stage->straight_count);
    if (stage->known_count > 0)
        verbose("in the facts already, and not staged: %lld records; ranges of identifiers: %lld",
                (long long)stage->known_count, (long long)stage->ranges.count);
}

bool stage_end(Stage *stage, const char *reason)
{
    bool ok =
        row_stream_end(&stage->stream, reason) && ranges_store(&stage->ranges, stage->stream.connection);

    if (ok)
        report_unstaged(stage);
    free_stage(stage);
    return ok;
}
