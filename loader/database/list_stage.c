/*
 * list_stage.c: a list of teammates or tags on its way to the server. See list_stage.h.
 */
#include "database/list_stage.h"

#include "database/sql.h"

#define TEAMMATE_COLUMNS 4
#define TAG_COLUMNS      3

bool list_stage_begin(ListStage *stage, PGconn *connection, List list)
{
    *stage = (ListStage){.list = list, .stream.connection = connection};
    if (list == LIST_TEAMMATES)
        return row_stream_begin(&stage->stream, "COPY listed_teammate FROM STDIN (FORMAT binary)");
    return run_script(connection, sql_stage_tags) &&
           row_stream_begin(&stage->stream, "COPY listed_tag FROM STDIN (FORMAT binary)");
}

bool list_stage_add_teammate(ListStage *stage, const Teammate *teammate)
{
    CopyBuffer *rows = &stage->stream.rows;

    copy_row(rows, TEAMMATE_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_text(rows, teammate->id);
    copy_text(rows, teammate->email);
    copy_text(rows, teammate->name);
    return row_stream_send(&stage->stream);
}

bool list_stage_add_tag(ListStage *stage, const Tag *tag)
{
    CopyBuffer *rows = &stage->stream.rows;

    copy_row(rows, TAG_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_text(rows, tag->id);
    copy_text(rows, tag->name);
    return row_stream_send(&stage->stream);
}

bool list_stage_end(ListStage *stage, const char *reason)
{
    bool ok = row_stream_end(&stage->stream, reason);

    copy_free(&stage->stream.rows);
    return ok;
}
