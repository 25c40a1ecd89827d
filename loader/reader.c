/*
 * reader.c: the records of one file after the other. See reader.h.
 */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "intercom.h"
#include "json_canonical.h"
#include "message.h"
#include "teammate.h"

void reader_begin(Reader *reader)
{
    *reader = (Reader){.source = {.descriptor = -1}, .conversation = allocate(sizeof(Conversation))};
}

void reader_free(Reader *reader)
{
    source_close(&reader->source);
    free(reader->name);
    mapping_free(&reader->mapping);
    window_free(&reader->window);
    json_reader_free(reader->json);
    free(reader->csv);
    free(reader->conversation);
}

static bool read_header(Reader *reader)
{
    const char *name = reader->name;
    Frame frame;

    switch (csv_framer_next(reader->csv, &frame)) {
    case FRAME_RECORD:
        return mapping_bind(&reader->mapping, reader->wanted, &reader->csv->record, frame.raw, name);
    case FRAME_DEFECT:
        failure(EXIT_USAGE, "\"%s\" is not a CSV export: its header cannot be read", name);
        detail("In the header, %s.", frame.problem.detail);
        return false;
    case FRAME_END:
        return failure(EXIT_USAGE, "\"%s\" has only empty lines", name);
    case FRAME_FAILED:
        break;
    }
    return false;
}

static bool open_csv(Reader *reader)
{
    if (reader->csv == NULL)
        reader->csv = allocate(sizeof(CsvFramer));
    csv_framer_open(reader->csv, &reader->window);
    return read_header(reader);
}

static bool open_json(Reader *reader)
{
    if (reader->json == NULL)
        reader->json = json_reader_new();
    json_framer_open(&reader->json_framer, &reader->window,
                     reader->has_teammates ? "\"admins\"" : "\"conversations\"");
    return true;
}

/* The API gives no tables. */
static bool refuse_table(const char *name)
{
    failure(EXIT_USAGE, "\"%s\" is no list of teammates: neither an object nor an array starts it", name);
    hint("--admins takes what Intercom's API gives for GET /admins.");
    return false;
}

/* What is to be read next is told by its first bytes. */
static bool open_content(Reader *reader)
{
    Slice head;

    mapping_free(&reader->mapping);
    reader->is_intercom = true;
    reader->conversation_count = reader->ticket_count = reader->reject_count = 0;
    reader->format = reader->wanted != NULL ? reader->wanted->content : FORMAT_AUTO;
    return window_open(&reader->window, &reader->source, &head) &&
           format_tell(&reader->window, head, reader->name, &reader->format) &&
           (reader->format != FORMAT_CSV ? open_json(reader)
            : reader->has_teammates      ? refuse_table(reader->name)
                                         : open_csv(reader));
}

static bool open_member(Reader *reader, bool *found)
{
    Slice name;
    size_t position;

    if (!source_next(&reader->source, found))
        return false;
    if (!*found)
        return true;
    name = (Slice){reader->source.archive->name, strlen(reader->source.archive->name)};
    if (!slice_is_utf8(name, &position))
        return failure(EXIT_USAGE,
                       "the file name \"%s\" in \"%s\" is not UTF-8, and could not be kept in the ledger",
                       name.bytes, reader->source.name);
    free(reader->name);
    reader->name = format_text("%s/%s", reader->source.name, name.bytes);
    return open_content(reader);
}

static bool open_file(Reader *reader, const char *name, const Shape *wanted, bool followed,
                      bool has_teammates)
{
    bool is_archive, found;

    source_close(&reader->source);
    reader->wanted = wanted;
    reader->has_teammates = has_teammates;
    free(reader->name);
    reader->name = format_text("%s", name);
    if (!source_open(&reader->source, name))
        return false;
    reader->source.followed = followed;
    if (!source_is_archive(&reader->source, &is_archive))
        return false;
    if (!is_archive)
        return open_content(reader);
    if (!open_member(reader, &found))
        return false;
    return found || failure(EXIT_USAGE, "\"%s\" is an archive without a file in it", name);
}

bool reader_next_file(Reader *reader, bool *found)
{
    *found = false;
    return reader->source.archive == NULL || open_member(reader, found);
}

bool reader_open(Reader *reader, const char *name, const Shape *wanted)
{
    return open_file(reader, name, wanted, false, false);
}

bool reader_follow(Reader *reader, const char *name)
{
    return open_file(reader, name, &shape_json, true, false);
}

bool reader_open_teammates(Reader *reader, const char *name)
{
    return open_file(reader, name, NULL, false, true);
}

static bool read_csv(Reader *reader, Frame *frame)
{
    return mapping_apply(&reader->mapping, &reader->csv->record, frame->raw, reader->conversation,
                         &frame->problem);
}

/* What is not JSON may lack its end, which only the framer can tell. */
static bool read_values(Reader *reader, Frame *frame)
{
    bool read = (reader->has_teammates ? json_read_teammate : json_read)(
        reader->json, frame->raw, &reader->json_framer.scan, &frame->problem);

    if (!read && frame->problem.reason == DEFECT_BAD_JSON)
        json_framer_refuse(&reader->json_framer, frame);
    return read;
}

/* By content: a conversation of Intercom's API, or one in the canonical fields. */
static bool read_json(Reader *reader, Frame *frame)
{
    bool is_intercom;

    if (!read_values(reader, frame))
        return false;
    conversation_clear(reader->conversation);
    is_intercom = reader->wanted == &shape_intercom || intercom_recognises(&reader->json->record);
    if (!(is_intercom ? intercom_conversation : canonical_conversation)(reader->json, reader->conversation,
                                                                        &frame->problem))
        return false;
    reader->is_intercom = reader->is_intercom && is_intercom;
    return true;
}

/* Lists of old had teams among the teammates: they are passed over. */
static ReadStatus next_teammate(Reader *reader, Frame *frame)
{
    static const ReadStatus statuses[] = {
        [FRAME_DEFECT] = READ_REJECT, [FRAME_END] = READ_END, [FRAME_FAILED] = READ_FAILED};
    FrameStatus framed;

    while ((framed = json_framer_next(&reader->json_framer, frame)) == FRAME_RECORD) {
        bool read = read_values(reader, frame);

        if (read && teammate_is_team(&reader->json->record))
            continue;
        return read && teammate_read(&reader->json->record, &reader->teammate, &frame->problem)
                   ? READ_TEAMMATE
                   : READ_REJECT;
    }
    return statuses[framed];
}

/* The loader's own words for a ticket of the API; of a record that is not JSON nothing is known. */
static bool is_ticket(const Reader *reader, const Defect *problem)
{
    Slice type = NO_SLICE;

    if (problem->reason == DEFECT_NOT_A_CONVERSATION)
        type = json_text(reader->json->record.values[MEMBER_TYPE]);
    return slice_is_word(type, "ticket") || slice_is_word(type, "ticket.list");
}

static ReadStatus reject(Reader *reader, const Frame *frame)
{
    reader->reject_count++;
    reader->ticket_count += reader->format == FORMAT_JSON && is_ticket(reader, &frame->problem);
    return READ_REJECT;
}

/* Tickets among conversations are rejected one by one; a file of nothing else is another export. */
static ReadStatus end_file(const Reader *reader)
{
    bool only_tickets = reader->ticket_count > 0 && reader->ticket_count == reader->reject_count &&
                        reader->conversation_count == 0;

    return only_tickets && !reader->source.followed && !shape_refuse(&shape_tickets, reader->name)
               ? READ_FAILED
               : READ_END;
}

ReadStatus reader_next(Reader *reader, Frame *frame)
{
    bool is_csv = reader->format == FORMAT_CSV;

    if (reader->has_teammates)
        return next_teammate(reader, frame);
    reader->source.idle = false;
    switch (is_csv ? csv_framer_next(reader->csv, frame) : json_framer_next(&reader->json_framer, frame)) {
    case FRAME_RECORD:
        if (!(is_csv ? read_csv : read_json)(reader, frame))
            return reject(reader, frame);
        reader->conversation_count++;
        return READ_CONVERSATION;
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
    if (reader->has_teammates)
        return "admins";
    return (reader->is_intercom && reader->conversation_count > 0 ? &shape_intercom : &shape_json)->name;
}
