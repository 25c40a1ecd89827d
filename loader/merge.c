/*
 * merge.c: from the stage into the facts. See merge.h.
 */
#include "merge.h"

#include <stdio.h>
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
    PGresult *result = run_query(connection, sql_count_verdicts, 0, NULL);

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

/* 1 unless a conversation has records that speak of different fields; 0 after a failure. */
static int count_rounds(PGconn *connection)
{
    PGresult *result = NULL;
    int rounds = 0;

    if (run_script(connection, sql_take_turns))
        result = run_query(connection, sql_count_rounds, 0, NULL);
    if (result != NULL)
        rounds = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return rounds;
}

static bool merge_round(PGconn *connection, int round, MergeCount *count)
{
    char number[16];
    const char *values[] = {number};
    int64_t rows, inserted;

    snprintf(number, sizeof(number), "%d", round);
    if (run_command(connection, sql_begin_round, 1, values) < 0 || !step(connection, sql_compare, &rows) ||
        !step(connection, sql_keep_verdicts, &rows) || !step(connection, sql_update, &rows) ||
        !step(connection, sql_insert, &inserted) || !run_script(connection, "DROP TABLE revision"))
        return false;
    count->inserted += inserted;
    return true;
}

static bool merge_conversations(PGconn *connection, MergeCount *count)
{
    int rounds = count_rounds(connection);
    int64_t rows;

    count->inserted = 0;
    for (int round = 1; round <= rounds; round++)
        if ((round == 2 && !run_script(connection, sql_look_up)) || !merge_round(connection, round, count))
            return false;
    if (rounds == 0 || !step(connection, sql_keep_newest, &rows))
        return false;
    count->duplicate += rows;
    return count_verdicts(connection, count);
}

bool merge(PGconn *connection, const char *time_zone, MergeCount *count)
{
    int64_t rows;

    if (time_zone != NULL && !localize(connection, time_zone, count))
        return false;
    return step(connection, sql_keep_forgotten, &rows) && step(connection, sql_choose_joins, &rows) &&
           step(connection, sql_date_export, &rows) && step(connection, sql_add_events, &count->events) &&
           step(connection, sql_add_teammates, &rows) && step(connection, sql_fold, &rows) &&
           step(connection, sql_find_repeated, &rows) &&
           step(connection, sql_deduplicate, &count->duplicate) && merge_conversations(connection, count) &&
           step(connection, sql_extend_calendars, &rows);
}
