/*
 * ingest.c: one file into the stage. See ingest.h.
 */
#include "ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "signals.h"
#include "sql.h"

typedef struct Signature {
    const char *bytes;
    size_t length;
    const char *what; /* completes: "it is ..." */
    const char *remedy;
} Signature;

/* What is no CSV, told from its first bytes. */
static const Signature signatures[] = {
    {"\x1f\x8b", 2, "compressed by gzip", "Decompress it on the way: zcat FILE | ttr-load ... -"},
    {"\x28\xb5\x2f\xfd", 4, "compressed by zstd", "Decompress it on the way: zstdcat FILE | ttr-load ... -"},
    {"PK\x03\x04", 4, "a ZIP archive or a workbook",
     "Unpack it, or save the sheet as CSV (UTF-8), and load that."},
    {"\xff\xfe", 2, "text in UTF-16", "Save it as CSV in UTF-8."},
    {"\xfe\xff", 2, "text in UTF-16", "Save it as CSV in UTF-8."},
};

static const Signature json = {NULL, 0, "JSON",
                               "Load a CSV export with the columns that ttr-load's README names."};

static bool starts_with(Slice head, const char *bytes, size_t length)
{
    return head.length >= length && memcmp(head.bytes, bytes, length) == 0;
}

static bool report_foreign(const char *name, const Signature *signature)
{
    failure(EXIT_USAGE, "\"%s\" is not a CSV export: it is %s", name, signature->what);
    hint("%s", signature->remedy);
    return false;
}

static bool check_head(Ingest *ingest, Slice head, const char *name)
{
    if (head.length == 0) {
        failure(EXIT_USAGE, "\"%s\" is empty", name);
        hint("An export has at least a line that names its columns.");
        return false;
    }
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
        if (starts_with(head, signatures[i].bytes, signatures[i].length))
            return report_foreign(name, &signatures[i]);
    if (starts_with(head, "\xef\xbb\xbf", 3)) {
        framer_skip(ingest->framer, 3);
        head.bytes += 3;
        head.length -= 3;
    }
    head = slice_trim(head);
    if (starts_with(head, "{", 1) || starts_with(head, "[", 1))
        return report_foreign(name, &json);
    return true;
}

static bool read_header(Ingest *ingest, const char *name, Mapping *mapping)
{
    Frame frame;

    switch (framer_next(ingest->framer, &frame)) {
    case FRAME_RECORD:
        return mapping_bind(mapping, &ingest->framer->record, frame.raw, name);
    case FRAME_DEFECT:
        failure(EXIT_USAGE, "\"%s\" is not a CSV export: its header cannot be read", name);
        detail("In the header, %s.", frame.problem.detail);
        return false;
    case FRAME_END:
        return failure(EXIT_USAGE, "\"%s\" has only empty lines", name);
    case FRAME_FAILED:
        break;
    }
    return false;
}

static bool reject(Ingest *ingest, const Frame *frame, const Defect *problem, FileCount *count)
{
    count->rejected++;
    return reject_add(ingest->rejects, count->name, frame, problem);
}

static bool read_records(Ingest *ingest, Mapping *mapping, FileCount *count)
{
    Framer *framer = ingest->framer;
    Frame frame;
    Defect problem;

    for (;;) {
        switch (framer_next(framer, &frame)) {
        case FRAME_RECORD:
            if (mapping_apply(mapping, &framer->record, frame.raw, ingest->conversation, &problem)) {
                if (!stage_add(ingest->stage, ingest->conversation, mapping->carried))
                    return false;
            } else if (!reject(ingest, &frame, &problem, count)) {
                return false;
            }
            break;
        case FRAME_DEFECT:
            if (!reject(ingest, &frame, &frame.problem, count))
                return false;
            break;
        case FRAME_END:
            return true;
        case FRAME_FAILED:
            return false;
        }
        if (interrupted())
            return false;
        count->read++;
        progress_read(ingest->progress, ingest->bytes_before + framer->source->bytes_read,
                      ingest->stage->record_count, ingest->rejects->count);
    }
}

bool ingest_file(Ingest *ingest, int number, FileCount *count)
{
    const char *name = count->name;
    Source source;
    Slice head;
    Mapping mapping = {0};
    bool ok = source_open(&source, name) && framer_open(ingest->framer, &source, &head) &&
              check_head(ingest, head, name) && read_header(ingest, name, &mapping);

    count->format = "csv";
    ingest->stage->file = number;
    ok = ok && read_records(ingest, &mapping, count);
    count->bytes = source.bytes_read;
    ingest->bytes_before += source.bytes_read;
    mapping_free(&mapping);
    source_close(&source);
    return ok;
}

bool ingest_counts(PGconn *connection, const FileCount *counts, int file_count)
{
    for (int i = 0; i < file_count; i++) {
        char numbers[4][24];
        const char *values[] = {numbers[0], counts[i].name, counts[i].format,
                                numbers[1], numbers[2],     numbers[3]};

        snprintf(numbers[0], sizeof(numbers[0]), "%d", i);
        snprintf(numbers[1], sizeof(numbers[1]), "%" PRId64, counts[i].bytes);
        snprintf(numbers[2], sizeof(numbers[2]), "%" PRId64, counts[i].read);
        snprintf(numbers[3], sizeof(numbers[3]), "%" PRId64, counts[i].rejected);
        if (run_command(connection, sql_add_file, 6, values) < 0)
            return false;
    }
    return true;
}
