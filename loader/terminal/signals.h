/*
 * signals.h: Ctrl-C and its kin end the run between two steps, with everything rolled back.
 *
 * The first SIGINT, SIGTERM or SIGHUP sets a flag, which the loops test, and cancels the statement that the
 * server is running (database/cancel.h). A step that does not come back within a second, because the server
 * does not answer, ends the process as it is (ending.h). SIGPIPE and SIGXFSZ are ignored: a write to a closed
 * pipe or to a file that is too long fails instead.
 */
#ifndef TTR_LOADER_TERMINAL_SIGNALS_H
#define TTR_LOADER_TERMINAL_SIGNALS_H

#include <stdbool.h>

/*
 * Catches signals from now on, when there is a connection. Before that, a signal has nothing to roll back and
 * ends the process. interrupt() runs in the handler, and may do only what is safe there.
 */
void signals_install(void (*interrupt)(void));

bool interrupted(void);

/* From now on the first signal only asks to stop, at the next good moment; the second one interrupts. first:
 * false where no moment is better than now. */
void signals_stop_first(bool first);
bool stop_requested(void);

/* Ends the process by the signal that came, if one did, so that a shell sees 128 + its number. Everything
 * must be cleaned up. */
void signals_end_process(void);

#endif
