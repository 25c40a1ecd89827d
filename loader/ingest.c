/*
 * ingest.c: one file into the stage. See ingest.h.
 */
#include "ingest.h"

#include <inttypes.h>
#include <stdio.h>

#include "message.h"
#include "signals.h"
#include "sql.h"

/* One record more; false: the end, or a failure, which *failed tells. */
static bool ingest_record(Ingest *ingest, FileCount *count, bool *failed)
{
    Reader *reader = ingest->reader;
    Frame frame;

    *failed = true;
    switch (reader_next(reader, &frame)) {
    case READ_CONVERSATION:
        if (!stage_add(ingest->stage, reader->conversation))
            return false;
        break;
    case READ_REJECT:
        count->rejected++;
        if (!reject_add(ingest->rejects, count->name, &frame, &frame.problem))
            return false;
        break;
    case READ_END:
        *failed = false;
        return false;
    case READ_FAILED:
        return false;
    }
    count->read++;
    progress_read(ingest->progress, ingest->bytes_before + reader->source.bytes_read,
                  ingest->stage->record_count, ingest->rejects->count);
    *failed = interrupted();
    return !*failed;
}

bool ingest_file(Ingest *ingest, int number, FileCount *count)
{
    Reader *reader = ingest->reader;
    bool failed = !reader_open(reader, count->name, ingest->format);

    ingest->stage->file = number;
    while (!failed && ingest_record(ingest, count, &failed))
        ;
    count->format = reader_format(reader);
    count->compression =
        reader->source.decompressor != NULL ? decompressor_name(reader->source.decompressor) : NULL;
    count->bytes = reader->source.bytes_read;
    ingest->bytes_before += count->bytes;
    source_close(&reader->source);
    return !failed;
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
