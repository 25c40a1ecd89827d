/*
 * summary.h: the summary that a run prints, and the ledger row that keeps it.
 *
 * The way into report/: when a run has merged, it calls summary_of_load(), report_write() and page_write().
 *
 *     ledger row              before the COMMIT, with what was counted
 *     figures of the load     the conversations that the run named: before the COMMIT, which forgets them
 *     figures of the database all conversations: after the refresh, when they cost next to nothing, or before
 *                             the COMMIT where no refresh follows
 *
 * The ledger row keeps the summary as far as it is known (sql/load/summary.sql). When it is complete, it is
 * fetched line by line into a temporary file without a name: there may be a line for each of 100,000 tags,
 * and what is printed last may have to outlive the transaction of a dry run.
 */
#ifndef TTR_LOADER_REPORT_SUMMARY_H
#define TTR_LOADER_REPORT_SUMMARY_H

#include <stdio.h>

#include "database/merge.h"

/* What the ledger has besides the figures. */
typedef struct RunCount {
    MergeCount merged;
    int64_t naive;        /* times without an offset */
    int64_t placeholders; /* values that stand for nothing, and were read as empty */
    bool dry_run;
} RunCount;

typedef enum SummaryForm {
    SUMMARY_AS_JSON,
    SUMMARY_BRIEF, /* JSON with totals only */
    SUMMARY_AS_TABLE,
    SUMMARY_UNSEEN, /* nothing is printed */
} SummaryForm;

typedef struct Summary {
    SummaryForm form;
    ExitCode code;    /* of a failure: EXIT_ROLLED_BACK before the COMMIT, EXIT_REFRESH_FAILED after it */
    bool everything;  /* the run named all conversations: the figures of both are the same */
    PGresult *ledger; /* one row: number of the load, and some of its counts */
    FILE *json;       /* what is printed; NULL: it is not complete, or a table */
    PGresult *table;  /* the lines of a table */
} Summary;

/* Writes the ledger row. report: the name of the report, which the summary has; NULL: there is none. */
bool summary_ledger(Summary *summary, PGconn *connection, const RunCount *count, const char *report);

/* Adds the figures of the load to it. */
bool summary_of_load(Summary *summary, PGconn *connection);

/* Adds those of the database, and fetches what is printed. */
bool summary_complete(Summary *summary, PGconn *connection);

/* Prints the summary, if it is complete, to standard output. */
bool summary_print(const Summary *summary);
void summary_free(Summary *summary);

#endif
