/*
 * envelope.c: takes a record out of its envelopes. See envelope.h.
 */
#include "read/export/object/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "read/json/field.h"
#include "read/json/text.h"
#include "read/text/json_escape.h"
#include "terminal/message.h"

#define ENVELOPE_DEPTH 4 /* nested envelopes; known exports have two at most */

static bool has_identifier(const JsonRecord *record)
{
    return json_has(record, MEMBER_ID) || json_has(record, MEMBER_CONVERSATION_ID);
}

/* The member that holds the record; MEMBER_UNREAD if this is no envelope. */
static JsonMember content_of(const JsonRecord *record)
{
    const JsonValue *values = record->values;
    JsonKind packed = values[MEMBER_AIRBYTE_DATA].kind;

    if (has_identifier(record))
        return MEMBER_UNREAD;
    if (packed == JSON_OBJECT || packed == JSON_STRING)
        return MEMBER_AIRBYTE_DATA;
    if (json_is_word(record, MEMBER_TYPE, "record") && values[MEMBER_STREAM_RECORD].kind == JSON_OBJECT)
        return MEMBER_STREAM_RECORD;
    if (values[MEMBER_STREAM].kind == JSON_STRING && values[MEMBER_STREAM_DATA].kind == JSON_OBJECT)
        return MEMBER_STREAM_DATA;
    return MEMBER_UNREAD;
}

static bool ends_in(Slice text, const char *word)
{
    size_t length = strlen(word);

    return text.length >= length && slice_is_word((Slice){text.bytes + text.length - length, length}, word);
}

/* Tools can put a prefix before the name of a stream. */
static bool is_other_stream(const JsonRecord *record)
{
    Slice stream = json_text(record->values[MEMBER_STREAM]);

    return stream.bytes != NULL && !ends_in(stream, "conversations") &&
           !ends_in(stream, "conversation_parts");
}

/* A message between programs, among the records. */
static bool is_control_message(const JsonRecord *record)
{
    static const char *const types[] = {"schema", "state", "activate_version",  "log",
                                        "trace",  "spec",  "connection_status", "catalog",
                                        "control"};

    if (has_identifier(record))
        return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (json_is_word(record, MEMBER_TYPE, types[i]))
            return true;
    return false;
}

/* Whether a notification is about neither a conversation nor a ticket (which is rejected). A redacted part
 * changes no figure. */
static bool is_of_something_else(const JsonRecord *record)
{
    Slice type = json_text(record->values[MEMBER_TYPE]);

    if (json_is_word(record, MEMBER_ENVELOPE_TOPIC, "ping") ||
        json_is_word(record, MEMBER_ENVELOPE_TOPIC, "conversation_part.redacted"))
        return true;
    return type.bytes != NULL && !slice_begins_with(type, "conversation") &&
           !slice_begins_with(type, "ticket");
}

/* A canonical record may have a part_type of its own, but then it has a start. */
static bool is_part(const JsonRecord *record)
{
    return json_is_word(record, MEMBER_TYPE, "conversation_part") ||
           (!json_has(record, MEMBER_TYPE) && json_has(record, MEMBER_PART_TYPE_HERE) &&
            json_has(record, MEMBER_CONVERSATION_ID) && !json_has(record, MEMBER_STARTED_AT));
}

char *json_room(JsonReader *reader, size_t length)
{
    if (reader->unpacked_size < length) {
        free(reader->unpacked);
        reader->unpacked = allocate(length);
        reader->unpacked_size = length;
    }
    return reader->unpacked;
}

/* Decodes a valid string, with its quotes, into the room for texts. The string may already be there, because
 * decoding never makes it longer. */
static Slice decode(JsonReader *reader, Slice string)
{
    const char *at = string.bytes + 1, *end = string.bytes + string.length - 1;
    char *room = json_room(reader, string.length), *to = room;

    while (at < end) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at++;
        to += json_unescape(&at, to);
    }
    return (Slice){room, (size_t)(to - room)};
}

static bool read_object(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem)
{
    return check_json_text(raw, scan, problem) && json_parse(reader, raw, PLACE_RECORD, problem);
}

static bool read_text(JsonReader *reader, Slice text, Defect *problem)
{
    JsonScan scan;

    reader->is_unpacked = true;
    text = slice_trim(text);
    json_scan_begin(&scan);
    if (text.length == 0 || text.bytes[0] != '{' || json_scan(&scan, text, false) != JSON_SCAN_END ||
        scan.at != text.length)
        return defect(problem, DEFECT_BAD_JSON, "_airbyte_data", "the text is not one JSON object");
    return read_object(reader, text, &scan, problem);
}

static bool open_envelope(JsonReader *reader, JsonMember member, Defect *problem)
{
    const JsonRecord *record = &reader->record;
    const JsonEntry *entry = record->entries;

    while (entry->member != member)
        entry++;
    if (record->values[member].kind == JSON_OBJECT)
        return json_parse(reader, entry->raw, PLACE_RECORD, problem);
    return read_text(reader, decode(reader, entry->raw), problem);
}

static bool open_webhook(JsonReader *reader, Defect *problem)
{
    if (!json_parse(reader, reader->raw, PLACE_ENVELOPE, problem))
        return false;
    if (is_of_something_else(&reader->record))
        reader->record.content = CONTENT_NOTHING;
    return true;
}

static bool open_part(JsonReader *reader, Defect *problem)
{
    if (!json_parse(reader, reader->raw, PLACE_PART, problem))
        return false;
    reader->record.content = CONTENT_PART;
    return true;
}

/* Opens envelopes until the record holds no other. */
static bool open_envelopes(JsonReader *reader, Defect *problem)
{
    JsonRecord *record = &reader->record;
    JsonMember member;

    for (int depth = 0; depth < ENVELOPE_DEPTH && (member = content_of(record)) != MEMBER_UNREAD; depth++) {
        if (is_other_stream(record)) {
            record->content = CONTENT_NOTHING;
            return true;
        }
        if (!open_envelope(reader, member, problem))
            return false;
    }
    if (json_is_word(record, MEMBER_TYPE, "notification_event"))
        return open_webhook(reader, problem);
    if (is_part(record))
        return open_part(reader, problem);
    if (is_control_message(record))
        record->content = CONTENT_NOTHING;
    return true;
}

bool json_read(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem)
{
    reader->is_unpacked = false;
    return read_object(reader, raw, scan, problem) && open_envelopes(reader, problem);
}

bool json_read_text(JsonReader *reader, Slice text, Defect *problem)
{
    return read_text(reader, text, problem) && open_envelopes(reader, problem);
}
