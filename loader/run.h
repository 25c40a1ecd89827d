/*
 * run.h: the steps of a run: one transaction, and the refresh after it.
 *
 * The way into loader/: main() calls load() or follow(), which take a run through these steps.
 *
 *     BEGIN, lock, schema      one load at a time          run_begin()
 *       COPY ... stage         files -> records, or rejects
 *       rejects, merge         stage -> facts, by sets     run_commit()
 *       summary, report        of what the run named, unless that is everything and a refresh follows
 *       ledger row
 *     COMMIT                   everything above, or nothing
 *     refresh                  a transaction of its own    run_finish(), publish.h
 *     summary, report, page    of everything
 *
 * Whatever ends the process before COMMIT, the server rolls back. If the connection is lost during COMMIT,
 * the ledger row tells what became of it.
 */
#ifndef TTR_LOADER_RUN_H
#define TTR_LOADER_RUN_H

#include "ingest.h"
#include "options.h"
#include "report/page.h"
#include "report/report.h"
#include "report/summary.h"

typedef enum Outcome {
    NOT_COMMITTED,
    COMMITTED,
    IN_DOUBT, /* the connection was lost in between, and nobody could be asked */
} Outcome;

typedef struct Run {
    const Options *options;
    PGconn *connection;
    int64_t batch; /* of a stream that is followed, counted from 0 */
    char *load_id;
    char *started_at;
    int64_t now;        /* the same, in microseconds since PostgreSQL's epoch */
    FreeText free_text; /* which attributes' texts are kept */
    Stage stage;
    RejectLog rejects;
    Output report;
    Output page;
    FileCounts files;
    Progress progress;
    RunCount count;
    Summary summary;
    Outcome outcome;
} Run;

/* Whether a summary or a progress line goes where the descriptor leads. */
bool run_wants(When when, int descriptor);

/* Makes ready to stage. */
bool run_begin(Run *run);

/* For stage_begin(): what holds for all records, whatever they come from. */
StageOptions run_stage_options(Run *run);

/* When all is staged: up to the commit. False: nothing changed, or nobody knows. */
bool run_commit(Run *run);

/* What follows the commit; nothing of it can undo the load. */
void run_finish(Run *run);

/* Whether the published figures will follow the facts; and whether the report does, being one of all. */
bool run_refreshes(const Run *run);
bool run_reports_late(const Run *run);

/* Whether records were rejected, and --max-rejects did not say that so many may be. */
bool run_has_unexpected_rejects(const Run *run);

/* All but the connection. */
void run_free(Run *run);

#endif
