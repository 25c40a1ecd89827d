/*
 * open.c: opens the files that are read, one after the other. See reader.h.
 */
#include "read/reader.h"

#include <stdlib.h>
#include <string.h>

#include "read/export/table/airbyte.h"
#include "terminal/message.h"

void reader_begin(Reader *reader)
{
    *reader = (Reader){.source.file.descriptor = -1, .conversation = allocate(sizeof(Conversation))};
}

void reader_free(Reader *reader)
{
    source_close(&reader->source);
    free(reader->name);
    mapping_free(&reader->mapping);
    input_buffer_free(&reader->buffer);
    spool_end(&reader->spool);
    json_reader_free(reader->json);
    free(reader->csv);
    free(reader->conversation);
    name_list_free(&reader->likely_fields.names);
}

static bool read_header(Reader *reader)
{
    const char *name = reader->name;
    Frame frame;

    switch (csv_framer_next(reader->csv, &frame)) {
    case FRAME_RECORD:
        return mapping_bind(&reader->mapping,
                            reader->list != LIST_NONE ? list_shape(reader->list) : reader->wanted,
                            &reader->dates, &reader->csv->record, frame.raw, name);
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

static void make_json(Reader *reader)
{
    if (reader->json == NULL)
        reader->json = json_reader_new();
}

/* A table whose lines are JSON in one column. */
static bool open_packed(Reader *reader)
{
    reader->is_packed = true;
    make_json(reader);
    return airbyte_bind(&reader->mapping, reader->name, &reader->packed_column);
}

static bool open_csv(Reader *reader)
{
    if (reader->csv == NULL)
        reader->csv = allocate(sizeof(CsvFramer));
    if (!csv_framer_open(reader->csv, &reader->buffer))
        return false;
    if (reader->csv->separator != ',')
        note("\"%s\" is separated by %s", reader->name, csv_separator_name(reader->csv->separator));
    return read_header(reader) && (reader->mapping.shape != &shape_airbyte || open_packed(reader));
}

static bool open_json(Reader *reader)
{
    make_json(reader);
    json_framer_open(&reader->json_framer, &reader->buffer,
                     reader->list != LIST_NONE ? list_member(reader->list) : "\"conversations\"");
    return true;
}

/* The first bytes of the content decide how it is read. */
static bool open_content(Reader *reader)
{
    Slice head;

    mapping_free(&reader->mapping);
    reader->is_intercom = true;
    reader->is_undecoded = reader->is_packed = false;
    reader->conversation_count = reader->part_count = 0;
    reader->ticket_count = reader->reject_count = reader->ignored_count = 0;
    reader->format = reader->wanted != NULL ? reader->wanted->content : FORMAT_AUTO;
    return input_buffer_open(&reader->buffer, &reader->source, &head) &&
           format_detect(&reader->buffer, head, reader->name, &reader->format) &&
           (reader->format == FORMAT_CSV ? open_csv(reader) : open_json(reader));
}

static bool open_member(Reader *reader, bool *found)
{
    Slice name;
    size_t position;

    if (!source_next(&reader->source, found))
        return false;
    if (!*found)
        return true;
    name = (Slice){reader->source.archive->name, strlen(reader->source.archive->name)};
    if (!slice_is_utf8(name, &position))
        return failure(EXIT_USAGE,
                       "the file name \"%s\" in \"%s\" is not UTF-8, and could not be kept in the ledger",
                       name.bytes, reader->source.file.name);
    free(reader->name);
    reader->name = format_text("%s/%s", reader->source.file.name, name.bytes);
    return open_content(reader);
}

static bool open_file(Reader *reader, const char *name, const Shape *wanted, bool followed, List list)
{
    bool is_archive, found;

    source_close(&reader->source);
    reader->wanted = wanted;
    reader->list = list;
    free(reader->name);
    reader->name = format_text("%s", name);
    if (!source_open(&reader->source, name))
        return false;
    reader->source.file.followed = followed;
    reader->source.encoding = list != LIST_NONE ? NULL : reader->encoding;
    if (!source_is_archive(&reader->source, &is_archive))
        return false;
    if (!is_archive)
        return open_content(reader);
    if (!open_member(reader, &found))
        return false;
    return found || failure(EXIT_USAGE, "\"%s\" is an archive without a file in it", name);
}

bool reader_next_file(Reader *reader, bool *found)
{
    *found = false;
    return reader->source.archive == NULL || open_member(reader, found);
}

bool reader_open(Reader *reader, const char *name, const Shape *wanted)
{
    return open_file(reader, name, wanted, false, LIST_NONE);
}

bool reader_follow(Reader *reader, const char *name)
{
    return open_file(reader, name, &shape_json, true, LIST_NONE);
}

bool reader_open_list(Reader *reader, const char *name, List list)
{
    return open_file(reader, name, NULL, false, list);
}
