/*
 * summary.h: what a run says when it is done: the summary, and the ledger row that keeps it.
 *
 * All is computed inside the load's transaction, so that it tells of what is committed and of nothing else;
 * it is printed after the commit.
 */
#ifndef TTR_LOADER_SUMMARY_H
#define TTR_LOADER_SUMMARY_H

#include "ingest.h"
#include "merge.h"

/* What the ledger says besides the figures. */
typedef struct RunCount {
    MergeCount merged;
    int64_t naive;        /* times without an offset */
    int64_t placeholders; /* values that stand for nothing, and were read as empty */
    const char *report;   /* name of the report, or NULL */
    bool dry_run;
    bool brief; /* of what is printed; the ledger keeps all */
} RunCount;

typedef struct Summary {
    PGresult *ledger; /* one row: the summary as JSON, and the counts */
    PGresult *table;  /* the same as the lines of a table; NULL unless asked for */
} Summary;

/* Summarizes the conversations that this run named, so many; tells whether these are all that there are. */
bool summary_of_load(PGconn *connection, int64_t staged, bool *everything);

/* After that: summarizes all. */
bool summary_of_database(PGconn *connection, bool everything);

/* Writes the ledger row, and fetches what is to be printed. */
bool summary_ledger(PGconn *connection, const RunCount *count, bool as_table, Summary *summary);

/* To standard output. */
bool summary_print(const Summary *summary);
void summary_free(Summary *summary);

#endif
