/*
 * load.h: a run, from the first byte to the refreshed figures, in one transaction and the refresh after it.
 */
#ifndef TTR_LOADER_LOAD_H
#define TTR_LOADER_LOAD_H

#include "options.h"

/* Loads the files that the options name. A failure is reported, and its exit code returned. */
ExitCode load(const Options *options);

/* Creates or upgrades the schema, in a transaction of its own. */
ExitCode load_init(const Options *options);

/* Recomputes the published figures. */
ExitCode load_refresh(const Options *options);

#endif
