/*
 * run.c: the steps of a run. See run.h.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "database/lock.h"
#include "database/schema.h"
#include "database/sql.h"
#include "files.h"
#include "publish.h"
#include "report/remarks.h"
#include "terminal/signals.h"

static bool check_time_zone(PGconn *connection, const char *zone)
{
    bool known;

    if (strcmp(zone, "UTC") == 0)
        return true;
    if (!query_bool(connection, "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower($1))",
                    1, &zone, &known))
        return false;
    if (!known) {
        failure(EXIT_USAGE, "the server knows no time zone \"%s\"", zone);
        hint("Use an IANA name, for example: --timezone=America/New_York");
    }
    return known;
}

/* A batch of a stream waits for the lock; a load of files does not. */
static bool lock(const Run *run)
{
    return run->options->follow ? lock_wait(run->connection) : lock_try(run->connection);
}

static bool open_outputs(Run *run)
{
    const Options *options = run->options;

    if (!reject_open(&run->rejects, options->rejects, run->batch > 0) ||
        !output_open(&run->report, "report", options->report) ||
        !output_open(&run->page, "page", options->html))
        return false;
    return files_check_outputs(options);
}

/* A time in the future would make every later export look older. */
static bool check_exported_at(PGconn *connection, const char *exported_at)
{
    bool past;

    if (exported_at == NULL)
        return true;
    if (!query_bool(connection, "SELECT $1::timestamptz <= now() + interval '1 hour'", 1, &exported_at,
                    &past))
        return false;
    return past || failure(EXIT_USAGE, "--exported-at: %s is still to come", exported_at);
}

static bool list_attributes(Run *run)
{
    PGresult *result = run_query(run->connection, sql_list_attributes, 0, NULL);
    bool ok = result != NULL;

    for (int i = 0; ok && i < PQntuples(result); i++)
        free_text_list(&run->free_text, PQgetvalue(result, i, 0));
    PQclear(result);
    return ok;
}

/* Names the attributes that lost text, so that the owner of the database can list them. */
static void note_dropped(const Run *run)
{
    char *names = free_text_dropped(&run->free_text), *first;

    if (names == NULL)
        return;
    first = PQescapeLiteral(run->connection, run->free_text.dropped[0], strlen(run->free_text.dropped[0]));
    note("text of these attributes was not kept: %s", names);
    if (first != NULL)
        hint("To keep one for all readers to see, list it and load the export again: "
             "UPDATE ttr_data.setting SET attributes = attributes || ARRAY[%s]",
             first);
    PQfreemem(first);
    free(names);
}

/* Gives the run its number and its time. */
static bool number_run(Run *run)
{
    const char *values[] = {TTR_VERSION, run->options->exported_at};
    PGresult *result = run_query(run->connection, sql_begin_run, 2, values);

    if (result == NULL)
        return false;
    run->load_id = format_text("%s", PQgetvalue(result, 0, 0));
    run->started_at = format_text("%s", PQgetvalue(result, 0, 1));
    run->now = atoll(PQgetvalue(result, 0, 2));
    run->rejects.load_id = atoll(run->load_id);
    PQclear(result);
    return true;
}

bool run_begin(Run *run)
{
    const Options *options = run->options;
    PGconn *connection = run->connection;

    return run_script(connection, "BEGIN") && lock(run) && open_outputs(run) && schema_ensure(connection) &&
           check_time_zone(connection, options->time_zone) &&
           check_exported_at(connection, options->exported_at) &&
           page_check_rights(options->html, connection) && list_attributes(run) &&
           run_script(connection, sql_stage) && number_run(run);
}

StageOptions run_stage_options(Run *run)
{
    return (StageOptions){
        .free_text = &run->free_text,
        .time_zone = run->options->time_zone,
        .load_id = run->rejects.load_id,
        .now = run->now,
        .lists_teammates = run->options->admins != NULL,
        .lists_tags = run->options->tags != NULL,
    };
}

bool run_wants(When when, int descriptor)
{
    return when == WHEN_ALWAYS || (when == WHEN_TERMINAL && isatty(descriptor));
}

static bool check_rejects(const Run *run)
{
    const Options *options = run->options;
    double limit = options->max_rejects;
    int64_t rejected = run->rejects.count, read = 0;

    for (int i = 0; i < run->files.count; i++)
        read += run->files.items[i].read;
    if (options->max_rejects_is_percent)
        limit = limit / 100 * (double)read;
    if (limit < 0 || (double)rejected <= limit)
        return true;
    failure(EXIT_ROLLED_BACK,
            "%lld of %lld records were rejected, more than --max-rejects=%g%s allows: nothing is loaded",
            (long long)rejected, (long long)read, options->max_rejects,
            options->max_rejects_is_percent ? "%" : "");
    if (options->rejects == NULL)
        hint("Add --rejects=FILE to keep the rejected records.");
    return false;
}

bool run_has_unexpected_rejects(const Run *run)
{
    return run->rejects.count > 0 && run->options->max_rejects < 0;
}

static bool check_named_zones(const Run *run)
{
    PGresult *result = run_query(run->connection, sql_find_unknown_zone, 0, NULL);
    bool known = result != NULL && PQntuples(result) == 0;

    if (result != NULL && !known) {
        failure(EXIT_USAGE, "the header of \"%s\" names a time zone that the server does not know: \"%s\"",
                PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1));
        hint("Replace it by an IANA name, for example: (America/New_York)");
    }
    PQclear(result);
    return known;
}

bool run_refreshes(const Run *run)
{
    return !run->options->no_refresh && !run->options->dry_run;
}

bool run_reports_late(const Run *run)
{
    return run_refreshes(run) && run->summary.everything;
}

static bool merge_staged(Run *run)
{
    const Options *options = run->options;
    bool named = file_counts_name_zones(&run->files);
    bool local = run->stage.naive_count > 0 && (named || strcmp(options->time_zone, "UTC") != 0);

    run->count = (RunCount){
        .naive = run->stage.naive_count,
        .placeholders = run->stage.placeholder_count,
        .dry_run = options->dry_run,
    };
    progress_phase(&run->progress, "merging");
    if ((named && !check_named_zones(run)) ||
        !merge(&run->stage, local ? options->time_zone : NULL, &run->count.merged))
        return false;
    remark_on(&run->count, named ? "their zones" : options->time_zone);
    return true;
}

/* Summarizes what is about to be committed, but for what is known sooner after a refresh. */
static bool summarize(Run *run)
{
    const MergeCount *merged = &run->count.merged;
    PGconn *connection = run->connection;
    Summary *summary = &run->summary;
    bool refreshes = run_refreshes(run);

    progress_phase(&run->progress, "summarizing");
    *summary = (Summary){
        .code = EXIT_ROLLED_BACK,
        .everything = merged->is_everything,
        .report = run->options->report,
        .brief = run->options->brief,
        .as_table = run_wants(run->options->table, STDOUT_FILENO),
    };
    if (!summary->everything && !summary_of_load(summary, connection))
        return false;
    if (!run_reports_late(run) && !report_write(&run->report, connection, summary->everything))
        return false;
    if (!refreshes && !summary_of_database(summary, connection))
        return false;
    return summary_ledger(summary, connection, &run->count) &&
           (refreshes || summary_complete(summary, connection));
}

/* Keeps other loads waiting until figures, summary and report are those of this load. */
static bool keep_lock(const Run *run)
{
    return !run_refreshes(run) || lock_keep(run->connection);
}

/*
 * The connection was lost: the COMMIT may be done, or still running. It holds the lock until it is over. So a
 * new connection waits for the lock, and then looks for the ledger row.
 */
static Outcome look_up_outcome(Run *run)
{
    static const char is_in_ledger[] = "SELECT EXISTS (SELECT FROM ttr_data.load "
                                       "WHERE load_id = $1 AND started_at = $2::timestamptz)";
    const char *values[] = {run->load_id, run->started_at};
    bool found;

    warning("lost the connection during COMMIT; looking the load up");
    connection_close(run->connection);
    run->connection = connection_open(&run->options->connection);
    if (run->connection == NULL || !lock_keep(run->connection) ||
        !query_bool(run->connection, is_in_ledger, 2, values, &found)) {
        failure(EXIT_CONNECTION, "whether the load was committed could not be found out");
        hint("Running it again is safe.");
        return IN_DOUBT;
    }
    if (found)
        return COMMITTED;
    failure(EXIT_CONNECTION, "the load was not committed: nothing changed");
    hint("Run it again.");
    return NOT_COMMITTED;
}

/* False: the load is not committed, or its outcome is unknown. */
static bool commit(Run *run)
{
    PGresult *result;

    if (run->options->dry_run)
        return run_script(run->connection, "ROLLBACK");
    progress_phase(&run->progress, "committing");
    result = PQexec(run->connection, "COMMIT");
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        run->outcome = COMMITTED;
    else if (PQstatus(run->connection) == CONNECTION_BAD)
        run->outcome = look_up_outcome(run);
    else
        report_server_error(run->connection, result, EXIT_ROLLED_BACK);
    PQclear(result);
    run->report.after_commit = run->outcome == COMMITTED;
    return run->outcome == COMMITTED;
}

bool run_commit(Run *run)
{
    return reject_store(&run->rejects, run->connection) && check_rejects(run) && merge_staged(run) &&
           summarize(run) && keep_lock(run) && !interrupted() && commit(run);
}

void run_free(Run *run)
{
    output_close(&run->report);
    output_close(&run->page);
    free_text_free(&run->free_text);
    reject_close(&run->rejects);
    summary_free(&run->summary);
    file_counts_free(&run->files);
    free(run->load_id);
    free(run->started_at);
}

void run_finish(Run *run)
{
    bool complete = run_reports_late(run) || output_keep(&run->report);

    note_dropped(run);
    if (run->outcome == COMMITTED && !interrupted())
        complete = publish(run) && complete;
    progress_phase(&run->progress, NULL);
    complete = (run->options->no_summary || summary_print(&run->summary)) && complete;
    if (run->outcome == COMMITTED && (!complete || interrupted()))
        note("load %s is committed%s", run->load_id,
             interrupted() ? "; the figures may be those of before" : "");
}
