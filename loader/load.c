/*
 * load.c: a run. See load.h.
 *
 *     BEGIN, lock, schema      one load at a time
 *       COPY ... stage         files -> records, or rejects
 *       rejects, merge         stage -> facts, by sets
 *       summary, report        of what is about to be committed
 *       ledger row
 *     COMMIT                   everything above, or nothing
 *     refresh                  a transaction of its own: figures follow facts
 *
 * Whatever ends the process before COMMIT, the server rolls back. If the connection is lost during COMMIT,
 * the ledger row tells what became of it.
 */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "schema.h"
#include "signals.h"
#include "sql.h"
#include "summary.h"

typedef struct Run {
    const Options *options;
    PGconn *connection;
    char *load_id;
    char *started_at;
    Stage stage;
    RejectLog rejects;
    Report report;
    FileCount *files;
    Progress progress;
    Summary summary;
} Run;

/* Waits for nobody: who starts a second load wants to know. ttr.refresh() takes the same lock. */
static bool take_lock(PGconn *connection)
{
    PGresult *result =
        run_query(connection, "SELECT pg_try_advisory_xact_lock(hashtextextended('ttr load', 0))", 0, NULL);
    bool taken = result != NULL && strcmp(PQgetvalue(result, 0, 0), "t") == 0;

    if (result != NULL && !taken) {
        failure(EXIT_BUSY, "another load or refresh is running in \"%s\"", PQdb(connection));
        hint("Run this again when it is done.");
    }
    PQclear(result);
    return taken;
}

static bool check_time_zone(PGconn *connection, const char *zone)
{
    PGresult *result;
    bool known;

    if (strcmp(zone, "UTC") == 0)
        return true;
    result = run_query(connection, "SELECT FROM pg_timezone_names WHERE lower(name) = lower($1)", 1, &zone);
    known = result != NULL && PQntuples(result) > 0;
    if (result != NULL && !known) {
        failure(EXIT_USAGE, "the server knows no time zone \"%s\"", zone);
        hint("Use an IANA name, for example: --timezone=America/New_York");
    }
    PQclear(result);
    return known;
}

static bool same_file(const char *a, const char *b)
{
    struct stat status_a, status_b;
    int found_a = strcmp(a, "-") == 0 ? fstat(STDIN_FILENO, &status_a) : stat(a, &status_a);
    int found_b = strcmp(b, "-") == 0 ? fstat(STDIN_FILENO, &status_b) : stat(b, &status_b);

    return found_a == 0 && found_b == 0 && S_ISREG(status_a.st_mode) && status_a.st_dev == status_b.st_dev &&
           status_a.st_ino == status_b.st_ino;
}

/* What is written must not be what is read; and what is printed must be text. */
static bool check_output(const Options *options, const char *name)
{
    size_t position;

    if (!slice_is_utf8((Slice){name, strlen(name)}, &position))
        return failure(EXIT_USAGE,
                       "the file name \"%s\" is not UTF-8, and could not be printed in the summary", name);
    for (int i = 0; i < options->file_count; i++)
        if (same_file(name, options->files[i]))
            return failure(EXIT_USAGE, "\"%s\" would be overwritten, and it is to be loaded", name);
    return true;
}

/* Opens what the run writes besides the database, before it touches the database. */
static bool open_outputs(Run *run)
{
    const Options *options = run->options;

    if (options->report != NULL && !check_output(options, options->report))
        return false;
    if (options->rejects != NULL && !check_output(options, options->rejects))
        return false;
    if (!reject_open(&run->rejects, options->rejects))
        return false;
    if (!report_open(&run->report, options->report))
        return false;
    if (options->report != NULL && options->rejects != NULL && same_file(options->report, options->rejects))
        return failure(EXIT_USAGE, "the report and the rejects cannot both be written to \"%s\"",
                       options->report);
    return true;
}

static bool begin_run(Run *run)
{
    const char *values[] = {TTR_VERSION, run->options->exported_at};
    PGresult *result;
    bool ok;

    if (!run_script(run->connection, "BEGIN") || !take_lock(run->connection) ||
        !schema_ensure(run->connection) || !check_time_zone(run->connection, run->options->time_zone) ||
        !run_script(run->connection, sql_stage))
        return false;
    result = run_query(run->connection, sql_begin_run, 2, values);
    ok = result != NULL;
    if (ok) {
        run->load_id = format_text("%s", PQgetvalue(result, 0, 0));
        run->started_at = format_text("%s", PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    if (ok)
        run->rejects.load_id = atoll(run->load_id);
    return ok;
}

/* Of all files together, or -1 if one of them has no size. */
static int64_t total_size(const Options *options)
{
    int64_t total = 0;
    struct stat status;

    for (int i = 0; i < options->file_count; i++) {
        int found = strcmp(options->files[i], "-") == 0 ? fstat(STDIN_FILENO, &status)
                                                        : stat(options->files[i], &status);

        if (found != 0 || !S_ISREG(status.st_mode))
            return -1;
        total += status.st_size;
    }
    return total;
}

static bool wanted(When when, int descriptor)
{
    return when == WHEN_ALWAYS || (when == WHEN_TERMINAL && isatty(descriptor));
}

static bool read_files(Run *run)
{
    const Options *options = run->options;
    Ingest ingest = {
        .framer = framer_new(),
        .conversation = allocate(sizeof(Conversation)),
        .stage = &run->stage,
        .rejects = &run->rejects,
        .progress = &run->progress,
    };
    bool ok = stage_begin(&run->stage, run->connection);

    if (ok) {
        for (int i = 0; i < options->file_count && ok; i++)
            ok = ingest_file(&ingest, options->files[i], &run->files[i]);
        ok = stage_end(&run->stage, ok ? NULL : "the loader gave up");
    }
    free(ingest.conversation);
    framer_free(ingest.framer);
    return ok;
}

static bool check_rejects(const Run *run)
{
    const Options *options = run->options;
    double limit = options->max_rejects;
    int64_t rejected = run->rejects.count, read = 0;

    for (int i = 0; i < options->file_count; i++)
        read += run->files[i].read;
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

static bool merge_and_summarize(Run *run)
{
    PGconn *connection = run->connection;
    const Options *options = run->options;
    bool local = run->stage.naive_count > 0 && strcmp(options->time_zone, "UTC") != 0;
    RunCount count = {
        .files = run->files,
        .file_count = options->file_count,
        .naive = run->stage.naive_count,
        .report = options->report,
        .dry_run = options->dry_run,
    };

    progress_phase(&run->progress, "merging");
    if (!merge(connection, local ? options->time_zone : NULL, &count.merged))
        return false;
    progress_phase(&run->progress, "summarizing");
    return summary_of_load(connection) && report_write(&run->report, connection) &&
           summary_of_database(connection, run->stage.record_count - count.merged.duplicate) &&
           summary_ledger(connection, &count, wanted(options->table, STDOUT_FILENO), &run->summary);
}

/*
 * The connection was lost, and the COMMIT may have been done, or may still be running: whoever gets its lock
 * knows that it is over, and whether its ledger row is there.
 */
static bool committed_after_all(Run *run)
{
    const char *values[] = {run->load_id, run->started_at};
    PGresult *result = NULL;
    bool found = false;

    warning("lost the connection during COMMIT; looking the load up");
    connection_close(run->connection);
    run->connection = connection_open(&run->options->connection);
    if (run->connection != NULL &&
        run_script(run->connection, "SELECT pg_advisory_lock(hashtextextended('ttr load', 0));"
                                    "SELECT pg_advisory_unlock_all()"))
        result = run_query(run->connection,
                           "SELECT FROM ttr_data.load WHERE load_id = $1 AND started_at = $2::timestamptz", 2,
                           values);
    if (result == NULL) {
        hint("Whether the load was committed could not be found out. Running it again is safe.");
        return false;
    }
    found = PQntuples(result) == 1;
    PQclear(result);
    if (!found) {
        failure(EXIT_CONNECTION, "the load was not committed: nothing changed");
        hint("Run it again.");
    }
    return found;
}

static bool commit(Run *run)
{
    PGresult *result;
    bool ok;

    if (run->options->dry_run)
        return run_script(run->connection, "ROLLBACK");
    progress_phase(&run->progress, "committing");
    result = PQexec(run->connection, "COMMIT");
    ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok && PQstatus(run->connection) == CONNECTION_BAD)
        ok = committed_after_all(run);
    else if (!ok)
        report_server_error(run->connection, result, EXIT_ROLLED_BACK);
    PQclear(result);
    return ok;
}

static bool refresh(PGconn *connection)
{
    PGresult *result = PQexec(connection, "SELECT ttr.refresh()");
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

    if (!ok) {
        report_server_error(connection, result, EXIT_REFRESH_FAILED);
        warning("the published figures are those of before");
        hint("Recompute them by: ttr-load --refresh");
    }
    PQclear(result);
    return ok;
}

/* Everything up to the commit; false: nothing changed. */
static bool load_facts(Run *run)
{
    if (!begin_run(run) || !read_files(run) || !reject_store(&run->rejects, run->connection) ||
        !check_rejects(run) || !merge_and_summarize(run))
        return false;
    return !interrupted() && commit(run);
}

static void free_run(Run *run)
{
    report_close(&run->report);
    reject_close(&run->rejects);
    summary_free(&run->summary);
    free(run->files);
    free(run->load_id);
    free(run->started_at);
    connection_close(run->connection);
}

ExitCode load(const Options *options)
{
    Run run = {.options = options, .files = calloc((size_t)options->file_count, sizeof(FileCount))};
    bool rejected = false;

    progress_begin(&run.progress, wanted(options->progress, STDERR_FILENO), total_size(options));
    if (open_outputs(&run) && (run.connection = connection_open(&options->connection)) != NULL &&
        load_facts(&run)) {
        rejected = run.rejects.count > 0;
        report_keep(&run.report);
        if (!options->no_refresh && !options->dry_run) {
            progress_phase(&run.progress, "refreshing");
            refresh(run.connection);
        }
        progress_phase(&run.progress, NULL);
        summary_print(&run.summary);
    } else if (interrupted()) {
        note("stopped by a signal: nothing is loaded");
    }
    free_run(&run);
    return failure_code() != EXIT_LOADED ? failure_code() : rejected ? EXIT_WITH_REJECTS : EXIT_LOADED;
}

ExitCode load_init(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);

    if (connection != NULL && run_script(connection, "BEGIN") && take_lock(connection) &&
        schema_ensure(connection))
        run_script(connection, "COMMIT");
    connection_close(connection);
    return failure_code();
}

ExitCode load_refresh(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);

    if (connection != NULL)
        refresh(connection);
    connection_close(connection);
    return failure_code();
}
