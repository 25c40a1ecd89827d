/*
 * follow.h: an endless stream of conversations, such as webhooks through a pipe.
 *
 *     record record ... record | record ... | ...
 *     load, commit, refresh      load, ...
 *
 * A batch ends when so many records are in it, or so many seconds after its first one. Each is a load of its
 * own. The first signal ends the batch, and the program when that is committed; the second one rolls it back.
 */
#ifndef TTR_LOADER_FOLLOW_H
#define TTR_LOADER_FOLLOW_H

#include "options.h"

ExitCode follow(const Options *options);

#endif
