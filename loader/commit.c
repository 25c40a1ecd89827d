/*
 * commit.c: from the staged records to the commit. See commit.h.
 */
#include "commit.h"

#include <string.h>
#include <unistd.h>

#include "database/lock.h"
#include "database/sql.h"
#include "report/remarks.h"
#include "terminal/ending.h"
#include "terminal/signals.h"

static bool check_rejects(const Run *run)
{
    const Options *options = run->options;
    double limit = options->max_rejects;
    int64_t rejected = run->rejects.count, read = run->files.read;

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

static bool check_named_zones(const Run *run)
{
    PGresult *result = run_query(run->connection, sql_find_unknown_zone, 0, NULL);
    bool known = result != NULL && PQntuples(result) == 0;

    if (result != NULL && !known) {
        failure(EXIT_USAGE, "the header of \"%s\" names a time zone that the server %s: \"%s\"",
                PQgetvalue(result, 0, 0),
                strcmp(PQgetvalue(result, 0, 2), "t") == 0 ? "takes for an offset without summer time"
                                                           : "does not know",
                PQgetvalue(result, 0, 1));
        hint("Replace it by an IANA name, for example: (America/New_York)");
    }
    PQclear(result);
    return known;
}

static bool merge_staged(Run *run)
{
    const Options *options = run->options;
    bool named = run->files.names_zones;
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

static SummaryForm summary_form(const Options *options)
{
    if (options->no_summary)
        return SUMMARY_UNSEEN;
    if (run_wants(options->table, STDOUT_FILENO))
        return SUMMARY_AS_TABLE;
    return options->brief ? SUMMARY_BRIEF : SUMMARY_AS_JSON;
}

/* Summarizes what is about to be committed, but for what is known sooner after a refresh. */
static bool summarize(Run *run)
{
    PGconn *connection = run->connection;
    Summary *summary = &run->summary;

    progress_phase(&run->progress, "summarizing");
    *summary = (Summary){
        .form = summary_form(run->options),
        .code = EXIT_ROLLED_BACK,
        .everything = run->count.merged.is_everything,
    };
    if (!run_reports_late(run) &&
        !report_write(&run->report, connection, summary->everything, run->options->spreadsheet))
        return false;
    return summary_ledger(summary, connection, &run->count, run->options->report) &&
           (summary->everything || summary_of_load(summary, connection)) &&
           (run_refreshes(run) || summary_complete(summary, connection));
}

/* Keeps other loads waiting until figures, summary and report are those of this load. */
static bool keep_lock(const Run *run)
{
    return !run_refreshes(run) || lock_keep(run->connection);
}

/* A COMMIT that is still running holds the lock until it is over. */
static bool is_in_ledger(PGconn *connection, const void *context, bool *there)
{
    static const char find[] = "SELECT EXISTS (SELECT FROM ttr_data.load "
                               "WHERE load_id = $1 AND started_at = $2::timestamptz)";
    const Run *run = context;
    const char *values[] = {run->load_id, run->started_at};

    return lock_keep(connection) && query_bool(connection, find, 2, values, there);
}

/* False: the load is not committed, or its outcome is unknown. */
static bool end_transaction(Run *run)
{
    if (run->options->dry_run)
        return run_script(run->connection, "ROLLBACK");
    progress_phase(&run->progress, "committing");
    ending_note(COMMIT_IS_SENT, run->load_id);
    run->outcome = transaction_commit(&run->connection, &run->options->connection, is_in_ledger, run);
    if (run->outcome != IN_DOUBT)
        ending_note(run->outcome == COMMITTED ? LOAD_STANDS : NOTHING_STANDS, run->load_id);
    run->report.after_commit = run->outcome == COMMITTED;
    return run->outcome == COMMITTED;
}

bool commit(Run *run)
{
    return reject_store(&run->rejects, run->connection) && check_rejects(run) && merge_staged(run) &&
           summarize(run) && keep_lock(run) && !interrupted() && end_transaction(run);
}
