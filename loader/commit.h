/*
 * commit.h: from the staged records to the commit.
 *
 *     rejects -> ttr_data.reject, merge, summary, ledger row, COMMIT
 */
#ifndef TTR_LOADER_COMMIT_H
#define TTR_LOADER_COMMIT_H

#include "run.h"

/* Takes these steps. False: nothing changed, or the outcome is unknown. */
bool commit(Run *run);

#endif
