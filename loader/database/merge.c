/*
 * merge.c: from the stage into the facts. See merge.h.
 */
#include "database/merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database/sql.h"

/* Runs a command and keeps how many rows it touched. */
static bool step(PGconn *connection, const char *sql, int64_t *rows)
{
    *rows = run_command(connection, sql, 0, NULL);
    return *rows >= 0;
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

/* Local times become instants. Before that, those are counted for which a clock change leaves a choice. */
static bool localize(PGconn *connection, const char *time_zone, MergeCount *count)
{
    return query_int64(connection, sql_count_ambiguous, 1, &time_zone, &count->ambiguous) &&
           run_command(connection, sql_localize, 1, &time_zone) >= 0;
}

static int64_t count_staged(const Stage *stage)
{
    return stage->record_count - stage->straight_count - stage->known_count;
}

static bool count_outcomes(PGconn *connection, MergeCount *count)
{
    PGresult *result = run_query(connection, sql_count_outcomes, 0, NULL);

    if (result == NULL)
        return false;
    count->inserted += atoll(PQgetvalue(result, 0, 0));
    count->updated = atoll(PQgetvalue(result, 0, 1));
    count->older = atoll(PQgetvalue(result, 0, 2));
    PQclear(result);
    return true;
}

/* Merges what is staged: by way of their statements the conversations that are known or staged more than
 * once, then the new ones. */
static bool merge_staged(PGconn *connection, MergeCount *count)
{
    int64_t rows, inserted;
    bool ok = step(connection, sql_gather_statements, &rows) &&
              run_script(connection, "ANALYZE spoken (conversation_id)") &&
              step(connection, sql_fold_statements, &rows) &&
              run_script(connection, "ANALYZE folded (conversation_id)") &&
              run_script(connection, sql_derive_fields) && step(connection, sql_compare, &rows) &&
              run_script(connection, "ANALYZE compared (conversation_id)") &&
              run_script(connection, sql_write_compared) && count_outcomes(connection, count) &&
              query_int64(connection, sql_insert_new, 0, NULL, &inserted);

    if (ok)
        count->inserted += inserted;
    return ok;
}

/* Compares the dates of records that the facts already have: a newer export confirms them. */
static bool confirm(PGconn *connection, MergeCount *count)
{
    PGresult *result = NULL;
    int64_t newer = 0;
    bool ok;

    if (run_script(connection, sql_find_alike))
        result = run_query(connection, sql_count_redated, 0, NULL);
    ok = result != NULL;
    if (ok) {
        newer = atoll(PQgetvalue(result, 0, 0));
        count->older += atoll(PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    return ok && (newer == 0 || run_script(connection, sql_confirm));
}

/* The first load of a database has nothing to compare with but the rows that it wrote straight into the
 * facts. */
static bool merge_conversations(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->connection;
    bool known;

    if (!query_bool(connection, "SELECT EXISTS (SELECT FROM ttr_data.conversation)", 0, NULL, &known) ||
        (count_staged(stage) > 0 && !merge_staged(connection, count)))
        return false;
    if (known && stage->straight_count == 0)
        return confirm(connection, count);
    /* The first facts were written without triggers; every later change leaves marks. */
    return run_script(connection, "SELECT ttr_data.watch_facts()");
}

/* Counts the conversations that the run names. All other records are duplicates, but for deletions. */
static bool count_named(const Stage *stage, MergeCount *count)
{
    char number[24];
    const char *values[] = {number, stage->may_repeat ? "true" : "false"};
    PGresult *result;

    count->named = stage->straight_count;
    count->is_everything = true;
    if (stage->straight_count == stage->record_count)
        return true;
    snprintf(number, sizeof(number), "%" PRId64, stage->straight_count + stage->known_count);
    result = run_query(stage->connection, sql_count_named, 2, values);
    if (result == NULL)
        return false;
    count->named = atoll(PQgetvalue(result, 0, 0));
    count->is_everything = strcmp(PQgetvalue(result, 0, 1), "t") == 0;
    count->duplicate = stage->record_count - count->deletions - count->named;
    PQclear(result);
    return true;
}

static bool choose_joins(PGconn *connection, int64_t records)
{
    char number[24];
    const char *values[] = {number};

    snprintf(number, sizeof(number), "%" PRId64, records);
    return run_command(connection, sql_choose_joins, 1, values) >= 0;
}

static bool add_events(const Stage *stage, MergeCount *count)
{
    bool known = true;

    if (!stage->may_repeat &&
        !query_bool(stage->connection, "SELECT EXISTS (SELECT FROM ttr_data.event)", 0, NULL, &known))
        return false;
    return step(stage->connection, known ? sql_add_events : sql_add_first_events, &count->events);
}

/* What the staged records say of events and teammates, and what follows from all events that are known. */
static bool merge_timelines(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    return (!stage->has_events || add_events(stage, count)) &&
           (!stage->has_teammates || step(connection, sql_add_teammates, &rows)) &&
           step(connection, sql_build_timelines, &rows) &&
           run_script(connection, "ANALYZE timeline (conversation_id)");
}

/* The lines that list the tags of a conversation become one record. */
static bool gather_tags(PGconn *connection, MergeCount *count)
{
    return run_script(connection, sql_gather_tags) &&
           query_int64(connection, sql_count_tags, 0, NULL, &count->unnamed_tags);
}

static bool merge_tags(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    if (stage->has_tags && (!step(connection, sql_add_tags, &rows) || !run_script(connection, sql_name_tags)))
        return false;
    return !stage->has_tag_history || gather_tags(connection, count);
}

bool merge(const Stage *stage, const char *time_zone, MergeCount *count)
{
    PGconn *connection = stage->connection;
    int64_t rows;

    *count = (MergeCount){.inserted = stage->straight_count};
    if (time_zone != NULL && !localize(connection, time_zone, count))
        return false;
    return run_script(connection, sql_relate) &&
           (stage->straight_count == 0 || run_script(connection, "UPDATE run SET has_straight = true")) &&
           merge_tags(stage, count) && run_script(connection, sql_analyze_stage) &&
           step(connection, sql_keep_forgotten, &rows) && choose_joins(connection, count_staged(stage)) &&
           (!stage->has_deletions ||
            query_int64(connection, sql_take_deletions, 0, NULL, &count->deletions)) &&
           step(connection, sql_date_export, &rows) &&
           (stage->straight_count == 0 || step(connection, sql_date_straight, &rows)) &&
           merge_timelines(stage, count) &&
           (!stage->may_repeat || step(connection, sql_find_repeated, &rows)) &&
           merge_conversations(stage, count) && count_named(stage, count) &&
           step(connection, sql_mark_deleted, &count->deleted) &&
           (!stage->is_doubtful || count_left_out(connection, count)) &&
           step(connection, sql_extend_calendars, &rows);
}
