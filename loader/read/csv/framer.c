/*
 * framer.c: cuts a CSV file into records. See framer.h.
 */
#include "read/csv/framer.h"

bool csv_framer_open(CsvFramer *framer, Window *window)
{
    CsvSeparator separator;

    framer->window = window;
    framer->skipping = false;
    for (;;) {
        Slice input = window_sight(window);

        if (csv_find_separator(input, window->at_end || input.length >= RECORD_LIMIT, &separator))
            break;
        if (!window_read(window))
            return false;
    }
    framer->separator = separator.byte;
    window_skip(window, separator.skip);
    window->line += separator.skip > 0;
    return true;
}

/* Spreadsheets write a line of separators for each empty row that they take for a part of the table. */
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
    Window *window = framer->window;

    for (;;) {
        size_t length = csv_line_length(window_sight(window), window->at_end);
        size_t known = window->end - window->begin;

        if (length > 0 || window->at_end) {
            window_skip(window, length);
            window->line++;
            framer->skipping = false;
            return true;
        }
        /* A CR at the very end may be half of a line end, and is looked at again. */
        window_skip(window, known > 0 ? known - 1 : 0);
        if (!window_read(window))
            return false;
    }
}

/* The window is full and holds no whole record: it is given up from its first line. */
static FrameStatus give_up(CsvFramer *framer, Frame *frame)
{
    Window *window = framer->window;
    size_t length = csv_line_length(window_sight(window), false);

    if (length > 0) {
        defect(&frame->problem, DEFECT_UNTERMINATED_QUOTE, NULL, "a quoted field is not closed within 16 MB");
        frame->raw = without_line_end((Slice){window->bytes + window->begin, length});
        window_skip(window, length);
        window->line++;
    } else {
        defect(&frame->problem, DEFECT_RECORD_TOO_LONG, NULL, "the record is longer than 16 MB");
        frame->raw = (Slice){window->bytes + window->begin, SHOWN_OF_A_GIANT};
        framer->skipping = true;
    }
    return FRAME_DEFECT;
}

FrameStatus csv_framer_next(CsvFramer *framer, Frame *frame)
{
    Window *window = framer->window;
    CsvRecord *record = &framer->record;

    if (framer->skipping && !skip_line(framer))
        return FRAME_FAILED;

    for (;;) {
        Slice input = window_sight(window);
        CsvStatus status = CSV_MORE;

        if (input.length == 0 && window->at_end)
            return FRAME_END;
        if (input.length > 0)
            status = csv_frame(input, window->at_end, framer->separator, record, &frame->problem);

        frame->line = window->line;
        frame->byte_offset = window->byte_offset;
        if (status != CSV_MORE && record->length > 0) {
            frame->raw = without_line_end((Slice){input.bytes, record->length});
            window_skip(window, record->length);
            window->line += (int64_t)record->lines;
            if (status != CSV_BLANK && (status != CSV_RECORD || !is_blank(record)))
                return status == CSV_RECORD ? FRAME_RECORD : FRAME_DEFECT;
        } else if (input.length >= RECORD_LIMIT) {
            return give_up(framer, frame);
        } else if (!window_read(window)) {
            return FRAME_FAILED;
        }
    }
}
