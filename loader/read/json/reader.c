/*
 * reader.c: reads the values of a record. See reader.h.
 */
#include "read/json/reader.h"

#include <stdlib.h>
#include <string.h>

#include "read/json/lists.h"
#include "read/json/memory.h"
#include "read/json/text.h"
#include "terminal/message.h"

/* jsonb has numbers as numeric, whose range is larger than this. */
#define NUMBER_LENGTH_LIMIT   1000
#define NUMBER_EXPONENT_LIMIT 1000

/*
 * The parser decodes a string into memory of its own, as large as the string. A string that is longer than
 * this is too long for a field, and attributes keep their text undecoded. So the parser gets a shorter one in
 * its place, which is too long for a field as well.
 */
#define LONG_STRING (1024 * 1024)
#define STAND_IN    (VALUE_LIMIT + 1)

JsonReader *json_reader_new(void)
{
    JsonReader *reader = allocate(sizeof(JsonReader));

    /* Not the lists, which are large. */
    memset(reader, 0, offsetof(JsonReader, record) + offsetof(JsonRecord, entries));
    return reader;
}

void json_reader_free(JsonReader *reader)
{
    if (reader == NULL)
        return;
    if (reader->handle != NULL)
        yajl_free(reader->handle);
    free(reader->scratch);
    free(reader->unpacked);
    free(reader->tag_texts);
    free(reader);
}

/* Text that lasts as long as the record, unlike yajl's own memory. */
static Slice keep(JsonReader *reader, const unsigned char *bytes, size_t length)
{
    const char *text = (const char *)bytes;

    if (length > 0 && (text < reader->raw.bytes || text >= reader->raw.bytes + reader->raw.length)) {
        char *kept = reader->scratch + reader->scratch_used;

        reader->scratch_used += length;
        text = memcpy(kept, text, length);
    }
    return (Slice){length > 0 ? text : "", length};
}

static JsonLevel *innermost(JsonReader *reader)
{
    return &reader->levels[reader->depth - 1];
}

static size_t offset_in_raw(const JsonReader *reader)
{
    return reader->fed + yajl_get_bytes_consumed(reader->handle);
}

/* The value of a member of the record ends here. */
static void end_entry(JsonReader *reader)
{
    JsonRecord *record = &reader->record;
    size_t end = offset_in_raw(reader);
    Slice raw = slice_trim((Slice){reader->raw.bytes + reader->value_from, end - reader->value_from});

    raw.bytes++; /* the colon */
    raw.length--;
    record->entries[record->entry_count - 1].raw = slice_trim(raw);
}

static bool is_entry(JsonReader *reader)
{
    return reader->unread == 0 && reader->depth > 0 && innermost(reader)->is_record;
}

static bool set_value(JsonReader *reader, JsonKind kind, Slice text)
{
    JsonValue *value = &reader->record.values[reader->member];

    if (value->kind != JSON_ABSENT)
        return defect(reader->problem, DEFECT_DUPLICATE_KEY, NULL, "%s stands there twice",
                      json_members[reader->member].path);
    *value = (JsonValue){kind, text};
    return true;
}

static int add_scalar(JsonReader *reader, JsonKind kind, const unsigned char *bytes, size_t length)
{
    JsonLevel *level;
    bool ok = true;

    if (reader->unread > 0 || reader->depth == 0)
        return 1;
    level = innermost(reader);
    if (level->is_list)
        return (kind != JSON_STRING && kind != JSON_NUMBER) ||
               json_add_element(&reader->record, level->place, keep(reader, bytes, length), reader->problem);
    if (reader->member != MEMBER_UNREAD)
        ok = set_value(reader, kind,
                       json_members[reader->member].presence ? (Slice){"", length}
                                                             : keep(reader, bytes, length));
    if (level->is_record)
        end_entry(reader);
    return ok;
}

static int on_null(void *context)
{
    return add_scalar(context, JSON_NULL, NULL, 0);
}

static int on_boolean(void *context, int value)
{
    const char *word = value ? "true" : "false";

    return add_scalar(context, JSON_BOOLEAN, (const unsigned char *)word, strlen(word));
}

/* Numbers that jsonb would refuse must be refused before the record is sent. */
static bool check_number(JsonReader *reader, const char *text, size_t length)
{
    const char *exponent = memchr(text, 'e', length);
    const char *end = text + length;
    long value = 0;

    if (exponent == NULL)
        exponent = memchr(text, 'E', length);
    if (exponent != NULL)
        for (exponent++; exponent < end && value <= NUMBER_EXPONENT_LIMIT; exponent++)
            if (*exponent >= '0' && *exponent <= '9')
                value = value * 10 + (*exponent - '0');
    if (length <= NUMBER_LENGTH_LIMIT && value <= NUMBER_EXPONENT_LIMIT)
        return true;
    return defect(reader->problem, DEFECT_BAD_NUMBER, NULL, "the number %.*s... is beyond all limits",
                  (int)(length < 40 ? length : 40), text);
}

static int on_number(void *context, const char *text, size_t length)
{
    return check_number(context, text, length) &&
           add_scalar(context, JSON_NUMBER, (const unsigned char *)text, length);
}

static int on_string(void *context, const unsigned char *text, size_t length)
{
    return add_scalar(context, JSON_STRING, text, length);
}

static uint32_t hash(Slice name)
{
    uint32_t value = 2166136261;

    for (size_t i = 0; i < name.length; i++)
        value = (value ^ (unsigned char)name.bytes[i]) * 16777619;
    return value;
}

static bool begin_entry(JsonReader *reader, Slice name)
{
    JsonRecord *record = &reader->record;
    JsonEntry entry = {.name = name, .member = reader->member, .hash = hash(name)};
    Slice shown = slice_head(name, 60);

    for (size_t i = 0; i < record->entry_count; i++)
        if (record->entries[i].hash == entry.hash && slice_equals(record->entries[i].name, name))
            return defect(reader->problem, DEFECT_DUPLICATE_KEY, NULL, "\"%.*s\" stands there twice",
                          SLICE_ARGS(shown));
    if (record->entry_count == ENTRY_LIMIT)
        return defect(reader->problem, DEFECT_TOO_MANY_ATTRIBUTES, NULL,
                      "the record has more than %d members", ENTRY_LIMIT);
    record->entries[record->entry_count++] = entry;
    reader->value_from = offset_in_raw(reader);
    return true;
}

static int on_key(void *context, const unsigned char *text, size_t length)
{
    JsonReader *reader = context;
    Slice name = {(const char *)text, length};

    if (length > VALUE_LIMIT)
        return defect(reader->problem, DEFECT_VALUE_TOO_LONG, NULL,
                      "a name has %zu bytes or more, and %d are the limit", length, VALUE_LIMIT);
    if (reader->unread > 0)
        return 1;
    reader->member = find_member(innermost(reader)->place, name);
    return !innermost(reader)->is_record || begin_entry(reader, keep(reader, text, length));
}

/* The place that opens here; PLACE_NOWHERE if nothing in it is read. */
static JsonPlace place_of(JsonReader *reader, bool is_list)
{
    const JsonLevel *level;
    const JsonMemberSpec *spec;

    if (reader->depth == 0)
        return reader->outermost;
    level = innermost(reader);
    if (level->is_list)
        return is_list ? PLACE_NOWHERE : level->place;
    if (reader->member == MEMBER_UNREAD)
        return PLACE_NOWHERE;
    spec = &json_members[reader->member];
    return is_list ? spec->element : spec->object;
}

static int open_level(JsonReader *reader, bool is_list)
{
    JsonPlace place;

    if (reader->unread > 0) {
        reader->unread++;
        return 1;
    }
    place = place_of(reader, is_list);
    if (reader->depth > 0 && !innermost(reader)->is_list && reader->member != MEMBER_UNREAD &&
        !set_value(reader, is_list ? JSON_LIST : JSON_OBJECT, NO_SLICE))
        return 0;
    /* Of several contacts the first one counts. */
    if (place == PLACE_CONTACT && !is_list && reader->record.values[MEMBER_CONTACT_ID].kind != JSON_ABSENT)
        place = PLACE_NOWHERE;
    if (place == PLACE_NOWHERE) {
        reader->unread = 1;
        return 1;
    }
    if (!is_list)
        forget_members(reader->record.values, place);
    reader->levels[reader->depth++] =
        (JsonLevel){.place = place, .is_list = is_list, .is_record = !is_list && place == PLACE_RECORD};
    return 1;
}

static int on_object(void *context)
{
    return open_level(context, false);
}

static int on_list(void *context)
{
    return open_level(context, true);
}

static int close_level(void *context)
{
    JsonReader *reader = context;
    JsonLevel *closed;

    if (reader->unread > 0) {
        reader->unread--;
    } else {
        closed = &reader->levels[--reader->depth];
        if (!closed->is_list && !json_end_object(&reader->record, closed->place, reader->problem))
            return 0;
    }
    if (is_entry(reader))
        end_entry(reader);
    return 1;
}

static void begin_record(JsonReader *reader, Slice raw, JsonPlace outermost, Defect *problem)
{
    JsonRecord *record = &reader->record;

    if (reader->scratch_size < raw.length) {
        free(reader->scratch);
        reader->scratch_size = raw.length;
        reader->scratch = allocate(raw.length);
    }
    reader->raw = raw;
    reader->scratch_used = 0;
    reader->depth = reader->unread = 0;
    reader->problem = problem;
    reader->outermost = outermost;
    memset(record, 0, offsetof(JsonRecord, entries));
    record->is_webhook = outermost == PLACE_ENVELOPE;
}

/* One handle reads record after record, until one is not JSON. */
static bool make_handle(JsonReader *reader)
{
    static const yajl_callbacks callbacks = {
        .yajl_null = on_null,
        .yajl_boolean = on_boolean,
        .yajl_number = on_number,
        .yajl_string = on_string,
        .yajl_start_map = on_object,
        .yajl_map_key = on_key,
        .yajl_end_map = close_level,
        .yajl_start_array = on_list,
        .yajl_end_array = close_level,
    };
    if (reader->handle == NULL) {
        reader->handle = yajl_alloc(&callbacks, &json_memory, reader);
        yajl_config(reader->handle, yajl_allow_multiple_values, 1);
        yajl_config(reader->handle, yajl_dont_validate_strings,
                    1); /* the whole record is known to be UTF-8 */
    }
    return reader->handle != NULL;
}

static yajl_status feed(JsonReader *reader, const char *bytes, size_t length)
{
    return yajl_parse(reader->handle, (const unsigned char *)bytes, length);
}

/* Feeds the record to the parser in one piece, but for the content of long strings. False: *problem has a
 * string that is wrong. */
static bool feed_record(JsonReader *reader, Slice raw, yajl_status *status, Defect *problem)
{
    static char stand_in[STAND_IN];
    size_t from = 0;
    Slice content;

    reader->fed = 0;
    *status = yajl_status_ok;
    while (raw.length > LONG_STRING && *status == yajl_status_ok &&
           find_long_string(raw, LONG_STRING, &from, &content)) {
        if (!check_json_string(content, problem))
            return false;
        *status = feed(reader, raw.bytes + reader->fed, (size_t)(content.bytes - raw.bytes) - reader->fed);
        memset(stand_in, 'x', sizeof(stand_in));
        if (*status == yajl_status_ok)
            *status = feed(reader, stand_in, sizeof(stand_in));
        reader->fed = from - 1; /* its closing quote */
    }
    if (*status == yajl_status_ok)
        *status = feed(reader, raw.bytes + reader->fed, raw.length - reader->fed);
    return true;
}

bool json_parse(JsonReader *reader, Slice raw, JsonPlace outermost, Defect *problem)
{
    yajl_status status;
    bool fed;

    begin_record(reader, raw, outermost, problem);
    make_handle(reader);
    fed = feed_record(reader, raw, &status, problem);
    if (fed && status == yajl_status_ok && reader->depth == 0 && reader->unread == 0)
        return true;
    if (fed && status != yajl_status_client_canceled) {
        unsigned char *words = yajl_get_error(reader->handle, 0, NULL, 0);

        defect(problem, DEFECT_BAD_JSON, NULL, "at byte %zu: %.*s", offset_in_raw(reader),
               (int)strcspn((const char *)words, "\n"), (const char *)words);
        yajl_free_error(reader->handle, words);
    }
    yajl_free(reader->handle);
    reader->handle = NULL;
    return false;
}

bool json_read_teammate(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem)
{
    return check_json_text(raw, scan, problem) && json_parse(reader, raw, PLACE_TEAMMATE, problem);
}
