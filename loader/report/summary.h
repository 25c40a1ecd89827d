/*
 * summary.h: the summary that a run prints, and the ledger row that keeps it.
 *
 * The way into report/: when a run has merged, it calls summary_of_load(), report_write() and page_write().
 *
 *     lines of the load       the conversations that the run named: before the COMMIT, which forgets them
 *     ledger row              before the COMMIT, without the summary
 *     lines of the database   all conversations: after the refresh, when they cost next to nothing, or before
 *                             the COMMIT where no refresh follows
 *     summary                 made of all of it, kept in the ledger and printed
 *
 * Lines are JSON that only the server reads (sql/load/summary.sql).
 */
#ifndef TTR_LOADER_REPORT_SUMMARY_H
#define TTR_LOADER_REPORT_SUMMARY_H

#include "database/merge.h"

/* What the ledger has besides the figures. */
typedef struct RunCount {
    MergeCount merged;
    int64_t naive;        /* times without an offset */
    int64_t placeholders; /* values that stand for nothing, and were read as empty */
    bool dry_run;
} RunCount;

typedef struct Summary {
    ExitCode code;      /* of a failure: EXIT_ROLLED_BACK before the COMMIT, EXIT_REFRESH_FAILED after it */
    bool everything;    /* the run named all conversations: the lines of both are the same */
    const char *report; /* the report's name, which the summary has; NULL: there is none */
    bool brief;         /* totals only */
    bool as_table;      /* printed as a table, too */
    PGresult *load, *database; /* their lines, each one value; NULL: not known yet */
    PGresult *ledger;          /* one row: number of the load, its counts as JSON, and some of them */
    PGresult *json;            /* what is printed; NULL: it could not be made */
    PGresult *table;           /* the same as the lines of a table; NULL unless asked for */
} Summary;

bool summary_of_load(Summary *summary, PGconn *connection);
bool summary_of_database(Summary *summary, PGconn *connection);

/* Writes the ledger row. */
bool summary_ledger(Summary *summary, PGconn *connection, const RunCount *count);

/* Completes the ledger row and fetches what is printed, when all lines are known. */
bool summary_complete(Summary *summary, PGconn *connection);

/* Prints the summary, if there is one, to standard output. */
bool summary_print(const Summary *summary);
void summary_free(Summary *summary);

#endif
