/*
 * framer.c: cuts a CSV file into records. See framer.h.
 */
#include "read/csv/framer.h"

/* Bytes of a record that nobody waits for: it comes in a file. */
#define LONG_RECORD 16384

/*
 * More of a record that is not whole yet, which is then framed anew. The end of a short one is taken as soon
 * as it comes, as a stream needs it; a long one is framed again when the buffer is full, so that pieces,
 * however small, cost no more than the record.
 */
static bool read_more(InputBuffer *buffer)
{
    return input_buffer_sight(buffer).length < LONG_RECORD ? input_buffer_read(buffer)
                                                           : input_buffer_fill(buffer);
}

bool csv_framer_open(CsvFramer *framer, InputBuffer *buffer)
{
    CsvSeparator separator;

    framer->buffer = buffer;
    framer->skipping = false;
    for (;;) {
        Slice input = input_buffer_sight(buffer);

        if (csv_find_separator(input, buffer->at_end || input.length >= RECORD_LIMIT, &separator))
            break;
        if (!read_more(buffer))
            return false;
    }
    framer->separator = separator.byte;
    input_buffer_skip(buffer, separator.skip);
    buffer->line += separator.skip > 0;
    return true;
}

/* Spreadsheets write a line of separators for an empty row within the table. */
static bool is_blank(const CsvRecord *record)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (i == CSV_MAX_FIELDS || slice_trim(record->fields[i].text).length > 0)
            return false;
    return true;
}

static Slice without_line_end(Slice raw)
{
    while (raw.length > 0 && (raw.bytes[raw.length - 1] == '\n' || raw.bytes[raw.length - 1] == '\r'))
        raw.length--;
    return raw;
}

/* Drops bytes up to the end of the line. */
static bool skip_line(CsvFramer *framer)
{
    InputBuffer *buffer = framer->buffer;

    for (;;) {
        size_t length = csv_line_length(input_buffer_sight(buffer), buffer->at_end);
        size_t known = buffer->end - buffer->begin;

        if (length > 0 || buffer->at_end) {
            input_buffer_skip(buffer, length);
            buffer->line++;
            framer->skipping = false;
            return true;
        }
        /* A CR at the end may be half of a line end: it is read again. */
        input_buffer_skip(buffer, known > 0 ? known - 1 : 0);
        if (!input_buffer_read(buffer))
            return false;
    }
}

/* The buffer is full and holds no whole record: gives up its first line, or all of a line without an end. */
static FrameStatus give_up(CsvFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;
    size_t length = csv_line_length(input_buffer_sight(buffer), false);

    if (length > 0) {
        defect(&frame->problem, DEFECT_UNTERMINATED_QUOTE, NULL, "a quoted field is not closed within 16 MB");
        frame->raw = without_line_end((Slice){buffer->bytes + buffer->begin, length});
        input_buffer_skip(buffer, length);
        buffer->line++;
    } else {
        defect(&frame->problem, DEFECT_RECORD_TOO_LONG, NULL, "the record is longer than 16 MB");
        frame->raw = (Slice){buffer->bytes + buffer->begin, SHOWN_OF_A_GIANT};
        framer->skipping = true;
    }
    return FRAME_DEFECT;
}

FrameStatus csv_framer_next(CsvFramer *framer, Frame *frame)
{
    InputBuffer *buffer = framer->buffer;
    CsvRecord *record = &framer->record;

    if (framer->skipping && !skip_line(framer))
        return FRAME_FAILED;

    for (;;) {
        Slice input = input_buffer_sight(buffer);
        CsvStatus status = CSV_MORE;

        if (input.length == 0 && buffer->at_end)
            return FRAME_END;
        if (input.length > 0)
            status = csv_frame(input, buffer->at_end, framer->separator, record, &frame->problem);

        frame->line = buffer->line;
        frame->byte_offset = buffer->byte_offset;
        if (status != CSV_MORE && record->length > 0) {
            frame->raw = without_line_end((Slice){input.bytes, record->length});
            input_buffer_skip(buffer, record->length);
            buffer->line += (int64_t)record->lines;
            if (status != CSV_BLANK && (status != CSV_RECORD || !is_blank(record)))
                return status == CSV_RECORD ? FRAME_RECORD : FRAME_DEFECT;
        } else if (input.length >= RECORD_LIMIT) {
            return give_up(framer, frame);
        } else if (!read_more(buffer)) {
            return FRAME_FAILED;
        }
    }
}
