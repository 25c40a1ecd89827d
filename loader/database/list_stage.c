/*
 * list_stage.c: a list of teammates, tags or teams on its way to the server. See list_stage.h.
 */
#include "database/list_stage.h"

#include "database/sql.h"

#define TEAMMATE_COLUMNS 4
#define NAMED_COLUMNS    3

bool list_stage_begin(ListStage *stage, PGconn *connection, List list)
{
    static const char *const copies[LISTS] = {
        [LIST_TEAMMATES] = "COPY listed_teammate FROM STDIN (FORMAT binary)",
        [LIST_TAGS] = "COPY listed_tag FROM STDIN (FORMAT binary)",
        [LIST_TEAMS] = "COPY listed_team FROM STDIN (FORMAT binary)",
    };

    *stage = (ListStage){.list = list, .stream.connection = connection};
    return (list != LIST_TAGS || run_script(connection, sql_stage_tags)) &&
           (list != LIST_TEAMS || run_script(connection, sql_stage_teams)) &&
           row_stream_begin(&stage->stream, copies[list]);
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

bool list_stage_add_named(ListStage *stage, const Named *named)
{
    CopyBuffer *rows = &stage->stream.rows;

    copy_row(rows, NAMED_COLUMNS);
    copy_bigint(rows, ++stage->record_count);
    copy_text(rows, named->id);
    copy_text(rows, named->name);
    return row_stream_send(&stage->stream);
}

bool list_stage_end(ListStage *stage, const char *reason)
{
    bool ok = row_stream_end(&stage->stream, reason);

    copy_free(&stage->stream.rows);
    return ok;
}
