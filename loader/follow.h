/*
 * follow.h: an endless stream of conversations, such as webhooks through a pipe.
 *
 *     record record ... record | record ... | ...
 *     load, commit, refresh      load, ...
 *
 * A batch ends after --batch records, or --every seconds after its first one. Each batch is a load of its
 * own. A server that goes away is waited for, and the batch is loaded again: its text is kept until it is
 * committed (read/source/spool.h).
 *
 * The first signal ends the batch, with all that was read ahead, and, once it is committed, the program. What
 * has no end yet is waited for briefly, and left. The second signal rolls the batch back.
 */
#ifndef TTR_LOADER_FOLLOW_H
#define TTR_LOADER_FOLLOW_H

#include "options.h"

ExitCode follow(const Options *options);

#endif
