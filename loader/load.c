/*
 * load.c: a run over files. See load.h, and run.h for its steps.
 */
#include "load.h"

#include <unistd.h>

#include "commit.h"
#include "database/lock.h"
#include "database/schema.h"
#include "files.h"
#include "publish.h"
#include "run.h"
#include "terminal/signals.h"

static const char gave_up[] = "the loader gave up";

static bool read_list(Run *run, Ingest *ingest, List list)
{
    const char *name = run->options->lists[list];
    ListStage stage;
    bool ok;

    if (name == NULL)
        return true;
    if (!list_stage_begin(&stage, run->connection, list))
        return false;
    ingest->list_stage = &stage;
    ok = ingest_file(ingest, name, &run->files);
    ingest->list_stage = NULL;
    if (!list_stage_end(&stage, ok ? NULL : gave_up))
        return false;
    note("%lld %s %s listed in \"%s\"", (long long)stage.record_count, list_noun(list, stage.record_count),
         stage.record_count == 1 ? "is" : "are", name);
    return true;
}

static bool read_exports(Run *run, Ingest *ingest)
{
    StageOptions options = run_stage_options(run);
    bool ok = true;

    if (run->options->file_count == 1)
        options.connection = &run->options->connection;
    if (!stage_begin(&run->stage, run->connection, &options))
        return false;
    ingest->stage = &run->stage;
    for (int i = 0; i < run->options->file_count && ok; i++)
        ok = ingest_file(ingest, run->options->files[i], &run->files);
    return stage_end(&run->stage, ok ? NULL : gave_up);
}

static bool read_files(Run *run)
{
    Reader reader;
    Ingest ingest = {
        .reader = &reader,
        .shape = run->options->shape,
        .rejects = &run->rejects,
        .progress = &run->progress,
    };
    bool ok = true;

    reader_begin(&reader);
    reader.dates = run->options->dates;
    reader.encoding = run->options->encoding;
    for (List list = LIST_NONE + 1; list < LISTS && ok; list++)
        ok = read_list(run, &ingest, list);
    ok = ok && read_exports(run, &ingest) && file_counts_store(run->connection, &run->files);
    reader_free(&reader);
    return ok;
}

ExitCode load(const Options *options)
{
    Run run = {.options = options};
    bool rejected = false;

    progress_begin(&run.progress, run_wants(options->progress, STDERR_FILENO), files_size(options));
    if (files_check(options) && (run.connection = connection_open(&options->connection)) != NULL &&
        run_begin(&run) && read_files(&run) && commit(&run)) {
        rejected = run_has_unexpected_rejects(&run);
        publish(&run);
    } else if (interrupted() && run.outcome == NOT_COMMITTED) {
        note("stopped by a signal: nothing is loaded");
    }
    connection_close(run.connection);
    run_free(&run);
    return run_exit_code(rejected);
}

/* A COMMIT that is still running holds the lock until it is over. */
static bool is_schema_there(PGconn *connection, const void *context, bool *there)
{
    (void)context;
    return lock_wait(connection) && schema_is_current(connection, there);
}

ExitCode load_init(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);

    if (connection != NULL && run_script(connection, "BEGIN") && lock_try(connection) &&
        schema_ensure(connection))
        transaction_commit(&connection, &options->connection, is_schema_there, NULL);
    connection_close(connection);
    return failure_code();
}

ExitCode load_refresh(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);
    Output page;

    if (output_open(&page, "page", options->html) && connection != NULL && schema_fits(connection) &&
        page_check_rights(options->html, connection))
        publish_figures(connection, &page);
    output_close(&page);
    connection_close(connection);
    return failure_code();
}
