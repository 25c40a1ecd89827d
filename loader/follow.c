/*
 * follow.c: an endless stream of conversations. See follow.h.
 */
#include "follow.h"

#include <unistd.h>

#include "commit.h"
#include "files.h"
#include "publish.h"
#include "run.h"
#include "terminal/ending.h"
#include "terminal/signals.h"

typedef struct Follow {
    const Options *options;
    PGconn *connection;
    bool has_reconnected; /* publish() has renewed the connection after the last commit */
    Reader reader;
    int64_t bytes;         /* read for earlier batches */
    bool rejected;         /* some batch had rejects without --max-rejects */
    bool has_rejects_file; /* the file of rejects is begun */
    int64_t known_rejects; /* of the batch, by a load of it that failed */
} Follow;

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

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
    return stage_end(&run->stage, ok ? NULL : "the loader gave up") &&
           file_counts_store(run->connection, &run->files);
}

/* Loads a batch in a transaction of its own. False: it is not committed. */
static bool load_batch(Follow *follow, ReadStatus first, const Frame *frame)
{
    Run run = {
        .options = follow->options,
        .connection = follow->connection,
        .has_rejects_file = follow->has_rejects_file,
        .rejects.known = follow->known_rejects,
    };
    bool ok;

    progress_begin(&run.progress, run_wants(follow->options->progress, STDERR_FILENO), -1);
    ok = run_begin(&run) && stage_batch(follow, &run, first, frame) && commit(&run);
    follow->has_rejects_file = follow->has_rejects_file || run.rejects.csv != NULL;
    follow->known_rejects = ok ? 0 : most(follow->known_rejects, run.rejects.count);
    if (ok) {
        follow->bytes = follow->reader.source.file.bytes_read;
        publish(&run);
        follow->rejected = follow->rejected || run_has_unexpected_rejects(&run);
    } else if (interrupted() && run.outcome == NOT_COMMITTED) {
        note("stopped by a second signal: the last batch is not loaded");
    }
    follow->connection = run.connection;
    follow->has_reconnected = run.has_reconnected;
    run_free(&run);
    return ok;
}

/* Whether the batch can be tried again: on the connection that publish() has renewed, or on a new one where
 * the server went away. False: something else failed, or a signal came. */
static bool recover(Follow *follow)
{
    if (interrupted())
        return false;
    if (follow->has_reconnected) {
        follow->has_reconnected = false;
        failure_mended();
        return true;
    }
    if (connection_answers(follow->connection))
        return false;
    follow->connection = connection_reopen(&follow->options->connection, follow->connection);
    if (follow->connection == NULL && interrupted())
        note("stopped by a signal: the last batch is not loaded");
    return follow->connection != NULL;
}

/* A batch at which the server goes away as often may be the cause of it. */
#define MOST_TRIES 10

/* Loads a batch, again where the server goes away. */
static bool load_for_sure(Follow *follow, ReadStatus first, Frame *frame)
{
    Output no_page = {0};
    bool committed = load_batch(follow, first, frame);

    for (int tries = 1; !committed || failure_code() != EXIT_LOADED; tries++) {
        if (tries == MOST_TRIES || !recover(follow))
            return false;
        if (!committed) {
            reader_rewind(&follow->reader);
            note("the server answers again: the batch is loaded once more");
            first = reader_next(&follow->reader, frame);
            committed = first < READ_END && load_batch(follow, first, frame);
        } else if (!follow->options->no_refresh) {
            note("the server answers again: the figures are published once more");
            publish_figures(follow->connection, &no_page);
        }
    }
    return true;
}

static void load_batches(Follow *follow)
{
    Reader *reader = &follow->reader;
    bool ok = true;
    Frame frame;

    while (ok && reader_mark(reader)) {
        ReadStatus first = reader_next(reader, &frame);

        if (first == READ_FAILED && reader->source.file.idle && !stop_requested())
            continue;
        ok = first < READ_END && load_for_sure(follow, first, &frame);
    }
    if (stop_requested() && failure_code() == EXIT_LOADED && reader_left(reader) > 0)
        warning("stopped within a record: its first %zu bytes were read, and are not loaded",
                reader_left(reader));
}

ExitCode follow(const Options *options)
{
    Follow follow = {.options = options};

    reader_begin(&follow.reader);
    follow.reader.encoding = options->encoding;
    if (files_check(options) && (follow.connection = connection_open(&options->connection)) != NULL) {
        signals_stop_first(true);
        ending_call_nothing("the last batch is not loaded");
        if (reader_follow(&follow.reader, options->files[0]))
            load_batches(&follow);
    }
    reader_free(&follow.reader);
    connection_close(follow.connection);
    return run_exit_code(follow.rejected);
}
