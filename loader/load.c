/*
 * load.c: a run over files. See load.h, and run.h for its steps.
 */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "schema.h"
#include "signals.h"

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

static bool read_files(Run *run)
{
    const Options *options = run->options;
    Reader reader;
    Ingest ingest = {
        .reader = &reader,
        .shape = options->shape,
        .stage = &run->stage,
        .rejects = &run->rejects,
        .progress = &run->progress,
    };
    bool ok = stage_begin(&run->stage, run->connection);

    reader_begin(&reader);
    if (ok) {
        for (int i = 0; i < options->file_count && ok; i++)
            ok = ingest_file(&ingest, options->files[i], &run->files);
        ok = stage_end(&run->stage, ok ? NULL : "the loader gave up") &&
             ingest_counts(run->connection, &run->files);
    }
    reader_free(&reader);
    return ok;
}

ExitCode load(const Options *options)
{
    Run run = {.options = options};
    bool rejected = false;

    progress_begin(&run.progress, run_wants(options->progress, STDERR_FILENO), total_size(options));
    if (run_check_files(options) && (run.connection = connection_open(&options->connection)) != NULL &&
        run_begin(&run) && read_files(&run) && run_commit(&run)) {
        rejected = run.rejects.count > 0;
        run_finish(&run);
    } else if (interrupted() && run.outcome == NOT_COMMITTED) {
        note("stopped by a signal: nothing is loaded");
    }
    connection_close(run.connection);
    run_free(&run);
    return failure_code() != EXIT_LOADED ? failure_code() : rejected ? EXIT_WITH_REJECTS : EXIT_LOADED;
}

ExitCode load_init(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);

    if (connection != NULL && run_script(connection, "BEGIN") && run_take_lock(connection) &&
        schema_ensure(connection))
        run_script(connection, "COMMIT");
    connection_close(connection);
    return failure_code();
}

ExitCode load_refresh(const Options *options)
{
    PGconn *connection = connection_open(&options->connection);

    if (connection != NULL && schema_exists(connection))
        run_refresh(connection);
    connection_close(connection);
    return failure_code();
}
