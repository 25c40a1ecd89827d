/*
 * reader.c: the records of the open file. See reader.h.
 */
#include "read/reader.h"

#include <inttypes.h>

#include "read/export/object/canonical.h"
#include "read/export/object/deletion.h"
#include "read/export/object/envelope.h"
#include "read/export/object/intercom.h"
#include "read/export/object/part.h"
#include "read/json/field.h"
#include "read/text/encoding.h"
#include "terminal/message.h"

/* A record that is not JSON may lack its end: then the framer gives up only its first line. A record in the
 * text of another has its end. */
static bool read_values(Reader *reader, Frame *frame)
{
    const JsonScan *scan = &reader->json_framer.scan;
    bool read = reader->list != LIST_NONE
                    ? json_read_teammate(reader->json, frame->raw, scan, &frame->problem)
                    : json_read(reader->json, frame->raw, scan, &frame->problem);

    if (!read && frame->problem.reason == DEFECT_BAD_JSON && !reader->json->is_unpacked)
        json_framer_refuse(&reader->json_framer, frame);
    return read;
}

/* The members decide: a deletion, a conversation of Intercom's API, or one in the canonical fields. */
static bool interpret_conversation(Reader *reader, Defect *problem)
{
    const JsonRecord *record = &reader->json->record;

    if (deletion_recognises(record))
        return deletion_read(record, reader->conversation, problem);
    if (reader->wanted == &shape_intercom || intercom_recognises(record))
        return intercom_conversation(reader->json, reader->conversation, problem);
    if (!canonical_conversation(reader->json, reader->conversation, problem))
        return false;
    canonical_likely_fields(record, &reader->likely_fields);
    reader->is_intercom = false;
    return true;
}

/* Fills the conversation from the record that was read. */
static ReadStatus interpret(Reader *reader, Frame *frame)
{
    JsonRecord *record = &reader->json->record;
    Conversation *conversation = reader->conversation;
    bool ok;

    if (record->content == CONTENT_NOTHING)
        return READ_IGNORED;
    conversation_clear(conversation);
    conversation->placeholder_count = json_drop_placeholders(record);
    ok = json_check_authors(record, &frame->problem) &&
         (record->content == CONTENT_PART ? part_conversation(reader->json, conversation, &frame->problem)
                                          : interpret_conversation(reader, &frame->problem));
    reader->part_count += ok && record->content == CONTENT_PART;
    return ok ? READ_CONVERSATION : READ_REJECT;
}

static ReadStatus read_csv(Reader *reader, Frame *frame)
{
    const CsvRecord *record = &reader->csv->record;
    const CsvField *packed = &record->fields[reader->packed_column];

    if (!mapping_apply(&reader->mapping, record, frame->raw, reader->conversation, &frame->problem))
        return READ_REJECT;
    if (!reader->is_packed)
        return READ_CONVERSATION;
    if (!json_read_text(reader->json, csv_value(packed, json_room(reader->json, packed->text.length)),
                        &frame->problem))
        return READ_REJECT;
    return interpret(reader, frame);
}

static ReadStatus read_json(Reader *reader, Frame *frame)
{
    return read_values(reader, frame) ? interpret(reader, frame) : READ_REJECT;
}

/* A line of a table of teammates, tags or teams. */
static bool read_listed_line(Reader *reader, Frame *frame)
{
    if (read_csv(reader, frame) != READ_CONVERSATION)
        return false;
    reader->teammate = reader->conversation->teammates[0];
    reader->named = (Named){reader->teammate.id, reader->teammate.name};
    return true;
}

static bool read_listed_object(Reader *reader, Frame *frame)
{
    const JsonRecord *record = &reader->json->record;

    return read_values(reader, frame) &&
           (reader->list == LIST_TEAMMATES
                ? teammate_read(record, &reader->teammate, &frame->problem)
                : named_read(reader->list, record, &reader->named, &frame->problem));
}

/* Once a file: most records that have a letter beyond ASCII have the same defect. */
static void report_encoding(Reader *reader, const Frame *frame)
{
    if (reader->is_undecoded || frame->problem.reason != DEFECT_INVALID_UTF8)
        return;
    reader->is_undecoded = true;
    warning("\"%s\" is not in UTF-8", reader->name);
    hint_encoding(frame->raw);
}

/* Older lists have teams among the teammates. */
static bool is_passed_over(const Reader *reader, const Defect *problem)
{
    return problem->reason == DEFECT_NOT_A_TEAMMATE && teammate_is_team(&reader->json->record);
}

static ReadStatus next_listed(Reader *reader, Frame *frame)
{
    static const ReadStatus statuses[] = {
        [FRAME_DEFECT] = READ_REJECT, [FRAME_END] = READ_END, [FRAME_FAILED] = READ_FAILED};
    bool is_csv = reader->format == FORMAT_CSV;
    FrameStatus framed;

    while ((framed = is_csv ? csv_framer_next(reader->csv, frame)
                            : json_framer_next(&reader->json_framer, frame)) == FRAME_RECORD) {
        if (is_csv ? read_listed_line(reader, frame) : read_listed_object(reader, frame))
            return reader->list == LIST_TEAMMATES ? READ_TEAMMATE : READ_NAMED;
        if (is_passed_over(reader, &frame->problem))
            continue;
        report_encoding(reader, frame);
        return READ_REJECT;
    }
    return statuses[framed];
}

/* Whether the rejected record is a ticket of the API. */
static bool is_ticket(const Reader *reader, const Defect *problem)
{
    const JsonRecord *record = &reader->json->record;

    return problem->reason == DEFECT_NOT_A_CONVERSATION &&
           (json_is_word(record, MEMBER_TYPE, "ticket") || json_is_word(record, MEMBER_TYPE, "ticket.list"));
}

static ReadStatus count_record(Reader *reader, ReadStatus status, const Frame *frame)
{
    if (status == READ_REJECT) {
        report_encoding(reader, frame);
        reader->reject_count++;
        reader->ticket_count += reader->json != NULL && is_ticket(reader, &frame->problem);
    } else if (status == READ_IGNORED) {
        reader->ignored_count++;
    } else {
        reader->conversation_count++;
    }
    if (reader->source.file.followed)
        likely_fields_note(&reader->likely_fields);
    return status;
}

/* Tickets among conversations are rejected one by one; a file of tickets alone is refused as another export.
 */
static ReadStatus end_file(Reader *reader)
{
    bool only_tickets = reader->ticket_count > 0 && reader->ticket_count == reader->reject_count &&
                        reader->conversation_count == 0;

    if (reader->format == FORMAT_CSV)
        mapping_likely_fields(&reader->mapping, &reader->likely_fields.names);
    likely_fields_note(&reader->likely_fields);
    if (reader->conversation_count + reader->reject_count + reader->ignored_count == 0 &&
        !reader->source.file.followed)
        warning("\"%s\" has no records", reader->name);
    if (reader->ignored_count > 0 && reader->conversation_count == 0 && reader->reject_count == 0)
        warning("\"%s\" holds no conversations, but records about other things: %" PRId64, reader->name,
                reader->ignored_count);
    return only_tickets && !reader->source.file.followed && !shape_refuse(&shape_tickets, reader->name)
               ? READ_FAILED
               : READ_END;
}

ReadStatus reader_next(Reader *reader, Frame *frame)
{
    bool is_csv = reader->format == FORMAT_CSV;

    if (reader->list != LIST_NONE)
        return next_listed(reader, frame);
    reader->source.file.idle = false;
    switch (is_csv ? csv_framer_next(reader->csv, frame) : json_framer_next(&reader->json_framer, frame)) {
    case FRAME_RECORD:
        return count_record(reader, is_csv ? read_csv(reader, frame) : read_json(reader, frame), frame);
    case FRAME_DEFECT:
        reader->reject_count++;
        return READ_REJECT;
    case FRAME_END:
        return end_file(reader);
    case FRAME_FAILED:
        break;
    }
    return READ_FAILED;
}

const char *reader_format(const Reader *reader)
{
    if (reader->format == FORMAT_CSV)
        return (reader->mapping.shape != NULL ? reader->mapping.shape : &shape_canonical)->name;
    if (reader->list != LIST_NONE)
        return list_name(reader->list);
    if (reader->conversation_count == 0 || !reader->is_intercom)
        return shape_json.name;
    return (reader->part_count == reader->conversation_count ? &shape_parts : &shape_intercom)->name;
}
