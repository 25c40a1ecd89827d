/*
 * publish.h: the steps after the commit, or after the rollback of a dry run. No failure here undoes the load.
 *
 *     first connection     refresh .................... summary -> ledger, page
 *     second connection    indexes, report of everything
 *
 * Both connections work at the same time. Meanwhile the run keeps the lock (database/lock.h), so that
 * figures, summary and report are of the same facts. Where the server refuses a second connection, the first
 * one does everything, step by step. A step that fails ends the program with EXIT_REFRESH_FAILED; the other
 * steps are done all the same.
 */
#ifndef TTR_LOADER_PUBLISH_H
#define TTR_LOADER_PUBLISH_H

#include "run.h"

/* Takes the steps that the options ask for, and prints the summary. */
void publish(Run *run);

/* Refreshes and writes the page, without a load. */
bool publish_figures(PGconn *connection, Output *page);

#endif
