/*
 * merge.c: from the stage into the facts. See merge.h.
 */
#include "merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"

/* Runs a command and keeps how many rows it touched. */
static bool step(PGconn *connection, const char *sql, int64_t *rows)
{
    *rows = run_command(connection, sql, 0, NULL);
    return *rows >= 0;
}

/* Runs a query for one number. */
static bool query_number(PGconn *connection, const char *sql, int64_t *number)
{
    PGresult *result = run_query(connection, sql, 0, NULL);
    bool ok = result != NULL;

    if (ok)
        *number = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    return ok;
}

static bool count_left_out(PGconn *connection, MergeCount *count)
{
    PGresult *result = run_query(connection, sql_count_left_out, 0, NULL);

    if (result == NULL)
        return false;
    count->unknown_starts = atoll(PQgetvalue(result, 0, 0));
    count->unknown_closes = atoll(PQgetvalue(result, 0, 1));
    count->early_closes = atoll(PQgetvalue(result, 0, 2));
    PQclear(result);
    return true;
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

/* Whether anything is known: the first load of a database has nothing to compare with. */
static bool knows_conversations(PGconn *connection, bool *known)
{
    PGresult *result = run_query(connection, "SELECT EXISTS (SELECT FROM ttr_data.conversation)", 0, NULL);
    bool ok = result != NULL;

    *known = ok && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    return ok;
}

/* What is known already; new_count: of how many conversations nothing is. */
static bool merge_known(PGconn *connection, int64_t *new_count)
{
    int64_t rows;

    return step(connection, sql_compare, &rows) && step(connection, sql_keep_verdicts, &rows) &&
           step(connection, sql_update, &rows) &&
           query_number(connection, "SELECT count(*) FROM revision WHERE verdict = 'new'", new_count) &&
           run_script(connection, "DROP TABLE revision");
}

static bool merge_round(PGconn *connection, int round, bool compare, MergeCount *count)
{
    char number[16];
    const char *values[] = {number};
    int64_t new_count = 1, inserted = 0;

    snprintf(number, sizeof(number), "%d", round);
    if (run_command(connection, sql_begin_round, 1, values) < 0 ||
        (compare && !merge_known(connection, &new_count)) ||
        (new_count > 0 && !step(connection, sql_insert, &inserted)))
        return false;
    count->inserted += inserted;
    return true;
}

static bool merge_conversations(PGconn *connection, bool may_repeat, MergeCount *count)
{
    int rounds = count_rounds(connection);
    int64_t rows = 0;
    bool known;

    count->inserted = 0;
    if (rounds == 0 || !knows_conversations(connection, &known))
        return false;
    for (int round = 1; round <= rounds; round++)
        if ((round == 2 && !run_script(connection, sql_look_up)) ||
            !merge_round(connection, round, known || may_repeat, count))
            return false;
    if (rounds > 1 && !step(connection, sql_keep_newest, &rows))
        return false;
    count->duplicate += rows;
    return count_verdicts(connection, count);
}

static bool choose_joins(PGconn *connection, int64_t records)
{
    char number[24];
    const char *values[] = {number};

    snprintf(number, sizeof(number), "%" PRId64, records);
    return run_command(connection, sql_choose_joins, 1, values) >= 0;
}

/* What the staged records tell of events and teammates, and what follows from all events that are known. */
static bool merge_timelines(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    return (!stage->has_events || step(connection, sql_add_events, &count->events)) &&
           (!stage->has_teammates || step(connection, sql_add_teammates, &rows)) &&
           step(connection, sql_fold, &rows) &&
           run_script(connection, "ANALYZE timeline (conversation_id)") && run_script(connection, sql_settle);
}

/* What follows looks at the repeated conversations alone. */
static bool find_repeated(const Stage *stage, MergeCount *count)
{
    int64_t rows, duplicate = 0;
    bool ok = !stage->may_repeat || (step(stage->connection, sql_find_repeated, &rows) &&
                                     step(stage->connection, sql_deduplicate, &duplicate));

    count->duplicate += duplicate;
    return ok;
}

/* The lines that list the tags of a conversation become one record. */
static bool gather_tags(PGconn *connection, MergeCount *count)
{
    PGresult *result = NULL;
    bool ok;

    if (run_script(connection, sql_gather_tags))
        result = run_query(connection, sql_count_tags, 0, NULL);
    ok = result != NULL;
    if (ok) {
        count->duplicate += atoll(PQgetvalue(result, 0, 0));
        count->unnamed_tags = atoll(PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    return ok;
}

static bool merge_tags(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    if (stage->has_tags &&
        (!step(connection, sql_add_tags, &rows) || !step(connection, sql_name_tags, &rows)))
        return false;
    return !stage->has_tag_history || gather_tags(connection, count);
}

bool merge(const Stage *stage, const char *time_zone, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    if (time_zone != NULL && !localize(connection, time_zone, count))
        return false;
    return merge_tags(stage, count) && run_script(connection, sql_analyze_stage) &&
           step(connection, sql_keep_forgotten, &rows) && choose_joins(connection, stage->record_count) &&
           (!stage->has_deletions || query_number(connection, sql_take_deletions, &count->deletions)) &&
           step(connection, sql_date_export, &rows) && merge_timelines(stage, count) &&
           find_repeated(stage, count) && merge_conversations(connection, stage->may_repeat, count) &&
           step(connection, sql_mark_deleted, &count->deleted) &&
           (!stage->is_doubtful || count_left_out(connection, count)) &&
           step(connection, sql_extend_calendars, &rows);
}
