/*
 * stage.c: records on their way into the temporary table stage. See stage.h.
 */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql.h"

#define MESSAGE_SIZE  ((size_t)64 * 1024)
#define STAGE_COLUMNS 18

bool stage_begin(Stage *stage, PGconn *connection)
{
    *stage = (Stage){.connection = connection, .sent = true};
    if (!copy_in_begin(connection, "COPY stage FROM STDIN (FORMAT binary)"))
        return false;
    copy_header(&stage->rows);
    return true;
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
    copy_length(&stage->rows, 1 + attributes_length(&stage->attributes, conversation));
    copy_bytes(&stage->rows, "\1", 1);
    attributes_write(&stage->attributes, conversation, add_piece, stage);
}

/* The place of a set of fields in the table shape, which holds one row for each set that occurs. */
static int shape_of(Stage *stage, CarriedFields carried)
{
    int shape = 0;

    while (shape < stage->shape_count && stage->shapes[shape] != carried)
        shape++;
    if (shape == stage->shape_count && shape < MAX_SHAPES)
        stage->shapes[stage->shape_count++] = carried;
    return shape;
}

/* Which times are local ones, as loader/sql/stage.sql numbers them. */
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

bool stage_add(Stage *stage, const Conversation *conversation, CarriedFields carried)
{
    CopyBuffer *rows = &stage->rows;
    int shape = shape_of(stage, carried);

    if (shape == MAX_SHAPES)
        return failure(EXIT_USAGE, "the files of one run have more than %d different sets of columns",
                       MAX_SHAPES);

    copy_row(rows, STAGE_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_integer(rows, stage->file);
    copy_smallint(rows, (int16_t)shape);
    copy_smallint(rows, (int16_t)naive_times(stage, conversation));
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
    return rows->length < MESSAGE_SIZE ? stage->sent : send_rows(stage);
}

static bool add_shapes(Stage *stage)
{
    for (int i = 0; i < stage->shape_count; i++) {
        char number[16];
        char *names = carried_names(stage->shapes[i]);
        const char *values[] = {number, names};
        int64_t added;

        snprintf(number, sizeof(number), "%d", i);
        added = run_command(stage->connection, sql_add_shape, 2, values);
        free(names);
        if (added < 0)
            return false;
    }
    return true;
}

bool stage_end(Stage *stage, const char *reason)
{
    bool ok = true;

    if (reason == NULL) {
        copy_trailer(&stage->rows);
        ok = send_rows(stage);
    }
    ok = copy_in_end(stage->connection, ok ? reason : "the loader could not send the records") && ok;
    copy_free(&stage->rows);
    attributes_free(&stage->attributes);
    return ok && add_shapes(stage) && run_script(stage->connection, "ANALYZE stage");
}
