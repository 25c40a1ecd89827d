/*
 * named_range.c: the conversations that a run names without staging them. See named_range.h.
 */
#include "database/named_range.h"

#include <string.h>

/* About 80,000 ranges. An export with so many gaps is hardly a later export of the same conversations. */
#define ROWS_LIMIT ((size_t)4 * 1024 * 1024)

void ranges_add(NamedRanges *ranges, Slice id)
{
    if (!ranges->begun) {
        memcpy(ranges->first, id.bytes, id.length);
        ranges->first_length = id.length;
        ranges->begun = true;
    }
    memcpy(ranges->last, id.bytes, id.length);
    ranges->last_length = id.length;
}

void ranges_end(NamedRanges *ranges)
{
    if (!ranges->begun)
        return;
    if (ranges->rows.length == 0)
        copy_header(&ranges->rows);
    copy_row(&ranges->rows, 3);
    copy_integer(&ranges->rows, ranges->file);
    copy_text(&ranges->rows, (Slice){ranges->first, ranges->first_length});
    copy_text(&ranges->rows, (Slice){ranges->last, ranges->last_length});
    ranges->begun = false;
    ranges->count++;
}

bool ranges_are_full(const NamedRanges *ranges)
{
    return ranges->rows.length > ROWS_LIMIT;
}

bool ranges_store(NamedRanges *ranges, PGconn *connection)
{
    bool sent;

    ranges_end(ranges);
    if (ranges->rows.length == 0)
        return true;
    copy_trailer(&ranges->rows);
    if (!copy_in_begin(connection, "COPY named_range FROM STDIN (FORMAT binary)"))
        return false;
    sent = copy_in_send(connection, ranges->rows.bytes, ranges->rows.length);
    return copy_in_end(connection, sent ? NULL : "the loader could not send the ranges") && sent;
}

void ranges_free(NamedRanges *ranges)
{
    copy_free(&ranges->rows);
}
