/*
 * ingest.c: stages or rejects every record of a file. See ingest.h.
 */
#include "ingest.h"

#include "terminal/message.h"
#include "terminal/signals.h"

static bool stage_record(Ingest *ingest, ReadStatus status)
{
    const Reader *reader = ingest->reader;

    if (status == READ_TEAMMATE)
        return list_stage_add_teammate(ingest->list_stage, &reader->teammate);
    if (status == READ_NAMED)
        return list_stage_add_named(ingest->list_stage, &reader->named);
    return stage_add(ingest->stage, reader->conversation);
}

/* As long as --exported-at may be ahead. A time without an offset may also be that of a clock ahead of UTC.
 */
#define AHEAD       (INT64_C(3600) * 1000000)
#define AHEAD_NAIVE (15 * AHEAD)

/* A record with a version in the future would make every true one older. */
static bool check_version(const Ingest *ingest, Defect *problem)
{
    const Instant *version = &ingest->reader->conversation->updated_at;
    char text[TIME_TEXT_SIZE];

    if (!version->known ||
        version->microseconds - ingest->stage->options.now <= (version->naive ? AHEAD_NAIVE : AHEAD))
        return true;
    timestamp_print(*version, text);
    return defect(problem, DEFECT_BAD_TIME, "updated_at", "\"%s\" is still to come", text);
}

static bool reject_record(Ingest *ingest, const Frame *frame, const Defect *problem, FileCount *count)
{
    count->rejected++;
    return reject_add(ingest->rejects, count->name, frame, problem);
}

/* Stages or rejects what was read. */
static bool keep_record(Ingest *ingest, ReadStatus status, const Frame *frame, FileCount *count)
{
    const ListStage *list = ingest->list_stage;
    Defect problem;

    if (status == READ_IGNORED) {
        count->ignored++;
    } else if (status == READ_REJECT) {
        if (!reject_record(ingest, frame, &frame->problem, count))
            return false;
    } else if (status == READ_CONVERSATION && !check_version(ingest, &problem)) {
        if (!reject_record(ingest, frame, &problem, count))
            return false;
    } else if (!stage_record(ingest, status)) {
        return false;
    }
    count->read++;
    progress_read(ingest->progress, ingest->bytes_before + ingest->reader->source.file.bytes_read,
                  list != NULL ? list->record_count : ingest->stage->record_count, ingest->rejects->count);
    return !interrupted();
}

/* The next records come from the file that the reader has open. */
static void begin_content(Ingest *ingest, int file)
{
    Reader *reader = ingest->reader;
    bool lists_tag_lines = reader->format == FORMAT_CSV && reader->mapping.shape == &shape_tag_history;

    if (ingest->list_stage == NULL)
        stage_begin_file(ingest->stage, file, reader->mapping.zones, lists_tag_lines);
}

static void describe(const Ingest *ingest, FileCount *count)
{
    const Reader *reader = ingest->reader;

    count->is_list = ingest->list_stage != NULL;
    if (!count->is_list)
        count->times = ingest->stage->times;
    count->format = reader_format(reader);
    count->archived = reader->source.archive != NULL;
    count->compression =
        reader->source.decompressor != NULL ? decompressor_name(reader->source.decompressor) : NULL;
    for (int time = 0; time < STAGED_TIMES; time++)
        if (reader->mapping.zones[time] != NULL && count->zones[time] == NULL)
            count->zones[time] = format_text("%s", reader->mapping.zones[time]);
}

/* Reads the file that the reader has open: all of it, or one in an archive. */
static bool ingest_content(Ingest *ingest, FileCounts *counts)
{
    Reader *reader = ingest->reader;
    FileCount *count = file_counts_add(counts, reader->name);
    ReadStatus status = READ_FAILED;
    bool ok = true;
    Frame frame;

    begin_content(ingest, counts->stored + counts->count - 1);
    while (ok && (status = reader_next(reader, &frame)) < READ_END)
        ok = keep_record(ingest, status, &frame, count);
    describe(ingest, count);
    count->bytes = count->archived ? reader->buffer.byte_offset : reader->source.file.bytes_read;
    return ok && status == READ_END;
}

/* An archive may have any number of files. Between two of them the COPY can be interrupted. */
static bool store_counts(Ingest *ingest, FileCounts *counts)
{
    if (ingest->list_stage != NULL || !file_counts_are_many(counts))
        return true;
    return row_stream_end(&ingest->stage->stream, NULL) &&
           file_counts_store(ingest->stage->stream.connection, counts);
}

bool ingest_file(Ingest *ingest, const char *name, FileCounts *counts)
{
    Reader *reader = ingest->reader;
    bool found = true;
    bool ok = ingest->list_stage != NULL ? reader_open_list(reader, name, ingest->list_stage->list)
                                         : reader_open(reader, name, ingest->shape);

    while (ok && found)
        ok = ingest_content(ingest, counts) && store_counts(ingest, counts) &&
             reader_next_file(reader, &found);
    ingest->bytes_before += reader->source.file.bytes_read;
    source_close(&reader->source);
    return ok;
}

bool ingest_batch(Ingest *ingest, ReadStatus first, const Frame *frame, int64_t limit, FileCount *count)
{
    Reader *reader = ingest->reader;
    ReadStatus status = first;
    Frame next = *frame;
    bool ok = true;

    begin_content(ingest, 0);
    while (ok && status < READ_END) {
        ok = keep_record(ingest, status, &next, count);
        if (!ok || (count->read >= limit && !stop_requested()))
            break;
        status = reader_next(reader, &next);
    }
    describe(ingest, count);
    count->bytes = reader->source.file.bytes_read - ingest->bytes_before;
    return ok && (status != READ_FAILED || reader->source.file.idle);
}
