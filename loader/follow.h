/*
 * follow.h: an endless stream of conversations, such as webhooks through a pipe.
 *
 *     record record ... record | record ... | ...
 *     load, commit, refresh      load, ...
 *
 * A batch ends after --batch records, or --every seconds after its first one. Each batch is a load of its
 * own. The first signal ends the batch and, once the batch is committed, the program. The second signal rolls
 * the batch back.
 */
#ifndef TTR_LOADER_FOLLOW_H
#define TTR_LOADER_FOLLOW_H

#include "options.h"

ExitCode follow(const Options *options);

#endif
