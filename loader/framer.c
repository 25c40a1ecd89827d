/*
 * framer.c: cuts a source into records. See framer.h.
 */
#include "framer.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

#define WINDOW_SIZE      ((size_t)256 * 1024)
#define SHOWN_OF_A_GIANT 8192

Framer *framer_new(void)
{
    Framer *framer = allocate(sizeof(Framer));

    *framer = (Framer){.window = allocate(WINDOW_SIZE), .capacity = WINDOW_SIZE};
    return framer;
}

void framer_free(Framer *framer)
{
    if (framer == NULL)
        return;
    free(framer->window);
    free(framer);
}

static Slice without_line_end(Slice raw)
{
    while (raw.length > 0 && (raw.bytes[raw.length - 1] == '\n' || raw.bytes[raw.length - 1] == '\r'))
        raw.length--;
    return raw;
}

static Slice in_sight(const Framer *framer)
{
    return (Slice){framer->window + framer->begin, framer->end - framer->begin};
}

/* Reads at least one more byte behind the window's end, or finds that there is none. */
static bool read_more(Framer *framer)
{
    size_t n;

    if (framer->begin > 0) {
        memmove(framer->window, framer->window + framer->begin, framer->end - framer->begin);
        framer->end -= framer->begin;
        framer->begin = 0;
    }
    if (framer->end == framer->capacity) {
        framer->capacity *= 2;
        framer->window = reallocate(framer->window, framer->capacity);
    }
    if (!source_read(framer->source, framer->window + framer->end, framer->capacity - framer->end, &n))
        return false;
    framer->end += n;
    framer->at_end = n == 0;
    return true;
}

bool framer_open(Framer *framer, Source *source, Slice *head)
{
    framer->source = source;
    framer->begin = framer->end = 0;
    framer->at_end = framer->skipping = false;
    framer->line = 1;
    framer->byte_offset = 0;
    while (framer->end < 16 && !framer->at_end)
        if (!read_more(framer))
            return false;
    *head = in_sight(framer);
    return true;
}

void framer_skip(Framer *framer, size_t bytes)
{
    framer->begin += bytes;
    framer->byte_offset += (int64_t)bytes;
}

/* Drops bytes up to the end of the line. */
static bool skip_line(Framer *framer)
{
    for (;;) {
        size_t length = csv_line_length(in_sight(framer), framer->at_end);
        size_t known = framer->end - framer->begin;

        if (length > 0 || framer->at_end) {
            framer_skip(framer, length);
            framer->line++;
            framer->skipping = false;
            return true;
        }
        /* A CR at the very end may be half of a line end, and is looked at again. */
        framer_skip(framer, known > 0 ? known - 1 : 0);
        if (!read_more(framer))
            return false;
    }
}

/* The window is full and holds no whole record: it is given up from its first line. */
static FrameStatus give_up(Framer *framer, Frame *frame)
{
    size_t length = csv_line_length(in_sight(framer), false);

    if (length > 0) {
        defect(&frame->problem, DEFECT_UNTERMINATED_QUOTE, NULL, "a quoted field is not closed within 16 MB");
        frame->raw = without_line_end((Slice){framer->window + framer->begin, length});
        framer_skip(framer, length);
        framer->line++;
    } else {
        defect(&frame->problem, DEFECT_RECORD_TOO_LONG, NULL, "the record is longer than 16 MB");
        frame->raw = (Slice){framer->window + framer->begin, SHOWN_OF_A_GIANT};
        framer->skipping = true;
    }
    return FRAME_DEFECT;
}

FrameStatus framer_next(Framer *framer, Frame *frame)
{
    CsvRecord *record = &framer->record;

    if (framer->skipping && !skip_line(framer))
        return FRAME_FAILED;

    for (;;) {
        Slice input = in_sight(framer);
        CsvStatus status = CSV_MORE;

        if (input.length == 0 && framer->at_end)
            return FRAME_END;
        if (input.length > 0)
            status = csv_frame(input, framer->at_end, record, &frame->problem);

        frame->line = framer->line;
        frame->byte_offset = framer->byte_offset;
        if (status != CSV_MORE && record->length > 0) {
            frame->raw = without_line_end((Slice){input.bytes, record->length});
            framer_skip(framer, record->length);
            framer->line += (int64_t)record->lines;
            if (status != CSV_BLANK)
                return status == CSV_RECORD ? FRAME_RECORD : FRAME_DEFECT;
        } else if (input.length >= RECORD_LIMIT) {
            return give_up(framer, frame);
        } else if (!read_more(framer)) {
            return FRAME_FAILED;
        }
    }
}
