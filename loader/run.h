/*
 * run.h: the steps of a run: one transaction, and the refresh after it.
 *
 * The way into loader/: main() calls load() or follow(), which take a run through these steps.
 *
 *     BEGIN, lock, schema      one load at a time          run_begin()
 *       COPY ... stage         files -> records, or rejects
 *       rejects, merge         stage -> facts, by sets     commit()
 *       summary, report        of what the run named; of everything only where no refresh follows
 *       ledger row
 *     COMMIT                   everything above, or nothing
 *     refresh                  a transaction of its own    publish()
 *     summary, report, page    of everything
 *
 * If the process ends before COMMIT, the server rolls everything back. If the answer to COMMIT is lost, the
 * ledger row shows whether the load was committed (database/outcome.h).
 */
#ifndef TTR_LOADER_RUN_H
#define TTR_LOADER_RUN_H

#include "database/outcome.h"
#include "ingest.h"
#include "options.h"
#include "report/page.h"
#include "report/report.h"
#include "report/summary.h"

typedef struct Run {
    const Options *options;
    PGconn *connection;
    bool has_reconnected;  /* publish() has renewed the connection, which was lost after the commit */
    bool has_rejects_file; /* an earlier batch has begun the file of rejects */
    char *load_id;
    char *started_at;
    int64_t now;        /* started_at, in microseconds since PostgreSQL's epoch */
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

/* Whether a summary or a progress line is shown on this descriptor. */
bool run_wants(When when, int descriptor);

/* Begins the transaction and prepares it for stage_begin(). */
bool run_begin(Run *run);

/* Options of stage_begin() that hold for all records of the run. */
StageOptions run_stage_options(Run *run);

/* Whether a refresh follows the commit; and whether the report does, because it is one of everything. */
bool run_refreshes(const Run *run);
bool run_reports_late(const Run *run);

/* Whether records were rejected without --max-rejects. */
bool run_has_unexpected_rejects(const Run *run);

/* The exit code after the last run: that of the first failure, else whether some run had such rejects. */
ExitCode run_exit_code(bool rejected);

/* Frees everything but the connection. */
void run_free(Run *run);

#endif
