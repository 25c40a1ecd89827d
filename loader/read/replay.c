/*
 * replay.c: records of an endless stream are read again. See reader.h.
 *
 * Where a record begins depends on what was read before it: the framer's state belongs to the mark.
 */
#include "read/reader.h"

bool reader_mark(Reader *reader)
{
    InputBuffer *buffer = &reader->buffer;
    Slice sight = input_buffer_sight(buffer);

    reader->mark = (ReaderMark){reader->json_framer, buffer->line, buffer->byte_offset};
    if (buffer->spool != NULL)
        return spool_mark(buffer->spool, sight);
    buffer->spool = &reader->spool;
    return spool_begin(&reader->spool, sight);
}

void reader_rewind(Reader *reader)
{
    InputBuffer *buffer = &reader->buffer;

    reader->json_framer = reader->mark.framer;
    buffer->line = reader->mark.line;
    buffer->byte_offset = reader->mark.byte_offset;
    buffer->begin = buffer->end = 0;
    buffer->at_end = false;
    spool_rewind(&reader->spool);
}

size_t reader_left(const Reader *reader)
{
    return slice_trim(input_buffer_sight(&reader->buffer)).length;
}
