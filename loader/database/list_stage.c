/*
 * list_stage.c: a list of teammates, tags or teams on its way to the server. See list_stage.h.
 */
#include "database/list_stage.h"

#include "database/sql.h"

#define TEAMMATE_COLUMNS 4
#define NAMED_COLUMNS    3

bool list_stage_begin(ListStage *stage, PGconn *connection, List list)
{
    const struct {
        const char *create; /* NULL: the table is there */
        const char *copy;
    } stages[LISTS] = {
        [LIST_TEAMMATES] = {NULL, "COPY listed_teammate FROM STDIN (FORMAT binary)"},
        [LIST_TAGS] = {sql_stage_tags, "COPY listed_tag FROM STDIN (FORMAT binary)"},
        [LIST_TEAMS] = {sql_stage_teams, "COPY listed_team FROM STDIN (FORMAT binary)"},
    };

    *stage = (ListStage){.list = list, .stream.connection = connection};
    return (stages[list].create == NULL || run_script(connection, stages[list].create)) &&
           row_stream_begin(&stage->stream, stages[list].copy);
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
