/*
 * parts.c: a line for each part of a conversation: the parts of the REST API in the table of an ETL tool, the
 * messages of a vendor beside columns of the conversation, or the events that a script logs.
 *
 * The parts of the API lack the message that opened the conversation. Messages of a vendor and logs have it.
 */
#include <string.h>

#include "read/export/shape.h"
#include "read/record/words.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation_created_at", MEANING_CREATED_AT, &reading_time},
    {"conversation_updated_at", FIELD_UPDATED_AT, &reading_time},
    {"conversation_state", FIELD_STATE, &reading_english_state},
    {"conversation_first_response_at", FIELD_FIRST_RESPONSE_AT, &reading_time},
    {"conversation_closed_at", MEANING_LAST_CLOSE_AT, &reading_time},
    {"conversation_tags", FIELD_TAGS, &reading_tag_list},
    {"conversation_total_parts", MEANING_EVENT_TOTAL, &reading_count},
    {"message_id", MEANING_EVENT_ID, &reading_text},
    {"id", MEANING_EVENT_ID, &reading_text},
    {"event_id", MEANING_EVENT_ID, &reading_text},
    {"message_created_at", MEANING_EVENT_AT, &reading_time},
    {"created_at", MEANING_EVENT_AT, &reading_time},
    {"message_type", MEANING_EVENT_TYPE, &reading_text},
    {"part_type", MEANING_EVENT_TYPE, &reading_text},
    {"event_type", MEANING_EVENT_TYPE, &reading_text},
    {"state", MEANING_EVENT_STATE, &reading_text},
    {"message_author_type", MEANING_AUTHOR_TYPE, &reading_text},
    {"author.type", MEANING_AUTHOR_TYPE, &reading_text},
    {"message_author_id", MEANING_AUTHOR_ID, &reading_somebody},
    {"author.id", MEANING_AUTHOR_ID, &reading_somebody},
    {"message_author_email", MEANING_AUTHOR_EMAIL, &reading_text},
    {"author.email", MEANING_AUTHOR_EMAIL, &reading_text},
    {"message_author_name", MEANING_AUTHOR_NAME, &reading_text},
    {"author.name", MEANING_AUTHOR_NAME, &reading_text},
    {"assigned_to.id", MEANING_ASSIGNED_TO_ID, &reading_assigned},
    {"assigned_to.type", MEANING_ASSIGNED_TO_TYPE, &reading_text},
    {"message_body", MEANING_HAS_BODY, &reading_presence},
    {"body", MEANING_HAS_BODY, &reading_presence},
    {"_fivetran_active", MEANING_IS_CURRENT, &reading_current},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, MEANING_EVENT_AT, MEANING_EVENT_TYPE, MEANING_NONE};

static const char *const signs[] = {"part_type + created_at + conversation_id",
                                    "message_type + message_created_at + conversation_id",
                                    "event_type + created_at + conversation_id", NULL};

static bool is_opening(Slice type)
{
    return slice_is_word(type, "conversation_message");
}

/* In logs: a comment of the API. */
static bool is_message(Slice type)
{
    return slice_is_word(type, "message");
}

/* The earliest guess of all lines counts, so that any message of the customer in a log may be the opening
 * one. */
static void finish_opening(Row *row, const char *author)
{
    bool is_customer = author != NULL && strcmp(author, "user") == 0;

    if (!row->created_at.known &&
        (is_opening(row->event_type) || (is_customer && is_message(row->event_type))))
        row->created_at = row->event_at;
}

/* A part has an identifier of its own, or the vendor's count beside it. */
static Truth is_part(const Row *row)
{
    bool counted = row->event_id.bytes != NULL || row->conversation->event_total.known;

    return counted && !is_opening(row->event_type) && !is_message(row->event_type) ? TRUTH_YES : TRUTH_NO;
}

static bool finish_part(Row *row, Defect *problem)
{
    const char *author = author_kind(row->author_type);
    Slice type = row->event_type.bytes != NULL ? row->event_type : (Slice){"", 0};
    Slice known_as = is_message(type) ? (Slice){"comment", 7} : type;
    Event event = {
        .type = type,
        .state = part_state(row->event_state, known_as, author),
        .author = author,
        .is_part = is_part(row),
        .is_reply = is_opening(type) ? TRUTH_NO : part_is_reply(known_as, author, row->has_body),
    };

    finish_age(row);
    finish_resolution(row);
    finish_opening(row, author);
    finish_start(row);
    return row_add_event(row, event, problem);
}

const Shape shape_parts = {
    .name = "parts",
    .title = "a line for each part of a conversation, of ETL tools (conversation_part_history, "
             "conversation_parts), vendors (message_*) or scripts (event_type)",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_part,
    .is_partial = true,
};
