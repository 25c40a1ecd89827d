/*
 * cancel.h: a signal cancels the statement that is running on the server.
 */
#ifndef TTR_LOADER_DATABASE_CANCEL_H
#define TTR_LOADER_DATABASE_CANCEL_H

#include <libpq-fe.h>

/* From now on a signal cancels what this connection runs; NULL: nothing. */
void signals_watch(PGconn *connection);

/* Cancels what the watched connection runs. For a signal that came while another connection was watched. */
void signals_cancel(void);

#endif
