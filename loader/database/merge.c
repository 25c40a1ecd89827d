/*
 * merge.c: from the stage into the facts. See merge.h.
 */
#include "database/merge.h"

#include "database/sql.h"

/* Runs a command and keeps the number of rows that it inserted or changed. */
static bool count_rows(PGconn *connection, const char *sql, int64_t *rows)
{
    *rows = run_command(connection, sql, 0, NULL);
    return *rows >= 0;
}

static bool count_left_out(PGconn *connection, MergeCount *count)
{
    int64_t *const row[] = {&count->unknown_starts, &count->unknown_closes, &count->early_closes};

    return query_row(connection, sql_count_left_out, 0, NULL, row, 3);
}

/* Turns local times into instants. First counts those that a clock change skips or repeats. */
static bool localize(PGconn *connection, const char *time_zone, MergeCount *count)
{
    return query_int64(connection, sql_count_ambiguous, 1, &time_zone, &count->ambiguous) &&
           run_command(connection, sql_localize, 1, &time_zone) >= 0;
}

static int64_t count_staged(const Stage *stage)
{
    return stage->record_count - stage->straight_count - stage->known_count;
}

/* Who had the staged conversations, and what they did in them: from timelines and the rows just written. */
static bool write_handling(PGconn *connection)
{
    bool known;

    return run_script(connection, sql_gather_handlers) &&
           query_bool(connection, "SELECT EXISTS (SELECT FROM ttr_data.handling)", 0, NULL, &known) &&
           run_script(connection, known ? sql_write_handlers : sql_write_first_handlers);
}

/* Merges conversations that are known or staged more than once by way of their statements, then inserts the
 * new ones. */
static bool merge_staged(PGconn *connection, MergeCount *count)
{
    int64_t compared, inserted;
    int64_t *const outcomes[] = {&compared, &count->updated, &count->older};
    bool ok = run_script(connection, sql_gather_statements) &&
              run_script(connection, "ANALYZE candidate (conversation_id)") &&
              run_script(connection, sql_fold_statements) &&
              run_script(connection, "ANALYZE folded (conversation_id)") &&
              run_script(connection, sql_derive_fields) && run_script(connection, sql_compare) &&
              run_script(connection, "ANALYZE compared (conversation_id)") &&
              run_script(connection, sql_write_compared) &&
              query_row(connection, sql_count_outcomes, 0, NULL, outcomes, 3) &&
              query_int64(connection, sql_insert_new, 0, NULL, &inserted) && write_handling(connection);

    if (ok)
        count->inserted += compared + inserted;
    return ok;
}

/* Compares the dates of records whose values the facts already have: a newer export confirms the facts. */
static bool confirm(PGconn *connection, MergeCount *count)
{
    int64_t newer, older;

    if (!run_script(connection, sql_find_alike) ||
        !query_row(connection, sql_count_redated, 0, NULL, (int64_t *[]){&newer, &older}, 2))
        return false;
    count->older += older;
    return newer == 0 || run_script(connection, sql_confirm);
}

/* The first load of a database has nothing to compare with but the rows that it wrote straight into the
 * facts. */
static bool merge_conversations(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->stream.connection;
    bool known;

    if (!query_bool(connection, "SELECT EXISTS (SELECT FROM ttr_data.conversation)", 0, NULL, &known) ||
        (count_staged(stage) > 0 && !merge_staged(connection, count)))
        return false;
    if (known && stage->straight_count == 0)
        return confirm(connection, count);
    /* The first facts were written without triggers; every later change leaves marks. */
    return run_script(connection, "SELECT ttr_data.watch_facts()");
}

/* Counts the conversations that the run names. All other records but deletions are duplicates. */
static bool count_named(const Stage *stage, MergeCount *count)
{
    char number[NUMBER_SIZE];
    const char *values[] = {
        number_text(stage->straight_count + stage->known_count, number),
        stage->may_repeat ? "true" : "false",
    };
    int64_t is_everything;

    count->named = stage->straight_count;
    count->is_everything = true;
    if (stage->straight_count == stage->record_count)
        return true;
    if (!query_row(stage->stream.connection, sql_count_named, 2, values,
                   (int64_t *[]){&count->named, &is_everything}, 2))
        return false;
    count->is_everything = is_everything;
    count->duplicate = stage->record_count - count->deletions - count->named;
    return true;
}

static bool choose_joins(PGconn *connection, int64_t records)
{
    char number[NUMBER_SIZE];
    const char *value = number_text(records, number);

    return run_command(connection, sql_choose_joins, 1, &value) >= 0;
}

static bool add_events(const Stage *stage, MergeCount *count)
{
    bool known = true;

    if (!stage->may_repeat &&
        !query_bool(stage->stream.connection, "SELECT EXISTS (SELECT FROM ttr_data.event)", 0, NULL, &known))
        return false;
    return count_rows(stage->stream.connection, known ? sql_add_events : sql_add_first_events,
                      &count->events);
}

/* Adds the events and teammates of the staged records, and builds timelines from all events that are known.
 */
static bool merge_timelines(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->stream.connection;

    return (!stage->has_events || add_events(stage, count)) &&
           (!stage->has_teammates || run_script(connection, sql_add_teammates)) &&
           run_script(connection, sql_build_timelines) &&
           run_script(connection, "ANALYZE timeline (conversation_id)");
}

/* Makes one record of the lines that list the tags of a conversation. */
static bool gather_tags(PGconn *connection, MergeCount *count)
{
    return run_script(connection, sql_gather_tags) &&
           query_int64(connection, sql_count_tags, 0, NULL, &count->unnamed_tags);
}

/* Tags and teams get their names. */
static bool name_listed(const Stage *stage, MergeCount *count)
{
    PGconn *connection = stage->stream.connection;

    if (stage->options.lists[LIST_TAGS] &&
        (!run_script(connection, sql_add_tags) || !run_script(connection, sql_name_tags)))
        return false;
    if (stage->options.lists[LIST_TEAMS] && !run_script(connection, sql_add_teams))
        return false;
    return !stage->has_tag_history || gather_tags(connection, count);
}

bool merge(const Stage *stage, const char *time_zone, MergeCount *count)
{
    PGconn *connection = stage->stream.connection;

    *count = (MergeCount){.inserted = stage->straight_count};
    if (time_zone != NULL && !localize(connection, time_zone, count))
        return false;
    return run_script(connection, sql_relate) &&
           (stage->straight_count == 0 || run_script(connection, "UPDATE run SET has_straight = true")) &&
           name_listed(stage, count) && run_script(connection, sql_analyze_stage) &&
           run_script(connection, sql_keep_forgotten) && choose_joins(connection, count_staged(stage)) &&
           (!stage->has_deletions ||
            query_int64(connection, sql_take_deletions, 0, NULL, &count->deletions)) &&
           run_script(connection, sql_date_export) &&
           (stage->straight_count == 0 || run_script(connection, sql_date_straight)) &&
           merge_timelines(stage, count) &&
           (!stage->may_repeat || run_script(connection, sql_find_repeated)) &&
           merge_conversations(stage, count) && count_named(stage, count) &&
           count_rows(connection, sql_mark_deleted, &count->deleted) &&
           (!stage->is_doubtful || count_left_out(connection, count)) &&
           run_script(connection, sql_extend_calendars);
}
