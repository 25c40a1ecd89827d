/*
 * framer.c: cuts JSON into records. See framer.h.
 */
#include "read/json/framer.h"

#include <inttypes.h>
#include <string.h>

#include "terminal/message.h"

/* The result of a step: that of json_framer_next(), but for STEP_ON. */
typedef enum Step {
    STEP_ON, /* no record yet */
    STEP_RECORD,
    STEP_DEFECT,
    STEP_END,
    STEP_FAILED,
} Step;

void json_framer_open(JsonFramer *framer, InputBuffer *buffer, const char *records)
{
    *framer = (JsonFramer){.buffer = buffer, .records = records, .second_look = -1};
}

static int64_t count_lines(Slice text)
{
    const char *end = text.bytes + text.length;
    int64_t lines = 0;

    for (const char *at = text.bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        lines++;
    return lines;
}

/* Steps over bytes in sight, and the lines that end in them. */
static void skip(JsonFramer *framer, size_t length)
{
    framer->buffer->line += count_lines((Slice){input_buffer_sight(framer->buffer).bytes, length});
    input_buffer_skip(framer->buffer, length);
}

static Slice first_line(Slice text)
{
    const char *end = memchr(text.bytes, '\n', text.length);
    size_t length = end != NULL ? (size_t)(end - text.bytes) : text.length;

    while (length > 0 && text.bytes[length - 1] == '\r')
        length--;
    return (Slice){text.bytes, length};
}

/* Steps over blanks; false: reading failed. */
static bool skip_blanks(JsonFramer *framer)
{
    InputBuffer *buffer = framer->buffer;

    for (;;) {
        Slice sight = input_buffer_sight(buffer);
        size_t n = 0;

        while (n < sight.length && (sight.bytes[n] == ' ' || sight.bytes[n] == '\n' ||
                                    sight.bytes[n] == '\r' || sight.bytes[n] == '\t'))
            n++;
        skip(framer, n);
        if (n < sight.length || buffer->at_end)
            return true;
        if (!input_buffer_read(buffer))
            return false;
    }
}

/* Behind damage in an array the start of the next record is unknown. */
static Step fail_list(JsonFramer *framer, const Frame *frame, const char *what)
{
    failure(EXIT_USAGE, "\"%s\" is damaged: %s", framer->buffer->source->file.name, what);
    detail("It cannot be read on from the record at line %" PRId64 ", byte %" PRId64 ".", frame->line,
           frame->byte_offset);
    return STEP_FAILED;
}

/* In the stream: gives up the line that begins in sight. */
static Step give_up_line(JsonFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;
    size_t seen = 0;

    /* As much of it as is shown must be in sight. */
    while (seen < SHOWN_OF_A_GIANT && !buffer->at_end) {
        Slice sight = input_buffer_sight(buffer);

        if (memchr(sight.bytes + seen, '\n', sight.length - seen) != NULL)
            break;
        seen = sight.length;
        if (seen < SHOWN_OF_A_GIANT && !input_buffer_read(buffer))
            return STEP_FAILED;
    }
    frame->raw = first_line(input_buffer_sight(buffer));
    if (frame->raw.length > RECORD_LIMIT)
        frame->raw.length = SHOWN_OF_A_GIANT;
    framer->resynchronizing = true;
    return STEP_DEFECT;
}

/* The record that begins in sight has no clear end before this offset in sight. */
static void doubt(JsonFramer *framer, size_t length)
{
    int64_t end = framer->buffer->byte_offset + (int64_t)length;

    if (end > framer->doubtful_end)
        framer->doubtful_end = end;
}

/* In the stream: gives up the first line of a record that was scanned. */
static Step give_up_record(JsonFramer *framer, Frame *frame)
{
    Step step = give_up_line(framer, frame);

    if (step == STEP_DEFECT)
        doubt(framer, framer->scan.at);
    return step;
}

/* Whether the value in sight lies where two broken records were read already. */
static bool is_confined(JsonFramer *framer)
{
    int64_t offset = framer->buffer->byte_offset;

    if (framer->list_count > 0)
        return false;
    if (offset >= framer->doubtful_end)
        framer->second_look = -1;
    else if (framer->second_look < 0)
        framer->second_look = offset;
    return framer->second_look >= 0 && framer->second_look != offset;
}

/* Offset of the next line that starts with a bracket; the length of the text if there is none. from: all
 * before it was searched. */
static size_t find_bracket_line(Slice text, size_t from)
{
    const char *end = text.bytes + text.length;
    const char *at = text.bytes + from - (from > 0);

    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL && ++at < end)
        if (*at == '{' || *at == '[')
            return (size_t)(at - text.bytes);
    return text.length;
}

/* Drops the rest of the line in sight, and the lines after it that do not start a value. */
static bool resynchronize(JsonFramer *framer)
{
    InputBuffer *buffer = framer->buffer;

    for (;;) {
        Slice sight = input_buffer_sight(buffer);
        const char *end;

        if (sight.length == 0 && buffer->at_end)
            break;
        if (sight.length == 0) {
            if (!input_buffer_read(buffer))
                return false;
            continue;
        }
        if (framer->at_line_start && (sight.bytes[0] == '{' || sight.bytes[0] == '['))
            break;
        end = memchr(sight.bytes, '\n', sight.length);
        framer->at_line_start = end != NULL;
        skip(framer, end != NULL ? (size_t)(end + 1 - sight.bytes) : sight.length);
    }
    framer->resynchronizing = framer->at_line_start = false;
    return true;
}

/* Whether the text ends in the name of a member of the scanned object itself, in quotes, and a colon. */
static bool ends_in_name(Slice text, const char *name)
{
    size_t length = strlen(name);

    text = slice_trim(text);
    if (text.length == 0 || text.bytes[--text.length] != ':')
        return false;
    text = slice_trim(text);
    if (text.length < length || memcmp(text.bytes + text.length - length, name, length) != 0)
        return false;
    text.length -= length;
    text = slice_trim(text);
    return text.length > 0 && (text.bytes[text.length - 1] == '{' || text.bytes[text.length - 1] == ',');
}

/* Of the start of an object, up to the bracket of an array that is its member: */
static bool may_hold_records(const JsonFramer *framer, Slice head)
{
    head.length--;
    return ends_in_name(head, framer->records) || ends_in_name(head, "\"data\"");
}

static bool has_identifier(Slice head)
{
    return memmem(head.bytes, head.length, "\"id\"", 4) != NULL ||
           memmem(head.bytes, head.length, "\"conversation_id\"", 17) != NULL;
}

static void open_list(JsonFramer *framer, bool page)
{
    framer->lists[framer->list_count++] = (JsonList){.is_page = page, .last = '['};
}

static Step open_page(JsonFramer *framer, Slice head)
{
    skip(framer, head.length);
    open_list(framer, true);
    return STEP_ON;
}

/* A value ended: in an array a comma or a bracket must follow. */
static void after_value(JsonFramer *framer)
{
    if (framer->list_count > 0)
        framer->lists[framer->list_count - 1].last = '}';
}

/* A record beyond the limit: its rest will be scanned, to find the next one. */
static Step give_up_giant(JsonFramer *framer, Frame *frame)
{
    Slice sight = input_buffer_sight(framer->buffer);

    if (framer->list_count == 0 && memchr(sight.bytes, '\n', sight.length) != NULL) {
        defect(&frame->problem, DEFECT_BAD_JSON, NULL, "the object has no end within 16 MB");
        return give_up_record(framer, frame);
    }
    defect(&frame->problem, DEFECT_RECORD_TOO_LONG, NULL, "the record is longer than 16 MB");
    frame->raw = (Slice){sight.bytes, SHOWN_OF_A_GIANT};
    framer->skimming = true;
    return STEP_DEFECT;
}

/* Scans and drops the rest of the value. */
static bool skim(JsonFramer *framer, Frame *frame, const char *what)
{
    InputBuffer *buffer = framer->buffer;

    for (;;) {
        JsonScanStatus status = json_scan(&framer->scan, input_buffer_sight(buffer), false);
        bool in_stream = framer->list_count == 0;

        if (status == JSON_SCAN_LINE && !in_stream) {
            framer->scan.at++;
            continue;
        }
        skip(framer, framer->scan.at);
        framer->scan.at = 0;
        if (status == JSON_SCAN_END)
            break;
        if (status != JSON_SCAN_MORE || buffer->at_end) {
            framer->resynchronizing = in_stream;
            if (in_stream)
                break;
            fail_list(framer, frame, what);
            return false;
        } else if (!input_buffer_read(buffer)) {
            return false;
        }
    }
    framer->list_count -= framer->closing_page;
    framer->skimming = framer->closing_page = false;
    after_value(framer);
    return true;
}

/* The scan stopped before the end of the value. */
static Step broken(JsonFramer *framer, Frame *frame, JsonScanStatus status)
{
    const char *what = status == JSON_SCAN_LINE   ? "a line ends within a string"
                       : status == JSON_SCAN_MORE ? "it ends within an object"
                                                  : "brackets do not match";

    if (framer->list_count > 0)
        return fail_list(framer, frame, what);
    defect(&frame->problem, DEFECT_BAD_JSON, NULL, "%s",
           status == JSON_SCAN_MORE ? "the object has no end" : what);
    return give_up_record(framer, frame);
}

static Step end_value(JsonFramer *framer, Frame *frame, Slice value)
{
    frame->raw = value;
    framer->length = value.length;
    framer->lines = count_lines(value);
    framer->buffer->line += framer->lines;
    input_buffer_skip(framer->buffer, value.length);
    after_value(framer);
    if (value.length <= RECORD_LIMIT)
        return STEP_RECORD;
    defect(&frame->problem, DEFECT_RECORD_TOO_LONG, NULL, "the record is longer than 16 MB");
    return STEP_DEFECT;
}

/* At the bracket or quote that opens a value. */
static Step frame_value(JsonFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;
    bool may_be_page = framer->list_count == 0 || (framer->list_count == 1 && !framer->lists[0].is_page);
    bool confined = is_confined(framer);
    size_t end = 0; /* of what is scanned, in sight */

    json_scan_begin(&framer->scan);
    for (;;) {
        Slice sight = input_buffer_sight(buffer), head;
        JsonScanStatus status;

        if (framer->scan.at == end)
            end = confined ? find_bracket_line(sight, end) : sight.length;
        status = json_scan(&framer->scan, (Slice){sight.bytes, end}, may_be_page);
        head = (Slice){sight.bytes, framer->scan.at};
        if (status == JSON_SCAN_END)
            return end_value(framer, frame, head);
        if (status == JSON_SCAN_LIST && may_hold_records(framer, head)) {
            may_be_page = !has_identifier(head); /* nor will it be one further on */
            if (may_be_page)
                return open_page(framer, head);
        }
        if (status == JSON_SCAN_LIST)
            continue;
        if (status == JSON_SCAN_LINE && framer->list_count > 0) {
            framer->scan.at++;
            continue;
        }
        if (status != JSON_SCAN_MORE || end < sight.length || buffer->at_end)
            return broken(framer, frame, status);
        if (head.length >= RECORD_LIMIT)
            return give_up_giant(framer, frame);
        if (!input_buffer_read(buffer))
            return STEP_FAILED;
    }
}

/* At a number or a word, which is no record: frames it. */
static Step frame_scalar(JsonFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;

    for (size_t n = 0;;) {
        Slice sight = input_buffer_sight(buffer);

        while (n < sight.length && strchr(",]}[{:\" \t\r\n", sight.bytes[n]) == NULL)
            n++;
        if (n < sight.length || buffer->at_end || n > SHOWN_OF_A_GIANT) {
            if (n == 0 || n > SHOWN_OF_A_GIANT)
                return fail_list(framer, frame, "a value is missing");
            frame->raw = (Slice){sight.bytes, n};
            input_buffer_skip(buffer, n);
            after_value(framer);
            return STEP_RECORD;
        }
        if (!input_buffer_read(buffer))
            return STEP_FAILED;
    }
}

/* At the bracket that closes an array. The rest of a page is dropped. */
static Step close_list(JsonFramer *framer, Frame *frame)
{
    bool page = framer->lists[--framer->list_count].is_page;

    input_buffer_skip(framer->buffer, 1);
    if (!page) {
        after_value(framer);
        return STEP_ON;
    }
    framer->list_count++; /* damage in the rest of the page fails the file, too */
    framer->skimming = framer->closing_page = true;
    json_scan_resume(&framer->scan);
    return skim(framer, frame, "a page of it has no end") ? STEP_ON : STEP_FAILED;
}

static Step step_in_list(JsonFramer *framer, Frame *frame, char c)
{
    JsonList *list = &framer->lists[framer->list_count - 1];

    if (c == ']' && list->last != ',')
        return close_list(framer, frame);
    if (c == ',' && list->last == '}') {
        list->last = ',';
        input_buffer_skip(framer->buffer, 1);
        return STEP_ON;
    }
    if (list->last == '}')
        return fail_list(framer, frame, "a comma is missing between two values");
    return c == '{' || c == '[' || c == '"' ? frame_value(framer, frame) : frame_scalar(framer, frame);
}

static Step step_in_stream(JsonFramer *framer, Frame *frame, char c)
{
    if (c == '{')
        return frame_value(framer, frame);
    if (c == '[') {
        input_buffer_skip(framer->buffer, 1);
        open_list(framer, false);
        return STEP_ON;
    }
    defect(&frame->problem, DEFECT_BAD_JSON, NULL, "neither an object nor an array starts here");
    return give_up_line(framer, frame);
}

static Step step(JsonFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;
    char c;

    if ((framer->skimming && !skim(framer, frame, "it ends within an object")) ||
        (framer->resynchronizing && !resynchronize(framer)) || !skip_blanks(framer))
        return STEP_FAILED;
    frame->line = buffer->line;
    frame->byte_offset = buffer->byte_offset;
    if (buffer->begin == buffer->end)
        return framer->list_count == 0 ? STEP_END : fail_list(framer, frame, "it ends within an array");
    c = buffer->bytes[buffer->begin];
    return framer->list_count > 0 ? step_in_list(framer, frame, c) : step_in_stream(framer, frame, c);
}

FrameStatus json_framer_next(JsonFramer *framer, Frame *frame)
{
    static const FrameStatus statuses[] = {[STEP_RECORD] = FRAME_RECORD,
                                           [STEP_DEFECT] = FRAME_DEFECT,
                                           [STEP_END] = FRAME_END,
                                           [STEP_FAILED] = FRAME_FAILED};
    Step done = STEP_ON;

    while (done == STEP_ON)
        done = step(framer, frame);
    if (done == STEP_RECORD && frame->raw.bytes[0] != '{') {
        defect(&frame->problem, DEFECT_NOT_AN_OBJECT, NULL,
               "an array of records has a value that is no object");
        done = STEP_DEFECT;
    }
    return statuses[done];
}

void json_framer_refuse(JsonFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;

    if (framer->list_count > 0 || framer->lines == 0)
        return;
    doubt(framer, 0);
    buffer->begin -= framer->length;
    buffer->byte_offset -= (int64_t)framer->length;
    buffer->line -= framer->lines;
    frame->raw = first_line(frame->raw);
    framer->resynchronizing = true;
}
