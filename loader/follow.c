/*
 * follow.c: an endless stream of conversations. See follow.h.
 */
#include "follow.h"

#include <unistd.h>

#include "commit.h"
#include "files.h"
#include "run.h"
#include "terminal/signals.h"

typedef struct Follow {
    const Options *options;
    PGconn *connection;
    Reader reader;
    int64_t batches;
    int64_t bytes; /* read for earlier batches */
    bool rejected; /* some batch had rejects without --max-rejects */
} Follow;

/* Stages the first record, and those that come before the batch ends. */
static bool stage_batch(Follow *follow, Run *run, ReadStatus first, const Frame *frame)
{
    Reader *reader = &follow->reader;
    Ingest ingest = {
        .reader = reader,
        .stage = &run->stage,
        .rejects = &run->rejects,
        .progress = &run->progress,
        .bytes_before = follow->bytes,
    };
    StageOptions options = run_stage_options(run);
    bool ok = stage_begin(&run->stage, run->connection, &options);

    file_counts_add(&run->files, follow->options->files[0]);
    reader->source.file.deadline = clock_seconds() + follow->options->every;
    ok = ok && ingest_batch(&ingest, first, frame, follow->options->batch, &run->files.items[0]);
    reader->source.file.deadline = 0;
    follow->bytes = reader->source.file.bytes_read;
    return stage_end(&run->stage, ok ? NULL : "the loader gave up") &&
           file_counts_store(run->connection, &run->files);
}

/* Loads a batch in a transaction of its own. */
static bool load_batch(Follow *follow, ReadStatus first, const Frame *frame)
{
    Run run = {.options = follow->options, .connection = follow->connection, .batch = follow->batches++};
    bool ok;

    progress_begin(&run.progress, run_wants(follow->options->progress, STDERR_FILENO), -1);
    ok = run_begin(&run) && stage_batch(follow, &run, first, frame) && commit(&run);
    if (ok) {
        run_finish(&run);
        follow->rejected = follow->rejected || run_has_unexpected_rejects(&run);
    } else if (interrupted() && run.outcome == NOT_COMMITTED) {
        note("stopped by a second signal: the last batch is not loaded");
    }
    follow->connection = run.connection;
    run_free(&run);
    return ok && failure_code() == EXIT_LOADED;
}

static void load_batches(Follow *follow)
{
    Reader *reader = &follow->reader;
    Frame frame;

    for (;;) {
        ReadStatus first = reader_next(reader, &frame);

        if (first == READ_FAILED && reader->source.file.idle && !stop_requested())
            continue;
        if (first >= READ_END || !load_batch(follow, first, &frame))
            return;
    }
}

ExitCode follow(const Options *options)
{
    Follow follow = {.options = options};

    reader_begin(&follow.reader);
    follow.reader.encoding = options->encoding;
    if (files_check(options) && (follow.connection = connection_open(&options->connection)) != NULL) {
        signals_stop_first(true);
        if (reader_follow(&follow.reader, options->files[0]))
            load_batches(&follow);
    }
    reader_free(&follow.reader);
    connection_close(follow.connection);
    return run_exit_code(follow.rejected);
}
