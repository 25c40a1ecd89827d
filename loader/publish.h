/*
 * publish.h: what follows the commit, when the facts stand whatever becomes of it.
 *
 *     first connection     refresh .................... summary -> ledger, page
 *     second connection    indexes, report of everything
 *
 * Both connections work at the same time. The run keeps the lock of the loads meanwhile, so that figures,
 * summary and report are all of the same facts. Where the server refuses a second connection, the first one
 * does everything, step by step. A step that fails ends the program with EXIT_REFRESH_FAILED; the other steps
 * are still done.
 */
#ifndef TTR_LOADER_PUBLISH_H
#define TTR_LOADER_PUBLISH_H

#include "run.h"

/* After a load: every step that the options want. False: a step failed, which is reported. */
bool publish(Run *run);

/* Without a load: the refresh and the page. */
bool publish_figures(PGconn *connection, Output *page);

#endif
