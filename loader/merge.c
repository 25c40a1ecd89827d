/*
 * merge.c: from the stage into the facts. See merge.h.
 */
#include "merge.h"

#include <stdlib.h>

#include "sql.h"

/* Runs a command and keeps how many rows it touched. */
static bool step(PGconn *connection, const char *sql, int64_t *rows)
{
    *rows = run_command(connection, sql, 0, NULL);
    return *rows >= 0;
}

static bool count_verdicts(PGconn *connection, MergeCount *count)
{
    PGresult *result = run_query(connection,
                                 "SELECT count(*) FILTER (WHERE verdict = 'updated'),"
                                 "       count(*) FILTER (WHERE verdict = 'older')"
                                 "  FROM revision",
                                 0, NULL);

    if (result == NULL)
        return false;
    count->updated = atoll(PQgetvalue(result, 0, 0));
    count->older = atoll(PQgetvalue(result, 0, 1));
    PQclear(result);
    return true;
}

/* Naive times become instants; first it is counted for how many that is a choice. */
static bool localize(PGconn *connection, const char *time_zone, MergeCount *count)
{
    PGresult *result = run_query(connection, sql_count_ambiguous, 1, &time_zone);

    if (result == NULL)
        return false;
    count->ambiguous = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    return run_command(connection, sql_localize, 1, &time_zone) >= 0;
}

bool merge(PGconn *connection, const char *time_zone, MergeCount *count)
{
    int64_t rows;

    if (time_zone != NULL && !localize(connection, time_zone, count))
        return false;
    return step(connection, sql_date_export, &rows) && step(connection, sql_deduplicate, &count->duplicate) &&
           step(connection, sql_compare, &rows) && count_verdicts(connection, count) &&
           step(connection, sql_update, &rows) && step(connection, sql_insert, &count->inserted) &&
           step(connection, sql_extend_calendars, &rows);
}
