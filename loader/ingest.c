/*
 * ingest.c: one file into the stage. See ingest.h.
 */
#include "ingest.h"

#include <inttypes.h>
#include <stdio.h>

#include "message.h"
#include "signals.h"
#include "sql.h"

/* What was read is staged or rejected. */
static bool keep_record(Ingest *ingest, ReadStatus status, const Frame *frame, FileCount *count)
{
    Reader *reader = ingest->reader;

    if (status == READ_REJECT) {
        count->rejected++;
        if (!reject_add(ingest->rejects, count->name, frame, &frame->problem))
            return false;
    } else if (!stage_add(ingest->stage, reader->conversation)) {
        return false;
    }
    count->read++;
    progress_read(ingest->progress, ingest->bytes_before + reader->source.bytes_read,
                  ingest->stage->record_count, ingest->rejects->count);
    return !interrupted();
}

static void describe(const Reader *reader, FileCount *count)
{
    count->format = reader_format(reader);
    count->compression =
        reader->source.decompressor != NULL ? decompressor_name(reader->source.decompressor) : NULL;
}

bool ingest_file(Ingest *ingest, int number, FileCount *count)
{
    Reader *reader = ingest->reader;
    bool ok = reader_open(reader, count->name, ingest->shape);
    ReadStatus status = READ_FAILED;
    Frame frame;

    ingest->stage->file = number;
    while (ok && (status = reader_next(reader, &frame)) < READ_END)
        ok = keep_record(ingest, status, &frame, count);
    describe(reader, count);
    count->bytes = reader->source.bytes_read;
    ingest->bytes_before += count->bytes;
    source_close(&reader->source);
    return ok && status == READ_END;
}

bool ingest_batch(Ingest *ingest, ReadStatus first, const Frame *frame, int64_t limit, FileCount *count)
{
    Reader *reader = ingest->reader;
    ReadStatus status = first;
    Frame next = *frame;
    bool ok = true;

    while (ok && status < READ_END) {
        ok = keep_record(ingest, status, &next, count);
        if (!ok || count->read >= limit)
            break;
        status = reader_next(reader, &next);
    }
    describe(reader, count);
    count->bytes = reader->source.bytes_read - ingest->bytes_before;
    return ok && (status != READ_FAILED || reader->source.idle);
}

bool ingest_counts(PGconn *connection, const FileCount *counts, int file_count)
{
    for (int i = 0; i < file_count; i++) {
        char numbers[4][24], format[24];
        const char *values[] = {numbers[0], counts[i].name, format, numbers[1], numbers[2], numbers[3]};

        snprintf(format, sizeof(format), "%s%s%s", counts[i].format, counts[i].compression != NULL ? "+" : "",
                 counts[i].compression != NULL ? counts[i].compression : "");
        snprintf(numbers[0], sizeof(numbers[0]), "%d", i);
        snprintf(numbers[1], sizeof(numbers[1]), "%" PRId64, counts[i].bytes);
        snprintf(numbers[2], sizeof(numbers[2]), "%" PRId64, counts[i].read);
        snprintf(numbers[3], sizeof(numbers[3]), "%" PRId64, counts[i].rejected);
        if (run_command(connection, sql_add_file, 6, values) < 0)
            return false;
    }
    return true;
}
