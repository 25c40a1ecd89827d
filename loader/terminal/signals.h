/*
 * signals.h: Ctrl-C and its kin end the run between two steps, with everything rolled back.
 *
 * The first SIGINT, SIGTERM or SIGHUP sets a flag, which the loops test, and asks the server to cancel the
 * statement that is running. SIGPIPE is ignored: a write to a closed pipe fails instead.
 */
#ifndef TTR_LOADER_TERMINAL_SIGNALS_H
#define TTR_LOADER_TERMINAL_SIGNALS_H

#include <stdbool.h>

#include <libpq-fe.h>

/* Called when there is a connection: before, a signal has nothing to roll back, and just ends the process. */
void signals_install(void);

/* Signals cancel what this connection runs; NULL: no connection any more. */
void signals_watch(PGconn *connection);

/* Cancels what the watched connection runs. For a signal that came while another connection was watched. */
void signals_cancel(void);

bool interrupted(void);

/* From now on the first signal only asks to stop, at the next good moment; the second one interrupts. */
void signals_stop_first(void);
bool stop_requested(void);

/* After everything is cleaned up: ends the process by the signal that came, so that a shell sees 128 + its
 * number. */
void signals_end_process(void);

#endif
