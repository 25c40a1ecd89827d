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
#include "terminal/ending.h"
#include "terminal/signals.h"

static bool check_time_zone(PGconn *connection, const char *zone)
{
    int64_t known, is_offset;

    if (strcmp(zone, "UTC") == 0)
        return true;
    if (!query_row(connection, sql_find_zone, 1, &zone, (int64_t *[]){&known, &is_offset}, 2))
        return false;
    if (known && !is_offset)
        return true;
    if (known)
        failure(EXIT_USAGE, "the server takes \"%s\" for an offset without summer time", zone);
    else
        failure(EXIT_USAGE, "the server knows no time zone \"%s\"", zone);
    hint("Use an IANA name, for example: --timezone=%s", known ? "Europe/Berlin" : "America/New_York");
    return false;
}

/* A batch of a stream waits for the lock; a load of files does not. */
static bool lock(const Run *run)
{
    return run->options->follow ? lock_wait(run->connection) : lock_try(run->connection);
}

static bool open_outputs(Run *run)
{
    const Options *options = run->options;

    if (!reject_open(&run->rejects, options->rejects, run->has_rejects_file) ||
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
    StageOptions options = {
        .free_text = &run->free_text,
        .time_zone = run->options->time_zone,
        .load_id = run->rejects.load_id,
        .now = run->now,
    };

    for (List list = LIST_NONE + 1; list < LISTS; list++)
        options.lists[list] = run->options->lists[list] != NULL;
    return options;
}

bool run_wants(When when, int descriptor)
{
    return when == WHEN_ALWAYS || (when == WHEN_TERMINAL && isatty(descriptor));
}

bool run_has_unexpected_rejects(const Run *run)
{
    return run->rejects.count > 0 && run->options->max_rejects < 0;
}

ExitCode run_exit_code(bool rejected)
{
    if (failure_code() != EXIT_LOADED)
        return failure_code();
    return rejected ? EXIT_WITH_REJECTS : EXIT_LOADED;
}

bool run_refreshes(const Run *run)
{
    return !run->options->no_refresh && !run->options->dry_run;
}

bool run_reports_late(const Run *run)
{
    return run_refreshes(run) && run->summary.everything;
}

void run_free(Run *run)
{
    ending_note(NOTHING_STANDS, NULL);
    output_close(&run->report);
    output_close(&run->page);
    free_text_free(&run->free_text);
    if (!reject_close(&run->rejects) && run->outcome == COMMITTED)
        note("load %s is committed", run->load_id);
    summary_free(&run->summary);
    file_counts_free(&run->files);
    free(run->load_id);
    free(run->started_at);
}
