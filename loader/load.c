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

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "schema.h"
#include "signals.h"
#include "sql.h"
#include "summary.h"

typedef enum Outcome {
    NOT_COMMITTED,
    COMMITTED,
    IN_DOUBT, /* the connection was lost in between, and nobody could be asked */
} Outcome;

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
    Outcome outcome;
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

    if (name == NULL)
        return true;
    if (!slice_is_utf8((Slice){name, strlen(name)}, &position))
        return failure(EXIT_USAGE,
                       "the file name \"%s\" is not UTF-8, and could not be printed in the summary", name);
    for (int i = 0; i < options->file_count; i++)
        if (same_file(name, options->files[i]))
            return failure(EXIT_USAGE, "\"%s\" would be overwritten, and it is to be loaded", name);
    return true;
}

/* A mistyped name is told before an hour's work and not after it. */
static bool check_files(const Options *options)
{
    bool standard_input = false;

    for (int i = 0; i < options->file_count; i++) {
        const char *name = options->files[i];

        if (strcmp(name, "-") == 0 && standard_input)
            return failure(EXIT_USAGE, "standard input is named twice, and can be read once");
        standard_input = standard_input || strcmp(name, "-") == 0;
        if (strcmp(name, "-") != 0 && access(name, R_OK) != 0)
            return failure(EXIT_USAGE, "could not open \"%s\": %s", name, strerror(errno));
    }
    return check_output(options, options->report) && check_output(options, options->rejects);
}

static bool open_outputs(Run *run)
{
    const Options *options = run->options;

    if (!reject_open(&run->rejects, options->rejects) || !report_open(&run->report, options->report))
        return false;
    if (options->report != NULL && options->rejects != NULL && same_file(options->report, options->rejects))
        return failure(EXIT_USAGE, "the report and the rejects cannot both be written to \"%s\"",
                       options->report);
    return true;
}

/* A time in the future would make every later export look older. */
static bool check_exported_at(PGconn *connection, const char *exported_at)
{
    PGresult *result;
    bool past;

    if (exported_at == NULL)
        return true;
    result = run_query(connection, "SELECT $1::timestamptz <= now() + interval '1 hour'", 1, &exported_at);
    past = result != NULL && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    if (result != NULL && !past)
        failure(EXIT_USAGE, "--exported-at: %s is still to come", exported_at);
    PQclear(result);
    return past;
}

static bool begin_run(Run *run)
{
    const char *values[] = {TTR_VERSION, run->options->exported_at};
    PGresult *result;
    bool ok;

    if (!run_script(run->connection, "BEGIN") || !take_lock(run->connection) || !open_outputs(run) ||
        !schema_ensure(run->connection) || !check_time_zone(run->connection, run->options->time_zone) ||
        !check_exported_at(run->connection, run->options->exported_at) ||
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
    Reader reader;
    Ingest ingest = {
        .reader = &reader,
        .format = options->format,
        .stage = &run->stage,
        .rejects = &run->rejects,
        .progress = &run->progress,
    };
    bool ok = stage_begin(&run->stage, run->connection);

    reader_begin(&reader);
    if (ok) {
        for (int i = 0; i < options->file_count && ok; i++) {
            run->files[i].name = options->files[i];
            ok = ingest_file(&ingest, i, &run->files[i]);
        }
        ok = stage_end(&run->stage, ok ? NULL : "the loader gave up") &&
             ingest_counts(run->connection, run->files, options->file_count);
    }
    reader_free(&reader);
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
        .naive = run->stage.naive_count,
        .report = options->report,
        .dry_run = options->dry_run,
    };

    progress_phase(&run->progress, "merging");
    if (!merge(connection, local ? options->time_zone : NULL, &count.merged))
        return false;
    if (count.merged.older > 0)
        warning("%lld records are older than what is known of their conversations, and are left out",
                (long long)count.merged.older);
    progress_phase(&run->progress, "summarizing");
    return summary_of_load(connection) && report_write(&run->report, connection) &&
           summary_of_database(connection, run->stage.record_count - count.merged.duplicate) &&
           summary_ledger(connection, &count, wanted(options->table, STDOUT_FILENO), &run->summary);
}

/*
 * The connection was lost, and the COMMIT may have been done, or may still be running: whoever gets its lock
 * knows that it is over, and whether its ledger row is there.
 */
static Outcome look_up_outcome(Run *run)
{
    const char *values[] = {run->load_id, run->started_at};
    PGresult *result = NULL;
    Outcome outcome = IN_DOUBT;

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
        failure(EXIT_CONNECTION, "whether the load was committed could not be found out");
        hint("Running it again is safe.");
    } else if (PQntuples(result) == 1) {
        outcome = COMMITTED;
    } else {
        outcome = NOT_COMMITTED;
        failure(EXIT_CONNECTION, "the load was not committed: nothing changed");
        hint("Run it again.");
    }
    PQclear(result);
    return outcome;
}

/* False: the load is not committed, or nobody knows. */
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
    return run->outcome == COMMITTED;
}

static bool refresh(PGconn *connection)
{
    PGresult *result = PQexec(connection, "SELECT ttr.refresh()");
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

    if (!ok) {
        report_server_error(connection, result, EXIT_REFRESH_FAILED);
        warning("the published figures are those of before");
        hint("Recompute them when the cause is gone: ttr-load --refresh");
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

/* What follows the commit; nothing of it can undo the load. */
static void finish(Run *run)
{
    bool complete = report_keep(&run->report);

    if (run->outcome == COMMITTED && !run->options->no_refresh && !interrupted()) {
        progress_phase(&run->progress, "refreshing");
        complete = refresh(run->connection) && complete;
    }
    progress_phase(&run->progress, NULL);
    complete = summary_print(&run->summary) && complete;
    if (run->outcome == COMMITTED && (!complete || interrupted()))
        note("load %s is committed%s", run->load_id,
             interrupted() ? "; the figures may be those of before" : "");
}

ExitCode load(const Options *options)
{
    Run run = {.options = options, .files = calloc((size_t)options->file_count, sizeof(FileCount))};
    bool rejected = false;

    progress_begin(&run.progress, wanted(options->progress, STDERR_FILENO), total_size(options));
    if (check_files(options) && (run.connection = connection_open(&options->connection)) != NULL &&
        load_facts(&run)) {
        rejected = run.rejects.count > 0;
        finish(&run);
    } else if (interrupted() && run.outcome == NOT_COMMITTED) {
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

    if (connection != NULL && schema_exists(connection))
        refresh(connection);
    connection_close(connection);
    return failure_code();
}
