/*
 * publish.h: what follows the commit, when the facts stand whatever becomes of it.
 *
 *     first connection     refresh .................... summary -> ledger, page
 *     second connection    indexes, report of everything
 *
 * Both go on at the same time, and the lock of the loads is kept meanwhile: so the figures, the summary and
 * the report are all of the same facts. Where the server has no second connection, the first one does all,
 * one after the other. A failure is one of EXIT_REFRESH_FAILED, and keeps none of the others from being done.
 */
#ifndef TTR_LOADER_PUBLISH_H
#define TTR_LOADER_PUBLISH_H

#include "run.h"

/* After a load: all of that, as far as it is wanted. False: something is missing, which is reported. */
bool publish(Run *run);

/* Without one: the refresh, and the page. */
bool publish_figures(PGconn *connection, Output *page);

#endif
